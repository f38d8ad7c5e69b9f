// Implements server/transport/hub.h: EventHub.
#include "server/transport/hub.h"

#include <algorithm>
#include <utility>

namespace starling::transport {

namespace {

constexpr std::size_t kMaxQueuedEvents = 65'536;
constexpr std::chrono::seconds kIdleEvery{1};

}  // namespace

EventHub::EventHub() : thread_([this] { run(); }) {}

EventHub::~EventHub() { stop(); }

Place EventHub::add(chat::AccountId account, const std::shared_ptr<Subscriber>& subscriber,
                    const StreamLimits& limits) {
  MutexLock lock(subscribers_mutex_);
  const auto found = subscribers_.find(account);
  const std::size_t own = found == subscribers_.end() ? 0 : found->second.size();
  const Place place = find_place(limits, count_.load(), own);
  if (place != Place::kGiven) return place;
  subscribers_[account].emplace_back(subscriber.get(), subscriber);
  count_.fetch_add(1);
  return place;
}

void EventHub::remove(chat::AccountId account, const Subscriber* subscriber) {
  MutexLock lock(subscribers_mutex_);
  const auto found = subscribers_.find(account);
  if (found == subscribers_.end()) return;
  count_.fetch_sub(
      std::erase_if(found->second, [&](const auto& item) { return item.first == subscriber; }));
  if (found->second.empty()) subscribers_.erase(found);
}

void EventHub::publish(const std::vector<chat::Event>& events, std::uint64_t applied_index) {
  if (count_.load() == 0) return;
  Batch batch;
  batch.applied_index = applied_index;
  batch.events.reserve(events.size());
  for (const chat::Event& event : events) {
    batch.events.push_back(std::make_shared<const chat::Event>(event));
  }
  MutexLock lock(mutex_);
  if (stopping_) return;
  if (queued_events_ + events.size() > kMaxQueuedEvents) {
    queue_.clear();
    queued_events_ = 0;
    overflowed_ = true;
    batch.events.clear();
  }
  queued_events_ += batch.events.size();
  queue_.push_back(std::move(batch));
  wake_.notify_one();
}

std::vector<std::shared_ptr<Subscriber>> EventHub::all() {
  MutexLock lock(subscribers_mutex_);
  std::vector<std::shared_ptr<Subscriber>> out;
  for (const auto& [account, group] : subscribers_) {
    for (const auto& [key, weak] : group) {
      if (auto subscriber = weak.lock()) out.push_back(std::move(subscriber));
    }
  }
  return out;
}

// Whichever are fewer, those who may see the event or those who listen: a group has thousands of
// members, of whom a few are here.
std::vector<std::shared_ptr<Subscriber>> EventHub::listeners(
    const std::vector<chat::AccountId>& audience) {
  std::vector<std::shared_ptr<Subscriber>> out;
  const auto take = [&out](const Group& group) {
    for (const auto& [key, weak] : group) {
      if (auto subscriber = weak.lock()) out.push_back(std::move(subscriber));
    }
  };
  MutexLock lock(subscribers_mutex_);
  if (audience.size() <= subscribers_.size()) {
    for (const chat::AccountId account : audience) {
      const auto found = subscribers_.find(account);
      if (found != subscribers_.end()) take(found->second);
    }
  } else {
    for (const auto& [account, group] : subscribers_) {
      if (std::binary_search(audience.begin(), audience.end(), account)) take(group);
    }
  }
  return out;
}

void EventHub::hand_out(const Batch& batch) {
  for (const EventPtr& event : batch.events) {
    for (const auto& subscriber : listeners(*event->audience)) subscriber->live(event);
  }
}

void EventHub::run() {
  auto next_idle = std::chrono::steady_clock::now() + kIdleEvery;
  std::uint64_t applied = 0;
  for (;;) {
    std::deque<Batch> batches;
    bool missed = false;
    {
      MutexLock lock(mutex_);
      if (queue_.empty() && !stopping_) wake_.wait_until(mutex_, next_idle);
      if (stopping_) return;
      batches.swap(queue_);
      queued_events_ = 0;
      missed = std::exchange(overflowed_, false);
    }
    if (missed) {
      for (const auto& subscriber : all()) subscriber->missed();
    }
    for (const Batch& batch : batches) {
      hand_out(batch);
      applied = batch.applied_index;
    }
    if (std::chrono::steady_clock::now() < next_idle) continue;
    next_idle = std::chrono::steady_clock::now() + kIdleEvery;
    for (const auto& subscriber : all()) subscriber->idle(applied);
  }
}

void EventHub::stop() {
  {
    MutexLock lock(mutex_);
    if (stopping_) return;
    stopping_ = true;
    wake_.notify_one();
  }
  thread_.join();
}

}  // namespace starling::transport
