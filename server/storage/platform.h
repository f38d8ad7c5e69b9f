// The operating system as storage sees it: files, their durability, locks and directories. The only
// part of this layer that includes POSIX headers. Every return code is looked at, EINTR is retried.
#pragma once

#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include "server/storage/storage.h"

namespace starling::storage::platform {

// An open file; closes itself. Thread contract: one caller at a time.
class File {
 public:
  File() = default;
  ~File();
  File(File&& other) noexcept;
  File& operator=(File&& other) noexcept;

  // Open for reading and writing, close-on-exec; made (mode 0600) when it is missing.
  static Status open(const std::string& path, File& out);
  // The same, emptied.
  static Status open_empty(const std::string& path, File& out);

  // Up to `size` bytes; fewer only at the end of the file.
  Status read_at(std::uint64_t offset, std::size_t size, std::string& out) const;
  Status write_at(std::uint64_t offset, std::string_view bytes);
  Status size(std::uint64_t& out) const;
  Status truncate(std::uint64_t size);
  Status sync();       // fsync: contents and metadata.
  Status sync_data();  // fdatasync: contents, and the size when it grew.
  // flock, exclusive, without waiting. `taken` is false when another open file holds it. Given up
  // when the file closes.
  Status lock(bool& taken);
  Status close();

 private:
  static Status open_with(const std::string& path, int more_flags, File& out);

  int fd_ = -1;
  std::string path_;
};

// Whether something of this name is there. An error other than "no such file" is an error.
Status exists(const std::string& path, bool& out);
// The whole of a small file; kInvalid when it is longer than `limit`.
Status read_file(const std::string& path, std::size_t limit, std::string& out);
// Replaces a file in one step that survives power loss: a temporary file is written and fsynced,
// renamed over `path`, and the directory is fsynced.
Status replace_file(const std::string& path, std::string_view bytes);
Status rename_file(const std::string& from, const std::string& to);
Status remove_file(const std::string& path);  // Nothing there: ok.
Status sync_file(const std::string& path);    // fsync of a file that others have written.
Status sync_directory(const std::string& path);
// Makes the directory and what is missing above it, durably.
Status make_directories(const std::string& path);
// The names in a directory, in order.
Status list_directory(const std::string& path, std::vector<std::string>& out);
// Bytes that may still be written there; 0 when it cannot be told.
std::uint64_t free_bytes(const std::string& path);
// The size of all regular files in a directory; what vanishes meanwhile counts nothing.
std::uint64_t directory_bytes(const std::string& path);
std::string parent_of(const std::string& path);
std::int64_t process_id();

}  // namespace starling::storage::platform
