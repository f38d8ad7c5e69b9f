// The functions of server/storage/platform.h over the disks of fault_files.h. A test program that
// has this file among its own gets these instead of the storage library's, which the linker then
// leaves out of it: what ships knows nothing of it.
#include "server/storage/platform.h"

#include <unistd.h>

#include <algorithm>
#include <cerrno>
#include <filesystem>
#include <map>
#include <mutex>
#include <system_error>
#include <utility>

#include "tests/lib/fault_files.h"

namespace starling::storage::platform {
namespace {

using faults::Disk;
using faults::disk_of;

struct Opened {
  Disk* disk = nullptr;
  faults::BodyPtr body;
};

// By File::fd_.
std::mutex opened_mutex;
std::map<int, Opened> opened_files;
int next_fd = 0;

Opened opened(int fd) {
  const std::lock_guard<std::mutex> lock(opened_mutex);
  return opened_files.at(fd);
}

Status result(const std::string& doing, const std::string& path, int error) {
  if (error == 0) return {};
  return Status(ErrorKind::kIo,
                "cannot " + doing + " " + path + ": " + std::system_category().message(error));
}

void close_file(int fd) {
  if (fd < 0) return;
  const std::lock_guard<std::mutex> lock(opened_mutex);
  const auto found = opened_files.find(fd);
  {
    const std::lock_guard<std::mutex> guard(found->second.disk->mutex());
    const void*& holder = found->second.body->sharing.flock;
    if (holder == &found->second) holder = nullptr;
  }
  opened_files.erase(found);
}

}  // namespace

File::~File() { close_file(fd_); }

File::File(File&& other) noexcept
    : fd_(std::exchange(other.fd_, -1)), path_(std::move(other.path_)) {}

File& File::operator=(File&& other) noexcept {
  std::swap(fd_, other.fd_);
  std::swap(path_, other.path_);
  return *this;
}

Status File::open_with(const std::string& path, int empty, File& out) {
  Opened file;
  file.disk = disk_of(path);
  if (file.disk == nullptr) return result("open", path, ENODEV);
  if (const int error = file.disk->open(path, true, empty != 0, file.body); error != 0) {
    return result("open", path, error);
  }
  File fresh;
  {
    const std::lock_guard<std::mutex> lock(opened_mutex);
    fresh.fd_ = next_fd++;
    fresh.path_ = path;
    opened_files.emplace(fresh.fd_, std::move(file));
  }
  out = std::move(fresh);
  return {};
}

Status File::open(const std::string& path, File& out) { return open_with(path, 0, out); }
Status File::open_empty(const std::string& path, File& out) { return open_with(path, 1, out); }

Status File::read_at(std::uint64_t offset, std::size_t size, std::string& out) const {
  const Opened file = opened(fd_);
  out.assign(size, '\0');
  std::size_t got = 0;
  const int error = file.disk->read(path_, *file.body, offset, size, out.data(), got);
  out.resize(got);
  return result("read", path_, error);
}

Status File::write_at(std::uint64_t offset, std::string_view bytes) {
  const Opened file = opened(fd_);
  return result("write", path_, file.disk->write(path_, *file.body, offset, bytes));
}

Status File::size(std::uint64_t& out) const {
  const Opened file = opened(fd_);
  out = file.disk->size(*file.body);
  return {};
}

Status File::truncate(std::uint64_t size) {
  const Opened file = opened(fd_);
  return result("truncate", path_, file.disk->truncate(path_, *file.body, size));
}

Status File::sync() {
  const Opened file = opened(fd_);
  return result("fsync", path_, file.disk->sync(path_, *file.body));
}

Status File::sync_data() {
  const Opened file = opened(fd_);
  return result("fdatasync", path_, file.disk->sync(path_, *file.body));
}

Status File::lock(bool& taken) {
  const std::lock_guard<std::mutex> lock(opened_mutex);
  const Opened& file = opened_files.at(fd_);
  const std::lock_guard<std::mutex> guard(file.disk->mutex());
  const void*& holder = file.body->sharing.flock;
  taken = holder == nullptr || holder == &file;
  if (taken) holder = &file;
  return {};
}

Status File::close() {
  close_file(std::exchange(fd_, -1));
  return {};
}

Status exists(const std::string& path, bool& out) {
  Disk* disk = disk_of(path);
  out = disk != nullptr && disk->exists(path);
  return {};
}

Status read_file(const std::string& path, std::size_t limit, std::string& out) {
  Disk* disk = disk_of(path);
  faults::BodyPtr body;
  const int error = disk == nullptr ? ENOENT : disk->open(path, false, false, body);
  if (error != 0) return result("open", path, error);
  const std::uint64_t size = disk->size(*body);
  if (size > limit) return Status(ErrorKind::kInvalid, "cannot read " + path + ": it is too long");
  out.assign(size, '\0');
  std::size_t got = 0;
  return result("read", path, disk->read(path, *body, 0, size, out.data(), got));
}

Status rename_file(const std::string& from, const std::string& to) {
  Disk* disk = disk_of(from);
  return result("rename to", to, disk == nullptr ? ENOENT : disk->rename(from, to));
}

Status remove_file(const std::string& path) {
  Disk* disk = disk_of(path);
  const int error = disk == nullptr ? ENOENT : disk->remove(path);
  return error == ENOENT ? Status() : result("remove", path, error);
}

Status sync_file(const std::string& path) {
  Disk* disk = disk_of(path);
  faults::BodyPtr body;
  int error = disk == nullptr ? ENOENT : disk->open(path, false, false, body);
  if (error == 0) error = disk->sync(path, *body);
  return result("fsync", path, error);
}

Status sync_directory(const std::string& path) {
  Disk* disk = disk_of(path + "/");
  return result("fsync", path, disk == nullptr ? ENOENT : disk->sync_directory(path));
}

Status make_directories(const std::string& path) {
  Disk* disk = disk_of(path + "/");
  if (disk == nullptr) return result("make the directory", path, ENODEV);
  if (!disk->mirrored()) return {};
  std::error_code error;
  std::filesystem::create_directories(path, error);
  return result("make the directory", path, error.value());
}

Status list_directory(const std::string& path, std::vector<std::string>& out) {
  Disk* disk = disk_of(path + "/");
  if (disk == nullptr) return result("list", path, ENOENT);
  out = disk->list(path);
  return {};
}

std::uint64_t free_bytes(const std::string& path) {
  Disk* disk = disk_of(path + "/");
  return disk == nullptr ? 0 : disk->free_bytes();
}

std::uint64_t directory_bytes(const std::string& path) {
  Disk* disk = disk_of(path + "/");
  return disk == nullptr ? 0 : disk->bytes_below(path);
}

std::string parent_of(const std::string& path) { return faults::directory_of(path); }

std::int64_t process_id() { return ::getpid(); }

}  // namespace starling::storage::platform
