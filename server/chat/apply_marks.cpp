// The rules of what an account keeps for itself in a conversation: how far it has read, what its
// devices have, what it hides, what it is writing.
#include <algorithm>

#include "server/chat/apply.h"
#include "server/chat/utf8.h"

namespace starling::chat {

// In a large group a mark of each for everybody would be a flood; there they can be asked for.
bool Applier::shows_marks(const HotConversation& conversation) {
  return conversation.members.size() <= kMaxMarkAudience;
}

sqlite::Status Applier::find_seen(const HotMember& self, Seq seq, bool& found,
                                  StoredMessage& message, Outcome& out) {
  found = false;
  if (seq > self.row.joined_seq) {
    CHAT_TRY(tables_.find_message(self.row.conversation, seq, found, message));
  }
  if (!found) refuse(out, Code::kNotFound, "no such message");
  return {};
}

sqlite::Status Applier::run(const MarkRead& c, Outcome& out) {
  HotAccount* account = nullptr;
  CHAT_TRY(authenticate(c.actor, account, out));
  if (account == nullptr) return {};
  if (c.seq < 1) {
    refuse(out, Code::kInvalid, "seq must be at least 1");
    return {};
  }
  HotConversation* conversation = nullptr;
  HotMember* self = nullptr;
  CHAT_TRY(find_own(c.actor, c.conversation, conversation, self, out));
  if (self == nullptr) return {};
  const Seq mark = std::min(c.seq, conversation->last_seq);
  out.conversation = c.conversation;
  out.at_ms = now_ms_;
  out.seq = std::max(mark, self->row.read_seq);
  if (mark <= self->row.read_seq) return {};
  MemberRow row = self->row;
  row.read_seq = mark;
  row.delivered_seq = std::max(row.delivered_seq, mark);
  CHAT_TRY(tables_.update(*self, row));
  Event event;
  event.kind = EventKind::kReadMark;
  event.conversation = c.conversation;
  event.seq = mark;
  event.subject = row.account;
  if (shows_marks(*conversation)) {
    return tell(c.conversation, std::move(event), conversation->everybody());
  }
  return tell(row.account, std::move(event), audience_of({row.account}));
}

sqlite::Status Applier::run(const MarkDelivered& c, Outcome& out) {
  HotAccount* account = nullptr;
  CHAT_TRY(authenticate(c.actor, account, out));
  if (account == nullptr) return {};
  out.at_ms = now_ms_;
  if (c.conversations.size() != c.seqs.size() || c.seqs.empty() ||
      c.seqs.size() > static_cast<std::size_t>(kMaxPage)) {
    refuse(out, Code::kInvalid, "marks must be 1 to 200");
    return {};
  }
  for (std::size_t i = 0; i < c.seqs.size(); ++i) {
    HotConversation* conversation = nullptr;
    CHAT_TRY(tables_.find_conversation_of(account->row.id, c.conversations[i], conversation));
    HotMember* self = conversation != nullptr ? conversation->member(account->row.id) : nullptr;
    if (self == nullptr) continue;
    const Seq mark = std::min(c.seqs[i], conversation->last_seq);
    if (mark <= self->row.delivered_seq) continue;
    MemberRow row = self->row;
    row.delivered_seq = mark;
    CHAT_TRY(tables_.update(*self, row));
    ++out.count;
    if (!shows_marks(*conversation)) continue;
    Event event;
    event.kind = EventKind::kDelivered;
    event.conversation = conversation->row.id;
    event.seq = mark;
    event.subject = row.account;
    CHAT_TRY(tell(conversation->row.id, std::move(event), conversation->everybody()));
  }
  return {};
}

// All or nothing, and idempotent: what is hidden stays so.
sqlite::Status Applier::run(const HideMessages& c, Outcome& out) {
  HotAccount* account = nullptr;
  CHAT_TRY(authenticate(c.actor, account, out));
  if (account == nullptr) return {};
  if (c.seqs.empty() || c.seqs.size() > static_cast<std::size_t>(kMaxPage)) {
    refuse(out, Code::kInvalid, "seqs must be 1 to 200");
    return {};
  }
  HotConversation* conversation = nullptr;
  HotMember* self = nullptr;
  CHAT_TRY(find_own(c.actor, c.conversation, conversation, self, out));
  if (self == nullptr) return {};
  for (const Seq seq : c.seqs) {
    if (seq > self->row.joined_seq && seq <= conversation->last_seq) continue;
    refuse(out, Code::kNotFound, "no such message");
    return {};
  }
  out.conversation = c.conversation;
  out.at_ms = now_ms_;
  for (const Seq seq : c.seqs) {
    bool is_new = false;
    CHAT_TRY(tables_.insert(HiddenRow{account->row.id, c.conversation, seq}, is_new));
    if (!is_new) continue;
    ++out.count;
    Event event;
    event.kind = EventKind::kHidden;
    event.conversation = c.conversation;
    event.seq = seq;
    event.subject = account->row.id;
    CHAT_TRY(tell(account->row.id, std::move(event), audience_of({account->row.id})));
  }
  return {};
}

sqlite::Status Applier::run(const SetDraft& c, Outcome& out) {
  return once(c, out, [&](HotAccount&) { return set_draft(c, out); });
}

sqlite::Status Applier::set_draft(const SetDraft& c, Outcome& out) {
  HotConversation* conversation = nullptr;
  HotMember* self = nullptr;
  CHAT_TRY(find_own(c.actor, c.conversation, conversation, self, out));
  if (self == nullptr) return {};
  if (c.body.size() > kMaxBodyBytes || !is_valid_utf8(c.body)) {
    refuse(out, Code::kInvalid, "body must be up to 16384 bytes of UTF-8");
    return {};
  }
  if (c.reply_to < 0) {
    refuse(out, Code::kInvalid, "reply_to must not be negative");
    return {};
  }
  out.conversation = c.conversation;
  const AccountId account = c.actor.account;
  bool found = false;
  DraftRow before;
  CHAT_TRY(tables_.find_draft(account, c.conversation, found, before));
  const bool empty = c.body.empty() && c.reply_to == 0;
  if (!found && empty) return {};
  if (found && before.body == c.body && before.reply_to == c.reply_to) return {};
  if (found) CHAT_TRY(tables_.remove(before));
  if (!empty) {
    CHAT_TRY(tables_.insert(DraftRow{account, c.conversation, c.body, c.reply_to, now_ms_}));
  }
  Event event;
  event.kind = EventKind::kDraft;
  event.conversation = c.conversation;
  event.subject = account;
  return tell(account, std::move(event), audience_of({account}));
}

}  // namespace starling::chat
