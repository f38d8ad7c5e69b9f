// Implements server/transport/presence_stream.h.
#include "server/transport/presence_stream.h"

#include <algorithm>

#include "server/transport/convert.h"
#include "server/transport/validate.h"

namespace starling::transport {

namespace {

constexpr std::chrono::milliseconds kLookAgain{100};
constexpr std::chrono::seconds kTypingEvery{2};
constexpr std::size_t kMaxTypedIn = 16;        // Conversations, within kTypingEvery.
constexpr std::size_t kMaxTypingWaiting = 32;  // Notices, for a slow reader.

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
  bool full = false;
  {
    // The client may have gone meanwhile: whoever is not listed before OnDone is not listed at all.
    MutexLock lock(mutex_);
    if (finished_) return;
    identity_ = identity;
    key_ = services_.presence.add(identity.actor.account, weak_from_this(),
                                  services_.options.max_presence_streams);
    full = key_ == 0;
    beat_due_ = !full;  // The first message says that the stream stands.
    pump();
  }
  if (full) {
    end(overloaded("this server has too many presence streams"));
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
  bool submit = false;
  {
    MutexLock lock(mutex_);
    watched_.assign(request_.watch().account_ids().begin(), request_.watch().account_ids().end());
    std::sort(watched_.begin(), watched_.end());
    watched_.erase(std::unique(watched_.begin(), watched_.end()), watched_.end());
    told_.clear();
    dirty_.clear();
    looked_ = false;
    read_after_look_ = true;
    services_.presence.watch(key_, watched_);
    look_again_ = looking_;
    submit = !std::exchange(looking_, true);
  }
  if (submit) submit_look();
}

void PresenceStream::take_typing(chat::ConversationId conversation) {
  const Clock::time_point now = Clock::now();
  std::erase_if(typed_at_, [&](const auto& typed) { return now - typed.second >= kTypingEvery; });
  if (typed_at_.size() >= kMaxTypedIn || !typed_at_.emplace(conversation, now).second) return;
  MutexLock lock(mutex_);
  services_.presence.typing(identity_.actor.account, conversation);
}

void PresenceStream::submit_look() {
  if (over()) return;
  if (services_.disk.submit([self = shared_from_this()] { self->look(); })) return;
  services_.scheduler.after(kLookAgain, [weak = weak_from_this()] {
    if (const auto self = weak.lock()) self->submit_look();
  });
}

void PresenceStream::look() {
  std::vector<chat::AccountId> watched;
  chat::AccountId viewer = 0;
  {
    MutexLock lock(mutex_);
    if (finished_) return;
    watched = watched_;
    viewer = identity_.actor.account;
    look_again_ = false;
  }
  std::vector<chat::AccountId> visible;
  sqlite::Status status;
  {
    ReaderPool::Lease reader = services_.backend.readers().acquire();
    status = reader->visible_to(viewer, watched, visible);
  }
  if (!status.ok()) {
    end(store_failed(status.message()));
    return;
  }
  bool again = false;
  bool read = false;
  bool stale = false;
  {
    MutexLock lock(mutex_);
    stale = watched != watched_;
    again = stale || look_again_;
    if (!stale) {
      visible_ = {visible.begin(), visible.end()};
      looked_ = true;
      dirty_.insert(watched_.begin(), watched_.end());
      pump();
      read = std::exchange(read_after_look_, false);
    }
    looking_ = again;
  }
  if (read) read_on();
  if (stale) submit_look();
  if (stale || !again) return;
  // Not at once: many may join a large group one after the other.
  services_.scheduler.after(kLookAgain, [weak = weak_from_this()] {
    if (const auto self = weak.lock()) self->submit_look();
  });
}

void PresenceStream::look_again() {
  bool submit = false;
  {
    MutexLock lock(mutex_);
    if (finished_ || watched_.empty()) return;
    look_again_ = looking_;
    submit = !std::exchange(looking_, true);
  }
  if (submit) submit_look();
}

void PresenceStream::touched(const std::vector<chat::AccountId>& accounts) {
  MutexLock lock(mutex_);
  if (!looked_) return;  // All of them are told once it has.
  dirty_.insert(accounts.begin(), accounts.end());
  pump();
}

void PresenceStream::typing(chat::ConversationId conversation, chat::AccountId account) {
  MutexLock lock(mutex_);
  const auto notice = std::pair(conversation, account);
  const bool there = std::find(typing_.begin(), typing_.end(), notice) != typing_.end();
  if (there || typing_.size() >= kMaxTypingWaiting) return;
  typing_.push_back(notice);
  pump();
}

void PresenceStream::beat() {
  MutexLock lock(mutex_);
  beat_due_ = true;
  pump();
}

void PresenceStream::fill(pb::PresenceResponse& response) {
  std::vector<chat::AccountId> accounts;
  for (const chat::AccountId account : dirty_) {
    if (std::binary_search(watched_.begin(), watched_.end(), account)) accounts.push_back(account);
  }
  dirty_.clear();
  const std::vector<presence::Info> infos = services_.presence.infos(accounts);
  for (std::size_t i = 0; i < accounts.size(); ++i) {
    const presence::Entry entry{accounts[i],
                                visible_.contains(accounts[i]) ? infos[i] : presence::Info{}};
    const auto [told, first] = told_.try_emplace(entry.account, entry.info);
    if (!first && told->second == entry.info) continue;
    told->second = entry.info;
    to_wire(entry, *response.add_presence());
  }
  for (const auto& [conversation, account] : typing_) {
    pb::TypingNotice& notice = *response.add_typing();
    notice.set_conversation_id(conversation);
    notice.set_account_id(account);
  }
  typing_.clear();
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
