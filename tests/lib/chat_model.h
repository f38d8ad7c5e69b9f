// What the chat should be after each committed command, written from the rules (DESIGN section 7,
// PROTOCOL R4) with plain maps: it shares no code with the store, so that a mistake that all
// servers make together is seen as well. Nor with the search index.
#pragma once

#include <array>
#include <cstdint>
#include <map>
#include <optional>
#include <set>
#include <string>
#include <utility>
#include <vector>

#include "server/chat/commands.h"
#include "server/chat/events.h"

namespace starling::sim {

class SimNode;

// In what the clients write, so that there is something to find.
inline constexpr std::array<const char*, 5> kSearchWords = {"amber", "ambit", "birch", "cedar",
                                                            "birchbark"};

// What is looked for: one word, as a whole or as a beginning, or several side by side.
struct SearchTerms {
  std::vector<std::string> words;
  bool begins = false;                    // The last one may go on.
  std::string from;                       // The sender's name; empty: anybody.
  chat::ConversationId conversation = 0;  // 0: in all.
};

class ChatModel {
 public:
  // The next committed command and what a server made of it: that has to be what it should be.
  void apply(std::uint64_t index, chat::TimeMs now_ms, const chat::Command& command,
             const chat::Outcome& actual);
  // Accounts, conversations, messages and marks of a server that has applied all of it.
  void compare(SimNode& node) const;

  // What an account was told of messages, from the beginning on, by a server that has applied all
  // of it: all that came while it was in the conversation, and nothing else (R5.4).
  void compare_told(const SimNode& node, chat::AccountId account,
                    const std::vector<chat::Event>& told) const;
  // The last command that was applied anywhere.
  std::uint64_t index() const { return index_; }
  // nullopt: the viewer is not in that conversation. Else all that is to be found, by id.
  std::optional<std::set<chat::MessageId>> search(chat::AccountId viewer,
                                                  const SearchTerms& terms) const;
  std::uint64_t successions() const { return successions_; }  // Owners that left to an heir.
  std::uint64_t returns() const { return returns_; }          // Members that came again.

  // Of the newest message there, system messages too; 0: none.
  chat::Seq last_seq(chat::ConversationId id) const;

 private:
  struct Account {
    std::string name;
    bool deleted = false;
    std::int64_t version = 1;  // Of its password.
    std::string display_name;
    std::string about;
  };
  struct Session {
    chat::AccountId account = 0;
    chat::TokenHash token{};
    chat::TimeMs expires_ms = 0;
  };
  struct Message {
    chat::MessageId id = 0;  // 0: of a system message, which no outcome tells.
    chat::AccountId sender = 0;
    chat::RequestId request{};
    std::string body;
    chat::TimeMs sent_ms = 0;
    bool deleted = false;
    chat::MessageKind kind = chat::MessageKind::kText;
    chat::Seq reply_to = 0;
    chat::TimeMs edited_ms = 0;
    std::vector<std::string> former;  // Bodies.
    std::map<std::string, std::set<chat::AccountId>> reactions;
    std::set<chat::AccountId> mentions;
  };
  struct Member {
    chat::MemberRole role = chat::MemberRole::kMember;
    std::uint64_t joined_index = 0;
    chat::Seq joined_seq = 0;
    chat::Seq read_seq = 0;
    chat::Seq delivered_seq = 0;
  };
  // What came while an account was in.
  struct Stay {
    chat::Seq first = 1;
    chat::Seq last = 0;  // 0: it still is.
  };
  struct Talk {
    bool group = false;
    std::string title;
    std::map<chat::AccountId, Member> members;
    std::map<chat::Seq, Message> messages;  // From 1 on, without a gap.
    std::map<chat::AccountId, std::vector<Stay>> stays;
    bool widowed = false;  // One side of a direct one was deleted.
  };
  struct Draft {
    std::string body;
    chat::Seq reply_to = 0;
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
  chat::Outcome run(const chat::CreateGroup& c);
  chat::Outcome run(const chat::AddMembers& c);
  chat::Outcome run(const chat::RemoveMember& c);
  chat::Outcome run(const chat::SetRole& c);
  chat::Outcome run(const chat::RenameGroup& c);
  chat::Outcome run(const chat::DissolveGroup& c);
  chat::Outcome run(const chat::EditMessage& c);
  chat::Outcome run(const chat::React& c);
  chat::Outcome run(const chat::HideMessages& c);
  chat::Outcome run(const chat::MarkDelivered& c);
  chat::Outcome run(const chat::SetDraft& c);
  chat::Outcome run(const chat::SetProfile& c);
  chat::Outcome run(const chat::ChangePassword& c);
  chat::Outcome run(const chat::EndSession& c);
  chat::Outcome run(const chat::SetBlock& c);

  // The answer to a keyed command that may run gets recorded, whatever it is.
  template <typename Keyed, typename Rules>
  chat::Outcome once(const Keyed& c, Rules rules) {
    if (!may(c.actor)) return refused(chat::Code::kUnauthenticated);
    if (const auto before = known(c.actor.account, c.key)) return *before;
    chat::Outcome outcome = rules();
    if (outcome.code == chat::Code::kOk && outcome.at_ms == 0) outcome.at_ms = now_ms_;
    if (outcome.code == chat::Code::kConflict) return outcome;
    return record(c.actor.account, c.key, outcome);
  }
  static chat::Outcome refused(chat::Code code);
  void post(Talk& talk, chat::AccountId sender, chat::MessageKind kind, const std::string& body);
  void leave(Talk& talk, chat::AccountId account);
  void join(Talk& talk, chat::AccountId account, const Member& member);
  static void end_stay(Talk& talk, chat::AccountId account);
  // kOk, or why these may not be added by that account; `joining` are those who really join.
  chat::Code joining(const std::vector<chat::AccountId>& accounts, chat::AccountId by,
                     const Talk* talk, std::vector<chat::AccountId>& joining) const;
  std::string names(const std::vector<chat::AccountId>& accounts) const;
  std::int64_t groups_of(chat::AccountId account) const;
  // kOk, or why this actor may not do that to the group.
  chat::Code power(const chat::Actor& actor, chat::ConversationId id, chat::MemberRole least,
                   Talk*& talk);
  Message* seen(Talk& talk, chat::AccountId viewer, chat::Seq seq);
  // kOk, or why the account may not write in a direct conversation.
  chat::Code closed(const Talk& talk, chat::AccountId account) const;
  std::set<chat::AccountId> mentioned(const Talk& talk, chat::AccountId sender,
                                      const std::string& body) const;

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
  void compare_member(SimNode& node, chat::ConversationId id, const Talk& talk,
                      chat::AccountId account, const Member& member) const;
  void compare_view(SimNode& node, chat::ConversationId id, const Talk& talk,
                    chat::AccountId account, const Member& member) const;
  void compare_former(SimNode& node, chat::ConversationId id, const Talk& talk) const;
  void compare_list(SimNode& node, chat::AccountId account) const;

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
  std::set<std::pair<chat::AccountId, Place>> hidden_;
  std::map<std::pair<chat::AccountId, chat::ConversationId>, Draft> drafts_;
  std::set<std::pair<chat::AccountId, chat::AccountId>> blocks_;  // Who, whom.
  std::set<std::int64_t> ids_;
  std::uint64_t successions_ = 0;
  std::uint64_t returns_ = 0;
};

}  // namespace starling::sim
