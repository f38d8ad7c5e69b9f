// Implements server/transport/peer_service.h.
#include "server/transport/peer_service.h"

#include <spdlog/spdlog.h>

#include <algorithm>

#include "server/transport/convert.h"

namespace starling::transport {

namespace {

constexpr std::size_t kMaxWaitingVotes = 256;
constexpr std::chrono::milliseconds kVoteTimeout{1000};
constexpr std::chrono::minutes kLogEvery{1};
constexpr std::size_t kMaxLogged = 1024;

// The listening end of a peer's Replicate stream. Owns itself until OnDone.
class PeerInbox final : public grpc::ServerBidiReactor<grpc::ByteBuffer, grpc::ByteBuffer>,
                        public Stream,
                        public std::enable_shared_from_this<PeerInbox> {
 public:
  explicit PeerInbox(PeerService& service) : service_(service) {}

  void start() {
    self_ = shared_from_this();
    Services& services = service_.services();
    if (!services.streams.add(weak_from_this())) {
      end(draining());
      return;
    }
    pb::PeerHello hello;
    hello.set_cluster_id(services.options.cluster);
    hello.set_epoch(services.options.epoch);
    hello.set_server_id(services.options.id);
    hello.set_protocol_version(kProtocolVersion);
    MutexLock lock(mutex_);
    serialize(hello, hello_bytes_);
    StartWrite(&hello_bytes_);
    StartRead(&incoming_);
  }

  void end(const Failure& failure) override {
    MutexLock lock(mutex_);
    finish(to_status(failure));
  }

  void OnReadDone(bool ok) override {
    if (!ok) {
      MutexLock lock(mutex_);
      finish(grpc::Status::OK);
      return;
    }
    pb::PeerMessage wire;
    std::string field;
    core::Message message;
    Failure failure;
    if (!parse(incoming_, wire, field) || !(wire.has_presence() || from_wire(wire, message))) {
      end(malformed(field));
      return;
    }
    if (!service_.meant_for_us(wire.cluster_id(), wire.epoch(), wire.from_id(), wire.to_id(),
                               failure)) {
      end(failure);
      return;
    }
    if (from_ != wire.from_id()) {
      from_ = wire.from_id();
      service_.links().poke(from_);  // It is up: no need to wait out a pause.
    }
    if (wire.has_presence()) {
      service_.services().presence.received(wire.from_id(), wire.presence());
    } else {
      service_.services().backend.deliver(std::move(message));
    }
    MutexLock lock(mutex_);
    if (!finished_) StartRead(&incoming_);
  }

  void OnCancel() override {
    end(draining());
    if (from_ != core::kNoNode) service_.links().poke(from_);
  }

  void OnDone() override {
    if (from_ != core::kNoNode) service_.services().presence.link_broke(from_);
    service_.services().streams.remove(this);
    self_.reset();  // May end this object: last.
  }

 private:
  void finish(const grpc::Status& status) STARLING_REQUIRES(mutex_) {
    if (finished_) return;
    finished_ = true;
    Finish(status);
  }

  PeerService& service_;
  std::shared_ptr<PeerInbox> self_;
  std::atomic<core::NodeId> from_{core::kNoNode};
  grpc::ByteBuffer incoming_;
  Mutex mutex_;
  grpc::ByteBuffer hello_bytes_ STARLING_GUARDED_BY(mutex_);
  bool finished_ STARLING_GUARDED_BY(mutex_) = false;
};

}  // namespace

template <typename Request>
void PeerService::add(const char* path, void (PeerService::*handler)(const CallPtr<Request>&)) {
  add_unary(path, [this, path, handler](Context* context, const Bytes* in, Bytes* out) {
    auto call = std::make_shared<Call<Request>>(path, context, in, out);
    std::string field;
    Failure failure;
    if (!parse(*in, call->request, field)) {
      call->fail(malformed(field));
    } else if (!meant_for_us(call->request.cluster_id(), call->request.epoch(),
                             call->request.from_id(), call->request.to_id(), failure)) {
      call->fail(failure);
    } else {
      (this->*handler)(call);
    }
    return call->reactor();
  });
}

PeerService::PeerService(Services& services, PeerLinks& links, VoteDesk& votes)
    : services_(services), links_(links), votes_(votes) {
  add("/starling.v1.Peer/RequestVote", &PeerService::request_vote);
  add("/starling.v1.Peer/UpdateServerList", &PeerService::update_server_list);
  add_server_stream("/starling.v1.Peer/FetchSnapshot", [this](Context* context, const Bytes* in) {
    return start_snapshot(*this, context, in);
  });
  add_bidi("/starling.v1.Peer/Replicate",
           [this](Context*) -> grpc::ServerBidiReactor<Bytes, Bytes>* {
             const auto inbox = std::make_shared<PeerInbox>(*this);
             inbox->start();
             return inbox.get();  // It holds itself until OnDone.
           });
}

bool PeerService::meant_for_us(core::ClusterId cluster, core::Epoch epoch, core::NodeId from,
                               core::NodeId to, Failure& failure) {
  const ServerOptions& own = services_.options;
  if (cluster == own.cluster && epoch == own.epoch && to == own.id && from != core::kNoNode &&
      from != own.id) {
    return true;
  }
  failure = wrong_cluster("this is server " + std::to_string(own.id) + " of another cluster, " +
                          "epoch or id than the one addressed");
  const auto now = std::chrono::steady_clock::now();
  MutexLock lock(mutex_);
  if (logged_.size() >= kMaxLogged) logged_.clear();
  auto& last = logged_[from];
  if (last.time_since_epoch().count() == 0 || now - last >= kLogEvery) {
    last = now;
    spdlog::warn(
        "refused a message from server {:016x}: meant for server {:016x} of cluster {:016x}, epoch "
        "{}",
        from, to, cluster, epoch);
  }
  return false;
}

void PeerService::request_vote(const CallPtr<pb::PeerMessage>& call) {
  core::Message message;
  if (!from_wire(call->request, message) ||
      !std::holds_alternative<core::VoteRequest>(message.body)) {
    call->fail(invalid_field("body", "must be a vote request"));
    return;
  }
  votes_.wait(message, call);
  services_.backend.deliver(std::move(message));
}

void PeerService::update_server_list(const CallPtr<pb::UpdateServerListRequest>& call) {
  const pb::ServerList& list = call->request.servers();
  if (list.cluster_id() != services_.options.cluster || list.epoch() != services_.options.epoch) {
    call->fail(invalid_field("servers", "is the list of another cluster or epoch"));
    return;
  }
  services_.backend.list_received(from_wire(list));
  call->answer(pb::UpdateServerListResponse());
}

void VoteDesk::wait(const core::Message& request, const std::shared_ptr<UnaryCall>& call) {
  std::uint64_t number = 0;
  std::shared_ptr<UnaryCall> pushed_out;
  {
    MutexLock lock(mutex_);
    if (waiting_.size() >= kMaxWaitingVotes) {
      pushed_out = waiting_.front().call;
      waiting_.pop_front();
    }
    number = next_++;
    waiting_.push_back({number, request.from, std::get<core::VoteRequest>(request.body).pre_vote,
                        request.term, call});
  }
  if (pushed_out) pushed_out->fail(overloaded("too many votes are waiting"));
  const bool timed = services_.scheduler.after(kVoteTimeout, [this, number] {
    if (const auto late = remove(number)) late->fail(lagging());
  });
  if (!timed) {
    if (const auto late = remove(number)) late->fail(draining());
  }
}

std::shared_ptr<UnaryCall> VoteDesk::remove(std::uint64_t number) {
  MutexLock lock(mutex_);
  const auto found = std::find_if(waiting_.begin(), waiting_.end(),
                                  [&](const Waiting& one) { return one.number == number; });
  if (found == waiting_.end()) return nullptr;
  std::shared_ptr<UnaryCall> call = found->call;
  waiting_.erase(found);
  return call;
}

bool VoteDesk::answer(const core::Message& response) {
  const bool pre_vote = std::get<core::VoteResponse>(response.body).pre_vote;
  std::shared_ptr<UnaryCall> call;
  {
    MutexLock lock(mutex_);
    auto best = waiting_.end();
    for (auto one = waiting_.begin(); one != waiting_.end(); ++one) {
      if (one->peer != response.to || one->pre_vote != pre_vote) continue;
      // A refusal carries the voter's own term: then the oldest one is answered.
      if (best == waiting_.end() || (one->term == response.term && best->term != response.term)) {
        best = one;
      }
    }
    if (best == waiting_.end()) return false;
    call = best->call;
    waiting_.erase(best);
  }
  pb::PeerMessage wire;
  to_wire(response, wire);
  call->answer(wire);
  return true;
}

void VoteDesk::fail_all(const Failure& failure) {
  std::deque<Waiting> all;
  {
    MutexLock lock(mutex_);
    all.swap(waiting_);
  }
  for (const Waiting& one : all) one.call->fail(failure);
}

}  // namespace starling::transport
