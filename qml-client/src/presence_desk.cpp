// See presence_desk.h.
#include "qml-client/src/presence_desk.h"

#include <algorithm>
#include <map>
#include <mutex>
#include <set>
#include <utility>

#include "qml-client/src/worker.h"

namespace starling_app {

// The newest of each account that is watched, and a few notices: a window that is busy for long
// finds the state of now, not all that led to it.
struct PresenceDesk::Inbox {
  static constexpr std::size_t kMaxNotices = 64;

  std::mutex mutex;
  std::map<qint64, starling::Presence> presence;
  std::vector<starling::Typing> typing;
  bool posted = false;

  // True: nobody has been sent for it yet.
  bool put(const starling::Presence& one) {
    const std::lock_guard lock(mutex);
    presence[one.account_id] = one;
    return !std::exchange(posted, true);
  }
  bool put(const starling::Typing& one) {
    const std::lock_guard lock(mutex);
    if (typing.size() < kMaxNotices) typing.push_back(one);
    return !std::exchange(posted, true);
  }
  void keep_only(const std::vector<qint64>& accounts) {
    const std::set<qint64> wanted(accounts.begin(), accounts.end());
    const std::lock_guard lock(mutex);
    std::erase_if(presence, [&](const auto& one) { return !wanted.contains(one.first); });
  }
};

PresenceDesk::PresenceDesk(int idle_ms, QObject* parent) : QObject(parent), idle_(idle_ms) {
  connect(&idle_, &IdleWatch::idle_changed, this, [this](bool idle) {
    if (watch_) watch_->set_away(idle);
  });
}

PresenceDesk::~PresenceDesk() = default;

void PresenceDesk::begin(starling::Session session) {
  self_ = session.account().id;
  const QPointer<PresenceDesk> self(this);
  const auto inbox = std::make_shared<Inbox>();
  inbox_ = inbox;
  const auto put = [self, inbox](const auto& one) {
    if (inbox->put(one)) to_gui(self, [inbox](PresenceDesk& desk) { desk.take(inbox); });
  };
  auto made = session.watch_presence(put, put);
  if (!made.ok()) return;  // The session is none, as the stream of events says too.
  watch_ = std::make_shared<starling::PresenceWatch>(std::move(made.value()));
  watch_->set_away(idle_.idle());
}

std::shared_ptr<void> PresenceDesk::end() {
  inbox_.reset();
  watched_.clear();
  book_.reset();
  return std::exchange(watch_, nullptr);
}

void PresenceDesk::set_watched(std::vector<qint64> accounts) {
  std::set<qint64> seen{self_, 0};
  std::erase_if(accounts, [&seen](qint64 account) { return !seen.insert(account).second; });
  if (accounts.size() > starling::PresenceWatch::kMaxWatched) {
    accounts.resize(starling::PresenceWatch::kMaxWatched);
  }
  std::sort(accounts.begin(), accounts.end());  // In another order they are the same.
  if (!watch_ || accounts == watched_) return;
  watched_ = std::move(accounts);
  book_.set_watched(watched_);
  watch_->watch({watched_.begin(), watched_.end()});
  inbox_->keep_only(watched_);
}

void PresenceDesk::typing(qint64 conversation) {
  if (watch_) watch_->typing(conversation);
}

void PresenceDesk::take(const std::shared_ptr<Inbox>& from) {
  if (from != inbox_) return;
  std::map<qint64, starling::Presence> presence;
  std::vector<starling::Typing> typing;
  {
    const std::lock_guard lock(from->mutex);
    from->posted = false;
    presence.swap(from->presence);
    typing.swap(from->typing);
  }
  for (const auto& [account, one] : presence) book_.apply(one);
  for (const starling::Typing& one : typing) {
    if (one.account_id != self_) book_.apply_typing(one.conversation_id, one.account_id);
  }
}

}  // namespace starling_app
