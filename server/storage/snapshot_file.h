// Snapshots as files in chunks: read by the one who sends, written by the one who receives. Each
// chunk has a checksum over the snapshot's id, its place and its bytes.
#pragma once

#include <cstdint>
#include <string>
#include <string_view>

#include "server/storage/platform.h"
#include "server/storage/storage.h"

namespace starling::storage {

// A snapshot that is there. Thread contract: every call but open is safe from any thread.
class SnapshotFile {
 public:
  static Status open(const std::string& path, std::uint64_t id, SnapshotFile& out);
  Status size(std::uint64_t& out) const;
  // Up to max_bytes from `offset` on; fewer only at the end.
  Status read(std::uint64_t offset, std::size_t max_bytes, std::string& data,
              std::uint64_t& checksum) const;

 private:
  platform::File file_;
  std::uint64_t id_ = 0;
};

// A snapshot that is coming: what has come stays when the link breaks. Thread contract: one caller
// at a time.
class IncomingSnapshot {
 public:
  // Begins with nothing; a file of that name is emptied.
  Status begin(const std::string& path, std::uint64_t id, std::uint64_t size);
  // kCorrupt: the checksum or the place is wrong; nothing was taken.
  Status add(std::uint64_t offset, std::string_view data, std::uint64_t checksum);
  std::uint64_t id() const { return id_; }              // 0: none has begun.
  std::uint64_t received() const { return received_; }  // Bytes.
  bool whole() const { return id_ != 0 && received_ == size_; }
  const std::string& path() const { return path_; }
  // Makes it durable, and gives it its name for good. Begins anew after it.
  Status keep_as(const std::string& path);

 private:
  platform::File file_;
  std::string path_;
  std::uint64_t id_ = 0;
  std::uint64_t size_ = 0;
  std::uint64_t received_ = 0;
};

}  // namespace starling::storage
