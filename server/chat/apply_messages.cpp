// The rules of conversations, messages and marks. A conversation that is not the actor's own is
// kNotFound, like one that does not exist: it gives nothing away.
#include <algorithm>

#include "server/chat/apply.h"
#include "server/chat/utf8.h"

namespace starling::chat {
namespace {

constexpr const char* kNoConversation = "no such conversation";

void tell_sent(const MessageRow& row, Outcome& out) {
  out.conversation = row.conversation;
  out.message = row.id;
  out.seq = row.seq;
  out.at_ms = row.sent_ms;
}

}  // namespace

sqlite::Status Applier::run(const OpenDirect& c, Outcome& out) {
  HotAccount* account = nullptr;
  CHAT_TRY(authenticate(c.actor, account, out));
  if (account == nullptr) return {};
  bool may_run = false;
  CHAT_TRY(admit(account, c.key, may_run, out));
  if (!may_run) return {};
  CHAT_TRY(open_direct(c, out));
  return record(c.actor.account, c.key, out);
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
    refuse(out, Code::kNotFound, "no such account");
    return {};
  }
  out.at_ms = now_ms_;
  CHAT_TRY(tables_.find_direct(std::min(self, c.peer), std::max(self, c.peer), out.conversation));
  return out.conversation != 0 ? sqlite::Status() : new_direct(c, out);
}

sqlite::Status Applier::new_direct(const OpenDirect& c, Outcome& out) {
  const AccountId self = c.actor.account;
  const ConversationRow row{next_id(), ConversationKind::kDirect, std::min(self, c.peer),
                            std::max(self, c.peer)};
  const auto joined = static_cast<std::int64_t>(index_);
  CHAT_TRY(tables_.insert(row, {MemberRow{row.a, row.id, row.b, joined, 0, 0},
                                MemberRow{row.b, row.id, row.a, joined, 0, 0}}));
  const std::int64_t event_id = next_id();
  constexpr EventKind kKind = EventKind::kConversationOpened;
  CHAT_TRY(tables_.insert(
      EventRow{event_id, row.id, static_cast<std::int64_t>(kKind), row.id, self, 0}));
  Event event = event_at(event_id, kKind, row.id);
  event.subject = self;
  event.audience = {row.a, row.b};
  events_->push_back(std::move(event));
  out.conversation = row.id;
  return {};
}

sqlite::Status Applier::replay_send(const Send& c, bool& found, Outcome& out) {
  StoredMessage known;
  CHAT_TRY(tables_.find_request(c.actor.account, c.key.id, found, known));
  if (!found) return {};
  // A tombstone has no body left to compare.
  if (known.row.conversation != c.conversation || (!known.row.deleted && known.body != c.body)) {
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
  CHAT_TRY(tables_.find_conversation(c.conversation, conversation));
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

sqlite::Status Applier::judge_send(const Send& c, HotConversation*& conversation,
                                   Outcome& refusal) {
  CHAT_TRY(tables_.find_conversation(c.conversation, conversation));
  HotMember* member = conversation != nullptr ? conversation->member(c.actor.account) : nullptr;
  if (member == nullptr) {
    refuse(refusal, Code::kNotFound, kNoConversation);
    return {};
  }
  if (c.body.empty() || c.body.size() > kMaxBodyBytes || !is_valid_utf8(c.body)) {
    refuse(refusal, Code::kInvalid, "body must be 1 to 16384 bytes of UTF-8");
  } else if (c.after == c.key.id) {
    refuse(refusal, Code::kInvalid, "after_request_id is the request itself");
  } else if (member->row.peer != 0 && conversation->member(member->row.peer) == nullptr) {
    refuse(refusal, Code::kPermissionDenied, "the other account was deleted");
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
    refuse(out, code,
           code == Code::kVoided ? "the request was voided" : "the request was refused before");
    return {};
  }
  bool settled = false;
  CHAT_TRY(predecessor_settled(c, *sender, settled));
  HotConversation* conversation = nullptr;
  CHAT_TRY(judge_send(c, conversation, out));
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
  Event event = event_at(row.id, EventKind::kMessage, row.conversation);
  event.message = {row.id, row.conversation, row.seq, row.sender,    sender->row.name,
                   c.body, row.sent_ms,      false,   row.request_id};
  add_members(*conversation, event);
  events_->push_back(std::move(event));
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
  CHAT_TRY(tables_.find_conversation(c.conversation, conversation));
  HotMember* member = conversation != nullptr ? conversation->member(account->row.id) : nullptr;
  if (member == nullptr) {
    refuse(out, Code::kNotFound, kNoConversation);
    return {};
  }
  const Seq mark = std::min(c.seq, conversation->last_seq);
  out.conversation = c.conversation;
  out.at_ms = now_ms_;
  out.seq = std::max(mark, member->row.read_seq);
  if (mark <= member->row.read_seq) return {};
  CHAT_TRY(tables_.set_read_mark(*member, mark));
  const std::int64_t event_id = next_id();
  const AccountId self = account->row.id;
  // In a direct conversation the other side sees how far it was read.
  const bool direct = member->row.peer != 0;
  CHAT_TRY(tables_.insert(EventRow{event_id, direct ? c.conversation : self,
                                   static_cast<std::int64_t>(EventKind::kReadMark), c.conversation,
                                   self, mark}));
  Event event = event_at(event_id, EventKind::kReadMark, c.conversation);
  event.seq = mark;
  event.subject = self;
  if (direct) {
    add_members(*conversation, event);
  } else {
    event.audience = {self};
  }
  events_->push_back(std::move(event));
  return {};
}

sqlite::Status Applier::run(const DeleteMessages& c, Outcome& out) {
  HotAccount* account = nullptr;
  CHAT_TRY(authenticate(c.actor, account, out));
  if (account == nullptr) return {};
  bool may_run = false;
  CHAT_TRY(admit(account, c.key, may_run, out));
  if (!may_run) return {};
  CHAT_TRY(delete_messages(c, out));
  return record(c.actor.account, c.key, out);
}

// All or nothing: one message that is missing or somebody else's and none is deleted.
sqlite::Status Applier::delete_messages(const DeleteMessages& c, Outcome& out) {
  if (c.seqs.empty() || c.seqs.size() > static_cast<std::size_t>(kMaxPage)) {
    refuse(out, Code::kInvalid, "seqs must be 1 to 200");
    return {};
  }
  HotConversation* conversation = nullptr;
  CHAT_TRY(tables_.find_conversation(c.conversation, conversation));
  if (conversation == nullptr || conversation->member(c.actor.account) == nullptr) {
    refuse(out, Code::kNotFound, kNoConversation);
    return {};
  }
  std::vector<Seq> seqs = c.seqs;
  std::sort(seqs.begin(), seqs.end());
  seqs.erase(std::unique(seqs.begin(), seqs.end()), seqs.end());
  std::vector<StoredMessage> messages(seqs.size());
  for (std::size_t i = 0; i < seqs.size(); ++i) {
    bool found = false;
    CHAT_TRY(tables_.find_message(c.conversation, seqs[i], found, messages[i]));
    if (!found) {
      refuse(out, Code::kNotFound, "no such message");
      return {};
    }
    if (messages[i].row.sender != c.actor.account) {
      refuse(out, Code::kPermissionDenied, "only one's own messages can be deleted");
      return {};
    }
  }
  HotAccount* account = nullptr;
  CHAT_TRY(tables_.find_account(c.actor.account, account));
  out.conversation = c.conversation;
  out.at_ms = now_ms_;
  for (const StoredMessage& message : messages) {
    if (message.row.deleted) continue;
    CHAT_TRY(delete_one(*conversation, message, account->row.name));
    ++out.count;
  }
  return {};
}

sqlite::Status Applier::delete_one(HotConversation& conversation, const StoredMessage& message,
                                   const std::string& sender_name) {
  const MessageRow& row = message.row;
  CHAT_TRY(tables_.delete_message(row));
  const std::int64_t event_id = next_id();
  constexpr EventKind kKind = EventKind::kMessageDeleted;
  CHAT_TRY(tables_.insert(EventRow{event_id, row.conversation, static_cast<std::int64_t>(kKind),
                                   row.conversation, row.sender, row.seq}));
  Event event = event_at(event_id, kKind, row.conversation);
  event.message = {row.id, row.conversation, row.seq, row.sender,    sender_name,
                   {},     row.sent_ms,      true,    row.request_id};
  add_members(conversation, event);
  events_->push_back(std::move(event));
  return {};
}

}  // namespace starling::chat
