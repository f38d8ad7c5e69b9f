// See chat_model.h. What is done to messages that are there, to marks and to the account itself.
#include <algorithm>
#include <optional>

#include "tests/lib/chat_model.h"

namespace starling::sim {

namespace {
bool in_name(char c) {
  return std::string_view("abcdefghijklmnopqrstuvwxyz0123456789._-").find(c) !=
         std::string_view::npos;
}
}  // namespace

ChatModel::Message* ChatModel::seen(Talk& talk, chat::AccountId viewer, chat::Seq seq) {
  const auto found = talk.messages.find(seq);
  if (found == talk.messages.end() || seq <= talk.members.at(viewer).joined_seq) return nullptr;
  return &found->second;
}

chat::Code ChatModel::closed(const Talk& talk, chat::AccountId account) const {
  if (talk.group) return chat::Code::kOk;
  bool open = !talk.widowed;
  for (const auto& [other, member] : talk.members) {
    if (blocks_.contains({other, account}) || blocks_.contains({account, other})) open = false;
  }
  return open ? chat::Code::kOk : chat::Code::kPermissionDenied;
}

std::set<chat::AccountId> ChatModel::mentioned(const Talk& talk, chat::AccountId sender,
                                               const std::string& body) const {
  std::set<chat::AccountId> out;
  std::set<std::string> words;
  for (std::size_t at = 0; at < body.size() && words.size() < chat::kMaxMentions; ++at) {
    if (body[at] != '@') continue;
    if (at > 0 && (in_name(body[at - 1]) || body[at - 1] == '@')) continue;
    std::string word;
    while (at + 1 + word.size() < body.size() && in_name(body[at + 1 + word.size()])) {
      word += body[at + 1 + word.size()];
    }
    if (word.empty() || word.size() > chat::kMaxNameBytes || !words.insert(word).second) continue;
    auto account = names_.find(word);
    if (account == names_.end())
      account = names_.find(word.substr(0, word.find_last_not_of(".-_") + 1));
    if (account == names_.end() || account->second == sender) continue;
    if (talk.members.contains(account->second)) out.insert(account->second);
  }
  return out;
}

chat::Outcome ChatModel::run(const chat::MarkRead& c) {
  if (!may(c.actor)) return refused(chat::Code::kUnauthenticated);
  if (c.seq < 1) return refused(chat::Code::kInvalid);
  Talk* talk = talk_of(c.conversation, c.actor.account);
  if (talk == nullptr) return refused(chat::Code::kNotFound);
  Member& member = talk->members[c.actor.account];
  const auto last = static_cast<chat::Seq>(talk->messages.size());
  member.read_seq = std::max(member.read_seq, std::min(c.seq, last));
  member.delivered_seq = std::max(member.delivered_seq, member.read_seq);
  chat::Outcome outcome;
  outcome.conversation = c.conversation;
  outcome.seq = member.read_seq;
  outcome.at_ms = now_ms_;
  return outcome;
}

chat::Outcome ChatModel::run(const chat::MarkDelivered& c) {
  if (!may(c.actor)) return refused(chat::Code::kUnauthenticated);
  if (c.seqs.empty() || c.seqs.size() != c.conversations.size() ||
      c.seqs.size() > static_cast<std::size_t>(chat::kMaxPage)) {
    return refused(chat::Code::kInvalid);
  }
  chat::Outcome outcome;
  outcome.at_ms = now_ms_;
  for (std::size_t i = 0; i < c.seqs.size(); ++i) {
    Talk* talk = talk_of(c.conversations[i], c.actor.account);
    if (talk == nullptr) continue;
    chat::Seq& mark = talk->members[c.actor.account].delivered_seq;
    const chat::Seq moved = std::min(c.seqs[i], static_cast<chat::Seq>(talk->messages.size()));
    if (moved > mark) ++outcome.count;
    mark = std::max(mark, moved);
  }
  return outcome;
}

chat::Outcome ChatModel::run(const chat::HideMessages& c) {
  if (!may(c.actor)) return refused(chat::Code::kUnauthenticated);
  if (c.seqs.empty() || c.seqs.size() > static_cast<std::size_t>(chat::kMaxPage)) {
    return refused(chat::Code::kInvalid);
  }
  Talk* talk = talk_of(c.conversation, c.actor.account);
  if (talk == nullptr) return refused(chat::Code::kNotFound);
  for (const chat::Seq seq : c.seqs) {
    if (seen(*talk, c.actor.account, seq) == nullptr) return refused(chat::Code::kNotFound);
  }
  chat::Outcome outcome;
  outcome.conversation = c.conversation;
  outcome.at_ms = now_ms_;
  for (const chat::Seq seq : c.seqs) {
    if (hidden_.insert({c.actor.account, {c.conversation, seq}}).second) ++outcome.count;
  }
  return outcome;
}

chat::Outcome ChatModel::run(const chat::DeleteMessages& c) {
  return once(c, [&]() -> chat::Outcome {
    const chat::AccountId self = c.actor.account;
    Talk* talk = talk_of(c.conversation, self);
    if (c.seqs.empty()) return refused(chat::Code::kInvalid);
    if (talk == nullptr) return refused(chat::Code::kNotFound);
    const bool admin = talk->members[self].role != chat::MemberRole::kMember;
    for (const chat::Seq seq : std::set<chat::Seq>(c.seqs.begin(), c.seqs.end())) {
      const Message* message = seen(*talk, self, seq);
      if (message == nullptr) return refused(chat::Code::kNotFound);
      if (message->kind != chat::MessageKind::kText || (message->sender != self && !admin)) {
        return refused(chat::Code::kPermissionDenied);
      }
    }
    chat::Outcome outcome;
    outcome.conversation = c.conversation;
    for (const chat::Seq seq : c.seqs) {
      Message& message = talk->messages[seq];
      outcome.count += message.deleted ? 0 : 1;
      message.deleted = true;
      message.body.clear();
      message.former.clear();
      message.edited_ms = 0;
      message.mentions.clear();
    }
    return outcome;
  });
}

chat::Outcome ChatModel::run(const chat::EditMessage& c) {
  return once(c, [&]() -> chat::Outcome {
    const chat::AccountId self = c.actor.account;
    Talk* talk = talk_of(c.conversation, self);
    if (talk == nullptr) return refused(chat::Code::kNotFound);
    Message* message = seen(*talk, self, c.seq);
    if (message == nullptr) return refused(chat::Code::kNotFound);
    if (message->sender != self || message->kind != chat::MessageKind::kText) {
      return refused(chat::Code::kPermissionDenied);
    }
    if (message->deleted) return refused(chat::Code::kNotFound);
    if (c.body.empty() || c.body.size() > chat::kMaxBodyBytes) {
      return refused(chat::Code::kInvalid);
    }
    const bool changes = message->body != c.body;
    if (changes && message->former.size() >= static_cast<std::size_t>(chat::kMaxEdits)) {
      return refused(chat::Code::kPermissionDenied);
    }
    if (const chat::Code code = closed(*talk, self); code != chat::Code::kOk) return refused(code);
    if (changes) {
      message->former.push_back(message->body);
      message->body = c.body;
      message->edited_ms = now_ms_;
      message->mentions = mentioned(*talk, self, c.body);
    }
    chat::Outcome outcome;
    outcome.conversation = c.conversation;
    outcome.message = message->id;
    outcome.seq = c.seq;
    outcome.at_ms = message->edited_ms;
    outcome.count = static_cast<std::int64_t>(message->former.size());
    return outcome;
  });
}

chat::Outcome ChatModel::run(const chat::React& c) {
  return once(c, [&]() -> chat::Outcome {
    const chat::AccountId self = c.actor.account;
    Talk* talk = talk_of(c.conversation, self);
    if (talk == nullptr) return refused(chat::Code::kNotFound);
    Message* message = seen(*talk, self, c.seq);
    if (message == nullptr || message->deleted || message->kind != chat::MessageKind::kText) {
      return refused(chat::Code::kNotFound);
    }
    if (const chat::Code code = closed(*talk, self); c.on && code != chat::Code::kOk) {
      return refused(code);
    }
    auto& reactions = message->reactions;
    const auto mine = static_cast<std::size_t>(
        std::count_if(reactions.begin(), reactions.end(),
                      [self](const auto& entry) { return entry.second.contains(self); }));
    chat::Outcome outcome;
    outcome.conversation = c.conversation;
    outcome.seq = c.seq;
    const auto kind = reactions.find(c.emoji);
    const bool has = kind != reactions.end() && kind->second.contains(self);
    if (has == c.on) return outcome;
    outcome.count = 1;
    if (!c.on) {
      kind->second.erase(self);
      if (kind->second.empty()) reactions.erase(kind);
      return outcome;
    }
    if (mine >= chat::kMaxReactionsOfAccount ||
        (kind == reactions.end() && reactions.size() >= chat::kMaxReactionKinds)) {
      return refused(chat::Code::kPermissionDenied);
    }
    reactions[c.emoji].insert(self);
    return outcome;
  });
}

chat::Outcome ChatModel::run(const chat::SetDraft& c) {
  return once(c, [&]() -> chat::Outcome {
    if (talk_of(c.conversation, c.actor.account) == nullptr) {
      return refused(chat::Code::kNotFound);
    }
    if (c.body.size() > chat::kMaxBodyBytes || c.reply_to < 0) {
      return refused(chat::Code::kInvalid);
    }
    if (c.body.empty() && c.reply_to == 0) {
      drafts_.erase({c.actor.account, c.conversation});
    } else {
      drafts_[{c.actor.account, c.conversation}] = {c.body, c.reply_to};
    }
    chat::Outcome outcome;
    outcome.conversation = c.conversation;
    return outcome;
  });
}

chat::Outcome ChatModel::run(const chat::SetProfile& c) {
  return once(c, [&]() -> chat::Outcome {
    Account& account = accounts_[c.actor.account];
    if (c.display_name.size() > chat::kMaxDisplayNameBytes ||
        c.about.size() > chat::kMaxAboutBytes) {
      return refused(chat::Code::kInvalid);
    }
    account.display_name = c.display_name;
    account.about = c.about;
    chat::Outcome outcome;
    outcome.account = c.actor.account;
    return outcome;
  });
}

chat::Outcome ChatModel::run(const chat::ChangePassword& c) {
  return once(c, [&]() -> chat::Outcome {
    Account& account = accounts_[c.actor.account];
    if (c.credential_version != account.version) return refused(chat::Code::kConflict);
    ++account.version;
    chat::Outcome outcome;
    outcome.account = c.actor.account;
    outcome.count = static_cast<std::int64_t>(std::erase_if(sessions_, [&c](const auto& entry) {
      return entry.second.account == c.actor.account && entry.first != c.actor.session;
    }));
    return outcome;
  });
}

chat::Outcome ChatModel::run(const chat::EndSession& c) {
  if (!may(c.actor)) return refused(chat::Code::kUnauthenticated);
  chat::Outcome outcome;
  outcome.at_ms = now_ms_;
  const auto found = sessions_.find(c.session);
  if (found == sessions_.end()) return outcome;
  if (found->second.account != c.actor.account) return refused(chat::Code::kNotFound);
  sessions_.erase(found);
  outcome.count = 1;
  return outcome;
}

chat::Outcome ChatModel::run(const chat::SetBlock& c) {
  return once(c, [&]() -> chat::Outcome {
    if (!is_alive(c.account)) return refused(chat::Code::kNotFound);
    if (c.account == c.actor.account) return refused(chat::Code::kInvalid);
    const std::pair block{c.actor.account, c.account};
    chat::Outcome outcome;
    outcome.account = c.account;
    outcome.count = blocks_.contains(block) == c.on ? 0 : 1;
    c.on ? static_cast<void>(blocks_.insert(block)) : static_cast<void>(blocks_.erase(block));
    return outcome;
  });
}

}  // namespace starling::sim
