// Going to a message that is not in the window: one gets there in whichever order the answers come.
#include <gtest/gtest.h>

#include <QSignalSpy>

#include "tests/qml/timeline_history.h"

namespace starling_app {
namespace {

constexpr qint64 kTarget = 700;

class Jump : public TimelineHistory {
 protected:
  void expect_there() {
    ASSERT_EQ(jumped_.size(), 1);
    const int row = jumped_[0][0].toInt();
    EXPECT_EQ(seq(row), kTarget);
    EXPECT_TRUE(model_.loaded());
    EXPECT_FALSE(model_.loading());
    EXPECT_TRUE(model_.detached());
    EXPECT_EQ(model_.notice(), QString());
    expect_a_window();
    EXPECT_TRUE(model_.canFetchMore({}));
  }
  int question(qsizetype at) const { return around_.at(at)[2].toInt(); }
  void answer_jump(qsizetype at) { answer_around(around_.at(at)[1].toLongLong(), question(at)); }

  QSignalSpy older_{&model_, &TimelineModel::older_wanted};
  QSignalSpy around_{&model_, &TimelineModel::around_wanted};
  QSignalSpy jumped_{&model_, &TimelineModel::jumped};
};

TEST_F(Jump, AConversationOpensAtAMessageWithOneQuestion) {
  model_.open(kChat, kSelf, {}, -1, kTarget);
  EXPECT_EQ(older_.size(), 0);
  ASSERT_EQ(around_.size(), 1);
  answer_jump(0);
  expect_there();
}

TEST_F(Jump, WhileTheNewestPageIsOnItsWayAndComesLast) {
  model_.open(kChat, kSelf, {});
  model_.jumpTo(kTarget);
  ASSERT_EQ(around_.size(), 1);
  answer_jump(0);
  expect_there();
  answer_older(0);
  expect_there();
}

TEST_F(Jump, WhileTheNewestPageIsOnItsWayAndComesFirst) {
  model_.open(kChat, kSelf, {});
  model_.jumpTo(kTarget);
  answer_older(0);
  EXPECT_EQ(model_.count(), 0);  // Nobody wants to see it, and it is not what one has read.
  answer_jump(0);
  expect_there();
}

TEST_F(Jump, ThePageThatDoesNotComeIsNoErrorThen) {
  model_.open(kChat, kSelf, {});
  model_.jumpTo(kTarget);
  model_.apply_page_error(kChat, model_.era(), 0, "why");
  answer_jump(0);
  expect_there();
}

// What was read before the stream began anew may know nothing of what happened meanwhile.
TEST_F(Jump, AReloadAsksForItAgainAndTheFirstAnswerIsLate) {
  model_.open(kChat, kSelf, {});
  answer_older();
  model_.jumpTo(kTarget);
  model_.reload();
  ASSERT_EQ(around_.size(), 2);
  EXPECT_EQ(around_[1][1].toLongLong(), kTarget);
  answer_jump(0);
  EXPECT_EQ(jumped_.size(), 0);
  EXPECT_TRUE(model_.loading());
  answer_jump(1);
  expect_there();
}

TEST_F(Jump, DuringAReloadWhatIsShownMayBeGone) {
  model_.open(kChat, kSelf, {});
  answer_older();
  model_.reload();
  model_.jumpTo(last_ - 10);
  EXPECT_EQ(jumped_.size(), 0);
  answer_older(0);
  EXPECT_EQ(jumped_.size(), 0);
  answer_jump(0);
  ASSERT_EQ(jumped_.size(), 1);
  EXPECT_EQ(seq(jumped_[0][0].toInt()), last_ - 10);
  EXPECT_FALSE(model_.detached());
  EXPECT_EQ(seq(0), last_);
}

TEST_F(Jump, TheLastWishCounts) {
  model_.open(kChat, kSelf, {});
  answer_older();
  model_.jumpTo(100);
  model_.jumpTo(kTarget);
  answer_jump(1);
  answer_jump(0);
  expect_there();
  // One that is here is gone to at once, and the other is not wanted any more.
  model_.jumpTo(1'500);
  model_.jumpTo(kTarget + 1);
  answer_jump(2);
  ASSERT_EQ(jumped_.size(), 2);
  EXPECT_EQ(seq(jumped_[1][0].toInt()), kTarget + 1);
  expect_a_window();
}

TEST_F(Jump, WhoGoesToTheNewestGetsThere) {
  model_.open(kChat, kSelf, {}, -1, kTarget);
  model_.toNewest();
  ASSERT_EQ(older_.size(), 1);
  answer_jump(0);
  EXPECT_EQ(jumped_.size(), 0);
  answer_older(0);
  EXPECT_EQ(seq(0), last_);
  EXPECT_FALSE(model_.detached());
  // Also from the newest page, where nothing has to be loaded.
  model_.jumpTo(kTarget);
  model_.toNewest();
  answer_jump(1);
  EXPECT_EQ(older_.size(), 1);
  EXPECT_EQ(seq(0), last_);
}

TEST_F(Jump, WhenItFailsTheNewestPageIsAskedFor) {
  model_.open(kChat, kSelf, {}, -1, kTarget);
  model_.apply_around_error(kChat, question(0) - 1);  // Of an earlier question.
  EXPECT_EQ(older_.size(), 0);
  model_.apply_around_error(kChat, question(0));
  ASSERT_EQ(older_.size(), 1);
  answer_older(0);
  EXPECT_EQ(seq(0), last_);
  // And nothing, where one is somewhere.
  model_.jumpTo(kTarget);
  model_.apply_around_error(kChat, question(1));
  EXPECT_EQ(older_.size(), 1);
  EXPECT_EQ(seq(0), last_);
}

TEST_F(Jump, NothingThereIsAFailure) {
  model_.open(kChat, kSelf, {}, -1, kTarget);
  model_.apply_around(kChat, question(0), {});
  EXPECT_EQ(older_.size(), 1);
}

TEST_F(Jump, ToWhatOneMayNotSeeEndsAtTheNearest) {
  model_.open(kChat, kSelf, {}, -1, 5);
  starling::MessageWindow window;
  window.items = {message(20), message(21)};  // In the group since then.
  window.more_after = true;
  model_.apply_around(kChat, question(0), window);
  ASSERT_EQ(jumped_.size(), 1);
  EXPECT_EQ(seq(jumped_[0][0].toInt()), 20);
}

TEST_F(Jump, AnotherConversationHasNothingToDoWithIt) {
  model_.open(kChat, kSelf, {}, -1, kTarget);
  model_.open(kChat + 1, kSelf, {});
  answer_jump(0);
  EXPECT_EQ(jumped_.size(), 0);
  EXPECT_EQ(model_.count(), 0);
}

}  // namespace
}  // namespace starling_app
