// The rules of what an account does to itself while it lives: profile, password, devices, blocks.
#include <algorithm>

#include "server/chat/apply.h"
#include "server/chat/utf8.h"

namespace starling::chat {
namespace {

constexpr std::size_t kMaxPasswordHashBytes = 512;

}  // namespace

sqlite::Status Applier::run(const SetProfile& c, Outcome& out) {
  return once(c, out, [&](HotAccount& account) { return change_profile(c, account, out); });
}

sqlite::Status Applier::change_profile(const SetProfile& c, HotAccount& account, Outcome& out) {
  if (c.display_name.size() > kMaxDisplayNameBytes || !is_valid_utf8(c.display_name)) {
    refuse(out, Code::kInvalid, "display_name must be at most 64 bytes of UTF-8");
    return {};
  }
  if (c.about.size() > kMaxAboutBytes || !is_valid_utf8(c.about)) {
    refuse(out, Code::kInvalid, "about must be at most 512 bytes of UTF-8");
    return {};
  }
  const AccountId id = account.row.id;
  out.account = id;
  if (account.row.display_name == c.display_name && account.row.about == c.about) return {};
  AccountRow row = account.row;
  row.display_name = c.display_name;
  row.about = c.about;
  CHAT_TRY(tables_.update(account, std::move(row)));
  Event event;
  event.kind = EventKind::kProfile;
  event.subject = id;
  CHAT_TRY(tell(id, event, audience_of({id})));
  return tell_peers(EventKind::kProfile, id);
}

sqlite::Status Applier::run(const ChangePassword& c, Outcome& out) {
  return once(c, out, [&](HotAccount& account) { return change_password(c, account, out); });
}

sqlite::Status Applier::change_password(const ChangePassword& c, HotAccount& account,
                                        Outcome& out) {
  if (c.password_hash.empty() || c.password_hash.size() > kMaxPasswordHashBytes ||
      !is_valid_utf8(c.password_hash)) {
    refuse(out, Code::kInvalid, "password_hash is malformed");
    return {};
  }
  if (account.row.credential_version != c.credential_version) {
    refuse(out, Code::kConflict, "the account changed while its password was verified");
    return {};
  }
  AccountRow row = account.row;
  row.password_hash = c.password_hash;
  ++row.credential_version;
  CHAT_TRY(tables_.update(account, std::move(row)));
  std::vector<SessionId> sessions;
  CHAT_TRY(tables_.sessions_of(account.row.id, sessions));
  for (const SessionId session : sessions) {
    if (session == c.actor.session) continue;
    CHAT_TRY(tables_.remove_session(session));
    ++out.count;
  }
  out.account = account.row.id;
  return {};
}

// Idempotent: ids are never used twice, so one that is not there has ended.
sqlite::Status Applier::run(const EndSession& c, Outcome& out) {
  HotAccount* account = nullptr;
  CHAT_TRY(authenticate(c.actor, account, out));
  if (account == nullptr) return {};
  out.at_ms = now_ms_;
  const SessionData* session = nullptr;
  CHAT_TRY(tables_.find_session(c.session, session));
  if (session == nullptr) return {};
  if (session->account != account->row.id) {
    refuse(out, Code::kNotFound, "this account has no such session");
    return {};
  }
  out.count = 1;
  return tables_.remove_session(c.session);
}

sqlite::Status Applier::run(const SetBlock& c, Outcome& out) {
  return once(c, out, [&](HotAccount& account) { return change_block(c, account, out); });
}

// Blocks of accounts that were deleted, which nobody can lift by name, make room here.
sqlite::Status Applier::count_blocks(AccountId account, std::int64_t& count) {
  std::vector<BlockRow> blocks;
  CHAT_TRY(tables_.blocks_of(account, blocks));
  count = static_cast<std::int64_t>(blocks.size());
  if (blocks.size() < kMaxBlocks) return {};
  for (const BlockRow& row : blocks) {
    HotAccount* other = nullptr;
    CHAT_TRY(tables_.find_account(row.blocked, other));
    if (other != nullptr && !other->row.deleted) continue;
    CHAT_TRY(tables_.remove(row));
    --count;
  }
  return {};
}

sqlite::Status Applier::change_block(const SetBlock& c, HotAccount& account, Outcome& out) {
  const AccountId id = account.row.id;
  HotAccount* other = nullptr;
  CHAT_TRY(tables_.find_account(c.account, other));
  if (other == nullptr || other->row.deleted) {
    refuse(out, Code::kNotFound, kNoAccount);
    return {};
  }
  if (c.account == id) {
    refuse(out, Code::kInvalid, "nobody blocks themselves");
    return {};
  }
  out.account = c.account;
  bool blocked = false;
  CHAT_TRY(tables_.has_blocked(account, c.account, blocked));
  if (blocked == c.on) return {};
  const BlockRow row{id, c.account};
  if (c.on) {
    std::int64_t others = 0;
    CHAT_TRY(count_blocks(id, others));
    if (others >= static_cast<std::int64_t>(kMaxBlocks)) {
      refuse(out, Code::kPermissionDenied, "an account blocks 1,000 others at most");
      return {};
    }
    CHAT_TRY(tables_.insert(account, row));
  } else {
    CHAT_TRY(tables_.remove(row));
  }
  out.count = 1;
  Event event;
  event.kind = EventKind::kBlock;
  event.subject = c.account;
  event.on = c.on;
  return tell(id, std::move(event), audience_of({id}), c.on ? "+" : "-");
}

}  // namespace starling::chat
