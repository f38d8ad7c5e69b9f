// Implements server/transport/peer_link.h.
#include "server/transport/peer_link.h"

#include <spdlog/spdlog.h>

#include <algorithm>
#include <random>
#include <utility>

#include "server/transport/convert.h"
#include "server/transport/peer_link_impl.h"

namespace starling::transport {

namespace {

using Clock = std::chrono::steady_clock;

constexpr std::size_t kMaxPeerBytes = 8u << 20;
constexpr std::chrono::milliseconds kHelloTimeout{1000};
constexpr std::chrono::milliseconds kShortestPause{20};
constexpr std::chrono::milliseconds kLongestPause{500};
// A refusal comes back at once; what takes longer is silence, which the core judges by itself.
constexpr std::chrono::milliseconds kRefusedWithin{200};
constexpr int kMaxVotes = 16;
constexpr std::size_t kMaxPresence = 256;  // Messages of at most some 100 KB.
constexpr int kCoreInARow = 64;            // Then one of presence goes first.

std::size_t weight(const core::Message& message) {
  std::size_t bytes = sizeof(core::Message);
  if (const auto* append = std::get_if<core::AppendRequest>(&message.body)) {
    for (const core::EntryPtr& entry : append->entries) bytes += entry->data.size() + 32;
  }
  return bytes;
}

template <typename Request, typename Response>
struct TypedCall : PeerCall {
  Request request;
  Response response;
};

}  // namespace

PeerLink::PeerLink(Services& services, const core::Member& member)
    : services_(services), id_(member.id), address_(member.address) {}

void PeerLink::open() {
  MutexLock lock(mutex_);
  if (state_ != State::kClosed) attempt(false);
}

void PeerLink::close() {
  std::set<std::shared_ptr<PeerCall>> calls;
  {
    MutexLock lock(mutex_);
    state_ = State::kClosed;
    if (stream_) stream_->cancel();
    stub_.reset();
    queue_.clear();
    presence_.clear();
    list_.reset();
    calls = calls_;
  }
  for (const auto& call : calls) call->context.TryCancel();
}

void PeerLink::poke() {
  MutexLock lock(mutex_);
  if (state_ == State::kPausing) attempt(true);
}

void PeerLink::renew() {
  std::set<std::shared_ptr<PeerCall>> calls;
  {
    MutexLock lock(mutex_);
    if (stream_) stream_->cancel();
    calls = calls_;
  }
  for (const auto& call : calls) call->context.TryCancel();
}

bool PeerLink::connected() {
  MutexLock lock(mutex_);
  return state_ == State::kConnected;
}

// A fresh channel each time: an old one would wait out its own backoff.
void PeerLink::attempt(bool probe) {
  state_ = State::kConnecting;
  probing_ = probe;
  wrong_ = false;
  attempt_at_ = Clock::now();
  ++pause_number_;
  stub_ = pb::Peer::NewStub(make_server_channel(address_, kMaxPeerBytes));
  stream_ = std::make_shared<LinkStream>(shared_from_this(), services_.pending.token());
  stream_->start(*stub_);
  services_.scheduler.after(kHelloTimeout, [weak = weak_from_this(), number = pause_number_] {
    const std::shared_ptr<PeerLink> self = weak.lock();
    if (!self) return;
    MutexLock lock(self->mutex_);
    if (self->state_ == State::kConnecting && self->pause_number_ == number) {
      self->stream_->cancel();
    }
  });
}

void PeerLink::pause() {
  state_ = State::kPausing;
  stub_.reset();
  stream_.reset();
  const int doublings = std::min(failures_++, 5);
  const auto longest = std::min(kLongestPause, kShortestPause * (1 << doublings));
  thread_local std::minstd_rand random{std::random_device{}()};
  std::uniform_int_distribution<std::int64_t> jitter(longest.count() / 2, longest.count());
  services_.scheduler.after(std::chrono::milliseconds(jitter(random)), [weak = weak_from_this(),
                                                                        number = ++pause_number_] {
    const std::shared_ptr<PeerLink> self = weak.lock();
    if (!self) return;
    MutexLock lock(self->mutex_);
    if (self->state_ == State::kPausing && self->pause_number_ == number) {
      self->attempt(self->probing_);
    }
  });
}

void PeerLink::hello(LinkStream* stream, const pb::PeerHello& hello) {
  const ServerOptions& own = services_.options;
  if (hello.cluster_id() == own.cluster && hello.epoch() > own.epoch) {
    services_.backend.newer_epoch_heard(address_);
  }
  {
    MutexLock lock(mutex_);
    if (state_ != State::kConnecting || stream_.get() != stream) return;
    if (hello.cluster_id() != services_.options.cluster ||
        hello.epoch() != services_.options.epoch || hello.server_id() != id_ ||
        hello.protocol_version() != kProtocolVersion) {
      wrong_ = true;
      if (failures_ == 0) {
        spdlog::warn(
            "{} answers as server {:016x} of cluster {:016x}, epoch {}, not as server {:016x}: no "
            "link",
            address_, hello.server_id(), hello.cluster_id(), hello.epoch(), id_);
      }
      stream_->cancel();
      return;
    }
    state_ = State::kConnected;
    failures_ = 0;
  }
  services_.backend.peer_connected(id_);
  services_.presence.link_up(id_);
  pump_list();
}

void PeerLink::ended(LinkStream* stream, const grpc::Status& status) {
  bool unreachable = false;
  {
    MutexLock lock(mutex_);
    if (stream_.get() != stream) return;
    queue_.clear();
    presence_.clear();
    queued_bytes_ = 0;
    if (state_ == State::kClosed) {
      stream_.reset();
    } else if (state_ == State::kConnected) {
      attempt(true);  // At once: is the process gone, or only the connection? (R1.2)
    } else {
      const bool refused = !wrong_ && status.error_code() == grpc::StatusCode::UNAVAILABLE &&
                           Clock::now() - attempt_at_ < kRefusedWithin;
      unreachable = probing_ && refused;
      // A process that is closing may still let one in: the question stays open.
      if (refused) probing_ = false;
      pause();
    }
  }
  if (unreachable) services_.backend.peer_unreachable(id_);
}

void PeerLink::send(const core::Message& message) {
  if (std::holds_alternative<core::VoteRequest>(message.body)) {
    request_vote(message);
    return;
  }
  std::shared_ptr<LinkStream> stream;
  {
    MutexLock lock(mutex_);
    const std::size_t bytes = weight(message);
    if (state_ != State::kConnected || queue_.size() >= services_.options.link_queue_messages ||
        queued_bytes_ + bytes > services_.options.link_queue_bytes) {
      return;  // The core sends again.
    }
    queue_.push_back(message);
    queued_bytes_ += bytes;
    stream = stream_;
  }
  stream->wake();
}

void PeerLink::send_presence(const PresenceNewsPtr& news) {
  std::shared_ptr<LinkStream> stream;
  {
    MutexLock lock(mutex_);
    if (state_ != State::kConnected) return;
    // The peer notices the gap, and asks for the whole table.
    if (presence_.size() >= kMaxPresence) presence_.clear();
    presence_.push_back(news);
    stream = stream_;
  }
  stream->wake();
}

void PeerLink::envelope(pb::PeerMessage& message) const {
  message.set_cluster_id(services_.options.cluster);
  message.set_epoch(services_.options.epoch);
  message.set_from_id(services_.options.id);
  message.set_to_id(id_);
}

bool PeerLink::take(Outgoing& out) {
  MutexLock lock(mutex_);
  if (queue_.empty() && presence_.empty()) return false;
  if (queue_.empty() || (!presence_.empty() && since_presence_ >= kCoreInARow)) {
    since_presence_ = 0;
    out.presence = std::move(presence_.front());
    presence_.pop_front();
  } else {
    ++since_presence_;
    out.message = std::move(queue_.front());
    queue_.pop_front();
    queued_bytes_ -= weight(out.message);
  }
  out.more = !queue_.empty() || !presence_.empty();
  return true;
}

// From here on close() gives the call up, also when it has not quite started.
void PeerLink::begin(const std::shared_ptr<PeerCall>& call) {
  call->token = services_.pending.token();
  call->stub = stub_;
  call->context.set_deadline(std::chrono::system_clock::now() +
                             services_.options.peer_call_timeout);
  calls_.insert(call);
}

void PeerLink::request_vote(const core::Message& message) {
  using VoteCall = TypedCall<pb::PeerMessage, pb::PeerMessage>;
  auto call = std::make_shared<VoteCall>();
  to_wire(message, call->request);
  {
    MutexLock lock(mutex_);
    if (state_ == State::kClosed || votes_under_way_ >= kMaxVotes) return;
    if (state_ == State::kPausing) attempt(probing_);
    ++votes_under_way_;
    begin(call);
  }
  call->stub->async()->RequestVote(&call->context, &call->request, &call->response,
                                   [self = shared_from_this(), call](const grpc::Status& status) {
                                     {
                                       MutexLock lock(self->mutex_);
                                       --self->votes_under_way_;
                                       self->calls_.erase(call);
                                       if (self->state_ == State::kClosed) return;
                                     }
                                     core::Message answer;
                                     if (status.ok() && from_wire(call->response, answer)) {
                                       self->services_.backend.deliver(std::move(answer));
                                     }
                                   });
}

void PeerLink::send_list(const std::shared_ptr<const ServerList>& list) {
  {
    MutexLock lock(mutex_);
    if (state_ == State::kClosed) return;
    list_ = list;  // Only the latest counts.
  }
  pump_list();
}

void PeerLink::pump_list() {
  using ListCall = TypedCall<pb::UpdateServerListRequest, pb::UpdateServerListResponse>;
  auto call = std::make_shared<ListCall>();
  {
    MutexLock lock(mutex_);
    if (state_ != State::kConnected || list_under_way_ || !list_) return;
    to_wire(*list_, *call->request.mutable_servers());
    list_.reset();
    list_under_way_ = true;
    begin(call);
  }
  call->request.set_cluster_id(services_.options.cluster);
  call->request.set_epoch(services_.options.epoch);
  call->request.set_from_id(services_.options.id);
  call->request.set_to_id(id_);
  call->stub->async()->UpdateServerList(&call->context, &call->request, &call->response,
                                        [self = shared_from_this(), call](const grpc::Status&) {
                                          {
                                            MutexLock lock(self->mutex_);
                                            self->list_under_way_ = false;
                                            self->calls_.erase(call);
                                          }
                                          self->pump_list();
                                        });
}

void PeerLinks::set_peers(const std::vector<core::Member>& peers) {
  services_.presence.set_peers(peers);
  std::vector<std::shared_ptr<PeerLink>> gone;
  std::vector<std::shared_ptr<PeerLink>> fresh;
  {
    MutexLock lock(mutex_);
    if (closed_) return;
    std::erase_if(links_, [&](const auto& item) {
      const bool stays = std::any_of(peers.begin(), peers.end(), [&](const core::Member& member) {
        return member.id == item.first && member.address == item.second->address();
      });
      if (!stays) gone.push_back(item.second);
      return !stays;
    });
    for (const core::Member& member : peers) {
      if (member.id == services_.options.id || links_.contains(member.id)) continue;
      fresh.push_back(links_[member.id] = std::make_shared<PeerLink>(services_, member));
    }
  }
  for (const auto& link : gone) link->close();
  for (const auto& link : fresh) link->open();
}

std::shared_ptr<PeerLink> PeerLinks::find(core::NodeId peer) {
  MutexLock lock(mutex_);
  const auto found = links_.find(peer);
  return found == links_.end() ? nullptr : found->second;
}

void PeerLinks::send(const core::Message& message) {
  if (const auto link = find(message.to)) link->send(message);
}

std::vector<std::shared_ptr<PeerLink>> PeerLinks::all() {
  std::vector<std::shared_ptr<PeerLink>> links;
  MutexLock lock(mutex_);
  for (const auto& [id, link] : links_) links.push_back(link);
  return links;
}

void PeerLinks::send_list(const ServerList& list) {
  const auto shared = std::make_shared<const ServerList>(list);
  for (const auto& link : all()) link->send_list(shared);
}

void PeerLinks::send_presence(const PresenceNewsPtr& news) {
  for (const auto& link : all()) link->send_presence(news);
}

void PeerLinks::send_presence(core::NodeId to, const PresenceNewsPtr& news) {
  if (const auto link = find(to)) link->send_presence(news);
}

std::vector<core::NodeId> PeerLinks::unreached() {
  std::vector<core::NodeId> peers;
  MutexLock lock(mutex_);
  for (const auto& [id, link] : links_) {
    if (!link->connected()) peers.push_back(id);
  }
  return peers;
}

void PeerLinks::renew() {
  for (const auto& link : all()) link->renew();
}

void PeerLinks::poke(core::NodeId peer) {
  if (const auto link = find(peer)) link->poke();
}

void PeerLinks::close() {
  std::map<core::NodeId, std::shared_ptr<PeerLink>> links;
  {
    MutexLock lock(mutex_);
    closed_ = true;
    links.swap(links_);
  }
  for (const auto& [id, link] : links) link->close();
}

}  // namespace starling::transport
