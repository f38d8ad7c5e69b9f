// See sim_power.h.
#include "tests/lib/sim_power.h"

#include <algorithm>

#include "tests/lib/sim_client.h"

namespace starling::sim {
namespace {

Settings settings_for(std::uint64_t seed) {
  Settings settings = draw_settings(seed, 0, Mode::kLiveness);
  settings.shipping_storage = true;
  settings.voters = std::max(settings.voters, 3);
  settings.spares = 0;
  settings.dead_after_us = 0;
  settings.think_us = 2'000;  // Something is always under way.
  settings.pipeline = 12;
  return settings;
}

void lose_once(World& world, PowerLosses& result) {
  const std::uint64_t before = world.stats.acknowledged;
  const bool worked = world.run_until(
      30'000'000, [&] { return world.leader() != 0 && world.stats.acknowledged > before + 5; });
  if (!worked) violated("liveness", "no write is acknowledged 30 s after a power loss");
  world.advance(world.random.range(0, 60'000));
  const auto& clients = world.clients();
  result.with_open_writes += std::any_of(clients.begin(), clients.end(),
                                         [](const auto& client) { return !client->idle(); });
  ++result.losses;
  for (int i = 1; i <= world.node_count(); ++i) world.node(i).crash(true);
  for (int i = 1; i <= world.node_count(); ++i) world.node(i).start();
}

}  // namespace

PowerLosses lose_power(std::uint64_t seed, int losses) {
  PowerLosses result;
  World world(settings_for(seed), false);
  try {
    world.start_all();
    world.start_clients();
    for (int i = 0; i < losses; ++i) lose_once(world, result);
    world.come_to_rest();
  } catch (const Violation& violation) {
    result.violation = violation.what();
  }
  result.hash = world.trace.hash();
  result.stats = world.final_stats();
  return result;
}

}  // namespace starling::sim
