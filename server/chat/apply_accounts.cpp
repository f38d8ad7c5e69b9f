// The rules of accounts and sessions.
#include <utility>

#include "server/chat/apply.h"
#include "server/chat/utf8.h"

namespace starling::chat {
namespace {

constexpr std::size_t kMaxPasswordHashBytes = 512;
constexpr std::size_t kMaxDeviceBytes = 64;

bool is_text(std::string_view text, std::size_t most) {
  return text.size() <= most && is_valid_utf8(text);
}

}  // namespace

sqlite::Status Applier::run(const CreateAccount& c, Outcome& out) {
  bool may_run = false;
  CHAT_TRY(admit(nullptr, c.key, may_run, out));
  if (!may_run) return {};
  CHAT_TRY(create_account(c, out));
  return record(0, c.key, out);
}

sqlite::Status Applier::create_account(const CreateAccount& c, Outcome& out) {
  if (!is_valid_name(c.name)) {
    refuse(out, Code::kInvalid, "name must be 1 to 32 of [a-z0-9._-]");
    return {};
  }
  if (!is_text(c.display_name, kMaxDisplayNameBytes)) {
    refuse(out, Code::kInvalid, "display_name must be at most 64 bytes of UTF-8");
    return {};
  }
  if (c.password_hash.empty() || !is_text(c.password_hash, kMaxPasswordHashBytes)) {
    refuse(out, Code::kInvalid, "password_hash is malformed");
    return {};
  }
  bool taken = false;
  CHAT_TRY(tables_.name_taken(c.name, taken));
  if (taken) {
    refuse(out, Code::kAlreadyExists, "the name is taken");
    return {};
  }
  AccountRow row;
  row.id = next_id();
  row.name = c.name;
  row.display_name = c.display_name;
  row.password_hash = c.password_hash;
  row.credential_version = 1;
  row.created_ms = now_ms_;
  CHAT_TRY(tables_.insert(row));
  out.account = row.id;
  out.at_ms = now_ms_;
  return {};
}

sqlite::Status Applier::run(const LogIn& c, Outcome& out) {
  if (!is_text(c.device, kMaxDeviceBytes)) {
    refuse(out, Code::kInvalid, "device must be at most 64 bytes of UTF-8");
    return {};
  }
  HotAccount* account = nullptr;
  CHAT_TRY(tables_.find_account(c.account, account));
  if (account == nullptr || account->row.deleted ||
      account->row.credential_version != c.credential_version) {
    refuse(out, Code::kConflict, "the account changed while its password was verified");
    return {};
  }
  SessionId known = 0;
  CHAT_TRY(tables_.find_session_by_token(c.token_hash, known));
  if (known != 0) {
    // The same proposal, twice in the log; a token of 256 random bits comes by no other way.
    const SessionData* session = nullptr;
    CHAT_TRY(tables_.find_session(known, session));
    if (session->account != c.account) {
      refuse(out, Code::kConflict, "the token is in use");
      return {};
    }
    out.replayed = true;
    out.account = c.account;
    out.session = known;
    out.at_ms = session->expires_ms;
    return {};
  }
  std::vector<SessionId> sessions;
  CHAT_TRY(tables_.sessions_of(c.account, sessions));
  for (std::size_t i = 0; i + kMaxSessionsPerAccount <= sessions.size(); ++i) {
    CHAT_TRY(tables_.remove_session(sessions[i]));
  }
  const SessionData row{next_id(), c.account, c.token_hash,
                        c.device,  now_ms_,   now_ms_ + kSessionLifetimeMs};
  CHAT_TRY(tables_.insert(row));
  out.account = c.account;
  out.session = row.id;
  out.at_ms = row.expires_ms;
  return {};
}

// Idempotent: a session that is gone already is what was asked for. Ids are never used twice, so
// this can hit no other session.
sqlite::Status Applier::run(const LogOut& c, Outcome& out) {
  const SessionData* session = nullptr;
  CHAT_TRY(tables_.find_session(c.actor.session, session));
  out.at_ms = now_ms_;
  if (session == nullptr) return {};
  if (session->account != c.actor.account) {
    refuse(out, Code::kUnauthenticated, "the session has ended");
    return {};
  }
  out.count = 1;
  return tables_.remove_session(c.actor.session);
}

sqlite::Status Applier::run(const DeleteAccount& c, Outcome& out) {
  bool found = false;
  CHAT_TRY(replay(c.actor.account, c.key, found, out));
  if (found) return {};
  HotAccount* account = nullptr;
  CHAT_TRY(authenticate(c.actor, account, out));
  if (account == nullptr) return {};
  bool may_run = false;
  CHAT_TRY(admit(account, c.key, may_run, out));
  if (!may_run) return {};
  if (account->row.credential_version != c.credential_version) {
    refuse(out, Code::kConflict, "the account changed while its password was verified");
    return {};
  }
  CHAT_TRY(delete_account(*account, out));
  return record(c.actor.account, c.key, out);
}

// Sessions, marks, drafts and memberships go (and with them the unread inbox); messages stay, under
// an account without a name; direct conversations stay for the other side, groups for those who are
// left. Conversations are by account id, so that a new account of that name inherits none of it.
sqlite::Status Applier::delete_account(HotAccount& account, Outcome& out) {
  const AccountId id = account.row.id;
  std::vector<SessionId> sessions;
  CHAT_TRY(tables_.sessions_of(id, sessions));
  for (const SessionId session : sessions) CHAT_TRY(tables_.remove_session(session));
  std::vector<MemberRow> memberships;
  CHAT_TRY(tables_.memberships_of(id, memberships));
  for (const MemberRow& membership : memberships) {
    if (membership.peer != 0 || membership.left_index != 0) continue;
    HotConversation* group = nullptr;
    CHAT_TRY(tables_.find_conversation(membership.conversation, group));
    if (group == nullptr) chat_misuse("a membership has no conversation");
    CHAT_TRY(leave_group(*group, account));
  }
  CHAT_TRY(tell_peers(EventKind::kAccountDeleted, id));
  memberships.clear();
  CHAT_TRY(tables_.memberships_of(id, memberships));
  for (const MemberRow& membership : memberships) CHAT_TRY(tables_.remove_member(membership));
  CHAT_TRY(tables_.remove_drafts_of(id));
  std::vector<BlockRow> blocks;
  CHAT_TRY(tables_.blocks_of(id, blocks));
  for (const BlockRow& block : blocks) CHAT_TRY(tables_.remove(block));
  CHAT_TRY(tables_.bury_account(account));
  out.account = id;
  out.at_ms = now_ms_;
  return {};
}

sqlite::Status Applier::tell_peers(EventKind kind, AccountId subject) {
  std::vector<MemberRow> memberships;
  CHAT_TRY(tables_.memberships_of(subject, memberships));
  const std::int64_t event_id = next_id();
  CHAT_TRY(tables_.insert(
      EventRow{event_id, -subject, static_cast<std::int64_t>(kind), 0, subject, 0, {}}));
  if (kind == EventKind::kProfile) {  // Of no conversation in particular: one for all of them.
    std::vector<AccountId> peers;
    for (const MemberRow& membership : memberships) {
      if (membership.peer != 0) peers.push_back(membership.peer);
    }
    Event event = event_at(event_id, kind, 0);
    event.subject = subject;
    event.audience = audience_of(std::move(peers));
    events_->push_back(std::move(event));
    return {};
  }
  for (const MemberRow& membership : memberships) {
    if (membership.peer == 0) continue;
    HotAccount* peer = nullptr;
    CHAT_TRY(tables_.find_account(membership.peer, peer));
    if (peer == nullptr || peer->row.deleted) continue;
    Event event = event_at(event_id, kind, membership.conversation);
    event.subject = subject;
    event.audience = audience_of({membership.peer});
    events_->push_back(std::move(event));
  }
  return {};
}

}  // namespace starling::chat
