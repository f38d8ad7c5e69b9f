// One SendStream call. gRPC may call back from inside StartWrite and StartRead, so neither runs
// under the lock.
#include "sdk/src/send_stream.h"

#include <utility>

namespace starling::sdk {

SendStream::SendStream(CallHomePtr home, EndpointPtr endpoint, AnswersHandler on_answers,
                       EndHandler on_end)
    : home_(std::move(home)),
      endpoint_(std::move(endpoint)),
      on_answers_(std::move(on_answers)),
      on_end_(std::move(on_end)) {}

void SendStream::start(const std::string& token) {
  home_->calls.add();
  self_ = shared_from_this();
  context_.AddMetadata("authorization", "Bearer " + token);
  endpoint_->chat->async()->SendStream(&context_, this);
  AddHold();  // Lets the loop start writes between gRPC's own callbacks.
  StartRead(&response_);
  StartCall();
}

void SendStream::offer(SendRequestPtr request) {
  {
    MutexLock lock(mutex_);
    if (broken_ || unwritable_) return;
    out_.push_back(std::move(request));  // Bounded by the writer's own queue.
    if (writing_) return;
    writing_ = true;
  }
  write_next();
}

void SendStream::write_next() {
  grpc::WriteOptions options;
  const v1::SendRequest* next = nullptr;
  {
    MutexLock lock(mutex_);
    if (broken_ || unwritable_ || out_.empty()) {
      writing_ = false;
      return;
    }
    current_ = std::move(out_.front());
    next = current_.get();
    out_.pop_front();
    // More follows at once: one packet for many.
    if (!out_.empty()) options.set_buffer_hint();
  }
  StartWrite(next, options);
}

void SendStream::OnWriteDone(bool ok) {
  if (!ok) {
    // gRPC tells the stream's end only once all that came before it has been read: reading goes on.
    MutexLock lock(mutex_);
    unwritable_ = true;
    writing_ = false;
    out_.clear();
    return;
  }
  write_next();
}

void SendStream::OnReadDone(bool ok) {
  bool post = false;
  bool read = false;
  {
    MutexLock lock(mutex_);
    if (ok) in_.push_back(std::move(response_));
    if (!ok) broken_ = true;
    read = ok && !broken_ && in_.size() < kMaxAnswers;
    reading_ = read;
    post = !posted_;
    posted_ = true;
  }
  if (read) {
    response_.Clear();
    StartRead(&response_);
  }
  if (post && !home_->loop.post([self = shared_from_this()] { self->drain(); })) {
    context_.TryCancel();
    RemoveHold();
  }
}

void SendStream::drain() {
  std::vector<v1::SendStreamResponse> answers;
  bool read = false;
  bool over = false;
  {
    MutexLock lock(mutex_);
    posted_ = false;
    answers.swap(in_);
    over = broken_ && !reading_;
    read = !reading_ && !broken_;
    if (read) reading_ = true;
  }
  if (read) {
    response_.Clear();
    StartRead(&response_);
  }
  if (!answers.empty() && on_answers_) {
    const AnswersHandler handler = on_answers_;  // It may cancel, which clears the member.
    handler(answers);
  }
  if (over) release();
}

void SendStream::OnDone(const grpc::Status& status) {
  hand_over(home_, [self = std::move(self_), status] {
    self->ended_ = true;
    if (!self->on_end_) return;
    const EndHandler handler = std::move(self->on_end_);
    self->on_end_ = nullptr;
    handler(classify(status, reached_server(self->context_, status)));
  });
}

void SendStream::cancel() {
  on_answers_ = nullptr;
  on_end_ = nullptr;
  bool idle = false;
  {
    MutexLock lock(mutex_);
    broken_ = true;
    out_.clear();
    idle = !reading_ && !posted_;
  }
  context_.TryCancel();
  if (idle) release();
}

void SendStream::release() {
  if (!held_) return;
  held_ = false;
  RemoveHold();
}

}  // namespace starling::sdk
