// Who calls: from the session token in the call's metadata, by the session row in the local store.
#pragma once

#include <grpcpp/server_context.h>

#include <chrono>
#include <cstdint>
#include <string>
#include <unordered_map>

#include "server/transport/backend.h"
#include "server/transport/mutex.h"

namespace starling::transport {

struct Identity {
  chat::Actor actor;
  std::string name;
};

// The token as the call brought it.
struct Credential {
  bool present = false;  // And well-formed.
  std::string bearer;    // The whole metadata value, to be forwarded.
  chat::TokenHash hash{};
};
Credential credential_of(const grpc::CallbackServerContext& context);

enum class AuthResult { kOk, kUnknown, kExpired, kStoreFailed };

// Answers from a small cache that is never older than kCacheTtl, so that a revocation holds here
// soon after it was applied here (P8). Thread contract: every call is thread-safe.
class Authenticator {
 public:
  static constexpr std::chrono::milliseconds kCacheTtl{200};

  Authenticator(Backend& backend, int catch_ups_per_second)
      : backend_(backend), catch_ups_per_second_(catch_ups_per_second) {}

  // From the cache alone, without a wait; false: only check() can tell.
  bool cached(const chat::TokenHash& token, AuthResult& result, Identity& identity);
  // May read the store, and so block.
  AuthResult check(const chat::TokenHash& token, Identity& identity);
  // The session was ended by a call to this server.
  void forget(const chat::TokenHash& token);
  // Whether an unknown token may cost a look at the primary's state now: bounded a second.
  bool may_catch_up();

 private:
  using Clock = std::chrono::steady_clock;
  struct Known {
    Identity identity;
    chat::TimeMs expires_at_ms = 0;
    Clock::time_point read_at;
  };
  struct Hash {
    std::size_t operator()(const chat::TokenHash& token) const;
  };

  AuthResult load(const chat::TokenHash& token, Known& known);
  AuthResult judge(const Known& known, Identity& identity) const;
  bool expired(chat::TimeMs expires_at_ms) const;

  Backend& backend_;
  const int catch_ups_per_second_;
  Mutex mutex_;
  std::unordered_map<chat::TokenHash, Known, Hash> cache_ STARLING_GUARDED_BY(mutex_);
  Clock::time_point window_start_ STARLING_GUARDED_BY(mutex_);
  int catch_ups_ STARLING_GUARDED_BY(mutex_) = 0;
};

}  // namespace starling::transport
