// The node's locks, and how long an idle thread may sleep.
#pragma once

#include <chrono>

#include "server/transport/mutex.h"

namespace starling::node {

using SteadyTime = std::chrono::steady_clock::time_point;
using transport::Condition;
using transport::Mutex;
using transport::MutexLock;

// No wait in the node is without an end: idle threads look around this often.
inline constexpr std::chrono::milliseconds kIdleWait{500};

}  // namespace starling::node
