// One link to one peer: used by peer_link.cpp and link_stream.cpp only.
#pragma once

#include <grpcpp/support/client_callback.h>

#include <deque>
#include <set>

#include "server/transport/peer_link.h"
#include "starling/v1/peer.grpc.pb.h"

namespace starling::transport {

class PeerLink;

// One message to the peer: the core's, or news of who is online.
struct Outgoing {
  core::Message message;
  PresenceNewsPtr presence;  // Set: this is it.
  bool more = false;         // Another one waits.
};

// One attempt at a Replicate stream, and the stream when it succeeds. Owns itself until OnDone.
class LinkStream final : public grpc::ClientBidiReactor<pb::PeerMessage, pb::PeerHello>,
                         public std::enable_shared_from_this<LinkStream> {
 public:
  LinkStream(std::shared_ptr<PeerLink> link, Pending::Token token);

  void start(pb::Peer::Stub& stub);
  void cancel() { context_.TryCancel(); }
  // Starts writing what the link has queued, unless that is under way.
  void wake();

  void OnReadDone(bool ok) override;
  void OnWriteDone(bool ok) override;
  void OnDone(const grpc::Status& status) override;

 private:
  void pump() STARLING_REQUIRES(mutex_);

  const Pending::Token token_;  // Goes last: see Pending.
  std::shared_ptr<PeerLink> link_;
  std::shared_ptr<LinkStream> self_;
  grpc::ClientContext context_;
  pb::PeerHello hello_;
  Mutex mutex_;
  pb::PeerMessage writing_message_ STARLING_GUARDED_BY(mutex_);
  bool writing_ STARLING_GUARDED_BY(mutex_) = false;
  bool closed_ STARLING_GUARDED_BY(mutex_) = false;
};

// What a unary call to the peer needs while it is under way, besides its request and response.
struct PeerCall {
  Pending::Token token;  // Goes last: see Pending.
  std::shared_ptr<pb::Peer::Stub> stub;
  grpc::ClientContext context;
};

// Thread contract: every call is thread-safe. Locks are taken in the order stream, then link.
class PeerLink final : public std::enable_shared_from_this<PeerLink> {
 public:
  PeerLink(Services& services, const core::Member& member);

  const std::string& address() const { return address_; }
  void open();
  // For good: gives up the stream and the calls that are under way.
  void close();
  void poke();
  void renew();
  bool connected();
  void send(const core::Message& message);
  void send_presence(const PresenceNewsPtr& news);
  void send_list(const std::shared_ptr<const ServerList>& list);

  // From its stream.
  bool take(Outgoing& out);                       // False: nothing is queued.
  void envelope(pb::PeerMessage& message) const;  // Of a message that is not the core's.
  void hello(LinkStream* stream, const pb::PeerHello& hello);
  void ended(LinkStream* stream, const grpc::Status& status);

 private:
  enum class State { kPausing, kConnecting, kConnected, kClosed };

  void attempt(bool probe) STARLING_REQUIRES(mutex_);
  void pause() STARLING_REQUIRES(mutex_);
  void request_vote(const core::Message& message);
  void pump_list();
  void begin(const std::shared_ptr<PeerCall>& call) STARLING_REQUIRES(mutex_);

  Services& services_;
  const core::NodeId id_;
  const std::string address_;

  Mutex mutex_;
  State state_ STARLING_GUARDED_BY(mutex_) = State::kPausing;
  bool probing_ STARLING_GUARDED_BY(mutex_) = false;  // The attempt right after a loss (R1.2).
  bool wrong_ STARLING_GUARDED_BY(mutex_) = false;    // Somebody else answers there.
  int failures_ STARLING_GUARDED_BY(mutex_) = 0;
  std::uint64_t pause_number_ STARLING_GUARDED_BY(mutex_) = 0;
  int votes_under_way_ STARLING_GUARDED_BY(mutex_) = 0;
  std::chrono::steady_clock::time_point attempt_at_ STARLING_GUARDED_BY(mutex_);
  std::shared_ptr<pb::Peer::Stub> stub_ STARLING_GUARDED_BY(mutex_);
  std::set<std::shared_ptr<PeerCall>> calls_ STARLING_GUARDED_BY(mutex_);
  std::shared_ptr<LinkStream> stream_ STARLING_GUARDED_BY(mutex_);
  std::deque<core::Message> queue_ STARLING_GUARDED_BY(mutex_);
  std::size_t queued_bytes_ STARLING_GUARDED_BY(mutex_) = 0;
  std::deque<PresenceNewsPtr> presence_ STARLING_GUARDED_BY(mutex_);
  int since_presence_ STARLING_GUARDED_BY(mutex_) = 0;  // Messages of the core's in a row.
  std::shared_ptr<const ServerList> list_ STARLING_GUARDED_BY(mutex_);  // Still to be sent.
  bool list_under_way_ STARLING_GUARDED_BY(mutex_) = false;
};

}  // namespace starling::transport
