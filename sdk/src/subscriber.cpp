// One subscription.
#include "sdk/src/subscriber.h"

#include <tuple>
#include <utility>

#include "sdk/src/convert.h"
#include "sdk/src/random.h"

namespace starling::sdk {
namespace {

constexpr milliseconds kBaseBackoff{10};
constexpr milliseconds kMaxBackoff{250};
// A server cut off from the others gives no news: after this long another one is asked.
constexpr milliseconds kNoQuorum{1'000};
constexpr milliseconds kCallbackEnd{2'000};

}  // namespace

Subscriber::Subscriber(Env env, std::string token, std::optional<Cursor> after, OnEvent on_event,
                       std::string pinned)
    : env_(std::move(env)),
      token_(std::move(token)),
      on_event_(std::move(on_event)),
      pinned_(std::move(pinned)),
      position_(after),
      given_(after.value_or(Cursor{})) {}

void Subscriber::start() { open(); }

void Subscriber::open() {
  if (stopped_) return;
  if (env_.view.epoch() == 0) {  // No server has answered this client yet.
    reopen(kMaxBackoff);
    return;
  }
  // "From the beginning" of whichever history there is.
  if (position_.has_value() && *position_ == Cursor{}) position_->epoch = env_.view.epoch();
  const std::string avoid = std::exchange(address_, "");
  address_ = pinned_.empty() ? env_.view.pick_stream(attempts_ > 0 ? avoid : "") : pinned_;
  if (address_.empty()) {
    reopen(kMaxBackoff);
    return;
  }
  no_quorum_since_ = {};
  v1::SubscribeRequest request;
  if (position_.has_value()) to_wire(*position_, request.mutable_after());
  // "From now" is not before what was read already, at a server that is further on (P6).
  *request.mutable_seen() = env_.view.token();
  const std::weak_ptr<Subscriber> weak = weak_from_this();
  reader_ = std::make_shared<Reader>(
      env_.home,
      [weak](v1::SubscribeResponse& response) {
        if (const auto self = weak.lock()) self->arrived(response);
      },
      [weak](const Failure& failure) {
        if (const auto self = weak.lock()) self->ended(failure);
      });
  reader_->context().AddMetadata("authorization", "Bearer " + token_);
  const EndpointPtr endpoint = env_.channels.get(address_);
  reader_->start([&](auto* context, auto* reactor) {
    endpoint->chat->async()->Subscribe(context, &request, reactor);
  });
}

void Subscriber::reopen(milliseconds delay) {
  if (stopped_ || timer_ != 0) return;
  const std::weak_ptr<Subscriber> weak = weak_from_this();
  timer_ = env_.home->loop.after(delay, [weak] {
    const auto self = weak.lock();
    if (self == nullptr) return;
    self->timer_ = 0;
    self->open();
  });
}

bool Subscriber::newer(const Cursor& cursor) const {
  if (!position_.has_value()) return true;
  return std::tie(cursor.epoch, cursor.index, cursor.ordinal) >
         std::tie(position_->epoch, position_->index, position_->ordinal);
}

void Subscriber::arrived(v1::SubscribeResponse& response) {
  attempts_ = 0;
  std::deque<Event> fresh;
  for (const v1::Event& wire : response.events()) {
    Event event = from_wire(wire);
    env_.view.heard(event.cursor);
    if (!newer(event.cursor)) continue;  // A resumed stream may begin with what was given already.
    position_ = event.cursor;
    if (event.kind == EventKind::kMessage && env_.on_message) env_.on_message(event.message);
    fresh.push_back(std::move(event));
  }
  if (response.has_position()) {
    const Cursor position = from_wire(response.position());
    env_.view.heard(position);
    if (newer(position)) position_ = position;
  }
  hand_over(std::move(fresh));
}

void Subscriber::hand_over(std::deque<Event> events) {
  bool pause = false;
  {
    MutexLock lock(mutex_);
    standing_ = standing_ || position_.has_value();
    if (end_.has_value()) return;
    if (on_event_ == nullptr) {
      for (Event& event : events) queue_.push_back(std::move(event));
      pause = queue_.size() >= kWindow;
    } else {
      in_callbacks_ += events.size();
      pause = in_callbacks_ >= kWindow;
    }
    // With nothing left to give, resuming from the position is the same and saves the way to it.
    const bool idle = on_event_ == nullptr ? queue_.empty() : in_callbacks_ == 0;
    if (idle && position_.has_value()) given_ = *position_;
    paused_ = pause;
    changed_.notify_all();
  }
  if (!pause && reader_ != nullptr) reader_->read();
  if (on_event_ == nullptr || events.empty()) return;
  env_.dispatcher.post(
      [self = shared_from_this(), events = std::move(events)] { self->run_callbacks(events); });
}

void Subscriber::run_callbacks(const std::deque<Event>& events) {
  for (const Event& event : events) {
    {
      MutexLock lock(mutex_);
      if (dropped_) return;
      running_ = true;
    }
    on_event_(event);
    MutexLock lock(mutex_);
    given_ = event.cursor;
    running_ = false;
    --in_callbacks_;
    changed_.notify_all();
  }
  MutexLock lock(mutex_);
  if (!paused_ || in_callbacks_ > kWindow / 2) return;
  paused_ = false;
  env_.home->loop.post([self = shared_from_this()] { self->read_on(); });
}

void Subscriber::read_on() {
  if (!stopped_ && reader_ != nullptr) reader_->read();
}

Result<Event> Subscriber::next(milliseconds timeout) {
  const TimePoint deadline = SteadyClock::now() + timeout;
  MutexLock lock(mutex_);
  while (queue_.empty()) {
    if (end_.has_value() && (dropped_ || in_callbacks_ == 0)) return *end_;
    if (SteadyClock::now() >= deadline) {
      return make_error(ErrorCode::kDeadlineExceeded, "No event came in time.");
    }
    changed_.wait_until(mutex_, deadline);
  }
  Event event = std::move(queue_.front());
  queue_.pop_front();
  given_ = event.cursor;
  if (paused_ && queue_.size() <= kWindow / 2) {
    paused_ = false;
    env_.home->loop.post([self = shared_from_this()] { self->read_on(); });
  }
  return event;
}

Status Subscriber::wait_until_standing(TimePoint deadline) {
  MutexLock lock(mutex_);
  while (!standing_ && !end_.has_value() && SteadyClock::now() < deadline) {
    changed_.wait_until(mutex_, deadline);
  }
  if (end_.has_value()) return *end_;
  if (standing_) return Unit{};
  return make_error(ErrorCode::kUnavailable, "No server began the event stream in time.");
}

Cursor Subscriber::cursor() const {
  MutexLock lock(mutex_);
  return given_;
}

void Subscriber::end(Error reason) {
  MutexLock lock(mutex_);
  if (!end_.has_value()) end_ = std::move(reason);
  dropped_ = true;
  queue_.clear();
  changed_.notify_all();
  const TimePoint deadline = SteadyClock::now() + kCallbackEnd;
  while (running_ && !env_.dispatcher.on_callback_thread() && SteadyClock::now() < deadline) {
    changed_.wait_until(mutex_, deadline);
  }
}

// The stream cannot go on; what has arrived is still given out.
void Subscriber::finish(Error error) {
  stopped_ = true;
  MutexLock lock(mutex_);
  if (!end_.has_value()) end_ = std::move(error);
  changed_.notify_all();
}

void Subscriber::ended(const Failure& failure) {
  reader_ = nullptr;
  if (stopped_) return;
  const bool over = failure.code == grpc::StatusCode::OK;  // The server let go of the stream.
  if (!pinned_.empty()) {
    Error error = to_error(failure);
    if (!failure.typed) {
      error = make_error(ErrorCode::kUnavailable, "The event stream of " + pinned_ + " broke.");
    }
    finish(std::move(error));
    return;
  }
  // A slow subscriber is dropped to cursor catch-up: that refusal is retryable like the rest.
  if (!failure.retryable && !over) {
    finish(to_error(failure));
    return;
  }
  if (!failure.typed && !over) env_.view.avoid(address_, milliseconds(100));
  reopen(attempts_ == 0 ? milliseconds(0) : backoff(attempts_, kBaseBackoff, kMaxBackoff));
  ++attempts_;
}

void Subscriber::server_lost(const std::string& address) {
  if (stopped_ || reader_ == nullptr || address != address_ || !pinned_.empty()) return;
  reader_->cancel();
  reader_ = nullptr;
  ++attempts_;
  reopen(milliseconds(0));
}

void Subscriber::tick() {
  if (stopped_ || reader_ == nullptr || !pinned_.empty()) return;
  const Health& health = env_.view.health(address_);
  if (!health.live) return;  // Nothing is known: it is being watched from its next beat on.
  if (health.has_quorum) {
    no_quorum_since_ = {};
    return;
  }
  const TimePoint now = SteadyClock::now();
  if (no_quorum_since_ == TimePoint{}) no_quorum_since_ = now;
  if (now - no_quorum_since_ < kNoQuorum) return;
  const std::string better = env_.view.pick_stream(address_);
  const Health& other = env_.view.health(better);
  if (better != address_ && other.live && other.has_quorum) server_lost(address_);
}

void Subscriber::stop() {
  stopped_ = true;
  env_.home->loop.cancel(timer_);
  if (reader_ != nullptr) reader_->cancel();
  reader_ = nullptr;
}

}  // namespace starling::sdk
