// See event_pump.h.
#include "qml-client/src/event_pump.h"

#include <chrono>
#include <utility>

namespace starling_app {
namespace {

constexpr std::chrono::milliseconds kPoll{100};     // How soon the pump notices that it has to end.
constexpr std::chrono::milliseconds kRetry{1'000};  // Between two attempts to open the stream.

}  // namespace

EventPump::EventPump(starling::Session session, Listener listener)
    : session_(std::move(session)), listener_(std::move(listener)), thread_([this] { loop(); }) {}

EventPump::~EventPump() {
  {
    const std::lock_guard lock(mutex_);
    ending_ = true;
  }
  changed_.notify_all();
  thread_.join();
}

void EventPump::taken() {
  {
    const std::lock_guard lock(mutex_);
    in_flight_ = false;
  }
  changed_.notify_all();
}

bool EventPump::wait_for_room() {
  std::unique_lock lock(mutex_);
  changed_.wait(lock, [this] { return ending_ || !in_flight_; });
  return !ending_;
}

void EventPump::hand_over(std::vector<starling::Event> batch) {
  {
    const std::lock_guard lock(mutex_);
    in_flight_ = true;
  }
  listener_.events(std::move(batch));
}

bool EventPump::rest() {
  std::unique_lock lock(mutex_);
  return !changed_.wait_for(lock, kRetry, [this] { return ending_; });
}

void EventPump::loop() {
  do {
    auto stream = session_.subscribe();
    if (stream.ok()) {
      listener_.live();
      if (!pump(stream.value())) return;
    } else if (stream.error().code == starling::ErrorCode::kUnauthenticated ||
               stream.error().code == starling::ErrorCode::kCancelled) {
      listener_.ended(stream.error());
      return;
    }
  } while (rest());
}

bool EventPump::pump(starling::Subscription& stream) {
  for (;;) {
    auto next = stream.next(kPoll);
    if (!wait_for_room()) return false;
    std::vector<starling::Event> batch;
    while (next.ok()) {  // With what has come while one waited.
      batch.push_back(std::move(next.value()));
      if (batch.size() >= kMaxBatch) break;
      next = stream.next(std::chrono::milliseconds(0));
    }
    if (!batch.empty()) hand_over(std::move(batch));
    if (next.ok() || next.error().code == starling::ErrorCode::kDeadlineExceeded) continue;
    if (next.error().code == starling::ErrorCode::kUnauthenticated ||
        next.error().code == starling::ErrorCode::kCancelled) {
      listener_.ended(next.error());
      return false;
    }
    return true;  // kResync and the like: a new stream from the present.
  }
}

}  // namespace starling_app
