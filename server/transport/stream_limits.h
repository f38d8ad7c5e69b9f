// How many streams of a kind may stand at once: at one server, and there of one account.
#pragma once

#include <cstddef>

namespace starling::transport {

struct StreamLimits {
  std::size_t server = 0;
  std::size_t account = 0;
};

enum class Place { kGiven, kServerFull, kAccountFull };

// For one more, when there are so many already.
inline Place find_place(const StreamLimits& limits, std::size_t at_server, std::size_t of_account) {
  if (of_account >= limits.account) return Place::kAccountFull;
  return at_server >= limits.server ? Place::kServerFull : Place::kGiven;
}

}  // namespace starling::transport
