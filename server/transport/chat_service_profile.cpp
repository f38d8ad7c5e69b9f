// Implements server/transport/chat_service.h: what an account does to itself.
#include <algorithm>

#include "server/transport/chat_service.h"
#include "server/transport/hash.h"

namespace starling::transport {

namespace {

constexpr const char* kNoAccount = "there is no account of that name";

Failure wrong_password() {
  Failure failure = bad_credentials();
  failure.code = grpc::StatusCode::PERMISSION_DENIED;  // The session itself is good.
  failure.message = "the password is wrong";
  return failure;
}

}  // namespace

void ChatService::with_password(const std::shared_ptr<UnaryCall>& call, const Names& passwords,
                                PasswordDone next) {
  if (!services_.account_throttle.take(call->identity.name)) {
    call->fail(overloaded("too many password attempts for this account; wait a little"));
    return;
  }
  const bool queued = services_.hashers.submit([this, call, passwords, next = std::move(next)] {
    bool found = false;
    chat::Credentials credentials;
    {
      ReaderPool::Lease reader = services_.backend.readers().acquire();
      const sqlite::Status status = reader->credentials(call->identity.name, found, credentials);
      if (!status.ok()) {
        call->fail(store_failed(status.message()));
        return;
      }
    }
    const bool same = found && credentials.account == call->identity.actor.account;
    const std::string& hash = same ? credentials.password_hash : services_.dummy_hash;
    const auto good = std::find_if(
        passwords.begin(), passwords.end(),
        [&hash](const std::string& password) { return verify_password(hash, password); });
    if (!same) {
      // Deleted since the session was looked up: of the password nothing can be said.
      services_.auth.forget(call->credential.hash);
      call->fail(unauthenticated("the account is deleted"));
      return;
    }
    if (good == passwords.end()) {
      call->fail(wrong_password());
      return;
    }
    // Only the first is the one that the caller has to know.
    if (good == passwords.begin()) services_.account_throttle.refund(call->identity.name);
    next(credentials, static_cast<std::size_t>(good - passwords.begin()));
  });
  if (!queued) call->fail(overloaded("too many passwords are waiting to be hashed"));
}

void ChatService::delete_account(const CallPtr<pb::DeleteAccountRequest>& call) {
  write(call, [this, call] {
    with_password(call, {call->request.password()},
                  [this, call](const chat::Credentials& known, std::size_t) {
                    auto command = command_of<chat::DeleteAccount>(call);
                    command.credential_version = known.version;
                    propose(call, command, [this, call](const ProposeResult& result) {
                      services_.auth.forget(call->credential.hash);
                      pb::DeleteAccountResponse response;
                      services_.fill_header(result.index, result.time_ms,
                                            *response.mutable_header());
                      call->answer(response);
                    });
                  });
  });
}

// A retry after it has happened comes with a password that is the former one by now, and gets its
// first outcome all the same (R4.1): the new one of the request is good for that, and for that
// only, since nothing else is proposed of version 0.
void ChatService::change_password(const CallPtr<pb::ChangePasswordRequest>& call) {
  const auto change = [this, call](const chat::Credentials& known, std::size_t which) {
    const bool again = which == 1;
    auto command = command_of<chat::ChangePassword>(call);
    command.credential_version = again ? 0 : known.version;
    command.password_hash =
        again ? known.password_hash
              : hash_password(call->request.new_password(), services_.options.hash);
    if (command.password_hash.empty()) {
      call->fail(overloaded("there is no memory to hash a password with"));
      return;
    }
    services_.backend.propose(
        chat::encode(chat::Command(command)), [this, call, again](const ProposeResult& result) {
          Failure failure;
          if (again && result.error == ProposeError::kNone &&
              result.outcome.code == chat::Code::kConflict) {
            call->fail(wrong_password());
          } else if (failure_of(result, services_.backend.status().primary_address, failure)) {
            call->fail(failure);
          } else {
            pb::ChangePasswordResponse response;
            services_.fill_header(result.index, result.time_ms, *response.mutable_header());
            response.set_ended_sessions(result.outcome.count);
            call->answer(response);
          }
        });
  };
  write(call, [this, call, change] {
    with_password(call, {call->request.password(), call->request.new_password()}, change);
  });
}

void ChatService::get_account(const CallPtr<pb::GetAccountRequest>& call) {
  read_one<pb::GetAccountResponse>(
      call, kNoAccount,
      [call](chat::Reader& reader, pb::GetAccountResponse& response,
             bool& found) -> sqlite::Status {
        chat::Account account;
        sqlite::Status status = reader.account_by_name(call->request.name(), found, account);
        if (!status.ok() || !found) return status;
        bool blocked = false;
        status = reader.has_blocked(call->identity.actor.account, account.id, blocked);
        to_wire(account, *response.mutable_account());
        response.mutable_account()->set_about(account.about);
        response.set_blocked(blocked);
        return status;
      });
}

void ChatService::set_profile(const CallPtr<pb::SetProfileRequest>& call) {
  write_one<pb::SetProfileResponse>(
      call,
      [call] {
        auto command = command_of<chat::SetProfile>(call);
        command.display_name = call->request.display_name();
        command.about = call->request.about();
        return command;
      },
      [call](const chat::Outcome& outcome, pb::SetProfileResponse& response) {
        pb::Account& account = *response.mutable_account();
        account.set_id(outcome.account);
        account.set_name(call->identity.name);
        account.set_display_name(call->request.display_name());
        account.set_about(call->request.about());
      });
}

void ChatService::list_sessions(const CallPtr<pb::ListSessionsRequest>& call) {
  read_one<pb::ListSessionsResponse>(
      call, kNoAccount, [call](chat::Reader& reader, pb::ListSessionsResponse& response, bool&) {
        std::vector<chat::SessionInfo> sessions;
        const sqlite::Status status = reader.sessions_of(call->identity.actor.account, sessions);
        for (const chat::SessionInfo& session : sessions) {
          pb::SessionInfo& to = *response.add_sessions();
          to.set_id(session.id);
          to.set_device(session.device);
          to.set_created_at_ms(session.created_at_ms);
          to.set_expires_at_ms(session.expires_at_ms);
          to.set_current(session.id == call->identity.actor.session);
        }
        return status;
      });
}

void ChatService::end_session(const CallPtr<pb::EndSessionRequest>& call) {
  write_one<pb::EndSessionResponse>(call, [call] {
    return chat::EndSession{call->identity.actor, call->request.session_id()};
  });
}

void ChatService::set_block(const CallPtr<pb::SetBlockRequest>& call) {
  write(call, [this, call] {
    resolve(call, {call->request.name()}, [this, call](const std::vector<chat::AccountId>& ids) {
      auto command = command_of<chat::SetBlock>(call);
      command.account = ids.front();
      command.on = call->request.blocked();
      propose(call, command, [this, call](const ProposeResult& result) {
        pb::SetBlockResponse response;
        services_.fill_header(result.index, result.time_ms, *response.mutable_header());
        call->answer(response);
      });
    });
  });
}

void ChatService::list_blocks(const CallPtr<pb::ListBlocksRequest>& call) {
  read_one<pb::ListBlocksResponse>(
      call, kNoAccount, [call](chat::Reader& reader, pb::ListBlocksResponse& response, bool&) {
        std::vector<chat::Account> accounts;
        bool more = false;
        const sqlite::Status status =
            reader.blocks_of(call->identity.actor.account, call->request.after_id(),
                             page_limit(call->request.limit()), accounts, more);
        for (const chat::Account& account : accounts) to_wire(account, *response.add_accounts());
        response.set_more(more);
        return status;
      });
}

}  // namespace starling::transport
