// See node.h: what joins the threads, and the Backend's calls.
#include "server/node/node.h"

#include <cstdlib>
#include <random>
#include <utility>

#include "server/node/check.h"
#include "server/node/node_impl.h"

namespace starling::node {

using transport::NodeStatus;
using transport::ProposeError;
using transport::ProposeResult;
using transport::ServerRole;

namespace {

// A server takes the chat cache and this in memory beside what is under way: together what a join
// may cost. Who lags further behind reads from the log.
constexpr std::size_t kLogCacheBytes = 16u << 20;

}  // namespace

core::Options core_options(const NodeOptions& options, const storage::Identity& identity) {
  core::Options result;
  result.id = identity.id;
  result.cluster = identity.cluster;
  result.epoch = identity.epoch;
  result.heartbeat_us = core::TimeUs{options.heartbeat_ms} * 1'000;
  result.election_us = core::TimeUs{options.election_ms} * 1'000;
  result.reluctance = static_cast<std::size_t>(options.reluctance);
  result.max_time_lag_ms = options.max_time_lag_ms;
  std::random_device random;
  const auto draw = [&random] { return (std::uint64_t{random()} << 32) | random(); };
  result.seed = options.seed != 0 ? options.seed : draw();
  result.boot = draw();
  result.cache_bytes = kLogCacheBytes;
  return result;
}

void end_process(const std::string& sentence) {
  spdlog::critical("{}; this server stops", sentence);
  spdlog::default_logger()->flush();
  std::_Exit(1);
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
  impl_->text_index.start();
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
  impl_->text_index.stop();
  impl_->log_reader.stop();
  impl_->checkpointer.stop();
  if (!impl_->failed) impl_->checkpointer.checkpoint();
}

NodeStatus Node::status() const { return impl_->status(); }

transport::ServerList Node::server_list() const { return impl_->loop.list(); }

transport::ReaderPool& Node::readers() { return impl_->readers; }

transport::TextSearch& Node::text_search() { return impl_->text_index; }

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
