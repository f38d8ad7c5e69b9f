// What all commands have in common: decoding, the session, dedupe, expiry.
#include "server/chat/apply.h"

#include <algorithm>
#include <memory>
#include <utility>

namespace starling::chat {
namespace {

// Expired rows that one command entry clears away, at most. Lookups take no notice of expired
// rows, so this bounds the work and nothing else.
constexpr int kExpirePerEntry = 8;

}  // namespace

const char* text_of_void(Code code) {
  return code == Code::kVoided ? "the request was voided" : "the request was refused before";
}

void refuse(Outcome& out, Code code, std::string text) {
  out = {};
  out.code = code;
  out.text = std::move(text);
}

sqlite::Status Applier::apply(std::uint64_t index, TimeMs now_ms, std::string_view data,
                              Outcome& outcome, std::vector<Event>& events) {
  if (index > kMaxIndex) chat_misuse("the log index is beyond what ids can hold");
  index_ = index;
  ordinal_ = 0;
  now_ms_ = now_ms;
  events_ = &events;
  outcome = {};
  CHAT_TRY(tables_.expire_outcomes(now_ms_ - kRetryWindowMs, kExpirePerEntry));
  CHAT_TRY(tables_.expire_sessions(now_ms_, kExpirePerEntry));
  const std::optional<Command> command = decode_command(data);
  if (!command.has_value()) {
    refuse(outcome, Code::kInvalid, "malformed command");
    return {};
  }
  return std::visit([this, &outcome](const auto& c) { return run(c, outcome); }, *command);
}

std::int64_t Applier::next_id() {
  // Every command makes a bounded number of rows with ids: two for each of kMaxGroupsPerAccount
  // groups that a deleted account leaves are the most.
  if (ordinal_ > kMaxOrdinal) chat_misuse("too many events in one entry");
  return id_at(index_, ordinal_++);
}

Event Applier::event_at(std::int64_t id, EventKind kind, ConversationId conversation) {
  Event event;
  event.position = {index_of(id), ordinal_of(id)};
  event.kind = kind;
  event.conversation = conversation;
  return event;
}

Audience audience_of(std::vector<AccountId> accounts) {
  std::sort(accounts.begin(), accounts.end());
  accounts.erase(std::unique(accounts.begin(), accounts.end()), accounts.end());
  return std::make_shared<const std::vector<AccountId>>(std::move(accounts));
}

sqlite::Status Applier::tell(std::int64_t scope, Event event, Audience audience,
                             std::string detail) {
  const std::int64_t id = next_id();
  const Seq seq = event.message.seq != 0 ? event.message.seq : event.seq;
  const AccountId account = event.message.seq != 0 ? event.message.sender : event.subject;
  CHAT_TRY(tables_.insert(EventRow{id, scope, static_cast<std::int64_t>(event.kind),
                                   event.conversation, account, seq, std::move(detail)}));
  event.position = {index_of(id), ordinal_of(id)};
  event.audience = std::move(audience);
  events_->push_back(std::move(event));
  return {};
}

sqlite::Status Applier::authenticate(const Actor& actor, HotAccount*& account, Outcome& out) {
  account = nullptr;
  const SessionData* session = nullptr;
  CHAT_TRY(tables_.find_session(actor.session, session));
  if (session != nullptr && session->account == actor.account && session->expires_ms > now_ms_) {
    CHAT_TRY(tables_.find_account(actor.account, account));
    if (account != nullptr && account->row.deleted) account = nullptr;
  }
  if (account == nullptr) refuse(out, Code::kUnauthenticated, "the session has ended");
  return {};
}

sqlite::Status Applier::replay(AccountId account, const RequestKey& key, bool& found,
                               Outcome& out) {
  OutcomeRow row;
  CHAT_TRY(tables_.find_outcome(account, key.id, found, row));
  if (!found) return {};
  if (row.stamp_ms < now_ms_ - kRetryWindowMs) {
    // Past the window it is as if it were not there; and its place may be needed.
    found = false;
    return tables_.remove(row);
  }
  if (row.fingerprint != static_cast<std::int64_t>(key.fingerprint)) {
    refuse(out, Code::kRequestReused, "the request id was used for another request");
    return {};
  }
  std::optional<Outcome> recorded = decode_outcome(row.outcome);
  if (!recorded.has_value()) chat_misuse("a recorded outcome can not be read");
  out = std::move(*recorded);
  out.replayed = true;
  return {};
}

sqlite::Status Applier::admit(HotAccount* account, const RequestKey& key, bool& may_run,
                              Outcome& out) {
  may_run = false;
  bool found = false;
  CHAT_TRY(replay(account != nullptr ? account->row.id : 0, key, found, out));
  if (found) return {};
  if (account != nullptr) {
    Code code = Code::kVoided;
    CHAT_TRY(tables_.find_void(*account, key.id, found, code));
    if (found) {
      refuse(out, code, text_of_void(code));
      return {};
    }
  }
  if (is_reserved(key.id)) {
    refuse(out, Code::kInvalid, kReservedId);
  } else if (key.as_of_ms < now_ms_ - kRetryWindowMs) {
    refuse(out, Code::kRequestExpired, "the request is older than the retry window");
  } else if (key.as_of_ms > now_ms_) {
    refuse(out, Code::kInvalid, "as_of_ms is a time that nobody was told yet");
  } else {
    may_run = true;
  }
  return {};
}

sqlite::Status Applier::record(AccountId account, const RequestKey& key, const Outcome& out) {
  return tables_.insert(OutcomeRow{account, key.id, static_cast<std::int64_t>(key.fingerprint),
                                   now_ms_, encode(out)});
}

// A void says "never" unless the request took effect already; and what it says stays so (R4.3). A
// request that was refused has not happened; its refusal is recorded and needs no void.
sqlite::Status Applier::run(const Void& c, Outcome& out) {
  HotAccount* account = nullptr;
  CHAT_TRY(authenticate(c.actor, account, out));
  if (account == nullptr) return {};
  out.at_ms = now_ms_;
  bool found = false;
  Code code = Code::kVoided;
  CHAT_TRY(tables_.find_void(*account, c.target, found, code));
  if (found) return {};
  StoredMessage message;
  CHAT_TRY(tables_.find_request(account->row.id, c.target, found, message));
  if (found) {
    out.count = 1;
    return {};
  }
  OutcomeRow row;
  CHAT_TRY(tables_.find_outcome(account->row.id, c.target, found, row));
  if (found && row.stamp_ms >= now_ms_ - kRetryWindowMs) {
    const std::optional<Outcome> recorded = decode_outcome(row.outcome);
    out.count = recorded.has_value() && recorded->code == Code::kOk ? 1 : 0;
    return {};
  }
  return tables_.insert(*account, VoidRow{account->row.id, c.target, Code::kVoided});
}

}  // namespace starling::chat
