// Implements server/transport/services.h.
#include "server/transport/services.h"

namespace starling::transport {

namespace {

constexpr std::chrono::milliseconds kCatchUp{500};

void tell(AuthResult result, const Identity& identity, const Services::AuthDone& done) {
  std::optional<Failure> failure;
  if (result != AuthResult::kOk) failure = failure_of(result);
  done(failure, identity);
}

}  // namespace

bool StreamRegistry::add(const std::weak_ptr<Stream>& stream) {
  const std::shared_ptr<Stream> held = stream.lock();
  MutexLock lock(mutex_);
  if (ended_ || !held) return false;
  streams_[held.get()] = stream;
  return true;
}

void StreamRegistry::remove(const Stream* stream) {
  MutexLock lock(mutex_);
  streams_.erase(stream);
}

std::size_t StreamRegistry::size() {
  MutexLock lock(mutex_);
  return streams_.size();
}

std::vector<std::shared_ptr<Stream>> StreamRegistry::all() {
  MutexLock lock(mutex_);
  std::vector<std::shared_ptr<Stream>> out;
  for (const auto& [key, weak] : streams_) {
    if (std::shared_ptr<Stream> stream = weak.lock()) out.push_back(std::move(stream));
  }
  return out;
}

void StreamRegistry::end_all(const Failure& failure) {
  {
    MutexLock lock(mutex_);
    ended_ = true;
  }
  for (const auto& stream : all()) stream->end(failure);
}

void StreamRegistry::primary_changed(core::NodeId primary) {
  for (const auto& stream : all()) stream->primary_changed(primary);
}

Services::Services(const ServerOptions& the_options, Backend& the_backend)
    : options(the_options),
      backend(the_backend),
      auth(the_backend, the_options.catch_ups_per_second),
      account_throttle(the_options.login_burst, the_options.login_per_second),
      peer_throttle(the_options.login_peer_burst, the_options.login_peer_per_second),
      hashers(the_options.hash_threads, the_options.hash_queue),
      looks(disk, scheduler, static_cast<std::size_t>(the_options.read_threads) / 2),
      disk(the_options.read_threads, the_options.read_queue),
      searchers(the_options.search_threads, the_options.search_queue),
      searching(the_options.searches_per_account),
      forwarder(pending),
      presence(*this),
      dummy_hash(dummy_password_hash(the_options.hash)) {}

void Services::fill_header(core::Index index, chat::TimeMs time_ms,
                           pb::ResponseHeader& header) const {
  header.mutable_token()->set_cluster_id(options.cluster);
  header.mutable_token()->set_epoch(options.epoch);
  header.mutable_token()->set_index(index);
  header.set_time_ms(time_ms);
  header.set_server_id(options.id);
}

void Services::authenticate(const chat::TokenHash& token, AuthDone done) {
  AuthResult result = AuthResult::kUnknown;
  Identity identity;
  if (auth.cached(token, result, identity)) {
    tell(result, identity, done);
  } else if (!disk.submit([this, token, done] { authenticate_blocking(token, done); })) {
    done(too_many_reads(), Identity{});
  }
}

void Services::authenticate_blocking(const chat::TokenHash& token, AuthDone done) {
  Identity identity;
  const AuthResult result = auth.check(token, identity);
  if (result != AuthResult::kUnknown) {
    tell(result, identity, done);
    return;
  }
  // The session may be younger than what this server has applied.
  if (!auth.may_catch_up()) {
    done(overloaded("too many unknown sessions are being looked up"), Identity{});
    return;
  }
  backend.read_barrier(0, std::chrono::steady_clock::now() + kCatchUp,
                       [this, token, done = std::move(done)](WaitError error) {
                         // Not on the node's thread: the store will be read.
                         const bool queued = disk.submit([this, token, error, done] {
                           authenticate_again(token, error, done);
                         });
                         if (!queued) done(too_many_reads(), Identity{});
                       });
}

void Services::authenticate_again(const chat::TokenHash& token, WaitError caught_up,
                                  const AuthDone& done) {
  Identity identity;
  const AuthResult result = auth.check(token, identity);
  if (result == AuthResult::kUnknown && caught_up != WaitError::kNone) {
    done(failure_of(caught_up), identity);  // Nobody here can say that the token is no good.
  } else {
    tell(result, identity, done);
  }
}

Failure failure_of(AuthResult result) {
  switch (result) {
    case AuthResult::kExpired:
      return unauthenticated("the session has expired");
    case AuthResult::kStoreFailed:
      return store_failed("sessions");
    case AuthResult::kOk:
    case AuthResult::kUnknown:
      break;
  }
  return unauthenticated("the session token is unknown or was revoked");
}

}  // namespace starling::transport
