// The stream itself, once it stands: catch-up, live events, the end.
#include "server/transport/subscribe.h"

#include <algorithm>

#include "server/transport/convert.h"

namespace starling::transport {

namespace {

constexpr int kPage = 200;
constexpr std::size_t kMaxWriteEvents = 128;
constexpr std::size_t kMaxWriteBytes = 512u << 10;
constexpr std::chrono::milliseconds kReadAgain{50};

}  // namespace

bool Subscription::over() {
  MutexLock lock(mutex_);
  return ending_ || finished_;
}

void Subscription::step_on() {
  bool read = false;
  {
    MutexLock lock(mutex_);
    read = step();
  }
  if (read) submit_catch_up();
}

bool Subscription::step() {
  if (finished_ || busy_) return false;
  if (ending_) {
    finished_ = true;
    Finish(end_status_);
    return false;
  }
  if (overflow_ && !behind_) {
    behind_ = true;
  }
  if (behind_) {
    // What is queued from now on joins what the store holds now without a gap.
    if (overflow_) queue_.clear();
    overflow_ = false;
    busy_ = true;
    return true;
  }
  write_queue();
  return false;
}

void Subscription::submit_catch_up() {
  if (services_.disk.submit([self = shared_from_this()] { self->catch_up(); })) return;
  // The pool is full. A stream that ended now would come back for the same at once.
  services_.scheduler.after(kReadAgain, [weak = weak_from_this()] {
    if (const auto self = weak.lock()) self->submit_catch_up();
  });
}

void Subscription::catch_up() {
  if (over()) return;
  std::vector<chat::Event> events;
  chat::Position reached;
  Failure failure;
  read_page(events, reached, failure);
  if (failure.reason != pb::REASON_UNSPECIFIED) {
    MutexLock lock(mutex_);
    busy_ = false;
    ending_ = true;
    end_status_ = to_status(failure);
    step();
    return;
  }
  pb::SubscribeResponse response;
  for (const chat::Event& event : events) {
    to_wire(event, services_.options.history(), identity_.actor.account, *response.add_events());
  }
  bool again = false;
  {
    MutexLock lock(mutex_);
    busy_ = false;
    position_ = std::max(position_, reached);
    const bool full = events.size() >= static_cast<std::size_t>(kPage);
    if (!full && !overflow_) behind_ = false;  // The queue holds all that came since.
    if (!events.empty() && !ending_ && !finished_) {
      write(response);
    } else {
      again = step();
    }
  }
  if (again) submit_catch_up();
}

void Subscription::read_page(std::vector<chat::Event>& events, chat::Position& reached,
                             Failure& failure) {
  chat::Position from;
  {
    MutexLock lock(mutex_);
    from = position_;
  }
  ReaderPool::Lease reader = services_.backend.readers().acquire();
  std::uint64_t floor = 0;
  sqlite::Status status =
      reader->events_after(identity_.actor.account, from, kPage, events, reached);
  if (status.ok()) status = reader->retention_floor(floor);
  if (!status.ok()) {
    failure = store_failed(status.message());
  } else if (from.index < floor && (from.index != 0 || floor > 1)) {
    failure = resync("the stream fell further back than this server keeps");
  }
}

void Subscription::live(const EventPtr& event) {
  bool read = false;
  {
    MutexLock lock(mutex_);
    if (ending_ || finished_) return;
    if (queue_.size() >= services_.options.subscriber_queue) {
      queue_.clear();
      overflow_ = true;
    }
    if (!overflow_) queue_.push_back(event);
    read = step();
  }
  if (read) submit_catch_up();
}

void Subscription::missed() {
  {
    MutexLock lock(mutex_);
    queue_.clear();
    overflow_ = true;
  }
  step_on();
}

void Subscription::idle(std::uint64_t applied_index) {
  MutexLock lock(mutex_);
  const bool still = std::exchange(quiet_, true);
  if (busy_ || finished_ || ending_ || behind_ || overflow_ || !queue_.empty()) return;
  position_ = std::max(position_, chat::Position{applied_index, chat::kLastOrdinal});
  if (still) write_position();
}

void Subscription::write_queue() {
  pb::SubscribeResponse response;
  std::size_t bytes = 0;
  while (!queue_.empty() && static_cast<std::size_t>(response.events_size()) < kMaxWriteEvents &&
         bytes < kMaxWriteBytes) {
    const EventPtr event = std::move(queue_.front());
    queue_.pop_front();
    if (event->position <= position_) continue;  // The catch-up had it.
    to_wire(*event, services_.options.history(), identity_.actor.account, *response.add_events());
    bytes += event->message.body.size();
    position_ = event->position;
  }
  if (response.events_size() != 0) write(response);
}

void Subscription::write_position() {
  pb::SubscribeResponse response;
  write(response);
}

void Subscription::write(pb::SubscribeResponse& response) {
  to_wire(services_.options.history(), position_, *response.mutable_position());
  writing_bytes_.Clear();
  serialize(response, writing_bytes_);
  busy_ = true;
  quiet_ = false;
  StartWrite(&writing_bytes_);
}

void Subscription::OnWriteDone(bool ok) {
  {
    MutexLock lock(mutex_);
    busy_ = false;
    if (!ok && !ending_) {
      ending_ = true;
      end_status_ = grpc::Status(grpc::StatusCode::CANCELLED, "the client is gone");
    }
  }
  step_on();
}

void Subscription::end(const Failure& failure) {
  MutexLock lock(mutex_);
  if (ending_ || finished_) return;
  ending_ = true;
  end_status_ = to_status(failure);
  // Before the stream has begun nothing is under way, whatever `busy_` says.
  finished_ = true;
  Finish(end_status_);
}

void Subscription::OnCancel() { end(client_gone()); }

void Subscription::OnDone() {
  bool listed = false;
  {
    MutexLock lock(mutex_);
    listed = listed_;
  }
  if (listed) services_.hub.remove(identity_.actor.account, this);
  services_.streams.remove(this);
  self_.reset();  // May end this object: last.
}

}  // namespace starling::transport
