// The one way in which small files are replaced, out of the calls of platform.h.
#include "server/storage/platform.h"

namespace starling::storage::platform {

Status replace_file(const std::string& path, std::string_view bytes) {
  const std::string fresh = path + ".tmp";
  File file;
  if (Status status = File::open_empty(fresh, file); !status.ok()) return status;
  if (Status status = file.write_at(0, bytes); !status.ok()) return status;
  if (Status status = file.sync(); !status.ok()) return status;
  if (Status status = file.close(); !status.ok()) return status;
  if (Status status = rename_file(fresh, path); !status.ok()) return status;
  return sync_directory(parent_of(path));
}

}  // namespace starling::storage::platform
