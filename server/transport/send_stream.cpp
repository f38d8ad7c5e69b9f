// Implements server/transport/send_stream.h.
#include "server/transport/send_stream.h"

#include "server/transport/send_relay.h"

namespace starling::transport {

namespace {

constexpr std::chrono::milliseconds kAuthoriseEvery{250};

// What the primary told at the end of its stream; of one that broke nobody knows what happened.
Failure end_of_relay(const grpc::Status& status) {
  pb::ErrorDetail detail;
  Failure failure = primary_lost("");
  if (status.ok() || status.error_details().empty() ||
      !detail.ParseFromString(status.error_details())) {
    return failure;
  }
  failure.code = status.error_code();
  failure.message = status.error_message();
  failure.reason = detail.reason();
  failure.retryable = detail.retryable();
  failure.may_have_happened = detail.may_have_happened();
  failure.primary_address = detail.primary_address();
  return failure;
}

}  // namespace

grpc::ServerBidiReactor<grpc::ByteBuffer, grpc::ByteBuffer>* start_send_stream(
    Services& services, grpc::CallbackServerContext* context) {
  const auto stream = std::make_shared<SendStream>(services, context);
  stream->start();
  return stream.get();  // It holds itself until OnDone.
}

SendStream::SendStream(Services& services, grpc::CallbackServerContext* context)
    : services_(services), context_(context), credential_(credential_of(*context)) {}

void SendStream::start() {
  self_ = shared_from_this();
  if (!services_.streams.add(weak_from_this()) || services_.draining.load()) {
    end_with(to_status(draining()));
    return;
  }
  if (!credential_.present) {
    end_with(to_status(unauthenticated("this call needs a session token")));
    return;
  }
  const NodeStatus status = services_.backend.status();
  if (status.role == ServerRole::kPrimary) {
    services_.authenticate(
        credential_.hash,
        [self = shared_from_this()](const std::optional<Failure>& failure, const Identity& who) {
          self->begin_local(failure, who);
        });
  } else if (is_forwarded(*context_)) {
    end_with(to_status(not_primary(status.primary_address)));
  } else if (status.primary == core::kNoNode || status.primary_address.empty() ||
             status.primary == services_.options.id) {
    end_with(to_status(no_primary()));
  } else {
    begin_relay(status);
  }
}

void SendStream::begin_local(const std::optional<Failure>& failure, const Identity& identity) {
  if (failure) {
    end_with(to_status(*failure));
    return;
  }
  identity_ = identity;
  authorised_at_ = std::chrono::steady_clock::now();
  read_on();
}

void SendStream::begin_relay(const NodeStatus& status) {
  relayed_ = true;
  const auto relay = std::make_shared<SendRelay>(shared_from_this(), services_.pending.token());
  {
    MutexLock lock(mutex_);
    if (finished_ || ending_ || broken_) return;  // Nobody would cancel it any more.
    relay_ = relay;
    relay_to_ = status.primary;
  }
  relay->start(services_.forwarder.channel(status.primary_address), credential_.bearer);
  read_on();
}

std::shared_ptr<SendRelay> SendStream::relay_now() {
  MutexLock lock(mutex_);
  return relay_;
}

// Reads the next request unless the window is full or the stream ends.
void SendStream::read_on() {
  MutexLock lock(mutex_);
  if (finished_ || ending_ || broken_) return;
  if (unanswered_ >= services_.options.send_window) {
    paused_ = true;
    return;
  }
  StartRead(&incoming_);
}

void SendStream::OnReadDone(bool ok) {
  if (!ok) {
    if (const auto relay = relay_now()) relay->writes_done();
    end_with(grpc::Status::OK);  // The client has sent all it wanted to.
    return;
  }
  {
    MutexLock lock(mutex_);
    if (ending_ || broken_) return;  // Not taken: nothing happened.
    ++unanswered_;
  }
  std::string field;
  request_.Clear();
  if (!parse(incoming_, request_, field)) {
    answer_failure(request_.write().request_id(), malformed(field));
  } else if (const Invalid invalid = validate(request_)) {
    answer_failure(request_.write().request_id(), *invalid);
  } else if (!take(request_)) {
    return;
  }
  read_on();
}

bool SendStream::take(pb::SendRequest& request) {
  if (relayed_) {
    relay(request.write().request_id());
  } else if (services_.draining.load()) {
    answer_failure(request.write().request_id(), draining());
    end_with(to_status(draining()));
  } else if (std::chrono::steady_clock::now() - authorised_at_ >= kAuthoriseEvery) {
    return take_after_check();
  } else {
    propose(request);
  }
  return true;
}

void SendStream::relay(const std::string& request_id) {
  std::shared_ptr<SendRelay> relay;
  {
    // In one step: relay_ended() answers what is listed when it comes, and nothing after that.
    MutexLock lock(mutex_);
    relay = relay_;
    if (relay) relayed_ids_.insert(request_id);
  }
  if (relay) {
    relay->write(incoming_);
  } else {
    answer_failure(request_id, primary_lost(""));
  }
}

// Looks the session up again, on the pool, and goes on from there. Nothing is read meanwhile, so
// the request stays as it is.
bool SendStream::take_after_check() {
  const bool queued = services_.disk.submit([self = shared_from_this()] {
    Identity same;
    const AuthResult result = self->services_.auth.check(self->credential_.hash, same);
    if (result == AuthResult::kOk) {
      self->authorised_at_ = std::chrono::steady_clock::now();
      self->propose(self->request_);
    } else {
      const Failure failure = failure_of(result);
      self->answer_failure(self->request_.write().request_id(), failure);
      self->end_with(to_status(failure));
    }
    self->read_on();
  });
  if (!queued) answer_failure(request_.write().request_id(), too_many_reads());
  return !queued;
}

void SendStream::propose(pb::SendRequest& request) {
  const chat::Command command = send_command(request, identity_.actor);
  // The answer needs all but the body, which stays behind.
  pb::SendRequest ids;
  ids.mutable_write()->set_request_id(request.write().request_id());
  ids.set_conversation_id(request.conversation_id());
  ids.set_reply_to(request.reply_to());
  services_.backend.propose(chat::encode(command),
                            [self = shared_from_this(), ids = std::move(ids)](
                                const ProposeResult& result) { self->proposed(ids, result); });
}

void SendStream::proposed(const pb::SendRequest& request, const ProposeResult& result) {
  Failure failure;
  const bool role_lost =
      result.error == ProposeError::kNotPrimary || result.error == ProposeError::kPrimaryLost;
  const std::string hint = role_lost ? services_.backend.status().primary_address : std::string();
  if (failure_of(result, hint, failure)) {
    answer_failure(request.write().request_id(), failure);
    // The client goes on at the new primary.
    if (role_lost || result.error == ProposeError::kDraining) end_with(to_status(failure));
    return;
  }
  pb::SendStreamResponse response;
  response.set_request_id(request.write().request_id());
  fill_sent(services_, request, identity_, result, *response.mutable_sent());
  grpc::ByteBuffer bytes;
  serialize(response, bytes);
  answer(bytes);
}

void SendStream::answer_failure(const std::string& request_id, const Failure& failure) {
  pb::SendStreamResponse response;
  response.set_request_id(request_id);
  response.set_code(failure.code);
  response.set_error(failure.message);
  fill_detail(failure, *response.mutable_detail());
  grpc::ByteBuffer bytes;
  serialize(response, bytes);
  answer(bytes);
}

void SendStream::answer(grpc::ByteBuffer& bytes) {
  bool resume = false;
  {
    MutexLock lock(mutex_);
    --unanswered_;
    if (!broken_ && !finished_) queue_.push_back(std::move(bytes));
    if (paused_ && unanswered_ <= services_.options.send_window / 2) {
      paused_ = false;
      resume = true;
    }
    pump();
  }
  if (resume) read_on();
}

void SendStream::relayed(grpc::ByteBuffer& bytes) {
  pb::SendStreamResponse response;
  std::string field;
  if (!parse(bytes, response, field)) return;
  {
    MutexLock lock(mutex_);
    const auto found = relayed_ids_.find(response.request_id());
    if (found == relayed_ids_.end()) return;
    relayed_ids_.erase(found);
  }
  answer(bytes);
}

// A primary that ends its stream has answered all that it took: its reason is the answer to the
// rest.
void SendStream::relay_ended(const grpc::Status& status) {
  std::unordered_multiset<std::string> lost;
  const Failure failure = end_of_relay(status);
  {
    MutexLock lock(mutex_);
    relay_.reset();  // Not its end: it holds itself up to there.
    lost.swap(relayed_ids_);
    if (status.ok() && lost.empty()) {
      if (!ending_) end_status_ = to_status(no_primary());
    } else {
      end_status_ = to_status(failure);
    }
    ending_ = true;
  }
  for (const std::string& id : lost) answer_failure(id, failure);
  MutexLock lock(mutex_);
  pump();
}

// Ends the stream once everything taken has been answered; the first reason counts.
void SendStream::end_with(const grpc::Status& status) {
  MutexLock lock(mutex_);
  if (!ending_) {
    ending_ = true;
    end_status_ = status;
  }
  pump();
}

void SendStream::end(const Failure& failure) {
  end_with(to_status(failure));
  if (const auto relay = relay_now()) relay->cancel();
}

void SendStream::primary_changed(core::NodeId primary) {
  std::shared_ptr<SendRelay> relay;
  {
    MutexLock lock(mutex_);
    if (primary != relay_to_) relay = relay_;
  }
  if (relay) relay->cancel();
}

void SendStream::OnWriteDone(bool ok) {
  MutexLock lock(mutex_);
  writing_ = false;
  if (!ok) {
    broken_ = true;
    queue_.clear();
  }
  pump();
}

void SendStream::OnCancel() {
  if (const auto relay = relay_now()) relay->cancel();
  MutexLock lock(mutex_);
  broken_ = true;
  queue_.clear();
  pump();
}

void SendStream::pump() {
  if (finished_ || writing_) return;
  if (!queue_.empty()) {
    writing_bytes_ = std::move(queue_.front());
    queue_.pop_front();
    writing_ = true;
    grpc::WriteOptions options;
    if (!queue_.empty()) options.set_buffer_hint();  // One flush for all that wait.
    StartWrite(&writing_bytes_, options);
  } else if (broken_ || (ending_ && unanswered_ == 0)) {
    finished_ = true;
    Finish(broken_ ? grpc::Status(grpc::StatusCode::CANCELLED, "the client is gone") : end_status_);
  }
}

void SendStream::OnDone() {
  // gRPC calls it behind every other reaction, which may still be on its way out of the lock.
  { MutexLock lock(mutex_); }
  services_.streams.remove(this);
  self_.reset();  // May end this object: last.
}

}  // namespace starling::transport
