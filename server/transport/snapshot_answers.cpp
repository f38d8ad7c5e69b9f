// Implements server/transport/snapshot_answers.h.
#include "server/transport/snapshot_answers.h"

#include <utility>

namespace starling::transport {

namespace {

SnapshotHeader from_wire(const pb::SnapshotHeader& from) {
  SnapshotHeader to;
  to.id = from.snapshot_id();
  to.index = from.index();
  to.term = from.term();
  to.stamp_ms = from.stamp_ms();
  to.configuration_index = from.configuration_index();
  to.configuration = from.configuration();
  to.state_hash = from.state_hash();
  to.size = from.size();
  return to;
}

}  // namespace

bool SnapshotAnswers::take(pb::FetchSnapshotResponse& response) {
  if (!good_) return false;
  if (!begun_) {
    begun_ = good_ = response.has_header();
    size_ = response.header().size();
    next_ = response.offset();
    good_ = good_ && next_ <= size_ &&
            callbacks_.on_header(from_wire(response.header()), response.offset());
    return good_;
  }
  const std::size_t bytes = response.data().size();
  good_ = response.offset() == next_ && bytes > 0 && bytes <= size_ - next_;
  next_ += bytes;
  good_ = good_ && callbacks_.on_chunk({response.offset(), std::move(*response.mutable_data()),
                                        response.checksum()});
  return good_;
}

}  // namespace starling::transport
