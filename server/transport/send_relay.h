// A backup's half of a relayed SendStream: the stream to the primary.
#pragma once

#include <grpcpp/generic/generic_stub.h>

#include <deque>
#include <memory>
#include <string>

#include "server/transport/mutex.h"
#include "server/transport/send_stream.h"

namespace starling::transport {

// Owns itself from start() to OnDone. What waits in it is bounded by the owner's window.
class SendRelay final : public grpc::ClientBidiReactor<grpc::ByteBuffer, grpc::ByteBuffer>,
                        public std::enable_shared_from_this<SendRelay> {
 public:
  SendRelay(std::shared_ptr<SendStream> owner, Pending::Token token)
      : token_(std::move(token)), owner_(std::move(owner)) {}

  void start(const std::shared_ptr<grpc::Channel>& channel, const std::string& bearer);
  void write(const grpc::ByteBuffer& bytes);
  void writes_done();
  void cancel() { context_.TryCancel(); }

  void OnReadDone(bool ok) override;
  void OnWriteDone(bool ok) override;
  void OnDone(const grpc::Status& status) override;

 private:
  void pump() STARLING_REQUIRES(mutex_);

  const Pending::Token token_;  // Goes last: see Pending.
  std::shared_ptr<SendStream> owner_;
  std::shared_ptr<SendRelay> self_;
  grpc::ClientContext context_;
  grpc::ByteBuffer incoming_;
  Mutex mutex_;
  std::deque<grpc::ByteBuffer> queue_ STARLING_GUARDED_BY(mutex_);
  grpc::ByteBuffer writing_bytes_ STARLING_GUARDED_BY(mutex_);
  bool writing_ STARLING_GUARDED_BY(mutex_) = false;
  bool closing_ STARLING_GUARDED_BY(mutex_) = false;
  bool closed_ STARLING_GUARDED_BY(mutex_) = false;  // No operation is started any more.
};

}  // namespace starling::transport
