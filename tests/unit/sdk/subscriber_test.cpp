// Subscriptions: every event once, in order, whatever the streams do.
#include <gtest/gtest.h>

#include <algorithm>
#include <atomic>
#include <future>
#include <mutex>

#include "starling/client.h"
#include "tests/unit/sdk/fake_cluster.h"

namespace starling {
namespace {

using namespace std::chrono_literals;

class SubscriberTest : public ::testing::Test {
 protected:
  void begin(int servers) {
    cluster = std::make_unique<fake::Cluster>(servers);
    auto connected = Client::connect(cluster->addresses());
    ASSERT_TRUE(connected.ok()) << connected.error().message;
    client = std::make_unique<Client>(std::move(*connected));
    auto logged_in = client->log_in("ada", "correct horse");
    ASSERT_TRUE(logged_in.ok());
    session = *logged_in;
  }
  void add(int from, int to) {
    for (int i = from; i < to; ++i) cluster->add_event(std::to_string(i));
  }
  void expect(Subscription& events, int from, int to) {
    for (int i = from; i < to; ++i) {
      auto event = events.next(20s);
      ASSERT_TRUE(event.ok()) << i << ": " << event.error().message;
      ASSERT_EQ(event->message.body, std::to_string(i));
    }
  }

  std::unique_ptr<fake::Cluster> cluster;
  std::unique_ptr<Client> client;
  Session session;
};

TEST_F(SubscriberTest, ResumesWithoutGapOrRepeat) {
  begin(3);
  for (std::size_t i = 0; i < 3; ++i) {
    (*cluster)[i].cut_events_after = 2;
    (*cluster)[i].repeat_events = 4;  // A resumed stream begins with what was given already.
  }
  add(0, 60);
  auto events = session.subscribe(Cursor{});
  ASSERT_TRUE(events.ok());
  expect(*events, 0, 60);
  add(60, 80);
  expect(*events, 60, 80);
  EXPECT_EQ(events->cursor().index, 80U);
  EXPECT_EQ(events->next(50ms).error().code, ErrorCode::kDeadlineExceeded);
}

TEST_F(SubscriberTest, FromNowSeesWhatComesAfterTheCall) {
  begin(2);
  add(0, 10);
  auto events = session.subscribe();
  ASSERT_TRUE(events.ok()) << events.error().message;
  EXPECT_EQ(events->cursor().index, 10U);
  add(10, 20);
  expect(*events, 10, 20);
}

TEST_F(SubscriberTest, GoesOnWhenItsServerDies) {
  begin(3);
  auto events = session.subscribe();
  ASSERT_TRUE(events.ok());
  add(0, 5);
  expect(*events, 0, 5);
  for (std::size_t i = 0; i < 3; ++i) {
    if ((*cluster)[i].subscriptions > 0) {
      (*cluster)[i].kill();
      break;
    }
  }
  add(5, 10);
  expect(*events, 5, 10);
}

// A watch of its server that is no longer needed for anything else would be closed, and its beats
// are what tells that the stream is silent for a reason.
TEST_F(SubscriberTest, LeavesAServerThatIsCutOffLongAfterItWasChosen) {
  cluster = std::make_unique<fake::Cluster>(3);
  const std::vector<std::string> all = cluster->addresses();
  // Of several backups the first by address stays watched: here always the old primary.
  const auto first = std::min_element(all.begin(), all.end()) - all.begin();
  cluster->elect(static_cast<std::size_t>(first));
  auto connected = Client::connect(all);
  ASSERT_TRUE(connected.ok()) << connected.error().message;
  auto logged_in = connected->log_in("ada", "correct horse");
  ASSERT_TRUE(logged_in.ok());
  auto events = logged_in->subscribe();
  ASSERT_TRUE(events.ok());
  add(0, 3);
  expect(*events, 0, 3);
  std::size_t carrier = all.size();
  std::size_t other = all.size();
  for (std::size_t i = 0; i < all.size(); ++i) {
    if ((*cluster)[i].subscriptions > 0) {
      carrier = i;
    } else if (static_cast<std::ptrdiff_t>(i) != first) {
      other = i;
    }
  }
  ASSERT_LT(other, all.size());
  cluster->elect(other);
  const auto deadline = std::chrono::steady_clock::now() + 20s;
  while (connected->primary() != all[other] && std::chrono::steady_clock::now() < deadline) {
    std::this_thread::sleep_for(5ms);
  }
  add(3, 5);
  expect(*events, 3, 5);
  (*cluster)[carrier].cut_off = true;
  add(5, 8);
  expect(*events, 5, 8);
}

TEST_F(SubscriberTest, ASlowConsumerIsNotBufferedWithoutEnd) {
  begin(1);
  add(0, 5'000);
  auto events = session.subscribe(Cursor{});
  ASSERT_TRUE(events.ok());
  expect(*events, 0, 5'000);
}

TEST_F(SubscriberTest, CallbacksComeInOrderOnOneThread) {
  begin(2);
  (*cluster)[0].cut_events_after = 5;
  (*cluster)[1].cut_events_after = 5;
  add(0, 200);
  std::vector<std::string> got;
  std::thread::id first_thread;
  bool one_thread = true;
  std::atomic<int> count{0};
  auto events = session.subscribe(Cursor{}, [&](const Event& event) {
    got.push_back(event.message.body);
    if (got.size() == 1) first_thread = std::this_thread::get_id();
    one_thread = one_thread && first_thread == std::this_thread::get_id();
    ++count;
  });
  ASSERT_TRUE(events.ok());
  const auto deadline = std::chrono::steady_clock::now() + 20s;
  while (count < 200 && std::chrono::steady_clock::now() < deadline) std::this_thread::yield();
  events->close();
  ASSERT_EQ(got.size(), 200U);
  for (int i = 0; i < 200; ++i) EXPECT_EQ(got[static_cast<std::size_t>(i)], std::to_string(i));
  EXPECT_TRUE(one_thread);
}

// The caller's word for a place is not a server's: reads must not wait for it.
TEST_F(SubscriberTest, ACursorFromNowhereMovesNoReadToken) {
  begin(1);
  add(0, 3);
  auto ahead = session.subscribe(Cursor{1, 1'000'000, 0});
  ASSERT_TRUE(ahead.ok());
  ASSERT_TRUE(session.messages(1).ok());
  auto now = session.subscribe();  // Says what this client has seen.
  ASSERT_TRUE(now.ok());
  add(3, 6);
  expect(*now, 3, 6);
  ASSERT_TRUE(session.messages(1).ok());
  EXPECT_EQ(cluster->seen("ListMessages").back().as_of_ms, 6);
  EXPECT_EQ((*cluster)[0].seen_by_subscriber, 3U);
}

TEST_F(SubscriberTest, AnOldCursorIsToldToResync) {
  begin(1);
  (*cluster)[0].resync = true;
  auto events = session.subscribe(Cursor{1, 1, 0});
  ASSERT_TRUE(events.ok());
  EXPECT_EQ(events->next(10s).error().code, ErrorCode::kResync);
  auto now = session.subscribe();
  ASSERT_FALSE(now.ok());
  EXPECT_EQ(now.error().code, ErrorCode::kResync);
}

TEST_F(SubscriberTest, PinnedEndsWithItsServer) {
  begin(2);
  auto events = session.subscribe(Cursor{}, nullptr, (*cluster)[1].address());
  ASSERT_TRUE(events.ok());
  add(0, 3);
  expect(*events, 0, 3);
  (*cluster)[1].kill();
  EXPECT_EQ(events->next(10s).error().code, ErrorCode::kUnavailable);
}

TEST_F(SubscriberTest, CallbacksGetWhatArrivedBeforeTheEnd) {
  begin(1);
  std::promise<void> gate;
  std::shared_future<void> open = gate.get_future().share();
  std::atomic<int> count{0};
  (*cluster)[0].cut_events_after = 4;
  add(0, 12);
  auto events = session.subscribe(
      Cursor{},
      [&count, open](const Event&) {
        open.wait();
        ++count;
      },
      (*cluster)[0].address());
  ASSERT_TRUE(events.ok());
  // The end is not told while events wait for the callback.
  EXPECT_EQ(events->next(500ms).error().code, ErrorCode::kDeadlineExceeded);
  gate.set_value();
  EXPECT_EQ(events->next(20s).error().code, ErrorCode::kUnavailable);
  EXPECT_EQ(count, 12);
}

TEST_F(SubscriberTest, CloseEndsAWaitingNext) {
  begin(1);
  auto events = session.subscribe();
  ASSERT_TRUE(events.ok());
  std::thread closer([&] { events->close(); });
  EXPECT_EQ(events->next(10s).error().code, ErrorCode::kCancelled);
  closer.join();
}

}  // namespace
}  // namespace starling
