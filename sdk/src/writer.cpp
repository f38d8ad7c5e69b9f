// The sends of one session: what goes out, and in what order.
#include "sdk/src/writer.h"

#include <algorithm>
#include <iterator>
#include <utility>

#include "sdk/src/convert.h"
#include "sdk/src/random.h"

namespace starling::sdk {
namespace {

constexpr milliseconds kBaseBackoff{10};
constexpr milliseconds kMaxBackoff{100};  // One request finds out for all: cheap enough.
// A stream that answers nothing for this long is left, unless its server is a primary that beats.
constexpr milliseconds kStall{1'500};
constexpr milliseconds kPrimaryStall{4'000};
constexpr milliseconds kConnectLook{2};  // Between looks at a connection that is being made.

}  // namespace

Writer::Writer(Env env, std::string token) : env_(std::move(env)), token_(std::move(token)) {}

void Writer::send(std::shared_ptr<v1::SendRequest> request, bool repeatable, Caller caller) {
  if (closed_) {
    caller.done(closed_error(false));
    return;
  }
  const std::string& id = request->write().request_id();
  const auto found = places_.find(id);
  if (found != places_.end()) {
    // The same write again: it shares the outcome.
    const v1::SendRequest& first = *found->second.at->request;
    if (first.conversation_id() != request->conversation_id() || first.body() != request->body() ||
        first.reply_to() != request->reply_to()) {
      Error error =
          make_error(ErrorCode::kInvalidArgument, "This request_id is in use for another message.");
      error.field = "request_id";
      caller.done(std::move(error));
      return;
    }
    found->second.at->callers.push_back(std::move(caller));
    watch_deadline(found->second.at);
    return;
  }
  request->mutable_write()->set_as_of_ms(env_.view.as_of_ms());
  Pending pending;
  pending.request = std::move(request);
  pending.repeatable = repeatable;
  pending.callers.push_back(std::move(caller));
  if (!take_up(pending)) pending.order = ++last_order_;
  auto before = waiting_.end();
  while (before != waiting_.begin() && std::prev(before)->order > pending.order) --before;
  const auto at = waiting_.insert(before, std::move(pending));
  places_.emplace(id, Place{at, false});
  watch_deadline(at);
  update_busy();
  pump();
}

// Offers what waits, in order, as far as it may.
void Writer::pump() {
  if (closed_ || waiting_.empty() || retry_timer_ != 0) return;
  if (stream_ == nullptr && !open_stream()) return;
  for (auto it = waiting_.begin(); it != waiting_.end();) {
    if (cautious_ && !offered_.empty()) return;
    const auto here = it++;
    const auto lane = lanes_.find(here->request->conversation_id());
    if (lane != lanes_.end() && !lane->second.settling.empty() &&
        here->order > *lane->second.settling.begin()) {
      continue;
    }
    offer(here);
  }
}

void Writer::offer(PendingList::iterator pending) {
  Lane& lane = lanes_[pending->request->conversation_id()];
  if (!pending->named) {
    // R4.3: the predecessor that is still unanswered when this one is first offered.
    pending->named = true;
    if (!lane.unanswered.empty()) {
      pending->request->set_after_request_id(lane.unanswered.rbegin()->second);
    }
    lane.unanswered.emplace(pending->order, pending->request->write().request_id());
  }
  offered_.splice(offered_.end(), waiting_, pending);
  places_[pending->request->write().request_id()].on_stream = true;
  stream_->offer(pending->request);
}

bool Writer::open_stream() {
  // Before any server has answered this client there is none that a stream could go to.
  const std::string address = env_.view.epoch() == 0 ? "" : env_.view.pick(last_failed_);
  if (address.empty()) {
    retry_after(kMaxBackoff);
    return false;
  }
  if (!connected(address)) return false;
  progress_at_ = SteadyClock::now();
  // A server that only forwards may know no primary yet.
  cautious_ = !env_.view.primary_usable();
  const std::weak_ptr<Writer> weak = weak_from_this();
  stream_ = std::make_shared<SendStream>(
      env_.home, std::exchange(endpoint_, nullptr),
      [weak](std::vector<v1::SendStreamResponse>& batch) {
        if (const auto self = weak.lock()) self->answers(batch);
      },
      [weak](const Failure& failure) {
        if (const auto self = weak.lock()) self->stream_ended(failure);
      });
  stream_->start(token_);
  return true;
}

// A request leaves only by a connection that stands. Without one it is certain that nothing was
// written, which gRPC does not tell of a call that ends while its connection is being made.
bool Writer::connected(const std::string& address) {
  endpoint_ = env_.channels.get(address);
  switch (endpoint_->channel->GetState(true)) {
    case GRPC_CHANNEL_READY:
      return true;
    case GRPC_CHANNEL_IDLE:
    case GRPC_CHANNEL_CONNECTING:
      retry_after(kConnectLook);  // gRPC ends an attempt that takes too long.
      return false;
    default:
      last_error_.clear();
      last_failed_ = address;
      env_.view.avoid(address, milliseconds(100));
      look_elsewhere();
      return false;
  }
}

// Everything on the stream is unanswered for good there: back in the queue, in order.
void Writer::drop_stream() {
  if (stream_ == nullptr) return;
  // One that has ended knows; one that is cancelled here may have got through, or may yet.
  const bool reached = !stream_->ended() || stream_->reached();
  stream_->cancel();
  stream_ = nullptr;
  for (Pending& pending : offered_) {
    if (reached) pending.may_have_happened = true;
    places_[pending.request->write().request_id()].on_stream = false;
  }
  const auto before = [](const Pending& a, const Pending& b) { return a.order < b.order; };
  offered_.sort(before);  // What was offered again stands behind its successors.
  waiting_.merge(offered_, before);
}

void Writer::requeue(PendingList::iterator pending) {
  places_[pending->request->write().request_id()].on_stream = false;
  auto before = waiting_.begin();
  while (before != waiting_.end() && before->order < pending->order) ++before;
  waiting_.splice(before, offered_, pending);
}

void Writer::answers(std::vector<v1::SendStreamResponse>& batch) {
  const std::shared_ptr<Writer> self = shared_from_this();
  for (v1::SendStreamResponse& response : batch) answer(response);
  pump();
  update_busy();
}

void Writer::answer(v1::SendStreamResponse& response) {
  const auto found = places_.find(response.request_id());
  if (found == places_.end()) return;  // Expired meanwhile; Void settles it.
  progress_at_ = SteadyClock::now();
  const PendingList::iterator pending = found->second.at;
  if (response.code() == 0) {
    env_.view.heard(response.sent().header());
    attempts_ = 0;
    cautious_ = false;
    last_failed_.clear();
    Message message = from_wire(response.sent().message());
    forget(pending->request->conversation_id(), pending->order);
    finish(pending, std::move(message));
    return;
  }
  if (!found->second.on_stream) return;  // A late refusal of an earlier offer.
  refused(pending, classify(response.code(), response.error(), response.detail()));
}

void Writer::refused(PendingList::iterator pending, const Failure& failure) {
  last_error_ = reason_text(failure);
  if (!failure.retryable) {
    Error error = to_error(failure);
    error.may_have_happened = (pending->may_have_happened || failure.may_have_happened) &&
                              !is_outcome(failure.detail.reason());
    const std::int64_t conversation = pending->request->conversation_id();
    const Lane& lane = lanes_[conversation];
    const bool is_last =
        lane.unanswered.empty() || lane.unanswered.rbegin()->first == pending->order;
    // Successors that name it wait for it or for its Void.
    if (!is_last || error.may_have_happened) {
      pending->repeatable = false;  // It would be refused again.
      settle(*pending);
    } else {
      forget(conversation, pending->order);
    }
    finish(pending, error);
    return;
  }
  if (failure.may_have_happened) pending->may_have_happened = true;
  requeue(pending);
  switch (failure.detail.reason()) {
    case v1::REASON_OUT_OF_ORDER: {
      // Its predecessor was refused before it, and goes first when both are offered again. When
      // there is none left that could be waited for, the name has served its purpose.
      const Lane& lane = lanes_[pending->request->conversation_id()];
      const bool first = lane.unanswered.begin()->first == pending->order;
      if (++pending->refusals > 1 && first) {
        auto renamed = std::make_shared<v1::SendRequest>(*pending->request);
        renamed->clear_after_request_id();
        pending->request = std::move(renamed);
      }
      if (pending->refusals == 1) {
        retry_after(milliseconds(0));
      } else {
        retry_with_backoff();
      }
      return;
    }
    case v1::REASON_OVERLOADED:
    case v1::REASON_CONFLICT:
      retry_with_backoff();
      return;
    default:
      break;
  }
  cautious_ = true;
  env_.view.hint(failure.detail.primary_address());
  const bool elsewhere = stream_ != nullptr && env_.view.primary_usable() &&
                         env_.view.primary_address() != stream_->address();
  if (elsewhere) {
    drop_stream();
    retry_after(milliseconds(0));
    return;
  }
  if (failure.detail.reason() == v1::REASON_DRAINING && stream_ != nullptr) {
    last_failed_ = stream_->address();
    drop_stream();
  }
  retry_with_backoff();
}

void Writer::stream_ended(const Failure& failure) {
  const std::shared_ptr<Writer> self = shared_from_this();
  last_error_ = failure.typed ? reason_text(failure) : "";
  last_failed_ = stream_ != nullptr ? stream_->address() : "";
  const bool over = failure.code == grpc::StatusCode::OK;  // The server let go of the stream.
  if (!failure.typed && !over && !broken_connection(failure)) {
    last_error_ = strange_error(last_failed_, failure).message;
  }
  drop_stream();
  if (!failure.retryable && !over) {
    fail_all(to_error(failure));
    update_busy();
    return;
  }
  if (!failure.typed && !last_failed_.empty()) env_.view.avoid(last_failed_, milliseconds(100));
  env_.view.hint(failure.detail.primary_address());
  look_elsewhere();
}

void Writer::look_elsewhere() {
  const bool elsewhere = env_.view.primary_usable() && env_.view.primary_address() != last_failed_;
  // The first time another server is asked at once: it may know the new primary already.
  if (elsewhere || attempts_ == 0) {
    ++attempts_;
    retry_after(milliseconds(0));
  } else {
    retry_with_backoff();
  }
}

// Nothing is offered before the timer; the soonest that was asked for wins.
void Writer::retry_after(milliseconds delay) {
  if (closed_) return;
  const TimePoint when = SteadyClock::now() + delay;
  if (retry_timer_ != 0 && retry_at_ <= when) return;
  env_.home->loop.cancel(retry_timer_);
  retry_at_ = when;
  const std::weak_ptr<Writer> weak = weak_from_this();
  retry_timer_ = env_.home->loop.at(when, [weak] {
    const auto self = weak.lock();
    if (self == nullptr) return;
    self->retry_timer_ = 0;
    self->pump();
  });
}

// However many sends one refusal hits, it counts as one attempt.
void Writer::retry_with_backoff() {
  if (retry_timer_ == 0) retry_after(backoff(attempts_++, kBaseBackoff, kMaxBackoff));
}

void Writer::view_changed() {
  if (closed_ || (waiting_.empty() && offered_.empty())) {
    // An idle stream to a server that is no longer the best is not worth keeping.
    if (stream_ != nullptr && env_.view.primary_usable() &&
        stream_->address() != env_.view.primary_address()) {
      drop_stream();
    }
    return;
  }
  if (!env_.view.primary_usable()) return;
  if (stream_ != nullptr && stream_->address() != env_.view.primary_address()) drop_stream();
  // A primary is known: all that waits goes there now.
  env_.home->loop.cancel(retry_timer_);
  last_failed_.clear();
  cautious_ = false;
  pump();
}

void Writer::server_lost(const std::string& address) {
  if (closed_ || stream_ == nullptr || stream_->address() != address) return;
  last_failed_ = address;
  drop_stream();
  attempts_++;
  pump();
}

void Writer::tick() {
  if (closed_) return;
  for (auto lane = lanes_.begin(); lane != lanes_.end();) {
    const auto here = lane++;
    if (!here->second.repeatable.empty()) void_oldest(here->first);
  }
  if (stream_ == nullptr) return;
  if (env_.view.primary_usable() && stream_->address() != env_.view.primary_address()) {
    view_changed();
    return;
  }
  if (offered_.empty()) return;
  const Health& health = env_.view.health(stream_->address());
  const bool vouched = health.live && stream_->address() == env_.view.primary_address();
  if (SteadyClock::now() - progress_at_ < (vouched ? kPrimaryStall : kStall)) return;
  last_failed_ = stream_->address();
  drop_stream();
  pump();
}

void Writer::close() {
  const std::shared_ptr<Writer> self = shared_from_this();
  closed_ = true;
  drop_stream();
  env_.home->loop.cancel(retry_timer_);
  env_.home->loop.cancel(deadline_timer_);
  fail_all(closed_error(false));
  lanes_.clear();
}

}  // namespace starling::sdk
