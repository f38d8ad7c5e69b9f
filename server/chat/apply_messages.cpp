// The rules of direct conversations and of sending. A conversation that is not the actor's own is
// kNotFound, like one that does not exist: it gives nothing away.
#include <algorithm>

#include "server/chat/apply.h"
#include "server/chat/utf8.h"

namespace starling::chat {
namespace {

constexpr const char* kBlocked = "this account takes no messages from you";

void tell_sent(const MessageRow& row, Outcome& out) {
  out.conversation = row.conversation;
  out.message = row.id;
  out.seq = row.seq;
  out.at_ms = row.sent_ms;
}

}  // namespace

sqlite::Status Applier::run(const OpenDirect& c, Outcome& out) {
  return once(c, out, [&](HotAccount&) { return open_direct(c, out); });
}

sqlite::Status Applier::open_direct(const OpenDirect& c, Outcome& out) {
  const AccountId self = c.actor.account;
  if (c.peer == self) {
    refuse(out, Code::kInvalid, "a direct conversation is with somebody else");
    return {};
  }
  HotAccount* peer = nullptr;
  CHAT_TRY(tables_.find_account(c.peer, peer));
  if (peer == nullptr || peer->row.deleted) {
    refuse(out, Code::kNotFound, kNoAccount);
    return {};
  }
  CHAT_TRY(tables_.find_direct(std::min(self, c.peer), std::max(self, c.peer), out.conversation));
  if (out.conversation != 0) return {};
  bool blocked = false;
  CHAT_TRY(tables_.has_blocked(*peer, self, blocked));
  if (blocked) {
    refuse(out, Code::kPermissionDenied, kBlocked);
    return {};
  }
  return new_direct(c, out);
}

sqlite::Status Applier::new_direct(const OpenDirect& c, Outcome& out) {
  const AccountId self = c.actor.account;
  const AccountId low = std::min(self, c.peer);
  const AccountId high = std::max(self, c.peer);
  const ConversationRow row{next_id(), ConversationKind::kDirect, low, high, {}, 2};
  MemberRow member;
  member.conversation = row.id;
  member.joined_index = static_cast<std::int64_t>(index_);
  member.joined_ms = now_ms_;
  std::vector<MemberRow> members(2, member);
  members[0].account = members[1].peer = low;
  members[1].account = members[0].peer = high;
  CHAT_TRY(tables_.insert(row, members));
  Event event;
  event.kind = EventKind::kConversationOpened;
  event.conversation = row.id;
  event.subject = self;
  out.conversation = row.id;
  return tell(row.id, std::move(event), audience_of({low, high}));
}

Message message_of(const MessageRow& row, const std::string& sender_name) {
  Message out;
  out.id = row.id;
  out.conversation = row.conversation;
  out.seq = row.seq;
  out.sender = row.sender;
  out.sender_name = sender_name;
  out.body = row.body;
  out.sent_at_ms = row.sent_ms;
  out.deleted = row.deleted;
  out.request_id = row.request_id;
  out.kind = row.kind;
  out.reply_to = row.reply_to;
  out.edits = row.edits;
  out.edited_at_ms = row.edited_ms;
  return out;
}

sqlite::Status Applier::find_own(const Actor& actor, ConversationId id,
                                 HotConversation*& conversation, HotMember*& self, Outcome& out) {
  CHAT_TRY(tables_.find_conversation_of(actor.account, id, conversation));
  self = conversation != nullptr ? conversation->member(actor.account) : nullptr;
  if (self == nullptr) refuse(out, Code::kNotFound, kNoConversation);
  return {};
}

sqlite::Status Applier::replay_send(const Send& c, bool& found, Outcome& out) {
  StoredMessage known;
  CHAT_TRY(tables_.find_request(c.actor.account, c.key.id, found, known));
  if (!found) return {};
  // A tombstone has no body left to compare.
  // An edited one has another.
  const bool same_body = known.row.deleted || known.row.edits != 0 || known.body == c.body;
  if (known.row.conversation != c.conversation || known.row.reply_to != c.reply_to || !same_body) {
    refuse(out, Code::kRequestReused, "the request id was used for another request");
    return {};
  }
  out = {};
  out.replayed = true;
  tell_sent(known.row, out);
  return {};
}

sqlite::Status Applier::predecessor_settled(const Send& c, HotAccount& sender, bool& settled) {
  settled = true;
  if (!c.after.has_value() || *c.after == c.key.id) return {};
  HotConversation* conversation = nullptr;
  CHAT_TRY(tables_.find_conversation_of(sender.row.id, c.conversation, conversation));
  if (conversation != nullptr) {
    const HotMember* member = conversation->member(sender.row.id);
    if (member != nullptr && member->sent && member->last_sent == *c.after) return {};
  }
  StoredMessage predecessor;
  CHAT_TRY(tables_.find_request(sender.row.id, *c.after, settled, predecessor));
  if (settled) return {};
  Code code = Code::kVoided;
  return tables_.find_void(sender, *c.after, settled, code);
}

sqlite::Status Applier::judge_direct(HotConversation& conversation, const HotMember& self,
                                     HotAccount& sender, Outcome& out) {
  if (self.row.peer == 0) return {};
  if (conversation.member(self.row.peer) == nullptr) {
    refuse(out, Code::kPermissionDenied, "the other account was deleted");
    return {};
  }
  HotAccount* peer = nullptr;
  CHAT_TRY(tables_.find_account(self.row.peer, peer));
  if (peer == nullptr) chat_misuse("a member has no account");
  bool blocked = false;
  CHAT_TRY(tables_.has_blocked(*peer, sender.row.id, blocked));
  if (blocked) {
    refuse(out, Code::kPermissionDenied, kBlocked);
    return {};
  }
  CHAT_TRY(tables_.has_blocked(sender, peer->row.id, blocked));
  if (blocked) refuse(out, Code::kPermissionDenied, "unblock this account to write to it");
  return {};
}

sqlite::Status Applier::judge_send(const Send& c, HotAccount& sender,
                                   HotConversation*& conversation, Outcome& refusal) {
  HotMember* member = nullptr;
  CHAT_TRY(find_own(c.actor, c.conversation, conversation, member, refusal));
  if (member == nullptr) return {};
  if (is_reserved(c.key.id)) {
    refuse(refusal, Code::kInvalid, kReservedId);
  } else if (c.body.empty() || c.body.size() > kMaxBodyBytes || !is_valid_utf8(c.body)) {
    refuse(refusal, Code::kInvalid, kBadBody);
  } else if (c.after == c.key.id) {
    refuse(refusal, Code::kInvalid, "after_request_id is the request itself");
  } else if (c.reply_to != 0 &&
             (c.reply_to <= member->row.joined_seq || c.reply_to > conversation->last_seq)) {
    refuse(refusal, Code::kInvalid, "reply_to names no message of this conversation");
  } else {
    return judge_direct(*conversation, *member, sender, refusal);
  }
  return {};
}

// The narrow place of the whole system. The common case looks at remembered rows only and makes
// one INSERT, which finds a copy of an earlier send by its own unique index.
sqlite::Status Applier::run(const Send& c, Outcome& out) {
  HotAccount* sender = nullptr;
  CHAT_TRY(authenticate(c.actor, sender, out));
  if (sender == nullptr) return {};
  bool found = false;
  Code code = Code::kVoided;
  CHAT_TRY(tables_.find_void(*sender, c.key.id, found, code));
  if (found) {
    refuse(out, code, text_of_void(code));
    return {};
  }
  bool settled = false;
  CHAT_TRY(predecessor_settled(c, *sender, settled));
  HotConversation* conversation = nullptr;
  CHAT_TRY(judge_send(c, *sender, conversation, out));
  if (!settled || out.code != Code::kOk) {
    Outcome earlier;
    CHAT_TRY(replay_send(c, found, earlier));
    if (found) {
      out = std::move(earlier);
    } else if (!settled) {
      refuse(out, Code::kOutOfOrder, "the preceding send is not there yet");
    } else {
      CHAT_TRY(tables_.insert(*sender, VoidRow{sender->row.id, c.key.id, out.code}));
    }
    return {};
  }
  MessageRow row;
  row.id = next_id();
  row.conversation = c.conversation;
  row.seq = conversation->last_seq + 1;
  row.sender = sender->row.id;
  row.request_id = c.key.id;
  row.body = c.body;
  row.sent_ms = now_ms_;
  row.reply_to = c.reply_to;
  bool duplicate = false;
  CHAT_TRY(tables_.insert(row, duplicate));
  if (duplicate) {
    CHAT_TRY(replay_send(c, found, out));
    if (!found) chat_misuse("a send is neither new nor known");
    return {};
  }
  conversation->last_seq = row.seq;
  HotMember* member = conversation->member(row.sender);
  member->sent = true;
  member->last_sent = row.request_id;
  tell_sent(row, out);
  CHAT_TRY(mention(*conversation, row));
  Event event = event_at(row.id, EventKind::kMessage, row.conversation);
  event.message = message_of(row, sender->row.name);
  event.audience = conversation->everybody();
  events_->push_back(std::move(event));
  return {};
}

}  // namespace starling::chat
