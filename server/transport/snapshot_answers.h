// What comes on a FetchSnapshot call, one message after the other: the header, then the pieces in
// order and without a gap. The call itself is snapshot_client.h's.
#pragma once

#include <cstdint>

#include "server/transport/snapshot_client.h"
#include "server/transport/wire.h"

namespace starling::transport {

// Thread contract: one caller at a time.
class SnapshotAnswers {
 public:
  explicit SnapshotAnswers(const SnapshotCallbacks& callbacks) : callbacks_(callbacks) {}

  // False when it is no such message, or a callback wants no more: then nothing else counts. Takes
  // the data out of it.
  bool take(pb::FetchSnapshotResponse& response);
  bool whole() const { return begun_ && good_ && next_ == size_; }

 private:
  const SnapshotCallbacks& callbacks_;
  bool begun_ = false;
  bool good_ = true;
  std::uint64_t next_ = 0;
  std::uint64_t size_ = 0;
};

}  // namespace starling::transport
