// One Presence call. gRPC may call back from inside StartWrite, so it does not run under the lock.
#include "sdk/src/presence_stream.h"

#include <algorithm>
#include <utility>

namespace starling::sdk {
namespace {

constexpr std::size_t kMaxWaiting = 32;

}  // namespace

PresenceStream::PresenceStream(CallHomePtr home, EndpointPtr endpoint, MessageHandler on_message,
                               EndHandler on_end)
    : home_(std::move(home)),
      endpoint_(std::move(endpoint)),
      on_message_(std::move(on_message)),
      on_end_(std::move(on_end)) {}

void PresenceStream::start(const std::string& token) {
  home_->calls.add();
  self_ = shared_from_this();
  context_.AddMetadata("authorization", "Bearer " + token);
  endpoint_->chat->async()->Presence(&context_, this);
  AddHold();  // Lets the loop start reads and writes between gRPC's own callbacks.
  reading_ = true;
  StartRead(&response_);
  StartCall();
}

// Once the hold is gone the call may be over, and gRPC's part of it freed: nothing begins any more.
void PresenceStream::offer(v1::PresenceRequest request) {
  if (!held_) return;
  {
    MutexLock lock(mutex_);
    if (broken_ || leaving_) return;
    if (request.has_typing()) {
      if (out_.size() >= kMaxWaiting) return;
    } else {
      std::erase_if(out_, [&](const v1::PresenceRequest& waiting) {
        return waiting.what_case() == request.what_case();
      });
    }
    out_.push_back(std::move(request));
    if (writing_) return;
    writing_ = true;
  }
  write_next();
}

void PresenceStream::leave() {
  on_message_ = nullptr;
  on_end_ = nullptr;
  if (!held_) return;
  {
    MutexLock lock(mutex_);
    leaving_ = true;
    if (writing_) return;
    writing_ = true;
  }
  write_next();
}

void PresenceStream::write_next() {
  bool close = false;
  {
    MutexLock lock(mutex_);
    if (broken_ || (out_.empty() && !leaving_)) {
      writing_ = false;
      return;
    }
    if (out_.empty()) {
      writing_ = false;
      close = !std::exchange(closed_, true);
      if (!close) return;
    } else {
      current_ = std::move(out_.front());
      out_.pop_front();
    }
  }
  if (close) {
    StartWritesDone();
  } else {
    StartWrite(&current_);
  }
}

void PresenceStream::OnWriteDone(bool ok) {
  if (!ok) {
    MutexLock lock(mutex_);
    broken_ = true;
    writing_ = false;
    out_.clear();
    return;
  }
  write_next();
}

void PresenceStream::OnReadDone(bool ok) {
  auto task = [self = shared_from_this(), ok] { self->read_done(ok); };
  if (!home_->loop.post(std::move(task))) {
    context_.TryCancel();
    RemoveHold();
  }
}

void PresenceStream::read_done(bool ok) {
  reading_ = false;
  if (!ok) {
    release();
    return;
  }
  if (on_message_) {
    const MessageHandler handler = on_message_;  // It may leave, which clears the member.
    handler(response_);
  }
  read();
}

void PresenceStream::read() {
  if (reading_ || !held_) return;
  reading_ = true;
  response_.Clear();
  StartRead(&response_);
}

void PresenceStream::OnDone(const grpc::Status& status) {
  hand_over(home_, [self = std::move(self_), status] {
    if (!self->on_end_) return;
    const EndHandler handler = std::move(self->on_end_);
    self->on_end_ = nullptr;
    handler(classify(status, true));
  });
}

void PresenceStream::cancel() {
  on_message_ = nullptr;
  on_end_ = nullptr;
  context_.TryCancel();  // The read under way fails, which lets go of the call.
}

void PresenceStream::release() {
  if (!held_) return;
  held_ = false;
  RemoveHold();
}

}  // namespace starling::sdk
