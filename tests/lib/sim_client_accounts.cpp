// Accounts that a model client makes, logs in to, out of and deletes: a session that was ended is
// known nowhere that reflects its end (P8), and a password that was right before the account went
// opens nothing (R4.5). Each retry of a log-in may leave a session, and an account has room for so
// many: the client whose session had to make room logs in again.
#include <algorithm>
#include <type_traits>
#include <utility>

#include "tests/lib/sim_client.h"
#include "tests/lib/sim_world.h"

namespace starling::sim {

// Whom the command speaks for, if that is the client's own account; nullptr otherwise.
chat::Actor* SimClient::own_actor(Op& op) const {
  chat::Actor* found = nullptr;
  std::visit(
      [&found](auto& command) {
        if constexpr (requires { command.actor; }) found = &command.actor;
      },
      op.command);
  return found != nullptr && found->account == account_ ? found : nullptr;
}

bool SimClient::may_be_evicted(chat::AccountId account) const {
  if (account == account_ && changed_password_) return true;  // By a late copy, maybe.
  const auto found = log_ins_.find(account);
  return found != log_ins_.end() && found->second > chat::kMaxSessionsPerAccount;
}

bool SimClient::is_evicted(Op& op) const {
  return own_actor(op) != nullptr && may_be_evicted(account_);
}

void SimClient::log_in_again(Op& op) {
  if (session_ != 0 && own_actor(op)->session == session_) {
    session_ = 0;
    ++world_.stats.sessions_evicted;
    log_in();
  }
  ++op.attempts;  // The timeout of this attempt is void.
  retry_later(op, 5'000, 60'000);
}

void SimClient::create_extra() {
  chat::CreateAccount body{new_key(),
                           "x" + std::to_string(number_) + "." + std::to_string(ops_.size()),
                           "Extra", "hash"};
  const chat::RequestId id = body.key.id;
  Op& op = call(Op::Kind::kExtra, std::move(body));
  op.id = id;
  attempt(op);
}

void SimClient::use_extra() {
  if (extras_.empty()) return;
  Extra& extra = extras_[world_.random.below(extras_.size())];
  if (extra.busy) return;
  if (extra.session == 0) return log_in_extra(extra);
  world_.random.per_mille(500) ? log_out_extra(extra) : delete_extra(extra);
}

bool SimClient::step_extra(const std::string& step) {
  if (extras_.empty() || extras_.front().busy) return false;
  Extra& extra = extras_.front();
  if ((step == "login") != (extra.session == 0)) return false;
  if (step == "login") log_in_extra(extra);
  if (step == "logout") log_out_extra(extra);
  if (step == "delete") delete_extra(extra);
  return true;
}

void SimClient::log_in_extra(Extra& extra) {
  extra.busy = true;
  chat::LogIn body;
  body.account = extra.account;
  body.device = "second";
  attempt(call(Op::Kind::kExtraLogIn, std::move(body)));
}

void SimClient::log_out_extra(Extra& extra) {
  extra.busy = true;
  attempt(call(Op::Kind::kLogOut, chat::LogOut{{extra.account, extra.session}}));
}

void SimClient::delete_extra(Extra& extra) {
  extra.busy = true;
  chat::DeleteAccount body{new_key(), {extra.account, extra.session}, 1};
  const chat::RequestId id = body.key.id;
  Op& op = call(Op::Kind::kDeleteAccount, std::move(body));
  op.id = id;
  attempt(op);
}

void SimClient::extra_settled(Op& op, const WriteReply& reply) {
  const chat::Outcome& outcome = reply.outcome;
  if (op.kind == Op::Kind::kStaleLogIn) ++world_.stats.stale_log_ins_refused;
  if (op.kind == Op::Kind::kExtra && outcome.code == chat::Code::kOk) {
    extras_.push_back(
        {std::get<chat::CreateAccount>(op.command).name, outcome.account, 0, {}, false});
  }
  chat::AccountId account = 0;
  if (op.kind == Op::Kind::kExtraLogIn) account = std::get<chat::LogIn>(op.command).account;
  if (op.kind == Op::Kind::kLogOut) account = std::get<chat::LogOut>(op.command).actor.account;
  if (op.kind == Op::Kind::kDeleteAccount) {
    account = std::get<chat::DeleteAccount>(op.command).actor.account;
  }
  const auto found = std::find_if(extras_.begin(), extras_.end(), [account](const Extra& extra) {
    return extra.account == account;
  });
  if (account == 0 || found == extras_.end()) return;
  found->busy = false;
  if (op.kind == Op::Kind::kExtraLogIn) {
    found->session = outcome.session;
    found->token = std::get<chat::LogIn>(op.command).token_hash;
    return;
  }
  if (outcome.code == chat::Code::kRequestExpired) return;
  if (op.kind == Op::Kind::kDeleteAccount && outcome.code == chat::Code::kUnauthenticated &&
      may_be_evicted(account)) {
    extras_.erase(found);  // Deleted by an earlier attempt, or only evicted: nobody can tell.
    return;
  }
  revoked_.push_back({found->token, reply.index});
  found->session = 0;
  if (op.kind == Op::Kind::kLogOut) return;
  extras_.erase(found);
  // A server that lags behind has verified the password of then.
  chat::LogIn body;
  body.account = account;
  body.credential_version = 1;
  body.device = "late";
  for (auto& byte : body.token_hash) byte = static_cast<std::uint8_t>(world_.random.next());
  attempt(call(Op::Kind::kStaleLogIn, std::move(body)));
}

bool SimClient::knows_revoked(SimNode& node) const {
  if (revoked_.empty()) return false;
  bool found = false;
  chat::SessionRow row;
  const auto status = node.reader().session(revoked_.back().token, found, row);
  if (!status.ok()) violated("reader", status.message());
  return found;
}

void SimClient::check_revoked(SimNode& node, core::Index index) {
  for (const Revoked& revoked : revoked_) {
    if (revoked.index > index) continue;
    bool found = false;
    chat::SessionRow row;
    const auto status = node.reader().session(revoked.token, found, row);
    if (!status.ok()) violated("reader", status.message());
    if (!found) continue;
    violated("P8 revoked", "client " + std::to_string(number_) + " finds a session at " +
                               node.name() + " that ended at " + std::to_string(revoked.index));
  }
}

}  // namespace starling::sim
