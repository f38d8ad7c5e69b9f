// What happens while an answer is on its way: nothing is lost between a page and the stream, and
// nothing comes back that was deleted meanwhile.
#include <gtest/gtest.h>

#include <QSignalSpy>

#include "qml-client/src/compose_model.h"
#include "tests/qml/timeline_history.h"

namespace starling_app {
namespace {

class Late : public TimelineHistory {
 protected:
  Late() : TimelineHistory(2'500) {
    model_.open(kChat, kSelf, {});
    answer_older();
  }
  // On the way from far back to the newest page, which has not come yet.
  void go_back_and_forth() {
    read_back_to_the_first();
    ASSERT_TRUE(model_.detached());
    model_.toNewest();
  }
  void expect_the_next_is_asked_for() {
    answer_older();
    EXPECT_EQ(after_, last_);
    ++last_;
    answer_newer();
    EXPECT_EQ(seq(0), last_);
    EXPECT_FALSE(model_.detached());
    expect_a_window();
  }
  std::string body(qint64 seq) const {
    const starling::Message* stored = model_.stored_message(seq);
    return stored == nullptr ? "" : stored->deleted ? "deleted" : stored->body;
  }
  std::string quoted(int row) const {
    return model_.data(model_.index(row), TimelineModel::ReplyBodyRole).toString().toStdString();
  }
  void answer_page(int era, const std::vector<starling::Message>& items) {
    model_.apply_page(kChat, era, 0, {items, true});
  }
  static starling::Message of_id(starling::Message message, qint64 id) {
    message.id = id;
    return message;
  }
  static starling::Message answering(qint64 seq, qint64 to) {
    starling::Message made = message(seq);
    made.reply_to = to;
    return made;
  }
};

// The page was read before it, and the stream told of it before the page came.
TEST_F(Late, AMessageBetweenTheNewestPageAndTheStreamIsAskedFor) {
  go_back_and_forth();
  model_.apply_message(message(last_ + 1));
  expect_the_next_is_asked_for();
}

TEST_F(Late, SoIsOnesOwnThatIsAcknowledgedMeanwhile) {
  go_back_and_forth();
  model_.apply_outbox(own(starling::OutboxState::kSent), true);
  model_.apply_outbox(own(starling::OutboxState::kReplicated, last_ + 1), false);
  expect_the_next_is_asked_for();
}

TEST_F(Late, WhatIsNowhereIsNotAskedForAgain) {
  go_back_and_forth();
  model_.apply_message(message(last_ + 1));
  answer_older();
  answer_newer();  // Of a history that ends before it.
  EXPECT_FALSE(model_.detached());
}

// Who was out of a group for a time sees nothing of it, however often one asks.
TEST_F(Late, AHoleThatAnAnswerDoesNotFillIsClosed) {
  QSignalSpy newer(&model_, &TimelineModel::newer_wanted);
  model_.apply_message(message(last_ + 11));
  ASSERT_TRUE(newer.wait(10'000));
  model_.apply_newer(kChat, model_.era(), last_, {{message(last_ + 11)}, false});
  EXPECT_FALSE(newer.wait(1'000));
  model_.apply_message(message(last_ + 13));  // Another hole.
  ASSERT_TRUE(newer.wait(10'000));
  EXPECT_EQ(newer.back()[1].toLongLong(), last_ + 11);
}

TEST_F(Late, ANewerPageOfBeforeAReloadIsNotShown) {
  read_back_to_the_first();
  model_.fetchNewer();
  const int before = model_.era();
  model_.renew();
  answer_older();
  const qint64 end = oldest();
  answer_newer(before);
  EXPECT_EQ(oldest(), end);
  expect_a_window();
}

TEST_F(Late, OfTwoQuestionsForTheNewestPageTheLastIsAnswered) {
  model_.toNewest();
  model_.reload();
  const int first = model_.era();
  model_.renew();
  answer_page(first, {message(last_)});
  EXPECT_TRUE(model_.loading());
  starling::Message gone = message(last_);
  gone.deleted = true;
  answer_page(model_.era(), {gone});
  EXPECT_EQ(body(last_), "deleted");
  EXPECT_FALSE(model_.loading());
}

TEST_F(Late, AQuoteIsAskedForAgainAfterAReload) {
  QSignalSpy wanted(&model_, &TimelineModel::message_wanted);
  model_.apply_message(answering(++last_, 100));
  ASSERT_EQ(wanted.size(), 1);
  const starling::Message early = message(100);
  model_.apply_answer(kChat, 100, &early);
  ASSERT_EQ(quoted(0), "100");
  model_.renew();
  answer_page(model_.era(), {answering(last_, 100)});
  ASSERT_EQ(wanted.size(), 2);
  starling::Message gone = early;
  gone.deleted = true;
  model_.apply_answer(kChat, 100, &gone);
  EXPECT_EQ(quoted(0), "This message was deleted.");
}

TEST_F(Late, AQuoteIsWhatAPageHasToldOfItSince) {
  const qint64 answered = last_ - 1;
  model_.apply_message(answering(++last_, answered));
  ASSERT_EQ(quoted(0), std::to_string(answered));
  starling::Message gone = message(answered);
  gone.deleted = true;
  model_.renew();
  answer_page(model_.era(), {gone, answering(last_, answered)});
  for (int n = 0; n < TimelineModel::kMaxStored - 1; ++n) model_.apply_message(message(++last_));
  ASSERT_EQ(model_.stored_message(answered), nullptr);
  EXPECT_EQ(quoted(model_.count() - 1), "This message was deleted.");
}

// The history of `clusterctl recover` may give a number to another message.
TEST_F(Late, AfterAReloadAMessageIsWhatThePageSays) {
  model_.apply_deleted(kChat, last_);
  starling::Message edited = message(last_ - 1);
  edited.edits = 3;
  edited.body = "old words";
  model_.apply_edited(edited);
  ASSERT_EQ(body(last_), "deleted");
  model_.renew();
  answer_page(model_.era(), {of_id(message(last_ - 1), 801), of_id(message(last_), 802)});
  EXPECT_EQ(body(last_ - 1), std::to_string(last_ - 1));
  EXPECT_EQ(body(last_), std::to_string(last_));
}

TEST_F(Late, AfterANewStreamNothingIsReadUntilThatIsTold) {
  starling::Message own = message(++last_);
  own.sender_id = kSelf;
  model_.apply_message(own);
  model_.apply_peer_read(kChat, last_);
  const auto state = [this] { return model_.data(model_.index(0), TimelineModel::StateRole); };
  ASSERT_EQ(state().toInt(), TimelineModel::Read);
  model_.renew();
  answer_page(model_.era(), {own});
  EXPECT_EQ(state().toInt(), TimelineModel::Replicated);
}

TEST_F(Late, WhatOneAnswersIsKnownToBeDeletedAlsoOutOfTheWindow) {
  ComposeModel compose(model_);
  compose.open(kChat, {});
  const qint64 answered = oldest();
  compose.beginReply(answered);
  ASSERT_EQ(compose.quote_body().toStdString(), std::to_string(answered));
  for (int n = 0; n < TimelineModel::kMaxStored; ++n) model_.apply_message(message(++last_));
  ASSERT_EQ(model_.stored_message(answered), nullptr);
  model_.apply_deleted(kChat, answered);
  EXPECT_EQ(compose.quote_body(), QStringLiteral("This message was deleted."));
}

}  // namespace
}  // namespace starling_app
