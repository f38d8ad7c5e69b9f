// The rules of groups: who may do what to whom. Each change is a system message in the group, which
// is its event as well.
#include <algorithm>
#include <tuple>
#include <utility>

#include "server/chat/apply.h"
#include "server/chat/utf8.h"

namespace starling::chat {
namespace {

constexpr const char* kBadTitle =
    "title must be 1 to 128 bytes of UTF-8 without control characters";

std::string names_of(const std::vector<HotAccount*>& accounts) {
  std::string names;
  for (const HotAccount* account : accounts) {
    if (!names.empty()) names += ' ';
    names += account->row.name;
  }
  return names;
}

}  // namespace

sqlite::Status Applier::post(HotConversation& group, MessageKind kind, const HotAccount& sender,
                             std::string_view body) {
  MessageRow row;
  row.id = next_id();
  row.conversation = group.row.id;
  row.seq = group.last_seq + 1;
  row.sender = sender.row.id;
  row.request_id = system_request_id(row.id);
  row.body = body;
  row.sent_ms = now_ms_;
  row.kind = kind;
  bool duplicate = false;
  CHAT_TRY(tables_.insert(row, duplicate));
  if (duplicate) chat_misuse("a system message has the request id of another message");
  group.last_seq = row.seq;
  Event event = event_at(row.id, EventKind::kMessage, row.conversation);
  event.message = message_of(row, sender.row.name);
  event.audience = group.everybody();
  events_->push_back(std::move(event));
  return {};
}

sqlite::Status Applier::tell_opened(ConversationId conversation, AccountId by, AccountId whom) {
  Event event;
  event.kind = EventKind::kConversationOpened;
  event.conversation = conversation;
  event.subject = by;
  return tell(whom, std::move(event), audience_of({whom}));
}

sqlite::Status Applier::find_group(const Actor& actor, ConversationId id, MemberRole least,
                                   HotConversation*& group, HotMember*& self, Outcome& out) {
  CHAT_TRY(find_own(actor, id, group, self, out));
  if (self == nullptr) return {};
  if (group->row.kind != ConversationKind::kGroup) {
    refuse(out, Code::kInvalid, "a direct conversation is no group");
  } else if (self->row.role < least) {
    refuse(out, Code::kPermissionDenied,
           least == MemberRole::kOwner ? "only the group's owner may do that"
                                       : "only the group's admins may do that");
  } else {
    return {};
  }
  self = nullptr;
  return {};
}

sqlite::Status Applier::judge_joining(const std::vector<AccountId>& accounts,
                                      HotConversation* group, AccountId self,
                                      std::vector<HotAccount*>& joining, Outcome& out) {
  if (accounts.size() > static_cast<std::size_t>(kMaxPage)) {
    refuse(out, Code::kInvalid, "at most 200 accounts at a time");
    return {};
  }
  for (const AccountId id : accounts) {
    if (id == self || (group != nullptr && group->member(id) != nullptr)) continue;
    HotAccount* account = nullptr;
    CHAT_TRY(tables_.find_account(id, account));
    if (account == nullptr || account->row.deleted) {
      refuse(out, Code::kNotFound, kNoAccount);
      return {};
    }
    if (std::find(joining.begin(), joining.end(), account) != joining.end()) continue;
    bool blocked = false;
    CHAT_TRY(tables_.has_blocked(*account, self, blocked));
    if (blocked) {
      refuse(out, Code::kPermissionDenied, account->row.name + " does not want to be added by you");
      return {};
    }
    std::int64_t groups = 0;
    CHAT_TRY(tables_.count_groups(id, groups));
    if (groups >= static_cast<std::int64_t>(kMaxGroupsPerAccount)) {
      refuse(out, Code::kPermissionDenied, account->row.name + " is in 500 groups already");
      return {};
    }
    joining.push_back(account);
  }
  return {};
}

sqlite::Status Applier::run(const CreateGroup& c, Outcome& out) {
  return once(c, out, [&](HotAccount& owner) { return create_group(c, owner, out); });
}

sqlite::Status Applier::create_group(const CreateGroup& c, const HotAccount& owner, Outcome& out) {
  if (!is_label(c.title, kMaxTitleBytes)) {
    refuse(out, Code::kInvalid, kBadTitle);
    return {};
  }
  std::int64_t groups = 0;
  CHAT_TRY(tables_.count_groups(owner.row.id, groups));
  if (groups >= static_cast<std::int64_t>(kMaxGroupsPerAccount)) {
    refuse(out, Code::kPermissionDenied, "an account is in 500 groups at most");
    return {};
  }
  std::vector<HotAccount*> joining;
  CHAT_TRY(judge_joining(c.members, nullptr, owner.row.id, joining, out));
  if (out.code != Code::kOk) return {};
  ConversationRow row;
  row.id = next_id();
  row.kind = ConversationKind::kGroup;
  row.title = c.title;
  row.member_count = static_cast<std::int64_t>(joining.size()) + 1;
  MemberRow member;
  member.account = owner.row.id;
  member.conversation = row.id;
  member.role = MemberRole::kOwner;
  member.joined_index = static_cast<std::int64_t>(index_);
  member.joined_ms = now_ms_;
  std::vector<MemberRow> members = {member};
  member.role = MemberRole::kMember;
  for (const HotAccount* account : joining) {
    member.account = account->row.id;
    members.push_back(member);
  }
  CHAT_TRY(tables_.insert(row, members));
  out.conversation = row.id;
  HotConversation* group = nullptr;
  CHAT_TRY(tables_.find_conversation(row.id, group));
  if (group == nullptr) chat_misuse("a new group is not there");
  for (const MemberRow& one : members) {
    CHAT_TRY(tell_opened(row.id, owner.row.id, one.account));
  }
  CHAT_TRY(post(*group, MessageKind::kGroupCreated, owner, c.title));
  if (joining.empty()) return {};
  return post(*group, MessageKind::kMembersAdded, owner, names_of(joining));
}

sqlite::Status Applier::run(const AddMembers& c, Outcome& out) {
  return once(c, out, [&](HotAccount& actor) { return add_members(c, actor, out); });
}

sqlite::Status Applier::add_members(const AddMembers& c, const HotAccount& actor, Outcome& out) {
  HotConversation* group = nullptr;
  HotMember* self = nullptr;
  CHAT_TRY(find_group(c.actor, c.conversation, MemberRole::kAdmin, group, self, out));
  if (self == nullptr) return {};
  if (c.accounts.empty()) {
    refuse(out, Code::kInvalid, "at least one account");
    return {};
  }
  std::vector<HotAccount*> joining;
  CHAT_TRY(judge_joining(c.accounts, group, actor.row.id, joining, out));
  if (out.code != Code::kOk) return {};
  const auto more = static_cast<std::int64_t>(joining.size());
  if (group->row.member_count + more > kMaxGroupMembers) {
    refuse(out, Code::kPermissionDenied, "a group has 10,000 members at most");
    return {};
  }
  out.conversation = c.conversation;
  out.count = more;
  if (joining.empty()) return {};
  // They see what comes from here on, their own welcome first.
  MemberRow member;
  member.conversation = c.conversation;
  member.joined_index = static_cast<std::int64_t>(index_);
  member.joined_ms = now_ms_;
  member.joined_seq = member.read_seq = member.delivered_seq = group->last_seq;
  for (const HotAccount* account : joining) {
    member.account = account->row.id;
    CHAT_TRY(tables_.add_member(*group, member));
    CHAT_TRY(tell_opened(c.conversation, actor.row.id, account->row.id));
  }
  return post(*group, MessageKind::kMembersAdded, actor, names_of(joining));
}

sqlite::Status Applier::run(const RemoveMember& c, Outcome& out) {
  return once(c, out, [&](HotAccount& actor) { return remove_member(c, actor, out); });
}

sqlite::Status Applier::remove_member(const RemoveMember& c, const HotAccount& actor,
                                      Outcome& out) {
  HotConversation* group = nullptr;
  HotMember* self = nullptr;
  CHAT_TRY(find_group(c.actor, c.conversation, MemberRole::kMember, group, self, out));
  if (self == nullptr) return {};
  out.conversation = c.conversation;
  if (c.account == actor.row.id) return leave_group(*group, actor);
  const HotMember* target = group->member(c.account);
  if (target == nullptr) {
    refuse(out, Code::kNotFound, "no such member");
    return {};
  }
  if (self->row.role <= target->row.role) {
    refuse(out, Code::kPermissionDenied, "only somebody with more power may remove a member");
    return {};
  }
  HotAccount* account = nullptr;
  CHAT_TRY(tables_.find_account(c.account, account));
  if (account == nullptr) chat_misuse("a member has no account");
  // Told while it still is one, so that it hears of it too.
  CHAT_TRY(post(*group, MessageKind::kMemberRemoved, actor, account->row.name));
  events_->back().removed = c.account;
  return tables_.end_stay(*group, c.account, static_cast<std::int64_t>(index_));
}

// All that comes of it is told while the account is still a member: what it hears live and what its
// cursor gives are to be the same.
sqlite::Status Applier::leave_group(HotConversation& group, const HotAccount& account) {
  const bool owned = group.member(account.row.id)->row.role == MemberRole::kOwner;
  if (owned && group.members.size() > 1) CHAT_TRY(pass_ownership(group, account));
  CHAT_TRY(post(group, MessageKind::kMemberLeft, account, {}));
  return tables_.end_stay(group, account.row.id, static_cast<std::int64_t>(index_));
}

// To the one with most power, among these to the one who has been there longest, then to the
// lowest id.
sqlite::Status Applier::pass_ownership(HotConversation& group, const HotAccount& former) {
  HotMember* heir = nullptr;
  for (HotMember& member : group.members) {
    if (member.row.account == former.row.id) continue;
    const auto standing = [](const MemberRow& row) {
      return std::tuple(-static_cast<std::int64_t>(row.role), row.joined_index, row.account);
    };
    if (heir == nullptr || standing(member.row) < standing(heir->row)) heir = &member;
  }
  if (heir == nullptr) chat_misuse("nobody is left to own a group");
  MemberRow row = heir->row;
  row.role = MemberRole::kOwner;
  CHAT_TRY(tables_.update(*heir, row));
  HotAccount* account = nullptr;
  CHAT_TRY(tables_.find_account(row.account, account));
  if (account == nullptr) chat_misuse("a member has no account");
  return post(group, MessageKind::kOwnerChanged, former, account->row.name);
}

sqlite::Status Applier::run(const SetRole& c, Outcome& out) {
  return once(c, out, [&](HotAccount& actor) { return set_role(c, actor, out); });
}

sqlite::Status Applier::set_role(const SetRole& c, const HotAccount& actor, Outcome& out) {
  HotConversation* group = nullptr;
  HotMember* self = nullptr;
  CHAT_TRY(find_group(c.actor, c.conversation, MemberRole::kOwner, group, self, out));
  if (self == nullptr) return {};
  HotMember* target = group->member(c.account);
  if (target == nullptr || target == self) {
    refuse(out, target == self ? Code::kInvalid : Code::kNotFound,
           target == self ? "the owner's role passes to another member only" : "no such member");
    return {};
  }
  out.conversation = c.conversation;
  if (target->row.role == c.role) return {};
  HotAccount* account = nullptr;
  CHAT_TRY(tables_.find_account(c.account, account));
  if (account == nullptr) chat_misuse("a member has no account");
  MemberRow row = target->row;
  row.role = c.role;
  CHAT_TRY(tables_.update(*target, row));
  MessageKind kind =
      c.role == MemberRole::kAdmin ? MessageKind::kAdminAdded : MessageKind::kAdminRemoved;
  if (c.role == MemberRole::kOwner) {
    kind = MessageKind::kOwnerChanged;
    MemberRow former = self->row;
    former.role = MemberRole::kAdmin;
    CHAT_TRY(tables_.update(*self, former));
  }
  return post(*group, kind, actor, account->row.name);
}

sqlite::Status Applier::run(const RenameGroup& c, Outcome& out) {
  return once(c, out, [&](HotAccount& actor) -> sqlite::Status {
    HotConversation* group = nullptr;
    HotMember* self = nullptr;
    CHAT_TRY(find_group(c.actor, c.conversation, MemberRole::kAdmin, group, self, out));
    if (self == nullptr) return {};
    if (!is_label(c.title, kMaxTitleBytes)) {
      refuse(out, Code::kInvalid, kBadTitle);
      return {};
    }
    out.conversation = c.conversation;
    if (group->row.title == c.title) return {};
    ConversationRow row = group->row;
    row.title = c.title;
    CHAT_TRY(tables_.update(*group, row));
    return post(*group, MessageKind::kGroupRenamed, actor, c.title);
  });
}

sqlite::Status Applier::run(const DissolveGroup& c, Outcome& out) {
  return once(c, out, [&](HotAccount& actor) -> sqlite::Status {
    HotConversation* group = nullptr;
    HotMember* self = nullptr;
    CHAT_TRY(find_group(c.actor, c.conversation, MemberRole::kOwner, group, self, out));
    if (self == nullptr) return {};
    out.conversation = c.conversation;
    CHAT_TRY(post(*group, MessageKind::kGroupDissolved, actor, {}));
    return tables_.end_all_stays(*group, static_cast<std::int64_t>(index_));
  });
}

}  // namespace starling::chat
