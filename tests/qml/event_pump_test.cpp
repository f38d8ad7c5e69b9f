// The stream's events reach the window in order, each once, in one batch at a time.
#include "qml-client/src/event_pump.h"

#include <gtest/gtest.h>

#include <chrono>
#include <condition_variable>
#include <mutex>
#include <optional>
#include <utility>
#include <vector>

#include "tests/qml/fake_server.h"

namespace starling_app {
namespace {

using namespace std::chrono_literals;

constexpr std::int64_t kChat = 10;
constexpr std::int64_t kEvents = 3'000;  // More than a batch holds.

class AppEventPump : public testing::Test {
 protected:
  void SetUp() override {
    auto client = starling::Client::connect({server_.address()});
    ASSERT_TRUE(client.ok());
    client_.emplace(std::move(client.value()));
    auto session = client_->log_in("ada", kFakePassword);
    ASSERT_TRUE(session.ok());
    session_ = session.value();
  }
  void TearDown() override {
    if (client_) client_->close();
  }

  void tell(std::int64_t first, std::int64_t last) {
    for (std::int64_t seq = first; seq <= last; ++seq) {
      starling::v1::Event event;
      event.set_kind(starling::v1::EVENT_KIND_MESSAGE);
      event.set_conversation_id(kChat);
      event.mutable_message()->set_conversation_id(kChat);
      event.mutable_message()->set_seq(seq);
      event.mutable_message()->set_body("words");
      server_.tell(event);
    }
  }

  EventPump::Listener listener() {
    EventPump::Listener made;
    made.live = [this] {
      const std::lock_guard lock(mutex_);
      live_ = true;
      changed_.notify_all();
    };
    made.events = [this](std::vector<starling::Event> events) {
      const std::lock_guard lock(mutex_);
      together_ = together_ || open_;
      open_ = true;
      for (const starling::Event& event : events) seqs_.push_back(event.message.seq);
      changed_.notify_all();
    };
    made.ended = [](const starling::Error&) {};
    return made;
  }
  template <typename There>
  bool wait(There there) {
    std::unique_lock lock(mutex_);
    return changed_.wait_for(lock, 30s, there);
  }
  // As the window does when it has rested.
  void take(EventPump& pump) {
    {
      const std::lock_guard lock(mutex_);
      open_ = false;
    }
    pump.taken();
  }

  FakeServer server_;
  std::optional<starling::Client> client_;
  std::optional<starling::Session> session_;
  std::mutex mutex_;
  std::condition_variable changed_;
  bool live_ = false;
  bool open_ = false;      // A batch that was not answered yet.
  bool together_ = false;  // Two were.
  std::vector<std::int64_t> seqs_;
};

TEST_F(AppEventPump, HandsOverOneBatchAtATimeAndLosesNothing) {
  EventPump pump(*session_, listener());
  ASSERT_TRUE(wait([this] { return live_; }));
  tell(1, kEvents);
  std::size_t seen = 0;
  while (seen < kEvents) {
    ASSERT_TRUE(wait([&] { return open_; }));
    (void)session_->conversations(1, 0);  // A while, in which more comes.
    {
      const std::lock_guard lock(mutex_);
      EXPECT_FALSE(together_);
      EXPECT_GT(seqs_.size(), seen);
      seen = seqs_.size();
    }
    take(pump);
  }
  std::vector<std::int64_t> all;
  for (std::int64_t seq = 1; seq <= kEvents; ++seq) all.push_back(seq);
  EXPECT_EQ(seqs_, all);
}

TEST_F(AppEventPump, EndsWhileTheWindowRests) {
  std::optional<EventPump> pump;
  pump.emplace(*session_, listener());
  ASSERT_TRUE(wait([this] { return live_; }));
  tell(1, 2);
  ASSERT_TRUE(wait([this] { return open_; }));
  pump.reset();  // Comes back.
  EXPECT_FALSE(together_);
}

}  // namespace
}  // namespace starling_app
