// Implements LinkStream of server/transport/peer_link_impl.h.
#include "server/transport/convert.h"
#include "server/transport/peer_link_impl.h"

namespace starling::transport {

LinkStream::LinkStream(std::shared_ptr<PeerLink> link, Pending::Token token)
    : token_(std::move(token)), link_(std::move(link)) {}

void LinkStream::start(pb::Peer::Stub& stub) {
  self_ = shared_from_this();
  stub.async()->Replicate(&context_, this);
  AddHold();  // Writes start from other threads than the reactor's own.
  StartRead(&hello_);
  StartCall();
}

void LinkStream::wake() {
  MutexLock lock(mutex_);
  pump();
}

void LinkStream::pump() {
  if (closed_ || writing_) return;
  Outgoing out;
  if (!link_->take(out)) return;
  writing_message_.Clear();
  if (out.presence) {
    link_->envelope(writing_message_);
    *writing_message_.mutable_presence() = *out.presence;
  } else {
    to_wire(out.message, writing_message_);
  }
  writing_ = true;
  grpc::WriteOptions options;
  if (out.more) options.set_buffer_hint();
  StartWrite(&writing_message_, options);
}

void LinkStream::OnReadDone(bool ok) {
  if (ok) {
    link_->hello(this, hello_);
    StartRead(&hello_);  // Nothing more is expected; its failure tells of the stream's end.
    return;
  }
  {
    MutexLock lock(mutex_);
    closed_ = true;
  }
  RemoveHold();
}

void LinkStream::OnWriteDone(bool ok) {
  MutexLock lock(mutex_);
  writing_ = false;
  if (ok) {
    pump();
  } else {
    closed_ = true;
  }
}

void LinkStream::OnDone(const grpc::Status& status) {
  link_->ended(this, status);
  link_.reset();
  self_.reset();  // May end this object: last.
}

}  // namespace starling::transport
