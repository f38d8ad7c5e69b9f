// One client's inside: joins the view, the watcher, the caller, the writers and the subscriptions
// on one loop, and turns what they notice into cluster events.
#pragma once

#include <algorithm>
#include <atomic>
#include <map>
#include <memory>
#include <optional>
#include <set>
#include <string>
#include <utility>
#include <vector>

#include "sdk/src/ask.h"
#include "sdk/src/caller.h"
#include "sdk/src/calls.h"
#include "sdk/src/channels.h"
#include "sdk/src/dispatcher.h"
#include "sdk/src/fields.h"
#include "sdk/src/presence_watcher.h"
#include "sdk/src/subscriber.h"
#include "sdk/src/view.h"
#include "sdk/src/watcher.h"
#include "sdk/src/writer.h"
#include "starling/client.h"

namespace starling::sdk {

// Where a blocking call waits for its answer.
template <typename T>
class Waiter {
 public:
  void set(Result<T> result) STARLING_EXCLUDES(mutex_) {
    MutexLock lock(mutex_);
    if (!result_.has_value()) result_.emplace(std::move(result));
    ready_.notify_all();
  }
  // The operation ends at its own deadline; this later one only guards against a lost answer.
  Result<T> wait(TimePoint deadline) STARLING_EXCLUDES(mutex_) {
    MutexLock lock(mutex_);
    while (!result_.has_value() && SteadyClock::now() < deadline) {
      ready_.wait_until(mutex_, deadline);
    }
    if (result_.has_value()) return std::move(*result_);
    Error error;
    error.code = ErrorCode::kDeadlineExceeded;
    error.message = "The call did not end by its deadline.";
    error.may_have_happened = true;
    return error;
  }

 private:
  Mutex mutex_;
  CondVar ready_;
  std::optional<Result<T>> result_ STARLING_GUARDED_BY(mutex_);
};

class Core : public std::enable_shared_from_this<Core> {
 public:
  Core(std::vector<std::string> seeds, ClientOptions options);
  ~Core();

  void start();
  // Ends every call, waits for what is under way, stops the threads. Idempotent, from any thread.
  void close();

  // Blocks until the answer.
  template <typename T>
  Result<T> wait(Ask<T> ask) {
    if (!is_token(ask.plan.token)) ask.refusal = not_a_token();
    if (ask.refusal) return *ask.refusal;
    auto waiter = std::make_shared<Waiter<T>>();
    const OperationPtr operation =
        begin<T>(ask, [waiter](Result<T> result) { waiter->set(std::move(result)); });
    return waiter->wait(operation->deadline + kGuard);
  }

  // Answers on the callback thread.
  template <typename T>
  std::function<void()> start(Ask<T> ask, Done<T> done) {
    if (!is_token(ask.plan.token)) ask.refusal = not_a_token();
    if (!ask.refusal && async_calls_.fetch_add(1) >= Caller::kMaxOperations) {
      --async_calls_;
      ask.refusal = too_many_calls();
    }
    if (ask.refusal) {
      done(*ask.refusal);
      return nullptr;
    }
    // The place is free again once the callback ran, so that nothing piles up behind a slow one.
    const OperationPtr operation =
        begin<T>(ask, [core = shared_from_this(), done = std::move(done)](Result<T> result) {
          core->deliver([core, done, result = std::move(result)]() mutable {
            done(std::move(result));
            --core->async_calls_;
          });
        });
    return [core = weak_from_this(), operation] {
      if (const auto self = core.lock()) self->caller_.cancel(operation);
    };
  }

  // A session's writer; released when the session goes, once nothing is unanswered.
  std::shared_ptr<Writer> make_writer(const std::string& token);
  void release_writer(const std::shared_ptr<Writer>& writer);
  // Takes a place in the queue of unanswered sends, or says that it is full.
  bool take_send_place();
  void give_send_place() { --queued_sends_; }

  std::shared_ptr<Subscriber> make_subscriber(const std::string& token, std::optional<Cursor> after,
                                              std::function<void(const Event&)> on_event,
                                              const std::string& server);
  void release_subscriber(const std::shared_ptr<Subscriber>& subscriber);

  std::shared_ptr<PresenceWatcher> make_presence(const std::string& token,
                                                 PresenceWatcher::OnPresence on_presence,
                                                 PresenceWatcher::OnTyping on_typing);
  void release_presence(const std::shared_ptr<PresenceWatcher>& presence);
  // The session of that token hands in a message. On the loop's thread.
  void sends(const std::string& token, std::int64_t conversation_id);

  const ClientOptions& options() const { return options_; }
  const std::vector<std::string>& seeds() const { return seeds_; }
  View& view() { return view_; }
  Loop& loop() { return home_->loop; }
  Dispatcher& dispatcher() { return dispatcher_; }
  void submit(const OperationPtr& operation) { caller_.submit(operation); }
  void cancel(const OperationPtr& operation) { caller_.cancel(operation); }
  // Runs `task` on the callback thread once a first server has told the server list; unless `owner`
  // is gone by then.
  void when_listed(std::weak_ptr<void> owner, std::function<void()> task);
  // Runs `callback` on the callback thread; when that has ended, here.
  void deliver(std::function<void()> callback);
  // As deliver, for refusals that no queue place bounds: past a bound of their own they run here.
  void deliver_refusal(SendDone done, Error error);

  static constexpr milliseconds kGuard{5'000};

 private:
  template <typename T>
  OperationPtr begin(Ask<T>& ask, Done<T> done) {
    const milliseconds timeout =
        std::max(ask.plan.timeout.value_or(options_.timeout), milliseconds(1));
    const OperationPtr operation = ask.make(std::move(done));
    operation->timeout = timeout;
    operation->deadline = SteadyClock::now() + timeout;
    operation->token = std::move(ask.plan.token);
    operation->pinned = std::move(ask.plan.pinned);
    caller_.submit(operation);
    return operation;
  }
  Watcher::Hooks hooks();
  void tick();
  void server_lost(const std::string& address);
  void view_changed();
  void news(bool listed);
  void announce(const std::string& primary);
  void check_primary();
  void start_failover(const std::string& from);
  void check_degraded();
  void emit(ClusterEvent event);
  void close_on_loop();
  void close_from_outside();
  void wait_until_closed() STARLING_EXCLUDES(closed_mutex_);

  const ClientOptions options_;
  const std::vector<std::string> seeds_;
  const CallHomePtr home_;
  Dispatcher dispatcher_;
  ChannelPool channels_;
  View view_;
  Caller caller_;
  Watcher watcher_;
  std::atomic<std::size_t> queued_sends_{0};
  std::atomic<std::size_t> async_calls_{0};
  std::atomic<bool> closing_{false};
  Mutex closed_mutex_;
  CondVar closed_changed_;
  bool all_closed_ STARLING_GUARDED_BY(closed_mutex_) = false;
  std::shared_ptr<std::atomic<int>> pending_refusals_ = std::make_shared<std::atomic<int>>(0);
  std::shared_ptr<std::atomic<int>> pending_events_ = std::make_shared<std::atomic<int>>(0);

  // The loop's:
  std::map<Writer*, std::shared_ptr<Writer>> writers_;
  std::set<Writer*> orphans_;  // Their sessions are gone; they finish what they have.
  std::set<std::shared_ptr<Subscriber>> subscribers_;
  std::set<std::shared_ptr<PresenceWatcher>> presences_;
  bool connected_ = false;
  std::vector<std::pair<std::weak_ptr<void>, std::function<void()>>> until_listed_;
  std::string announced_primary_;
  TimePoint announced_at_{};
  std::optional<std::pair<std::string, TimePoint>> failover_;  // From whom, since when.
  std::optional<TimePoint> no_quorum_since_;
  bool degraded_ = false;
  bool closed_ = false;
  int ticks_ = 0;
};

}  // namespace starling::sdk
