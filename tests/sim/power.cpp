// See power.h.
#include "tests/sim/power.h"

#include <algorithm>
#include <cstdio>

#include "tests/lib/sim_power.h"

namespace starling::sim {
namespace {

constexpr std::uint64_t kForEachSeed = 10;

unsigned long long shown(std::uint64_t value) { return value; }

}  // namespace

int power_losses(std::uint64_t seed, std::uint64_t count) {
  std::uint64_t losses = 0;
  std::uint64_t under_load = 0;
  std::uint64_t servers = 0;
  std::uint64_t torn = 0;
  std::uint64_t acknowledged = 0;
  std::uint64_t bad = 0;
  std::uint64_t seeds = 0;
  while (losses < count) {
    const std::uint64_t wanted = std::min(kForEachSeed, count - losses);
    const PowerLosses result = lose_power(seed, static_cast<int>(wanted));
    ++seeds;
    losses += result.losses;
    under_load += result.with_open_writes;
    servers += result.stats.power_losses_on_shipping_storage;
    torn += result.stats.ended_in_the_middle_of_a_write;
    acknowledged += result.stats.acknowledged;
    std::printf("SEED=%llu losses %llu, acknowledged %llu, hash %s%s\n", shown(seed),
                shown(result.losses), shown(result.stats.acknowledged), hex(result.hash).c_str(),
                result.violation.empty() ? "" : (" VIOLATION " + result.violation).c_str());
    if (!result.violation.empty()) {
      ++bad;
      losses += wanted - std::min(wanted, result.losses);  // Given up.
    }
    ++seed;
  }
  std::printf(
      "power lost %llu times by every server at once, %llu of them with writes under way: %llu "
      "servers, %llu in the middle of a write\nseeds %llu, acknowledged %llu, violations %llu\n",
      shown(losses), shown(under_load), shown(servers), shown(torn), shown(seeds),
      shown(acknowledged), shown(bad));
  return bad == 0 && under_load > 0 ? 0 : 1;
}

}  // namespace starling::sim
