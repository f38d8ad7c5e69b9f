// A server stream whose next message is made from the disk once the last one has been taken: what
// is under way is one message, whatever the receiver's pace.
#pragma once

#include <grpcpp/support/server_callback.h>

#include <memory>

#include "server/transport/services.h"

namespace starling::transport {

// Owns itself from begin() to OnDone. begin() and what follows from it run on gRPC's threads,
// next() on the disk pool, one at a time.
class PullStream : public grpc::ServerWriteReactor<grpc::ByteBuffer>,
                   public Stream,
                   public std::enable_shared_from_this<PullStream> {
 public:
  void end(const Failure& failure) override;
  void OnWriteDone(bool ok) override;
  void OnCancel() override;
  void OnDone() override;

 protected:
  PullStream(Services& services, grpc::CallbackServerContext* context)
      : services_(services), context_(context) {}

  // False: the server is ending, and so is this stream.
  bool begin();
  // Makes the next message and gives it to write(), or calls complete() or end().
  virtual void next() = 0;
  void write(const google::protobuf::Message& message);
  void complete();

  Services& services_;
  grpc::CallbackServerContext* context_;

 private:
  void finish(const grpc::Status& status);

  std::shared_ptr<PullStream> self_;
  Mutex mutex_;
  grpc::ByteBuffer writing_bytes_ STARLING_GUARDED_BY(mutex_);
  bool finished_ STARLING_GUARDED_BY(mutex_) = false;
};

}  // namespace starling::transport
