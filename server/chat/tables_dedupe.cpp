// Rows of outcomes and voids (R4.1-R4.3).
#include <algorithm>

#include "server/chat/tables.h"

namespace starling::chat {

sqlite::Status Tables::find_outcome(AccountId account, const RequestId& request, bool& found,
                                    OutcomeRow& out) {
  Use use;
  CHAT_TRY(use.start(database_, outcome_));
  use->bind(1, account).bind_blob(2, as_blob(request));
  CHAT_TRY(use->step(found));
  if (!found) return {};
  out.account = account;
  out.request_id = request;
  out.fingerprint = use->integer(0);
  out.stamp_ms = use->integer(1);
  out.outcome = use->text(2);
  return {};
}

sqlite::Status Tables::insert(const OutcomeRow& row) {
  Use use;
  CHAT_TRY(use.start(database_, insert_outcome_));
  use->bind(1, row.account)
      .bind_blob(2, as_blob(row.request_id))
      .bind(3, row.fingerprint)
      .bind(4, row.stamp_ms)
      .bind_blob(5, row.outcome);
  CHAT_TRY(use->run());
  added(row);
  if (oldest_outcome_ms_ != kUnknown) {
    oldest_outcome_ms_ = std::min(oldest_outcome_ms_, row.stamp_ms);
  }
  return {};
}

sqlite::Status Tables::remove(const OutcomeRow& row) {
  Use use;
  CHAT_TRY(use.start(database_, remove_outcome_));
  use->bind(1, row.account).bind_blob(2, as_blob(row.request_id));
  CHAT_TRY(use->run());
  removed(row);
  return {};
}

sqlite::Status Tables::expire_outcomes(TimeMs older_than, int at_most) {
  if (oldest_outcome_ms_ == kUnknown) {
    Use use;
    CHAT_TRY(use.start(database_, oldest_outcome_));
    bool row = false;
    CHAT_TRY(use->step(row));
    oldest_outcome_ms_ = row ? use->integer(0) : kNever;
  }
  if (oldest_outcome_ms_ >= older_than) return {};
  std::vector<OutcomeRow> expired;
  {
    Use use;
    CHAT_TRY(use.start(database_, expired_outcomes_));
    use->bind(1, older_than).bind(2, at_most);
    CHAT_TRY(use.each([&](const sqlite::Statement& row) {
      expired.push_back({row.integer(0), from_blob<16>(row.view(1)), row.integer(2), row.integer(3),
                         row.text(4)});
    }));
  }
  for (const OutcomeRow& row : expired) CHAT_TRY(remove(row));
  oldest_outcome_ms_ = kUnknown;
  return {};
}

sqlite::Status Tables::find_void(HotAccount& account, const RequestId& request, bool& found,
                                 Code& code) {
  found = false;
  if (!account.voids_known) {
    Use use;
    CHAT_TRY(use.start(database_, any_void_));
    use->bind(1, account.row.id);
    CHAT_TRY(use->step(account.has_voids));
    account.voids_known = true;
  }
  if (!account.has_voids) return {};
  Use use;
  CHAT_TRY(use.start(database_, void_));
  use->bind(1, account.row.id).bind_blob(2, as_blob(request));
  CHAT_TRY(use->step(found));
  if (found) code = static_cast<Code>(use->integer(0));
  return {};
}

sqlite::Status Tables::insert(HotAccount& account, const VoidRow& row) {
  Use use;
  CHAT_TRY(use.start(database_, insert_void_));
  use->bind(1, row.account)
      .bind_blob(2, as_blob(row.request_id))
      .bind(3, static_cast<std::int64_t>(row.code));
  CHAT_TRY(use->run());
  added(row);
  account.voids_known = true;
  account.has_voids = true;
  return {};
}

}  // namespace starling::chat
