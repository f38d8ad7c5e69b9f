// What is done to messages: replies, edits, reactions, hiding, marks, drafts, a window of history;
// and the events that tell of it.
#include "tests/unit/sdk/session_test.h"

namespace starling {
namespace {

using namespace std::chrono_literals;

class SessionMessages : public SessionTest {};

TEST_F(SessionMessages, AReplyNamesWhatItAnswers) {
  ASSERT_TRUE(session.send(1, "question").ok());
  SendOptions options;
  options.reply_to = 1;
  auto sent = session.send(1, "answer", options);
  ASSERT_TRUE(sent.ok());
  EXPECT_EQ(sent->reply_to, 1);
  options.server = cluster[0].address();
  EXPECT_EQ(session.send(1, "pinned", options).value().reply_to, 1);
}

// As with another body: it is another message.
TEST_F(SessionMessages, ARequestIdInUseForAnotherReplyIsRefused) {
  cluster[0].on_send([](const v1::SendRequest&) { return fake::SendScript::kSwallow; });
  SendOptions options;
  options.request_id = "0123456789abcdef";
  options.reply_to = 1;
  const Call first = session.send_async(
      1, "answer", [](const Result<Message>&) {}, options);
  options.reply_to = 2;
  const auto second = session.send(1, "answer", options);
  ASSERT_FALSE(second.ok());
  EXPECT_EQ(second.error().field, "request_id");
  first.cancel();
}

TEST_F(SessionMessages, AWindowAroundAMessage) {
  v1::ListMessagesResponse laid_out;
  for (int seq = 4; seq <= 6; ++seq) laid_out.add_messages()->set_seq(seq);
  laid_out.set_more_after(true);
  cluster.answers.set(laid_out);
  auto window = session.messages_around(1, 5, 3);
  ASSERT_TRUE(window.ok());
  ASSERT_EQ(window->items.size(), 3U);
  EXPECT_EQ(window->items.front().seq, 4);
  EXPECT_FALSE(window->more_before);
  EXPECT_TRUE(window->more_after);
  const auto request = asked<v1::ListMessagesRequest>();
  EXPECT_EQ(request.conversation_id(), 1);
  EXPECT_EQ(request.around_seq(), 5);
  EXPECT_EQ(request.limit(), 3);
  EXPECT_FALSE(request.forward());
  laid_out.set_more(true);
  laid_out.set_more_after(false);
  cluster.answers.set(laid_out);
  EXPECT_TRUE(session.messages_around(1, 5).value().more_before);
  EXPECT_FALSE(session.messages_around(1, 5).value().more_after);
}

TEST_F(SessionMessages, Edits) {
  v1::EditMessageResponse edited;
  edited.set_edits(2);
  edited.set_edited_at_ms(9);
  cluster.answers.set(edited);
  auto answered = session.edit_message(1, 3, "better");
  ASSERT_TRUE(answered.ok());
  EXPECT_EQ(answered->edits, 2);
  EXPECT_EQ(answered->edited_at_ms, 9);
  EXPECT_EQ(asked<v1::EditMessageRequest>().seq(), 3);
  EXPECT_EQ(asked<v1::EditMessageRequest>().body(), "better");
  v1::ListEditsResponse listed;
  listed.add_edits()->set_body("worse");
  cluster.answers.set(listed);
  auto edits = session.edits(1, 3);
  ASSERT_TRUE(edits.ok());
  ASSERT_EQ(edits->size(), 1U);
  EXPECT_EQ(edits->front().body, "worse");
  EXPECT_EQ(asked<v1::ListEditsRequest>().seq(), 3);
}

TEST_F(SessionMessages, Reactions) {
  ASSERT_TRUE(session.react(1, 3, "🐦").ok());
  EXPECT_EQ(asked<v1::ReactRequest>().seq(), 3);
  EXPECT_EQ(asked<v1::ReactRequest>().emoji(), "🐦");
  EXPECT_FALSE(asked<v1::ReactRequest>().remove());
  const auto taken_back = answer<Unit>(
      [this](Done<Unit> done) { return session.react_async(1, 3, "🐦", false, std::move(done)); });
  ASSERT_TRUE(taken_back.ok());
  EXPECT_TRUE(asked<v1::ReactRequest>().remove());
}

TEST_F(SessionMessages, HidingMarksAndDrafts) {
  ASSERT_TRUE(session.hide_messages(1, {3, 4}).ok());
  EXPECT_EQ(asked<v1::HideMessagesRequest>().conversation_id(), 1);
  EXPECT_EQ(asked<v1::HideMessagesRequest>().seqs(1), 4);
  ASSERT_TRUE(session.mark_delivered({DeliveredMark{1, 4}, DeliveredMark{2, 9}}).ok());
  const auto delivered = asked<v1::MarkDeliveredRequest>();
  ASSERT_EQ(delivered.marks_size(), 2);
  EXPECT_EQ(delivered.marks(1).conversation_id(), 2);
  EXPECT_EQ(delivered.marks(1).seq(), 9);
  ASSERT_TRUE(session.set_draft(1, "half a", 3).ok());
  EXPECT_EQ(asked<v1::SetDraftRequest>().body(), "half a");
  EXPECT_EQ(asked<v1::SetDraftRequest>().reply_to(), 3);
  ASSERT_TRUE(session.set_draft(1, "").ok()) << "no draft any more";
  v1::DeleteMessagesResponse deleted;
  deleted.set_deleted(1);
  cluster.answers.set(deleted);
  EXPECT_EQ(session.delete_messages(1, {3, 4}).value(), 1);
  EXPECT_EQ(asked<v1::DeleteMessagesRequest>().seqs_size(), 2);
}

// A subscription goes on behind what it does not know.
TEST_F(SessionMessages, EventsOfEveryKind) {
  auto events = session.subscribe();
  ASSERT_TRUE(events.ok());
  v1::Event reaction;
  reaction.set_kind(v1::EVENT_KIND_REACTION);
  reaction.set_seq(3);
  reaction.set_account_id(2);
  reaction.set_text("🐦");
  reaction.set_on(true);
  cluster.add_event(reaction);
  v1::Event newer;
  newer.set_kind(static_cast<v1::EventKind>(1'000));
  cluster.add_event(newer);
  v1::Event edited;
  edited.set_kind(v1::EVENT_KIND_MESSAGE_EDITED);
  edited.mutable_message()->set_body("better");
  edited.mutable_message()->set_edits(1);
  cluster.add_event(edited);
  auto first = events->next(20s);
  ASSERT_TRUE(first.ok());
  EXPECT_EQ(first->kind, EventKind::kReaction);
  EXPECT_EQ(first->seq, 3);
  EXPECT_EQ(first->account_id, 2);
  EXPECT_EQ(first->text, "🐦");
  EXPECT_TRUE(first->on);
  auto second = events->next(20s);
  ASSERT_TRUE(second.ok());
  EXPECT_EQ(second->kind, EventKind::kOther);
  EXPECT_EQ(second->cursor.index, first->cursor.index + 1);
  auto third = events->next(20s);
  ASSERT_TRUE(third.ok());
  EXPECT_EQ(third->kind, EventKind::kMessageEdited);
  EXPECT_EQ(third->message.body, "better");
  EXPECT_EQ(third->message.edits, 1);
}

}  // namespace
}  // namespace starling
