// Events for asyncio.
#include "bindings/src/feed.h"

#include <algorithm>
#include <limits>
#include <tuple>
#include <utility>

namespace starling::python {
namespace {

Error closed_error() {
  Error error;
  error.code = ErrorCode::kCancelled;
  error.message = "The event stream is closed.";
  return error;
}

bool before(const Cursor& a, const Cursor& b) {
  return std::tie(a.epoch, a.index, a.ordinal) < std::tie(b.epoch, b.index, b.ordinal);
}

// A place right before an event: resuming there gives that event first.
Cursor right_before(const Cursor& event) {
  Cursor place = event;
  if (event.ordinal > 0) {
    --place.ordinal;
  } else {
    --place.index;
    place.ordinal = std::numeric_limits<std::uint32_t>::max();
  }
  return place;
}

}  // namespace

Feed::Feed(std::shared_ptr<SessionState> session, Callback wake)
    : session_(std::move(session)), wake_(std::move(wake)) {}

Status Feed::open(const std::optional<Cursor>& after) {
  {
    std::lock_guard lock(mutex_);
    last_ = place_ = after.value_or(Cursor{});
  }
  return subscribe(after, 0);
}

Status Feed::subscribe(const std::optional<Cursor>& after, int stream) {
  const std::weak_ptr<Feed> weak = weak_from_this();
  Result<Subscription> made = session_->sdk.subscribe(after, [weak, stream](const Event& event) {
    if (const auto self = weak.lock()) self->arrived(event, stream);
  });
  if (!made.ok()) return made.error();
  auto subscription = std::make_shared<Subscription>(std::move(*made));
  std::lock_guard lock(mutex_);
  if (closed_) return closed_error();
  // It may be full already; then this subscription is over before it is known.
  if (stream == stream_ && !full_) subscription_.swap(subscription);
  // "From now" has a place of its own, which events may have overtaken already.
  if (!after.has_value()) {
    if (!queue_.empty()) {
      place_ = right_before(queue_.front().cursor);
    } else if (subscription_ != nullptr) {
      place_ = subscription_->cursor();
    }
  }
  return Unit{};
}

void Feed::arrived(const Event& event, int stream) {
  std::shared_ptr<Subscription> over;  // Ends outside the lock.
  bool wake = false;
  {
    std::lock_guard lock(mutex_);
    if (closed_ || full_ || stream != stream_) return;
    queue_.push_back(event);
    last_ = event.cursor;
    full_ = queue_.size() >= kFull;
    if (full_) over.swap(subscription_);
    wake = std::exchange(asleep_, false);
  }
  if (wake) wake_.call([] { return py::tuple(); });
}

Result<std::vector<Event>> Feed::take(std::size_t most) {
  std::vector<Event> taken;
  std::shared_ptr<Subscription> current;
  std::optional<Cursor> resume;
  int stream = 0;
  {
    std::lock_guard lock(mutex_);
    if (closed_ || session_->closed || session_->client->closed) return closed_error();
    while (!queue_.empty() && taken.size() < most) {
      taken.push_back(std::move(queue_.front()));
      queue_.pop_front();
    }
    if (!taken.empty()) place_ = taken.back().cursor;
    if (taken.empty() && end_.has_value()) return *end_;
    if (full_ && queue_.size() <= kFull / 4) {
      full_ = false;
      resume = last_;
      stream = ++stream_;
    }
    asleep_ = taken.empty();
    current = subscription_;
  }
  // With a cursor it stands at once. When it cannot, that is the end of what is queued.
  if (resume.has_value()) {
    if (Status status = subscribe(resume, stream); !status.ok()) {
      std::lock_guard lock(mutex_);
      end_ = status.error();
    }
  }
  if (!taken.empty() || current == nullptr) return taken;
  // A stream with a callback tells its end, and nothing else, this way. Events that came before
  // the end are given out first.
  const Result<Event> end = current->next(std::chrono::milliseconds(0));
  if (end.ok() || end.error().code == ErrorCode::kDeadlineExceeded) return taken;
  std::lock_guard lock(mutex_);
  if (!queue_.empty()) return taken;
  return end.error();
}

Cursor Feed::cursor() {
  std::lock_guard lock(mutex_);
  if (!queue_.empty() || subscription_ == nullptr) return place_;
  // With nothing queued the stream may be further on, past what this account does not see.
  const Cursor reached = subscription_->cursor();
  return before(place_, reached) ? reached : place_;
}

void Feed::close() {
  std::shared_ptr<Subscription> over;
  std::lock_guard lock(mutex_);
  closed_ = true;
  queue_.clear();
  over.swap(subscription_);
}

}  // namespace starling::python
