// See chat_model.h. Groups: who may do what to whom, and what it leaves in them.
#include <algorithm>
#include <tuple>

#include "tests/lib/chat_model.h"

namespace starling::sim {

void ChatModel::post(Talk& talk, chat::AccountId sender, chat::MessageKind kind,
                     const std::string& body) {
  Message& message = talk.messages[static_cast<chat::Seq>(talk.messages.size()) + 1];
  message.sender = sender;
  message.body = body;
  message.sent_ms = now_ms_;
  message.kind = kind;
}

std::string ChatModel::names(const std::vector<chat::AccountId>& accounts) const {
  std::string out;
  for (const chat::AccountId id : accounts) {
    out += (out.empty() ? "" : " ") + accounts_.at(id).name;
  }
  return out;
}

std::int64_t ChatModel::groups_of(chat::AccountId account) const {
  return std::count_if(talks_.begin(), talks_.end(), [account](const auto& entry) {
    return entry.second.group && entry.second.members.contains(account);
  });
}

chat::Code ChatModel::joining(const std::vector<chat::AccountId>& accounts, chat::AccountId by,
                              const Talk* talk, std::vector<chat::AccountId>& joining) const {
  for (const chat::AccountId id : accounts) {
    if (id == by || (talk != nullptr && talk->members.contains(id))) continue;
    if (!is_alive(id)) return chat::Code::kNotFound;
    if (std::find(joining.begin(), joining.end(), id) != joining.end()) continue;
    if (blocks_.contains({id, by})) return chat::Code::kPermissionDenied;
    if (groups_of(id) >= static_cast<std::int64_t>(chat::kMaxGroupsPerAccount)) {
      return chat::Code::kPermissionDenied;
    }
    joining.push_back(id);
  }
  return chat::Code::kOk;
}

chat::Code ChatModel::power(const chat::Actor& actor, chat::ConversationId id,
                            chat::MemberRole least, Talk*& talk) {
  talk = talk_of(id, actor.account);
  if (talk == nullptr) return chat::Code::kNotFound;
  if (!talk->group) return chat::Code::kInvalid;
  return talk->members[actor.account].role < least ? chat::Code::kPermissionDenied
                                                   : chat::Code::kOk;
}

// The heir is told first, then that the owner left.
void ChatModel::leave(Talk& talk, chat::AccountId account) {
  const bool owned = talk.members[account].role == chat::MemberRole::kOwner;
  if (owned && talk.members.size() > 1) {
    const auto standing = [account](const auto& entry) {
      return std::tuple(entry.first == account, -static_cast<int>(entry.second.role),
                        entry.second.joined_index, entry.first);
    };
    auto heir = std::min_element(
        talk.members.begin(), talk.members.end(),
        [&standing](const auto& a, const auto& b) { return standing(a) < standing(b); });
    heir->second.role = chat::MemberRole::kOwner;
    post(talk, account, chat::MessageKind::kOwnerChanged, names({heir->first}));
    ++successions_;
  }
  post(talk, account, chat::MessageKind::kMemberLeft, "");
  end_stay(talk, account);
}

void ChatModel::join(Talk& talk, chat::AccountId account, const Member& member) {
  talk.members[account] = member;
  std::vector<Stay>& stays = talk.stays[account];
  returns_ += stays.empty() ? 0 : 1;
  stays.push_back({member.joined_seq + 1, 0});
}

// With what has been told by now, its going too.
void ChatModel::end_stay(Talk& talk, chat::AccountId account) {
  talk.members.erase(account);
  talk.stays[account].back().last = static_cast<chat::Seq>(talk.messages.size());
}

chat::Outcome ChatModel::run(const chat::CreateGroup& c) {
  return once(c, [&]() -> chat::Outcome {
    const chat::AccountId self = c.actor.account;
    if (c.title.empty() || c.title.size() > chat::kMaxTitleBytes) {
      return refused(chat::Code::kInvalid);
    }
    if (groups_of(self) >= static_cast<std::int64_t>(chat::kMaxGroupsPerAccount)) {
      return refused(chat::Code::kPermissionDenied);
    }
    std::vector<chat::AccountId> others;
    const chat::Code code = joining(c.members, self, nullptr, others);
    if (code != chat::Code::kOk) return refused(code);
    chat::Outcome outcome;
    outcome.conversation = fresh(actual_->conversation);
    Talk& talk = talks_[outcome.conversation];
    talk.group = true;
    talk.title = c.title;
    Member member;
    member.joined_index = index_;
    for (const chat::AccountId id : others) join(talk, id, member);
    member.role = chat::MemberRole::kOwner;
    join(talk, self, member);
    post(talk, self, chat::MessageKind::kGroupCreated, c.title);
    if (!others.empty()) post(talk, self, chat::MessageKind::kMembersAdded, names(others));
    return outcome;
  });
}

chat::Outcome ChatModel::run(const chat::AddMembers& c) {
  return once(c, [&]() -> chat::Outcome {
    Talk* talk = nullptr;
    chat::Code code = power(c.actor, c.conversation, chat::MemberRole::kAdmin, talk);
    if (code != chat::Code::kOk) return refused(code);
    if (c.accounts.empty()) return refused(chat::Code::kInvalid);
    std::vector<chat::AccountId> others;
    code = joining(c.accounts, c.actor.account, talk, others);
    if (code != chat::Code::kOk) return refused(code);
    chat::Outcome outcome;
    outcome.conversation = c.conversation;
    outcome.count = static_cast<std::int64_t>(others.size());
    if (others.empty()) return outcome;
    Member member;
    member.joined_index = index_;
    member.joined_seq = member.read_seq = member.delivered_seq =
        static_cast<chat::Seq>(talk->messages.size());
    for (const chat::AccountId id : others) join(*talk, id, member);
    post(*talk, c.actor.account, chat::MessageKind::kMembersAdded, names(others));
    return outcome;
  });
}

chat::Outcome ChatModel::run(const chat::RemoveMember& c) {
  return once(c, [&]() -> chat::Outcome {
    Talk* talk = nullptr;
    const chat::Code code = power(c.actor, c.conversation, chat::MemberRole::kMember, talk);
    if (code != chat::Code::kOk) return refused(code);
    chat::Outcome outcome;
    outcome.conversation = c.conversation;
    if (c.account == c.actor.account) {
      leave(*talk, c.account);
      drafts_.erase({c.account, c.conversation});
      return outcome;
    }
    if (!talk->members.contains(c.account)) return refused(chat::Code::kNotFound);
    if (talk->members[c.account].role >= talk->members[c.actor.account].role) {
      return refused(chat::Code::kPermissionDenied);
    }
    post(*talk, c.actor.account, chat::MessageKind::kMemberRemoved, names({c.account}));
    end_stay(*talk, c.account);
    drafts_.erase({c.account, c.conversation});
    return outcome;
  });
}

chat::Outcome ChatModel::run(const chat::SetRole& c) {
  return once(c, [&]() -> chat::Outcome {
    Talk* talk = nullptr;
    const chat::Code code = power(c.actor, c.conversation, chat::MemberRole::kOwner, talk);
    if (code != chat::Code::kOk) return refused(code);
    if (c.account == c.actor.account) return refused(chat::Code::kInvalid);
    if (!talk->members.contains(c.account)) return refused(chat::Code::kNotFound);
    chat::Outcome outcome;
    outcome.conversation = c.conversation;
    if (talk->members[c.account].role == c.role) return outcome;
    talk->members[c.account].role = c.role;
    chat::MessageKind kind = chat::MessageKind::kAdminRemoved;
    if (c.role == chat::MemberRole::kAdmin) kind = chat::MessageKind::kAdminAdded;
    if (c.role == chat::MemberRole::kOwner) {
      kind = chat::MessageKind::kOwnerChanged;
      talk->members[c.actor.account].role = chat::MemberRole::kAdmin;
    }
    post(*talk, c.actor.account, kind, names({c.account}));
    return outcome;
  });
}

chat::Outcome ChatModel::run(const chat::RenameGroup& c) {
  return once(c, [&]() -> chat::Outcome {
    Talk* talk = nullptr;
    const chat::Code code = power(c.actor, c.conversation, chat::MemberRole::kAdmin, talk);
    if (code != chat::Code::kOk) return refused(code);
    if (c.title.empty() || c.title.size() > chat::kMaxTitleBytes) {
      return refused(chat::Code::kInvalid);
    }
    chat::Outcome outcome;
    outcome.conversation = c.conversation;
    if (talk->title == c.title) return outcome;
    talk->title = c.title;
    post(*talk, c.actor.account, chat::MessageKind::kGroupRenamed, c.title);
    return outcome;
  });
}

chat::Outcome ChatModel::run(const chat::DissolveGroup& c) {
  return once(c, [&]() -> chat::Outcome {
    Talk* talk = nullptr;
    const chat::Code code = power(c.actor, c.conversation, chat::MemberRole::kOwner, talk);
    if (code != chat::Code::kOk) return refused(code);
    post(*talk, c.actor.account, chat::MessageKind::kGroupDissolved, "");
    while (!talk->members.empty()) {
      drafts_.erase({talk->members.begin()->first, c.conversation});
      end_stay(*talk, talk->members.begin()->first);
    }
    chat::Outcome outcome;
    outcome.conversation = c.conversation;
    return outcome;
  });
}

}  // namespace starling::sim
