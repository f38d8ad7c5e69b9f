// The window has time of its own between two batches of events: the more, the longer they took it.
#include "qml-client/src/event_rest.h"

#include <gtest/gtest.h>

#include <QElapsedTimer>
#include <chrono>
#include <thread>

#include "tests/qml/patience.h"

namespace starling_app {
namespace {

using namespace std::chrono_literals;

class AppEventRest : public testing::Test {
 protected:
  AppEventRest() {
    QObject::connect(&rest_, &EventRest::over, &rest_, [this] { ++over_; });
  }

  // The frame that shows a batch: it takes the thread, as soon as it may.
  void frame(std::chrono::milliseconds length) {
    QTimer::singleShot(0, &rest_, [length] { std::this_thread::sleep_for(length); });
  }

  EventRest rest_;
  int over_ = 0;
};

TEST_F(AppEventRest, IsTwiceAsLongAsTheEventsTook) {
  EXPECT_EQ(EventRest::after(0ms), 0ms);
  EXPECT_EQ(EventRest::after(12ms), 24ms);
  EXPECT_EQ(EventRest::after(60ms), 120ms);
}

TEST_F(AppEventRest, HasAnEndHoweverLongTheyTook) {
  EXPECT_EQ(EventRest::after(10s), EventRest::kMost);
}

TEST_F(AppEventRest, CountsTheFrameThatShowsThem) {
  QElapsedTimer timer;
  timer.start();
  rest_.begin();
  rest_.applied();
  frame(60ms);
  ASSERT_TRUE(until([this] { return over_ > 0; }));
  EXPECT_GE(timer.elapsed(), 170);  // The frame, and twice as long for other things; in whole ms.
}

TEST_F(AppEventRest, IsOverOnceForEachBatch) {
  for (int batch = 1; batch <= 3; ++batch) {
    rest_.begin();
    EXPECT_EQ(over_, batch - 1);
    rest_.applied();
    ASSERT_TRUE(until([this, batch] { return over_ == batch; }));
  }
}

TEST_F(AppEventRest, OfAnEarlierSessionTellsNobody) {
  rest_.begin();
  rest_.applied();
  rest_.reset();
  EventRest next;
  int ended = 0;
  QObject::connect(&next, &EventRest::over, &next, [&ended] { ++ended; });
  QTimer::singleShot(100ms, &next, [&next] {
    next.begin();
    next.applied();
  });
  ASSERT_TRUE(until([&ended] { return ended > 0; }));  // Begun later, and over.
  EXPECT_EQ(over_, 0);
}

}  // namespace
}  // namespace starling_app
