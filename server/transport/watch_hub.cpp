// Implements server/transport/hub.h: WatchHub.
#include <utility>

#include "server/transport/hub.h"

namespace starling::transport {

namespace {

constexpr std::chrono::milliseconds kLookAround{500};
constexpr int kMissedBeats = 3;  // So many, and the loop counts as hung (R5.5).

}  // namespace

WatchHub::WatchHub() : thread_([this] { run(); }) {}

WatchHub::~WatchHub() { stop(); }

bool WatchHub::add(const std::shared_ptr<Watcher>& watcher, const std::string& client,
                   std::size_t limit) {
  MutexLock lock(mutex_);
  if (watchers_.size() >= limit) return false;
  watchers_[watcher.get()] = Entry{watcher, client};
  return true;
}

void WatchHub::remove(const Watcher* watcher) {
  MutexLock lock(mutex_);
  watchers_.erase(watcher);
}

std::vector<std::string> WatchHub::clients() {
  MutexLock lock(mutex_);
  std::vector<std::string> out;
  for (const auto& [key, entry] : watchers_) out.push_back(entry.client);
  return out;
}

std::size_t WatchHub::client_count() {
  MutexLock lock(mutex_);
  return watchers_.size();
}

void WatchHub::publish_list(const ServerList& list) {
  MutexLock lock(mutex_);
  list_ = std::make_shared<const ServerList>(list);
  wake_.notify_one();
}

void WatchHub::publish_beat(const Beat& beat) {
  MutexLock lock(mutex_);
  beat_ = last_beat_ =
      std::make_shared<const TimedBeat>(TimedBeat{beat, std::chrono::steady_clock::now()});
  wake_.notify_one();
}

void WatchHub::repeat_beat() {
  MutexLock lock(mutex_);
  if (last_beat_) beat_ = std::make_shared<const TimedBeat>(*last_beat_);
  changed_ = true;
  wake_.notify_one();
}

BeatPtr WatchHub::fresh_beat() {
  MutexLock lock(mutex_);
  if (!last_beat_) return nullptr;
  const auto age = std::chrono::steady_clock::now() - last_beat_->at;
  const std::chrono::milliseconds interval(last_beat_->beat.interval_ms);
  return age < kMissedBeats * interval ? last_beat_ : nullptr;
}

void WatchHub::on_news(std::function<void()> observer) {
  MutexLock lock(mutex_);
  observer_ = std::move(observer);
}

void WatchHub::run() {
  for (;;) {
    std::shared_ptr<const ServerList> list;
    BeatPtr beat;
    std::function<void()> observer;
    std::vector<std::shared_ptr<Watcher>> watchers;
    {
      MutexLock lock(mutex_);
      while (!list_ && !beat_ && !changed_ && !stopping_) {
        wake_.wait_until(mutex_, std::chrono::steady_clock::now() + kLookAround);
      }
      if (stopping_) return;
      list.swap(list_);
      beat.swap(beat_);
      changed_ = false;
      observer = observer_;
      for (const auto& [key, entry] : watchers_) {
        if (auto watcher = entry.watcher.lock()) watchers.push_back(std::move(watcher));
      }
    }
    if (observer) observer();
    for (const auto& watcher : watchers) watcher->news(list, beat);
  }
}

void WatchHub::stop() {
  {
    MutexLock lock(mutex_);
    if (stopping_) return;
    stopping_ = true;
    wake_.notify_one();
  }
  thread_.join();
}

}  // namespace starling::transport
