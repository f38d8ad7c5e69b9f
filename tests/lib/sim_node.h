// One simulated server: the shipping core and chat store over a simulated disk, with clocks of its
// own. It can crash, lose power, pause and come back. What server/node does with threads and
// sockets is done here with scheduled actions.
#pragma once

#include <deque>
#include <functional>
#include <map>
#include <memory>
#include <set>
#include <string>
#include <vector>

#include "server/chat/store.h"
#include "server/core/core.h"
#include "tests/lib/sim_disk.h"
#include "tests/lib/sim_search.h"
#include "tests/lib/sim_snapshot.h"

namespace starling::sim {

class World;

// The answer to a client's write.
struct WriteReply {
  bool answered = false;  // False: refused or superseded; it may be tried again.
  core::NodeId leader = core::kNoNode;
  core::Index index = 0;
  chat::Outcome outcome;
  chat::TimeMs time_ms = 0;  // Replicated time at this server.
};
using WriteDone = std::function<void(const WriteReply&)>;
// ok, and the index that the answer reflects.
using ReadDone = std::function<void(bool ok, core::Index index)>;

class SimNode {
 public:
  SimNode(World& world, int number, core::NodeId id, std::string address);

  int number() const { return number_; }
  core::NodeId id() const { return id_; }
  const std::string& address() const { return address_; }
  std::string name() const { return "n" + std::to_string(number_); }

  // ---- Life
  void install(DiskImage image);
  // A joiner's disk: the state machine of `snapshot`, and a log that begins there.
  void install(DiskImage image, const SimSnapshot& snapshot);
  void start();  // Boots from the disk; running() a little later.
  void crash(bool power_loss);
  void pause() { paused_ = true; }
  void resume();
  bool running() const { return core_ != nullptr; }
  bool booting() const { return booting_; }
  bool paused() const { return paused_; }
  bool up() const { return running() && !paused_; }
  bool installed() const { return installed_; }
  bool retired() const { return retired_; }
  void retire() { retired_ = true; }     // Removed from the members: stays away,
  void unretire() { retired_ = false; }  // until an operator lets it join again.
  void wipe(core::NodeId new_id);        // Its directory is lost: it is another server now.

  // ---- In. What comes while paused waits.
  void input(core::Event event);
  void deliver(const core::Message& message);
  // A backup takes it to the primary, one hop.
  void write(const std::string& command, WriteDone done, bool forwarded = false);
  void read(ReadDone done) { read_bounded(0, std::move(done)); }
  // What was acknowledged longer ago than that has to be seen (R5.3); 0: everything.
  void read_bounded(core::TimeUs max_age_us, ReadDone done);
  // By what it has applied now. False: no answer in time.
  bool search(const search::Request& request, search::Answer& answer,
              std::set<chat::MessageId>& out);
  // Waits for `token`, what the reader's session has seen before, and gives up after a while (P6).
  void read_in_session(core::Index token, ReadDone done);

  // ---- Snapshots
  // One that reaches `index` at least and is followed by this node's log, from its memory of the
  // present life when there is one; null when it has not applied that much. The log behind it is
  // kept for a while.
  std::shared_ptr<const SimSnapshot> offer_snapshot(core::Index index);
  // All of it has come: restarts from it, unless it has got there by itself.
  void take_snapshot(SimSnapshot snapshot);
  // A checkpoint, and of the log only `keep` entries before it are kept.
  void compact_now(core::Index keep);

  // Applies what the disk holds durably to the chat store that is durable, and compares the state
  // with what was told in the run.
  void recompute() const;

  // ---- Clocks
  core::TimeUs mono_us() const;
  core::WallMs wall_ms() const;
  void jump_wall(core::WallMs by_ms) { wall_skew_ms_ += by_ms; }
  core::WallMs wall_skew_ms() const { return wall_skew_ms_; }
  void set_timers(bool on);

  // ---- Looks inside
  core::State state() const { return core_->state(); }
  const core::Core& core() const { return *core_; }
  SimDisk& disk() { return disk_; }
  const SimDisk& disk() const { return disk_; }
  // The log as the core holds it: on disk or on the way there.
  const SimLog& log() const { return log_; }
  chat::Store& store() { return *store_; }
  chat::Reader& reader();
  std::uint64_t lives() const { return life_; }
  core::Index applied_index() const { return store_ ? store_->applied_index() : 0; }
  // Called with the refusals of membership changes (scenarios look at them).
  std::function<void(const core::ProposalOutcome&)> on_change_outcome;

 private:
  struct PendingWrite {
    core::Term term = 0;
    WriteDone done;
  };
  struct PendingRead {
    core::TimeUs max_age_us = 0;
    core::Index floor = 0;  // What the answer must at least reflect (P2).
    core::Index index = 0;
    bool confirmed = false;
    bool in_session = false;
    ReadDone done;
  };
  void boot();
  core::Restored restored() const;
  void when_up(std::function<void()> action);
  void step(core::Event event);
  void carry_out(const core::State& before, const core::Effects& effects);
  void arm_timer();
  void read_log(const core::ReadLog& wanted);
  void forward(const std::string& command, WriteDone done);
  void flush_proposals();
  void proposal_placed(const core::ProposalOutcome& outcome);
  void schedule_apply();
  void apply_some();
  void answer(const core::Entry& entry, const chat::Outcome* outcome);
  void answer_reads();
  void check_point();
  void save_image();
  void compact(core::Index keep);
  void open_store();
  std::unique_ptr<chat::Store> store_of_image() const;
  void die_applying();
  void begin_shipping_storage(std::uint64_t seed);

  World& world_;
  const int number_;
  core::NodeId id_;
  const std::string address_;
  SimDisk disk_;
  std::unique_ptr<core::Core> core_;
  SimLog log_;
  std::unique_ptr<chat::Store> store_;
  std::unique_ptr<chat::Reader> reader_;
  std::unique_ptr<SimSearch> search_;  // Once somebody has searched here.
  std::string image_;                  // The chat store as the last checkpoint made it durable.
  core::Index image_index_ = 0;        // Durable, there or in the shipping storage's file.
  std::shared_ptr<const SimSnapshot> offered_;
  core::TimeUs pinned_until_us_ = 0;      // Until then the log behind it is kept.
  std::unique_ptr<SimSnapshot> arrived_;  // To be put in place by the next boot.

  bool installed_ = false;
  bool booting_ = false;
  bool paused_ = false;
  bool retired_ = false;
  std::uint64_t life_ = 0;
  std::deque<std::function<void()>> inbox_;  // While paused.

  core::TimeUs mono_offset_us_ = 0;
  core::WallMs wall_skew_ms_ = 0;
  bool timers_on_ = true;
  core::TimeUs armed_us_ = -1;
  std::uint64_t timer_ = 0;

  std::uint64_t next_id_ = 1;
  std::vector<core::Proposal> proposals_;
  std::map<std::uint64_t, WriteDone> proposed_;
  std::map<core::Index, std::vector<PendingWrite>> placed_;
  std::map<std::uint64_t, PendingRead> reads_;
  std::deque<core::EntryPtr> apply_queue_;
  core::Index next_apply_ = 1;
  bool apply_scheduled_ = false;
};

}  // namespace starling::sim
