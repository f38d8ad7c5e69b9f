// See chat_model.h. What accounts, sessions and sends do; groups are in chat_model_groups.cpp, what
// is done to messages in chat_model_edits.cpp, the comparison with a server in
// chat_model_compare.cpp.
#include "tests/lib/chat_model.h"

#include <algorithm>
#include <variant>
#include <vector>

#include "tests/lib/invariants.h"

namespace starling::sim {

chat::Outcome ChatModel::refused(chat::Code code) {
  chat::Outcome outcome;
  outcome.code = code;
  return outcome;
}

namespace {
std::string shown(const chat::Outcome& o) {
  return "code " + std::to_string(static_cast<int>(o.code)) + (o.replayed ? " again" : "") +
         " account " + std::to_string(o.account) + " session " + std::to_string(o.session) +
         " conversation " + std::to_string(o.conversation) + " message " +
         std::to_string(o.message) + " seq " + std::to_string(o.seq) + " at " +
         std::to_string(o.at_ms) + " count " + std::to_string(o.count);
}
}  // namespace

void ChatModel::apply(std::uint64_t index, chat::TimeMs now_ms, const chat::Command& command,
                      const chat::Outcome& actual) {
  index_ = index;
  now_ms_ = now_ms;
  actual_ = &actual;
  const chat::Outcome wanted = std::visit([this](const auto& c) { return run(c); }, command);
  if (shown(wanted) == shown(actual)) return;
  violated("chat model", "at " + std::to_string(index) + " kind " +
                             std::to_string(command.index()) + " gives " + shown(actual) +
                             " instead of " + shown(wanted));
}

std::int64_t ChatModel::fresh(std::int64_t id) {
  if (id <= 0 || !ids_.insert(id).second) {
    violated("chat model", "the id " + std::to_string(id) + " is given out at " +
                               std::to_string(index_) + " and is not new");
  }
  return id;
}

bool ChatModel::is_alive(chat::AccountId id) const {
  const auto found = accounts_.find(id);
  return found != accounts_.end() && !found->second.deleted;
}

bool ChatModel::may(const chat::Actor& actor) const {
  const auto found = sessions_.find(actor.session);
  return found != sessions_.end() && found->second.account == actor.account &&
         found->second.expires_ms > now_ms_ && is_alive(actor.account);
}

std::optional<chat::Outcome> ChatModel::recorded(chat::AccountId account,
                                                 const chat::RequestId& id) const {
  const auto found = records_.find({account, id});
  if (found == records_.end() || now_ms_ - found->second.stamp_ms > chat::kRetryWindowMs) {
    return std::nullopt;
  }
  chat::Outcome outcome = found->second.outcome;
  outcome.replayed = true;
  return outcome;
}

std::optional<chat::Outcome> ChatModel::known(chat::AccountId account,
                                              const chat::RequestKey& key) const {
  if (const auto before = recorded(account, key.id)) return before;
  const auto cancelled = voids_.find({account, key.id});
  if (cancelled != voids_.end()) return refused(cancelled->second);
  if (now_ms_ - key.as_of_ms > chat::kRetryWindowMs) return refused(chat::Code::kRequestExpired);
  if (key.as_of_ms > now_ms_) return refused(chat::Code::kInvalid);
  return std::nullopt;
}

chat::Outcome ChatModel::record(chat::AccountId account, const chat::RequestKey& key,
                                chat::Outcome outcome) {
  records_[{account, key.id}] = {outcome, now_ms_};
  return outcome;
}

chat::Seq ChatModel::last_seq(chat::ConversationId id) const {
  const auto found = talks_.find(id);
  return found == talks_.end() ? 0 : static_cast<chat::Seq>(found->second.messages.size());
}

ChatModel::Talk* ChatModel::talk_of(chat::ConversationId id, chat::AccountId member) {
  const auto found = talks_.find(id);
  if (found == talks_.end() || !found->second.members.contains(member)) return nullptr;
  return &found->second;
}

chat::Outcome ChatModel::run(const chat::CreateAccount& c) {
  if (const auto before = known(0, c.key)) return *before;
  if (names_.contains(c.name)) return record(0, c.key, refused(chat::Code::kAlreadyExists));
  chat::Outcome outcome;
  outcome.account = fresh(actual_->account);
  outcome.at_ms = now_ms_;
  accounts_[outcome.account] = {c.name, false, 1, c.display_name, {}};
  names_[c.name] = outcome.account;
  return record(0, c.key, outcome);
}

chat::Outcome ChatModel::run(const chat::LogIn& c) {
  if (!is_alive(c.account) || c.credential_version != accounts_[c.account].version) {
    return refused(chat::Code::kConflict);
  }
  chat::Outcome outcome;
  outcome.account = c.account;
  for (const auto& [id, session] : sessions_) {
    if (session.token != c.token_hash) continue;
    if (session.account != c.account) return refused(chat::Code::kConflict);
    outcome.replayed = true;
    outcome.session = id;
    outcome.at_ms = session.expires_ms;
    return outcome;
  }
  outcome.session = fresh(actual_->session);
  outcome.at_ms = now_ms_ + chat::kSessionLifetimeMs;
  // An account has so many sessions: the oldest, which has the lowest id, makes room.
  std::vector<chat::SessionId> own;
  for (const auto& [id, session] : sessions_) {
    if (session.account == c.account) own.push_back(id);
  }
  if (own.size() >= chat::kMaxSessionsPerAccount) sessions_.erase(own.front());
  sessions_[outcome.session] = {c.account, c.token_hash, outcome.at_ms};
  return outcome;
}

chat::Outcome ChatModel::run(const chat::LogOut& c) {
  const auto found = sessions_.find(c.actor.session);
  chat::Outcome outcome;
  outcome.at_ms = now_ms_;
  if (found == sessions_.end()) return outcome;
  if (found->second.account != c.actor.account) return refused(chat::Code::kUnauthenticated);
  sessions_.erase(found);
  outcome.count = 1;
  return outcome;
}

chat::Outcome ChatModel::run(const chat::DeleteAccount& c) {
  const chat::AccountId id = c.actor.account;
  if (const auto before = recorded(id, c.key.id)) return *before;
  if (!may(c.actor)) return refused(chat::Code::kUnauthenticated);
  if (const auto before = known(id, c.key)) return *before;
  if (c.credential_version != accounts_[id].version) return refused(chat::Code::kConflict);
  std::erase_if(sessions_, [id](const auto& entry) { return entry.second.account == id; });
  for (auto& [conversation, talk] : talks_) {
    if (!talk.members.contains(id)) continue;
    if (talk.group) {
      leave(talk, id);
    } else {
      end_stay(talk, id);
      talk.widowed = true;
    }
  }
  std::erase_if(drafts_, [id](const auto& entry) { return entry.first.first == id; });
  std::erase_if(blocks_, [id](const auto& entry) { return entry.first == id; });
  names_.erase(accounts_[id].name);
  accounts_[id].deleted = true;
  chat::Outcome outcome;
  outcome.account = id;
  outcome.at_ms = now_ms_;
  return record(id, c.key, outcome);
}

chat::Outcome ChatModel::run(const chat::OpenDirect& c) {
  const chat::AccountId self = c.actor.account;
  if (!may(c.actor)) return refused(chat::Code::kUnauthenticated);
  if (const auto before = known(self, c.key)) return *before;
  if (c.peer == self) return record(self, c.key, refused(chat::Code::kInvalid));
  if (!is_alive(c.peer)) return record(self, c.key, refused(chat::Code::kNotFound));
  chat::ConversationId& id = directs_[std::minmax(self, c.peer)];
  if (id == 0) {
    if (blocks_.contains({c.peer, self})) {
      return record(self, c.key, refused(chat::Code::kPermissionDenied));
    }
    id = fresh(actual_->conversation);
    Member member;
    member.joined_index = index_;
    join(talks_[id], self, member);
    join(talks_[id], c.peer, member);
  }
  chat::Outcome outcome;
  outcome.conversation = id;
  outcome.at_ms = now_ms_;
  return record(self, c.key, outcome);
}

chat::Outcome ChatModel::sent(const Place& place) const {
  const Message& message = talks_.at(place.first).messages.at(place.second);
  chat::Outcome outcome;
  outcome.conversation = place.first;
  outcome.message = message.id;
  outcome.seq = place.second;
  outcome.at_ms = message.sent_ms;
  return outcome;
}

// A refusal stays one (R4.3), so that what names this send as its predecessor can go on.
chat::Outcome ChatModel::refused_send(const chat::Send& c, chat::Code code) {
  voids_[{c.actor.account, c.key.id}] = code;
  return refused(code);
}

chat::Outcome ChatModel::run(const chat::Send& c) {
  const chat::AccountId self = c.actor.account;
  if (!may(c.actor)) return refused(chat::Code::kUnauthenticated);
  const auto cancelled = voids_.find({self, c.key.id});
  if (cancelled != voids_.end()) return refused(cancelled->second);
  if (const auto before = sends_.find({self, c.key.id}); before != sends_.end()) {
    const Message& message = talks_.at(before->second.first).messages.at(before->second.second);
    const bool same_body = message.deleted || !message.former.empty() || message.body == c.body;
    const bool same =
        before->second.first == c.conversation && message.reply_to == c.reply_to && same_body;
    if (!same) return refused(chat::Code::kRequestReused);
    chat::Outcome outcome = sent(before->second);
    outcome.replayed = true;
    return outcome;
  }
  const bool waits = c.after && c.after != c.key.id && !sends_.contains({self, *c.after}) &&
                     !voids_.contains({self, *c.after});
  if (waits) return refused(chat::Code::kOutOfOrder);
  Talk* talk = talk_of(c.conversation, self);
  if (talk == nullptr) return refused_send(c, chat::Code::kNotFound);
  if (c.body.empty() || c.body.size() > chat::kMaxBodyBytes || c.after == c.key.id) {
    return refused_send(c, chat::Code::kInvalid);
  }
  const auto seq = static_cast<chat::Seq>(talk->messages.size()) + 1;
  if (c.reply_to != 0 && (c.reply_to <= talk->members[self].joined_seq || c.reply_to >= seq)) {
    return refused_send(c, chat::Code::kInvalid);
  }
  if (const chat::Code code = closed(*talk, self); code != chat::Code::kOk) {
    return refused_send(c, code);
  }
  Message& message = talk->messages[seq];
  message.id = fresh(actual_->message);
  message.sender = self;
  message.request = c.key.id;
  message.body = c.body;
  message.sent_ms = now_ms_;
  message.reply_to = c.reply_to;
  message.mentions = mentioned(*talk, self, c.body);
  sends_[{self, c.key.id}] = {c.conversation, seq};
  return sent({c.conversation, seq});
}

chat::Outcome ChatModel::run(const chat::Void& c) {
  const chat::AccountId self = c.actor.account;
  if (!may(c.actor)) return refused(chat::Code::kUnauthenticated);
  const Request target{self, c.target};
  chat::Outcome outcome;
  outcome.at_ms = now_ms_;
  if (voids_.contains(target)) return outcome;
  const auto before = recorded(self, c.target);
  if (sends_.contains(target) || (before && before->code == chat::Code::kOk)) outcome.count = 1;
  if (outcome.count == 0 && !before) voids_[target] = chat::Code::kVoided;
  return outcome;
}

}  // namespace starling::sim
