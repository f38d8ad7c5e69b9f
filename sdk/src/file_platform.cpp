// Implements sdk/src/file_platform.h.
#include "sdk/src/file_platform.h"

#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>

#include <cerrno>

namespace starling::sdk {

std::error_code keep_from_others(const std::string& path) {
  constexpr mode_t kOwnerOnly = S_IRUSR | S_IWUSR;
  const int file = ::open(path.c_str(), O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC, kOwnerOnly);
  if (file >= 0) {
    ::close(file);
    return {};
  }
  // One that is there is not opened: closing it would give up the locks that this process has on
  // it by another descriptor (fcntl(2)).
  struct stat now = {};
  const bool is_there = errno == EEXIST && ::stat(path.c_str(), &now) == 0;
  if (is_there && (now.st_mode & (S_IRWXG | S_IRWXO)) == 0) return {};
  if (is_there && ::chmod(path.c_str(), kOwnerOnly) == 0) return {};
  return {errno, std::generic_category()};
}

}  // namespace starling::sdk
