// Events for asyncio.
#include "bindings/src/feed.h"

#include <algorithm>
#include <utility>

namespace starling::python {
namespace {

Error closed_error() {
  Error error;
  error.code = ErrorCode::kCancelled;
  error.message = "The event stream is closed.";
  return error;
}

}  // namespace

Feed::Feed(std::shared_ptr<SessionState> session, Callback wake)
    : session_(std::move(session)), wake_(std::move(wake)) {}

Status Feed::open(const std::optional<Cursor>& after) {
  {
    std::lock_guard lock(mutex_);
    last_ = after.value_or(Cursor{});
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
    if (full_ && queue_.size() <= kFull / 4) {
      full_ = false;
      resume = last_;
      stream = ++stream_;
    }
    asleep_ = taken.empty();
    current = subscription_;
  }
  // With a cursor it stands at once.
  if (resume.has_value()) (void)subscribe(resume, stream);
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
  return queue_.empty() && subscription_ != nullptr ? subscription_->cursor() : last_;
}

void Feed::close() {
  std::shared_ptr<Subscription> over;
  std::lock_guard lock(mutex_);
  closed_ = true;
  queue_.clear();
  over.swap(subscription_);
}

}  // namespace starling::python
