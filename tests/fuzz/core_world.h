// One core with a disk of its own, for the target of peer messages: carries out what the core asks
// for when it is told to, and checks after every step what must hold whatever peers say.
#pragma once

#include <deque>
#include <map>
#include <string>
#include <vector>

#include "server/core/core.h"
#include "tests/fuzz/fuzz.h"

namespace starling::fuzz {

inline constexpr core::NodeId kSelf = 3;
inline constexpr core::ClusterId kCluster = 7;
inline constexpr core::TimeUs kElectionUs = 250'000;

class CoreWorld {
 public:
  struct Settings {
    std::uint64_t members = 3;  // With ids from 1 on; this node's is kSelf.
    core::Index base = 0;       // What has left the log; all of it is applied.
    core::Index last = 1;
    core::Index applied = 0;
    bool narrow = false;  // Small batches, windows and caches.
  };

  explicit CoreWorld(const Settings& settings);

  // ---- Inputs
  void step(core::Event event);
  // Over the wire: false when the bytes are no message.
  bool receive_bytes(const std::string& bytes, bool mend_envelope);
  void receive(core::Message message);
  void pass(core::TimeUs time_us);
  void pass_to_deadline();
  void persist(std::size_t most);
  void apply(std::size_t most);
  void answer_log_read();
  void compact(core::Index index);
  // With the votes of the others, if they count for anything.
  void become_candidate();
  void become_leader();

  // A message of `from` in today's term, in an envelope that is right.
  core::Message message(core::NodeId from, core::MessageBody body) const;
  core::State state() const { return core_.state(); }
  const std::vector<core::Message>& sent() const { return sent_; }  // By the last step.
  // A start from what is on the disk now.
  void restart();

 private:
  // What would be there after a power cut.
  struct Disk {
    core::HardState hard_state;
    core::Index base = 0;
    core::Term base_term = 0;
    std::pair<core::Index, core::Configuration> base_members;
    std::vector<core::EntryPtr> log;

    core::Index last() const { return base + log.size(); }
    core::Term term_at(core::Index index) const;
    void write(const core::PersistEntries& batch);
  };

  static Disk first_disk(const Settings& settings);
  static core::Options options(const Settings& settings);
  core::Restored restored() const;
  void check_state(const core::State& before) const;
  void check_messages();
  void take_effects();
  void check_deadline();

  const Settings settings_;
  Disk disk_;
  core::Index applied_ = 0;
  core::TimeUs now_us_ = 1'000'000;
  core::WallMs wall_ms_ = 1'700'000'000'000;
  core::Core core_;
  core::Effects effects_;
  std::deque<core::Persist> writes_;
  std::deque<core::ReadLog> log_reads_;
  std::vector<core::Message> sent_;
  core::Index given_out_ = 0;
};

}  // namespace starling::fuzz
