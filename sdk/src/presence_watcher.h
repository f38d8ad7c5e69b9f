// One presence watch: a Presence stream on whichever server is well, what it is told for the next
// one, and how the watched accounts are.
#pragma once

#include <cstdint>
#include <functional>
#include <map>
#include <memory>
#include <optional>
#include <set>
#include <string>
#include <utility>
#include <vector>

#include "sdk/src/dispatcher.h"
#include "sdk/src/presence_stream.h"
#include "sdk/src/typing_queue.h"
#include "sdk/src/view.h"
#include "starling/presence.h"

namespace starling::sdk {

class PresenceWatcher : public std::enable_shared_from_this<PresenceWatcher> {
 public:
  struct Env {
    CallHomePtr home;
    ChannelPool& channels;
    View& view;
    Dispatcher& dispatcher;
  };
  using OnPresence = std::function<void(const Presence&)>;
  using OnTyping = std::function<void(const Typing&)>;

  PresenceWatcher(Env env, std::string token, OnPresence on_presence, OnTyping on_typing);

  // From any thread.
  void watch(std::vector<std::int64_t> account_ids) STARLING_EXCLUDES(mutex_);
  void set_away(bool away) STARLING_EXCLUDES(mutex_);
  void typing(std::int64_t conversation_id) STARLING_EXCLUDES(mutex_);
  std::vector<Presence> current() const STARLING_EXCLUDES(mutex_);
  Status status() const STARLING_EXCLUDES(mutex_);
  std::string answering() const STARLING_EXCLUDES(mutex_);
  // No callback starts after this; waits a little for the one that runs.
  void end(Error reason) STARLING_EXCLUDES(mutex_);

  // On the loop's thread.
  void start();
  // A message of the account has come in that conversation: what it typed there is written, and a
  // notice of before may yet be on its way, since the two do not travel together.
  void wrote(std::int64_t conversation_id, std::int64_t account_id) STARLING_EXCLUDES(mutex_);
  // The own account hands in a message there. No notice goes out while the others would take it
  // for one of before.
  void sends(std::int64_t conversation_id) STARLING_EXCLUDES(mutex_);
  const std::string& token() const { return token_; }
  void stop();
  void server_lost(const std::string& address);
  void tick();
  // Where the stream is, or was last asked for; empty before that.
  const std::string& server() const { return address_; }

 private:
  void open();
  void reopen(milliseconds delay);
  void arrived(const v1::PresenceResponse& response);
  void ended(const Failure& failure);
  void lose_stream();
  void offer(std::function<void(v1::PresenceRequest&)> fill);
  void offer_watch() STARLING_EXCLUDES(mutex_);
  void set_answering(std::string address) STARLING_EXCLUDES(mutex_);
  void forget_all() STARLING_EXCLUDES(mutex_);
  void note(const Presence& presence) STARLING_REQUIRES(mutex_);
  bool types(const Typing& typing) const STARLING_REQUIRES(mutex_);
  void call_back() STARLING_EXCLUDES(mutex_);
  bool run_one() STARLING_EXCLUDES(mutex_);

  Env env_;
  const std::string token_;
  const OnPresence on_presence_;
  const OnTyping on_typing_;

  // The loop's:
  std::shared_ptr<PresenceStream> stream_;
  std::string address_;
  bool standing_ = false;  // The stream's first message came.
  bool watch_due_ = false;
  TimePoint next_watch_at_{};
  int attempts_ = 0;
  Loop::TimerId timer_ = 0;
  TimePoint opened_at_{};
  TimePoint no_quorum_since_{};
  std::optional<TimePoint> unreached_since_;
  bool stopped_ = false;

  mutable Mutex mutex_;
  CondVar changed_;
  std::set<std::int64_t> watched_ STARLING_GUARDED_BY(mutex_);
  bool watch_posted_ STARLING_GUARDED_BY(mutex_) = false;
  bool away_ STARLING_GUARDED_BY(mutex_) = false;
  bool away_posted_ STARLING_GUARDED_BY(mutex_) = false;
  std::map<std::int64_t, TimePoint> typed_at_ STARLING_GUARDED_BY(mutex_);
  std::map<std::int64_t, Presence> known_ STARLING_GUARDED_BY(mutex_);
  std::map<std::int64_t, Presence> to_tell_ STARLING_GUARDED_BY(mutex_);  // The latest of each.
  TypingQueue typing_ STARLING_GUARDED_BY(mutex_);
  // By conversation and account: when a message came, within the time that this counts.
  std::map<std::pair<std::int64_t, std::int64_t>, TimePoint> wrote_at_ STARLING_GUARDED_BY(mutex_);
  std::string answering_ STARLING_GUARDED_BY(mutex_);
  std::optional<Error> end_ STARLING_GUARDED_BY(mutex_);
  bool dropped_ STARLING_GUARDED_BY(mutex_) = false;  // Nobody wants callbacks any more.
  bool posted_ STARLING_GUARDED_BY(mutex_) = false;
  bool running_ STARLING_GUARDED_BY(mutex_) = false;
};

}  // namespace starling::sdk
