// A model client: what the SDK does for an application, and a ledger of what it was told. It writes
// with request ids, retries at other servers, chains pipelined sends, cancels some, lets late
// copies of old requests loose, reads at every level and subscribes with a cursor.
#pragma once

#include <cstdint>
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
  // The ledger against a server at rest: nothing lost, doubled, reordered or invented (P1, P3-P5).
  void check_history(SimNode& node);

  chat::AccountId account() const { return account_; }
  // ---- For scenarios
  void be_quiet() { quiet_ = true; }  // Opens its conversations, sends only when told to.
  bool ready() const { return session_ != 0 && !talks_.empty(); }
  std::uint64_t sends_answered() const;
  // Calls `count` pipelined sends in the first open conversation; false: there is none yet.
  bool send_burst(int count);

 private:
  struct Op {
    enum class Kind { kCreate, kLogIn, kOpen, kSend, kExtra, kDelete, kMark, kVoid };
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
  void stray_copy();
  bool is_next(const Op& op) const;
  void cancel(Op& op);
  chat::RequestKey new_key();

  void attempt(Op& op);
  void transmit(const Op& op, int number, bool copy);
  void retry_later(Op& op, core::TimeUs low_us, core::TimeUs high_us);
  void replied(std::uint64_t number, const WriteReply& reply, bool copy);
  void settle(Op& op, const WriteReply& reply);
  void check_code(const Op& op, const chat::Outcome& outcome) const;
  void finish_void(Op& op);
  void wake_successors(const Op& op);
  int pick_server();

  void poll_events();
  void take_events(SimNode& node);

  World& world_;
  const int number_;
  bool calling_ = true;
  std::vector<std::unique_ptr<Op>> ops_;
  std::size_t unanswered_ = 0;
  bool quiet_ = false;
  chat::AccountId account_ = 0;
  chat::SessionId session_ = 0;
  std::string account_name_;
  std::vector<Talk> talks_;
  int next_peer_ = 1;
  chat::TimeMs heard_ms_ = 0;
  core::Index seen_index_ = 0;  // Its session's token.
  core::NodeId leader_ = core::kNoNode;

  chat::Position cursor_;
  std::vector<SeenEvent> seen_;
};

}  // namespace starling::sim
