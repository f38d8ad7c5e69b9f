// Marks of what was received: gathered, at most one call a second, and only where they are shown.
#include "qml-client/src/delivered_marks.h"

#include <gtest/gtest.h>

#include <QElapsedTimer>
#include <QSignalSpy>

namespace starling_app {
namespace {

constexpr int kPatienceMs = 20'000;

class Delivered : public testing::Test {
 protected:
  Delivered() {
    QObject::connect(&marks_, &DeliveredMarks::marks_wanted, &marks_, [this](const auto& told) {
      for (const starling::DeliveredMark& one : told)
        told_.emplace_back(one.conversation_id, one.seq);
      ++calls_;
    });
  }

  using Told = std::vector<std::pair<qint64, qint64>>;

  std::map<qint64, bool> shown_ = {{1, true}, {2, true}, {3, false}};
  DeliveredMarks marks_{[this](qint64 id) -> std::optional<bool> {
    const auto known = shown_.find(id);
    return known == shown_.end() ? std::nullopt : std::optional(known->second);
  }};
  QSignalSpy spy_{&marks_, &DeliveredMarks::marks_wanted};
  Told told_;
  int calls_ = 0;
};

TEST_F(Delivered, TheFirstGoesAtOnceTheNextAfterASecondInOneCall) {
  QElapsedTimer clock;
  clock.start();
  marks_.add(1, 5);
  EXPECT_EQ(told_, (Told{{1, 5}}));
  marks_.add(1, 6);
  marks_.add(2, 9);
  marks_.add(1, 8);
  marks_.add(1, 7);
  EXPECT_EQ(calls_, 1);
  ASSERT_TRUE(spy_.wait(kPatienceMs));
  EXPECT_GE(clock.elapsed(), DeliveredMarks::kPauseMs);
  EXPECT_EQ(told_, (Told{{1, 5}, {1, 8}, {2, 9}}));
  EXPECT_EQ(calls_, 2);
}

TEST_F(Delivered, WhereNobodySeesThemNoneAreTold) {
  marks_.add(3, 5);
  EXPECT_EQ(calls_, 0);
  marks_.add(1, 1);
  EXPECT_EQ(told_, (Told{{1, 1}}));
}

TEST_F(Delivered, AConversationThatIsNotKnownYetIsWaitedFor) {
  marks_.add(4, 2);
  EXPECT_EQ(calls_, 0);
  shown_[4] = true;
  ASSERT_TRUE(spy_.wait(kPatienceMs));
  EXPECT_EQ(told_, (Told{{4, 2}}));
}

TEST_F(Delivered, ALogOutForgetsThem) {
  marks_.add(1, 1);
  marks_.add(1, 2);
  marks_.reset();
  marks_.add(2, 1);  // Nothing is left to wait for.
  EXPECT_EQ(told_, (Told{{1, 1}, {2, 1}}));
}

}  // namespace
}  // namespace starling_app
