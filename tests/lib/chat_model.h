// What the chat should be after each committed command, written from the rules (DESIGN section 7,
// PROTOCOL R4) with plain maps: it shares no code with the store, so that a mistake that all
// servers make together is seen as well.
#pragma once

#include <cstdint>
#include <map>
#include <optional>
#include <set>
#include <string>
#include <utility>

#include "server/chat/commands.h"

namespace starling::sim {

class SimNode;

class ChatModel {
 public:
  // The next committed command and what a server made of it: that has to be what it should be.
  void apply(std::uint64_t index, chat::TimeMs now_ms, const chat::Command& command,
             const chat::Outcome& actual);
  // Accounts, conversations, messages and marks of a server that has applied all of it.
  void compare(SimNode& node) const;

 private:
  struct Account {
    std::string name;
    bool deleted = false;
  };
  struct Session {
    chat::AccountId account = 0;
    chat::TokenHash token{};
    chat::TimeMs expires_ms = 0;
  };
  struct Message {
    chat::MessageId id = 0;
    chat::AccountId sender = 0;
    chat::RequestId request{};
    std::string body;
    chat::TimeMs sent_ms = 0;
    bool deleted = false;
  };
  struct Talk {
    std::map<chat::AccountId, chat::Seq> marks;  // Of its members.
    std::map<chat::Seq, Message> messages;       // From 1 on, without a gap.
    bool widowed = false;                        // One side was deleted.
  };
  struct Record {
    chat::Outcome outcome;
    chat::TimeMs stamp_ms = 0;
  };
  using Request = std::pair<chat::AccountId, chat::RequestId>;
  using Place = std::pair<chat::ConversationId, chat::Seq>;

  chat::Outcome run(const chat::CreateAccount& c);
  chat::Outcome run(const chat::LogIn& c);
  chat::Outcome run(const chat::LogOut& c);
  chat::Outcome run(const chat::DeleteAccount& c);
  chat::Outcome run(const chat::OpenDirect& c);
  chat::Outcome run(const chat::Send& c);
  chat::Outcome run(const chat::MarkRead& c);
  chat::Outcome run(const chat::DeleteMessages& c);
  chat::Outcome run(const chat::Void& c);

  bool is_alive(chat::AccountId id) const;
  bool may(const chat::Actor& actor) const;
  // The recorded outcome, the void's code or the refusal for its age; nullopt: it may run.
  std::optional<chat::Outcome> known(chat::AccountId account, const chat::RequestKey& key) const;
  std::optional<chat::Outcome> recorded(chat::AccountId account, const chat::RequestId& id) const;
  chat::Outcome record(chat::AccountId account, const chat::RequestKey& key, chat::Outcome outcome);
  Talk* talk_of(chat::ConversationId id, chat::AccountId member);
  chat::Outcome refused_send(const chat::Send& c, chat::Code code);
  chat::Outcome sent(const Place& place) const;
  // An id that the server gave out now: it must be a new one.
  std::int64_t fresh(std::int64_t id);
  void compare_talk(SimNode& node, chat::ConversationId id, const Talk& talk) const;

  std::uint64_t index_ = 0;
  chat::TimeMs now_ms_ = 0;
  const chat::Outcome* actual_ = nullptr;
  std::map<chat::AccountId, Account> accounts_;
  std::map<std::string, chat::AccountId> names_;
  std::map<chat::SessionId, Session> sessions_;
  std::map<chat::ConversationId, Talk> talks_;
  std::map<std::pair<chat::AccountId, chat::AccountId>, chat::ConversationId> directs_;
  std::map<Request, Place> sends_;
  std::map<Request, chat::Code> voids_;
  std::map<Request, Record> records_;
  std::set<std::int64_t> ids_;
};

}  // namespace starling::sim
