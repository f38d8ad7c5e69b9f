// The list of conversations, given answers and events in any order.
#include <gtest/gtest.h>

#include <QSignalSpy>

#include "qml-client/src/conversations_model.h"

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
  model_.apply_page({{chat(5, 2, 3, 1)}, false}, true);
  EXPECT_EQ(model_.unread_total(), 3);
  model_.apply_read(kChat, 5);
  model_.apply_peer_read(kChat, 4);
  model_.apply_page({{chat(5, 2, 3, 1)}, false}, true);  // Of before the two.
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

TEST_F(Conversations, AfterANewStreamPreviewsAreAskedForAgain) {
  QSignalSpy wanted(&model_, &ConversationsModel::preview_wanted);
  model_.apply_page({{chat(3, 3, 0)}, false}, true);
  ASSERT_EQ(wanted.size(), 1);
  model_.apply_message(message(3, "secret"), kSelf, false);
  model_.apply_page({{chat(3, 3, 0)}, false}, true);
  EXPECT_EQ(wanted.size(), 1);  // Known already.
  model_.doubt_previews();
  model_.apply_page({{chat(3, 3, 0)}, false}, true);
  ASSERT_EQ(wanted.size(), 2);
  EXPECT_EQ(preview(), "secret");  // Until the answer is here.
  starling::Message gone = message(3, "");
  gone.deleted = true;
  model_.apply_message(gone, kSelf, false);
  EXPECT_EQ(preview(), "Message deleted");
  model_.apply_page({{chat(3, 3, 0)}, false}, true);
  EXPECT_EQ(wanted.size(), 2);
}

TEST_F(Conversations, APreviewFromBeforeADeletionDoesNotUndoIt) {
  model_.apply_page({{chat(3, 3, 0)}, false}, true);  // Asks for the preview.
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
  model_.apply_page({{chat(3, 3, 0)}, false}, true);
  starling::Message gone = message(3, "");
  gone.deleted = true;
  model_.apply_message(gone, kSelf, false);
  model_.apply_message(message(3, "secret"), kSelf, false);
  EXPECT_EQ(preview(), "Message deleted");
}

TEST_F(Conversations, WhatOneLooksAtIsNotUnread) {
  model_.apply_page({{chat(3, 3, 0)}, false}, true);
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
  model_.apply_page({{other, chat(3, 3, 0)}, false}, true);
  EXPECT_EQ(role(ConversationsModel::IdRole).toLongLong(), kChat);  // It is the newest.
  EXPECT_EQ(preview(), "You: from the last run");
  model_.apply_message(message(3, "old"), kSelf, false);
  EXPECT_EQ(preview(), "You: from the last run");
  starling::Message elsewhere = message(9, "newer than old");
  elsewhere.conversation_id = 8;
  elsewhere.sent_at_ms = 1'700'000'500'000;
  model_.apply_message(elsewhere, kSelf, false);
  EXPECT_EQ(role(ConversationsModel::IdRole).toLongLong(), kChat);
  model_.clear_waiting(kChat);  // Taken back: the row goes to its place.
  EXPECT_EQ(role(ConversationsModel::IdRole).toLongLong(), 8);
  EXPECT_EQ(model_.data(model_.index(1), ConversationsModel::PreviewRole).toString(), "old");
}

}  // namespace
}  // namespace starling_app
