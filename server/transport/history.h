// Which history of which cluster a place in it belongs to.
#pragma once

#include "server/core/types.h"

namespace starling::transport {

struct History {
  core::ClusterId cluster = 0;
  core::Epoch epoch = 0;

  // `place` is a Cursor or a ReadToken. One that says nothing of its cluster, as those do that were
  // written by hand, is known by its epoch alone.
  template <typename Place>
  bool has(const Place& place) const {
    return place.epoch() == epoch && (place.cluster_id() == 0 || place.cluster_id() == cluster);
  }
};

}  // namespace starling::transport
