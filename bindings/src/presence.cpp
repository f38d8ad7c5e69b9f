// Who is online and who types, for Python.
#include "bindings/src/presence.h"

#include <utility>

namespace starling::python {
namespace {

// Typing notices beyond the watched accounts' own places are dropped.
constexpr std::size_t kFull = PresenceWatch::kMaxWatched + 64;

}  // namespace

LivePresence::LivePresence(std::shared_ptr<SessionState> session, std::optional<Callback> wake)
    : session_(std::move(session)), wake_(std::move(wake)) {}

Status LivePresence::open() {
  const std::weak_ptr<LivePresence> weak = weak_from_this();
  Result<PresenceWatch> made = session_->sdk.watch_presence(
      [weak](const Presence& presence) {
        if (const auto self = weak.lock()) self->arrived(presence);
      },
      [weak](const Typing& typing) {
        if (const auto self = weak.lock()) self->arrived(typing);
      });
  if (!made.ok()) return made.error();
  watch_ = std::move(*made);
  return Unit{};
}

void LivePresence::watch(std::vector<std::int64_t> accounts) { watch_.watch(std::move(accounts)); }

void LivePresence::arrived(const Presence& presence) {
  {
    std::lock_guard lock(mutex_);
    std::erase_if(queue_, [&](const Signal& signal) {
      const auto* waiting = std::get_if<Presence>(&signal);
      return waiting != nullptr && waiting->account_id == presence.account_id;
    });
    if (queue_.size() < kFull) queue_.emplace_back(presence);
  }
  tell();
}

void LivePresence::arrived(const Typing& typing) {
  {
    std::lock_guard lock(mutex_);
    if (queue_.size() < kFull) queue_.emplace_back(typing);
  }
  tell();
}

void LivePresence::tell() {
  bool wake = false;
  {
    std::lock_guard lock(mutex_);
    wake = std::exchange(asleep_, false);
    came_.notify_all();
  }
  if (wake && wake_.has_value()) wake_->call([] { return py::tuple(); });
}

Result<std::vector<Signal>> LivePresence::take(std::chrono::milliseconds patience) {
  std::vector<Signal> taken;
  {
    std::unique_lock lock(mutex_);
    came_.wait_for(lock, patience, [this] { return closed_ || !queue_.empty(); });
    taken.assign(queue_.begin(), queue_.end());
    queue_.clear();
    asleep_ = taken.empty();
    if (closed_ || session_->closed || session_->client->closed) {
      Error error;
      error.code = ErrorCode::kCancelled;
      return error;
    }
  }
  if (!taken.empty()) return taken;
  if (Status status = watch_.status(); !status.ok()) return status.error();
  return taken;
}

void LivePresence::close() {
  {
    std::lock_guard lock(mutex_);
    closed_ = true;
    queue_.clear();
    came_.notify_all();
  }
  watch_.close();
}

}  // namespace starling::python
