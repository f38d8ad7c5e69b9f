// One Presence call: a few small requests out, one message at a time in.
#pragma once

#include <deque>
#include <functional>
#include <memory>
#include <string>

#include "sdk/src/calls.h"
#include "sdk/src/channels.h"
#include "starling/v1/chat.pb.h"

namespace starling::sdk {

class PresenceStream : public grpc::ClientBidiReactor<v1::PresenceRequest, v1::PresenceResponse>,
                       public std::enable_shared_from_this<PresenceStream> {
 public:
  using MessageHandler = std::function<void(const v1::PresenceResponse&)>;
  using EndHandler = std::function<void(const Failure&)>;

  // The handlers run on the loop's thread; none after leave() or cancel().
  PresenceStream(CallHomePtr home, EndpointPtr endpoint, MessageHandler on_message,
                 EndHandler on_end);

  // All on the loop's thread.
  void start(const std::string& token);
  // Takes the place of one of its kind that still waits; a typing notice that finds too many of
  // them waiting is dropped.
  void offer(v1::PresenceRequest request) STARLING_EXCLUDES(mutex_);
  // Says goodbye; cancel() is still to follow, in case nobody answers.
  void leave() STARLING_EXCLUDES(mutex_);
  void cancel();

 private:
  void OnReadDone(bool ok) override;
  void OnWriteDone(bool ok) override;
  void OnDone(const grpc::Status& status) override;
  void write_next() STARLING_EXCLUDES(mutex_);
  void read_done(bool ok);
  void read();
  void release();

  const CallHomePtr home_;
  const EndpointPtr endpoint_;
  grpc::ClientContext context_;
  std::shared_ptr<PresenceStream> self_;  // Until OnDone.
  v1::PresenceResponse response_;         // Of the read under way.
  v1::PresenceRequest current_;           // Of the write under way.
  // The loop's:
  MessageHandler on_message_;
  EndHandler on_end_;
  bool reading_ = false;
  bool held_ = true;

  Mutex mutex_;
  std::deque<v1::PresenceRequest> out_ STARLING_GUARDED_BY(mutex_);
  bool writing_ STARLING_GUARDED_BY(mutex_) = false;
  bool broken_ STARLING_GUARDED_BY(mutex_) = false;   // A write has failed.
  bool leaving_ STARLING_GUARDED_BY(mutex_) = false;  // Half-closes once all is written.
  bool closed_ STARLING_GUARDED_BY(mutex_) = false;   // Has.
};

}  // namespace starling::sdk
