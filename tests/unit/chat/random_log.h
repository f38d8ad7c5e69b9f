// Random histories: commands that mostly make sense, with a fair share of copies, late copies,
// strangers and nonsense among them.
#pragma once

#include <cstdint>
#include <random>
#include <string>
#include <vector>

#include "tests/unit/chat/world.h"

namespace starling::chat {

struct LogEntry {
  std::uint64_t index = 0;
  TimeMs stamp_ms = 0;
  bool has_command = false;
  std::string data;
};

// Feeds on the outcomes that a store gives, so that ids in later commands exist.
class RandomLog {
 public:
  explicit RandomLog(std::uint64_t seed) : random_(seed) {}

  // Makes `count` entries, applying each to `store`; `events` gets everything that came of them.
  void grow(Store& store, int count, std::vector<Event>& events) {
    for (int i = 0; i < count; ++i) {
      LogEntry entry = next(store.applied_index() + 1);
      const Committed committed{entry.index, entry.stamp_ms, entry.has_command, entry.data};
      ApplyResult result;
      ASSERT_OK(store.apply({&committed, 1}, result));
      ASSERT_EQ(result.outcomes.size(), entry.has_command ? 1U : 0U);
      if (entry.has_command) learn(result.outcomes[0].outcome);
      events.insert(events.end(), result.events.begin(), result.events.end());
      entries_.push_back(std::move(entry));
    }
  }

  const std::vector<LogEntry>& entries() const { return entries_; }
  const std::vector<Actor>& actors() const { return actors_; }
  std::uint64_t number(std::uint64_t below) { return random_() % below; }

 private:
  LogEntry next(std::uint64_t index) {
    // Now and then hours pass, so that outcomes and sessions run out.
    now_ms_ += number(50) == 0 ? static_cast<TimeMs>(number(40'000'000)) : 5;
    if (number(400) == 0) now_ms_ += kSessionLifetimeMs / 2;
    LogEntry entry{index, now_ms_, number(20) != 0, {}};
    if (!entry.has_command) return entry;
    if (!entries_.empty() && number(8) == 0) {
      entry.data = entries_[number(entries_.size())].data;  // A copy, maybe very late.
      entry.has_command = !entry.data.empty();
    } else {
      last_ = command();
      entry.data = encode(last_);
    }
    if (entry.has_command && number(40) == 0) entry.data[number(entry.data.size())] ^= 1;
    return entry;
  }

  void learn(const Outcome& outcome) {
    if (outcome.code != Code::kOk || outcome.replayed) return;
    if (outcome.session != 0) {
      actors_.push_back({outcome.account, outcome.session});
    } else if (outcome.account != 0) {
      accounts_.push_back(outcome.account);
    }
    if (outcome.conversation != 0 && outcome.message == 0) {
      conversations_.push_back(outcome.conversation);
      if (const OpenDirect* open = std::get_if<OpenDirect>(&last_)) {
        places_.push_back({open->actor, outcome.conversation});
      }
      if (const CreateGroup* create = std::get_if<CreateGroup>(&last_)) {
        places_.push_back({create->actor, outcome.conversation});
      }
    }
  }

  struct Place {
    Actor actor;
    ConversationId conversation = 0;
  };

  Actor actor() {
    if (actors_.empty() || number(30) == 0) return {1, 1};
    // Most of the time a recent one: old ones may have ended.
    const std::size_t last = actors_.size();
    return actors_[last - 1 - number(std::min<std::size_t>(last, 6))];
  }
  AccountId account() { return accounts_.empty() ? 1 : accounts_[number(accounts_.size())]; }
  ConversationId conversation() {
    return conversations_.empty() ? 1 : conversations_[number(conversations_.size())];
  }
  // Mostly somebody in a conversation of theirs.
  Place place() {
    const std::size_t last = places_.size();
    if (last == 0 || number(6) == 0) return {actor(), conversation()};
    return places_[last - 1 - number(std::min<std::size_t>(last, 8))];
  }
  RequestKey key() {
    if (requests_ > 0 && number(25) == 0) {
      return {request(1 + number(requests_)), now_ms_, number(4)};
    }
    const TimeMs as_of = number(30) == 0 ? 0 : now_ms_;
    return {request(++requests_), as_of, number(4)};
  }

  Seq seq() { return static_cast<Seq>(number(12)); }

  Command group_command(const Place& at) {
    switch (number(8)) {
      case 0:
      case 1:
        return CreateGroup{key(), actor(), "g" + std::to_string(number(5)), {account(), account()}};
      case 2:
      case 3:
        return AddMembers{key(), at.actor, at.conversation, {account(), account()}};
      case 4:
        return RemoveMember{key(), at.actor, at.conversation,
                            number(3) == 0 ? at.actor.account : account()};
      case 5:
        return SetRole{key(), at.actor, at.conversation, account(),
                       static_cast<MemberRole>(1 + number(3))};
      case 6:
        return RenameGroup{key(), at.actor, at.conversation, "t" + std::to_string(number(3))};
      default:
        if (number(4) != 0) return SetDraft{key(), at.actor, at.conversation, "d", seq()};
        return DissolveGroup{key(), at.actor, at.conversation};
    }
  }

  Command message_command(const Place& at) {
    switch (number(6)) {
      case 0:
        return EditMessage{key(), at.actor, at.conversation, seq(),
                           "edited @p" + std::to_string(number(12))};
      case 1:
      case 2:
        return React{
            key(),         at.actor, at.conversation, seq(), number(2) == 0 ? "+1" : "\u2764",
            number(3) != 0};
      case 3:
        return HideMessages{at.actor, at.conversation, {seq(), seq()}};
      case 4:
        return MarkDelivered{at.actor, {at.conversation, conversation()}, {seq(), seq()}};
      default:
        return SetDraft{key(), at.actor, at.conversation, std::string(number(2), 'd'),
                        static_cast<Seq>(number(2))};
    }
  }

  Command account_command() {
    switch (number(5)) {
      case 0:
        return SetProfile{key(), actor(), "N" + std::to_string(number(3)), "about"};
      case 1:
        return ChangePassword{key(), actor(), static_cast<std::int64_t>(1 + number(2)), "other"};
      case 2:
        return EndSession{actor(), actor().session};
      default:
        return SetBlock{key(), actor(), account(), number(2) == 0};
    }
  }

  Command command() {
    if (number(4) == 0) return group_command(place());
    if (number(5) == 0) return message_command(place());
    if (number(25) == 0) return account_command();
    const std::uint64_t kind = number(100);
    if (kind < 4) {
      return CreateAccount{key(), "p" + std::to_string(number(12)), "P", "hash"};
    }
    if (kind < 12) return LogIn{account(), 1, token(++tokens_), "d"};
    if (kind < 14) return LogOut{actor()};
    if (kind < 15) return DeleteAccount{key(), actor(), static_cast<std::int64_t>(number(2))};
    if (kind < 25) return OpenDirect{key(), actor(), account()};
    const Place at = place();
    if (kind < 35) return MarkRead{at.actor, at.conversation, static_cast<Seq>(number(12))};
    if (kind < 43) {
      std::vector<Seq> seqs(number(3));
      for (Seq& seq : seqs) seq = static_cast<Seq>(number(6));
      return DeleteMessages{key(), at.actor, at.conversation, seqs};
    }
    if (kind < 46) return Void{actor(), request(1 + number(requests_ + 3))};
    Send send{key(), at.actor, at.conversation, std::string(number(40), 'x'), std::nullopt, 0};
    if (number(4) == 0) send.body += " @p" + std::to_string(number(12));
    if (number(8) == 0) send.reply_to = seq();
    if (number(5) == 0) send.after = request(1 + number(requests_ + 1));
    return send;
  }

  std::mt19937_64 random_;
  TimeMs now_ms_ = kStart;
  Command last_;
  std::vector<LogEntry> entries_;
  std::vector<Actor> actors_;
  std::vector<AccountId> accounts_;
  std::vector<ConversationId> conversations_;
  std::vector<Place> places_;
  std::uint64_t requests_ = 0;
  std::uint64_t tokens_ = 0;
};

}  // namespace starling::chat
