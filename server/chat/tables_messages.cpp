// Rows of conversations, members, messages and events.
#include "server/chat/tables.h"

namespace starling::chat {
namespace {

MemberRow member_from(const sqlite::Statement& row) {
  return {row.integer(0), row.integer(1), row.integer(2),
          row.integer(3), row.integer(4), row.integer(5)};
}

void message_from(const sqlite::Statement& row, StoredMessage& out) {
  out.row.id = row.integer(0);
  out.row.conversation = row.integer(1);
  out.row.seq = row.integer(2);
  out.row.sender = row.integer(3);
  out.row.request_id = from_blob<16>(row.view(4));
  out.row.sent_ms = row.integer(5);
  out.row.deleted = row.integer(6) != 0;
  out.body = row.text(7);
  out.row.body = out.body;
}

}  // namespace

sqlite::Status Tables::find_conversation(ConversationId id, HotConversation*& out) {
  out = nullptr;
  if (const auto known = conversations_.find(id); known != conversations_.end()) {
    out = &known->second;
    return {};
  }
  HotConversation conversation;
  {
    Use use;
    CHAT_TRY(use.start(database_, conversation_));
    use->bind(1, id);
    bool row = false;
    CHAT_TRY(use->step(row));
    if (!row) return {};
    conversation.row = {id, static_cast<ConversationKind>(use->integer(0)), use->integer(1),
                        use->integer(2)};
  }
  {
    Use use;
    CHAT_TRY(use.start(database_, last_seq_));
    use->bind(1, id);
    bool row = false;
    CHAT_TRY(use->step(row));
    conversation.last_seq = row ? use->integer(0) : 0;  // NULL reads as 0.
  }
  CHAT_TRY(load_members(conversation));
  out = &conversations_.emplace(id, std::move(conversation)).first->second;
  return {};
}

sqlite::Status Tables::load_members(HotConversation& conversation) {
  Use use;
  CHAT_TRY(use.start(database_, members_));
  use->bind(1, conversation.row.id);
  CHAT_TRY(use.each([&](const sqlite::Statement& row) {
    HotMember member;
    member.row = member_from(row);
    conversation.members.push_back(member);
  }));
  return {};
}

sqlite::Status Tables::find_direct(AccountId a, AccountId b, ConversationId& out) {
  Use use;
  CHAT_TRY(use.start(database_, direct_));
  use->bind(1, a).bind(2, b);
  bool row = false;
  CHAT_TRY(use->step(row));
  out = row ? use->integer(0) : 0;
  return {};
}

sqlite::Status Tables::insert(const ConversationRow& row, const std::vector<MemberRow>& members) {
  {
    Use use;
    CHAT_TRY(use.start(database_, insert_conversation_));
    use->bind(1, row.id).bind(2, static_cast<std::int64_t>(row.kind)).bind(3, row.a).bind(4, row.b);
    CHAT_TRY(use->run());
    added(row);
  }
  for (const MemberRow& member : members) {
    Use use;
    CHAT_TRY(use.start(database_, insert_member_));
    use->bind(1, member.account)
        .bind(2, member.conversation)
        .bind(3, member.peer)
        .bind(4, member.joined_index)
        .bind(5, member.left_index)
        .bind(6, member.read_seq);
    CHAT_TRY(use->run());
    added(member);
  }
  return {};
}

sqlite::Status Tables::memberships_of(AccountId account, std::vector<MemberRow>& out) {
  Use use;
  CHAT_TRY(use.start(database_, memberships_));
  use->bind(1, account);
  CHAT_TRY(use.each([&](const sqlite::Statement& row) { out.push_back(member_from(row)); }));
  return {};
}

sqlite::Status Tables::remove_member(const MemberRow& row) {
  Use use;
  CHAT_TRY(use.start(database_, remove_member_));
  use->bind(1, row.account).bind(2, row.conversation);
  CHAT_TRY(use->run());
  removed(row);
  if (const auto known = conversations_.find(row.conversation); known != conversations_.end()) {
    std::erase_if(known->second.members,
                  [&row](const HotMember& m) { return m.row.account == row.account; });
  }
  return {};
}

sqlite::Status Tables::set_read_mark(HotMember& member, Seq seq) {
  Use use;
  CHAT_TRY(use.start(database_, read_mark_));
  use->bind(1, member.row.account).bind(2, member.row.conversation).bind(3, seq);
  CHAT_TRY(use->run());
  removed(member.row);
  member.row.read_seq = seq;
  added(member.row);
  return {};
}

sqlite::Status Tables::insert(const MessageRow& row, bool& duplicate) {
  Use use;
  CHAT_TRY(use.start(database_, insert_message_));
  use->bind(1, row.id)
      .bind(2, row.conversation)
      .bind(3, row.seq)
      .bind(4, row.sender)
      .bind_blob(5, as_blob(row.request_id))
      .bind(6, row.sent_ms)
      .bind_text(7, row.body);
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
  Use use;
  CHAT_TRY(use.start(database_, delete_message_));
  use->bind(1, row.id);
  CHAT_TRY(use->run());
  removed(row);
  MessageRow tombstone = row;
  tombstone.deleted = true;
  tombstone.body = {};
  added(tombstone);
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
      .bind(6, row.seq);
  CHAT_TRY(use->run());
  added(row);
  return {};
}

}  // namespace starling::chat
