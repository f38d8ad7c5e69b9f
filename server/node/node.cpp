// See node.h: what joins the threads, and the Backend's calls.
#include "server/node/node.h"

#include <algorithm>
#include <cstdlib>
#include <random>
#include <utility>

#include "server/node/applier.h"
#include "server/node/check.h"
#include "server/node/checkpointer.h"
#include "server/node/clock.h"
#include "server/node/log_reader.h"
#include "server/node/log_writer.h"
#include "server/node/loop.h"
#include "server/node/mailbox.h"
#include "server/node/reader_pool.h"
#include "server/node/returner.h"
#include "server/node/snapshots.h"
#include "spdlog/spdlog.h"

namespace starling::node {

using transport::NodeStatus;
using transport::ProposeError;
using transport::ProposeResult;
using transport::ServerRole;

namespace {

// Without a primary for so long a server asks whether it is still a member.
constexpr std::uint64_t kLostElections = 10;
// A server takes the chat cache and this in memory beside what is under way: together what a join
// may cost. Who lags further behind reads from the log.
constexpr std::size_t kLogCacheBytes = 16u << 20;

core::Options core_options(const NodeOptions& options, const storage::Identity& identity) {
  core::Options result;
  result.id = identity.id;
  result.cluster = identity.cluster;
  result.epoch = identity.epoch;
  result.heartbeat_us = core::TimeUs{options.heartbeat_ms} * 1'000;
  result.election_us = core::TimeUs{options.election_ms} * 1'000;
  result.reluctance = static_cast<std::size_t>(options.reluctance);
  std::random_device random;
  const auto draw = [&random] { return (std::uint64_t{random()} << 32) | random(); };
  result.seed = options.seed != 0 ? options.seed : draw();
  result.boot = draw();
  result.cache_bytes = kLogCacheBytes;
  return result;
}

[[noreturn]] void end_process(const std::string& sentence) {
  spdlog::critical("{}; this server stops", sentence);
  spdlog::default_logger()->flush();
  std::_Exit(1);
}

}  // namespace

struct Node::Impl {
  Impl(const NodeOptions& given, Opened given_opened)
      : options(given),
        opened(std::move(given_opened)),
        started(std::chrono::steady_clock::now()),
        mailbox(options.max_messages, options.max_waiters),
        log_writer(*opened.log, *opened.vote, mailbox, [this](const std::string& s) { fatal(s); }),
        log_reader(*opened.log, mailbox, [this](const std::string& s) { fatal(s); }),
        applier(options, *opened.store, applier_hooks()),
        snapshots(options, *opened.directory, chat_path(), log_reader,
                  {.applied = [this] { return applier.applied_index(); },
                   .log_base = [this] { return loop.published().state.base_index; }}),
        fetcher(*opened.directory, opened.identity, fetcher_hooks()),
        checkpointer(options, *opened.directory, *opened.log, *opened.store, checkpointer_hooks()),
        loop(options, core_options(options, opened.identity), opened.restored, loop_parts()),
        returner(opened.identity, options.address, returner_hooks()) {
    opened.restored = {};
  }

  Applier::Hooks applier_hooks() {
    return {.publish = [this](const std::vector<chat::Event>& events,
                              core::Index index) { transport->publish_events(events, index); },
            .read_log =
                [this](core::Index from, core::Index to, std::size_t bytes,
                       std::vector<core::EntryPtr>& out) {
                  return log_reader.read(from, to, bytes, out);
                },
            .fatal = [this](const std::string& sentence) { fatal(sentence); },
            .damaged = [this](const std::string& reason) { damaged(reason); },
            .answered = [this](std::size_t count) { answered(count); }};
  }

  std::string chat_path() const { return opened.directory->file_path(opened.log->chat_file()); }

  SnapshotFetcher::Hooks fetcher_hooks() {
    return {.address =
                [this](core::NodeId id) {
                  for (const auto& [member, address] : known_members()) {
                    if (member == id) return address;
                  }
                  return std::string();
                },
            .applied = [this] { return applier.applied_index(); },
            .arrived =
                [this] {
                  spdlog::info("a snapshot has come: starting again from it");
                  if (options.on_snapshot) options.on_snapshot();
                }};
  }

  Returner::Hooks returner_hooks() {
    return {.ask = [this] { return askable(); },
            .say = [](const std::string& sentence) { spdlog::info("{}", sentence); },
            .newer_epoch =
                [this](const std::string& address) {
                  if (options.on_newer_epoch) options.on_newer_epoch(address);
                }};
  }

  std::vector<std::string> askable() const {
    const Published published = loop.published();
    std::vector<std::string> addresses;
    const NodeStatus now = status();
    const bool lost =
        now.role == ServerRole::kNone && !failed &&
        now.quorum_contact_age_ms >= kLostElections * std::uint64_t(options.election_ms);
    if (!lost || published.configuration->find(now.id) == nullptr) return addresses;
    for (const auto& [id, address] : known_members()) {
      if (id != now.id) addresses.push_back(address);
    }
    return addresses;
  }

  // As the primary's list has them, then as the own configuration does: one that was away for long
  // may have none of today's members in it.
  std::vector<std::pair<core::NodeId, std::string>> known_members() const {
    std::vector<std::pair<core::NodeId, std::string>> known;
    for (const transport::ListedServer& server : loop.list().servers) {
      known.emplace_back(server.id, server.address);
    }
    for (const core::Member& member : loop.published().configuration->members) {
      const bool listed = std::any_of(known.begin(), known.end(),
                                      [&](const auto& one) { return one.first == member.id; });
      if (!listed) known.emplace_back(member.id, member.address);
    }
    return known;
  }

  Checkpointer::Hooks checkpointer_hooks() {
    return {.fatal = [this](const std::string& sentence) { fatal(sentence); },
            .damaged = [this](const std::string& reason) { damaged(reason); },
            .floor = [this] { return snapshots.floor(); },
            .compact = [this](core::Index index) { loop.compact_to(index); }};
  }

  Loop::Parts loop_parts() {
    return {.mailbox = mailbox,
            .log_writer = log_writer,
            .log_reader = log_reader,
            .applier = applier,
            .fetch_snapshot = [this](core::NodeId from,
                                     core::Index index) { fetcher.want(from, index); },
            .compact = [this](core::Index index) { opened.log->compact_to(index); },
            .status = [this] { return status(); },
            .answered = [this](std::size_t count) { answered(count); },
            .fault = [this](core::Fault fault) { faulty(fault); }};
  }

  // On the loop, which has nothing left to do: it may wait for the disk.
  void faulty(core::Fault fault) {
    switch (fault) {
      case core::Fault::kNone:
      case core::Fault::kDisk:
        return;  // The thread that met the error tells it.
      case core::Fault::kLogLost: {
        const std::string reason =
            "its log ends below what this server had acknowledged as durable, so its vote cannot "
            "be trusted";
        const storage::Status status = opened.directory->condemn(reason);
        if (!status.ok()) spdlog::error("the directory could not be marked: {}", status.message());
        return fatal(reason + "; set the data directory aside and join as a new server");
      }
      case core::Fault::kDiverged:
        return fatal(
            "the primary's log differs from what is committed here: a server of this "
            "cluster has broken a promise");
    }
  }

  // The next start makes the chat store anew (rebuild.h).
  void damaged(const std::string& reason) {
    const storage::Status status = opened.directory->mark_damaged(opened.log->chat_file(), reason);
    if (!status.ok()) spdlog::error("the chat store could not be marked: {}", status.message());
    spdlog::warn("the chat store is damaged: the next start rebuilds it");
  }

  void fatal(const std::string& sentence) {
    if (failed.exchange(true)) return;
    if (!options.on_fatal) end_process(sentence);
    spdlog::critical("{}", sentence);
    options.on_fatal(sentence);
  }

  void answered(std::size_t count) { proposals.fetch_sub(count, std::memory_order_relaxed); }

  NodeStatus status() const;

  const NodeOptions options;
  Opened opened;
  const SteadyTime started;
  transport::Transport* transport = nullptr;
  std::atomic<bool> draining{false};
  std::atomic<bool> failed{false};
  std::atomic<std::size_t> proposals{0};
  bool stopped = false;
  StoreReaders readers;
  Mailbox mailbox;
  LogWriter log_writer;
  LogReader log_reader;
  Applier applier;
  Snapshots snapshots;
  SnapshotFetcher fetcher;
  Checkpointer checkpointer;
  Loop loop;
  Returner returner;
};

NodeStatus Node::Impl::status() const {
  const Published published = loop.published();
  const core::State& state = published.state;
  const core::Configuration& members = *published.configuration;
  const AppliedState applied = applier.state();
  const auto now = std::chrono::steady_clock::now();

  NodeStatus result;
  result.cluster = opened.identity.cluster;
  result.epoch = opened.identity.epoch;
  result.id = opened.identity.id;
  result.address = options.address;
  result.term = state.term;
  result.primary = known_primary(state, result.id);
  if (const core::Member* primary = members.find(result.primary)) {
    result.primary_address = primary->address;
  }
  const core::Member* self = members.find(result.id);
  const bool leads = state.role == core::Role::kLeader;
  if (leads) {
    result.role = ServerRole::kPrimary;
  } else if (self != nullptr && result.primary != core::kNoNode) {
    result.role = self->voter ? ServerRole::kBackup : ServerRole::kLearner;
  }
  result.base_index = state.base_index;
  result.last_index = state.last_index;
  result.last_term = state.last_term;
  result.commit_index = std::max(state.commit_index, applied.index);
  result.applied_index = applied.index;
  result.state_hash = applied.state_hash;
  result.time_ms = applied.time_ms;
  result.data_bytes = checkpointer.data_bytes();
  result.uptime_ms = static_cast<std::uint64_t>(
      std::chrono::duration_cast<std::chrono::milliseconds>(now - started).count());
  // The age grows by itself when the loop is stuck: a resumed process does not look fresh (R5.3).
  const core::TimeUs since =
      state.quorum_contact_us == 0 ? to_us(started) : state.quorum_contact_us;
  const core::TimeUs age_us = std::max<core::TimeUs>(0, to_us(now) - since);
  result.quorum_contact_age_ms = static_cast<std::uint64_t>(age_us / 1'000);
  const bool fresh =
      state.quorum_contact_us != 0 && age_us < core::TimeUs{options.election_ms} * 2'000;
  result.has_quorum = fresh && result.role != ServerRole::kNone &&
                      state.fault == core::Fault::kNone && (!leads || state.noop_committed);
  result.draining = draining.load(std::memory_order_relaxed);
  return result;
}

Node::Node() = default;

Node::~Node() {
  if (impl_) stop();
}

std::unique_ptr<Node> Node::make(const NodeOptions& options, Opened opened, std::string& error) {
  std::unique_ptr<Node> node(new Node);
  node->impl_ = std::make_unique<Impl>(options, std::move(opened));
  Impl& impl = *node->impl_;
  const sqlite::Status status = impl.readers.open(impl.chat_path(), options.readers);
  if (!status.ok()) {
    error = "the chat store cannot be read: " + status.message();
    return nullptr;
  }
  return node;
}

void Node::start(transport::Transport& transport) {
  NODE_CHECK(impl_->transport == nullptr, "a node is started once");
  impl_->transport = &transport;
  impl_->log_writer.start();
  impl_->log_reader.start();
  impl_->applier.start();
  impl_->checkpointer.start();
  impl_->snapshots.start();
  impl_->loop.start(transport);
  impl_->fetcher.start();
  impl_->returner.start();
}

void Node::drain(transport::Deadline deadline) {
  impl_->draining = true;
  if (impl_->transport != nullptr) impl_->transport->set_draining();
  if (status().role != ServerRole::kPrimary || impl_->failed) return;
  if (impl_->loop.published().configuration->voter_count() < 2) return;  // Nobody to hand over to.
  struct Waiting {
    Mutex mutex;
    Condition condition;
    bool done STARLING_GUARDED_BY(mutex) = false;
  };
  auto waiting = std::make_shared<Waiting>();
  transfer(core::kNoNode, deadline, [waiting](const transport::MembershipResult& result) {
    if (result.error == transport::MembershipError::kNone) {
      spdlog::info("the primacy was handed over");
    } else {
      spdlog::info("the primacy was not handed over: {}", result.message);
    }
    {
      MutexLock lock(waiting->mutex);
      waiting->done = true;
    }
    waiting->condition.notify_all();
  });
  MutexLock lock(waiting->mutex);
  while (!waiting->done && std::chrono::steady_clock::now() < deadline) {
    waiting->condition.wait_until(waiting->mutex, deadline);
  }
}

void Node::stop() {
  if (std::exchange(impl_->stopped, true)) return;
  impl_->draining = true;
  impl_->returner.stop();
  impl_->fetcher.stop();
  impl_->loop.stop();
  impl_->snapshots.stop();
  impl_->log_writer.stop();
  impl_->applier.stop();
  impl_->log_reader.stop();
  impl_->checkpointer.stop();
  if (!impl_->failed) impl_->checkpointer.checkpoint();
}

NodeStatus Node::status() const { return impl_->status(); }

transport::ServerList Node::server_list() const { return impl_->loop.list(); }

transport::ReaderPool& Node::readers() { return impl_->readers; }

std::uint64_t Node::applied_index() const { return impl_->applier.applied_index(); }

void Node::propose(std::string command, transport::ProposeCallback done) {
  ProposeError refusal = ProposeError::kNone;
  if (impl_->draining.load(std::memory_order_relaxed)) {
    refusal = ProposeError::kDraining;
  } else if (impl_->proposals.fetch_add(1, std::memory_order_relaxed) >=
             impl_->options.max_proposals) {
    impl_->answered(1);
    refusal = ProposeError::kOverloaded;
  } else {
    ProposeRequest request{std::move(command), std::move(done)};
    if (impl_->mailbox.push(request)) return;
    impl_->answered(1);
    done = std::move(request.done);
    refusal = ProposeError::kDraining;
  }
  ProposeResult result;
  result.error = refusal;
  done(result);
}

void Node::read_barrier(core::TimeUs max_age_us, transport::Deadline deadline,
                        transport::WaitCallback done) {
  BarrierRequest request{max_age_us, deadline, std::move(done)};
  if (!impl_->mailbox.push(request)) request.done(transport::WaitError::kDraining);
}

void Node::wait_applied(core::Index index, transport::Deadline deadline,
                        transport::WaitCallback done) {
  impl_->applier.wait_applied(index, deadline, std::move(done));
}

void Node::change_membership(core::MembershipOp op, core::NodeId node, std::string address,
                             transport::Deadline deadline, transport::MembershipCallback done) {
  MembershipRequest request{op, node, std::move(address), deadline, std::move(done)};
  if (impl_->mailbox.push(request)) return;
  request.done({transport::MembershipError::kDraining, "the server is stopping", 0});
}

void Node::transfer(core::NodeId target, transport::Deadline deadline,
                    transport::MembershipCallback done) {
  TransferRequest request{target, deadline, std::move(done)};
  if (impl_->mailbox.push(request)) return;
  request.done({transport::MembershipError::kDraining, "the server is stopping", 0});
}

bool Node::read_log(core::Index from, core::Index to, std::size_t max_bytes,
                    std::vector<core::EntryPtr>& out) {
  out.clear();
  const core::Index committed = impl_->status().commit_index;
  to = std::min(to, committed);
  if (from == 0 || from > to) return false;
  return impl_->log_reader.read(from, to, max_bytes, out) && !out.empty();
}

void Node::open_snapshot(core::NodeId from, core::Index at_least, std::uint64_t id,
                         transport::Deadline deadline, transport::SnapshotCallback done) {
  impl_->mailbox.push_fetching(from);
  impl_->snapshots.open(at_least, id, deadline, std::move(done));
}

bool Node::read_snapshot(std::uint64_t id, std::uint64_t offset, std::size_t max_bytes,
                         transport::SnapshotChunk& out) {
  return impl_->snapshots.read(id, offset, max_bytes, out);
}

std::optional<FetchedSnapshot> Node::fetched() const { return impl_->fetcher.fetched(); }

void Node::newer_epoch_heard(std::string address) { impl_->returner.look_at(std::move(address)); }

void Node::deliver(core::Message message) { impl_->mailbox.push_message(std::move(message)); }

void Node::peer_unreachable(core::NodeId peer) {
  impl_->mailbox.push_event(core::PeerUnreachable{peer});
}

void Node::peer_connected(core::NodeId peer) {
  impl_->mailbox.push_event(core::PeerConnected{peer});
}

void Node::list_received(transport::ServerList list) { impl_->mailbox.push_list(std::move(list)); }

}  // namespace starling::node
