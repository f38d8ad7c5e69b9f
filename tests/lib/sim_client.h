// A model client: what the SDK does for an application, and a ledger of what it was told. It writes
// with request ids, retries at other servers, chains pipelined sends, cancels some, lets late
// copies of old requests loose, reads at every level, subscribes with a cursor, and looks after a
// few accounts more. Its process may crash: its outbox, its cursor and what it was told for good
// survive.
#pragma once

#include <cstdint>
#include <functional>
#include <map>
#include <memory>
#include <string>
#include <vector>

#include "server/chat/commands.h"
#include "server/chat/events.h"
#include "server/core/types.h"
#include "tests/lib/invariants.h"
#include "tests/lib/sim_node.h"

namespace starling::sim {

class World;

class SimClient {
 public:
  SimClient(World& world, int number);

  void start();
  // Answers are still wanted, nothing new is called.
  void stop_calling() { calling_ = false; }
  // One more write, to see that the cluster takes it.
  void call_last();
  bool idle() const;
  // The process dies, and another one comes a little later.
  void crash();
  // Something for this very server, whatever it is doing.
  void bother(SimNode& node);
  // The ledger against a server at rest: nothing lost, doubled, reordered or invented (P1, P3-P5).
  void check_history(SimNode& node);
  // Some searches at a server at rest.
  void check_searches(SimNode& node);

  chat::AccountId account() const { return account_; }
  const std::string& account_name() const { return account_name_; }
  // ---- For scenarios
  void be_quiet() { quiet_ = true; }  // Opens its conversations, sends only when told to.
  bool ready() const { return session_ != 0 && !talks_.empty(); }
  std::uint64_t sends_answered() const;
  // Calls `count` pipelined sends in the first open conversation; false: there is none yet.
  bool send_burst(int count);
  void create_extra();
  // login, logout or delete, of the first of its other accounts; false: not possible now.
  bool step_extra(const std::string& step);
  // Whether that server still knows the session that this client ended last.
  bool knows_revoked(SimNode& node) const;
  // A late copy of its answered request to open a conversation, or of its first send, at that
  // server; `told` gets the answer.
  bool send_copy(bool of_send, int server, std::function<void(const WriteReply&)> told);

 private:
  struct Op {
    enum class Kind {
      kCreate,
      kLogIn,
      kOpen,
      kSend,
      kExtra,
      kDelete,
      kMark,
      kVoid,
      kExtraLogIn,
      kLogOut,
      kDeleteAccount,
      kStaleLogIn,
      kGroup,    // Makes one.
      kScratch,  // Makes one that nobody writes in and that may be dissolved.
      kChat,     // Anything else; the chat model knows what it has to give.
    };
    Kind kind = Kind::kCreate;
    std::uint64_t number = 0;
    chat::Command command;
    chat::RequestId id{};
    chat::ConversationId conversation = 0;
    Op* target = nullptr;  // kVoid
    Op* voiding = nullptr;
    int attempts = 0;
    bool answered = false;
    bool out_of_order = false;  // Its predecessor has to go first.
    bool voided = false;
    bool abandoned = false;   // Forgotten by a crash: it may or may not have happened.
    bool told = false;        // `outcome` is what somebody was told.
    bool void_asked = false;  // By this process or an earlier one.
    std::uint64_t life = 0;   // The process that called, or offered it again.
    core::TimeUs answered_us = 0;
    chat::Outcome outcome;
  };
  // What a session has seen, of one conversation.
  struct Seen {
    core::Index index = 0;
    chat::ConversationId conversation = 0;
    chat::Seq last_seq = 0;
    chat::RequestId sent{};  // Its newest answered send.
    chat::Seq sent_seq = 0;  // 0: none.
  };
  struct Talk {
    chat::ConversationId id = 0;
    chat::Seq seen_seq = 0;
    std::uint64_t calls = 0;
    std::vector<Op*> sends;
  };

  // An account that this client has beside its own.
  struct Extra {
    std::string name;
    chat::AccountId account = 0;
    chat::SessionId session = 0;  // 0: not logged in.
    chat::TokenHash token{};
    bool busy = false;
  };
  struct Revoked {
    chat::TokenHash token{};
    core::Index index = 0;
  };

  void come_back();
  void offer_again(Op& op);
  void forget(Op& op);
  void think();
  void act();
  Op& call(Op::Kind kind, chat::Command command);
  void create_account();
  void log_in();
  void open_next();
  void send(Talk& talk);
  void delete_some(Talk& talk);
  void read();
  Seen seen_so_far();
  void check_session(SimNode& node, const Seen& seen, core::Index index);
  void chat_some();
  void make_group();
  void look_around();
  void change_group(chat::ConversationId group);
  void search();
  void search_at(SimNode& node, const SearchTerms& terms);
  SearchTerms some_terms(std::uint64_t shape);
  bool in_a_group(const Op& op) const;
  void touch_message();
  void change_account();
  template <typename Command>
  void call_chat(Op::Kind kind, Command command);
  chat::AccountId somebody();
  void use_extra();
  void log_in_extra(Extra& extra);
  void log_out_extra(Extra& extra);
  void delete_extra(Extra& extra);
  void extra_settled(Op& op, const WriteReply& reply);
  void check_revoked(SimNode& node, core::Index index);
  void stray_copy();
  bool is_next(const Op& op) const;
  void cancel(Op& op);
  chat::RequestKey new_key();

  void attempt(Op& op);
  void transmit(const Op& op, int number, bool copy);
  void retry_later(Op& op, core::TimeUs low_us, core::TimeUs high_us);
  void replied(std::uint64_t number, const WriteReply& reply, bool copy);
  bool prepare_log_in(Op& op, int server);
  chat::Actor* own_actor(Op& op) const;
  bool may_be_evicted(chat::AccountId account) const;
  bool is_evicted(Op& op) const;
  void log_in_again(Op& op);
  void settle(Op& op, const WriteReply& reply);
  void check_same_answer(const Op& op, const chat::Outcome& outcome) const;
  void own_settled(Op& op, const chat::Outcome& outcome);
  void check_code(const Op& op, const chat::Outcome& outcome) const;
  void finish_void(Op& op);
  void wake_successors(const Op& op);
  int pick_server();

  void poll_events();
  void take_events(SimNode& node);

  World& world_;
  const int number_;
  bool calling_ = true;
  bool down_ = false;
  std::uint64_t life_ = 1;
  std::vector<std::unique_ptr<Op>> ops_;
  std::size_t unanswered_ = 0;
  bool quiet_ = false;
  chat::AccountId account_ = 0;
  chat::SessionId session_ = 0;
  std::string account_name_;
  std::map<chat::AccountId, std::size_t> log_ins_;  // Attempts: each may have made a session.
  std::vector<Talk> talks_;
  int next_peer_ = 1;
  chat::TimeMs heard_ms_ = 0;
  core::Index seen_index_ = 0;     // Its session's token.
  std::size_t session_floor_ = 0;  // The session knows nothing of operations before this one.
  core::NodeId leader_ = core::kNoNode;

  // That it made or found itself in, and writes in while it is in; and those that it may dissolve.
  std::vector<chat::ConversationId> groups_;
  std::vector<chat::ConversationId> scratch_;
  std::int64_t password_version_ = 1;  // As far as it was told.
  bool changed_password_ = false;      // Tried to, at least: that ends other sessions.

  std::vector<Extra> extras_;
  std::vector<Revoked> revoked_;

  chat::Position cursor_;
  std::vector<SeenEvent> seen_;
  chat::Position saved_cursor_;  // What a crash leaves,
  std::size_t saved_seen_ = 0;   // together with what was done with the events before it.
};

}  // namespace starling::sim
