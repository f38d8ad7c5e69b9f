// POSIX calls of the storage layer.
#include "server/storage/platform.h"

#include <fcntl.h>
#include <sys/file.h>
#include <sys/stat.h>
#include <unistd.h>

#include <algorithm>
#include <cerrno>
#include <filesystem>
#include <system_error>
#include <utility>
#include <vector>

namespace starling::storage::platform {
namespace {

Status failure(const std::string& doing, const std::string& path, int error) {
  return Status(ErrorKind::kIo,
                "cannot " + doing + " " + path + ": " + std::system_category().message(error));
}

template <typename Call>
auto retried(Call call) {
  auto result = call();
  while (result < 0 && errno == EINTR) result = call();
  return result;
}

}  // namespace

File::~File() {
  // Whoever cares for the contents has synced them before.
  if (fd_ >= 0) (void)::close(fd_);
}

File::File(File&& other) noexcept
    : fd_(std::exchange(other.fd_, -1)), path_(std::move(other.path_)) {}

File& File::operator=(File&& other) noexcept {
  std::swap(fd_, other.fd_);
  std::swap(path_, other.path_);
  return *this;
}

Status File::open_with(const std::string& path, int more_flags, File& out) {
  const int fd = retried(
      [&] { return ::open(path.c_str(), O_RDWR | O_CREAT | O_CLOEXEC | more_flags, 0600); });
  if (fd < 0) return failure("open", path, errno);
  File file;
  file.fd_ = fd;
  file.path_ = path;
  out = std::move(file);
  return {};
}

Status File::open(const std::string& path, File& out) { return open_with(path, 0, out); }

Status File::open_empty(const std::string& path, File& out) {
  return open_with(path, O_TRUNC, out);
}

Status File::read_at(std::uint64_t offset, std::size_t size, std::string& out) const {
  out.assign(size, '\0');
  std::size_t done = 0;
  while (done < size) {
    const ssize_t got = retried([&] {
      return ::pread(fd_, out.data() + done, size - done, static_cast<off_t>(offset + done));
    });
    if (got < 0) return failure("read", path_, errno);
    if (got == 0) break;
    done += static_cast<std::size_t>(got);
  }
  out.resize(done);
  return {};
}

Status File::write_at(std::uint64_t offset, std::string_view bytes) {
  while (!bytes.empty()) {
    const ssize_t put = retried(
        [&] { return ::pwrite(fd_, bytes.data(), bytes.size(), static_cast<off_t>(offset)); });
    if (put < 0) return failure("write", path_, errno);
    if (put == 0) return Status(ErrorKind::kIo, "cannot write " + path_ + ": nothing was taken");
    bytes.remove_prefix(static_cast<std::size_t>(put));
    offset += static_cast<std::uint64_t>(put);
  }
  return {};
}

Status File::size(std::uint64_t& out) const {
  struct stat info = {};
  if (retried([&] { return ::fstat(fd_, &info); }) != 0) return failure("stat", path_, errno);
  out = static_cast<std::uint64_t>(info.st_size);
  return {};
}

Status File::truncate(std::uint64_t size) {
  if (retried([&] { return ::ftruncate(fd_, static_cast<off_t>(size)); }) != 0) {
    return failure("truncate", path_, errno);
  }
  return {};
}

Status File::sync() {
  if (retried([&] { return ::fsync(fd_); }) != 0) return failure("fsync", path_, errno);
  return {};
}

Status File::sync_data() {
  if (retried([&] { return ::fdatasync(fd_); }) != 0) return failure("fdatasync", path_, errno);
  return {};
}

Status File::lock(bool& taken) {
  taken = retried([&] { return ::flock(fd_, LOCK_EX | LOCK_NB); }) == 0;
  if (!taken && errno != EWOULDBLOCK) return failure("flock", path_, errno);
  return {};
}

Status File::close() {
  const int fd = std::exchange(fd_, -1);
  // No retry: on Linux the descriptor is gone even after EINTR.
  if (fd >= 0 && ::close(fd) != 0 && errno != EINTR) return failure("close", path_, errno);
  return {};
}

Status exists(const std::string& path, bool& out) {
  struct stat info = {};
  out = retried([&] { return ::stat(path.c_str(), &info); }) == 0;
  if (!out && errno != ENOENT) return failure("stat", path, errno);
  return {};
}

Status read_file(const std::string& path, std::size_t limit, std::string& out) {
  const int fd = retried([&] { return ::open(path.c_str(), O_RDONLY | O_CLOEXEC); });
  if (fd < 0) return failure("open", path, errno);
  out.assign(limit + 1, '\0');
  std::size_t done = 0;
  while (done < out.size()) {
    const ssize_t got = retried([&] { return ::read(fd, out.data() + done, out.size() - done); });
    if (got < 0) {
      const int error = errno;
      (void)::close(fd);  // Only read from.
      return failure("read", path, error);
    }
    if (got == 0) break;
    done += static_cast<std::size_t>(got);
  }
  (void)::close(fd);  // Only read from.
  if (done > limit) return Status(ErrorKind::kInvalid, "cannot read " + path + ": it is too long");
  out.resize(done);
  return {};
}

Status rename_file(const std::string& from, const std::string& to) {
  if (::rename(from.c_str(), to.c_str()) != 0) return failure("rename to", to, errno);
  return {};
}

Status remove_file(const std::string& path) {
  if (::unlink(path.c_str()) != 0 && errno != ENOENT) return failure("remove", path, errno);
  return {};
}

namespace {

Status sync_opened(const std::string& path, int flags) {
  const int fd = retried([&] { return ::open(path.c_str(), flags | O_CLOEXEC); });
  if (fd < 0) return failure("open", path, errno);
  const int result = retried([&] { return ::fsync(fd); });
  const int error = errno;
  (void)::close(fd);  // Nothing was written through it.
  if (result != 0) return failure("fsync", path, error);
  return {};
}

}  // namespace

Status sync_file(const std::string& path) { return sync_opened(path, O_RDWR); }

Status sync_directory(const std::string& path) { return sync_opened(path, O_RDONLY | O_DIRECTORY); }

Status make_directories(const std::string& path) {
  namespace fs = std::filesystem;
  std::vector<std::string> missing;
  for (fs::path at = path;; at = at.parent_path()) {
    if (!at.has_filename() && at.has_parent_path() && at != at.root_path()) continue;  // "a/b/"
    bool there = false;
    if (at.empty() || at == at.root_path()) break;
    if (Status status = exists(at.string(), there); !status.ok()) return status;
    if (there) break;
    missing.push_back(at.string());
  }
  for (auto at = missing.rbegin(); at != missing.rend(); ++at) {
    if (::mkdir(at->c_str(), 0700) != 0 && errno != EEXIST)
      return failure("make the directory", *at, errno);
    if (Status status = sync_directory(parent_of(*at)); !status.ok()) return status;
  }
  struct stat info = {};
  if (retried([&] { return ::stat(path.c_str(), &info); }) != 0) {
    return failure("stat", path, errno);
  }
  if (!S_ISDIR(info.st_mode)) return failure("open", path, ENOTDIR);
  return {};
}

Status list_directory(const std::string& path, std::vector<std::string>& out) {
  out.clear();
  std::error_code error;
  for (std::filesystem::directory_iterator at(path, error), end; !error && at != end;
       at.increment(error)) {
    out.push_back(at->path().filename().string());
  }
  if (error) return failure("list", path, error.value());
  std::sort(out.begin(), out.end());
  return {};
}

std::uint64_t free_bytes(const std::string& path) {
  std::error_code error;
  const std::filesystem::space_info space = std::filesystem::space(path, error);
  return error ? 0 : space.available;
}

std::uint64_t directory_bytes(const std::string& path) {
  std::error_code error;
  std::uint64_t total = 0;
  for (std::filesystem::directory_iterator at(path, error), end; !error && at != end;
       at.increment(error)) {
    std::error_code vanished;
    if (!at->is_regular_file(vanished) || vanished) continue;
    const std::uintmax_t size = at->file_size(vanished);
    if (!vanished) total += size;
  }
  return total;
}

std::string parent_of(const std::string& path) {
  const std::string parent = std::filesystem::path(path).parent_path().string();
  return parent.empty() ? "." : parent;
}

std::int64_t process_id() { return ::getpid(); }

}  // namespace starling::storage::platform
