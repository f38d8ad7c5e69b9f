// Reads of conversations and messages.
#include <algorithm>
#include <limits>

#include "server/chat/reader_impl.h"

namespace starling::chat {
namespace {

constexpr const char* kDeletedAccount = "deleted account";

Conversation conversation_from(const sqlite::Statement& row) {
  Conversation out;
  out.id = row.integer(0);
  out.peer = row.integer(1);
  out.read_seq = row.integer(2);
  out.role = static_cast<MemberRole>(row.integer(3));
  out.first_seq = row.integer(4) + 1;
  out.kind = static_cast<ConversationKind>(row.integer(5));
  out.title = row.text(6);
  out.member_count = row.integer(7);
  return out;
}

}  // namespace

Message message_from_row(const sqlite::Statement& row) {
  Message out;
  out.id = row.integer(0);
  out.conversation = row.integer(1);
  out.seq = row.integer(2);
  out.sender = row.integer(3);
  out.sender_name = row.text(4);
  out.body = row.text(5);
  out.sent_at_ms = row.integer(6);
  out.deleted = row.integer(7) != 0;
  out.request_id = from_blob<16>(row.view(8));
  out.kind = static_cast<MessageKind>(row.integer(9));
  out.reply_to = row.integer(10);
  out.edits = row.integer(11);
  out.edited_at_ms = row.integer(12);
  return out;
}

sqlite::Status Reader::is_member(ConversationId conversation, AccountId account, bool& member) {
  Use use;
  CHAT_TRY(use.start(*impl_->database, impl_->is_member_));
  use->bind(1, account).bind(2, conversation);
  return use->step(member);
}

sqlite::Status Reader::Impl::last_seq(ConversationId conversation, Seq& seq) {
  Use use;
  CHAT_TRY(use.start(*database, last_seq_));
  use->bind(1, conversation);
  bool row = false;
  CHAT_TRY(use->step(row));
  seq = row ? use->integer(0) : 0;  // NULL reads as 0.
  return {};
}

sqlite::Status Reader::Impl::one_count(Query& query, ConversationId conversation, Seq after,
                                       AccountId account, std::int64_t& count) {
  Use use;
  CHAT_TRY(use.start(*database, query));
  use->bind(1, conversation).bind(2, after).bind(3, account);
  bool row = false;
  CHAT_TRY(use->step(row));
  count = row ? use->integer(0) : 0;
  return {};
}

sqlite::Status Reader::Impl::count_unread(ConversationId conversation, AccountId account,
                                          Seq read_seq, std::int64_t& count) {
  CHAT_TRY(one_count(count_unread_, conversation, read_seq, account, count));
  if (count == 0) return {};
  std::int64_t hidden = 0;
  CHAT_TRY(one_count(count_hidden_unread_, conversation, read_seq, account, hidden));
  count -= hidden;
  return {};
}

sqlite::Status Reader::Impl::title_and_counts(AccountId account, Conversation& out) {
  CHAT_TRY(last_seq(out.id, out.last_seq));
  if (out.last_seq > out.read_seq) {
    CHAT_TRY(count_unread(out.id, account, out.read_seq, out.unread));
    if (out.unread != 0) {
      CHAT_TRY(one_count(count_mentions_, out.id, out.read_seq, account, out.mentions));
    }
  }
  {
    Use use;
    CHAT_TRY(use.start(*database, draft_));
    use->bind(1, account).bind(2, out.id);
    bool row = false;
    CHAT_TRY(use->step(row));
    if (row) out.draft = {use->text(0), use->integer(1), use->integer(2)};
  }
  if (out.kind == ConversationKind::kGroup) return {};
  {
    Use use;
    CHAT_TRY(use.start(*database, marks_));
    use->bind(1, out.peer).bind(2, out.id);
    bool row = false;
    CHAT_TRY(use->step(row));
    out.peer_read_seq = row ? use->integer(0) : 0;
    out.peer_delivered_seq = row ? use->integer(1) : 0;
  }
  Use use;
  CHAT_TRY(use.start(*database, account_by_id_));
  use->bind(1, out.peer);
  bool row = false;
  CHAT_TRY(use->step(row));
  out.title = row && use->integer(4) == 0 ? use->text(1) : kDeletedAccount;
  return {};
}

sqlite::Status Reader::conversation(ConversationId id, AccountId account, bool& found,
                                    Conversation& out) {
  Impl::View view(*impl_);
  CHAT_TRY(view.begin());
  {
    Use use;
    CHAT_TRY(use.start(*impl_->database, impl_->conversation_));
    use->bind(1, account).bind(2, id);
    CHAT_TRY(use->step(found));
    if (!found) return {};
    out = conversation_from(*use);
  }
  return impl_->title_and_counts(account, out);
}

sqlite::Status Reader::list_conversations(AccountId account, ConversationId after, int limit,
                                          std::vector<Conversation>& out, bool& more) {
  out.clear();
  limit = std::max(limit, 0);
  Impl::View view(*impl_);
  CHAT_TRY(view.begin());
  {
    Use use;
    CHAT_TRY(use.start(*impl_->database, impl_->conversations_));
    use->bind(1, account).bind(2, after).bind(3, std::int64_t{limit} + 1);
    CHAT_TRY(
        use.each([&out](const sqlite::Statement& row) { out.push_back(conversation_from(row)); }));
  }
  more = out.size() > static_cast<std::size_t>(limit);
  if (more) out.pop_back();
  for (Conversation& conversation : out) {
    CHAT_TRY(impl_->title_and_counts(account, conversation));
  }
  return {};
}

sqlite::Status Reader::Impl::messages(Query& query, ConversationId conversation, Seq from,
                                      int limit, std::vector<Message>& out, bool& more) {
  out.clear();
  limit = std::max(limit, 0);
  Use use;
  CHAT_TRY(use.start(*database, query));
  use->bind(1, conversation).bind(2, from).bind(3, std::int64_t{limit} + 1);
  CHAT_TRY(
      use.each([&out](const sqlite::Statement& row) { out.push_back(message_from_row(row)); }));
  more = out.size() > static_cast<std::size_t>(limit);
  if (more) out.pop_back();
  return {};
}

sqlite::Status Reader::messages_before(ConversationId conversation, Seq before, int limit,
                                       std::vector<Message>& out, bool& more) {
  if (before == 0) before = std::numeric_limits<Seq>::max();
  CHAT_TRY(impl_->messages(impl_->messages_before_, conversation, before, limit, out, more));
  std::reverse(out.begin(), out.end());
  return {};
}

sqlite::Status Reader::messages_after(ConversationId conversation, Seq after, int limit,
                                      std::vector<Message>& out, bool& more) {
  return impl_->messages(impl_->messages_after_, conversation, after, limit, out, more);
}

sqlite::Status Reader::unread(ConversationId conversation, AccountId account, int limit,
                              std::vector<Message>& out, std::int64_t& left) {
  out.clear();
  left = 0;
  Impl::View view(*impl_);
  CHAT_TRY(view.begin());
  Seq read_seq = 0;
  {
    Use use;
    CHAT_TRY(use.start(*impl_->database, impl_->conversation_));
    use->bind(1, account).bind(2, conversation);
    bool row = false;
    CHAT_TRY(use->step(row));
    if (!row) return {};
    read_seq = use->integer(2);
  }
  {
    Use use;
    CHAT_TRY(use.start(*impl_->database, impl_->unread_));
    use->bind(1, conversation).bind(2, read_seq).bind(3, std::max(limit, 0)).bind(4, account);
    CHAT_TRY(
        use.each([&out](const sqlite::Statement& row) { out.push_back(message_from_row(row)); }));
  }
  const Seq counted_to = out.empty() ? read_seq : out.back().seq;
  return impl_->count_unread(conversation, account, counted_to, left);
}

}  // namespace starling::chat
