// What is done to messages that are there, told live and by pages, in any order.
#include <gtest/gtest.h>

#include <QSignalSpy>

#include "qml-client/src/sentences.h"
#include "qml-client/src/timeline_model.h"

namespace starling_app {
namespace {

constexpr qint64 kChat = 7;
constexpr qint64 kSelf = 1;
constexpr qint64 kPeer = 2;
constexpr qint64 kThird = 3;

starling::Message message(qint64 seq, qint64 sender, const std::string& body) {
  starling::Message made;
  made.id = 100 + seq;
  made.conversation_id = kChat;
  made.seq = seq;
  made.sender_id = sender;
  made.sender = sender == kSelf ? "ada" : sender == kPeer ? "bob" : "carl";
  made.body = body;
  made.sent_at_ms = 1'700'000'000'000 + seq;
  return made;
}

starling::Message edited(qint64 seq, qint64 sender, const std::string& body, qint64 edits) {
  starling::Message made = message(seq, sender, body);
  made.edits = edits;
  made.edited_at_ms = 1'700'000'900'000 + edits;
  return made;
}

starling::Message reply(qint64 seq, qint64 to) {
  starling::Message made = message(seq, kPeer, "an answer");
  made.reply_to = to;
  return made;
}

starling::Member member(qint64 id, qint64 delivered, qint64 read) {
  starling::Member made;
  made.account.id = id;
  made.delivered_seq = delivered;
  made.read_seq = read;
  return made;
}

class Changes : public testing::Test {
 protected:
  Changes() {
    model_.set_self_name(QStringLiteral("ada"));
    model_.open(kChat, kSelf, {});
  }
  void page(std::vector<starling::Message> items, bool more = false, qint64 before = 0) {
    model_.apply_page(kChat, model_.era(), before, {std::move(items), more});
  }
  void answer_newer(const starling::Page<starling::Message>& page, qint64 after = 0) {
    model_.apply_newer(kChat, model_.era(), after, page);
  }
  QVariant role(int row, int which) const { return model_.data(model_.index(row), which); }
  std::string text(int row, int which = TimelineModel::BodyRole) const {
    return role(row, which).toString().toStdString();
  }
  // "👍2*" for two of them, one's own among these.
  std::string reactions(int row) const {
    QStringList all;
    for (const QVariant& one : role(row, TimelineModel::ReactionsRole).toList()) {
      const QVariantMap map = one.toMap();
      all << map["emoji"].toString() + map["count"].toString() +
                 (map["mine"].toBool() ? QStringLiteral("*") : QString());
    }
    return all.join(u' ').toStdString();
  }

  TimelineModel model_;
};

TEST_F(Changes, AnEditShowsItsWordsAndAnOlderPageDoesNotUndoIt) {
  model_.apply_edited(edited(1, kPeer, "second", 1));  // Before the first page is here.
  page({message(1, kPeer, "first")});
  EXPECT_EQ(text(0), "second");
  EXPECT_TRUE(role(0, TimelineModel::EditedRole).toBool());
  model_.apply_edited(edited(1, kPeer, "third", 2));
  model_.apply_edited(edited(1, kPeer, "second", 1));
  answer_newer({{message(1, kPeer, "first")}, false});
  EXPECT_EQ(text(0), "third");
  EXPECT_EQ(role(0, TimelineModel::EditCountRole).toInt(), 2);
  model_.apply_deleted(kChat, 1);
  model_.apply_edited(edited(1, kPeer, "fourth", 3));
  EXPECT_EQ(text(0), "This message was deleted.");
  EXPECT_FALSE(role(0, TimelineModel::EditedRole).toBool());
}

TEST_F(Changes, ReactionsAreCountedLiveAndSetRightByTheAnswer) {
  starling::Message first = message(1, kPeer, "a");
  first.reactions = {{"👍", 1, false}};
  page({first});
  QSignalSpy wanted(&model_, &TimelineModel::message_wanted);
  model_.apply_reaction(kChat, 1, kSelf, "👍", true);
  model_.apply_reaction(kChat, 1, kSelf, "👍", true);  // The answer, and then the event.
  EXPECT_EQ(reactions(0), "👍2*");
  model_.apply_reaction(kChat, 1, kPeer, "🎉", true);
  EXPECT_EQ(reactions(0), "👍2* 🎉1");
  model_.apply_reaction(kChat, 1, kSelf, "👍", false);
  model_.apply_reaction(kChat, 1, kPeer, "🎉", false);
  EXPECT_EQ(reactions(0), "👍1");
  ASSERT_EQ(wanted.size(), 5);
  first.reactions = {{"👍", 4, true}};  // The page had counted some of them.
  model_.apply_answer(kChat, 1, &first);
  EXPECT_EQ(reactions(0), "👍4*");
  model_.apply_message(message(1, kPeer, "a"));  // An event does not tell of reactions.
  EXPECT_EQ(reactions(0), "👍4*");
  model_.apply_deleted(kChat, 1);
  EXPECT_EQ(reactions(0), "");
}

TEST_F(Changes, WhatIsHiddenShowsNothingAndStaysSo) {
  page({message(1, kPeer, "a"), message(2, kPeer, "b"), message(3, kPeer, "c")});
  model_.apply_hidden(kChat, 2);
  EXPECT_TRUE(role(1, TimelineModel::HiddenRole).toBool());
  EXPECT_EQ(text(1), "");
  EXPECT_FALSE(role(0, TimelineModel::FirstOfGroupRole).toBool());  // The run goes on across it.
  answer_newer({{message(2, kPeer, "b")}, false});
  EXPECT_TRUE(role(1, TimelineModel::HiddenRole).toBool());
  EXPECT_EQ(text(1), "");
  model_.apply_hidden(kChat, 1);  // The day goes to the first one that is in sight.
  EXPECT_EQ(text(2, TimelineModel::DayRole), "");
  EXPECT_NE(text(0, TimelineModel::DayRole), "");
}

TEST_F(Changes, InADirectConversationOneIsDeliveredThenRead) {
  page({message(1, kSelf, "a"), message(2, kSelf, "b")});
  EXPECT_EQ(role(0, TimelineModel::StateRole).toInt(), TimelineModel::Replicated);
  model_.apply_delivered(kChat, 2);
  EXPECT_EQ(role(0, TimelineModel::StateRole).toInt(), TimelineModel::Delivered);
  model_.apply_peer_read(kChat, 1);
  EXPECT_EQ(role(1, TimelineModel::StateRole).toInt(), TimelineModel::Read);
  EXPECT_EQ(role(0, TimelineModel::StateRole).toInt(), TimelineModel::Delivered);
  model_.apply_delivered(kChat, 1);  // Late.
  EXPECT_EQ(role(0, TimelineModel::StateRole).toInt(), TimelineModel::Delivered);
}

TEST_F(Changes, InAGroupAllOthersCount) {
  model_.set_members(kChat, {});
  page({message(1, kSelf, "a")});
  model_.apply_peer_read(kChat, 1, kPeer);
  EXPECT_EQ(role(0, TimelineModel::StateRole).toInt(), TimelineModel::Replicated);
  model_.set_members(kChat, {member(kPeer, 0, 0), member(kThird, 0, 0)});  // Of before the mark.
  EXPECT_EQ(role(0, TimelineModel::StateRole).toInt(), TimelineModel::Replicated);
  model_.apply_delivered(kChat, 1, kPeer);
  model_.apply_delivered(kChat, 1, kThird);
  EXPECT_EQ(role(0, TimelineModel::StateRole).toInt(), TimelineModel::Delivered);
  model_.apply_peer_read(kChat, 1, kThird);
  EXPECT_EQ(role(0, TimelineModel::StateRole).toInt(), TimelineModel::Read);
}

TEST_F(Changes, SystemMessagesAreSentencesWithTheNamesThatAreKnown) {
  QSignalSpy names(&model_, &TimelineModel::name_wanted);
  starling::Message added = message(1, kPeer, "carl ada");
  added.kind = starling::MessageKind::kMembersAdded;
  page({added, message(2, kPeer, "hello")});
  EXPECT_EQ(role(1, TimelineModel::KindRole).toInt(), TimelineModel::System);
  EXPECT_EQ(
      text(1, TimelineModel::SystemTextRole),
      (isolated("bob") + " added " + isolated("carl") + ", " + isolated("you")).toStdString());
  EXPECT_EQ(role(0, TimelineModel::KindRole).toInt(), TimelineModel::Text);
  EXPECT_EQ(text(0, TimelineModel::SystemTextRole), "");
  EXPECT_TRUE(role(0, TimelineModel::FirstOfGroupRole).toBool());
  ASSERT_EQ(names.size(), 2);  // Each once, and not one's own.
  EXPECT_EQ(names[0][0].toString(), "bob");
  EXPECT_EQ(names[1][0].toString(), "carl");
  model_.set_display_name("carl", "Carl Sagan");
  EXPECT_EQ(text(1, TimelineModel::SystemTextRole),
            (isolated("bob") + " added " + isolated("Carl Sagan") + ", " + isolated("you"))
                .toStdString());
  for (const int can : {TimelineModel::CanEditRole, TimelineModel::CanDeleteRole}) {
    EXPECT_FALSE(role(1, can).toBool());
  }
}

TEST_F(Changes, AnAnswerQuotesWhatIsInSightAndAsksForWhatIsNot) {
  QSignalSpy wanted(&model_, &TimelineModel::message_wanted);
  page({message(5, kSelf, "a\nquestion"), reply(6, 5), reply(7, 2)}, true);
  EXPECT_EQ(role(1, TimelineModel::ReplyToRole).toLongLong(), 5);
  EXPECT_EQ(text(1, TimelineModel::ReplySenderRole), "You");
  EXPECT_EQ(text(1, TimelineModel::ReplyBodyRole), "a question");
  EXPECT_EQ(text(0, TimelineModel::ReplyBodyRole), "");
  ASSERT_EQ(wanted.size(), 1);
  EXPECT_EQ(wanted[0][1].toLongLong(), 2);
  const starling::Message early = message(2, kThird, "early");
  model_.apply_answer(kChat, 2, &early);
  EXPECT_EQ(text(0, TimelineModel::ReplySenderRole), "carl");
  EXPECT_EQ(text(0, TimelineModel::ReplyBodyRole), "early");
  model_.apply_edited(edited(2, kThird, "earlier", 1));
  EXPECT_EQ(text(0, TimelineModel::ReplyBodyRole), "earlier");
  model_.apply_deleted(kChat, 2);
  EXPECT_EQ(text(0, TimelineModel::ReplyBodyRole), "This message was deleted.");
}

TEST_F(Changes, WhoMayEditAndDelete) {
  page({message(1, kPeer, "a"), message(2, kSelf, "b")});
  EXPECT_TRUE(role(0, TimelineModel::CanEditRole).toBool());
  EXPECT_TRUE(role(0, TimelineModel::CanDeleteRole).toBool());
  EXPECT_FALSE(role(1, TimelineModel::CanEditRole).toBool());
  EXPECT_FALSE(role(1, TimelineModel::CanDeleteRole).toBool());
  model_.set_may_delete_all(true);  // An admin of a group.
  EXPECT_FALSE(role(1, TimelineModel::CanEditRole).toBool());
  EXPECT_TRUE(role(1, TimelineModel::CanDeleteRole).toBool());
  EXPECT_EQ(model_.last_editable(), 2);
  model_.apply_deleted(kChat, 2);
  EXPECT_FALSE(role(0, TimelineModel::CanDeleteRole).toBool());
  EXPECT_EQ(model_.last_editable(), 0);
}

TEST_F(Changes, AMentionIsSeenInAnEventAndInAnEdit) {
  page({});
  model_.apply_message(message(1, kPeer, "lunch, @ada?"));
  EXPECT_TRUE(role(0, TimelineModel::MentionsMeRole).toBool());
  model_.apply_edited(edited(1, kPeer, "lunch, @carl?", 1));
  EXPECT_FALSE(role(0, TimelineModel::MentionsMeRole).toBool());
}

TEST_F(Changes, AJumpWithinTheWindowIsAtOnce) {
  page({message(5, kPeer, "e"), message(6, kPeer, "f")}, true);
  QSignalSpy jumped(&model_, &TimelineModel::jumped);
  model_.jumpTo(5);
  ASSERT_EQ(jumped.size(), 1);
  EXPECT_EQ(jumped[0][0].toInt(), 1);
}

TEST_F(Changes, AJumpElsewhereMovesTheWindowAndTheWayBackIsAsked) {
  page({message(95, kPeer, "new"), message(96, kPeer, "newest")}, true);
  QSignalSpy around(&model_, &TimelineModel::around_wanted);
  QSignalSpy jumped(&model_, &TimelineModel::jumped);
  QSignalSpy newer(&model_, &TimelineModel::newer_wanted);
  model_.jumpTo(10);
  ASSERT_EQ(around.size(), 1);
  EXPECT_EQ(around[0][1].toLongLong(), 10);
  model_.apply_around(
      kChat, around[0][2].toInt(),
      {{message(9, kPeer, "i"), message(10, kPeer, "j"), message(11, kPeer, "k")}, true, true});
  ASSERT_EQ(jumped.size(), 1);
  EXPECT_EQ(jumped[0][0].toInt(), 1);
  EXPECT_EQ(model_.count(), 3);
  EXPECT_TRUE(model_.detached());
  EXPECT_TRUE(model_.canFetchMore({}));
  model_.apply_message(message(97, kPeer, "live"));     // Beyond the window.
  answer_newer({{message(97, kPeer, "live")}, false});  // Of an earlier question.
  EXPECT_EQ(model_.count(), 3);
  model_.fetchNewer();
  ASSERT_EQ(newer.size(), 1);
  EXPECT_EQ(newer[0][1].toLongLong(), 11);
  answer_newer({{message(12, kPeer, "l")}, true});
  EXPECT_EQ(text(0), "l");
  EXPECT_TRUE(model_.detached());
}

}  // namespace
}  // namespace starling_app
