// Rows of messages and events.
#include "server/chat/tables.h"

namespace starling::chat {
namespace {

void message_from(const sqlite::Statement& row, StoredMessage& out) {
  out.row.id = row.integer(0);
  out.row.conversation = row.integer(1);
  out.row.seq = row.integer(2);
  out.row.sender = row.integer(3);
  out.row.request_id = from_blob<16>(row.view(4));
  out.row.sent_ms = row.integer(5);
  out.row.deleted = row.integer(6) != 0;
  out.row.kind = static_cast<MessageKind>(row.integer(7));
  out.row.reply_to = row.integer(8);
  out.row.edits = row.integer(9);
  out.row.edited_ms = row.integer(10);
  out.body = row.text(11);
  out.row.body = out.body;
}

}  // namespace

sqlite::Status Tables::insert(const MessageRow& row, bool& duplicate) {
  Use use;
  CHAT_TRY(use.start(database_, insert_message_));
  use->bind(1, row.id)
      .bind(2, row.conversation)
      .bind(3, row.seq)
      .bind(4, row.sender)
      .bind_blob(5, as_blob(row.request_id))
      .bind(6, row.sent_ms)
      .bind(7, static_cast<std::int64_t>(row.kind))
      .bind(8, row.reply_to)
      .bind_text(9, row.body);
  CHAT_TRY(use->run());
  duplicate = database_.changes() == 0;
  if (!duplicate) added(row);
  return {};
}

sqlite::Status Tables::find_request(AccountId sender, const RequestId& request, bool& found,
                                    StoredMessage& out) {
  Use use;
  CHAT_TRY(use.start(database_, message_by_request_));
  use->bind(1, sender).bind_blob(2, as_blob(request));
  CHAT_TRY(use->step(found));
  if (found) message_from(*use, out);
  return {};
}

sqlite::Status Tables::find_message(ConversationId conversation, Seq seq, bool& found,
                                    StoredMessage& out) {
  Use use;
  CHAT_TRY(use.start(database_, message_by_seq_));
  use->bind(1, conversation).bind(2, seq);
  CHAT_TRY(use->step(found));
  if (found) message_from(*use, out);
  return {};
}

sqlite::Status Tables::delete_message(const MessageRow& row) {
  MessageRow tombstone = row;
  tombstone.deleted = true;
  tombstone.body = {};
  tombstone.edits = 0;
  tombstone.edited_ms = 0;
  return update_body(row, tombstone);
}

sqlite::Status Tables::update_body(const MessageRow& before, const MessageRow& after) {
  Use use;
  CHAT_TRY(use.start(database_, update_message_));
  use->bind(1, after.id)
      .bind(2, after.deleted ? 1 : 0)
      .bind(3, after.edits)
      .bind(4, after.edited_ms)
      .bind_text(5, after.body);
  CHAT_TRY(use->run());
  removed(before);
  added(after);
  return {};
}

sqlite::Status Tables::insert(const EventRow& row) {
  Use use;
  CHAT_TRY(use.start(database_, insert_event_));
  use->bind(1, row.id)
      .bind(2, row.scope)
      .bind(3, row.kind)
      .bind(4, row.conversation)
      .bind(5, row.account)
      .bind(6, row.seq)
      .bind_text(7, row.detail);
  CHAT_TRY(use->run());
  added(row);
  return {};
}

}  // namespace starling::chat
