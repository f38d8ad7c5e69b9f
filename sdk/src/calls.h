// gRPC's reactors, tamed: what arrives is handed to the loop, and nothing is touched after its
// owner let go of it.
#pragma once

#include <grpcpp/grpcpp.h>
#include <grpcpp/support/client_callback.h>

#include <atomic>
#include <functional>
#include <memory>
#include <utility>

#include "sdk/src/errors.h"
#include "sdk/src/loop.h"
#include "sdk/src/thread_annotations.h"

namespace starling::sdk {

// Counts the calls that gRPC may still call back for, so that closing can wait for the last one.
class CallCount {
 public:
  void add() STARLING_EXCLUDES(mutex_) {
    MutexLock lock(mutex_);
    ++count_;
  }
  void remove() STARLING_EXCLUDES(mutex_) {
    MutexLock lock(mutex_);
    if (--count_ == 0) zero_.notify_all();
  }
  bool wait_for_none(TimePoint deadline) STARLING_EXCLUDES(mutex_) {
    MutexLock lock(mutex_);
    while (count_ != 0 && SteadyClock::now() < deadline) zero_.wait_until(mutex_, deadline);
    return count_ == 0;
  }

 private:
  Mutex mutex_;
  CondVar zero_;
  int count_ STARLING_GUARDED_BY(mutex_) = 0;
};

// What a call needs to outlive its owner.
struct CallHome {
  Loop loop;
  CallCount calls;
};
using CallHomePtr = std::shared_ptr<CallHome>;

// A server stream. Its messages and its end are told on the loop's thread, one message for each
// read(), so that whoever does not ask gets no more (flow control down to the socket).
template <typename Response>
class StreamReader : public grpc::ClientReadReactor<Response>,
                     public std::enable_shared_from_this<StreamReader<Response>> {
 public:
  using MessageHandler = std::function<void(Response&)>;
  using EndHandler = std::function<void(const Failure&)>;

  StreamReader(CallHomePtr home, MessageHandler on_message, EndHandler on_end)
      : home_(std::move(home)), on_message_(std::move(on_message)), on_end_(std::move(on_end)) {}

  grpc::ClientContext& context() { return context_; }

  // `start`: binds this reactor to a call by the stub's async method. The first read is under way.
  void start(
      const std::function<void(grpc::ClientContext*, grpc::ClientReadReactor<Response>*)>& start) {
    home_->calls.add();
    self_ = this->shared_from_this();
    start(&context_, this);
    this->AddHold();  // Lets the loop start reads between gRPC's own callbacks.
    reading_ = true;
    this->StartRead(&response_);
    this->StartCall();
  }
  // On the loop, after a message.
  void read() {
    if (reading_ || !held_) return;
    reading_ = true;
    this->StartRead(&response_);
  }
  // On the loop: no handler runs any more.
  void cancel() {
    on_message_ = nullptr;
    on_end_ = nullptr;
    context_.TryCancel();
    if (!reading_) release();
  }

 private:
  void OnReadDone(bool ok) override {
    auto task = [self = this->shared_from_this(), ok] { self->read_done(ok); };
    if (!home_->loop.post(std::move(task))) {
      context_.TryCancel();
      this->RemoveHold();
    }
  }
  void OnDone(const grpc::Status& status) override {
    auto self = std::move(self_);
    home_->loop.post([self, status] {
      if (self->on_end_) {
        const EndHandler on_end = std::move(self->on_end_);
        self->on_end_ = nullptr;
        on_end(classify(status, true));
      }
    });
    home_->calls.remove();
  }
  void read_done(bool ok) {
    reading_ = false;
    if (!ok || !on_message_) {
      release();
      return;
    }
    const MessageHandler handler = on_message_;  // It may cancel, which clears the member.
    handler(response_);
  }
  void release() {
    if (!held_) return;
    held_ = false;
    this->RemoveHold();
  }

  const CallHomePtr home_;
  grpc::ClientContext context_;
  Response response_;
  std::shared_ptr<StreamReader> self_;  // Until OnDone.
  // The loop's:
  MessageHandler on_message_;
  EndHandler on_end_;
  bool reading_ = false;
  bool held_ = true;
};

}  // namespace starling::sdk
