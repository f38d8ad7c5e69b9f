// One server's node: the loop with its core, the disk threads and the applier, joined into the
// Backend that the services see.
//
// Threads: the loop (core, effects, beats), the log thread, the log-read thread, the apply thread,
// the checkpoint thread, the search index's, those that make and fetch snapshots. Callbacks of
// propose() run on the apply thread when the command was applied, else on the loop or, when the
// call is refused on the spot (overloaded, draining), on the caller's own; those of the waits
// alike.
#pragma once

#include <atomic>
#include <memory>
#include <optional>
#include <string>

#include "server/node/opened.h"
#include "server/node/options.h"
#include "server/node/snapshot_fetch.h"
#include "server/node/sync.h"
#include "server/transport/backend.h"

namespace starling::node {

// Thread contract: start(), drain() and stop() by one caller in this order; all else by anyone,
// from construction until destruction.
class Node final : public transport::Backend {
 public:
  // nullptr with a sentence when the stores cannot be read.
  static std::unique_ptr<Node> make(const NodeOptions& options, Opened opened, std::string& error);
  ~Node() override;

  // The transport must outlive the node's threads: until stop() returned.
  void start(transport::Transport& transport);
  // Refuses new writes, hands the primacy over if this node has it; returns when that is done or
  // the deadline has come.
  void drain(transport::Deadline deadline);
  // Ends the threads, finishes what is committed, moves the WALs into the databases.
  void stop();
  // What the next start has to be told of (StartRequest::snapshot). Once it has stopped.
  std::optional<FetchedSnapshot> fetched() const;

  transport::NodeStatus status() const override;
  transport::ServerList server_list() const override;
  transport::ReaderPool& readers() override;
  transport::TextSearch& text_search() override;
  std::uint64_t applied_index() const override;
  void propose(std::string command, transport::ProposeCallback done) override;
  void read_barrier(core::TimeUs max_age_us, transport::Deadline deadline,
                    transport::WaitCallback done) override;
  void wait_applied(core::Index index, transport::Deadline deadline,
                    transport::WaitCallback done) override;
  void change_membership(core::MembershipOp op, core::NodeId node, std::string address,
                         transport::Deadline deadline, transport::MembershipCallback done) override;
  void transfer(core::NodeId target, transport::Deadline deadline,
                transport::MembershipCallback done) override;
  bool read_log(core::Index from, core::Index to, std::size_t max_bytes,
                std::vector<core::EntryPtr>& out) override;
  void open_snapshot(core::NodeId from, core::Index at_least, std::uint64_t id,
                     transport::Deadline deadline, transport::SnapshotCallback done) override;
  bool read_snapshot(std::uint64_t id, std::uint64_t offset, std::size_t max_bytes,
                     transport::SnapshotChunk& out) override;
  void deliver(core::Message message) override;
  void peer_unreachable(core::NodeId peer) override;
  void peer_connected(core::NodeId peer) override;
  void list_received(transport::ServerList list) override;
  void newer_epoch_heard(std::string address) override;

 private:
  Node();
  struct Impl;
  std::unique_ptr<Impl> impl_;
};

}  // namespace starling::node
