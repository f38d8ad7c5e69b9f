// What the gRPC services need of the node, and what the node needs of the services: the seam
// between server/transport (conversion and flow control) and server/node (the loop).
#pragma once

#include <chrono>
#include <functional>
#include <memory>
#include <string>
#include <vector>

#include "server/chat/store.h"
#include "server/core/core.h"
#include "server/search/index.h"

namespace starling::transport {

enum class ServerRole { kNone, kPrimary, kBackup, kLearner };
enum class ServerHealth { kUp, kSuspect, kDown };

struct ListedServer {
  core::NodeId id = core::kNoNode;
  std::string address;
  ServerRole role = ServerRole::kNone;
  ServerHealth health = ServerHealth::kUp;
  bool voter = false;
  friend bool operator==(const ListedServer&, const ListedServer&) = default;
};

// The active list, versioned by (term, version).
struct ServerList {
  core::ClusterId cluster = 0;
  core::Epoch epoch = 0;
  core::Term term = 0;
  std::uint64_t version = 0;
  core::NodeId primary = core::kNoNode;
  std::vector<ListedServer> servers;  // In numeric address order.
};

// The node at one moment, as its loop published it.
struct NodeStatus {
  core::ClusterId cluster = 0;
  core::Epoch epoch = 0;
  core::NodeId id = core::kNoNode;
  std::string address;
  ServerRole role = ServerRole::kNone;
  core::Term term = 0;
  core::NodeId primary = core::kNoNode;
  std::string primary_address;
  core::Index base_index = 0;  // The log begins behind it.
  core::Index last_index = 0;
  core::Term last_term = 0;  // Of the last entry.
  core::Index commit_index = 0;
  core::Index applied_index = 0;
  std::uint64_t state_hash = 0;  // At applied_index.
  chat::TimeMs time_ms = 0;      // Replicated, at applied_index.
  std::uint64_t data_bytes = 0;
  std::uint64_t uptime_ms = 0;
  std::uint64_t quorum_contact_age_ms = 0;
  bool has_quorum = false;
  bool draining = false;
};

enum class ProposeError {
  kNone,
  kNotPrimary,   // Nothing happened.
  kPrimaryLost,  // Appended, then deposed: may have happened.
  kOverloaded,   // Nothing happened.
  kDraining,     // Nothing happened.
};
struct ProposeResult {
  ProposeError error = ProposeError::kNone;
  chat::Outcome outcome;
  core::Index index = 0;     // Where it was applied.
  chat::TimeMs time_ms = 0;  // Replicated time there.
};
using ProposeCallback = std::function<void(const ProposeResult&)>;

enum class MembershipError {
  kNone,
  kNotPrimary,   // Nothing happened.
  kPrimaryLost,  // Appended, then deposed: may have happened.
  kInvalid,      // Refused; nothing happened.
  kTimeout,      // May have happened, or happen yet.
  kNotTaken,     // The named target did not take over in time. It may do so yet, but is tried once.
  kDraining,     // Nothing happened.
};
struct MembershipResult {
  MembershipError error = MembershipError::kNone;
  std::string message;
  core::Index index = 0;
};
using MembershipCallback = std::function<void(const MembershipResult&)>;

// A copy of a state machine at one index, kept for others to fetch (peer.proto: SnapshotHeader).
struct SnapshotHeader {
  std::uint64_t id = 0;  // Random, never 0.
  core::Index index = 0;
  core::Term term = 0;
  core::WallMs stamp_ms = 0;
  core::Index configuration_index = 0;
  std::string configuration;  // As core::encode() gives it.
  std::uint64_t state_hash = 0;
  std::uint64_t size = 0;  // Bytes.
};
struct SnapshotChunk {
  std::uint64_t offset = 0;
  std::string data;
  std::uint64_t checksum = 0;
};
enum class SnapshotError {
  kNone,
  kBehind,   // This node has not applied that much.
  kFailed,   // The copy could not be made.
  kTimeout,  // It is not made yet: ask again.
  kDraining,
};
using SnapshotCallback = std::function<void(SnapshotError, const SnapshotHeader&)>;

// A pool of read connections; a lease gives its reader back when it goes. Bounded: acquire waits
// its turn.
class ReaderPool {
 public:
  virtual ~ReaderPool() = default;
  using Lease = std::unique_ptr<chat::Reader, std::function<void(chat::Reader*)>>;
  virtual Lease acquire() = 0;
};

using Deadline = std::chrono::steady_clock::time_point;

enum class WaitError { kNone, kTimeout, kNoPrimary, kDraining };
using WaitCallback = std::function<void(WaitError)>;

// The full-text index as the services see it. It follows behind what has been applied. Thread
// contract: every call is thread-safe.
class TextSearch {
 public:
  virtual ~TextSearch() = default;
  // Answers once everything up to `index` is in, at the deadline at the latest; as Backend's waits.
  virtual void wait_indexed(core::Index index, Deadline deadline, WaitCallback done) = 0;
  // As search::Searcher, in an index that holds everything up to `covered`; kBehind when it does
  // not (any more). Blocks on the disk, for some seconds at most.
  virtual sqlite::Status find(core::Index covered, const search::Request& request,
                              search::Found& out, search::Answer& answer, std::string& error) = 0;
};

// The node, as the services see it. Every call is thread-safe and returns at once; callbacks run on
// a thread of the node's (the applier's or the loop's), must not block, and are called exactly
// once, at the deadline at the latest; at shutdown with kDraining.
class Backend {
 public:
  virtual ~Backend() = default;

  virtual NodeStatus status() const = 0;
  virtual ServerList server_list() const = 0;
  virtual ReaderPool& readers() = 0;
  virtual TextSearch& text_search() = 0;
  virtual std::uint64_t applied_index() const = 0;

  // Appends a command when this node is the primary, and answers once it is applied here.
  virtual void propose(std::string command, ProposeCallback done) = 0;
  // Answers once this node has applied what was committed when the call came (R5.1), or, when that
  // is above 0, `max_age_us` before it came (R5.3).
  virtual void read_barrier(core::TimeUs max_age_us, Deadline deadline, WaitCallback done) = 0;
  // Answers once this node has applied `index`.
  virtual void wait_applied(core::Index index, Deadline deadline, WaitCallback done) = 0;

  // Retried inside until R3.1 allows it, up to the deadline; answers once the change is committed.
  virtual void change_membership(core::MembershipOp op, core::NodeId node, std::string address,
                                 Deadline deadline, MembershipCallback done) = 0;
  virtual void transfer(core::NodeId target, Deadline deadline, MembershipCallback done) = 0;
  // Committed entries from the node's own log, for a joiner. Blocks on the disk: not on a gRPC
  // event thread for long (a chunk of at most max_bytes at a time).
  virtual bool read_log(core::Index from, core::Index to, std::size_t max_bytes,
                        std::vector<core::EntryPtr>& out) = 0;
  // Answers the member `from` with a copy of the state machine that reaches `at_least`: that of
  // `id` when it is still kept, else the present one, made when need be. The log behind it is kept
  // for some time.
  virtual void open_snapshot(core::NodeId from, core::Index at_least, std::uint64_t id,
                             Deadline deadline, SnapshotCallback done) = 0;
  // Up to max_bytes of it. Blocks on the disk. False: it is not kept any more.
  virtual bool read_snapshot(std::uint64_t id, std::uint64_t offset, std::size_t max_bytes,
                             SnapshotChunk& out) = 0;

  // From peers.
  virtual void deliver(core::Message message) = 0;
  virtual void peer_unreachable(core::NodeId peer) = 0;
  virtual void peer_connected(core::NodeId peer) = 0;
  virtual void list_received(ServerList list) = 0;
  // A server at this address, a member's, says that it is of a later epoch of this cluster (R3.6).
  virtual void newer_epoch_heard(std::string address) = 0;
};

// A beat of the node's loop, for WatchServers streams (R5.5).
struct Beat {
  NodeStatus status;
  std::uint32_t interval_ms = 0;
};

// The services and links, as the node sees them. Thread-safe; never blocks; takes no lock that a
// gRPC callback holds while it calls the Backend.
class Transport {
 public:
  virtual ~Transport() = default;
  // Queued for each peer, bounded; dropped when there is no link (the core sends again).
  virtual void send(const core::Message& message) = 0;
  // Which peers there are links to: called at start and with every change of configuration.
  virtual void set_peers(const std::vector<core::Member>& peers) = 0;
  // Those of them to which there is no link now.
  virtual std::vector<core::NodeId> unreached() = 0;
  // After a batch has been applied: wakes and feeds the Subscribe streams.
  virtual void publish_events(const std::vector<chat::Event>& events,
                              std::uint64_t applied_index) = 0;
  // A new active list: to the WatchServers streams, and when this node is the primary to the peers.
  virtual void publish_list(const ServerList& list, bool to_peers) = 0;
  virtual void beat(const Beat& beat) = 0;
  // Refuses new writes with DRAINING and tells the watchers; streams stay open.
  virtual void set_draining() = 0;
};

}  // namespace starling::transport
