// One subscription: a Subscribe stream that resumes by cursor on whichever server is well, and
// gives each event once, in order.
#pragma once

#include <deque>
#include <functional>
#include <memory>
#include <optional>
#include <string>

#include "sdk/src/calls.h"
#include "sdk/src/channels.h"
#include "sdk/src/dispatcher.h"
#include "sdk/src/view.h"
#include "starling/result.h"
#include "starling/types.h"
#include "starling/v1/chat.pb.h"

namespace starling::sdk {

class Subscriber : public std::enable_shared_from_this<Subscriber> {
 public:
  struct Env {
    CallHomePtr home;
    ChannelPool& channels;
    View& view;
    Dispatcher& dispatcher;
    // On the loop's thread, of each message that is told, before it is given out.
    std::function<void(const Message&)> on_message;
  };
  using OnEvent = std::function<void(const Event&)>;
  // Events held for a slow consumer; at this many the stream is not read (flow control).
  static constexpr std::size_t kWindow = 1'024;

  Subscriber(Env env, std::string token, std::optional<Cursor> after, OnEvent on_event,
             std::string pinned);

  // From any thread.
  Result<Event> next(milliseconds timeout) STARLING_EXCLUDES(mutex_);
  // Until the stream stands (a position is known), ended, or the deadline passed.
  Status wait_until_standing(TimePoint deadline) STARLING_EXCLUDES(mutex_);
  Cursor cursor() const STARLING_EXCLUDES(mutex_);
  // No callback starts after this; waits a little for the one that runs.
  void end(Error reason) STARLING_EXCLUDES(mutex_);

  // On the loop's thread.
  void start();
  void stop();
  void server_lost(const std::string& address);
  void tick();
  // Where the stream is, or was last asked for; empty before that.
  const std::string& server() const { return address_; }

 private:
  using Reader = StreamReader<v1::SubscribeResponse>;

  void open();
  void reopen(milliseconds delay);
  void arrived(v1::SubscribeResponse& response);
  void hand_over(std::deque<Event> events) STARLING_EXCLUDES(mutex_);
  void run_callbacks(const std::deque<Event>& events) STARLING_EXCLUDES(mutex_);
  void read_on();
  void ended(const Failure& failure);
  void finish(Error error) STARLING_EXCLUDES(mutex_);
  bool newer(const Cursor& cursor) const;

  Env env_;
  const std::string token_;
  const OnEvent on_event_;
  const std::string pinned_;

  // The loop's:
  std::shared_ptr<Reader> reader_;
  std::string address_;
  std::optional<Cursor> position_;  // Everything up to here has arrived.
  int attempts_ = 0;
  Loop::TimerId timer_ = 0;
  TimePoint no_quorum_since_{};
  bool stopped_ = false;

  mutable Mutex mutex_;
  CondVar changed_;
  std::deque<Event> queue_ STARLING_GUARDED_BY(mutex_);
  std::size_t in_callbacks_ STARLING_GUARDED_BY(mutex_) = 0;
  std::optional<Error> end_ STARLING_GUARDED_BY(mutex_);  // Told behind what has arrived.
  bool dropped_ STARLING_GUARDED_BY(mutex_) = false;      // Nobody wants that any more.
  Cursor given_ STARLING_GUARDED_BY(mutex_);
  bool standing_ STARLING_GUARDED_BY(mutex_) = false;
  bool paused_ STARLING_GUARDED_BY(mutex_) = false;
  bool running_ STARLING_GUARDED_BY(mutex_) = false;
};

}  // namespace starling::sdk
