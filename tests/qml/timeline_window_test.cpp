// The timeline holds a window of the history, and moves it to where one reads.
#include <gtest/gtest.h>

#include <QSignalSpy>

#include "tests/qml/timeline_history.h"

namespace starling_app {
namespace {

class Window : public TimelineHistory {
 protected:
  Window() {
    model_.open(kChat, kSelf, {});
    answer_older();
  }
};

TEST_F(Window, NewMessagesPushTheOldestOutAndTheyCanBeReadAgain) {
  for (int n = 0; n < 2 * TimelineModel::kMaxStored; ++n) model_.apply_message(message(++last_));
  expect_a_window();
  EXPECT_FALSE(model_.detached());
  EXPECT_EQ(seq(0), last_);
  EXPECT_EQ(oldest(), last_ - TimelineModel::kMaxStored + 1);
  const qint64 edge = oldest();
  ASSERT_TRUE(model_.canFetchMore({}));
  model_.fetchMore({});
  EXPECT_EQ(before_, edge);
  answer_older();
  EXPECT_EQ(oldest(), edge - TimelineModel::kPage);
  expect_a_window();
}

TEST_F(Window, OneReadsBackToTheFirstAndForthToTheLast) {
  read_back_to_the_first();
  EXPECT_EQ(oldest(), 1);
  EXPECT_TRUE(model_.detached());
  const qint64 edge = seq(0);
  model_.apply_message(message(++last_));
  EXPECT_EQ(seq(0), edge);  // It is not next to what is shown.
  while (model_.detached()) {
    const qint64 before = seq(0);
    model_.fetchNewer();
    model_.fetchNewer();
    ASSERT_EQ(after_, before);
    answer_newer();
    expect_a_window();
    ASSERT_GT(seq(0), before);
  }
  EXPECT_EQ(seq(0), last_);
  model_.apply_message(message(++last_));
  EXPECT_EQ(seq(0), last_);
  read_back_to_the_first();
  EXPECT_EQ(oldest(), 1);
}

TEST_F(Window, AMessageThatOvertakesTheLastPageIsAskedForAgain) {
  read_back_to_the_first();
  while (last_ - seq(0) > kNewerPage) {
    model_.fetchNewer();
    answer_newer();
  }
  model_.fetchNewer();
  model_.apply_message(message(last_ + 1));  // The answer was made before it.
  answer_newer();
  EXPECT_TRUE(model_.detached());
  ++last_;
  model_.fetchNewer();
  answer_newer();
  EXPECT_FALSE(model_.detached());
  EXPECT_EQ(seq(0), last_);
}

TEST_F(Window, AQuestionThatFailedIsAskedAgainAfterAPause) {
  read_back_to_the_first();
  model_.fetchNewer();
  model_.retry_gap(kChat, model_.era());
  EXPECT_TRUE(model_.loading_newer());
  QSignalSpy changed(&model_, &TimelineModel::status_changed);
  ASSERT_TRUE(changed.wait(10'000));
  EXPECT_FALSE(model_.loading_newer());
  after_ = -1;
  model_.fetchNewer();
  EXPECT_EQ(after_, seq(0));
}

TEST_F(Window, AnAcknowledgementOutOfTheWindowMakesNoHole) {
  read_back_to_the_first();
  model_.apply_outbox(own(starling::OutboxState::kSent), true);
  EXPECT_EQ(seq(0), 0);
  model_.apply_outbox(own(starling::OutboxState::kReplicated, ++last_), false);
  expect_a_window();
  EXPECT_LT(seq(0), last_);
}

TEST_F(Window, AReloadGoesBackToTheNewest) {
  read_back_to_the_first();
  model_.reload();
  answer_older();
  EXPECT_FALSE(model_.detached());
  EXPECT_EQ(seq(0), last_);
  EXPECT_EQ(model_.count(), TimelineModel::kPage);
  expect_a_window();
}

TEST_F(Window, APageWhoseNeighbourFellOutIsLate) {
  model_.fetchMore({});
  const qint64 late = before_;
  for (int n = 0; n < TimelineModel::kMaxStored; ++n) model_.apply_message(message(++last_));
  answer_older(late);
  expect_a_window();
  ASSERT_TRUE(model_.canFetchMore({}));
  model_.fetchMore({});
  answer_older();
  expect_a_window();
}

}  // namespace
}  // namespace starling_app
