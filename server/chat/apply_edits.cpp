// The rules of what is done to messages that are there: deleting, editing, reacting, mentioning.
#include <algorithm>
#include <string_view>

#include "server/chat/apply.h"
#include "server/chat/utf8.h"

namespace starling::chat {
namespace {

bool is_name_character(char c) {
  return (c >= 'a' && c <= 'z') || (c >= '0' && c <= '9') || c == '.' || c == '_' || c == '-';
}

// Where a sentence ends behind a name: "ask @bob." names bob.
std::string_view without_final_marks(std::string_view name) {
  while (!name.empty() && (name.back() == '.' || name.back() == '-' || name.back() == '_')) {
    name.remove_suffix(1);
  }
  return name;
}

// The names behind an '@' that begins a word, each once, up to kMaxMentions.
std::vector<std::string_view> mentioned_names(std::string_view body) {
  std::vector<std::string_view> names;
  for (std::size_t at = body.find('@'); at != std::string_view::npos; at = body.find('@', at + 1)) {
    if (at > 0 && (is_name_character(body[at - 1]) || body[at - 1] == '@')) continue;
    std::size_t end = at + 1;
    while (end < body.size() && is_name_character(body[end])) ++end;
    const std::string_view name = body.substr(at + 1, end - at - 1);
    if (name.empty() || name.size() > kMaxNameBytes) continue;
    if (std::find(names.begin(), names.end(), name) != names.end()) continue;
    names.push_back(name);
    if (names.size() == kMaxMentions) break;
  }
  return names;
}

}  // namespace

Audience Applier::witnesses(HotConversation& conversation, Seq seq) {
  const auto came_later = [seq](const HotMember& member) { return member.row.joined_seq >= seq; };
  const std::vector<HotMember>& members = conversation.members;
  if (std::none_of(members.begin(), members.end(), came_later)) return conversation.everybody();
  std::vector<AccountId> accounts;
  for (const HotMember& member : members) {
    if (!came_later(member)) accounts.push_back(member.row.account);
  }
  return audience_of(std::move(accounts));
}

// Only members other than the sender are named; of "bob." the account of that very name comes
// first, then bob.
sqlite::Status Applier::mention(HotConversation& conversation, const MessageRow& message) {
  std::vector<AccountId> named;
  for (const std::string_view name : mentioned_names(message.body)) {
    AccountId account = 0;
    CHAT_TRY(tables_.find_account_by_name(name, account));
    const std::string_view shorter = without_final_marks(name);
    if (account == 0 && shorter.size() != name.size() && !shorter.empty()) {
      CHAT_TRY(tables_.find_account_by_name(shorter, account));
    }
    if (account == 0 || account == message.sender) continue;
    if (conversation.member(account) == nullptr) continue;
    if (std::find(named.begin(), named.end(), account) != named.end()) continue;
    named.push_back(account);
    CHAT_TRY(tables_.insert(MentionRow{account, message.conversation, message.seq}));
  }
  return {};
}

sqlite::Status Applier::forget_mentions(const MessageRow& message) {
  std::vector<MentionRow> mentions;
  CHAT_TRY(tables_.mentions_in(message.conversation, message.seq, mentions));
  for (const MentionRow& row : mentions) CHAT_TRY(tables_.remove(row));
  return {};
}

sqlite::Status Applier::run(const DeleteMessages& c, Outcome& out) {
  return once(c, out, [&](HotAccount&) { return delete_messages(c, out); });
}

// All or nothing: one message that is missing or not the actor's to delete and none is deleted.
sqlite::Status Applier::delete_messages(const DeleteMessages& c, Outcome& out) {
  if (c.seqs.empty() || c.seqs.size() > static_cast<std::size_t>(kMaxPage)) {
    refuse(out, Code::kInvalid, "seqs must be 1 to 200");
    return {};
  }
  HotConversation* conversation = nullptr;
  HotMember* self = nullptr;
  CHAT_TRY(find_own(c.actor, c.conversation, conversation, self, out));
  if (self == nullptr) return {};
  const bool all = self->row.role != MemberRole::kMember;  // Admins may delete anybody's.
  std::vector<Seq> seqs = c.seqs;
  std::sort(seqs.begin(), seqs.end());
  seqs.erase(std::unique(seqs.begin(), seqs.end()), seqs.end());
  std::vector<StoredMessage> messages(seqs.size());
  for (std::size_t i = 0; i < seqs.size(); ++i) {
    bool found = false;
    CHAT_TRY(find_seen(*self, seqs[i], found, messages[i], out));
    if (!found) return {};
    messages[i].row.body = messages[i].body;
    const MessageRow& row = messages[i].row;
    if (row.kind != MessageKind::kText || (row.sender != c.actor.account && !all)) {
      refuse(out, Code::kPermissionDenied, "only one's own messages can be deleted");
      return {};
    }
  }
  out.conversation = c.conversation;
  for (const StoredMessage& message : messages) {
    if (message.row.deleted) continue;
    CHAT_TRY(delete_one(*conversation, message));
    ++out.count;
  }
  return {};
}

// What it said before its edits goes too. Its reactions stay, shown by nobody: there may be
// thousands.
sqlite::Status Applier::delete_one(HotConversation& conversation, const StoredMessage& message) {
  const MessageRow& row = message.row;
  CHAT_TRY(tables_.delete_message(row));
  if (row.edits != 0) CHAT_TRY(tables_.remove_edits(row.id));
  CHAT_TRY(forget_mentions(row));
  HotAccount* sender = nullptr;
  CHAT_TRY(tables_.find_account(row.sender, sender));
  if (sender == nullptr) chat_misuse("a message has no sender");
  Event event;
  event.kind = EventKind::kMessageDeleted;
  event.conversation = row.conversation;
  MessageRow tombstone = row;
  tombstone.deleted = true;
  tombstone.body = {};
  tombstone.edits = 0;
  tombstone.edited_ms = 0;
  event.message = message_of(tombstone, sender->row.name);
  return tell(row.conversation, std::move(event), witnesses(conversation, row.seq));
}

sqlite::Status Applier::run(const EditMessage& c, Outcome& out) {
  return once(c, out, [&](HotAccount& author) { return edit_message(c, author, out); });
}

sqlite::Status Applier::edit_message(const EditMessage& c, HotAccount& author, Outcome& out) {
  HotConversation* conversation = nullptr;
  HotMember* self = nullptr;
  CHAT_TRY(find_own(c.actor, c.conversation, conversation, self, out));
  if (self == nullptr) return {};
  bool found = false;
  StoredMessage message;
  CHAT_TRY(find_seen(*self, c.seq, found, message, out));
  if (!found) return {};
  message.row.body = message.body;
  const MessageRow& before = message.row;
  if (before.sender != c.actor.account || before.kind != MessageKind::kText) {
    refuse(out, Code::kPermissionDenied, "only one's own messages can be edited");
  } else if (before.deleted) {
    refuse(out, Code::kNotFound, "the message was deleted");
  } else if (c.body.empty() || c.body.size() > kMaxBodyBytes || !is_valid_utf8(c.body)) {
    refuse(out, Code::kInvalid, kBadBody);
  } else if (before.edits >= kMaxEdits && before.body != c.body) {
    refuse(out, Code::kPermissionDenied, "a message can be edited 64 times");
  } else {
    CHAT_TRY(judge_direct(*conversation, *self, author, out));
  }
  if (out.code != Code::kOk) return {};
  out.conversation = c.conversation;
  out.message = before.id;
  out.seq = before.seq;
  out.count = before.edits;
  if (before.body == c.body) {
    out.at_ms = before.edited_ms;
    return {};
  }
  MessageRow after = before;
  after.body = c.body;
  after.edited_ms = now_ms_;
  out.count = ++after.edits;
  CHAT_TRY(tables_.insert(EditRow{before.id, after.edits, message.body, now_ms_}));
  CHAT_TRY(tables_.update_body(before, after));
  CHAT_TRY(forget_mentions(before));
  CHAT_TRY(mention(*conversation, after));
  Event event;
  event.kind = EventKind::kMessageEdited;
  event.conversation = c.conversation;
  event.message = message_of(after, author.row.name);
  return tell(c.conversation, std::move(event), witnesses(*conversation, c.seq));
}

sqlite::Status Applier::run(const React& c, Outcome& out) {
  return once(c, out, [&](HotAccount& account) { return react(c, account, out); });
}

sqlite::Status Applier::react(const React& c, HotAccount& account, Outcome& out) {
  HotConversation* conversation = nullptr;
  HotMember* self = nullptr;
  CHAT_TRY(find_own(c.actor, c.conversation, conversation, self, out));
  if (self == nullptr) return {};
  bool found = false;
  StoredMessage message;
  CHAT_TRY(find_seen(*self, c.seq, found, message, out));
  if (!found) return {};
  if (message.row.deleted || message.row.kind != MessageKind::kText) {
    refuse(out, Code::kNotFound, "there is no text to react to any more");
    return {};
  }
  if (!is_label(c.emoji, kMaxEmojiBytes)) {
    refuse(out, Code::kInvalid, "emoji must be 1 to 32 bytes of UTF-8 without control characters");
    return {};
  }
  if (c.on) CHAT_TRY(judge_direct(*conversation, *self, account, out));
  if (out.code != Code::kOk) return {};
  out.conversation = c.conversation;
  out.seq = c.seq;
  std::vector<ReactionRow> own;
  CHAT_TRY(tables_.reactions_by(c.actor.account, c.conversation, c.seq, own));
  std::vector<ReactionCountRow> counts;
  CHAT_TRY(tables_.reaction_counts(c.conversation, c.seq, counts));
  ReactionCountRow before{c.conversation, c.seq, c.emoji, 0, 0};
  for (const ReactionCountRow& count : counts) {
    if (count.emoji == c.emoji) before = count;
  }
  const bool has = std::any_of(own.begin(), own.end(),
                               [&c](const ReactionRow& row) { return row.emoji == c.emoji; });
  if (has == c.on) return {};
  if (c.on && own.size() >= kMaxReactionsOfAccount) {
    refuse(out, Code::kPermissionDenied, "a message takes 5 reactions of each account");
    return {};
  }
  if (c.on && before.count == 0 && counts.size() >= kMaxReactionKinds) {
    refuse(out, Code::kPermissionDenied, "a message takes 20 kinds of reactions");
    return {};
  }
  const ReactionRow row{c.conversation, c.seq, c.actor.account, c.emoji};
  CHAT_TRY(c.on ? tables_.insert(row) : tables_.remove(row));
  ReactionCountRow after = before;
  after.count += c.on ? 1 : -1;
  if (before.count == 0) after.first_id = id_at(index_, 0);
  CHAT_TRY(tables_.change(before, after));
  out.count = 1;
  Event event;
  event.kind = EventKind::kReaction;
  event.conversation = c.conversation;
  event.seq = c.seq;
  event.subject = c.actor.account;
  event.text = c.emoji;
  event.on = c.on;
  return tell(c.conversation, std::move(event), witnesses(*conversation, c.seq),
              (c.on ? "+" : "-") + c.emoji);
}

}  // namespace starling::chat
