// Implements server/transport/presence_stream.h.
#include "server/transport/presence_stream.h"

#include <algorithm>

#include "server/transport/convert.h"
#include "server/transport/validate.h"

namespace starling::transport {

namespace {

constexpr std::chrono::milliseconds kBetweenLooks{250};
constexpr std::chrono::seconds kTypingEvery{2};
constexpr std::size_t kMaxTypedIn = 16;  // Conversations, within kTypingEvery.

}  // namespace

grpc::ServerBidiReactor<grpc::ByteBuffer, grpc::ByteBuffer>* start_presence(
    Services& services, grpc::CallbackServerContext* context) {
  const auto stream = std::make_shared<PresenceStream>(services, context);
  stream->start();
  return stream.get();  // It holds itself until OnDone.
}

PresenceStream::PresenceStream(Services& services, grpc::CallbackServerContext* context)
    : services_(services), context_(context), credential_(credential_of(*context)) {}

void PresenceStream::start() {
  self_ = shared_from_this();
  if (!credential_.present) {
    end(unauthenticated("this call needs a session token"));
  } else if (!services_.streams.add(weak_from_this())) {
    end(draining());
  } else {
    services_.authenticate(
        credential_.hash,
        [self = shared_from_this()](const std::optional<Failure>& failure, const Identity& who) {
          self->begin(failure, who);
        });
  }
}

void PresenceStream::begin(const std::optional<Failure>& failure, const Identity& identity) {
  if (failure) {
    end(*failure);
    return;
  }
  Place place = Place::kGiven;
  {
    // The client may have gone meanwhile: whoever is not listed before OnDone is not listed at all.
    MutexLock lock(mutex_);
    if (finished_) return;
    identity_ = identity;
    place = services_.presence.add(identity.actor.account, weak_from_this(),
                                   services_.options.presence_streams, key_);
    beat_due_ = place == Place::kGiven;  // The first message says that the stream stands.
    pump();
  }
  if (place != Place::kGiven) {
    end(no_place(place, "presence streams"));
    return;
  }
  watch_session(services_, credential_.hash, weak_from_this());
  read_on();
}

bool PresenceStream::over() {
  MutexLock lock(mutex_);
  return finished_;
}

void PresenceStream::read_on() {
  MutexLock lock(mutex_);
  if (!finished_) StartRead(&incoming_);
}

void PresenceStream::OnReadDone(bool ok) {
  if (!ok) {
    MutexLock lock(mutex_);
    half_closed_ = half_closed_ || !finished_;  // Or broken: OnDone knows.
    finish(grpc::Status::OK);
    return;
  }
  std::string field;
  request_.Clear();
  if (!parse(incoming_, request_, field)) {
    end(malformed(field));
  } else if (const Invalid invalid = validate(request_)) {
    end(*invalid);
  } else {
    take();
  }
}

void PresenceStream::take() {
  switch (request_.what_case()) {
    case pb::PresenceRequest::kWatch:
      take_watch();
      return;  // Nothing more is read before it is known whom the account may see.
    case pb::PresenceRequest::kAway: {
      MutexLock lock(mutex_);
      services_.presence.set_away(key_, request_.away());
      break;
    }
    case pb::PresenceRequest::kTyping:
      take_typing(request_.typing());
      break;
    case pb::PresenceRequest::WHAT_NOT_SET:
      break;
  }
  read_on();
}

void PresenceStream::take_watch() {
  // What is read next may come, and use request_, as soon as the look is awaited.
  bool look = false;
  bool read = false;
  {
    MutexLock lock(mutex_);
    watched_.assign(request_.watch().account_ids().begin(), request_.watch().account_ids().end());
    std::sort(watched_.begin(), watched_.end());
    watched_.erase(std::unique(watched_.begin(), watched_.end()), watched_.end());
    ++list_;
    told_.clear();
    dirty_.clear();
    visible_.clear();
    suspects_ = {watched_.begin(), watched_.end()};
    looked_ = false;
    services_.presence.watch(key_, watched_);
    read_after_look_ = !watched_.empty();
    read = !read_after_look_;
    look = look_due();
  }
  if (look) await_look();
  if (read) read_on();
}

void PresenceStream::take_typing(chat::ConversationId conversation) {
  const Clock::time_point now = Clock::now();
  std::erase_if(typed_at_, [&](const auto& typed) { return now - typed.second >= kTypingEvery; });
  if (typed_at_.size() >= kMaxTypedIn || !typed_at_.emplace(conversation, now).second) return;
  MutexLock lock(mutex_);
  services_.presence.typing(identity_.actor.account, conversation);
}

// True: await_look() is due. False: the one that is awaited takes these suspects too, or there are
// none.
bool PresenceStream::look_due() {
  if (finished_ || suspects_.empty()) return false;
  return !std::exchange(looking_, true);
}

void PresenceStream::await_look() {
  Clock::time_point when;
  chat::AccountId viewer = 0;
  {
    MutexLock lock(mutex_);
    if (finished_) return;
    when = looked_at_ + kBetweenLooks;
    viewer = identity_.actor.account;
  }
  if (Clock::now() >= when) {
    services_.looks.add(viewer, weak_from_this());
    return;
  }
  services_.scheduler.at(when, [viewer, weak = weak_from_this()] {
    if (const auto self = weak.lock()) self->services_.looks.add(viewer, weak);
  });
}

void PresenceStream::look() {
  std::vector<chat::AccountId> suspects;
  chat::AccountId viewer = 0;
  std::uint64_t list = 0;
  {
    MutexLock lock(mutex_);
    if (finished_) return;
    suspects.assign(suspects_.begin(), suspects_.end());
    looked_at_now_ = std::exchange(suspects_, {});
    viewer = identity_.actor.account;
    list = list_;
    looked_at_ = Clock::now();
  }
  std::vector<chat::AccountId> visible;
  sqlite::Status status;
  {
    ReaderPool::Lease reader = services_.backend.readers().acquire();
    status = reader->visible_to(viewer, suspects, visible);
  }
  if (!status.ok()) {
    end(store_failed(status.message()));
    return;
  }
  bool again = false;
  bool read = false;
  {
    MutexLock lock(mutex_);
    looked_at_now_.clear();
    if (list == list_) {  // Else all of the new list are suspects.
      for (const chat::AccountId account : suspects) visible_.erase(account);
      visible_.insert(visible.begin(), visible.end());
      dirty_.insert(suspects.begin(), suspects.end());
      looked_ = true;
      pump();
      read = std::exchange(read_after_look_, false);
    }
    looking_ = false;
    again = look_due();
  }
  if (read) read_on();
  if (again) await_look();
}

void PresenceStream::sight_changed(const SightChange& change) {
  bool look = false;
  {
    MutexLock lock(mutex_);
    typing_.seen_to(change.number);
    if (change.left != 0) typing_.left(change.left);
    typing_.drop(*change.seen);  // Who may be told of yet says so again.
    const std::vector<chat::AccountId>& seen = *change.seen;
    const bool few = seen.size() < watched_.size();
    const std::vector<chat::AccountId>& those = few ? seen : watched_;
    const std::vector<chat::AccountId>& others = few ? watched_ : seen;
    for (const chat::AccountId account : those) {
      if (std::binary_search(others.begin(), others.end(), account)) suspects_.insert(account);
    }
    look = look_due();
  }
  if (look) await_look();
}

void PresenceStream::look_again(std::uint64_t sight) {
  bool look = false;
  {
    MutexLock lock(mutex_);
    typing_.seen_to(sight);
    typing_.forget();
    suspects_ = {watched_.begin(), watched_.end()};
    look = look_due();
  }
  if (look) await_look();
}

void PresenceStream::touched(const std::vector<chat::AccountId>& accounts) {
  MutexLock lock(mutex_);
  if (!looked_) return;  // All of them are told once it has.
  dirty_.insert(accounts.begin(), accounts.end());
  pump();
}

void PresenceStream::typing(chat::ConversationId conversation, chat::AccountId account,
                            Clock::time_point at, std::uint64_t sight) {
  MutexLock lock(mutex_);
  typing_.add({conversation, account}, at, sight);
  pump();
}

void PresenceStream::beat() {
  MutexLock lock(mutex_);
  beat_due_ = true;
  pump();
}

void PresenceStream::fill(pb::PresenceResponse& response) {
  std::vector<chat::AccountId> accounts;
  for (const chat::AccountId account : std::exchange(dirty_, {})) {
    if (!std::binary_search(watched_.begin(), watched_.end(), account)) continue;
    // Nothing is told of somebody who may be out of sight by now: its look ends with its news.
    if (suspects_.contains(account) || looked_at_now_.contains(account)) continue;
    accounts.push_back(account);
  }
  const std::vector<presence::Info> infos = services_.presence.infos(accounts);
  for (std::size_t i = 0; i < accounts.size(); ++i) {
    const presence::Entry entry{accounts[i],
                                visible_.contains(accounts[i]) ? infos[i] : presence::Info{}};
    const auto [told, first] = told_.try_emplace(entry.account, entry.info);
    if (!first && told->second == entry.info) continue;
    told->second = entry.info;
    to_wire(entry, *response.add_presence());
  }
  for (const TypingNotices::Notice& waiting : typing_.take(Clock::now())) {
    pb::TypingNotice& notice = *response.add_typing();
    notice.set_conversation_id(waiting.conversation);
    notice.set_account_id(waiting.account);
  }
}

void PresenceStream::pump() {
  if (finished_ || writing_ || key_ == 0) return;
  pb::PresenceResponse response;
  fill(response);
  if (response.presence().empty() && response.typing().empty() && !beat_due_) return;
  beat_due_ = false;
  writing_bytes_.Clear();
  serialize(response, writing_bytes_);
  writing_ = true;
  StartWrite(&writing_bytes_);
}

void PresenceStream::OnWriteDone(bool ok) {
  {
    MutexLock lock(mutex_);
    writing_ = false;
    if (ok) {
      pump();
      return;
    }
  }
  OnCancel();
}

void PresenceStream::finish(const grpc::Status& status) {
  if (finished_) return;
  finished_ = true;
  Finish(status);
}

void PresenceStream::end(const Failure& failure) {
  MutexLock lock(mutex_);
  finish(to_status(failure));
}

void PresenceStream::OnCancel() { end(client_gone()); }

void PresenceStream::OnDone() {
  presence::SessionKey key = 0;
  bool goodbye = false;
  {
    MutexLock lock(mutex_);
    key = key_;
    goodbye = half_closed_ && !context_->IsCancelled();
  }
  if (key != 0) services_.presence.remove(key, goodbye);
  services_.streams.remove(this);
  self_.reset();  // May end this object: last.
}

}  // namespace starling::transport
