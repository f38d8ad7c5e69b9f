// Implements server/transport/chat_service.h: accounts and sessions.
#include "server/transport/chat_service.h"
#include "server/transport/hash.h"

namespace starling::transport {

namespace {

constexpr std::chrono::seconds kLongestBarrier{5};

// Members pass on the calls of many clients: those were counted where they came in. The header is
// no proof: whoever claims it from a member's host is spared the count by address, and nothing
// else; the account's own count and the bounded queue of hashes hold for all.
bool from_member(Services& services, const UnaryCall& call) {
  if (!call.forwarded) return false;
  const std::string host = peer_host(call.context());
  for (const ListedServer& server : services.backend.server_list().servers) {
    const std::string listed = server.address.substr(0, server.address.rfind(':'));
    if (host == "ipv4:" + listed || (listed == "localhost" && host == "ipv4:127.0.0.1"))
      return true;
  }
  return false;
}

}  // namespace

void ChatService::create_account(const CallPtr<pb::CreateAccountRequest>& call) {
  if (!here(call)) return;
  const bool queued = services_.hashers.submit([this, call] {
    pb::CreateAccountRequest& request = call->request;
    chat::CreateAccount command;
    command.key = request_key(call->path(), request.write(), request);
    command.name = request.name();
    command.display_name = request.display_name();
    command.password_hash = hash_password(request.password(), services_.options.hash);
    if (command.password_hash.empty()) {
      call->fail(overloaded("there is no memory to hash a password with"));
      return;
    }
    propose(call, command, [this, call](const ProposeResult& result) {
      pb::CreateAccountResponse response;
      services_.fill_header(result.index, result.time_ms, *response.mutable_header());
      pb::Account& account = *response.mutable_account();
      account.set_id(result.outcome.account);
      account.set_name(call->request.name());
      account.set_display_name(call->request.display_name());
      account.set_created_at_ms(result.outcome.at_ms);
      call->answer(response);
    });
  });
  if (!queued) call->fail(overloaded("too many passwords are waiting to be hashed"));
}

void ChatService::log_in(const CallPtr<pb::LogInRequest>& call) {
  if (!from_member(services_, *call) && !services_.peer_throttle.take(peer_host(call->context()))) {
    call->fail(overloaded("too many log-in attempts from this address; wait a little"));
    return;
  }
  if (!here(call)) return;
  if (!services_.account_throttle.take(call->request.name())) {
    call->fail(overloaded("too many log-in attempts for this account; wait a little"));
    return;
  }
  // A primary that was just elected may not have applied everything yet.
  services_.backend.read_barrier(0, deadline_of(call->context(), kLongestBarrier),
                                 [this, call](WaitError error) {
                                   if (error != WaitError::kNone) {
                                     call->fail(failure_of(error));
                                     return;
                                   }
                                   check_log_in(call);
                                 });
}

void ChatService::check_log_in(const CallPtr<pb::LogInRequest>& call) {
  const bool queued = services_.hashers.submit([this, call] {
    bool found = false;
    chat::Credentials credentials;
    chat::Account account;
    {
      ReaderPool::Lease reader = services_.backend.readers().acquire();
      sqlite::Status status = reader->credentials(call->request.name(), found, credentials);
      if (status.ok() && found) status = reader->account_by_id(credentials.account, found, account);
      if (!status.ok()) {
        call->fail(store_failed(status.message()));
        return;
      }
    }
    verify_log_in(call, found, credentials, account);
  });
  if (!queued) call->fail(overloaded("too many passwords are waiting to be hashed"));
}

void ChatService::verify_log_in(const CallPtr<pb::LogInRequest>& call, bool found,
                                const chat::Credentials& credentials,
                                const chat::Account& account) {
  // An unknown name costs the same time as a wrong password.
  const bool good = verify_password(found ? credentials.password_hash : services_.dummy_hash,
                                    call->request.password());
  if (!found || !good) {
    call->fail(bad_credentials());
    return;
  }
  services_.account_throttle.refund(call->request.name());
  const std::string token = make_token();
  chat::LogIn command;
  command.account = credentials.account;
  command.credential_version = credentials.version;
  command.device = call->request.device();
  if (!hash_token(token, command.token_hash)) {
    call->fail(overloaded("a token could not be made"));
    return;
  }
  propose(call, command, [this, call, token, account](const ProposeResult& result) {
    pb::LogInResponse response;
    services_.fill_header(result.index, result.time_ms, *response.mutable_header());
    response.set_token(token);
    to_wire(account, *response.mutable_account());
    response.set_expires_at_ms(result.time_ms + chat::kSessionLifetimeMs);
    response.set_session_id(result.outcome.session);
    call->answer(response);
  });
}

void ChatService::log_out(const CallPtr<pb::LogOutRequest>& call) {
  write(call, [this, call] {
    propose(call, chat::LogOut{call->identity.actor}, [this, call](const ProposeResult& result) {
      services_.auth.forget(call->credential.hash);
      pb::LogOutResponse response;
      services_.fill_header(result.index, result.time_ms, *response.mutable_header());
      call->answer(response);
    });
  });
}

void ChatService::list_accounts(const CallPtr<pb::ListAccountsRequest>& call) {
  read(call, call->request.read(), [this, call] {
    const pb::ListAccountsRequest& request = call->request;
    std::vector<chat::Account> accounts;
    bool more = false;
    ReaderPool::Lease reader = services_.backend.readers().acquire();
    const std::string pattern = request.pattern().empty() ? "*" : request.pattern();
    const sqlite::Status status = reader->list_accounts(
        pattern, request.after_name(), page_limit(request.limit()), accounts, more);
    pb::ListAccountsResponse response;
    if (!status.ok() || !fill_read_header(services_, *reader, *response.mutable_header())) {
      call->fail(store_failed(status.message()));
      return;
    }
    for (const chat::Account& account : accounts) to_wire(account, *response.add_accounts());
    response.set_more(more);
    call->answer(response);
  });
}

}  // namespace starling::transport
