// gRPC's reactors, tamed: what arrives is handed to the loop, and nothing is touched after its
// owner let go of it.
#pragma once

#include <grpcpp/grpcpp.h>
#include <grpcpp/support/client_callback.h>

#include <atomic>
#include <functional>
#include <memory>
#include <thread>
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

// The last thing that gRPC's callback for a call does: `task`, which owns the call, goes to the
// loop, and the call is counted out. The owner must never go on gRPC's own thread: with the last
// context goes its channel, with the last channel gRPC joins its callback threads, and a thread
// that joins itself corrupts the heap (seen with gRPC 1.51).
inline void hand_over(const CallHomePtr& call_home, Loop::Task task) {
  const CallHomePtr home = call_home;  // The task may take the caller's own copy with it.
  if (!home->loop.post_or_keep(task)) {
    std::thread([dropped = std::move(task)]() mutable { dropped = nullptr; }).detach();
  }
  home->calls.remove();
}

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
    hand_over(home_, [self = std::move(self_), status] {
      if (!self->on_end_) return;
      const EndHandler on_end = std::move(self->on_end_);
      self->on_end_ = nullptr;
      on_end(classify(status, true));
    });
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
