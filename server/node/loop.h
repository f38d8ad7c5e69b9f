// The loop: the one thread that owns the consensus core. It takes everything that waits, steps it,
// and carries out the merged effects; it never waits for a disk or a socket.
#pragma once

#include <atomic>
#include <deque>
#include <functional>
#include <map>
#include <memory>
#include <thread>
#include <unordered_map>
#include <vector>

#include "server/core/core.h"
#include "server/node/active_list.h"
#include "server/node/applier.h"
#include "server/node/log_reader.h"
#include "server/node/log_writer.h"
#include "server/node/mailbox.h"
#include "server/node/options.h"
#include "server/node/sync.h"
#include "server/transport/backend.h"

namespace starling::node {

// What the loop last published of the core.
struct Published {
  core::State state;
  std::shared_ptr<const core::Configuration> configuration;
};

class Loop {
 public:
  struct Parts {
    Mailbox& mailbox;
    LogWriter& log_writer;
    LogReader& log_reader;
    Applier& applier;
    std::function<void(core::NodeId from, core::Index index)> fetch_snapshot;
    std::function<void(core::Index)> compact;  // The core asks for nothing up to here any more.
    std::function<transport::NodeStatus()> status;
    std::function<void(std::size_t)> answered;  // So many proposals have had their answer.
    std::function<void(core::Fault)> fault;     // The core has no say any more; called once.
  };
  Loop(const NodeOptions& options, const core::Options& core_options,
       const core::Restored& restored, Parts parts);
  ~Loop();

  void start(transport::Transport& transport);
  // Ends the thread and answers everything that waits with kDraining.
  void stop();

  // By the checkpoint thread: the log may let go of what is up to here.
  void compact_to(core::Index index) { compact_wanted_ = index; }

  Published published() const;
  transport::ServerList list() const;

 private:
  struct Change {
    MembershipRequest request;
    bool appended = false;
    bool handover = false;  // The primary itself is to leave: it hands over instead.
    core::Term term = 0;
    core::Index index = 0;
    core::TimeUs next_try_us = 0;
    std::uint64_t id = 0;
  };

  void run();
  void step(core::Event event, core::TimeUs now);
  void step_batch(core::TimeUs now);
  void compact(core::TimeUs now);
  void step_proposals(core::TimeUs now);
  void step_barriers(core::TimeUs now);
  void carry_out(core::TimeUs now);
  void place_proposals();
  void push_committed();
  void finish_reads();
  void watch_reign();
  void publish(bool changed);
  // Links to all members, and for a while to those who were removed: they are to hear of it.
  void set_peers();
  void part_with_departed(core::TimeUs now);
  void refresh_list(core::TimeUs now, bool resend);
  void beat(core::TimeUs now);

  // Membership and handover (loop_members.cpp).
  void take_membership(core::TimeUs now);
  void drive_changes(core::TimeUs now);
  void change_outcome(const core::ProposalOutcome& outcome, core::TimeUs now);
  void change_committed(const core::Entry& entry);
  void end_change(transport::MembershipError error, std::string message, core::Index index);
  void drive_transfers(core::TimeUs now);
  bool hears(core::NodeId node, core::TimeUs now) const;
  void transfer_outcome(const core::TransferOutcome& outcome);
  void keep_members(core::TimeUs now);
  void watch_learners(core::TimeUs now);
  bool may_return(core::NodeId learner, core::TimeUs unheard, core::TimeUs now);
  bool heal();
  void tell_unreached(core::TimeUs now);
  void request_change(core::MembershipOp op, core::NodeId node, std::string address);
  void expire();
  void answer_all_draining();

  // One line for people on each change (loop_log.cpp).
  void log_state(const core::State& before, const core::State& after) const;
  void log_members() const;
  void log_list(const transport::ServerList& before, const transport::ServerList& after) const;

  const NodeOptions& options_;
  const core::Options core_options_;
  const Parts parts_;
  transport::Transport* transport_ = nullptr;
  core::Core core_;
  core::Effects effects_;
  ActiveList active_;
  Batch batch_;

  std::uint64_t next_id_;  // Begins at random: no answer meant for an earlier process fits (R5.1).
  std::uint64_t proposing_base_ = 0;  // The ids of the proposals of this round, from here on.
  std::vector<transport::ProposeCallback> proposing_;
  std::vector<PendingProposal> placed_;
  std::unordered_map<std::uint64_t, std::vector<BarrierRequest>> reads_;
  std::size_t open_barriers_ = 0;
  std::deque<Change> changes_;
  // Learners that had been removed as dead, and since when this reign has heard them without a
  // break: who comes and goes is not made a voter each time (R3.4).
  std::map<core::NodeId, core::TimeUs> back_since_;
  // When this reign first saw each learner, or was last asked by it for the log or a snapshot: the
  // core hears nothing from one that is still fetching what it lacks (R3.3).
  std::map<core::NodeId, core::TimeUs> learner_seen_;
  std::vector<core::NodeId> unreached_;  // As the core was told.
  std::deque<TransferRequest> transfers_;
  bool transfer_started_ = false;
  core::TimeUs next_transfer_us_ = 0;  // Nothing is accepted during one: they keep their distance.
  // Run at the end of a round, when what they speak of has been published.
  std::vector<std::function<void()>> after_;

  core::State last_state_;
  core::Configuration last_configuration_;
  std::vector<std::pair<core::Member, core::TimeUs>> departed_;  // Until when each keeps its link.
  core::Index pushed_index_ = 0;  // The last entry that was given to the applier.
  core::Index told_applied_ = 0;  // What the core was told of it.
  core::Term reign_term_ = 0;     // Of this node's own leadership; 0: it does not lead.
  core::Index beat_commit_ = 0;   // The commit index at the last beat.
  core::TimeUs reign_start_us_ = 0;
  core::TimeUs next_beat_us_ = 0;
  std::atomic<core::Index> compact_wanted_ = 0;
  bool list_dirty_ = true;
  bool resend_list_ = false;
  transport::ServerList logged_list_;

  mutable Mutex published_mutex_;
  Published published_ STARLING_GUARDED_BY(published_mutex_);
  transport::ServerList shown_list_ STARLING_GUARDED_BY(published_mutex_);
  std::thread thread_;
};

}  // namespace starling::node
