// See pull_stream.h.
#include "server/transport/pull_stream.h"

#include "server/transport/wire.h"

namespace starling::transport {

bool PullStream::begin() {
  self_ = shared_from_this();
  if (services_.streams.add(weak_from_this()) && !services_.draining.load()) return true;
  end(draining());
  return false;
}

void PullStream::end(const Failure& failure) { finish(to_status(failure)); }

void PullStream::complete() { finish(grpc::Status::OK); }

void PullStream::OnWriteDone(bool ok) {
  if (!ok) {
    OnCancel();
    return;
  }
  {
    // Orders this reaction behind the write that it answers.
    MutexLock lock(mutex_);
    if (finished_) return;
  }
  const bool queued = services_.disk.submit([self = shared_from_this()] { self->next(); });
  if (!queued) end(too_many_reads());
}

void PullStream::OnCancel() {
  Failure failure;
  failure.code = grpc::StatusCode::CANCELLED;
  failure.message = "the receiver is gone";
  end(failure);
}

void PullStream::OnDone() {
  services_.streams.remove(this);
  self_.reset();  // May end this object: last.
}

void PullStream::write(const google::protobuf::Message& message) {
  MutexLock lock(mutex_);
  if (finished_) return;
  writing_bytes_.Clear();
  serialize(message, writing_bytes_);
  StartWrite(&writing_bytes_);
}

void PullStream::finish(const grpc::Status& status) {
  MutexLock lock(mutex_);
  if (finished_) return;
  finished_ = true;
  Finish(status);
}

}  // namespace starling::transport
