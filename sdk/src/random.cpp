// Request ids and jitter.
#include "sdk/src/random.h"

#include <algorithm>
#include <array>
#include <random>

namespace starling::sdk {
namespace {

std::mt19937_64& generator() {
  thread_local std::mt19937_64 instance = [] {
    std::random_device device;
    std::array<std::uint32_t, 16> words{};
    for (std::uint32_t& word : words) word = device();
    std::seed_seq seed(words.begin(), words.end());
    return std::mt19937_64(seed);
  }();
  return instance;
}

}  // namespace

std::string new_request_id() {
  const auto now = std::chrono::system_clock::now().time_since_epoch();
  const auto ms = static_cast<std::uint64_t>(
      std::chrono::duration_cast<std::chrono::milliseconds>(now).count());
  const std::uint64_t high = (ms << 16) | 0x7000U | (generator()() & 0x0FFFU);  // Version 7.
  const std::uint64_t low = (generator()() >> 2) | (std::uint64_t{2} << 62);    // Variant 10.
  std::string id(16, '\0');
  for (int i = 0; i < 8; ++i) {
    id[static_cast<std::size_t>(i)] = static_cast<char>(high >> (56 - 8 * i));
    id[static_cast<std::size_t>(8 + i)] = static_cast<char>(low >> (56 - 8 * i));
  }
  return id;
}

std::uint64_t random_below_or_at(std::uint64_t bound) {
  return std::uniform_int_distribution<std::uint64_t>(0, bound)(generator());
}

std::chrono::milliseconds backoff(int attempt, std::chrono::milliseconds base,
                                  std::chrono::milliseconds cap) {
  const int doublings = std::clamp(attempt, 0, 20);
  const auto ceiling = std::min<std::int64_t>(cap.count(), base.count() << doublings);
  return std::chrono::milliseconds(random_below_or_at(static_cast<std::uint64_t>(ceiling)));
}

}  // namespace starling::sdk
