// One SendStream call: requests go out in the order offered, answers come back in batches.
#pragma once

#include <deque>
#include <functional>
#include <memory>
#include <vector>

#include "sdk/src/calls.h"
#include "sdk/src/channels.h"
#include "starling/v1/chat.pb.h"

namespace starling::sdk {

using SendRequestPtr = std::shared_ptr<const v1::SendRequest>;

class SendStream : public grpc::ClientBidiReactor<v1::SendRequest, v1::SendStreamResponse>,
                   public std::enable_shared_from_this<SendStream> {
 public:
  using AnswersHandler = std::function<void(std::vector<v1::SendStreamResponse>&)>;
  using EndHandler = std::function<void(const Failure&)>;

  // The handlers run on the loop's thread; none after cancel().
  SendStream(CallHomePtr home, EndpointPtr endpoint, AnswersHandler on_answers, EndHandler on_end);

  // All on the loop's thread.
  void start(const std::string& token);
  void offer(SendRequestPtr request) STARLING_EXCLUDES(mutex_);
  void cancel() STARLING_EXCLUDES(mutex_);
  // Whether a server may have seen what was offered.
  bool reached() const { return reached_server(context_); }
  bool ended() const { return ended_; }
  const std::string& address() const { return endpoint_->address; }

 private:
  // Past this many answers that the loop has not taken, the stream stops reading.
  static constexpr std::size_t kMaxAnswers = 1'024;

  void OnWriteDone(bool ok) override;
  void OnReadDone(bool ok) override;
  void OnDone(const grpc::Status& status) override;
  void write_next() STARLING_EXCLUDES(mutex_);
  void drain() STARLING_EXCLUDES(mutex_);
  void release();

  const CallHomePtr home_;
  const EndpointPtr endpoint_;
  grpc::ClientContext context_;
  std::shared_ptr<SendStream> self_;  // Until OnDone.
  v1::SendStreamResponse response_;   // Of the read under way.
  SendRequestPtr current_;            // Of the write under way.
  // The loop's:
  AnswersHandler on_answers_;
  EndHandler on_end_;
  bool held_ = true;
  bool ended_ = false;

  Mutex mutex_;
  std::deque<SendRequestPtr> out_ STARLING_GUARDED_BY(mutex_);
  std::vector<v1::SendStreamResponse> in_ STARLING_GUARDED_BY(mutex_);
  bool writing_ STARLING_GUARDED_BY(mutex_) = false;
  bool reading_ STARLING_GUARDED_BY(mutex_) = true;
  bool posted_ STARLING_GUARDED_BY(mutex_) = false;
  bool unwritable_ STARLING_GUARDED_BY(mutex_) = false;  // A write has failed.
  bool broken_ STARLING_GUARDED_BY(mutex_) = false;      // A read has, or it was cancelled.
};

}  // namespace starling::sdk
