// SendStream: pipelined sends. On the primary each is proposed in the order received; on a backup
// the stream is relayed to the primary over one of its own.
#pragma once

#include <chrono>
#include <deque>
#include <memory>
#include <optional>
#include <string>
#include <unordered_set>

#include "server/transport/chat_service.h"

namespace starling::transport {

class SendRelay;

// Owns itself from start() to OnDone; answers under way hold it longer. Thread contract: gRPC's
// reactor contract; answered() and relay_ended() from any thread.
class SendStream final : public grpc::ServerBidiReactor<grpc::ByteBuffer, grpc::ByteBuffer>,
                         public Stream,
                         public std::enable_shared_from_this<SendStream> {
 public:
  SendStream(Services& services, grpc::CallbackServerContext* context);

  void start();
  // From the relay: one answer as the primary gave it; and its end.
  void relayed(grpc::ByteBuffer& bytes);
  void relay_ended(const grpc::Status& status);

  void end(const Failure& failure) override;
  void primary_changed(core::NodeId primary) override;

  void OnReadDone(bool ok) override;
  void OnWriteDone(bool ok) override;
  void OnCancel() override;
  void OnDone() override;

 private:
  void begin_local(const std::optional<Failure>& failure, const Identity& identity);
  void begin_relay(const NodeStatus& status);
  // False: it goes on reading by itself, later.
  bool take(pb::SendRequest& request);
  void relay(const std::string& request_id);
  std::shared_ptr<SendRelay> relay_now();
  void propose(pb::SendRequest& request);
  void proposed(const pb::SendRequest& request, const ProposeResult& result);
  bool take_after_check();
  void answer_failure(const std::string& request_id, const Failure& failure);
  void answer(grpc::ByteBuffer& bytes);
  void end_with(const grpc::Status& status);
  void read_on();
  void pump() STARLING_REQUIRES(mutex_);

  Services& services_;
  grpc::CallbackServerContext* context_;
  Credential credential_;
  Identity identity_;
  std::chrono::steady_clock::time_point authorised_at_;
  std::shared_ptr<SendStream> self_;  // Until OnDone.
  bool relayed_ = false;              // Set before the first read, or never.
  grpc::ByteBuffer incoming_;
  pb::SendRequest request_;

  Mutex mutex_;
  std::shared_ptr<SendRelay> relay_ STARLING_GUARDED_BY(mutex_);  // Until it has ended.
  core::NodeId relay_to_ STARLING_GUARDED_BY(mutex_) = core::kNoNode;
  std::deque<grpc::ByteBuffer> queue_ STARLING_GUARDED_BY(mutex_);
  grpc::ByteBuffer writing_bytes_ STARLING_GUARDED_BY(mutex_);
  std::unordered_multiset<std::string> relayed_ids_ STARLING_GUARDED_BY(mutex_);
  std::size_t unanswered_ STARLING_GUARDED_BY(mutex_) = 0;
  bool writing_ STARLING_GUARDED_BY(mutex_) = false;
  bool paused_ STARLING_GUARDED_BY(mutex_) = false;    // The window is full: not reading.
  bool ending_ STARLING_GUARDED_BY(mutex_) = false;    // Nothing more is read.
  bool broken_ STARLING_GUARDED_BY(mutex_) = false;    // The client is gone.
  bool finished_ STARLING_GUARDED_BY(mutex_) = false;  // Finish was called.
  grpc::Status end_status_ STARLING_GUARDED_BY(mutex_);
};

grpc::ServerBidiReactor<grpc::ByteBuffer, grpc::ByteBuffer>* start_send_stream(
    Services& services, grpc::CallbackServerContext* context);

}  // namespace starling::transport
