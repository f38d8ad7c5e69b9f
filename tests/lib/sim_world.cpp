// Setting up a cluster, running it through its faults, and asking at the end for rest and
// agreement.
#include "tests/lib/sim_world.h"

#include <algorithm>

#include "tests/lib/sim_client.h"
#include "tests/lib/sim_faults.h"
#include "tests/lib/sim_members.h"
#include "tests/lib/sim_snapshot.h"

namespace starling::sim {

std::string_view fault_name(Fault fault) {
  static constexpr std::string_view kNames[kFaults] = {"crash",
                                                       "power-loss",
                                                       "restart",
                                                       "pause",
                                                       "partition",
                                                       "one-way",
                                                       "loss",
                                                       "duplication",
                                                       "reordering",
                                                       "delay",
                                                       "slow-disk",
                                                       "clock-jump",
                                                       "link-break",
                                                       "join",
                                                       "leave",
                                                       "transfer",
                                                       "disk-error",
                                                       "flap",
                                                       "flapping-partition",
                                                       "asymmetric",
                                                       "late-copy",
                                                       "stuffed",
                                                       "all-clocks",
                                                       "rejoin",
                                                       "wipe",
                                                       "remove-live",
                                                       "cut-transfer",
                                                       "client-crash"};
  return kNames[static_cast<std::size_t>(fault)];
}

std::string_view mode_name(Mode mode) { return mode == Mode::kSafety ? "safety" : "liveness"; }

Settings draw_settings(std::uint64_t seed, FaultMask faults, std::optional<Mode> mode) {
  Random random(mix(seed, 0x5e771265));
  Settings s;
  s.seed = seed;
  // Each seed has its own mix of faults: some bugs need quiet in one corner and noise in another.
  FaultMask mask = 0;
  for (std::size_t i = 0; i < kFaults; ++i) mask |= FaultMask{random.per_mille(550)} << i;
  s.faults = faults & mask;
  s.cluster = random.next() | 1;
  s.voters = random.one_of({3, 3, 3, 3, 5, 5, 5, 4, 2, 1});
  s.spares = static_cast<int>(random.below(3)) + (s.voters < 3 ? 1 : 0);
  s.least_voters = random.per_mille(800) ? 3 : 1 + random.below(3);
  s.core.max_batch_entries = random.one_of<std::size_t>({1, 1, 2, 3, 8, 64, 1024});
  s.core.max_batch_bytes = random.one_of<std::size_t>({1, 300, 1 << 20, 1 << 20});
  s.core.max_in_flight = random.one_of<std::size_t>({1, 1, 2, 4, 64});
  s.core.max_uncommitted_bytes = random.one_of<std::size_t>({2'000, 64 << 20, 64 << 20});
  s.core.cache_bytes = random.one_of<std::size_t>({0, 500, 5'000, 64 << 20});
  s.net_low_us = random.one_of<core::TimeUs>({50, 200, 1'000});
  s.net_high_us = s.net_low_us * random.range(2, 12);
  s.disk_low_us = random.one_of<core::TimeUs>({30, 200, 1'000});
  s.disk_high_us = s.disk_low_us * random.range(2, 20);
  s.timer_late_us = random.one_of<core::TimeUs>({0, 500, 5'000});
  s.gather_us = random.one_of<core::TimeUs>({0, 500, 5'000});
  s.apply_delay_us = random.one_of<core::TimeUs>({100, 2'000, 30'000});
  s.apply_batch = random.one_of<std::size_t>({1, 4, 64, 1'024});
  s.checkpoint_every = random.one_of<core::Index>({8, 20, 60, 100'000});
  s.compact = random.per_mille(700);
  s.log_keep = random.one_of<core::Index>({0, 0, 4, 40});
  s.dead_after_us = random.one_of<core::TimeUs>({0, 0, 1'500'000, 4'000'000});
  s.snapshot_chunks = random.one_of<std::size_t>({1, 3, 12});
  // One entry at a time and slowly would never catch up.
  if (s.apply_batch < 64) s.apply_delay_us = std::min<core::TimeUs>(s.apply_delay_us, 2'000);
  s.clients = static_cast<int>(random.range(2, 4));
  s.pipeline = random.one_of<std::size_t>({1, 4, 12});
  s.think_us = random.one_of<core::TimeUs>({40'000, 80'000, 150'000});
  s.chaos_us = random.range(6, 16) * 1'000'000;
  s.fault_gap_us = random.one_of<core::TimeUs>({120'000, 300'000, 600'000});
  if (random.per_mille(20)) {
    // A few go on for minutes, with more time between one thing and the next: copies of messages
    // come that late, and outboxes get that old.
    s.chaos_us *= 12;
    s.fault_gap_us *= 8;
    s.think_us *= 6;
  }
  const Mode drawn = random.per_mille(300) ? Mode::kSafety : Mode::kLiveness;
  s.mode = mode.value_or(drawn);
  // Several times dearer. Safety runs look at the model's images at their end.
  s.shipping_storage = s.mode == Mode::kLiveness && random.per_mille(90);
  // The short ones put entries that nobody asked for between all others.
  s.core.max_time_lag_ms = random.one_of<core::WallMs>({60'000, 60'000, 60'000, 400, 100});
  s.searching = random.per_mille(100);  // Dearer as well.
  return s;
}

World::World(const Settings& given, bool printing)
    : settings(given),
      random(given.seed),
      trace(printing),
      network(*this, given.voters + given.spares),
      invariants(*this) {
  network.weather().low_us = settings.net_low_us;
  network.weather().high_us = settings.net_high_us;
  membership_ = std::make_unique<Membership>(*this);
  snapshots_ = std::make_unique<Snapshots>(*this);
  faults_ = std::make_unique<Faults>(*this);
  bootstrap();
}

World::~World() = default;

void World::bootstrap() {
  core::Configuration configuration;
  const int total = settings.voters + settings.spares;
  for (int number = 1; number <= total; ++number) {
    const core::NodeId id =
        settings.plain_ids ? static_cast<core::NodeId>(number) : random.next() | 1;
    const std::string address = "127.0.0.1:" + std::to_string(5100 + number);
    nodes_.push_back(std::make_unique<SimNode>(*this, number, id, address));
    if (number <= settings.voters) configuration.members.push_back({id, address, true});
  }
  std::sort(configuration.members.begin(), configuration.members.end(),
            [](const core::Member& a, const core::Member& b) { return a.id < b.id; });
  auto first = std::make_shared<core::Entry>();
  first->term = 1;
  first->index = 1;
  first->kind = core::EntryKind::kConfiguration;
  first->stamp_ms = kWallStartMs;
  first->data = core::encode(configuration);
  for (int number = 1; number <= settings.voters; ++number) {
    DiskImage image;
    image.hard_state.term = 1;
    image.log.append(first);
    node(number).install(std::move(image));
    invariants.installed(node(number));
  }
}

int World::number_of(core::NodeId id) const {
  for (const auto& node : nodes_) {
    if (node->id() == id) return node->number();
  }
  const auto past = wiped_.find(id);
  return past == wiped_.end() ? 0 : past->second.first;
}

bool World::is_present(core::NodeId id) const { return number_of(id) != 0 && !wiped_.contains(id); }

const DiskImage& World::disk_of(core::NodeId id) const {
  const auto past = wiped_.find(id);
  if (past != wiped_.end()) return past->second.second;
  return nodes_[static_cast<std::size_t>(number_of(id) - 1)]->disk().durable();
}

core::NodeId World::former_id(int number) const {
  for (const auto& [id, past] : wiped_) {
    if (past.first == number) return id;
  }
  return core::kNoNode;
}

void World::wipe(int number) {
  SimNode& victim = node(number);
  wiped_[victim.id()] = {number, victim.disk().durable()};
  victim.wipe(random.next() | 1);
}

std::string World::name_of(core::NodeId id) const { return "n" + std::to_string(number_of(id)); }

int World::leader() {
  int best = 0;
  for (const auto& node : nodes_) {
    if (!node->up() || node->state().role != core::Role::kLeader) continue;
    if (best == 0 || node->state().term > this->node(best).state().term) best = node->number();
  }
  return best;
}

int World::some_up_node() {
  std::vector<int> up;
  for (const auto& node : nodes_) {
    if (node->up()) up.push_back(node->number());
  }
  return up.empty() ? 0 : random.one_of(up);
}

// Replicated time never goes back, so what a sound clock has once shown stays possible.
core::WallMs World::latest_good_wall_ms() const {
  return std::max(latest_good_ms_, kWallStartMs + now_us() / 1000 + leap_ms_ + good_skew_ms_);
}

void World::leap(core::WallMs by_ms) {
  latest_good_ms_ = latest_good_wall_ms();
  leap_ms_ += by_ms;
}

void World::note_good_clock(core::WallMs skew_ms) {
  good_skew_ms_ = std::max(good_skew_ms_, skew_ms);
}

Stats World::final_stats() const {
  Stats result = stats;
  result.elections = invariants.elections();
  result.commits = invariants.committed_index();
  result.dedupe_hits = invariants.dedupe_hits();
  result.owners_succeeded = invariants.model().successions();
  result.members_returned = invariants.model().returns();
  if (!settings.shipping_storage) return result;
  result.seeds_on_shipping_storage = 1;
  for (const auto& node : nodes_) {
    result.ended_in_the_middle_of_a_write += node->disk().shipping()->ends_in_the_middle();
  }
  return result;
}

void World::advance(core::TimeUs by_us) {
  const core::TimeUs limit = now_us() + by_us;
  while (scheduler.run_next(limit)) {
  }
}

bool World::run_until(core::TimeUs limit_us, const std::function<bool()>& done) {
  const core::TimeUs limit = now_us() + limit_us;
  while (!done()) {
    if (now_us() >= limit) return false;
    advance(std::min<core::TimeUs>(settings.plain_ids ? 100 : 20'000, limit - now_us()));
  }
  return true;
}

void World::keep_connected() {
  network.reconnect();
  scheduler.after(random.range(5'000, 40'000), [this] { keep_connected(); });
}

void World::start_all() {
  for (const auto& node : nodes_) node->start();
  keep_connected();
  if (settings.dead_after_us > 0) membership_->keep_healing();
}

void World::start_clients() {
  for (int i = 1; i <= settings.clients; ++i) {
    clients_.push_back(std::make_unique<SimClient>(*this, i));
  }
  for (auto& client : clients_) client->start();
}

void World::heal() {
  note("heal", {}, [] { return std::string(); });
  faults_->stop();
  network.mend_all();
  network.weather() = Weather{.low_us = settings.net_low_us, .high_us = settings.net_high_us};
  for (const auto& node : nodes_) {
    node->disk().set_hanging(false);
    node->disk().set_latency(settings.disk_low_us, settings.disk_high_us);
    node->resume();
    if (node->disk().failed()) node->crash(false);
    node->start();
  }
}

void World::run() {
  start_all();
  start_clients();
  faults_->start();
  advance(settings.chaos_us);
  if (settings.mode == Mode::kSafety) return examine_disks();
  heal();
  come_to_rest();
}

bool World::clients_idle() const {
  return std::all_of(clients_.begin(), clients_.end(),
                     [](const auto& client) { return client->idle(); });
}

bool World::members_converged(std::string& why) {
  const int first = leader();
  if (first == 0) {
    why = "no leader";
    return false;
  }
  const core::Configuration& configuration = node(first).core().configuration();
  if (node(first).core().configuration_index() > node(first).state().commit_index) {
    why = "configuration not committed";
    return false;
  }
  for (const auto& member : configuration.members) {
    SimNode& other = node(number_of(member.id));
    if (!member.voter && (!other.running() || !is_present(member.id))) continue;  // It never came.
    if (!is_present(member.id)) {
      why = other.name() + " votes under an id that is gone";
      return false;
    }
    if (!other.running() || other.applied_index() != node(first).log().last_index()) {
      why = other.name() + " applied " + std::to_string(other.applied_index()) + " of " +
            std::to_string(node(first).log().last_index());
      return false;
    }
  }
  return true;
}

void World::agree() {
  std::string why;
  if (run_until(kAgreementUs, [&] { return members_converged(why); })) return;
  violated("liveness", "the members do not converge: " + why);
}

void World::come_to_rest() {
  for (auto& client : clients_) client->stop_calling();
  if (!run_until(kMembersSettleUs, [this] { return membership_->idle(); })) {
    violated("liveness", "a membership change does not end: " + membership_->describe());
  }
  // One new write for each client shows that the cluster works, not only that it has answered.
  for (auto& client : clients_) client->call_last();
  if (!run_until(kClientsSettleUs, [this] { return clients_idle(); })) {
    violated("liveness", "a client waits for an answer 20 s after all was healed");
  }
  agree();
  watch_time();  // Of members that lag far behind one could not tell whether time stands.
  agree();
  final_checks();
}

void World::final_checks() {
  SimNode& first = node(leader());
  for (const auto& member : first.core().configuration().members) {
    SimNode& other = node(number_of(member.id));
    if (!other.running() || !is_present(member.id)) continue;
    std::uint64_t recomputed = 0;
    const auto status = other.store().recompute_hash(recomputed);
    if (!status.ok() || recomputed != other.store().state_hash()) {
      violated("R4.6 state hash", other.name() + " does not match its own rows");
    }
    if (other.store().state_hash() != first.store().state_hash()) {
      violated("R4.6 state hash", other.name() + " differs at the end");
    }
    if (!settings.searching) continue;
    for (auto& client : clients_) client->check_searches(other);
  }
  invariants.compare_chat(first);
  for (auto& client : clients_) client->check_history(first);
}

}  // namespace starling::sim
