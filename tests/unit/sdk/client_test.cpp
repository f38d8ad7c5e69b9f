// Connecting, retrying and failing over, against the pretended cluster.
#include "starling/client.h"

#include <gtest/gtest.h>

#include <condition_variable>
#include <mutex>

#include "tests/unit/sdk/fake_cluster.h"
#include "tests/unit/sdk/tcp_platform.h"

namespace starling {
namespace {

using namespace std::chrono_literals;
using fake::refusal;
using std::chrono::milliseconds;
using SteadyClock = std::chrono::steady_clock;

ClientOptions quick(milliseconds timeout = 10s) {
  ClientOptions options;
  options.timeout = timeout;
  return options;
}

// Collects cluster events until one of a kind arrives.
class EventLog {
 public:
  void add(const ClusterEvent& event) {
    const std::lock_guard lock(mutex_);
    events_.push_back(event);
    added_.notify_all();
  }
  std::optional<ClusterEvent> wait_for(ClusterEvent::Kind kind) {
    std::unique_lock lock(mutex_);
    const auto find = [&]() -> const ClusterEvent* {
      for (const ClusterEvent& event : events_) {
        if (event.kind == kind) return &event;
      }
      return nullptr;
    };
    added_.wait_for(lock, 10s, [&] { return find() != nullptr; });
    const ClusterEvent* found = find();
    return found == nullptr ? std::nullopt : std::optional(*found);
  }
  std::vector<ClusterEvent::Kind> kinds() {
    const std::lock_guard lock(mutex_);
    std::vector<ClusterEvent::Kind> all;
    for (const ClusterEvent& event : events_) all.push_back(event.kind);
    return all;
  }

 private:
  std::mutex mutex_;
  std::condition_variable added_;
  std::vector<ClusterEvent> events_;
};

ClientOptions heard_by(EventLog& log) {
  ClientOptions options = quick();
  options.on_cluster_event = [&log](const ClusterEvent& event) { log.add(event); };
  return options;
}

TEST(Connect, OneAddressIsEnough) {
  fake::Cluster cluster(3);
  EventLog log;
  const ClientOptions options = heard_by(log);
  auto client = Client::connect({cluster[2].address()}, options);
  ASSERT_TRUE(client.ok()) << client.error().message;
  EXPECT_EQ(client->servers().servers.size(), 3U);
  EXPECT_EQ(client->primary(), cluster[0].address());
  const auto connected = log.wait_for(ClusterEvent::Kind::kConnected);
  ASSERT_TRUE(connected.has_value());
  EXPECT_EQ(connected->to, cluster[0].address());
}

TEST(Connect, ToNothingNamesTheAddresses) {
  const std::string first = "127.0.0.1:" + std::to_string(test::free_port());
  const std::string second = "127.0.0.1:" + std::to_string(test::free_port());
  auto client = Client::connect({first, second}, quick(300ms));
  ASSERT_FALSE(client.ok());
  EXPECT_EQ(client.error().code, ErrorCode::kUnavailable);
  EXPECT_NE(client.error().message.find(first), std::string::npos);
  EXPECT_NE(client.error().message.find(second), std::string::npos);
}

TEST(Connect, ToAPortThatIsNoGrpcServer) {
  test::SilentListener listener;
  const std::string address = "127.0.0.1:" + std::to_string(listener.port());
  auto client = Client::connect({address}, quick(400ms));
  ASSERT_FALSE(client.ok());
  EXPECT_EQ(client.error().code, ErrorCode::kUnavailable);
  EXPECT_NE(client.error().message.find(address), std::string::npos);
}

TEST(Connect, ToAnotherGrpcServiceSaysSoAtOnce) {
  grpc::ServerBuilder builder;
  int port = 0;
  v1::Chat::Service chat;  // No Cluster service.
  builder.AddListeningPort("127.0.0.1:0", grpc::InsecureServerCredentials(), &port);
  builder.RegisterService(&chat);
  const auto server = builder.BuildAndStart();
  auto client = Client::connect({"127.0.0.1:" + std::to_string(port)}, quick(10s));
  ASSERT_FALSE(client.ok());
  EXPECT_EQ(client.error().code, ErrorCode::kFailed);
  server->Shutdown(std::chrono::system_clock::now());
}

TEST(Connect, BadAddressesAreNamed) {
  for (const std::string bad : {"nonsense", "host:", ":5101", "host:0", "host:70000", "host:1x"}) {
    auto client = Client::connect({bad}, quick());
    ASSERT_FALSE(client.ok()) << bad;
    EXPECT_EQ(client.error().code, ErrorCode::kInvalidArgument) << bad;
    EXPECT_EQ(client.error().field, "addresses");
  }
  EXPECT_FALSE(Client::connect({}, quick()).ok());
}

TEST(Retry, KeepsItsRequestIdAndAsOf) {
  fake::Cluster cluster(3);
  std::atomic<int> calls{0};
  for (std::size_t i = 0; i < 3; ++i) {
    cluster[i].on_unary([&calls](const std::string& method) {
      if (method != "CreateAccount") return grpc::Status::OK;
      switch (calls++) {
        case 0:
          return refusal(grpc::StatusCode::UNAVAILABLE, v1::REASON_NO_PRIMARY, true);
        case 1:
          return grpc::Status(grpc::StatusCode::UNAVAILABLE, "socket closed");
        case 2:
          return refusal(grpc::StatusCode::UNAVAILABLE, v1::REASON_PRIMARY_LOST, true);
        default:
          return grpc::Status::OK;
      }
    });
  }
  auto client = Client::connect(cluster.addresses(), quick());
  ASSERT_TRUE(client.ok());
  auto account = client->create_account("ada", "correct horse");
  ASSERT_TRUE(account.ok()) << account.error().message;
  const auto seen = cluster.seen("CreateAccount");
  ASSERT_EQ(seen.size(), 4U);
  for (const fake::Seen& one : seen) {
    EXPECT_EQ(one.request_id, seen[0].request_id);
    EXPECT_EQ(one.request_id.size(), 16U);
    EXPECT_EQ(one.as_of_ms, seen[0].as_of_ms);
    EXPECT_GT(one.as_of_ms, 0) << "the first beat came before the first call";
  }
}

TEST(Retry, AWriteWaitsUntilAReplicatedTimeIsKnown) {
  fake::Cluster cluster(1);
  cluster[0].timeless_beats = 4;
  auto client = Client::connect(cluster.addresses(), quick());
  ASSERT_TRUE(client.ok());
  ASSERT_TRUE(client->create_account("ada", "correct horse").ok());
  const auto seen = cluster.seen("CreateAccount");
  ASSERT_EQ(seen.size(), 1U);
  EXPECT_GE(seen[0].as_of_ms, fake::kStartMs) << "a write without a time is refused";
}

TEST(Retry, FinalRefusalsAreNotRetried) {
  fake::Cluster cluster(1);
  cluster[0].on_unary([](const std::string& method) {
    return method == "LogIn"
               ? refusal(grpc::StatusCode::UNAUTHENTICATED, v1::REASON_BAD_CREDENTIALS, false)
               : grpc::Status::OK;
  });
  auto client = Client::connect(cluster.addresses(), quick());
  ASSERT_TRUE(client.ok());
  auto session = client->log_in("ada", "wrong");
  ASSERT_FALSE(session.ok());
  EXPECT_EQ(session.error().code, ErrorCode::kUnauthenticated);
  EXPECT_FALSE(session.error().may_have_happened);
}

TEST(Retry, FollowsTheHintToThePrimary) {
  fake::Cluster cluster(2);
  cluster.elect(99);  // The lists name none.
  const std::string target = cluster[1].address();
  cluster[0].on_unary([&](const std::string& method) {
    return method == "CreateAccount"
               ? refusal(grpc::StatusCode::UNAVAILABLE, v1::REASON_NOT_PRIMARY, true, target)
               : grpc::Status::OK;
  });
  cluster[1].on_unary([&](const std::string& method) {
    if (method == "CreateAccount") cluster.elect(1);
    return grpc::Status::OK;
  });
  ClientOptions options = quick();
  auto client = Client::connect({cluster[0].address()}, options);
  ASSERT_TRUE(client.ok());
  auto account = client->create_account("ada", "correct horse");
  ASSERT_TRUE(account.ok()) << account.error().message;
  EXPECT_EQ(cluster.seen("CreateAccount").back().server, 2U);
}

TEST(Deadline, OneForAllRetries) {
  fake::Cluster cluster(2);
  cluster.elect(99);
  auto client = Client::connect(cluster.addresses(), quick(400ms));
  ASSERT_TRUE(client.ok());
  const auto begun = SteadyClock::now();
  auto account = client->create_account("ada", "correct horse");
  const auto took = SteadyClock::now() - begun;
  ASSERT_FALSE(account.ok());
  // The last attempt may have been cut off by the deadline; then its outcome is open, and said to
  // be.
  if (account.error().may_have_happened) {
    EXPECT_EQ(account.error().code, ErrorCode::kDeadlineExceeded);
  } else {
    EXPECT_EQ(account.error().code, ErrorCode::kUnavailable);
  }
  EXPECT_GE(took, 395ms);
  EXPECT_LT(took, 3s);
}

TEST(Deadline, AHungServerLeavesTheOutcomeOpen) {
  fake::Cluster cluster(1);
  auto client = Client::connect(cluster.addresses(), quick(700ms));
  ASSERT_TRUE(client.ok());
  cluster[0].hung = true;
  auto account = client->create_account("ada", "correct horse");
  ASSERT_FALSE(account.ok());
  EXPECT_TRUE(account.error().may_have_happened);
  cluster[0].hung = false;
}

TEST(Pinned, UnknownServerFailsByName) {
  fake::Cluster cluster(1);
  auto client = Client::connect(cluster.addresses(), quick());
  ASSERT_TRUE(client.ok());
  auto session = client->log_in("ada", "correct horse");
  ASSERT_TRUE(session.ok());
  ReadOptions read;
  read.server = "127.0.0.1:" + std::to_string(test::free_port());
  read.timeout = 2s;
  auto page = session->messages(1, 0, 10, read);
  ASSERT_FALSE(page.ok());
  EXPECT_EQ(page.error().code, ErrorCode::kUnavailable);
  EXPECT_NE(page.error().message.find(read.server), std::string::npos);
  EXPECT_TRUE(cluster.seen("ListMessages").empty());
}

TEST(Pinned, GoesToThatServerOnly) {
  fake::Cluster cluster(3);
  auto client = Client::connect(cluster.addresses(), quick());
  ASSERT_TRUE(client.ok());
  auto session = client->log_in("ada", "correct horse");
  ASSERT_TRUE(session.ok());
  ReadOptions read;
  read.server = cluster[2].address();
  ASSERT_TRUE(session->messages(1, 0, 10, read).ok());
  EXPECT_EQ(cluster.seen("ListMessages").back().server, 3U);
  SendOptions send;
  send.server = cluster[1].address();
  ASSERT_TRUE(session->send(1, "here", send).ok());
  EXPECT_EQ(cluster.seen("Send").back().server, 2U);
}

TEST(Session, ReadsCarryTheTokenOfItsWrites) {
  fake::Cluster cluster(3);
  auto client = Client::connect(cluster.addresses(), quick());
  ASSERT_TRUE(client.ok());
  auto session = client->log_in("ada", "correct horse");
  ASSERT_TRUE(session.ok());
  for (int i = 0; i < 5; ++i) ASSERT_TRUE(session->send(1, std::to_string(i)).ok());
  ASSERT_TRUE(session->messages(1).ok());
  EXPECT_EQ(cluster.seen("ListMessages").back().as_of_ms, 5);  // The index asked for.
}

TEST(Session, AnEmptyOneSaysSo) {
  Session session;
  EXPECT_EQ(session.send(1, "x").error().code, ErrorCode::kUnauthenticated);
  EXPECT_EQ(session.messages(1).error().code, ErrorCode::kUnauthenticated);
  EXPECT_TRUE(session.token().empty());
}

TEST(Failover, AKilledPrimaryIsReplacedAtOnce) {
  fake::Cluster cluster(3);
  EventLog log;
  const ClientOptions options = heard_by(log);
  auto client = Client::connect({cluster[0].address()}, options);
  ASSERT_TRUE(client.ok());
  auto session = client->log_in("ada", "correct horse");
  ASSERT_TRUE(session.ok());
  ASSERT_TRUE(session->send(1, "before").ok());
  const std::string old_primary = cluster[0].address();
  cluster.elect(99);
  cluster[0].kill();
  cluster.elect(1);
  const auto begun = SteadyClock::now();
  auto sent = session->send(1, "after");
  const auto took = SteadyClock::now() - begun;
  ASSERT_TRUE(sent.ok()) << sent.error().message;
  EXPECT_LT(took, 2s);
  EXPECT_EQ(cluster.bodies(1), (std::vector<std::string>{"before", "after"}));
  const auto over = log.wait_for(ClusterEvent::Kind::kFailedOver);
  ASSERT_TRUE(over.has_value());
  EXPECT_EQ(over->from, old_primary);
  EXPECT_EQ(over->to, cluster[1].address());
  EXPECT_TRUE(log.wait_for(ClusterEvent::Kind::kFailoverStarted).has_value());
  EXPECT_EQ(client->primary(), cluster[1].address());
}

TEST(Failover, AHungPrimaryIsLeftWithinItsBeats) {
  fake::Cluster cluster(3);
  EventLog log;
  const ClientOptions options = heard_by(log);
  auto client = Client::connect(cluster.addresses(), options);
  ASSERT_TRUE(client.ok());
  auto session = client->log_in("ada", "correct horse");
  ASSERT_TRUE(session.ok());
  ASSERT_TRUE(session->send(1, "before").ok());
  cluster[0].hung = true;
  auto sent = session->send(1, "through a backup");
  EXPECT_TRUE(sent.ok()) << sent.error().message;
  const auto started = log.wait_for(ClusterEvent::Kind::kFailoverStarted);
  ASSERT_TRUE(started.has_value());
  EXPECT_EQ(started->from, cluster[0].address());
  cluster[0].hung = false;
  // It beats again: the same primary is found again.
  const auto over = log.wait_for(ClusterEvent::Kind::kFailedOver);
  ASSERT_TRUE(over.has_value());
  EXPECT_EQ(over->to, cluster[0].address());
  EXPECT_GE(over->ms, 3 * fake::kBeatMs) << "the time in which its beats were missed counts too";
}

// It beats all the time, and is the primary again in the end.
TEST(Failover, AnOutageWithoutAMajorityCountsFromItsBeginning) {
  fake::Cluster cluster(3);
  EventLog log;
  const ClientOptions options = heard_by(log);
  auto client = Client::connect(cluster.addresses(), options);
  ASSERT_TRUE(client.ok());
  // Until the primary has said that it is one.
  const auto patience = SteadyClock::now() + 20s;
  while (cluster[0].watchers == 0 && SteadyClock::now() < patience)
    std::this_thread::sleep_for(1ms);
  std::this_thread::sleep_for(5 * std::chrono::milliseconds(fake::kBeatMs));
  cluster[0].cut_off = true;
  std::this_thread::sleep_for(10 * std::chrono::milliseconds(fake::kBeatMs));  // The outage.
  cluster.elect(99);  // As in the moment between two terms.
  cluster[0].cut_off = false;
  ASSERT_TRUE(log.wait_for(ClusterEvent::Kind::kFailoverStarted).has_value());
  cluster.elect(0);
  const auto over = log.wait_for(ClusterEvent::Kind::kFailedOver);
  ASSERT_TRUE(over.has_value());
  EXPECT_EQ(over->to, cluster[0].address());
  EXPECT_GE(over->ms, 9 * fake::kBeatMs);
}

TEST(Failover, NoServerLeftIsToldAndNothingIsClaimed) {
  fake::Cluster cluster(2);
  auto client = Client::connect(cluster.addresses(), quick());
  ASSERT_TRUE(client.ok());
  auto session = client->log_in("ada", "correct horse");
  ASSERT_TRUE(session.ok());
  cluster[0].kill();
  cluster[1].kill();
  SendOptions send;
  send.timeout = 400ms;
  auto sent = session->send(1, "x", send);
  ASSERT_FALSE(sent.ok());
  // Refused connections tell that nothing was sent; one that is being made leaves it open.
  EXPECT_EQ(sent.error().code, sent.error().may_have_happened ? ErrorCode::kDeadlineExceeded
                                                              : ErrorCode::kUnavailable);
  EXPECT_TRUE(cluster.bodies(1).empty());
}

TEST(Close, WithCallsUnderWay) {
  fake::Cluster cluster(2);
  std::atomic<int> done{0};
  {
    auto client = Client::connect(cluster.addresses(), quick());
    ASSERT_TRUE(client.ok());
    auto session = client->log_in("ada", "correct horse");
    ASSERT_TRUE(session.ok());
    auto events = session->subscribe();
    ASSERT_TRUE(events.ok());
    for (std::size_t i = 0; i < 2; ++i) {
      cluster[i].on_send([](const v1::SendRequest&) { return fake::SendScript::kSwallow; });
    }
    for (int i = 0; i < 100; ++i) {
      session->send_async(1, std::to_string(i), [&done](Result<Message> result) {
        EXPECT_EQ(result.error().code, ErrorCode::kCancelled);
        ++done;
      });
    }
    client->close();
    EXPECT_EQ(events->next(1s).error().code, ErrorCode::kCancelled);
    EXPECT_EQ(session->send(1, "late").error().code, ErrorCode::kCancelled);
    EXPECT_EQ(session->messages(1).error().code, ErrorCode::kCancelled);
  }
  EXPECT_EQ(done, 100);
}

TEST(Close, ManyClientsComeAndGo) {
  fake::Cluster cluster(3);
  for (int i = 0; i < 20; ++i) {
    auto client = Client::connect(cluster.addresses(), quick());
    ASSERT_TRUE(client.ok());
    if (i % 2 == 0) {
      ASSERT_TRUE(client->log_in("ada", "correct horse").ok());
    }
  }
}

TEST(Close, ASessionMayOutliveItsClient) {
  fake::Cluster cluster(1);
  Session session;
  {
    auto client = Client::connect(cluster.addresses(), quick());
    ASSERT_TRUE(client.ok());
    session = *client->log_in("ada", "correct horse");
  }
  EXPECT_EQ(session.send(1, "x").error().code, ErrorCode::kCancelled);
}

}  // namespace
}  // namespace starling
