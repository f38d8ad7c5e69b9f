// The promises to clients: exactly once (P3), one order (P4), and equal state at equal index
// (R4.6).
#include <algorithm>
#include <type_traits>
#include <variant>

#include "tests/lib/invariants.h"
#include "tests/lib/random.h"
#include "tests/lib/sim_node.h"
#include "tests/lib/sim_world.h"
#include "tests/lib/trace.h"

namespace starling::sim {

namespace {
std::string first_form(chat::Outcome outcome) {
  outcome.replayed = false;
  return chat::encode(outcome);
}

const chat::RequestKey* key_of(const chat::Command& command) {
  return std::visit(
      [](const auto& body) -> const chat::RequestKey* {
        if constexpr (requires { body.key; }) {
          return &body.key;
        } else {
          return nullptr;
        }
      },
      command);
}

// Refusals that leave no record, so that another answer may follow.
bool unrecorded(chat::Code code) {
  return code == chat::Code::kOutOfOrder || code == chat::Code::kRequestExpired ||
         code == chat::Code::kUnauthenticated || code == chat::Code::kInvalid ||
         code == chat::Code::kVoided || code == chat::Code::kRequestReused ||
         code == chat::Code::kConflict;
}
// Refusals of a send that are kept, so that those behind it can go on.
bool leaves_a_void(chat::Code code) {
  return code == chat::Code::kNotFound || code == chat::Code::kPermissionDenied ||
         code == chat::Code::kInvalid;
}
}  // namespace

void Invariants::applied(const SimNode& node, const core::Entry& entry,
                         const chat::Outcome& outcome) {
  if (outcomes_.size() < entry.index) outcomes_.resize(entry.index, 0);
  const std::uint64_t now = mix(digest(first_form(outcome)), outcome.replayed ? 2 : 1);
  std::uint64_t& known = outcomes_[entry.index - 1];
  if (known == 0) {
    known = now;
    first_applied(entry, outcome);
  } else if (known != now) {
    violated("R4.6 equal outcomes",
             node.name() + " has another outcome at " + std::to_string(entry.index));
  }
}

void Invariants::state_reached(const SimNode& node, core::Index index, std::uint64_t hash) {
  if (state_hashes_.size() < index) state_hashes_.resize(index, 0);
  std::uint64_t& known = state_hashes_[index - 1];
  if (known == 0) known = hash;
  if (known != hash) {
    violated("R4.6 state hash", node.name() + " differs at " + std::to_string(index));
  }
}

void Invariants::acknowledging(const SimNode& node, const core::Entry& entry) {
  if (entry.index <= committed_.size() && committed_[entry.index - 1].term == entry.term) return;
  violated("P1 acknowledged", node.name() + " acknowledges what has not committed");
}

void Invariants::first_applied(const core::Entry& entry, const chat::Outcome& outcome) {
  if (outcome.replayed) ++dedupe_hits_;
  const auto command = chat::decode_command(entry.data);
  if (!command) {
    if (outcome.code != chat::Code::kInvalid)
      violated("apply", "a malformed command is not refused");
    return;
  }
  promises_kept(entry, *command, outcome);
  model_.apply(entry.index, entry.stamp_ms, *command, outcome);
}

void Invariants::promises_kept(const core::Entry& entry, const chat::Command& command,
                               const chat::Outcome& outcome) {
  if (const auto* cancel = std::get_if<chat::Void>(&command); cancel != nullptr) {
    if (outcome.code != chat::Code::kOk) return;
    const bool happened = effects_.contains(cancel->target);
    if (happened != (outcome.count == 1)) {
      violated("R4.3 void",
               "says the contrary of what happened, at " + std::to_string(entry.index));
    }
    if (!happened) voided_.emplace(cancel->target, entry.index);
    return;
  }
  if (const chat::RequestKey* key = key_of(command); key != nullptr) {
    write_applied(entry, *key, outcome, std::get_if<chat::Send>(&command));
  }
}

void Invariants::write_applied(const core::Entry& entry, const chat::RequestKey& key,
                               const chat::Outcome& outcome, const chat::Send* send) {
  const std::string where = " at index " + std::to_string(entry.index);
  if (const auto refused = refused_sends_.find(key.id); refused != refused_sends_.end()) {
    const bool ended = outcome.code == chat::Code::kUnauthenticated;
    if (ended || outcome.code == refused->second) return;
    violated("R4.3 void", "a refused send has another outcome, code " +
                              std::to_string(static_cast<int>(outcome.code)) + where);
  }
  const auto before = effects_.find(key.id);
  const bool expired = outcome.code == chat::Code::kRequestExpired;
  if (expired && (send != nullptr || key.as_of_ms >= entry.stamp_ms - chat::kRetryWindowMs)) {
    violated("R4.1 window", "refused as expired inside the window" + where);
  }
  if (before != effects_.end()) {
    if (before->second.term != entry.term) ++world_.stats.dedupe_hits_after_failover;
    const bool kept = entry.stamp_ms - before->second.stamp_ms <= chat::kRetryWindowMs;
    if (expired && !kept) return;
    // A session that has ended learns nothing, not even of its own writes; whether it has ended is
    // what the chat model looks at next.
    if (outcome.code == chat::Code::kUnauthenticated) return;
    if (!outcome.replayed || first_form(outcome) != first_form(before->second.outcome)) {
      violated("P3 exactly once",
               "a retry of the request of index " + std::to_string(before->second.index) +
                   " has another outcome (code " + std::to_string(static_cast<int>(outcome.code)) +
                   (outcome.replayed ? ", replayed)" : ", run again)") + where);
    }
    return;
  }
  // Whether a request was malformed or asked for what makes no sense, which alone is recorded, is
  // what the chat model looks at next.
  const bool refused = outcome.code == chat::Code::kVoided || outcome.code == chat::Code::kInvalid;
  if (outcome.replayed && !refused) {
    violated("P3 exactly once", "an outcome from nowhere" + where);
  }
  if (send != nullptr && before == effects_.end() && leaves_a_void(outcome.code)) {
    refused_sends_.emplace(key.id, outcome.code);
    return;
  }
  if (unrecorded(outcome.code)) return;
  if (voided_.contains(key.id)) violated("R4.3 void", "a voided request ran" + where);
  if (send == nullptr && key.as_of_ms < entry.stamp_ms - chat::kRetryWindowMs) {
    violated("R4.1 window", "a request older than the window ran" + where);
  }
  effects_[key.id] = {outcome, entry.index, entry.term, entry.stamp_ms};
  if (send != nullptr && outcome.code == chat::Code::kOk) send_took_effect(entry, *send, outcome);
}

void Invariants::send_took_effect(const core::Entry& entry, const chat::Send& send,
                                  const chat::Outcome& outcome) {
  const std::string where = " at index " + std::to_string(entry.index);
  const chat::Seq last = model_.last_seq(send.conversation);  // System messages count too.
  if (outcome.seq != last + 1) {
    violated("P4 gapless", "conversation " + std::to_string(send.conversation) + " goes from " +
                               std::to_string(last) + " to " + std::to_string(outcome.seq) + where);
  }
  const auto call = calls_.find(send.key.id);
  if (call == calls_.end()) return;
  std::uint64_t& order = last_order_[{call->second.client, send.conversation}];
  if (call->second.order <= order) {
    violated("P4 FIFO", "client " + std::to_string(call->second.client) + ": call " +
                            std::to_string(call->second.order) + " took effect after call " +
                            std::to_string(order) + where);
  }
  order = call->second.order;
}

}  // namespace starling::sim
