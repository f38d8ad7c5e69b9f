// WatchServers.
#include "tests/unit/transport/fixture.h"

namespace starling::transport {
namespace {

class Watching : public TransportTest {
 protected:
  struct Watch {
    grpc::ClientContext context;
    std::unique_ptr<grpc::ClientReader<pb::WatchServersResponse>> reader;
  };
  std::unique_ptr<Watch> watch() {
    auto out = std::make_unique<Watch>();
    out->context.set_deadline(std::chrono::system_clock::now() + std::chrono::seconds(30));
    out->reader = cluster_->WatchServers(&out->context, pb::WatchServersRequest());
    return out;
  }
  bool watched() {
    grpc::ClientContext context;
    pb::HealthCheckResponse response;
    expect_ok(cluster_->HealthCheck(&context, pb::HealthCheckRequest(), &response));
    return response.clients() == 1;
  }
  void beat(core::Term term, std::uint32_t interval_ms) {
    Beat beat;
    beat.status.term = term;
    beat.status.quorum_contact_age_ms = 1000;
    beat.interval_ms = interval_ms;
    server_->beat(beat);
  }
};

// A loop that is stuck must not be named live by the thread that answers for it (R5.5).
TEST_F(Watching, TheFirstMessageWaitsForABeatOfTheLoop) {
  pb::WatchServersResponse response;
  const auto first = watch();
  ASSERT_TRUE(eventually([&] { return watched(); }));
  beat(42, 0);
  ASSERT_TRUE(first->reader->Read(&response));
  EXPECT_EQ(response.term(), 42u);
  EXPECT_TRUE(response.has_servers());
  first->context.TryCancel();
  ASSERT_TRUE(eventually([&] { return !watched(); }));

  // The loop has given one, but by its interval another is overdue.
  const auto second = watch();
  ASSERT_TRUE(eventually([&] { return watched(); }));
  beat(43, 0);
  ASSERT_TRUE(second->reader->Read(&response));
  EXPECT_EQ(response.term(), 43u);
  EXPECT_TRUE(response.has_servers());
  second->context.TryCancel();
}

TEST_F(Watching, TheFirstMessageRepeatsTheLastBeatAsOldAsItIs) {
  beat(42, 60'000);
  EXPECT_TRUE(eventually([&] {
    const auto watching = watch();
    pb::WatchServersResponse response;
    EXPECT_TRUE(watching->reader->Read(&response));
    EXPECT_EQ(response.term(), 42u);
    EXPECT_TRUE(response.has_servers());
    EXPECT_GE(response.quorum_contact_age_ms(), 1000u);
    watching->context.TryCancel();
    return response.quorum_contact_age_ms() > 1000;
  }));
}

TEST_F(Watching, WatchersGetTheListAndTheBeats) {
  Beat first;
  first.interval_ms = 60'000;
  first.status.role = ServerRole::kPrimary;
  server_->beat(first);
  grpc::ClientContext context;
  context.set_deadline(std::chrono::system_clock::now() + std::chrono::seconds(30));
  pb::WatchServersRequest request;
  request.set_client("test");
  const auto reader = cluster_->WatchServers(&context, request);
  pb::WatchServersResponse response;
  ASSERT_TRUE(reader->Read(&response));
  ASSERT_TRUE(response.has_servers());
  EXPECT_EQ(response.servers().servers_size(), 1);
  EXPECT_EQ(response.role(), pb::ROLE_PRIMARY);

  Beat beat;
  beat.interval_ms = 50;
  beat.status.term = 42;
  beat.status.has_quorum = true;
  server_->beat(beat);
  ASSERT_TRUE(reader->Read(&response));
  EXPECT_FALSE(response.has_servers());
  EXPECT_EQ(response.term(), 42u);
  EXPECT_EQ(response.beat_interval_ms(), 50u);

  ServerList list = backend_.server_list();
  list.version = 9;
  server_->publish_list(list, false);
  ASSERT_TRUE(reader->Read(&response));
  ASSERT_TRUE(response.has_servers());
  EXPECT_EQ(response.servers().version(), 9u);

  grpc::ClientContext health;
  pb::HealthCheckResponse checked;
  expect_ok(cluster_->HealthCheck(&health, pb::HealthCheckRequest(), &checked));
  EXPECT_EQ(checked.clients(), 1u);
  EXPECT_EQ(checked.server_id(), 11u);
  EXPECT_EQ(checked.protocol_version(), kProtocolVersion);

  server_->set_draining();
  ASSERT_TRUE(reader->Read(&response));
  EXPECT_TRUE(response.draining());
  context.TryCancel();
}

}  // namespace
}  // namespace starling::transport
