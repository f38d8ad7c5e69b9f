// A run of new messages is one change of the timeline, and the same rows as one message at a time.
#include <gtest/gtest.h>

#include <QSignalSpy>

#include "tests/qml/timeline_history.h"

namespace starling_app {
namespace {

class Run : public TimelineHistory {
 protected:
  Run() {
    model_.open(kChat, kSelf, {});
    answer_older();
  }

  std::vector<starling::Message> next(int count) {
    std::vector<starling::Message> made;
    for (int n = 0; n < count; ++n) made.push_back(message(++last_));
    return made;
  }
  QVariant role(int row, int which) const { return model_.data(model_.index(row), which); }
};

TEST_F(Run, IsOneInsertion) {
  QSignalSpy inserted(&model_, &TimelineModel::rowsInserted);
  QSignalSpy status(&model_, &TimelineModel::status_changed);
  model_.apply_messages(next(300));
  ASSERT_EQ(inserted.count(), 1);
  EXPECT_EQ(inserted[0][1].toInt(), 0);
  EXPECT_EQ(inserted[0][2].toInt(), 299);
  EXPECT_EQ(status.count(), 1);
  expect_a_window();
  EXPECT_EQ(seq(0), last_);
}

TEST_F(Run, TouchesTheRowsBesideItAndNoOthers) {
  QSignalSpy changed(&model_, &TimelineModel::dataChanged);
  model_.apply_messages(next(10));
  ASSERT_EQ(changed.count(), 1);
  EXPECT_EQ(changed[0][0].toModelIndex().row(), 10);
  EXPECT_EQ(changed[0][1].toModelIndex().row(), 10);
  EXPECT_TRUE(changed[0][2].value<QList<int>>().contains(TimelineModel::LastOfGroupRole));
  EXPECT_FALSE(changed[0][2].value<QList<int>>().contains(TimelineModel::BodyRole));
  EXPECT_FALSE(role(10, TimelineModel::LastOfGroupRole).toBool());
}

TEST_F(Run, LongerThanTheWindowLeavesTheNewest) {
  model_.apply_messages(next(TimelineModel::kMaxStored + 200));
  expect_a_window();
  EXPECT_EQ(model_.count(), TimelineModel::kMaxStored);
  EXPECT_EQ(seq(0), last_);
  EXPECT_FALSE(model_.detached());
}

TEST_F(Run, WithAMessageThatIsHereHasItOnce) {
  std::vector<starling::Message> run = next(2);
  run.push_back(run[0]);
  run[2].body = "told again";
  for (const starling::Message& more : next(2)) run.push_back(more);
  model_.apply_messages(run);
  expect_a_window();
  EXPECT_EQ(seq(0), last_);
  EXPECT_EQ(role(3, TimelineModel::BodyRole).toString(), QStringLiteral("told again"));
}

TEST_F(Run, HasNoMessageOfElsewhere) {
  std::vector<starling::Message> run = next(3);
  run[1].conversation_id = kChat + 1;
  run[1].seq = 1;
  const int before = model_.count();
  model_.apply_messages(run);
  EXPECT_EQ(model_.count(), before + 2);
  EXPECT_EQ(seq(0), last_);
}

TEST_F(Run, StandsBehindWhatWaits) {
  model_.apply_outbox(own(starling::OutboxState::kQueued), false);
  model_.apply_messages(next(3));
  EXPECT_EQ(seq(0), 0);
  EXPECT_EQ(seq(1), last_);
  EXPECT_EQ(seq(3), last_ - 2);
}

TEST_F(Run, WithTheMessageThatWaitedTakesItsPlace) {
  starling::OutboxEntry entry = own(starling::OutboxState::kQueued);
  entry.request_id = "0123456789abcdef";
  model_.apply_outbox(entry, false);
  std::vector<starling::Message> run = next(3);
  run[1].sender_id = kSelf;
  run[1].request_id = entry.request_id;
  model_.apply_messages(run);
  expect_a_window();
  EXPECT_EQ(seq(0), last_);
  EXPECT_TRUE(role(1, TimelineModel::OwnRole).toBool());
}

TEST_F(Run, AnswersWithinItAreNotAskedFor) {
  std::vector<starling::Message> run = next(3);
  run[2].reply_to = run[1].seq;
  QSignalSpy asked(&model_, &TimelineModel::message_wanted);
  model_.apply_messages(run);
  EXPECT_EQ(asked.count(), 0);
  EXPECT_EQ(role(0, TimelineModel::ReplyBodyRole).toString().toStdString(), run[1].body);
}

TEST_F(Run, IsCountedForWhoHasScrolledAway) {
  model_.set_at_newest(false);
  QSignalSpy told(&model_, &TimelineModel::newer_changed);
  std::vector<starling::Message> run = next(5);
  run[2].sender_id = kSelf;
  model_.apply_messages(run);
  EXPECT_EQ(model_.newer(), 4);
  EXPECT_EQ(told.count(), 1);
}

TEST_F(Run, WithAHoleAsksForWhatIsMissing) {
  std::vector<starling::Message> run = next(5);
  const qint64 before = run[2].seq;
  run.erase(run.begin() + 3);
  after_ = -1;
  QSignalSpy asked(&model_, &TimelineModel::newer_wanted);
  model_.apply_messages(run);
  ASSERT_TRUE(asked.count() > 0 || asked.wait(10'000));
  EXPECT_EQ(after_, before);
}

TEST_F(Run, DoesNotComeIntoAWindowThatIsElsewhere) {
  read_back_to_the_first();
  ASSERT_TRUE(model_.detached());
  const qint64 edge = seq(0);
  model_.apply_messages(next(5));
  EXPECT_EQ(seq(0), edge);
  EXPECT_TRUE(model_.detached());
}

}  // namespace
}  // namespace starling_app
