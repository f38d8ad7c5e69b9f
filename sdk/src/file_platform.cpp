// Implements sdk/src/file_platform.h.
#include "sdk/src/file_platform.h"

#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>

#include <cerrno>

namespace starling::sdk {

std::error_code keep_from_others(const std::string& path) {
  constexpr mode_t kOwnerOnly = S_IRUSR | S_IWUSR;
  const int file = ::open(path.c_str(), O_WRONLY | O_CREAT | O_CLOEXEC, kOwnerOnly);
  if (file < 0) return {};
  std::error_code error;
  struct stat now = {};
  const bool kept = ::fstat(file, &now) == 0 &&
                    ((now.st_mode & (S_IRWXG | S_IRWXO)) == 0 || ::fchmod(file, kOwnerOnly) == 0);
  if (!kept) error.assign(errno, std::generic_category());
  ::close(file);
  return error;
}

}  // namespace starling::sdk
