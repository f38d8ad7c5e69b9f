// Sends: order, exactly once, and what is said when the outcome stays open.
#include <gtest/gtest.h>

#include <algorithm>
#include <future>
#include <mutex>
#include <set>

#include "starling/client.h"
#include "tests/unit/sdk/fake_cluster.h"

namespace starling {
namespace {

using namespace std::chrono_literals;
using fake::SendScript;

class WriterTest : public ::testing::Test {
 protected:
  void begin(int servers, std::chrono::milliseconds timeout = 10s,
             std::size_t max_queued_writes = 4'096) {
    cluster = std::make_unique<fake::Cluster>(servers);
    ClientOptions options;
    options.timeout = timeout;
    options.max_queued_writes = max_queued_writes;
    auto connected = Client::connect(cluster->addresses(), options);
    ASSERT_TRUE(connected.ok()) << connected.error().message;
    client = std::make_unique<Client>(std::move(*connected));
    auto logged_in = client->log_in("ada", "correct horse");
    ASSERT_TRUE(logged_in.ok());
    session = *logged_in;
  }

  // Sends "0", "1", … at once and waits for all answers.
  std::vector<Result<Message>> send_many(int count, std::int64_t conversation = 1) {
    std::vector<std::future<Result<Message>>> futures;
    for (int i = 0; i < count; ++i) {
      auto promise = std::make_shared<std::promise<Result<Message>>>();
      futures.push_back(promise->get_future());
      session.send_async(conversation, std::to_string(i), [promise](Result<Message> result) {
        promise->set_value(std::move(result));
      });
    }
    std::vector<Result<Message>> results;
    for (auto& future : futures) {
      EXPECT_EQ(future.wait_for(30s), std::future_status::ready);
      results.push_back(future.get());
    }
    return results;
  }

  static std::vector<std::string> numbers(int count) {
    std::vector<std::string> all;
    for (int i = 0; i < count; ++i) all.push_back(std::to_string(i));
    return all;
  }

  // Where the stored sends of a conversation are the ones that were called, in order, once each.
  void expect_all_in_order(int count) {
    const auto results = send_many(count);
    for (int i = 0; i < count; ++i) {
      const auto& result = results[static_cast<std::size_t>(i)];
      ASSERT_TRUE(result.ok()) << i << ": " << result.error().message;
      EXPECT_EQ(result.value().seq, i + 1);
    }
    EXPECT_EQ(cluster->bodies(1), numbers(count));
  }

  std::unique_ptr<fake::Cluster> cluster;
  std::unique_ptr<Client> client;
  Session session;
};

TEST_F(WriterTest, PipelinedSendsStayInOrder) {
  begin(3);
  expect_all_in_order(500);
  EXPECT_EQ((*cluster)[0].streams(), 1);
}

TEST_F(WriterTest, EachNamesItsUnansweredPredecessor) {
  begin(1);
  std::promise<void> open;
  auto gate = open.get_future().share();
  (*cluster)[0].on_send([gate](const v1::SendRequest&) {
    gate.wait();
    return SendScript::kApply;
  });
  std::atomic<int> done{0};
  for (int i = 0; i < 4; ++i) {
    session.send_async(1, std::to_string(i), [&done](const Result<Message>&) { ++done; });
  }
  session.send_async(2, "elsewhere", [&done](const Result<Message>&) { ++done; });
  SendOptions last;
  last.timeout = 20s;
  auto flushed = std::async(std::launch::async, [&] { return session.send(3, "flush", last); });
  open.set_value();
  ASSERT_TRUE(flushed.get().ok());
  const auto seen = cluster->seen("SendStream");
  ASSERT_EQ(seen.size(), 6U);
  EXPECT_TRUE(seen[0].after.empty());
  EXPECT_EQ(seen[1].after, seen[0].request_id);
  EXPECT_EQ(seen[2].after, seen[1].request_id);
  EXPECT_EQ(seen[3].after, seen[2].request_id);
  EXPECT_TRUE(seen[4].after.empty()) << "another conversation";
  EXPECT_GT(seen[0].as_of_ms, 0);
}

TEST_F(WriterTest, ABrokenStreamIsOfferedAgainInOrder) {
  begin(3);
  // Every server's stream breaks now and then, before or after the send took effect.
  auto count = std::make_shared<std::atomic<int>>(0);
  for (std::size_t i = 0; i < 3; ++i) {
    (*cluster)[i].on_send([count](const v1::SendRequest&) {
      const int n = ++*count;
      if (n % 97 == 0) return SendScript::kBreak;
      if (n % 61 == 0) return SendScript::kApplyAndBreak;
      return SendScript::kApply;
    });
  }
  expect_all_in_order(300);
  // A retry is the same request: nothing about it changed.
  std::map<std::string, std::string> first;
  for (const fake::Seen& seen : cluster->seen("SendStream")) {
    const auto [it, fresh] = first.emplace(seen.request_id, seen.after);
    EXPECT_EQ(it->second, seen.after);
  }
  EXPECT_EQ(first.size(), 300U);
}

TEST_F(WriterTest, RefusalsForWantOfAPrimaryAreWaitedOut) {
  begin(3);
  auto count = std::make_shared<std::atomic<int>>(0);
  for (std::size_t i = 0; i < 3; ++i) {
    (*cluster)[i].on_send([count](const v1::SendRequest&) {
      return ++*count % 50 < 10 ? SendScript::kNoPrimary : SendScript::kApply;
    });
  }
  expect_all_in_order(200);
}

TEST_F(WriterTest, SendsOfAnElectionWaitAndGoOutInOrder) {
  begin(3);
  ASSERT_TRUE(session.send(9, "warm").ok());
  cluster->elect(99);
  (*cluster)[0].kill();
  auto all = std::async(std::launch::async, [&] { return send_many(100); });
  // Some backup was asked meanwhile.
  const auto deadline = std::chrono::steady_clock::now() + 10s;
  while (cluster->seen("SendStream").size() < 2 && std::chrono::steady_clock::now() < deadline) {
    std::this_thread::yield();
  }
  cluster->elect(2);
  for (const auto& result : all.get()) ASSERT_TRUE(result.ok()) << result.error().message;
  EXPECT_EQ(cluster->bodies(1), numbers(100));
  // One send finds out whether there is a primary; the others are not thrown after it.
  EXPECT_LT(cluster->seen("SendStream").size(), 400U);
}

TEST_F(WriterTest, AnUnansweredSendMayHaveHappenedAndIsSettled) {
  begin(1);
  (*cluster)[0].on_send([](const v1::SendRequest& request) {
    return request.body() == "lost" ? SendScript::kSwallow : SendScript::kApply;
  });
  SendOptions brief;
  brief.timeout = 300ms;
  auto lost = session.send(1, "lost", brief);
  ASSERT_FALSE(lost.ok());
  EXPECT_EQ(lost.error().code, ErrorCode::kDeadlineExceeded);
  EXPECT_TRUE(lost.error().may_have_happened);
  // The next one names it, and goes through once it is voided.
  auto next = session.send(1, "next");
  ASSERT_TRUE(next.ok()) << next.error().message;
  EXPECT_EQ(cluster->voided(), 1U);
  EXPECT_EQ(cluster->bodies(1), std::vector<std::string>{"next"});
}

TEST_F(WriterTest, ASendThatHappenedUnseenStaysAndItsSuccessorsFollow) {
  begin(1);
  (*cluster)[0].on_send([](const v1::SendRequest& request) {
    return request.body() == "silent" ? SendScript::kApplySilently : SendScript::kApply;
  });
  SendOptions brief;
  brief.timeout = 300ms;
  auto silent = session.send(1, "silent", brief);
  ASSERT_FALSE(silent.ok());
  EXPECT_TRUE(silent.error().may_have_happened);
  ASSERT_TRUE(session.send(1, "next").ok());
  EXPECT_EQ(cluster->voided(), 0U);
  EXPECT_EQ(cluster->bodies(1), (std::vector<std::string>{"silent", "next"}));
}

TEST_F(WriterTest, AFinalRefusalKeepsWhatAnEarlierAttemptLeftOpen) {
  begin(1);
  auto offers = std::make_shared<std::atomic<int>>(0);
  (*cluster)[0].on_send([offers](const v1::SendRequest&) {
    return ++*offers == 1 ? SendScript::kApplyAndBreak : SendScript::kLoggedOut;
  });
  auto sent = session.send(1, "stored");
  ASSERT_FALSE(sent.ok());
  EXPECT_EQ(sent.error().code, ErrorCode::kUnauthenticated);
  EXPECT_TRUE(sent.error().may_have_happened);
}

TEST_F(WriterTest, AStatusThatNoStarlingServerMadeDecidesNothing) {
  for (int code = 1; code <= 16; ++code) {
    begin(2);
    auto offers = std::make_shared<std::atomic<int>>(0);
    for (std::size_t i = 0; i < 2; ++i) {
      (*cluster)[i].strange = code;
      (*cluster)[i].on_send([offers](const v1::SendRequest&) {
        return ++*offers == 1 ? SendScript::kApplyAndStrange : SendScript::kApply;
      });
    }
    const auto sent = session.send(1, "stored");
    EXPECT_TRUE(sent.ok()) << code << ": " << sent.error().message;
    EXPECT_EQ(cluster->bodies(1), std::vector<std::string>{"stored"}) << code;
  }
}

TEST_F(WriterTest, ASharedSendIsTakenBackByEachCallerAlone) {
  begin(1);
  (*cluster)[0].on_send([](const v1::SendRequest&) { return SendScript::kSwallow; });
  SendOptions options;
  options.request_id = std::string(16, 'r');
  std::promise<Result<Message>> first;
  std::promise<Result<Message>> second;
  const Call one = session.send_async(
      1, "once", [&](Result<Message> result) { first.set_value(std::move(result)); }, options);
  const Call two = session.send_async(
      1, "once", [&](Result<Message> result) { second.set_value(std::move(result)); }, options);
  one.cancel();
  auto cancelled = first.get_future();
  ASSERT_EQ(cancelled.wait_for(30s), std::future_status::ready);
  const Result<Message> taken_back = cancelled.get();
  EXPECT_EQ(taken_back.error().code, ErrorCode::kCancelled);
  EXPECT_TRUE(taken_back.error().may_have_happened) << "the other one's goes on";
  (*cluster)[0].on_send(nullptr);
  (*cluster)[0].kill();
  (*cluster)[0].start();
  auto stored = second.get_future();
  ASSERT_EQ(stored.wait_for(30s), std::future_status::ready);
  EXPECT_TRUE(stored.get().ok());
  EXPECT_EQ(cluster->bodies(1), std::vector<std::string>{"once"});
  EXPECT_EQ(cluster->voided(), 0U);
}

// P4: a Void that was not recorded lets nothing pass, whoever refused it.
TEST_F(WriterTest, OnlyARecordedVoidLetsSuccessorsGo) {
  begin(1);
  (*cluster)[0].on_send([](const v1::SendRequest& request) {
    return request.body() == "lost" ? SendScript::kSwallow : SendScript::kApply;
  });
  auto voids = std::make_shared<std::atomic<int>>(0);
  auto stored_before = std::make_shared<std::atomic<std::size_t>>(0);
  (*cluster)[0].on_unary([this, voids, stored_before](const std::string& method) {
    if (method != "Void") return grpc::Status::OK;
    *stored_before = cluster->bodies(1).size();
    return ++*voids <= 2 ? grpc::Status(grpc::StatusCode::UNIMPLEMENTED, "") : grpc::Status::OK;
  });
  SendOptions brief;
  brief.timeout = 200ms;
  EXPECT_FALSE(session.send(1, "lost", brief).ok());
  EXPECT_TRUE(session.send(1, "next").ok());
  EXPECT_EQ(*voids, 3);
  EXPECT_EQ(*stored_before, 0U);
  EXPECT_EQ(cluster->voided(), 1U);
}

// The end of a stream whose write has failed is behind the answers that are still to be read: a
// quick end is waited for here, which without reading on comes only after the stall's four seconds.
TEST_F(WriterTest, AStreamThatBreaksWhileItIsWrittenToEndsAtOnce) {
  int slow = 0;
  for (int round = 0; round < 40; ++round) {
    begin(2, 30s);
    auto count = std::make_shared<std::atomic<int>>(0);
    for (std::size_t i = 0; i < 2; ++i) {
      (*cluster)[i].on_send([count](const v1::SendRequest&) {
        return ++*count % 61 == 0 ? SendScript::kApplyAndBreak : SendScript::kApply;
      });
    }
    const auto begun = std::chrono::steady_clock::now();
    expect_all_in_order(300);
    if (std::chrono::steady_clock::now() - begun > 3s) ++slow;
  }
  EXPECT_LE(slow, 2);
}

// A Void lets everything pass that names it: were the younger of two unanswered sends voided first,
// what follows it could overtake the older one.
TEST_F(WriterTest, TheOldestUnansweredSendIsSettledFirst) {
  begin(1);
  auto old_offers = std::make_shared<std::atomic<int>>(0);
  auto voided_early = std::make_shared<std::atomic<bool>>(false);
  (*cluster)[0].on_send([this, old_offers, voided_early](const v1::SendRequest& request) {
    if (request.body() == "old") {
      if (++*old_offers == 1) return SendScript::kSwallow;
      *voided_early = !cluster->seen("Void").empty();
    }
    if (request.body() == "brief") return SendScript::kSwallow;
    return request.body() == "break" && *old_offers == 1 ? SendScript::kBreak : SendScript::kApply;
  });
  auto old = std::make_shared<std::promise<Result<Message>>>();
  auto old_answer = old->get_future();
  session.send_async(1, "old",
                     [old](Result<Message> result) { old->set_value(std::move(result)); });
  SendOptions brief;
  brief.timeout = 300ms;
  EXPECT_TRUE(session.send(1, "brief", brief).error().may_have_happened);
  ASSERT_TRUE(client->create_account("bob", "battery staple")
                  .ok());  // A round trip behind whatever the expiry sent.
  ASSERT_TRUE(session.send(2, "break").ok());
  ASSERT_TRUE(session.send(1, "next").ok());
  ASSERT_EQ(old_answer.wait_for(30s), std::future_status::ready);
  EXPECT_TRUE(old_answer.get().ok());
  EXPECT_FALSE(*voided_early);
  EXPECT_EQ(cluster->voided(), 1U);
  EXPECT_EQ(cluster->bodies(1), (std::vector<std::string>{"old", "next"}));
}

TEST_F(WriterTest, ARefusedSendDoesNotHoldUpItsSuccessors) {
  begin(1);
  (*cluster)[0].on_send([](const v1::SendRequest& request) {
    return request.body() == "3" ? SendScript::kInvalid : SendScript::kApply;
  });
  const auto results = send_many(8);
  for (std::size_t i = 0; i < results.size(); ++i) {
    if (i == 3) {
      ASSERT_FALSE(results[i].ok());
      EXPECT_EQ(results[i].error().code, ErrorCode::kInvalidArgument);
      EXPECT_EQ(results[i].error().field, "body");
      EXPECT_FALSE(results[i].error().may_have_happened);
    } else {
      EXPECT_TRUE(results[i].ok()) << i << ": " << results[i].error().message;
    }
  }
  EXPECT_EQ(cluster->bodies(1), (std::vector<std::string>{"0", "1", "2", "4", "5", "6", "7"}));
}

// What was refused for a moment is offered again behind its successors, and all of them are back in
// their order when that stream breaks.
TEST_F(WriterTest, ASecondOfferDoesNotChangeTheOrderOfTheNextStream) {
  begin(1);
  std::mutex mutex;
  std::vector<std::string> offers;
  bool broken = false;
  (*cluster)[0].on_send([&](const v1::SendRequest& request) {
    const std::lock_guard lock(mutex);
    const bool again = std::find(offers.begin(), offers.end(), request.body()) != offers.end();
    if (again && !broken) {
      broken = true;
      offers.clear();
      return SendScript::kBreak;
    }
    offers.push_back(request.body());
    if (broken) return SendScript::kApply;
    return request.body() == "0" ? SendScript::kOverloaded : SendScript::kSwallow;
  });
  expect_all_in_order(4);
  const std::lock_guard lock(mutex);
  EXPECT_EQ(offers, numbers(4));
}

TEST_F(WriterTest, TheQueueIsBounded) {
  begin(1, 2s, 10);
  (*cluster)[0].on_send([](const v1::SendRequest&) { return SendScript::kSwallow; });
  const auto results = send_many(15);
  std::map<ErrorCode, int> codes;
  for (const auto& result : results) ++codes[result.error().code];
  EXPECT_EQ(codes[ErrorCode::kResourceExhausted], 5);
  EXPECT_EQ(codes[ErrorCode::kDeadlineExceeded], 10);
  (*cluster)[0].on_send(nullptr);
  EXPECT_TRUE(session.send(1, "room again").ok());
}

TEST_F(WriterTest, TheCallersRequestIdIsUsed) {
  begin(1);
  SendOptions options;
  options.request_id = "0123456789abcdef";
  auto first = session.send(1, "once", options);
  auto second = session.send(1, "once", options);
  ASSERT_TRUE(first.ok());
  ASSERT_TRUE(second.ok());
  EXPECT_EQ(first->seq, second->seq);
  EXPECT_EQ(cluster->bodies(1).size(), 1U);
  options.request_id = "short";
  EXPECT_EQ(session.send(1, "x", options).error().code, ErrorCode::kInvalidArgument);
}

TEST_F(WriterTest, ManyThreadsSendAtOnce) {
  begin(3);
  std::vector<std::future<int>> threads;
  for (int t = 0; t < 8; ++t) {
    threads.push_back(std::async(std::launch::async, [this, t] {
      int ok = 0;
      for (int i = 0; i < 50; ++i) ok += session.send(t, std::to_string(i)).ok() ? 1 : 0;
      return ok;
    }));
  }
  for (auto& thread : threads) EXPECT_EQ(thread.get(), 50);
  for (int t = 0; t < 8; ++t) EXPECT_EQ(cluster->bodies(t), numbers(50));
}

TEST_F(WriterTest, ASessionMayGoBeforeItsSendsAreAnswered) {
  begin(2);
  std::atomic<int> done{0};
  for (int i = 0; i < 50; ++i) {
    session.send_async(1, std::to_string(i), [&done](const Result<Message>& result) {
      EXPECT_TRUE(result.ok());
      ++done;
    });
  }
  session = Session();
  const auto deadline = std::chrono::steady_clock::now() + 10s;
  while (done < 50 && std::chrono::steady_clock::now() < deadline) std::this_thread::yield();
  EXPECT_EQ(done, 50);
  client->close();
}

}  // namespace
}  // namespace starling
