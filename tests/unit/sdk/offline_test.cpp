// A client that begins before its servers do.
#include <gtest/gtest.h>

#include <condition_variable>
#include <filesystem>
#include <future>
#include <mutex>

#include "starling/outbox.h"
#include "tests/unit/sdk/fake_cluster.h"
#include "tests/unit/sdk/tcp_platform.h"

namespace starling {
namespace {

using namespace std::chrono_literals;
using SteadyClock = std::chrono::steady_clock;

class OfflineTest : public ::testing::Test {
 protected:
  OfflineTest() : cluster(2) {
    std::string name = std::filesystem::temp_directory_path() / "starling-offline-XXXXXX";
    dir = ::mkdtemp(name.data());
    ada.id = 1;
    ada.name = "ada";
    for (std::size_t i = 0; i < 2; ++i) cluster[i].kill();
  }
  ~OfflineTest() override {
    client.reset();
    std::filesystem::remove_all(dir);
  }

  void connect(std::vector<std::string> addresses, std::chrono::milliseconds timeout = 20s) {
    ClientOptions options;
    options.wait_for_server = false;
    options.timeout = timeout;
    options.on_cluster_event = [this](const ClusterEvent& event) {
      const std::lock_guard lock(mutex);
      news.push_back(event);
      changed.notify_all();
    };
    auto connected = Client::connect(std::move(addresses), options);
    ASSERT_TRUE(connected.ok()) << connected.error().message;
    client = std::make_unique<Client>(std::move(*connected));
    session = client->resume("a token of last week", ada);
  }
  void begin_servers() {
    for (std::size_t i = 0; i < 2; ++i) cluster[i].start();
  }
  void crash() {
    client->close();
    session = Session();
    client.reset();
  }
  Result<Outbox> open() {
    OutboxOptions options;
    options.on_change = [this](const OutboxEntry& entry) {
      const std::lock_guard lock(mutex);
      changes.push_back(entry);
      changed.notify_all();
    };
    return Outbox::open(dir + "/outbox.db", session, options);
  }
  OutboxEntry wait_for(OutboxState state, std::int64_t id) {
    OutboxEntry found;
    std::unique_lock lock(mutex);
    EXPECT_TRUE(changed.wait_for(lock, 30s, [&] {
      for (const OutboxEntry& entry : changes) {
        if (entry.state != state || entry.id != id) continue;
        found = entry;
        return true;
      }
      return false;
    }));
    return found;
  }
  // Until then calls may still get through to whatever has taken the old one's place.
  void wait_until_refused_for_another_cluster() {
    CallOptions soon;
    soon.timeout = 200ms;
    const auto deadline = SteadyClock::now() + 20s;
    std::string error;
    while (error.find("another cluster") == std::string::npos && SteadyClock::now() < deadline) {
      const auto made = client->create_account("eve", "correct horse", "", soon);
      error = made.ok() ? "" : made.error().message;
    }
    EXPECT_NE(error.find("another cluster"), std::string::npos) << error;
  }
  static std::vector<std::string> numbers(int count) {
    std::vector<std::string> all;
    for (int i = 0; i < count; ++i) all.push_back(std::to_string(i));
    return all;
  }
  static void expect_unreached(const Error& error, const std::vector<std::string>& addresses) {
    EXPECT_EQ(error.code, ErrorCode::kUnavailable) << error.message;
    EXPECT_FALSE(error.may_have_happened);
    EXPECT_TRUE(error.retryable);
    for (const std::string& address : addresses) {
      EXPECT_NE(error.message.find(address), std::string::npos) << error.message;
    }
  }

  fake::Cluster cluster;
  std::string dir;
  Account ada;
  std::mutex mutex;
  std::condition_variable changed;
  std::vector<ClusterEvent> news;
  std::vector<OutboxEntry> changes;
  std::unique_ptr<Client> client;
  Session session;
};

TEST_F(OfflineTest, ConnectReturnsAtOnceAndTellsOfTheFirstServer) {
  const auto begun = SteadyClock::now();
  connect(cluster.addresses());
  EXPECT_LT(SteadyClock::now() - begun, 5s);
  EXPECT_TRUE(client->servers().servers.empty());
  EXPECT_TRUE(client->primary().empty());
  const auto none = client->wait_for_primary(1ms);
  ASSERT_FALSE(none.ok());
  EXPECT_NE(none.error().message.find(cluster[1].address()), std::string::npos);
  begin_servers();
  {
    std::unique_lock lock(mutex);
    ASSERT_TRUE(changed.wait_for(lock, 30s, [&] { return !news.empty(); }));
    EXPECT_EQ(news.front().kind, ClusterEvent::Kind::kConnected);
    EXPECT_EQ(news.front().to, cluster[0].address());
  }
  EXPECT_EQ(client->servers().servers.size(), 2U);
  EXPECT_TRUE(client->log_in("ada", "correct horse").ok());
}

TEST_F(OfflineTest, WaitingForAServerEndsWithOneOrWithTheClient) {
  connect(cluster.addresses());
  expect_unreached(client->wait_for_server(50ms).error(), cluster.addresses());
  auto closed = std::async(std::launch::async, [this] { return client->wait_for_server(60s); });
  client->close();
  ASSERT_EQ(closed.wait_for(20s), std::future_status::ready);
  EXPECT_EQ(closed.get().error().code, ErrorCode::kCancelled);
  crash();
  connect(cluster.addresses());
  auto met = std::async(std::launch::async, [this] { return client->wait_for_server(60s); });
  begin_servers();
  ASSERT_EQ(met.wait_for(30s), std::future_status::ready);
  EXPECT_TRUE(met.get().ok());
}

TEST_F(OfflineTest, OperationsWaitForAServer) {
  connect({cluster[1].address()});
  std::vector<std::string> answers;
  const auto note = [&](const char* what) {
    return [&, what](const auto& answer) {
      EXPECT_TRUE(answer.ok()) << what << ": " << answer.error().message;
      const std::lock_guard lock(mutex);
      answers.emplace_back(what);
      changed.notify_all();
    };
  };
  client->log_in_async("ada", "correct horse", "", note("log in"));
  session.send_async(1, "early", note("send"));
  session.messages_async(1, 0, 50, note("read"));
  begin_servers();
  std::unique_lock lock(mutex);
  EXPECT_TRUE(changed.wait_for(lock, 30s, [&] { return answers.size() == 3; }));
  EXPECT_EQ(cluster.bodies(1), std::vector<std::string>{"early"});
}

TEST_F(OfflineTest, OperationsThatFindNoneNameTheAddresses) {
  test::SilentListener listener;
  for (const std::string& other :
       {"127.0.0.1:" + std::to_string(test::free_port()),
        "127.0.0.1:" + std::to_string(listener.port()), std::string("nowhere.invalid:5101")}) {
    const std::vector<std::string> all = {cluster[0].address(), other};
    connect(all, 150ms);
    expect_unreached(client->log_in("ada", "correct horse").error(), all);
    expect_unreached(client->create_account("eve", "correct horse").error(), all);
    expect_unreached(session.messages(1).error(), all);
    expect_unreached(session.send(1, "x").error(), all);
    expect_unreached(session.subscribe().error(), all);
    crash();
  }
}

TEST_F(OfflineTest, MalformedAddressesAreRefusedAllTheSame) {
  ClientOptions options;
  options.wait_for_server = false;
  for (const std::string bad : {"nonsense", ":5101", "host:0", ""}) {
    const auto refused = Client::connect({cluster[0].address(), bad}, options);
    ASSERT_FALSE(refused.ok()) << bad;
    EXPECT_EQ(refused.error().code, ErrorCode::kInvalidArgument);
    EXPECT_EQ(refused.error().field, "addresses");
  }
  EXPECT_FALSE(Client::connect({}, options).ok());
}

TEST_F(OfflineTest, ASubscriptionBeginsWhereItWasTold) {
  for (const char* body : {"a", "b", "c"}) cluster.add_event(body);
  connect(cluster.addresses());
  auto all = session.subscribe(Cursor{});
  ASSERT_TRUE(all.ok());
  Cursor second;
  second.epoch = fake::kEpoch;
  second.index = 2;
  auto rest = session.subscribe(second);
  ASSERT_TRUE(rest.ok());
  begin_servers();
  for (const char* body : {"a", "b", "c"}) {
    const auto event = all->next(30s);
    ASSERT_TRUE(event.ok()) << event.error().message;
    EXPECT_EQ(event.value().message.body, body);
  }
  const auto event = rest->next(30s);
  ASSERT_TRUE(event.ok()) << event.error().message;
  EXPECT_EQ(event.value().message.body, "c");
}

TEST_F(OfflineTest, AnOutboxGoesOutOnceAServerIsThere) {
  connect(cluster.addresses());
  auto outbox = open();
  ASSERT_TRUE(outbox.ok()) << outbox.error().message;
  for (const std::string& body : numbers(20)) ASSERT_TRUE(outbox->queue(1, body).ok());
  ASSERT_TRUE(outbox->queue(1, "regretted").ok());
  const auto waiting = outbox->entries();
  ASSERT_TRUE(waiting.ok());
  for (const OutboxEntry& entry : waiting.value()) {
    EXPECT_EQ(entry.state, OutboxState::kQueued);
  }
  ASSERT_TRUE(outbox->cancel(21).ok());
  EXPECT_EQ(outbox->entries().value().size(), 20U);  // No server needs to be asked.
  begin_servers();
  EXPECT_EQ(wait_for(OutboxState::kReplicated, 20).seq, 20);
  EXPECT_EQ(cluster.bodies(1), numbers(20));
}

TEST_F(OfflineTest, WhatWasQueuedOfflineOutlivesTheProcess) {
  connect(cluster.addresses());
  {
    auto outbox = open();
    ASSERT_TRUE(outbox.ok());
    for (const std::string& body : numbers(10)) ASSERT_TRUE(outbox->queue(1, body).ok());
    crash();
  }
  connect(cluster.addresses());
  auto outbox = open();
  ASSERT_TRUE(outbox.ok()) << outbox.error().message;
  EXPECT_EQ(outbox->entries().value().size(), 10U);
  ASSERT_TRUE(outbox->cancel(10).ok());  // An earlier process may have offered it: asked later.
  ASSERT_TRUE(outbox->queue(1, "9").ok());
  begin_servers();
  (void)wait_for(OutboxState::kCancelled, 10);
  EXPECT_EQ(wait_for(OutboxState::kReplicated, 11).seq, 10);
  EXPECT_EQ(cluster.bodies(1), numbers(10));
  EXPECT_EQ(cluster.voided(), 1U);
  EXPECT_TRUE(outbox->entries().value().empty());
}

TEST_F(OfflineTest, AnOutboxOfAnotherClusterSendsNothing) {
  cluster.cluster_id = 8;
  begin_servers();
  connect(cluster.addresses());
  ASSERT_TRUE(client->wait_for_primary(30s).ok());
  open()->close();  // The file is that cluster's from here on.
  crash();
  for (std::size_t i = 0; i < 2; ++i) cluster[i].kill();
  cluster.cluster_id = 7;
  connect(cluster.addresses());
  auto outbox = open();
  ASSERT_TRUE(outbox.ok()) << outbox.error().message;
  ASSERT_TRUE(outbox->queue(1, "not for you").ok());
  begin_servers();
  EXPECT_NE(wait_for(OutboxState::kFailed, 0).error.find("another cluster"), std::string::npos);
  EXPECT_EQ(outbox->queue(1, "more").error().code, ErrorCode::kFailed);
  EXPECT_EQ(outbox->entries().value().size(), 1U);
  EXPECT_TRUE(session.send(1, "direct").ok());
  EXPECT_EQ(cluster.bodies(1), std::vector<std::string>{"direct"});
}

TEST_F(OfflineTest, AClusterMadeAnewIsTakenForTheOldOneOnlyByAndBy) {
  begin_servers();
  connect(cluster.addresses());
  ASSERT_TRUE(client->create_account("ada", "correct horse").ok());
  for (std::size_t i = 0; i < 2; ++i) cluster[i].kill();
  cluster.cluster_id = 8;
  begin_servers();
  wait_until_refused_for_another_cluster();
  EXPECT_EQ(client->servers().cluster_id, 7U);
  EXPECT_TRUE(client->create_account("bob", "correct horse").ok());
  EXPECT_EQ(client->servers().cluster_id, 8U);
}

TEST_F(OfflineTest, OneServerOfAnotherClusterIsLeftAlone) {
  begin_servers();
  connect(cluster.addresses());
  ASSERT_TRUE(client->create_account("ada", "correct horse").ok());
  cluster[0].kill();
  cluster.elect(1);
  ASSERT_TRUE(client->create_account("bob", "correct horse").ok());
  const auto asked = [this] {
    std::size_t calls = 0;
    for (const fake::Seen& call : cluster.seen("CreateAccount")) calls += call.server == 1 ? 1 : 0;
    return calls;
  };
  cluster[0].other_cluster = 8;
  cluster[0].start();
  cluster[1].kill();
  wait_until_refused_for_another_cluster();
  const std::size_t before = asked();
  CallOptions longer_than_patience;
  longer_than_patience.timeout = 7s;
  const auto refused = client->create_account("cyd", "correct horse", "", longer_than_patience);
  ASSERT_FALSE(refused.ok());
  EXPECT_NE(refused.error().message.find("another cluster"), std::string::npos)
      << refused.error().message;
  cluster[1].start();
  EXPECT_TRUE(client->create_account("cyd", "correct horse").ok());
  EXPECT_EQ(client->servers().cluster_id, 7U);
  EXPECT_EQ(asked(), before);
}

}  // namespace
}  // namespace starling
