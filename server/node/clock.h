// The node's two clocks: monotonic for the core's deadlines, wall for replicated time (R4.4).
#pragma once

#include <chrono>

#include "server/core/types.h"

namespace starling::node {

inline core::TimeUs to_us(std::chrono::steady_clock::time_point time) {
  return std::chrono::duration_cast<std::chrono::microseconds>(time.time_since_epoch()).count();
}
inline core::TimeUs now_us() { return to_us(std::chrono::steady_clock::now()); }
inline std::chrono::steady_clock::time_point from_us(core::TimeUs time) {
  return std::chrono::steady_clock::time_point(std::chrono::microseconds(time));
}
inline core::WallMs wall_ms() {
  return std::chrono::duration_cast<std::chrono::milliseconds>(
             std::chrono::system_clock::now().time_since_epoch())
      .count();
}

}  // namespace starling::node
