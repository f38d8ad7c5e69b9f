// Request ids and jitter.
#pragma once

#include <chrono>
#include <cstdint>
#include <string>

namespace starling::sdk {

// 16 bytes: a UUIDv7 (48 bits of milliseconds, 74 random ones). Thread-safe.
std::string new_request_id();

// Evenly from [0, bound]. Thread-safe.
std::uint64_t random_below_or_at(std::uint64_t bound);

// Full jitter: evenly from [0, min(cap, base * 2^attempt)].
std::chrono::milliseconds backoff(int attempt, std::chrono::milliseconds base,
                                  std::chrono::milliseconds cap);

}  // namespace starling::sdk
