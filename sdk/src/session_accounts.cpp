// The public Session: the account, its sessions, and other people. Each operation is one Ask.
#include "sdk/src/session_ask.h"

namespace starling {
namespace {

using sdk::Ask;
using sdk::ask;
using sdk::ask_status;
using sdk::ChatAsync;
using sdk::from_wire;
using sdk::list_from_wire;
using sdk::plan;
using sdk::set_read;
using sdk::to_page;

Ask<Unit> log_out_ask(const std::string& token, const CallOptions& options) {
  return ask_status(&ChatAsync::LogOut, v1::LogOutRequest(), plan(token, options));
}

Ask<Unit> delete_account_ask(const std::string& token, const std::string& password,
                             const CallOptions& options) {
  if (auto bad = sdk::check_text("password", password, sdk::kMaxPasswordBytes)) return *bad;
  v1::DeleteAccountRequest request;
  request.set_password(password);
  return ask_status(&ChatAsync::DeleteAccount, std::move(request), plan(token, options));
}

Ask<Account> set_profile_ask(const std::string& token, const std::string& display_name,
                             const std::string& about, const CallOptions& options) {
  if (auto bad = sdk::check_text("display_name", display_name, sdk::kMaxLabelBytes)) return *bad;
  if (auto bad = sdk::check_text("about", about, sdk::kMaxAboutBytes)) return *bad;
  v1::SetProfileRequest request;
  request.set_display_name(display_name);
  request.set_about(about);
  return ask<Account>(&ChatAsync::SetProfile, std::move(request), plan(token, options),
                      [](v1::SetProfileResponse& answer) { return from_wire(answer.account()); });
}

Ask<std::int64_t> change_password_ask(const std::string& token, const std::string& password,
                                      const std::string& new_password, const CallOptions& options) {
  if (auto bad = sdk::check_text("password", password, sdk::kMaxPasswordBytes)) return *bad;
  if (auto bad = sdk::check_text("new_password", new_password, sdk::kMaxPasswordBytes,
                                 sdk::kMinPasswordBytes))
    return *bad;
  v1::ChangePasswordRequest request;
  request.set_password(password);
  request.set_new_password(new_password);
  return ask<std::int64_t>(
      &ChatAsync::ChangePassword, std::move(request), plan(token, options),
      [](v1::ChangePasswordResponse& answer) { return std::int64_t{answer.ended_sessions()}; });
}

Ask<std::vector<SessionInfo>> sessions_ask(const std::string& token, const ReadOptions& options) {
  v1::ListSessionsRequest request;
  set_read(options, request.mutable_read());
  return ask<std::vector<SessionInfo>>(&ChatAsync::ListSessions, std::move(request),
                                       plan(token, options), [](v1::ListSessionsResponse& answer) {
                                         return list_from_wire<SessionInfo>(answer.sessions());
                                       });
}

Ask<Unit> end_session_ask(const std::string& token, std::int64_t session_id,
                          const CallOptions& options) {
  if (auto bad = sdk::check_positive("session_id", session_id)) return *bad;
  v1::EndSessionRequest request;
  request.set_session_id(session_id);
  return ask_status(&ChatAsync::EndSession, std::move(request), plan(token, options));
}

Ask<Page<Account>> accounts_ask(const std::string& token, const std::string& pattern, int limit,
                                const std::string& after_name, const ReadOptions& options) {
  if (auto bad = sdk::check_text("pattern", pattern, sdk::kMaxLabelBytes)) return *bad;
  if (auto bad = sdk::check_text("after_name", after_name, sdk::kMaxNameBytes)) return *bad;
  v1::ListAccountsRequest request;
  set_read(options, request.mutable_read());
  request.set_pattern(pattern);
  request.set_after_name(after_name);
  request.set_limit(limit);
  return ask<Page<Account>>(&ChatAsync::ListAccounts, std::move(request), plan(token, options),
                            [](v1::ListAccountsResponse& answer) {
                              return to_page<Account>(answer.accounts(), answer.more());
                            });
}

Ask<Profile> profile_ask(const std::string& token, const std::string& name,
                         const ReadOptions& options) {
  if (auto bad = sdk::check_text("name", name, sdk::kMaxNameBytes)) return *bad;
  v1::GetAccountRequest request;
  set_read(options, request.mutable_read());
  request.set_name(name);
  return ask<Profile>(&ChatAsync::GetAccount, std::move(request), plan(token, options),
                      [](v1::GetAccountResponse& answer) {
                        return Profile{from_wire(answer.account()), answer.blocked()};
                      });
}

Ask<Unit> set_block_ask(const std::string& token, const std::string& name, bool blocked,
                        const CallOptions& options) {
  if (auto bad = sdk::check_text("name", name, sdk::kMaxNameBytes)) return *bad;
  v1::SetBlockRequest request;
  request.set_name(name);
  request.set_blocked(blocked);
  return ask_status(&ChatAsync::SetBlock, std::move(request), plan(token, options, "name"));
}

Ask<Page<Account>> blocked_ask(const std::string& token, int limit, std::int64_t after_id,
                               const ReadOptions& options) {
  v1::ListBlocksRequest request;
  set_read(options, request.mutable_read());
  request.set_after_id(after_id);
  request.set_limit(limit);
  return ask<Page<Account>>(&ChatAsync::ListBlocks, std::move(request), plan(token, options),
                            [](v1::ListBlocksResponse& answer) {
                              return to_page<Account>(answer.accounts(), answer.more());
                            });
}

}  // namespace

Status Session::log_out(const CallOptions& options) {
  if (!impl_) return Impl::missing();
  return impl_->core->wait(log_out_ask(impl_->token, options));
}
Call Session::log_out_async(Done<Unit> done, const CallOptions& options) {
  if (!impl_) return done(Impl::missing()), Call();
  return Call::Impl::make(impl_->core->start(log_out_ask(impl_->token, options), std::move(done)));
}

Status Session::delete_account(const std::string& password, const CallOptions& options) {
  if (!impl_) return Impl::missing();
  return impl_->core->wait(delete_account_ask(impl_->token, password, options));
}
Call Session::delete_account_async(const std::string& password, Done<Unit> done,
                                   const CallOptions& options) {
  if (!impl_) return done(Impl::missing()), Call();
  return Call::Impl::make(
      impl_->core->start(delete_account_ask(impl_->token, password, options), std::move(done)));
}

Result<Account> Session::set_profile(const std::string& display_name, const std::string& about,
                                     const CallOptions& options) {
  if (!impl_) return Impl::missing();
  return impl_->core->wait(set_profile_ask(impl_->token, display_name, about, options));
}
Call Session::set_profile_async(const std::string& display_name, const std::string& about,
                                Done<Account> done, const CallOptions& options) {
  if (!impl_) return done(Impl::missing()), Call();
  return Call::Impl::make(impl_->core->start(
      set_profile_ask(impl_->token, display_name, about, options), std::move(done)));
}

Result<std::int64_t> Session::change_password(const std::string& password,
                                              const std::string& new_password,
                                              const CallOptions& options) {
  if (!impl_) return Impl::missing();
  return impl_->core->wait(change_password_ask(impl_->token, password, new_password, options));
}
Call Session::change_password_async(const std::string& password, const std::string& new_password,
                                    Done<std::int64_t> done, const CallOptions& options) {
  if (!impl_) return done(Impl::missing()), Call();
  return Call::Impl::make(impl_->core->start(
      change_password_ask(impl_->token, password, new_password, options), std::move(done)));
}

Result<std::vector<SessionInfo>> Session::sessions(const ReadOptions& options) {
  if (!impl_) return Impl::missing();
  return impl_->core->wait(sessions_ask(impl_->token, options));
}
Call Session::sessions_async(Done<std::vector<SessionInfo>> done, const ReadOptions& options) {
  if (!impl_) return done(Impl::missing()), Call();
  return Call::Impl::make(impl_->core->start(sessions_ask(impl_->token, options), std::move(done)));
}

Status Session::end_session(std::int64_t session_id, const CallOptions& options) {
  if (!impl_) return Impl::missing();
  return impl_->core->wait(end_session_ask(impl_->token, session_id, options));
}
Call Session::end_session_async(std::int64_t session_id, Done<Unit> done,
                                const CallOptions& options) {
  if (!impl_) return done(Impl::missing()), Call();
  return Call::Impl::make(
      impl_->core->start(end_session_ask(impl_->token, session_id, options), std::move(done)));
}

Result<Page<Account>> Session::accounts(const std::string& pattern, int limit,
                                        const std::string& after_name, const ReadOptions& options) {
  if (!impl_) return Impl::missing();
  return impl_->core->wait(accounts_ask(impl_->token, pattern, limit, after_name, options));
}
Call Session::accounts_async(const std::string& pattern, int limit, const std::string& after_name,
                             Done<Page<Account>> done, const ReadOptions& options) {
  if (!impl_) return done(Impl::missing()), Call();
  return Call::Impl::make(impl_->core->start(
      accounts_ask(impl_->token, pattern, limit, after_name, options), std::move(done)));
}

Result<Profile> Session::profile(const std::string& name, const ReadOptions& options) {
  if (!impl_) return Impl::missing();
  return impl_->core->wait(profile_ask(impl_->token, name, options));
}
Call Session::profile_async(const std::string& name, Done<Profile> done,
                            const ReadOptions& options) {
  if (!impl_) return done(Impl::missing()), Call();
  return Call::Impl::make(
      impl_->core->start(profile_ask(impl_->token, name, options), std::move(done)));
}

Status Session::set_block(const std::string& name, bool blocked, const CallOptions& options) {
  if (!impl_) return Impl::missing();
  return impl_->core->wait(set_block_ask(impl_->token, name, blocked, options));
}
Call Session::set_block_async(const std::string& name, bool blocked, Done<Unit> done,
                              const CallOptions& options) {
  if (!impl_) return done(Impl::missing()), Call();
  return Call::Impl::make(
      impl_->core->start(set_block_ask(impl_->token, name, blocked, options), std::move(done)));
}

Result<Page<Account>> Session::blocked(int limit, std::int64_t after_id,
                                       const ReadOptions& options) {
  if (!impl_) return Impl::missing();
  return impl_->core->wait(blocked_ask(impl_->token, limit, after_id, options));
}
Call Session::blocked_async(int limit, std::int64_t after_id, Done<Page<Account>> done,
                            const ReadOptions& options) {
  if (!impl_) return done(Impl::missing()), Call();
  return Call::Impl::make(
      impl_->core->start(blocked_ask(impl_->token, limit, after_id, options), std::move(done)));
}

}  // namespace starling
