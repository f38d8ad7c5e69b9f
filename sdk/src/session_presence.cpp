// The public Session: its presence watch.
#include "sdk/src/session_impl.h"

namespace starling {

struct STARLING_LOCAL PresenceWatch::Impl {
  Impl(std::shared_ptr<sdk::Core> watch_core, std::shared_ptr<sdk::PresenceWatcher> the_watcher)
      : core(std::move(watch_core)), watcher(std::move(the_watcher)) {}
  ~Impl() { close(); }
  Impl(const Impl&) = delete;
  Impl& operator=(const Impl&) = delete;
  void close() {
    watcher->end(sdk::make_error(ErrorCode::kCancelled, "The presence watch was closed."));
    core->release_presence(watcher);
  }

  const std::shared_ptr<sdk::Core> core;
  const std::shared_ptr<sdk::PresenceWatcher> watcher;
};

Result<PresenceWatch> Session::watch_presence(std::function<void(const Presence&)> on_presence,
                                              std::function<void(const Typing&)> on_typing) {
  if (!impl_) return Impl::missing();
  if (!sdk::is_token(impl_->token)) return sdk::not_a_token();
  PresenceWatch watch;
  watch.impl_ = std::make_shared<PresenceWatch::Impl>(
      impl_->core,
      impl_->core->make_presence(impl_->token, std::move(on_presence), std::move(on_typing)));
  return watch;
}

PresenceWatch::PresenceWatch() = default;
PresenceWatch::~PresenceWatch() = default;
PresenceWatch::PresenceWatch(PresenceWatch&&) noexcept = default;
PresenceWatch& PresenceWatch::operator=(PresenceWatch&&) noexcept = default;

void PresenceWatch::watch(std::vector<std::int64_t> account_ids) {
  if (impl_) impl_->watcher->watch(std::move(account_ids));
}

void PresenceWatch::set_away(bool away) {
  if (impl_) impl_->watcher->set_away(away);
}

void PresenceWatch::typing(std::int64_t conversation_id) {
  if (impl_) impl_->watcher->typing(conversation_id);
}

std::vector<Presence> PresenceWatch::current() const {
  return impl_ ? impl_->watcher->current() : std::vector<Presence>();
}

Status PresenceWatch::status() const {
  if (impl_) return impl_->watcher->status();
  return sdk::make_error(ErrorCode::kCancelled, "The presence watch is empty.");
}

std::string PresenceWatch::server() const {
  return impl_ ? impl_->watcher->answering() : std::string();
}

void PresenceWatch::close() {
  if (impl_) impl_->close();
}

}  // namespace starling
