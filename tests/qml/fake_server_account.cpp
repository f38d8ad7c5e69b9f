// The account, its sessions and other people: answered as a test says, and noted. See
// fake_server.h.
#include "tests/qml/fake_server.h"

namespace starling_app {

namespace v1 = starling::v1;

namespace {

constexpr std::int64_t kMadeMs = 1'700'000'000'000;

}  // namespace

v1::Account fake_account(std::int64_t id, const std::string& name, const std::string& shown,
                         const std::string& about) {
  v1::Account made;
  made.set_id(id);
  made.set_name(name);
  made.set_display_name(shown);
  made.set_about(about);
  made.set_created_at_ms(kMadeMs);
  return made;
}

v1::SessionInfo fake_session(std::int64_t id, const std::string& device, bool current) {
  v1::SessionInfo made;
  made.set_id(id);
  made.set_device(device);
  made.set_created_at_ms(kMadeMs + id);
  made.set_current(current);
  return made;
}

void FakeServer::set_account(const v1::Account& account, bool blocked) {
  const std::lock_guard lock(mutex_);
  accounts_[account.name()] = account;
  if (blocked) blocked_.insert(account.name());
}

void FakeServer::set_sessions(const std::vector<v1::SessionInfo>& sessions) {
  const std::lock_guard lock(mutex_);
  sessions_ = sessions;
}

void FakeServer::set_directory(const std::vector<v1::Account>& people) {
  const std::lock_guard lock(mutex_);
  for (const v1::Account& one : people) directory_[one.name()] = one;
}

v1::Account FakeServer::account_of(const std::string& name) const {
  const auto known = accounts_.find(name);
  if (known != accounts_.end()) return known->second;
  v1::Account made;
  made.set_id(kFakeAccount);
  made.set_name(name);
  return made;
}

grpc::Status FakeServer::GetAccount(Context*, const v1::GetAccountRequest* request,
                                    v1::GetAccountResponse* response) {
  const std::lock_guard lock(mutex_);
  if (refusals_.contains("profile")) {
    return refused(grpc::StatusCode::NOT_FOUND, v1::REASON_NOT_FOUND, refusals_["profile"]);
  }
  header(response->mutable_header());
  *response->mutable_account() = account_of(request->name());
  response->set_blocked(blocked_.contains(request->name()));
  return grpc::Status::OK;
}

grpc::Status FakeServer::SetProfile(Context*, const v1::SetProfileRequest* request,
                                    v1::SetProfileResponse* response) {
  const auto done = write("set-profile", request->display_name() + "|" + request->about(),
                          response->mutable_header());
  const std::lock_guard lock(mutex_);
  v1::Account account = account_of("ada");
  account.set_display_name(request->display_name());
  account.set_about(request->about());
  if (done.ok()) accounts_["ada"] = account;
  *response->mutable_account() = account;
  return done;
}

grpc::Status FakeServer::ChangePassword(Context*, const v1::ChangePasswordRequest* request,
                                        v1::ChangePasswordResponse* response) {
  if (request->password() != kFakePassword) {
    return refused(grpc::StatusCode::UNAUTHENTICATED, v1::REASON_BAD_CREDENTIALS, "wrong password");
  }
  response->set_ended_sessions(2);
  return write("change-password", request->new_password(), response->mutable_header());
}

grpc::Status FakeServer::DeleteAccount(Context*, const v1::DeleteAccountRequest* request,
                                       v1::DeleteAccountResponse* response) {
  if (request->password() != kFakePassword) {
    return refused(grpc::StatusCode::UNAUTHENTICATED, v1::REASON_BAD_CREDENTIALS, "wrong password");
  }
  return write("delete-account", "", response->mutable_header());
}

grpc::Status FakeServer::ListSessions(Context*, const v1::ListSessionsRequest*,
                                      v1::ListSessionsResponse* response) {
  const std::lock_guard lock(mutex_);
  header(response->mutable_header());
  for (const v1::SessionInfo& session : sessions_) *response->add_sessions() = session;
  return grpc::Status::OK;
}

grpc::Status FakeServer::EndSession(Context*, const v1::EndSessionRequest* request,
                                    v1::EndSessionResponse* response) {
  return write("end-session", std::to_string(request->session_id()), response->mutable_header());
}

grpc::Status FakeServer::SetBlock(Context*, const v1::SetBlockRequest* request,
                                  v1::SetBlockResponse* response) {
  const auto done = write("block", request->name() + (request->blocked() ? " on" : " off"),
                          response->mutable_header());
  const std::lock_guard lock(mutex_);
  if (done.ok() && request->blocked()) blocked_.insert(request->name());
  if (done.ok() && !request->blocked()) blocked_.erase(request->name());
  return done;
}

grpc::Status FakeServer::ListBlocks(Context*, const v1::ListBlocksRequest* request,
                                    v1::ListBlocksResponse* response) {
  const std::lock_guard lock(mutex_);
  header(response->mutable_header());
  // Pages of one, to see them all asked for.
  for (const std::string& name : blocked_) {
    const v1::Account account = account_of(name);
    if (account.id() <= request->after_id()) continue;
    if (response->accounts_size() == 1) {
      response->set_more(true);
      break;
    }
    *response->add_accounts() = account;
  }
  return grpc::Status::OK;
}

grpc::Status FakeServer::CreateAccount(Context*, const v1::CreateAccountRequest* request,
                                       v1::CreateAccountResponse* response) {
  const std::lock_guard lock(mutex_);
  if (accounts_.contains(request->name())) {
    return refused(grpc::StatusCode::ALREADY_EXISTS, v1::REASON_ALREADY_EXISTS,
                   "the name is taken");
  }
  header(response->mutable_header());
  *response->mutable_account() = account_of(request->name());
  return grpc::Status::OK;
}

// Of a pattern what is before its first wildcard counts.
grpc::Status FakeServer::ListAccounts(Context*, const v1::ListAccountsRequest* request,
                                      v1::ListAccountsResponse* response) {
  const std::lock_guard lock(mutex_);
  if (directory_.empty()) return grpc::Status(grpc::StatusCode::UNIMPLEMENTED, "no directory");
  header(response->mutable_header());
  const std::string begin = request->pattern().substr(0, request->pattern().find_first_of("*?"));
  for (const auto& [name, account] : directory_) {
    if (name.starts_with(begin) && name > request->after_name()) {
      *response->add_accounts() = account;
    }
  }
  return grpc::Status::OK;
}

}  // namespace starling_app
