// A client whose servers are cut off from each other, against the pretended cluster.
#include <gtest/gtest.h>

#include <algorithm>
#include <thread>

#include "starling/client.h"
#include "tests/unit/sdk/fake_cluster.h"

namespace starling {
namespace {

using namespace std::chrono_literals;
using SteadyClock = std::chrono::steady_clock;

// Both servers that a client watches may be on the wrong side of a partition.
TEST(Partition, AClientThatHearsOnlyTheMinorityFindsTheOthers) {
  fake::Cluster cluster(5);
  auto client = Client::connect(cluster.addresses());
  ASSERT_TRUE(client.ok()) << client.error().message;
  auto session = client->log_in("ada", "correct horse");
  ASSERT_TRUE(session.ok());
  ASSERT_TRUE(session->send(1, "before").ok());
  const auto watched = [&] {
    std::vector<std::size_t> all;
    for (std::size_t i = 0; i < 5; ++i) {
      if (cluster[i].watchers > 0) all.push_back(i);
    }
    return all;
  };
  const auto deadline = SteadyClock::now() + 20s;
  while (watched().size() != 2 && SteadyClock::now() < deadline) std::this_thread::sleep_for(5ms);
  const std::vector<std::size_t> few = watched();
  ASSERT_EQ(few.size(), 2u);
  for (const std::size_t i : few) cluster[i].cut_off = true;
  std::size_t next = 0;
  while (std::find(few.begin(), few.end(), next) != few.end()) ++next;
  cluster.elect(next);
  auto sent = session->send(1, "after");
  ASSERT_TRUE(sent.ok()) << sent.error().message;
  EXPECT_EQ(client->primary(), cluster[next].address());
}

}  // namespace
}  // namespace starling
