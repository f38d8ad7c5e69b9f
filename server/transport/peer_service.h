// The Peer service: what arrives from the other servers, checked and handed to the node.
#pragma once

#include <deque>
#include <map>

#include "server/transport/call.h"
#include "server/transport/peer_link.h"
#include "server/transport/raw_service.h"

namespace starling::transport {

// Vote requests that wait for the core's answer. Thread contract: every call is thread-safe.
class VoteDesk {
 public:
  explicit VoteDesk(Services& services) : services_(services) {}

  void wait(const core::Message& request, const std::shared_ptr<UnaryCall>& call);
  // False when nobody waits for this response.
  bool answer(const core::Message& response);
  void fail_all(const Failure& failure);

 private:
  struct Waiting {
    std::uint64_t number = 0;
    core::NodeId peer = core::kNoNode;
    bool pre_vote = false;
    core::Term term = 0;
    std::shared_ptr<UnaryCall> call;
  };
  std::shared_ptr<UnaryCall> remove(std::uint64_t number);

  Services& services_;
  Mutex mutex_;
  std::deque<Waiting> waiting_ STARLING_GUARDED_BY(mutex_);
  std::uint64_t next_ STARLING_GUARDED_BY(mutex_) = 1;
};

class PeerService;

// FetchSnapshot (snapshot_stream.cpp).
grpc::ServerWriteReactor<grpc::ByteBuffer>* start_snapshot(PeerService& service,
                                                           grpc::CallbackServerContext* context,
                                                           const grpc::ByteBuffer* request);

class PeerService final : public RawService {
 public:
  PeerService(Services& services, PeerLinks& links, VoteDesk& votes);

  // Whether a message of these ids is meant for this server (R3.2); logs a wrong one, not often.
  bool meant_for_us(core::ClusterId cluster, core::Epoch epoch, core::NodeId from, core::NodeId to,
                    Failure& failure);
  Services& services() { return services_; }
  PeerLinks& links() { return links_; }

 private:
  void request_vote(const CallPtr<pb::PeerMessage>& call);
  void update_server_list(const CallPtr<pb::UpdateServerListRequest>& call);

  template <typename Request>
  void add(const char* path, void (PeerService::*handler)(const CallPtr<Request>&));

  Services& services_;
  PeerLinks& links_;
  VoteDesk& votes_;
  Mutex mutex_;
  std::map<core::NodeId, std::chrono::steady_clock::time_point> logged_ STARLING_GUARDED_BY(mutex_);
};

}  // namespace starling::transport
