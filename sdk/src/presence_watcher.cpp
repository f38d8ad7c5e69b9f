// One presence watch.
#include "sdk/src/presence_watcher.h"

#include <algorithm>
#include <utility>

#include "sdk/src/random.h"

namespace starling::sdk {
namespace {

constexpr milliseconds kBaseBackoff{10};
constexpr milliseconds kMaxBackoff{250};
constexpr milliseconds kUnknownCall{5'000};  // The server is too old for it.
// A server cut off from the others knows nothing of them: after this long another one is asked.
constexpr milliseconds kNoQuorum{1'000};
constexpr milliseconds kUnreached{3'000};
constexpr milliseconds kFirstMessage{1'000};
constexpr milliseconds kGoodbye{250};
constexpr milliseconds kCallbackEnd{2'000};
constexpr milliseconds kTypingEvery{2'000};
constexpr milliseconds kWatchEvery{300};  // A server takes a list in every 250 ms.
// How much later than a message a notice of before it may come: rounds of the servers, and links.
constexpr milliseconds kLateNotice{1'000};
constexpr milliseconds kQuiet = kLateNotice + milliseconds(200);  // Of the sender: a little longer.
constexpr std::size_t kMaxWrote = 1'024;
constexpr std::size_t kMaxTyped = 16;  // Conversations at once; a server takes no more either.

PresenceState from_wire(v1::PresenceState state) {
  if (state == v1::PRESENCE_STATE_ONLINE) return PresenceState::kOnline;
  return state == v1::PRESENCE_STATE_AWAY ? PresenceState::kAway : PresenceState::kOffline;
}

}  // namespace

PresenceWatcher::PresenceWatcher(Env env, std::string token, OnPresence on_presence,
                                 OnTyping on_typing)
    : env_(std::move(env)),
      token_(std::move(token)),
      on_presence_(std::move(on_presence)),
      on_typing_(std::move(on_typing)) {}

// ---- What it is asked ----

void PresenceWatcher::watch(std::vector<std::int64_t> account_ids) {
  std::set<std::int64_t> watched;
  for (const std::int64_t id : account_ids) {
    if (watched.size() >= PresenceWatch::kMaxWatched) break;
    if (id > 0) watched.insert(id);
  }
  MutexLock lock(mutex_);
  if (watched == watched_) return;
  watched_ = watched;
  const auto other = [&](const auto& one) { return !watched.contains(one.first); };
  std::erase_if(known_, other);
  std::erase_if(to_tell_, other);
  if (std::exchange(watch_posted_, true)) return;
  env_.home->loop.post([self = shared_from_this()] { self->offer_watch(); });
}

void PresenceWatcher::set_away(bool away) {
  MutexLock lock(mutex_);
  if (std::exchange(away_, away) == away || std::exchange(away_posted_, true)) return;
  env_.home->loop.post([self = shared_from_this()] {
    bool now = false;
    {
      MutexLock inner(self->mutex_);
      self->away_posted_ = false;
      now = self->away_;
    }
    self->offer([now](v1::PresenceRequest& request) { request.set_away(now); });
  });
}

void PresenceWatcher::typing(std::int64_t conversation_id) {
  const TimePoint now = SteadyClock::now();
  MutexLock lock(mutex_);
  std::erase_if(typed_at_, [&](const auto& typed) { return now - typed.second >= kTypingEvery; });
  if (conversation_id <= 0 || typed_at_.size() >= kMaxTyped ||
      !typed_at_.emplace(conversation_id, now).second) {
    return;
  }
  env_.home->loop.post([self = shared_from_this(), conversation_id] {
    self->offer([=](v1::PresenceRequest& request) { request.set_typing(conversation_id); });
  });
}

void PresenceWatcher::sends(std::int64_t conversation_id) {
  MutexLock lock(mutex_);
  if (typed_at_.size() >= kMaxTyped && !typed_at_.contains(conversation_id)) return;
  typed_at_[conversation_id] = SteadyClock::now() - kTypingEvery + kQuiet;
}

// A server takes so many lists only, and reads nothing behind one that waits: of those that come
// soon after another the last one is said.
void PresenceWatcher::offer_watch() {
  const TimePoint now = SteadyClock::now();
  watch_due_ = now < next_watch_at_;
  if (watch_due_) return;
  next_watch_at_ = now + kWatchEvery;
  std::set<std::int64_t> watched;
  {
    MutexLock lock(mutex_);
    watch_posted_ = false;
    watched = watched_;
  }
  offer([&](v1::PresenceRequest& request) {
    request.mutable_watch()->mutable_account_ids()->Add(watched.begin(), watched.end());
  });
}

// Before the stream stands there is nobody to tell: whoever answers is told all at once.
void PresenceWatcher::offer(std::function<void(v1::PresenceRequest&)> fill) {
  if (stream_ == nullptr || !standing_) return;
  v1::PresenceRequest request;
  fill(request);
  stream_->offer(std::move(request));
}

std::vector<Presence> PresenceWatcher::current() const {
  std::vector<Presence> all;
  MutexLock lock(mutex_);
  for (const auto& [id, presence] : known_) all.push_back(presence);
  return all;
}

Status PresenceWatcher::status() const {
  MutexLock lock(mutex_);
  if (end_.has_value()) return *end_;
  return Unit{};
}

std::string PresenceWatcher::answering() const {
  MutexLock lock(mutex_);
  return answering_;
}

// ---- The stream ----

void PresenceWatcher::start() { open(); }

void PresenceWatcher::open() {
  if (stopped_) return;
  if (!unreached_since_.has_value()) unreached_since_ = SteadyClock::now();
  const std::string avoid = std::exchange(address_, "");
  if (env_.view.epoch() != 0) address_ = env_.view.pick_stream(attempts_ > 0 ? avoid : "");
  if (address_.empty()) {  // No server is known yet.
    reopen(kMaxBackoff);
    return;
  }
  no_quorum_since_ = {};
  opened_at_ = SteadyClock::now();
  standing_ = false;
  const std::weak_ptr<PresenceWatcher> weak = weak_from_this();
  stream_ = std::make_shared<PresenceStream>(
      env_.home, env_.channels.get(address_),
      [weak](const v1::PresenceResponse& response) {
        if (const auto self = weak.lock()) self->arrived(response);
      },
      [weak](const Failure& failure) {
        if (const auto self = weak.lock()) self->ended(failure);
      });
  stream_->start(token_);
}

void PresenceWatcher::reopen(milliseconds delay) {
  if (stopped_ || timer_ != 0) return;
  const std::weak_ptr<PresenceWatcher> weak = weak_from_this();
  timer_ = env_.home->loop.after(delay, [weak] {
    const auto self = weak.lock();
    if (self == nullptr) return;
    self->timer_ = 0;
    self->open();
  });
}

void PresenceWatcher::arrived(const v1::PresenceResponse& response) {
  if (!std::exchange(standing_, true)) {
    attempts_ = 0;
    unreached_since_.reset();
    set_answering(address_);
    bool away = false;
    {
      MutexLock lock(mutex_);
      away = away_;
    }
    if (away) offer([](v1::PresenceRequest& request) { request.set_away(true); });
    next_watch_at_ = {};
    offer_watch();
  }
  {
    MutexLock lock(mutex_);
    for (const v1::PresenceInfo& info : response.presence()) {
      note({info.account_id(), from_wire(info.state()), info.last_seen_ms()});
    }
    for (const v1::TypingNotice& notice : response.typing()) {
      if (on_typing_ == nullptr) break;
      const Typing typing{notice.conversation_id(), notice.account_id()};
      if (types(typing)) typing_.add(typing, SteadyClock::now());
    }
  }
  call_back();
}

void PresenceWatcher::note(const Presence& presence) {
  if (!watched_.contains(presence.account_id)) return;  // An answer to an earlier list.
  const auto [known, first] = known_.try_emplace(presence.account_id, presence);
  if (!first && known->second == presence) return;
  known->second = presence;
  if (on_presence_ != nullptr) to_tell_[presence.account_id] = presence;
}

// Unless the notice is older than what is known already.
bool PresenceWatcher::types(const Typing& typing) const {
  const auto wrote = wrote_at_.find({typing.conversation_id, typing.account_id});
  return wrote == wrote_at_.end() || SteadyClock::now() - wrote->second >= kLateNotice;
}

void PresenceWatcher::wrote(std::int64_t conversation_id, std::int64_t account_id) {
  if (on_typing_ == nullptr) return;
  const TimePoint now = SteadyClock::now();
  MutexLock lock(mutex_);
  typing_.drop({conversation_id, account_id});
  if (wrote_at_.size() >= kMaxWrote) {
    std::erase_if(wrote_at_, [=](const auto& one) { return now - one.second >= kLateNotice; });
  }
  if (wrote_at_.size() < kMaxWrote) wrote_at_[{conversation_id, account_id}] = now;
}

void PresenceWatcher::lose_stream() {
  stream_ = nullptr;
  standing_ = false;
  set_answering("");
  if (!unreached_since_.has_value()) unreached_since_ = SteadyClock::now();
}

void PresenceWatcher::ended(const Failure& failure) {
  lose_stream();
  if (stopped_) return;
  const bool over = failure.code == grpc::StatusCode::OK;  // The server let go of the stream.
  if (!failure.retryable && !over && !unknown_call(failure)) {
    stopped_ = true;
    env_.home->loop.cancel(timer_);
    forget_all();
    MutexLock lock(mutex_);
    if (!end_.has_value()) end_ = to_error(failure);
    return;
  }
  if (!failure.typed && !over) env_.view.avoid(address_, milliseconds(100));
  milliseconds delay = backoff(attempts_, kBaseBackoff, kMaxBackoff);
  if (attempts_ == 0) delay = milliseconds(0);
  if (unknown_call(failure)) delay = kUnknownCall;
  ++attempts_;
  reopen(delay);
}

void PresenceWatcher::server_lost(const std::string& address) {
  if (stopped_ || stream_ == nullptr || address != address_) return;
  stream_->cancel();
  lose_stream();
  ++attempts_;
  reopen(milliseconds(0));
}

void PresenceWatcher::tick() {
  if (stopped_) return;
  if (watch_due_) offer_watch();
  const TimePoint now = SteadyClock::now();
  if (unreached_since_.has_value()) {
    if (now - *unreached_since_ >= kUnreached) forget_all();
    const bool mute = stream_ != nullptr && now - opened_at_ >= kFirstMessage;
    if (mute) server_lost(std::string(address_));
    return;
  }
  const Health& health = env_.view.health(address_);
  if (!health.live) return;  // Nothing is known: it is being watched from its next beat on.
  if (health.has_quorum) {
    no_quorum_since_ = {};
    return;
  }
  if (no_quorum_since_ == TimePoint{}) no_quorum_since_ = now;
  if (now - no_quorum_since_ < kNoQuorum) return;
  const std::string better = env_.view.pick_stream(address_);
  const Health& other = env_.view.health(better);
  if (better != address_ && other.live && other.has_quorum) server_lost(std::string(address_));
}

void PresenceWatcher::stop() {
  stopped_ = true;
  env_.home->loop.cancel(timer_);
  if (stream_ == nullptr) return;
  // A goodbye needs somebody who takes it; who does not is left all the same.
  stream_->leave();
  env_.home->loop.after(kGoodbye, [stream = stream_] { stream->cancel(); });
  lose_stream();
}

void PresenceWatcher::set_answering(std::string address) {
  MutexLock lock(mutex_);
  answering_ = std::move(address);
}

// ---- What it tells ----

void PresenceWatcher::forget_all() {
  {
    MutexLock lock(mutex_);
    for (const auto& [id, presence] : std::map(known_)) {
      if (presence.state != PresenceState::kOffline) note({id, PresenceState::kOffline, 0});
    }
  }
  call_back();
}

void PresenceWatcher::call_back() {
  {
    MutexLock lock(mutex_);
    if (dropped_ || posted_ || (to_tell_.empty() && typing_.empty())) return;
    posted_ = true;
  }
  env_.dispatcher.post([self = shared_from_this()] {
    while (self->run_one()) {
    }
  });
}

bool PresenceWatcher::run_one() {
  std::optional<Presence> presence;
  std::optional<Typing> typing;
  {
    MutexLock lock(mutex_);
    if (!dropped_ && !to_tell_.empty()) {
      presence = to_tell_.extract(to_tell_.begin()).mapped();
    } else if (!dropped_) {
      typing = typing_.take(SteadyClock::now());
    }
    if (!presence.has_value() && !typing.has_value()) {
      posted_ = false;
      return false;
    }
    running_ = true;
  }
  if (presence.has_value()) on_presence_(*presence);
  if (typing.has_value()) on_typing_(*typing);
  MutexLock lock(mutex_);
  running_ = false;
  changed_.notify_all();
  return true;
}

void PresenceWatcher::end(Error reason) {
  MutexLock lock(mutex_);
  if (!end_.has_value()) end_ = std::move(reason);
  dropped_ = true;
  known_.clear();
  to_tell_.clear();
  typing_.clear();
  const TimePoint deadline = SteadyClock::now() + kCallbackEnd;
  while (running_ && !env_.dispatcher.on_callback_thread() && SteadyClock::now() < deadline) {
    changed_.wait_until(mutex_, deadline);
  }
}

}  // namespace starling::sdk
