// Implements server/transport/send_relay.h.
#include "server/transport/send_relay.h"

namespace starling::transport {

void SendRelay::start(const std::shared_ptr<grpc::Channel>& channel, const std::string& bearer) {
  self_ = shared_from_this();
  context_.AddMetadata(kForwardedKey, "1");
  context_.AddMetadata("authorization", bearer);
  grpc::GenericStub stub(channel);
  stub.PrepareBidiStreamingCall(&context_, "/starling.v1.Chat/SendStream", grpc::StubOptions(),
                                this);
  // Writes start from other threads than the reactor's own: the hold keeps OnDone from coming
  // between (released in OnReadDone(false) by RemoveHold).
  AddHold();
  StartRead(&incoming_);
  StartCall();
}

void SendRelay::write(const grpc::ByteBuffer& bytes) {
  MutexLock lock(mutex_);
  if (closed_ || closing_) return;
  queue_.push_back(bytes);
  pump();
}

void SendRelay::writes_done() {
  MutexLock lock(mutex_);
  if (closed_ || closing_) return;
  closing_ = true;
  pump();
}

void SendRelay::pump() {
  if (closed_ || writing_) return;
  if (!queue_.empty()) {
    writing_bytes_ = std::move(queue_.front());
    queue_.pop_front();
    writing_ = true;
    grpc::WriteOptions options;
    if (!queue_.empty()) options.set_buffer_hint();
    StartWrite(&writing_bytes_, options);
  } else if (closing_) {
    closed_ = true;
    StartWritesDone();
  }
}

void SendRelay::OnReadDone(bool ok) {
  if (ok) {
    owner_->relayed(incoming_);
    StartRead(&incoming_);
    return;
  }
  {
    MutexLock lock(mutex_);
    closed_ = true;
    queue_.clear();
  }
  RemoveHold();
}

void SendRelay::OnWriteDone(bool ok) {
  MutexLock lock(mutex_);
  writing_ = false;
  if (!ok) {
    closed_ = true;
    queue_.clear();
    return;
  }
  pump();
}

void SendRelay::OnDone(const grpc::Status& status) {
  owner_->relay_ended(status);
  owner_.reset();
  self_.reset();  // May end this object: last.
}

}  // namespace starling::transport
