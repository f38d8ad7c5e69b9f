// Unary operations: one deadline over all attempts.
#include "sdk/src/caller.h"

#include <algorithm>
#include <utility>
#include <vector>

#include "sdk/src/random.h"

namespace starling::sdk {
namespace {

constexpr milliseconds kBaseBackoff{10};
constexpr milliseconds kMaxBackoff{250};
// How long one attempt may take at a server that no watch stream vouches for; doubles with each.
constexpr milliseconds kUnwatchedAttempt{1'500};
constexpr milliseconds kAvoid{100};
constexpr milliseconds kTimeUnknown{10};
// Between looks at a connection that is being made.
constexpr milliseconds kConnectLook{2};
constexpr milliseconds kMaxConnectLook{20};

}  // namespace

Caller::Caller(CallHomePtr home, ChannelPool& channels, View& view,
               std::function<void(const std::string&)> suspect)
    : home_(std::move(home)), channels_(channels), view_(view), suspect_(std::move(suspect)) {}

void Caller::submit(const OperationPtr& operation) {
  if (!home_->loop.post([this, operation] { begin(operation); })) {
    operation->fail(closed_error(false));
  }
}

void Caller::begin(const OperationPtr& operation) {
  if (closed_) {
    operation->fail(closed_error(false));
    return;
  }
  if (running_.size() + waiting_.size() >= kMaxOperations) {
    operation->fail(too_many_calls());
    return;
  }
  attempt(operation);
}

TimePoint Caller::attempt_deadline(const Operation& operation, const std::string& address) {
  const Health& health = view_.health(address);
  if (!operation.pinned.empty() ||
      (health.live && !health.suspect && address == view_.primary_address())) {
    return operation.deadline;  // A hang shows in the beats, and server_lost cancels the attempt.
  }
  const int doublings = std::min(operation.attempts_, 4);
  return std::min(operation.deadline, SteadyClock::now() + kUnwatchedAttempt * (1 << doublings));
}

void Caller::attempt(const OperationPtr& operation) {
  home_->loop.cancel(operation->timer_);
  waiting_.erase(operation);
  const TimePoint now = SteadyClock::now();
  if (operation->deadline <= now) {
    out_of_time(operation);
    return;
  }
  if (view_.epoch() == 0 && operation->pinned.empty()) {
    // No server has answered this client yet. The first one that does wakes everybody (kick).
    wait(operation, std::chrono::ceil<milliseconds>(operation->deadline - now));
    return;
  }
  if (!operation->prepared_) {
    if (operation->write && view_.as_of_ms() == 0) {
      // A cluster that has just begun tells no time yet; a write without one would be refused.
      wait(operation, kTimeUnknown);
      return;
    }
    operation->prepare(view_);
    operation->prepared_ = true;
  }
  std::string address = operation->pinned;
  if (address.empty()) {
    address = operation->attempts_ == 0 && !operation->first.empty()
                  ? operation->first
                  : view_.pick(operation->last_tried_);
  }
  if (address.empty()) {
    wait(operation, kMaxBackoff);
    return;
  }
  operation->endpoint_ = channels_.get(address);
  if (operation->write && !connected(operation, address)) return;
  const TimePoint deadline = attempt_deadline(*operation, address);
  operation->attempts_++;
  operation->last_tried_ = address;
  operation->abandoned_ = false;
  operation->context_ = std::make_unique<grpc::ClientContext>();
  operation->context_->set_deadline(std::chrono::system_clock::now() + (deadline - now));
  if (!operation->token.empty()) {
    operation->context_->AddMetadata("authorization", "Bearer " + operation->token);
  }
  running_.insert(operation);
  home_->calls.add();
  auto done = [this, owner = operation, home = home_](const grpc::Status& status) mutable {
    hand_over(home, [this, owner = std::move(owner), status] { finished(owner, status); });
  };
  operation->issue(*operation->endpoint_, operation->context_.get(), std::move(done));
}

// As for sends: a write leaves only by a connection that stands. Without one it is certain that
// nothing was written, which gRPC does not tell of a call that ends while its connection is being
// made.
bool Caller::connected(const OperationPtr& operation, const std::string& address) {
  switch (operation->endpoint_->channel->GetState(true)) {
    case GRPC_CHANNEL_READY:
      operation->unreached_ = false;
      operation->looks_ = 0;
      return true;
    case GRPC_CHANNEL_IDLE:
    case GRPC_CHANNEL_CONNECTING:  // gRPC ends an attempt that takes too long.
      operation->unreached_ = true;
      wait(operation, backoff(operation->looks_++, kConnectLook, kMaxConnectLook));
      return false;
    default:
      break;
  }
  operation->unreached_ = true;
  operation->looks_ = 0;
  operation->last_tried_ = address;
  Failure failure;
  failure.code = grpc::StatusCode::UNAVAILABLE;
  failure.retryable = true;
  if (operation->pinned.empty()) {
    retry(operation, failure);
  } else {
    fail_pinned(operation, failure, false);
  }
  return false;
}

void Caller::finished(const OperationPtr& operation, const grpc::Status& status) {
  running_.erase(operation);
  const bool reached = reached_server(*operation->context_, status);
  if (status.ok()) {
    answered(operation);
    return;
  }
  Failure failure = classify(status, reached);
  if (operation->write && failure.may_have_happened) operation->may_have_happened_ = true;
  if (closed_) {
    operation->fail(closed_error(operation->may_have_happened_));
    return;
  }
  if (operation->cancelled_) {
    operation->fail(
        cancelled_error(operation->write && (operation->may_have_happened_ || reached)));
    return;
  }
  if (!operation->pinned.empty()) {
    fail_pinned(operation, failure, reached);
    return;
  }
  if (operation->may_have_happened_ && operation->done_when != v1::REASON_UNSPECIFIED &&
      operation->done_when == failure.detail.reason()) {
    operation->succeed();
    return;
  }
  if (unknown_call(failure)) operation->unknown_at_.insert(operation->last_tried_);
  if (!failure.retryable || unknown_everywhere(*operation)) {
    Error error = to_error(failure);
    error.may_have_happened = operation->may_have_happened_ && !is_outcome(failure.detail.reason());
    operation->fail(std::move(error));
    return;
  }
  retry(operation, failure);
}

void Caller::answered(const OperationPtr& operation) {
  if (const v1::ResponseHeader* header = operation->header()) view_.heard(*header);
  if (!operation->next()) {
    operation->succeed();
  } else if (closed_) {
    operation->fail(closed_error(false));
  } else if (operation->cancelled_) {
    operation->fail(cancelled_error(false));
  } else {
    operation->attempts_ = 0;
    operation->waits_ = 0;
    operation->looks_ = 0;
    operation->last_tried_.clear();
    operation->unknown_at_.clear();
    operation->last_failure_ = Failure();
    operation->prepared_ = false;
    attempt(operation);
  }
}

void Caller::fail_pinned(const OperationPtr& operation, const Failure& failure, bool reached) {
  Error error = to_error(failure);
  error.may_have_happened = operation->may_have_happened_;
  if (!failure.typed && !broken_connection(failure) && !unknown_call(failure)) {
    error = strange_error(operation->pinned, failure);
    error.may_have_happened = operation->may_have_happened_;
  } else if (broken_connection(failure)) {
    error.code = reached && failure.code == grpc::StatusCode::DEADLINE_EXCEEDED
                     ? ErrorCode::kDeadlineExceeded
                     : ErrorCode::kUnavailable;
    error.message = "The server at " + operation->pinned + " did not answer.";
  }
  operation->fail(std::move(error));
}

// All that could be asked have said that they do not know the call: asking again is of no use.
bool Caller::unknown_everywhere(const Operation& operation) const {
  if (operation.unknown_at_.empty()) return false;
  const std::vector<std::string> all = view_.candidates();
  return std::all_of(all.begin(), all.end(), [&operation](const std::string& one) {
    return operation.unknown_at_.contains(one);
  });
}

void Caller::retry(const OperationPtr& operation, const Failure& failure) {
  const std::string address = operation->last_tried_;
  operation->last_failure_ = failure;
  view_.hint(failure.detail.primary_address());
  milliseconds delay = backoff(operation->waits_++, kBaseBackoff, kMaxBackoff);
  if (!failure.typed && !operation->abandoned_) {
    // A broken connection, or an attempt that took too long: somebody else is asked at once.
    view_.avoid(address, kAvoid);
    suspect_(address);
  }
  switch (failure.detail.reason()) {
    case v1::REASON_NO_PRIMARY:
    case v1::REASON_OVERLOADED:
    case v1::REASON_CONFLICT:
      operation->last_tried_.clear();  // Not the server's fault.
      break;
    default:
      // One that has not been tried yet is asked with no wait.
      if (operation->waits_ <= 2 && view_.pick(address) != address) delay = milliseconds(0);
      break;
  }
  wait(operation, delay);
}

void Caller::wait(const OperationPtr& operation, milliseconds delay) {
  const TimePoint when = std::min(SteadyClock::now() + delay, operation->deadline);
  waiting_.insert(operation);
  operation->timer_ = home_->loop.at(when, [this, operation] {
    operation->timer_ = 0;
    attempt(operation);
  });
}

void Caller::out_of_time(const OperationPtr& operation) {
  const Failure& failure = operation->last_failure_;
  const std::string late = within(operation->timeout);
  const char* unchanged = operation->write ? "; nothing was changed." : ".";
  Error error;
  bool strange = false;
  const bool hung = failure.code == grpc::StatusCode::DEADLINE_EXCEEDED && !failure.typed;
  if (hung) {
    error = make_error(ErrorCode::kDeadlineExceeded, "No server answered" + late + ".");
  } else if (failure.detail.reason() == v1::REASON_OVERLOADED ||
             failure.detail.reason() == v1::REASON_CONFLICT) {
    error = to_error(failure);
  } else if (failure.typed) {
    error = make_error(ErrorCode::kUnavailable,
                       "It could not be done" + late + ": " + reason_text(failure) + unchanged);
  } else if (operation->attempts_ > 0 && !operation->unreached_ && !broken_connection(failure)) {
    error = strange_error(operation->last_tried_, failure);
    strange = true;
  } else if (operation->attempts_ == 0 && view_.epoch() != 0 && !operation->unreached_ &&
             !view_.pick().empty()) {
    error = make_error(ErrorCode::kUnavailable,
                       "It could not be done" + late + ": " + kNoPrimary + unchanged);
  } else {
    const bool free = operation->pinned.empty();
    error = unreached_error(free ? view_.candidates() : std::vector{operation->pinned},
                            operation->timeout, free ? view_.others() : std::vector<std::string>());
  }
  // Whatever the last attempt met: an earlier one may have got through.
  if (operation->may_have_happened_) {
    error.message = "Nobody answered" + late +
                    "; it may have happened: look before you ask for it again." +
                    (strange ? " " + error.message : "");
  }
  error.retryable = true;
  error.may_have_happened = operation->may_have_happened_;
  operation->fail(std::move(error));
}

void Caller::kick() {
  if (waiting_.empty()) return;
  const std::vector<OperationPtr> all(waiting_.begin(), waiting_.end());
  for (const OperationPtr& operation : all) attempt(operation);
}

void Caller::server_lost(const std::string& address) {
  for (const OperationPtr& operation : running_) {
    if (operation->pinned.empty() && operation->endpoint_->address == address) {
      operation->abandoned_ = true;
      operation->context_->TryCancel();
    }
  }
}

void Caller::cancel(const OperationPtr& operation) {
  home_->loop.post([this, operation] {
    operation->cancelled_ = true;
    if (running_.contains(operation)) {
      operation->context_->TryCancel();
    } else if (waiting_.erase(operation) > 0) {
      home_->loop.cancel(operation->timer_);
      operation->fail(cancelled_error(operation->may_have_happened_));
    }
  });
}

void Caller::close() {
  closed_ = true;
  for (const OperationPtr& operation : running_) operation->context_->TryCancel();
  const std::vector<OperationPtr> all(waiting_.begin(), waiting_.end());
  waiting_.clear();
  for (const OperationPtr& operation : all) {
    home_->loop.cancel(operation->timer_);
    operation->fail(closed_error(operation->may_have_happened_));
  }
}

}  // namespace starling::sdk
