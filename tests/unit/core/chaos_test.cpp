// Random faults on a small cluster: loss, duplication, reordering, kills, restarts,
// transfers, hanging disks, tiny batches. What one node applied, every node applied alike,
// and what was reported as committed stays.
#include <map>

#include "server/core/random.h"
#include "tests/unit/core/harness.h"

namespace starling::core::testing {
namespace {

class Chaos {
 public:
  explicit Chaos(std::uint64_t seed)
      : random_(seed), cluster_({1, 2, 3, 4, 5}, [&](Options& o) {
          o.seed = seed;
          o.max_batch_entries = 1 + random_.next() % 4;
          o.max_in_flight = 1 + random_.next() % 4;
          o.cache_bytes = random_.next() % 2 == 0 ? 1 : 1 << 20;
        }) {
    cluster_.drop = [this](const Message& m) { return disturb(m); };
  }

  void run() {
    for (int i = 0; i < 300 && !::testing::Test::HasFailure(); ++i) {
      act();
      cluster_.run_for(static_cast<TimeUs>(random_.next() % 30'000));
      compare();
    }
    calm_ = true;
    for (auto& [id, node] : cluster_.nodes) {
      node.disk_hangs = false;
      if (!node.core) cluster_.start(id);
    }
    const NodeId leader = cluster_.await_leader();
    ASSERT_NE(leader, kNoNode);
    cluster_.commit("the end");
    compare();
    for (const auto& [index, term] : promised_) {
      const auto& applied = cluster_.nodes.at(cluster_.leader()).applied;
      ASSERT_LE(index, applied.size());
      EXPECT_EQ(applied[index - 1]->term, term) << "an acknowledged entry is gone";
    }
    EXPECT_GT(promised_.size(), 0u);
  }

 private:
  bool disturb(const Message& m) {
    if (calm_) return false;
    const std::uint64_t draw = random_.next() % 100;
    if (draw < 4 || (m.from == cut_ && random_.next() % 8 != 0)) return true;
    if (draw < 12) {  // Again, later, out of order.
      cluster_.network.emplace(cluster_.now_us + 500 + random_.between(0, 200'000), m);
    }
    return draw < 8;
  }

  void act() {
    const NodeId id = 1 + random_.next() % 5;
    auto& node = cluster_.nodes.at(id);
    const int down = static_cast<int>(std::count_if(cluster_.nodes.begin(), cluster_.nodes.end(),
                                                    [](auto& n) { return !n.second.core; }));
    switch (random_.next() % 10) {
      case 0:
        if (node.core && down < 2) cluster_.kill(id);
        break;
      case 1:
      case 2:
        if (!node.core) cluster_.start(id);
        break;
      case 3:
        cut_ = random_.next() % 8;
        break;
      case 4:
        if (node.core) cluster_.step(id, Transfer{});
        break;
      case 5:
        node.disk_hangs = !node.disk_hangs && random_.next() % 4 == 0;
        break;
      case 6:
        if (node.core) cluster_.step(id, PeerUnreachable{1 + random_.next() % 5});
        break;
      default:
        for (auto& [any, n] : cluster_.nodes) {
          if (n.core) cluster_.step(any, Propose{{{++proposals_, std::to_string(proposals_)}}});
        }
    }
  }

  // State-machine safety: equal entries at equal places, wherever they were applied.
  void compare() {
    for (const auto& [id, node] : cluster_.nodes) {
      for (const EntryPtr& e : node.applied) {
        const auto [it, added] = promised_.emplace(e->index, e->term);
        ASSERT_EQ(it->second, e->term) << "node " << id << " differs at " << e->index;
      }
    }
  }

  Random random_;
  Cluster cluster_;
  std::map<Index, Term> promised_;
  std::uint64_t proposals_ = 0;
  NodeId cut_ = kNoNode;
  bool calm_ = false;
};

TEST(Chaos, HistoriesAgree) {
  for (std::uint64_t seed = 1; seed <= 60; ++seed) {
    SCOPED_TRACE("SEED=" + std::to_string(seed));
    Chaos(seed).run();
    if (::testing::Test::HasFailure()) return;
  }
}

}  // namespace
}  // namespace starling::core::testing
