// What must hold after every step of every simulated node (DESIGN section 2, PROTOCOL R1-R5). Each
// check looks only at what is new, so that all of them run all the time.
#pragma once

#include <array>
#include <cstdint>
#include <map>
#include <optional>
#include <stdexcept>
#include <string>
#include <utility>
#include <vector>

#include "server/chat/commands.h"
#include "server/core/core.h"
#include "tests/lib/chat_model.h"
#include "tests/lib/sim_log.h"

namespace starling::sim {

class SimNode;
class World;

// An invariant does not hold: the run ends with it.
class Violation : public std::runtime_error {
 public:
  using std::runtime_error::runtime_error;
};
[[noreturn]] void violated(const std::string& invariant, const std::string& detail);

// A keyed write as its client called it.
struct Call {
  int client = 0;
  std::uint64_t order = 0;  // Of the client's calls in one conversation.
};

// An event as a subscriber saw it.
struct SeenEvent {
  std::uint64_t index = 0;
  std::uint32_t ordinal = 0;
  std::uint64_t identity = 0;
  friend bool operator==(const SeenEvent&, const SeenEvent&) = default;
};

class Invariants {
 public:
  explicit Invariants(World& world) : world_(world) {}

  // ---- Of the core
  void installed(const SimNode& node);  // A disk that was set up by hand.
  void restarted(const SimNode& node);
  void appended(const SimNode& node, const core::Entry& entry);
  void snapshot_arrived(const SimNode& node, const SimLog& base) const;
  void stepped(const SimNode& node, const core::State& before, const core::Effects& effects);
  void sent(const SimNode& node, const core::Message& message);

  // ---- Of the chat and its clients
  void called(const chat::RequestId& id, const Call& call) { calls_[id] = call; }
  void applied(const SimNode& node, const core::Entry& entry, const chat::Outcome& outcome);
  void state_reached(const SimNode& node, core::Index index, std::uint64_t hash);
  void acknowledging(const SimNode& node, const core::Entry& entry);
  // The client has the answer: every linearizable read that begins later reflects it.
  void acknowledged(core::Index index);
  // What had been acknowledged by then, in the time of the world.
  core::Index acknowledged_index(core::TimeUs by_us) const;

  // ---- Of what is left at the end
  void compare_chat(SimNode& node) const { model_.compare(node); }
  const ChatModel& model() const { return model_; }
  core::Configuration committed_members() const;
  // P1: that disk holds all that has committed.
  void recoverable(const SimNode& node) const;
  // R4.6: the last place up to `most` at which that disk's log is of the one history and somebody
  // has told its state; 0: none.
  core::Index told_state(const SimNode& node, core::Index most) const;
  void state_recomputed(const SimNode& node, core::Index index, std::uint64_t hash) const;

  core::Index committed_index() const { return committed_.size(); }
  bool is_committed(const std::string& data) const;
  std::uint64_t elections() const { return leaders_.size(); }
  std::uint64_t dedupe_hits() const { return dedupe_hits_; }

 private:
  struct Appended {
    std::uint64_t digest = 0;
    core::Term previous_term = 0;
  };
  struct Committed {
    core::Term term = 0;
    core::Term in_term = 0;  // Of the leader that found it committed.
    std::uint64_t digest = 0;
    std::string data;
    bool configuration = false;
  };
  struct Effect {
    chat::Outcome outcome;
    core::Index index = 0;
    core::Term term = 0;
    core::WallMs stamp_ms = 0;
  };
  // A leader with nothing under way whose replicated time is behind every voter's clock.
  struct Lag {
    core::Term term = 0;
    core::TimeUs since_us = 0;      // Of its own clock.
    core::TimeUs confirmed_us = 0;  // A round that began later was confirmed; 0: none yet.
  };
  void became_leader(const SimNode& node, core::Term term);
  void commit_moved(const SimNode& node, const core::State& before, const core::State& after);
  void configuration_appended(const SimNode& node, const core::Entry& entry,
                              const core::State& before) const;
  void stamp_is_sane(const SimNode& node, const core::Entry& entry) const;
  void time_goes_on(const SimNode& node, const core::State& state);
  void first_applied(const core::Entry& entry, const chat::Outcome& outcome);
  void promises_kept(const core::Entry& entry, const chat::Command& command,
                     const chat::Outcome& outcome);
  void write_applied(const core::Entry& entry, const chat::RequestKey& key,
                     const chat::Outcome& outcome, const chat::Send* send);
  void send_took_effect(const core::Entry& entry, const chat::Send& send,
                        const chat::Outcome& outcome);

  World& world_;
  std::map<core::Term, core::NodeId> leaders_;
  std::map<std::pair<core::Index, core::Term>, Appended> entries_;
  std::vector<Committed> committed_;         // Of index i + 1.
  std::vector<std::uint64_t> outcomes_;      // Digests, of index i + 1; 0: not yet.
  std::vector<std::uint64_t> state_hashes_;  // Likewise.
  std::map<chat::RequestId, Call> calls_;
  std::map<chat::RequestId, Effect> effects_;
  std::map<chat::RequestId, core::Index> voided_;
  std::map<chat::RequestId, chat::Code> refused_sends_;  // For ever (R4.3).
  std::map<std::pair<int, chat::ConversationId>, std::uint64_t> last_order_;
  std::map<core::TimeUs, core::Index> acknowledged_;  // Since when.
  std::map<core::NodeId, Lag> lags_;
  std::uint64_t dedupe_hits_ = 0;
  ChatModel model_;
};

}  // namespace starling::sim
