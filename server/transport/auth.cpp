// Implements server/transport/auth.h.
#include "server/transport/auth.h"

#include <algorithm>
#include <cstring>
#include <string_view>

#include "server/transport/hash.h"

namespace starling::transport {

namespace {

constexpr std::size_t kMaxCached = 16'384;
constexpr std::string_view kScheme = "bearer ";

}  // namespace

Credential credential_of(const grpc::CallbackServerContext& context) {
  Credential credential;
  const auto& metadata = context.client_metadata();
  const auto found = metadata.find("authorization");
  if (found == metadata.end()) return credential;
  const std::string_view value(found->second.data(), found->second.size());
  if (value.size() <= kScheme.size()) return credential;
  const bool scheme =
      std::equal(kScheme.begin(), kScheme.end(), value.begin(), [](char want, char got) {
        return want == (got >= 'A' && got <= 'Z' ? static_cast<char>(got + ('a' - 'A')) : got);
      });
  if (!scheme || !hash_token(value.substr(kScheme.size()), credential.hash)) return credential;
  credential.present = true;
  credential.bearer = std::string(value);
  return credential;
}

std::size_t Authenticator::Hash::operator()(const chat::TokenHash& token) const {
  std::size_t value = 0;  // The token's hash is uniform already.
  std::memcpy(&value, token.data(), sizeof value);
  return value;
}

bool Authenticator::cached(const chat::TokenHash& token, AuthResult& result, Identity& identity) {
  Known known;
  {
    MutexLock lock(mutex_);
    const auto found = cache_.find(token);
    if (found == cache_.end() || Clock::now() - found->second.read_at >= kCacheTtl) return false;
    known = found->second;
  }
  result = judge(known, identity);
  return true;
}

AuthResult Authenticator::check(const chat::TokenHash& token, Identity& identity) {
  AuthResult result = AuthResult::kUnknown;
  if (cached(token, result, identity)) return result;
  Known known;
  known.read_at = Clock::now();  // Before the read: what it finds may be older than its end.
  result = load(token, known);
  {
    MutexLock lock(mutex_);
    if (result != AuthResult::kOk) {
      cache_.erase(token);
      return result;
    }
    if (cache_.size() >= kMaxCached) cache_.clear();
    cache_[token] = known;
  }
  return judge(known, identity);
}

AuthResult Authenticator::judge(const Known& known, Identity& identity) const {
  if (expired(known.expires_at_ms)) return AuthResult::kExpired;
  identity = known.identity;
  return AuthResult::kOk;
}

AuthResult Authenticator::load(const chat::TokenHash& token, Known& known) {
  ReaderPool::Lease reader = backend_.readers().acquire();
  bool found = false;
  chat::SessionRow row;
  if (!reader || !reader->session(token, found, row).ok()) return AuthResult::kStoreFailed;
  if (!found) return AuthResult::kUnknown;
  chat::Account account;
  if (!reader->account_by_id(row.account, found, account).ok()) return AuthResult::kStoreFailed;
  if (!found || account.deleted) return AuthResult::kUnknown;
  known.identity.actor = {row.account, row.id};
  known.identity.name = account.name;
  known.expires_at_ms = row.expires_at_ms;
  return AuthResult::kOk;
}

bool Authenticator::expired(chat::TimeMs expires_at_ms) const {
  const NodeStatus status = backend_.status();
  chat::TimeMs now = status.time_ms;
  if (!status.has_quorum) {
    // R5.7: replicated time stands still without a quorum; tokens must not live on with it.
    const auto wall = std::chrono::system_clock::now().time_since_epoch();
    now = std::max<chat::TimeMs>(
        now, std::chrono::duration_cast<std::chrono::milliseconds>(wall).count());
  }
  return now >= expires_at_ms;
}

void Authenticator::forget(const chat::TokenHash& token) {
  MutexLock lock(mutex_);
  cache_.erase(token);
}

bool Authenticator::may_catch_up() {
  MutexLock lock(mutex_);
  const Clock::time_point now = Clock::now();
  if (now - window_start_ >= std::chrono::seconds(1)) {
    window_start_ = now;
    catch_ups_ = 0;
  }
  return ++catch_ups_ <= catch_ups_per_second_;
}

}  // namespace starling::transport
