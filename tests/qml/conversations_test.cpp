// The list of conversations, given answers and events in any order.
#include <gtest/gtest.h>

#include <QSignalSpy>

#include "qml-client/src/conversations_model.h"
#include "qml-client/src/sentences.h"

namespace starling_app {
namespace {

constexpr qint64 kChat = 7;
constexpr qint64 kSelf = 1;
constexpr qint64 kPeer = 2;

starling::Conversation chat(qint64 last, qint64 read, qint64 unread, qint64 peer_read = 0) {
  starling::Conversation made;
  made.id = kChat;
  made.title = "bob";
  made.last_seq = last;
  made.read_seq = read;
  made.unread_count = unread;
  made.peer_read_seq = peer_read;
  return made;
}

starling::Message message(qint64 seq, const std::string& body) {
  starling::Message made;
  made.conversation_id = kChat;
  made.seq = seq;
  made.sender_id = kPeer;
  made.sent_at_ms = 1'700'000'000'000 + seq;
  made.body = body;
  return made;
}

class Conversations : public testing::Test {
 protected:
  QVariant role(int which) const { return model_.data(model_.index(0), which); }
  std::string preview() const {
    return role(ConversationsModel::PreviewRole).toString().toStdString();
  }

  ConversationsModel model_;
};

TEST_F(Conversations, ALateListTakesNoMarkBack) {
  model_.apply_page({{chat(5, 2, 3, 1)}, false});
  EXPECT_EQ(model_.unread_total(), 3);
  model_.apply_read(kChat, 5);
  model_.apply_peer_read(kChat, 4);
  model_.apply_page({{chat(5, 2, 3, 1)}, false});  // Of before the two.
  EXPECT_EQ(model_.read_seq(kChat), 5);
  EXPECT_EQ(model_.peer_read_seq(kChat), 4);
  EXPECT_EQ(model_.unread_total(), 0);
  model_.apply_message(message(6, "new"), kSelf, true);
  model_.upsert(chat(5, 5, 0, 4));  // Of before the message.
  EXPECT_EQ(model_.last_seq(kChat), 6);
  EXPECT_EQ(model_.unread_total(), 1);
  model_.upsert(chat(7, 7, 0, 7));  // Newer in all.
  EXPECT_EQ(model_.read_seq(kChat), 7);
  EXPECT_EQ(model_.peer_read_seq(kChat), 7);
  EXPECT_EQ(model_.last_seq(kChat), 7);
  EXPECT_EQ(model_.unread_total(), 0);
}

// The page was read before the mark, and tells of messages whose events are still to come.
TEST_F(Conversations, AMarkAndAPageThatCrossLeaveNothingUncounted) {
  QSignalSpy wanted(&model_, &ConversationsModel::count_wanted);
  model_.apply_page({{chat(10, 8, 2)}, false});
  model_.apply_read(kChat, 10);
  model_.upsert(chat(12, 8, 4));
  EXPECT_EQ(wanted.size(), 1);
  EXPECT_EQ(model_.unread_total(), 0);
  model_.apply_message(message(11, "eleven"), kSelf, true);
  model_.apply_message(message(12, "twelve"), kSelf, true);
  EXPECT_EQ(model_.unread_total(), 2);
  model_.upsert(chat(12, 10, 2));  // The answer.
  EXPECT_EQ(model_.unread_total(), 2);
  EXPECT_EQ(wanted.size(), 1);
}

// A preview was quicker than the event, which does not count it then.
TEST_F(Conversations, APreviewThatIsNewerThanTheCountAsksForIt) {
  QSignalSpy wanted(&model_, &ConversationsModel::count_wanted);
  model_.apply_page({{chat(3, 3, 0)}, false});
  model_.apply_message(message(3, "known"), kSelf, false);
  EXPECT_EQ(wanted.size(), 0);
  model_.apply_message(message(4, "newer"), kSelf, false);
  EXPECT_EQ(wanted.size(), 1);
}

// Others wrote before it, and the stream has not told of that yet.
TEST_F(Conversations, AnOwnMessageThatOvertakesOthersAsksForTheCount) {
  QSignalSpy wanted(&model_, &ConversationsModel::count_wanted);
  model_.apply_page({{chat(3, 3, 0)}, false});
  starling::Message own = message(4, "own");
  own.sender_id = kSelf;
  model_.apply_message(own, kSelf, false);
  EXPECT_EQ(wanted.size(), 0);
  own.seq = 6;
  model_.apply_message(own, kSelf, false);
  EXPECT_EQ(wanted.size(), 1);
  model_.apply_message(message(5, "late"), kSelf, true);
  model_.upsert(chat(6, 3, 1));
  EXPECT_EQ(model_.unread_total(), 1);
}

// After `clusterctl recover` the history may end before what is known of it.
TEST_F(Conversations, AfterANewStreamMarksMayGoBackOnce) {
  model_.apply_page({{chat(100, 100, 0, 90)}, false});
  model_.apply_message(message(100, "lost"), kSelf, false);
  model_.apply_deleted(kChat, 61);
  model_.renew();
  model_.apply_page({{chat(60, 60, 0, 50)}, false});
  EXPECT_EQ(model_.read_seq(kChat), 60);
  EXPECT_EQ(model_.peer_read_seq(kChat), 50);
  model_.apply_message(message(61, "new"), kSelf, true);
  EXPECT_EQ(preview(), "new");
  EXPECT_EQ(model_.unread_total(), 1);
  model_.upsert(chat(60, 60, 0, 40));
  EXPECT_EQ(model_.last_seq(kChat), 61);
  EXPECT_EQ(model_.peer_read_seq(kChat), 50);
}

TEST_F(Conversations, WhatIsDeletedOrHiddenIsNotUnread) {
  model_.apply_page({{chat(3, 3, 0)}, false});
  starling::Message gone = message(4, "");
  gone.deleted = true;
  model_.apply_message(gone, kSelf, true);
  starling::Message hidden = message(5, "");
  hidden.hidden = true;
  model_.apply_message(hidden, kSelf, true);
  model_.apply_deleted(kChat, 6);  // Told of before the message.
  model_.apply_message(message(6, "late"), kSelf, true);
  EXPECT_EQ(model_.unread_total(), 0);
  model_.apply_message(message(7, "to be read"), kSelf, true);
  EXPECT_EQ(model_.unread_total(), 1);
}

// Of a list of many pages what no page told of goes, and what came meanwhile stays.
TEST_F(Conversations, TheLastPageOfAListTellsWhatIsGone) {
  using Ids = std::vector<qint64>;
  const auto one = [](qint64 id) {
    starling::Conversation made = chat(1, 1, 0);
    made.id = id;
    return made;
  };
  model_.begin_list();
  EXPECT_EQ(model_.apply_page({{one(1), one(2)}, true}), Ids{});
  EXPECT_EQ(model_.apply_page({{one(3), one(4)}, false}), Ids{});
  model_.begin_list();
  EXPECT_EQ(model_.apply_page({{one(1)}, true}), Ids{});
  model_.upsert(one(5));
  EXPECT_EQ(model_.apply_page({{one(4)}, false}), (Ids{2, 3}));
  EXPECT_EQ(model_.count(), 5);
}

TEST_F(Conversations, AfterANewStreamPreviewsAreAskedForAgain) {
  QSignalSpy wanted(&model_, &ConversationsModel::preview_wanted);
  model_.apply_page({{chat(3, 3, 0)}, false});
  ASSERT_EQ(wanted.size(), 1);
  model_.apply_message(message(3, "secret"), kSelf, false);
  model_.apply_page({{chat(3, 3, 0)}, false});
  EXPECT_EQ(wanted.size(), 1);  // Known already.
  model_.renew();
  model_.apply_page({{chat(3, 3, 0)}, false});
  ASSERT_EQ(wanted.size(), 2);
  EXPECT_EQ(preview(), "secret");  // Until the answer is here.
  starling::Message gone = message(3, "");
  gone.deleted = true;
  model_.apply_message(gone, kSelf, false);
  EXPECT_EQ(preview(), "Message deleted");
  model_.apply_page({{chat(3, 3, 0)}, false});
  EXPECT_EQ(wanted.size(), 2);
}

TEST_F(Conversations, APreviewFromBeforeADeletionDoesNotUndoIt) {
  model_.apply_page({{chat(3, 3, 0)}, false});  // Asks for the preview.
  model_.apply_deleted(kChat, 3);
  model_.apply_message(message(3, "secret"), kSelf, false);
  EXPECT_EQ(preview(), "Message deleted");
  model_.apply_message(message(4, "other"), kSelf, true);
  EXPECT_EQ(preview(), "other");
  model_.apply_deleted(kChat, 4);
  model_.apply_message(message(4, "other"), kSelf, false);
  EXPECT_EQ(preview(), "Message deleted");
}

TEST_F(Conversations, ATombstoneNeverBecomesAPreviewAgain) {
  model_.apply_page({{chat(3, 3, 0)}, false});
  starling::Message gone = message(3, "");
  gone.deleted = true;
  model_.apply_message(gone, kSelf, false);
  model_.apply_message(message(3, "secret"), kSelf, false);
  EXPECT_EQ(preview(), "Message deleted");
}

TEST_F(Conversations, WhatOneLooksAtIsNotUnread) {
  model_.apply_page({{chat(3, 3, 0)}, false});
  model_.set_current(kChat);
  model_.set_watched(true);
  QSignalSpy unread(&model_, &ConversationsModel::unread_changed);
  model_.apply_message(message(4, "new"), kSelf, true);  // No server takes the mark right now.
  EXPECT_EQ(role(ConversationsModel::UnreadRole).toInt(), 0);
  EXPECT_EQ(model_.unread_total(), 0);
  model_.set_watched(false);  // The window is in the background.
  EXPECT_EQ(role(ConversationsModel::UnreadRole).toInt(), 1);
  EXPECT_EQ(model_.unread_total(), 1);
  model_.set_watched(true);
  model_.set_current(0);  // Another one is open.
  EXPECT_EQ(role(ConversationsModel::UnreadRole).toInt(), 1);
  EXPECT_GE(unread.size(), 4);  // The window's title follows.
}

TEST_F(Conversations, AnOwnMessageThatWaitsIsThePreview) {
  model_.set_waiting(kChat, "from\nthe last run", 1'700'000'900'000);  // Before the list is here.
  starling::Conversation other = chat(9, 9, 0);
  other.id = 8;
  other.title = "carol";
  model_.apply_page({{other, chat(3, 3, 0)}, false});
  EXPECT_EQ(role(ConversationsModel::IdRole).toLongLong(), kChat);  // It is the newest.
  EXPECT_EQ(preview(), ("You: " + isolated("from the last run")).toStdString());
  model_.apply_message(message(3, "old"), kSelf, false);
  EXPECT_EQ(preview(), ("You: " + isolated("from the last run")).toStdString());
  starling::Message elsewhere = message(9, "newer than old");
  elsewhere.conversation_id = 8;
  elsewhere.sent_at_ms = 1'700'000'500'000;
  model_.apply_message(elsewhere, kSelf, false);
  EXPECT_EQ(role(ConversationsModel::IdRole).toLongLong(), kChat);
  model_.clear_waiting(kChat);  // Taken back: the row goes to its place.
  EXPECT_EQ(role(ConversationsModel::IdRole).toLongLong(), 8);
  EXPECT_EQ(model_.data(model_.index(1), ConversationsModel::PreviewRole).toString(), "old");
}

starling::Conversation group(qint64 last) {
  starling::Conversation made = chat(last, last, 0);
  made.kind = starling::ConversationKind::kGroup;
  made.title = "Lunch";
  made.member_count = 3;
  made.role = starling::MemberRole::kAdmin;
  return made;
}

TEST_F(Conversations, AGroupShowsItsTitleMembersAndTheRole) {
  QSignalSpy names(&model_, &ConversationsModel::name_wanted);
  model_.apply_page({{group(3)}, false});
  EXPECT_EQ(names.size(), 0);  // It is nobody's name.
  EXPECT_TRUE(role(ConversationsModel::GroupRole).toBool());
  EXPECT_EQ(role(ConversationsModel::TitleRole).toString(), "Lunch");
  EXPECT_EQ(role(ConversationsModel::MemberCountRole).toInt(), 3);
  EXPECT_EQ(role(ConversationsModel::MemberRoleRole).toString(), "Admin");
  model_.set_display_name("Lunch", "Somebody of that name");
  EXPECT_EQ(role(ConversationsModel::TitleRole).toString(), "Lunch");
  starling::Conversation renamed = group(4);
  renamed.title = "Tea";
  renamed.member_count = 4;
  model_.upsert(renamed);
  EXPECT_EQ(role(ConversationsModel::TitleRole).toString(), "Tea");
  EXPECT_EQ(role(ConversationsModel::MemberCountRole).toInt(), 4);
  model_.remove(kChat);
  EXPECT_EQ(model_.count(), 0);
}

TEST_F(Conversations, ATitleIsOneLineAndNoMarkup) {
  starling::Conversation hostile = group(3);
  hostile.title = "<b>x</b>\u2028\u202eevil";
  model_.apply_page({{hostile}, false});
  EXPECT_EQ(role(ConversationsModel::TitleRole).toString(), QStringLiteral("<b>x</b> \u202eevil"));
  hostile.title = "a\u2029b";
  model_.upsert(hostile);
  EXPECT_EQ(role(ConversationsModel::TitleRole).toString(), QStringLiteral("a b"));
}

TEST_F(Conversations, InAGroupOneSeesWhoSaidItAndWhetherOneIsMeant) {
  model_.set_self_name("ada");
  model_.apply_page({{group(3)}, false});
  starling::Message said = message(4, "where are you, @ada?");
  said.sender = "bob";
  model_.apply_message(said, kSelf, true);
  EXPECT_EQ(preview(), (isolated("bob") + ": " + isolated("where are you, @ada?")).toStdString());
  EXPECT_EQ(role(ConversationsModel::MentionsRole).toInt(), 1);
  EXPECT_EQ(role(ConversationsModel::UnreadRole).toInt(), 1);
  starling::Message added = message(5, "carl ada");
  added.sender = "bob";
  added.kind = starling::MessageKind::kMembersAdded;
  model_.apply_message(added, kSelf, true);
  EXPECT_EQ(
      preview(),
      (isolated("bob") + " added " + isolated("carl") + ", " + isolated("you")).toStdString());
  EXPECT_EQ(role(ConversationsModel::UnreadRole).toInt(), 1);  // A system message is no text.
  model_.apply_read(kChat, 5);
  EXPECT_EQ(role(ConversationsModel::MentionsRole).toInt(), 0);
}

TEST_F(Conversations, EditsAndHidingsReachThePreview) {
  model_.apply_page({{chat(3, 3, 0)}, false});
  model_.apply_message(message(3, "frist"), kSelf, false);
  starling::Message now = message(3, "first");
  now.edits = 1;
  model_.apply_edited(now);
  EXPECT_EQ(preview(), "first");
  model_.apply_message(message(3, "frist"), kSelf, false);  // Asked for before the edit.
  EXPECT_EQ(preview(), "first");
  model_.apply_hidden(kChat, 3);
  EXPECT_EQ(preview(), "Message hidden");
}

TEST_F(Conversations, ADraftIsShownWhereOneIsNot) {
  model_.apply_page({{chat(3, 3, 0)}, false});
  model_.apply_message(message(3, "last words"), kSelf, false);
  model_.apply_draft(kChat, "half a\nsentence", 0);
  EXPECT_EQ(preview(), ("Draft: " + isolated("half a sentence")).toStdString());
  model_.set_current(kChat);
  EXPECT_EQ(preview(), "last words");
}

TEST_F(Conversations, MarksAreShownInDirectConversationsAndSmallGroups) {
  EXPECT_FALSE(model_.shows_marks(kChat).has_value());
  model_.upsert(chat(1, 1, 0));
  EXPECT_TRUE(model_.shows_marks(kChat).value());
  starling::Conversation large = group(1);
  large.member_count = ConversationsModel::kMaxMarkAudience;
  model_.upsert(large);
  EXPECT_TRUE(model_.shows_marks(kChat).value());
  ++large.member_count;
  model_.upsert(large);
  EXPECT_FALSE(model_.shows_marks(kChat).value());
}

// As the stream tells of several at once.
class ConversationsBatch : public Conversations {
 protected:
  ConversationsBatch() {
    std::vector<starling::Conversation> all;
    for (qint64 n = 0; n < 4; ++n) {
      all.push_back(chat(0, 0, 0));
      all.back().id = kChat + n;
      all.back().title = "peer" + std::to_string(n);
    }
    model_.apply_page({all, false});
    for (qint64 n = 0; n < 4; ++n) model_.apply_message(of(n, 1, 100 - n), kSelf, true);
  }

  static starling::Message of(qint64 n, qint64 seq, qint64 at) {
    starling::Message made = message(seq, "words " + std::to_string(seq));
    made.conversation_id = kChat + n;
    made.sent_at_ms = at;
    return made;
  }
  std::vector<qint64> order() const {
    std::vector<qint64> ids;
    for (int row = 0; row < model_.count(); ++row) {
      const QVariant id = model_.data(model_.index(row), ConversationsModel::IdRole);
      ids.push_back(id.toLongLong() - kChat);
    }
    return ids;
  }
};

using Order = std::vector<qint64>;

TEST_F(ConversationsBatch, TellsEachRowOnceAndTheUnreadOnce) {
  ASSERT_EQ(order(), (Order{0, 1, 2, 3}));
  QSignalSpy changed(&model_, &ConversationsModel::dataChanged);
  QSignalSpy unread(&model_, &ConversationsModel::unread_changed);
  std::vector<starling::Message> batch;
  for (qint64 seq = 2; seq < 200; ++seq) batch.push_back(of(seq % 2, seq, 1'000 + seq));
  model_.apply_messages(batch, kSelf, true);
  EXPECT_EQ(changed.count(), 2);
  EXPECT_EQ(unread.count(), 1);
  EXPECT_EQ(model_.unread_total(), 4 + 198);
  EXPECT_EQ(preview(), "words 199");
  EXPECT_EQ(order(), (Order{1, 0, 2, 3}));
}

TEST_F(ConversationsBatch, LeavesEveryRowInItsPlace) {
  // Whatever the order in which they are told.
  model_.apply_messages({of(2, 2, 300), of(3, 2, 200), of(1, 2, 400)}, kSelf, true);
  EXPECT_EQ(order(), (Order{1, 2, 3, 0}));
  model_.apply_messages({of(0, 2, 450), of(3, 3, 500)}, kSelf, true);
  EXPECT_EQ(order(), (Order{3, 0, 1, 2}));
  model_.apply_messages({of(2, 3, 600), of(1, 3, 700), of(0, 3, 650)}, kSelf, true);
  EXPECT_EQ(order(), (Order{1, 0, 2, 3}));
}

}  // namespace
}  // namespace starling_app
