// See snapshot_file.h.
#include "server/storage/snapshot_file.h"

#include <utility>

#include "server/storage/checksum.h"

namespace starling::storage {
namespace {

std::uint64_t sum_of(std::uint64_t id, std::uint64_t offset, std::string_view data) {
  Checksum sum;
  sum.add(id);
  sum.add(offset);
  sum.add(data);
  return sum.value();
}

}  // namespace

Status SnapshotFile::open(const std::string& path, std::uint64_t id, SnapshotFile& out) {
  out.id_ = id;
  return platform::File::open(path, out.file_);
}

Status SnapshotFile::size(std::uint64_t& out) const { return file_.size(out); }

Status SnapshotFile::read(std::uint64_t offset, std::size_t max_bytes, std::string& data,
                          std::uint64_t& checksum) const {
  if (Status status = file_.read_at(offset, max_bytes, data); !status.ok()) return status;
  checksum = sum_of(id_, offset, data);
  return {};
}

Status IncomingSnapshot::begin(const std::string& path, std::uint64_t id, std::uint64_t size) {
  id_ = 0;
  if (Status status = platform::File::open_empty(path, file_); !status.ok()) return status;
  path_ = path;
  id_ = id;
  size_ = size;
  received_ = 0;
  return {};
}

Status IncomingSnapshot::add(std::uint64_t offset, std::string_view data, std::uint64_t checksum) {
  if (id_ == 0 || offset != received_ || data.size() > size_ - received_ ||
      checksum != sum_of(id_, offset, data)) {
    return Status(ErrorKind::kCorrupt, "a piece of a snapshot does not match its checksum");
  }
  if (Status status = file_.write_at(offset, data); !status.ok()) return status;
  received_ += data.size();
  return {};
}

Status IncomingSnapshot::keep_as(const std::string& path) {
  if (Status status = file_.sync(); !status.ok()) return status;
  if (Status status = file_.close(); !status.ok()) return status;
  if (Status status = platform::rename_file(path_, path); !status.ok()) return status;
  id_ = 0;
  return platform::sync_directory(platform::parent_of(path));
}

}  // namespace starling::storage
