// Implements server/transport/presence_hub.h.
#include "server/transport/presence_hub.h"

#include <algorithm>
#include <iterator>

#include "server/transport/convert.h"
#include "server/transport/services.h"

namespace starling::transport {

namespace {

using std::chrono::milliseconds;

constexpr milliseconds kTick{100};
constexpr milliseconds kBetweenRounds{20};  // Whatever comes meanwhile goes in one message.
constexpr milliseconds kNewsEvery{300};     // Then also when nothing changed.
constexpr milliseconds kBeatEvery{1000};
constexpr std::size_t kMaxTyping = 1'000;  // Waiting at once; more are dropped.
// Of a round; past that everybody looks at everybody.
constexpr std::size_t kMaxSight = 16'384;
constexpr std::size_t kMaxSightIds = 1'000'000;  // In all their lists.

std::int64_t now_us() {
  const auto now = std::chrono::steady_clock::now().time_since_epoch();
  return std::chrono::duration_cast<std::chrono::microseconds>(now).count();
}

template <typename Unit>
std::int64_t wall() {
  const auto now = std::chrono::system_clock::now().time_since_epoch();
  return std::chrono::duration_cast<Unit>(now).count();
}

}  // namespace

struct PresenceHub::Round {
  std::vector<PresenceNewsPtr> to_all;
  std::vector<std::pair<core::NodeId, PresenceNewsPtr>> to_one;
  std::vector<std::pair<ListenerPtr, std::vector<chat::AccountId>>> touched;
  std::vector<SightChange> sight;
  std::vector<ListenerPtr> look_again;
  std::uint64_t sights = 0;
  std::vector<ListenerPtr> beat;
  Typings typing;
};

PresenceHub::PresenceHub(Services& services)
    : services_(services),
      table_(services.options.id, static_cast<std::uint64_t>(wall<std::chrono::microseconds>())) {}

PresenceHub::~PresenceHub() { stop(); }

void PresenceHub::start(PresenceSender& sender) {
  sender_ = &sender;
  thread_ = std::thread([this] { run(); });
}

void PresenceHub::stop() {
  {
    MutexLock lock(mutex_);
    stopping_ = true;
    wake_.notify_one();
  }
  if (thread_.joinable()) thread_.join();
}

void PresenceHub::wake() {
  changed_ = true;
  wake_.notify_one();
}

Place PresenceHub::add(chat::AccountId account, const std::weak_ptr<PresenceListener>& listener,
                       const StreamLimits& limits, presence::SessionKey& key) {
  MutexLock lock(mutex_);
  const auto group = by_account_.find(account);
  const std::size_t own = group == by_account_.end() ? 0 : group->second.size();
  const Place place = find_place(limits, listeners_.size(), own);
  if (place != Place::kGiven) return place;
  key = next_key_++;
  listeners_[key] = Listener{account, listener, {}, sights_.load()};
  by_account_[account].push_back(key);
  table_.session(key, account, presence::State::kOnline);
  count_.store(listeners_.size());
  wake();
  return place;
}

void PresenceHub::remove(presence::SessionKey key, bool goodbye) {
  watch(key, {});
  MutexLock lock(mutex_);
  const auto found = listeners_.find(key);
  if (found == listeners_.end()) return;
  const auto group = by_account_.find(found->second.account);
  std::erase(group->second, key);
  if (group->second.empty()) by_account_.erase(group);
  listeners_.erase(found);
  table_.session_ended(key, goodbye, now_us(), wall<milliseconds>());
  count_.store(listeners_.size());
  wake();
}

void PresenceHub::set_away(presence::SessionKey key, bool away) {
  MutexLock lock(mutex_);
  const auto found = listeners_.find(key);
  if (found == listeners_.end()) return;
  table_.session(key, found->second.account,
                 away ? presence::State::kAway : presence::State::kOnline);
  wake();
}

void PresenceHub::watch(presence::SessionKey key, const std::vector<chat::AccountId>& accounts) {
  MutexLock lock(mutex_);
  const auto found = listeners_.find(key);
  if (found == listeners_.end()) return;
  for (const chat::AccountId account : found->second.watched) {
    const auto watchers = by_watched_.find(account);
    if (watchers == by_watched_.end()) continue;
    watchers->second.erase(key);
    if (watchers->second.empty()) by_watched_.erase(watchers);
  }
  found->second.watched = accounts;
  for (const chat::AccountId account : accounts) by_watched_[account].insert(key);
}

void PresenceHub::typing(chat::AccountId account, chat::ConversationId conversation) {
  MutexLock lock(mutex_);
  if (typing_in_.size() < kMaxTyping) typing_in_[{conversation, account, true}] = Clock::now();
  wake();
}

std::vector<presence::Info> PresenceHub::infos(const std::vector<chat::AccountId>& accounts) {
  std::vector<presence::Info> out;
  out.reserve(accounts.size());
  MutexLock lock(mutex_);
  for (const chat::AccountId account : accounts) out.push_back(table_.info(account));
  return out;
}

std::vector<std::pair<core::NodeId, presence::Entry>> PresenceHub::everybody(std::size_t most) {
  MutexLock lock(mutex_);
  return table_.everybody(most);
}

void PresenceHub::applied(const std::vector<chat::Event>& events) {
  if (count_.load() == 0) {
    MutexLock lock(mutex_);
    if (listeners_.empty()) {
      ++sights_;  // Whoever comes now is told nothing that was found out before this.
      return;
    }
  }
  std::vector<SightChange> changes = sight_changes(events);
  if (changes.empty()) return;
  std::size_t ids = 0;
  for (const SightChange& change : changes) ids += change.viewers->size() + change.seen->size();
  MutexLock lock(mutex_);
  const std::uint64_t number = ++sights_;
  for (SightChange& change : changes) change.number = number;
  sight_ids_ += ids;
  sight_missed_ =
      sight_missed_ || sight_.size() + changes.size() > kMaxSight || sight_ids_ > kMaxSightIds;
  if (sight_missed_) {
    sight_.clear();
  } else {
    std::move(changes.begin(), changes.end(), std::back_inserter(sight_));
  }
  wake();
}

void PresenceHub::set_peers(const std::vector<core::Member>& peers) {
  std::set<core::NodeId> ids;
  for (const core::Member& peer : peers) ids.insert(peer.id);
  MutexLock lock(mutex_);
  for (const core::NodeId peer : peers_) {
    if (ids.contains(peer)) continue;
    // Its sessions have a moment to come back elsewhere.
    table_.link_broke(peer, now_us());
    whole_wanted_.erase(peer);
    seen_wanted_.erase(peer);
  }
  peers_ = std::move(ids);
}

void PresenceHub::received(core::NodeId from, const pb::PresenceNews& wire) {
  presence::News news;
  presence::SeenPage seen;
  from_wire(wire, news, seen);
  const std::int64_t wall_ms = wall<milliseconds>();
  MutexLock lock(mutex_);
  if (!peers_.contains(from)) return;
  table_.received(from, news, now_us(), wall_ms);
  if (wire.seen_answer()) table_.received_seen(from, seen, wall_ms);
  if (wire.want_whole()) whole_wanted_.insert(from);
  if (wire.want_seen()) seen_wanted_[from] = wire.seen_after();
  for (const pb::TypingNotice& notice : wire.typing()) {
    if (typing_in_.size() >= kMaxTyping) break;
    typing_in_[{notice.conversation_id(), notice.account_id(), false}] = Clock::now();
  }
  const bool quiet = news.entries.empty() && !wire.seen_answer() && wire.typing().empty() &&
                     !wire.want_whole() && !wire.want_seen();
  if (!quiet) wake();
}

void PresenceHub::link_up(core::NodeId peer) {
  MutexLock lock(mutex_);
  if (peers_.contains(peer)) whole_wanted_.insert(peer);
  wake();
}

void PresenceHub::link_broke(core::NodeId peer) {
  MutexLock lock(mutex_);
  table_.link_broke(peer, now_us());
}

void PresenceHub::collect_news(Round& round) {
  const Clock::time_point now = Clock::now();
  std::vector<presence::News> changes = table_.take_changes();
  const bool due = now - news_at_ >= kNewsEvery;
  if (due || !changes.front().entries.empty() || !typing_out_.empty()) {
    news_at_ = now;
    for (const presence::News& news : changes) {
      auto wire = std::make_shared<pb::PresenceNews>();
      to_wire(news, *wire);
      for (const Typing& typing : std::exchange(typing_out_, {})) {
        pb::TypingNotice& notice = *wire->add_typing();
        notice.set_conversation_id(typing.conversation);
        notice.set_account_id(typing.account);
      }
      round.to_all.push_back(std::move(wire));
    }
  }
  // Of the version that was just told: the next changes join on to it.
  if (!whole_wanted_.empty()) {
    std::vector<PresenceNewsPtr> pages;
    for (const presence::News& page : table_.whole()) {
      auto wire = std::make_shared<pb::PresenceNews>();
      to_wire(page, *wire);
      pages.push_back(std::move(wire));
    }
    for (const core::NodeId peer : std::exchange(whole_wanted_, {})) {
      for (const PresenceNewsPtr& page : pages) round.to_one.emplace_back(peer, page);
    }
  }
  const presence::News& beat = changes.back();
  const auto blank = [&beat] {
    auto wire = std::make_shared<pb::PresenceNews>();
    wire->set_boot(beat.boot);
    wire->set_version(beat.version);
    wire->set_base(beat.version);
    return wire;
  };
  for (const auto& [peer, after] : std::exchange(seen_wanted_, {})) {
    auto wire = blank();
    to_wire(table_.seen_page(after), *wire);
    round.to_one.emplace_back(peer, std::move(wire));
  }
  for (const presence::Want& want : table_.wants(now_us())) {
    auto wire = blank();
    wire->set_want_whole(want.whole);
    wire->set_want_seen(want.seen_after.has_value());
    wire->set_seen_after(want.seen_after.value_or(0));
    round.to_one.emplace_back(want.server, std::move(wire));
  }
}

void PresenceHub::collect_listeners(Round& round) {
  std::unordered_map<presence::SessionKey, std::vector<chat::AccountId>> touched;
  for (const chat::AccountId account : table_.take_touched()) {
    const auto watchers = by_watched_.find(account);
    if (watchers == by_watched_.end()) continue;
    for (const presence::SessionKey key : watchers->second) touched[key].push_back(account);
  }
  for (auto& [key, accounts] : touched) {
    if (ListenerPtr stream = listeners_.at(key).stream.lock()) {
      round.touched.emplace_back(std::move(stream), std::move(accounts));
    }
  }
  round.sight = std::exchange(sight_, {});
  round.sights = sights_.load();
  sight_ids_ = 0;
  if (std::exchange(sight_missed_, false)) {
    for (const auto& [key, listener] : listeners_) {
      if (ListenerPtr stream = listener.stream.lock()) {
        round.look_again.push_back(std::move(stream));
      }
    }
  }
  if (Clock::now() - beat_at_ < kBeatEvery) return;
  beat_at_ = Clock::now();
  for (const auto& [key, listener] : listeners_) {
    if (ListenerPtr stream = listener.stream.lock()) round.beat.push_back(std::move(stream));
  }
}

// Whichever are fewer, those who are told or those who listen. Each change by itself: whoever waits
// for the lock, the node that applies too, waits for one.
void PresenceHub::tell_sight(const SightChange& change) {
  std::vector<ListenerPtr> to;
  {
    MutexLock lock(mutex_);
    const auto take = [&](const std::vector<presence::SessionKey>& group) {
      for (const presence::SessionKey key : group) {
        if (ListenerPtr stream = listeners_.at(key).stream.lock()) to.push_back(std::move(stream));
      }
    };
    const std::vector<chat::AccountId>& viewers = *change.viewers;
    if (viewers.size() <= by_account_.size()) {
      for (const chat::AccountId account : viewers) {
        const auto group = by_account_.find(account);
        if (group != by_account_.end()) take(group->second);
      }
    } else {
      for (const auto& [account, group] : by_account_) {
        if (std::binary_search(viewers.begin(), viewers.end(), account)) take(group);
      }
    }
  }
  for (const ListenerPtr& stream : to) stream->sight_changed(change);
}

void PresenceHub::collect(Round& round) {
  table_.tick(now_us(), wall<milliseconds>());
  collect_news(round);
  collect_listeners(round);
  if (!typing_busy_ && !typing_in_.empty()) {
    round.typing = std::exchange(typing_in_, {});
    typing_busy_ = true;
  }
}

void PresenceHub::carry_out(Round& round) {
  for (const PresenceNewsPtr& news : round.to_all) sender_->send_presence(news);
  for (const auto& [peer, news] : round.to_one) sender_->send_presence(peer, news);
  // Before the news of anybody: of whom a stream may see no longer it tells none.
  for (const SightChange& change : round.sight) tell_sight(change);
  for (const ListenerPtr& stream : round.look_again) stream->look_again(round.sights);
  for (const auto& [stream, accounts] : round.touched) stream->touched(accounts);
  for (const ListenerPtr& stream : round.beat) stream->beat();
  if (round.typing.empty()) return;
  const bool queued =
      services_.disk.submit([this, notices = std::move(round.typing)] { tell_typing(notices); });
  if (queued) return;
  MutexLock lock(mutex_);
  typing_busy_ = false;  // Dropped: what is still true is said again.
}

// On the pool: who is in a conversation is in the store. One batch at a time.
void PresenceHub::tell_typing(const Typings& notices) {
  std::vector<Typing> out;
  std::vector<std::pair<ListenerPtr, Typings::value_type>> to;
  const std::uint64_t sight = sights_.load();  // The store, read from here on, knows all of those.
  {
    ReaderPool::Lease reader = services_.backend.readers().acquire();
    std::vector<chat::AccountId> audience;
    for (const auto& [notice, at] : notices) {
      const sqlite::Status status =
          reader->typing_audience(notice.conversation, notice.account, audience);
      if (!status.ok() || audience.empty()) continue;
      if (notice.local) out.push_back(notice);
      MutexLock lock(mutex_);
      for (const chat::AccountId account : audience) {
        const auto group = by_account_.find(account);
        if (group == by_account_.end()) continue;
        for (const presence::SessionKey key : group->second) {
          const Listener& listener = listeners_.at(key);
          if (listener.since > sight) continue;  // It was not told of what changed before it came.
          if (ListenerPtr stream = listener.stream.lock()) {
            to.emplace_back(std::move(stream), Typings::value_type(notice, at));
          }
        }
      }
    }
  }
  for (const auto& [stream, notice] : to) {
    stream->typing(notice.first.conversation, notice.first.account, notice.second, sight);
  }
  MutexLock lock(mutex_);
  typing_busy_ = false;
  for (const Typing& notice : out) {
    if (typing_out_.size() < kMaxTyping) typing_out_.push_back(notice);
  }
  if (!out.empty() || !typing_in_.empty()) wake();
}

void PresenceHub::run() {
  for (;;) {
    Round round;
    {
      MutexLock lock(mutex_);
      const Clock::time_point next = Clock::now() + kTick;
      while (!changed_ && !stopping_ && Clock::now() < next) wake_.wait_until(mutex_, next);
      const Clock::time_point together = Clock::now() + kBetweenRounds;
      while (!stopping_ && changed_ && Clock::now() < together) wake_.wait_until(mutex_, together);
      if (stopping_) return;
      changed_ = false;
      collect(round);
    }
    carry_out(round);
  }
}

}  // namespace starling::transport
