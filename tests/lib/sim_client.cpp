// The life of a model client's requests: attempts, retries, answers. What it calls is in
// sim_client_calls.cpp and sim_client_reads.cpp, what it checks at the end in
// sim_client_history.cpp.
#include "tests/lib/sim_client.h"

#include <algorithm>
#include <utility>

#include "tests/lib/sim_world.h"

namespace starling::sim {

SimClient::SimClient(World& world, int number)
    : world_(world), number_(number), heard_ms_(kWallStartMs) {}

void SimClient::start() {
  create_account();
  think();
  poll_events();
}

bool SimClient::idle() const { return !down_ && unanswered_ == 0 && session_ != 0; }

std::uint64_t SimClient::sends_answered() const {
  return static_cast<std::uint64_t>(std::count_if(ops_.begin(), ops_.end(), [](const auto& op) {
    return op->kind == Op::Kind::kSend && op->answered && op->outcome.code == chat::Code::kOk;
  }));
}

SimClient::Op& SimClient::call(Op::Kind kind, chat::Command command) {
  auto op = std::make_unique<Op>();
  op->kind = kind;
  op->number = ops_.size();
  op->command = std::move(command);
  op->life = life_;
  ops_.push_back(std::move(op));
  ++unanswered_;
  return *ops_.back();
}

int SimClient::pick_server() {
  if (leader_ != core::kNoNode && world_.random.per_mille(750)) {
    const int number = world_.number_of(leader_);
    if (number != 0) return number;
  }
  return 1 + static_cast<int>(world_.random.below(world_.node_count()));
}

void SimClient::attempt(Op& op) {
  if (op.answered || down_) return;
  ++op.attempts;
  const int server = pick_server();
  const bool logs_in = std::get_if<chat::LogIn>(&op.command) != nullptr;
  if (logs_in && op.kind != Op::Kind::kStaleLogIn && !prepare_log_in(op, server)) {
    return retry_later(op, 5'000, 60'000);
  }
  if (chat::Actor* actor = own_actor(op)) {
    if (session_ == 0) return retry_later(op, 5'000, 60'000);
    actor->session = session_;  // Of this process, or after an eviction: the request is the same.
  }
  if (op.kind == Op::Kind::kSend && op.life != life_) {
    op.life = life_;
    ++world_.stats.outbox_resends;
  }
  transmit(op, server, false);
  const core::TimeUs patience = std::min(op.attempts, 8);
  retry_later(op, 80'000, 300'000 + patience * 150'000);
}

// The server verifies the password first and proposes with the version it saw (R4.5).
bool SimClient::prepare_log_in(Op& op, int server) {
  auto& log_in = std::get<chat::LogIn>(op.command);
  std::string name = account_name_;
  if (op.kind == Op::Kind::kExtraLogIn) {
    for (const Extra& extra : extras_) {
      if (extra.account == log_in.account) name = extra.name;
    }
  }
  chat::Credentials found;
  bool any = false;
  SimNode& node = world_.node(server);
  if (node.up()) {
    const auto status = node.reader().credentials(name, any, found);
    if (!status.ok()) violated("reader", status.message());
  }
  if (!any) return false;
  log_in.account = found.account;
  log_in.credential_version = found.version;
  for (auto& byte : log_in.token_hash) byte = static_cast<std::uint8_t>(world_.random.next());
  return true;
}

// Checks again after a while; by then it may have been answered.
void SimClient::retry_later(Op& op, core::TimeUs low_us, core::TimeUs high_us) {
  const int attempts = op.attempts;
  world_.scheduler.after(world_.random.range(low_us, high_us), [this, &op, attempts] {
    if (op.answered || op.attempts != attempts) return;
    if (op.kind == Op::Kind::kSend && op.voiding == nullptr && calling_ && !quiet_ &&
        session_ != 0 && op.attempts > 2 && world_.random.per_mille(60) && is_next(op)) {
      cancel(op);
    }
    attempt(op);
  });
}

void SimClient::transmit(const Op& op, int number, bool copy) {
  Random& random = world_.random;
  const Weather& weather = world_.network.weather();
  if (random.per_mille(weather.loss)) return;
  const std::string command = chat::encode(op.command);
  const auto* log_in = std::get_if<chat::LogIn>(&op.command);
  if (log_in != nullptr) ++log_ins_[log_in->account];
  const chat::TokenHash token = log_in != nullptr ? log_in->token_hash : chat::TokenHash{};
  const core::TimeUs way =
      random.range(weather.low_us, weather.high_us) +
      (random.per_mille(weather.delay) ? random.range(0, weather.delay_us) : 0);
  world_.scheduler.after(
      way, [this, number, command, copy, token, op_number = op.number, life = life_] {
        // What comes after a crash finds nobody who waits for it.
        const auto answer = [this, op_number, copy, life, token](const WriteReply& reply) {
          if (life != life_) return;
          auto* log_in = std::get_if<chat::LogIn>(&ops_[op_number]->command);
          if (log_in != nullptr && reply.answered) log_in->token_hash = token;  // Of this attempt.
          replied(op_number, reply, copy);
        };
        if (!world_.node(number).running()) return answer(WriteReply{});  // Nobody listens there.
        world_.node(number).write(command, [this, answer](const WriteReply& reply) {
          const Weather& now = world_.network.weather();
          if (world_.random.per_mille(now.loss)) return;
          world_.scheduler.after(world_.random.range(now.low_us, now.high_us),
                                 [answer, reply] { answer(reply); });
        });
      });
}

void SimClient::replied(std::uint64_t number, const WriteReply& reply, bool copy) {
  Op& op = *ops_[number];
  world_.note(
      "reply", {static_cast<std::uint64_t>(number_), number, reply.index, reply.answered}, [&] {
        return "client " + std::to_string(number_) + " op " + std::to_string(number) +
               (reply.answered ? " code " + std::to_string(static_cast<int>(reply.outcome.code)) +
                                     " index " + std::to_string(reply.index)
                               : " refused");
      });
  if (reply.leader != core::kNoNode) leader_ = reply.leader;
  if (!reply.answered) {
    leader_ = reply.leader;
    if (!op.answered && !copy) {
      ++op.attempts;  // The timeout of this attempt is void.
      retry_later(op, 2'000, 60'000);
    }
    return;
  }
  heard_ms_ = std::max(heard_ms_, reply.time_ms);
  world_.invariants.acknowledged(reply.index);
  seen_index_ = std::max(seen_index_, reply.index);
  if (reply.outcome.code == chat::Code::kOutOfOrder) {
    if (op.kind != Op::Kind::kSend) violated("P4", "only a send can be out of order");
    if (!op.answered && !copy) {
      ++op.attempts;
      // Mostly it waits for the one before it; sometimes it does not.
      const bool soon = is_next(op) || world_.random.per_mille(100);
      op.out_of_order = true;
      retry_later(op, soon ? 1'000 : 300'000, soon ? 20'000 : 900'000);
    }
    return;
  }
  if (op.kind == Op::Kind::kLogIn && reply.outcome.code != chat::Code::kOk) {
    if (!op.answered) retry_later(op, 5'000, 60'000);
    return;
  }
  if (reply.outcome.code == chat::Code::kUnauthenticated && is_evicted(op)) {
    if (!op.answered && !copy) log_in_again(op);
    return;
  }
  if (copy && reply.outcome.code == chat::Code::kRequestExpired) ++world_.stats.expired_copies;
  settle(op, reply);
}

void SimClient::check_same_answer(const Op& op, const chat::Outcome& outcome) const {
  // Marks and voids keep no record; a record may have been dropped after the window (R4.1).
  const bool recorded = std::get_if<chat::MarkRead>(&op.command) == nullptr &&
                        std::get_if<chat::HideMessages>(&op.command) == nullptr &&
                        std::get_if<chat::MarkDelivered>(&op.command) == nullptr &&
                        std::get_if<chat::EndSession>(&op.command) == nullptr &&
                        std::get_if<chat::LogIn>(&op.command) == nullptr &&
                        op.kind != Op::Kind::kVoid && op.kind != Op::Kind::kLogOut;
  const auto aged = [&op](chat::Code code) {
    return code == chat::Code::kRequestExpired ||
           (op.kind == Op::Kind::kDeleteAccount && code == chat::Code::kUnauthenticated) ||
           code == chat::Code::kConflict;
  };
  if (!recorded || op.voided || aged(outcome.code) || aged(op.outcome.code)) return;
  if (outcome.code != op.outcome.code || outcome.seq != op.outcome.seq ||
      outcome.message != op.outcome.message || outcome.account != op.outcome.account ||
      outcome.conversation != op.outcome.conversation || outcome.count != op.outcome.count) {
    violated("P3 same answer", "client " + std::to_string(number_) + " op " +
                                   std::to_string(op.number) + " has two answers");
  }
}

void SimClient::settle(Op& op, const WriteReply& reply) {
  const chat::Outcome& outcome = reply.outcome;
  check_code(op, outcome);
  // Also what an earlier process was told, or nobody yet.
  if (op.told) check_same_answer(op, outcome);
  if (!op.told || !op.answered) op.outcome = outcome;
  op.told = true;
  if (op.answered) return;
  op.answered = true;
  op.answered_us = world_.now_us();
  wake_successors(op);
  op.voided = op.voided || outcome.code == chat::Code::kVoided;
  --unanswered_;
  ++world_.stats.acknowledged;
  if (outcome.replayed && op.number < session_floor_) ++world_.stats.outbox_dedupe_hits;
  if (op.voided) ++world_.stats.voided;
  if (op.kind == Op::Kind::kVoid) return finish_void(op);
  extra_settled(op, reply);
  own_settled(op, outcome);
}

void SimClient::own_settled(Op& op, const chat::Outcome& outcome) {
  const bool expired = outcome.code == chat::Code::kRequestExpired;
  switch (op.kind) {
    case Op::Kind::kCreate:
      if (expired) return create_account();
      account_ = outcome.account;
      return log_in();
    case Op::Kind::kLogIn:
      session_ = outcome.session;
      return;
    case Op::Kind::kScratch:
      if (outcome.code == chat::Code::kOk) scratch_.push_back(outcome.conversation);
      return;
    case Op::Kind::kChat:
      if (outcome.code == chat::Code::kOk && std::get_if<chat::ChangePassword>(&op.command)) {
        ++password_version_;
      }
      return;
    case Op::Kind::kGroup:
      if (outcome.code != chat::Code::kOk) return;
      groups_.push_back(outcome.conversation);
      [[fallthrough]];
    case Op::Kind::kOpen:
      if (expired) return;
      if (std::none_of(talks_.begin(), talks_.end(),
                       [&](const Talk& talk) { return talk.id == outcome.conversation; })) {
        Talk talk;
        talk.id = outcome.conversation;
        talks_.push_back(talk);
      }
      return;
    default:
      return;
  }
}

// A client that does nothing wrong is never refused but for these.
void SimClient::check_code(const Op& op, const chat::Outcome& outcome) const {
  const bool send = op.kind == Op::Kind::kSend;
  const bool keyed = op.kind != Op::Kind::kMark && op.kind != Op::Kind::kVoid &&
                     op.kind != Op::Kind::kLogOut &&
                     std::get_if<chat::LogIn>(&op.command) == nullptr;
  // The password was right at a server that did not know yet that the account is gone (R4.5).
  if (op.kind == Op::Kind::kStaleLogIn) {
    if (outcome.code == chat::Code::kConflict) return;
    violated("R4.5 stale log-in", "client " + std::to_string(number_) + " gets into account " +
                                      std::to_string(outcome.account) + " that is gone");
  }
  if (outcome.code == chat::Code::kOk) return;
  const bool any =
      op.kind == Op::Kind::kChat || op.kind == Op::Kind::kGroup || op.kind == Op::Kind::kScratch;
  if (any && outcome.code != chat::Code::kUnauthenticated) return;
  // It has left, was removed, or is there again and knows less than before: the chat model says
  // which.
  const bool out = outcome.code == chat::Code::kNotFound || outcome.code == chat::Code::kInvalid;
  if (out && in_a_group(op)) return;
  if (outcome.code == chat::Code::kVoided && send && op.void_asked) return;
  // A late copy of a log-in, which keeps no record: the account has gone since.
  if (outcome.code == chat::Code::kConflict && op.kind == Op::Kind::kExtraLogIn && op.answered) {
    return;
  }
  // Deleted by an attempt whose record has left the window.
  if (outcome.code == chat::Code::kUnauthenticated && op.kind == Op::Kind::kDeleteAccount) return;
  if (outcome.code == chat::Code::kRequestExpired && keyed && !send) return;
  violated("P3 answer", "client " + std::to_string(number_) + " op " + std::to_string(op.number) +
                            " kind " + std::to_string(static_cast<int>(op.kind)) +
                            " is refused with code " +
                            std::to_string(static_cast<int>(outcome.code)) + ": " + outcome.text);
}

// R4.3: after Void the fate of the send is known.
void SimClient::finish_void(Op& op) {
  Op& target = *op.target;
  if (op.outcome.count == 1) {
    return;  // It has happened: its own answer is still to come.
  }
  if (target.told && !target.voided && target.outcome.code == chat::Code::kOk) {
    violated("R4.3 void", "an acknowledged send is said never to have happened");
  }
  target.voided = true;
  if (target.answered) return;
  target.answered = true;
  ++world_.stats.voided;
  target.outcome.code = chat::Code::kVoided;
  --unanswered_;
  wake_successors(target);
}

// The send that waited for this one may be tried again; its own answer wakes the next.
void SimClient::wake_successors(const Op& op) {
  for (std::size_t i = op.number + 1; i < ops_.size(); ++i) {
    Op& next = *ops_[i];
    if (next.conversation != op.conversation || next.answered) continue;
    if (!next.out_of_order) return;
    next.out_of_order = false;
    return attempt(next);
  }
}

}  // namespace starling::sim
