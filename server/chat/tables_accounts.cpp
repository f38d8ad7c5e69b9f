// Rows of accounts and sessions, and what concerns all tables.
#include "server/chat/tables.h"

namespace starling::chat {
namespace {

// Rows remembered of each kind, at most, between transactions.
constexpr std::size_t kMaxRemembered = 65'536;
constexpr std::size_t kMaxRememberedMembers = 200'000;

}  // namespace

void Tables::forget() {
  accounts_.clear();
  sessions_.clear();
  conversations_.clear();
  remembered_members_ = 0;
  oldest_outcome_ms_ = kUnknown;
  oldest_session_ms_ = kUnknown;
}

void Tables::trim() {
  if (accounts_.size() > kMaxRemembered) accounts_.clear();
  if (sessions_.size() > kMaxRemembered) sessions_.clear();
  if (conversations_.size() > kMaxRemembered) {
    conversations_.clear();
    remembered_members_ = 0;
  }
  // Large groups go one by one, or a few of them would cost all others their place.
  for (auto at = conversations_.begin();
       at != conversations_.end() && remembered_members_ > kMaxRememberedMembers;) {
    const std::size_t members = at->second.members.size();
    if (members <= kMaxMarkAudience) {
      ++at;
      continue;
    }
    remembered_members_ -= std::min(remembered_members_, members);
    at = conversations_.erase(at);
  }
}

sqlite::Status Tables::write_meta(std::uint64_t applied_index, TimeMs time_ms) {
  Use use;
  CHAT_TRY(use.start(database_, write_meta_));
  use->bind(1, static_cast<std::int64_t>(applied_index))
      .bind(2, time_ms)
      .bind(3, static_cast<std::int64_t>(rows_hash_));
  return use->run();
}

sqlite::Status Tables::find_account(AccountId id, HotAccount*& out) {
  out = nullptr;
  if (const auto known = accounts_.find(id); known != accounts_.end()) {
    out = &known->second;
    return {};
  }
  Use use;
  CHAT_TRY(use.start(database_, account_));
  use->bind(1, id);
  bool row = false;
  CHAT_TRY(use->step(row));
  if (!row) return {};
  HotAccount account;
  account.row = {id,
                 use->text(0),
                 use->text(1),
                 use->text(2),
                 use->integer(3),
                 use->integer(4),
                 use->integer(5) != 0,
                 use->text(6)};
  out = &accounts_.emplace(id, std::move(account)).first->second;
  return {};
}

sqlite::Status Tables::find_account_by_name(std::string_view name, AccountId& id) {
  Use use;
  CHAT_TRY(use.start(database_, id_of_name_));
  use->bind_text(1, name);
  bool row = false;
  CHAT_TRY(use->step(row));
  id = row ? use->integer(0) : 0;
  return {};
}

sqlite::Status Tables::name_taken(std::string_view name, bool& taken) {
  AccountId id = 0;
  CHAT_TRY(find_account_by_name(name, id));
  taken = id != 0;
  return {};
}

sqlite::Status Tables::insert(const AccountRow& row) {
  Use use;
  CHAT_TRY(use.start(database_, insert_account_));
  use->bind(1, row.id)
      .bind_text(2, row.name)
      .bind_text(3, row.display_name)
      .bind_text(4, row.password_hash)
      .bind(5, row.credential_version)
      .bind(6, row.created_ms)
      .bind(7, row.deleted ? 1 : 0)
      .bind_text(8, row.about);
  CHAT_TRY(use->run());
  added(row);
  return {};
}

sqlite::Status Tables::bury_account(HotAccount& account) {
  AccountRow row;
  row.id = account.row.id;
  row.credential_version = account.row.credential_version;
  row.created_ms = account.row.created_ms;
  row.deleted = true;
  return update(account, std::move(row));
}

sqlite::Status Tables::update(HotAccount& account, AccountRow row) {
  Use use;
  CHAT_TRY(use.start(database_, update_account_));
  use->bind(1, row.id)
      .bind_text(2, row.name)
      .bind_text(3, row.display_name)
      .bind_text(4, row.password_hash)
      .bind(5, row.credential_version)
      .bind(6, row.deleted ? 1 : 0)
      .bind_text(7, row.about);
  CHAT_TRY(use->run());
  removed(account.row);
  account.row = std::move(row);
  added(account.row);
  return {};
}

sqlite::Status Tables::find_session(SessionId id, const SessionData*& out) {
  out = nullptr;
  if (const auto known = sessions_.find(id); known != sessions_.end()) {
    out = &known->second;
    return {};
  }
  Use use;
  CHAT_TRY(use.start(database_, session_));
  use->bind(1, id);
  bool row = false;
  CHAT_TRY(use->step(row));
  if (!row) return {};
  SessionData session;
  session.id = id;
  session.account = use->integer(0);
  session.token_hash = from_blob<32>(use->view(1));
  session.device = use->text(2);
  session.created_ms = use->integer(3);
  session.expires_ms = use->integer(4);
  out = &sessions_.emplace(id, std::move(session)).first->second;
  return {};
}

sqlite::Status Tables::find_session_by_token(const TokenHash& token, SessionId& id) {
  Use use;
  CHAT_TRY(use.start(database_, session_by_token_));
  use->bind_blob(1, as_blob(token));
  bool row = false;
  CHAT_TRY(use->step(row));
  id = row ? use->integer(0) : 0;
  return {};
}

sqlite::Status Tables::sessions_of(AccountId account, std::vector<SessionId>& out) {
  Use use;
  CHAT_TRY(use.start(database_, sessions_of_));
  use->bind(1, account);
  CHAT_TRY(use.each([&](const sqlite::Statement& row) { out.push_back(row.integer(0)); }));
  return {};
}

sqlite::Status Tables::insert(const SessionData& row) {
  Use use;
  CHAT_TRY(use.start(database_, insert_session_));
  use->bind(1, row.id)
      .bind(2, row.account)
      .bind_blob(3, as_blob(row.token_hash))
      .bind_text(4, row.device)
      .bind(5, row.created_ms)
      .bind(6, row.expires_ms);
  CHAT_TRY(use->run());
  added(row);
  if (oldest_session_ms_ != kUnknown && row.expires_ms < oldest_session_ms_) {
    oldest_session_ms_ = row.expires_ms;
  }
  return {};
}

sqlite::Status Tables::remove_session(SessionId id) {
  const SessionData* session = nullptr;
  CHAT_TRY(find_session(id, session));
  if (session == nullptr) return {};
  Use use;
  CHAT_TRY(use.start(database_, remove_session_));
  use->bind(1, id);
  CHAT_TRY(use->run());
  removed(*session);
  sessions_.erase(id);
  return {};
}

sqlite::Status Tables::expire_sessions(TimeMs now, int at_most) {
  if (oldest_session_ms_ == kUnknown) {
    Use use;
    CHAT_TRY(use.start(database_, oldest_session_));
    bool row = false;
    CHAT_TRY(use->step(row));
    oldest_session_ms_ = row ? use->integer(0) : kNever;
  }
  if (oldest_session_ms_ > now) return {};
  std::vector<SessionId> expired;
  {
    Use use;
    CHAT_TRY(use.start(database_, expired_sessions_));
    use->bind(1, now).bind(2, at_most);
    CHAT_TRY(use.each([&](const sqlite::Statement& row) { expired.push_back(row.integer(0)); }));
  }
  for (const SessionId id : expired) CHAT_TRY(remove_session(id));
  oldest_session_ms_ = kUnknown;
  return {};
}

}  // namespace starling::chat
