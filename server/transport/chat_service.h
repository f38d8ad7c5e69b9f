// The Chat service: unary calls here; SendStream and Subscribe in files of their own.
#pragma once

#include <functional>
#include <memory>
#include <string>
#include <utility>
#include <vector>

#include "server/transport/call.h"
#include "server/transport/convert.h"
#include "server/transport/raw_service.h"
#include "server/transport/services.h"
#include "server/transport/validate.h"

namespace starling::transport {

inline constexpr const char* kNoConversation = "this account has no such conversation";

class ChatService final : public RawService {
 public:
  explicit ChatService(Services& services);

 private:
  using Handler = std::function<void()>;
  using Applied = std::function<void(const ProposeResult&)>;

  template <typename Request>
  void add(const char* path, void (ChatService::*handler)(const CallPtr<Request>&));

  void create_account(const CallPtr<pb::CreateAccountRequest>& call);
  void log_in(const CallPtr<pb::LogInRequest>& call);
  void log_out(const CallPtr<pb::LogOutRequest>& call);
  void list_accounts(const CallPtr<pb::ListAccountsRequest>& call);
  void delete_account(const CallPtr<pb::DeleteAccountRequest>& call);
  void open_direct(const CallPtr<pb::OpenDirectRequest>& call);
  void list_conversations(const CallPtr<pb::ListConversationsRequest>& call);
  void send(const CallPtr<pb::SendRequest>& call);
  void list_messages(const CallPtr<pb::ListMessagesRequest>& call);
  void read_unread(const CallPtr<pb::ReadUnreadRequest>& call);
  void mark_read(const CallPtr<pb::MarkReadRequest>& call);
  void delete_messages(const CallPtr<pb::DeleteMessagesRequest>& call);
  void void_request(const CallPtr<pb::VoidRequest>& call);

  void get_account(const CallPtr<pb::GetAccountRequest>& call);
  void set_profile(const CallPtr<pb::SetProfileRequest>& call);
  void change_password(const CallPtr<pb::ChangePasswordRequest>& call);
  void list_sessions(const CallPtr<pb::ListSessionsRequest>& call);
  void end_session(const CallPtr<pb::EndSessionRequest>& call);
  void set_block(const CallPtr<pb::SetBlockRequest>& call);
  void list_blocks(const CallPtr<pb::ListBlocksRequest>& call);

  void get_conversation(const CallPtr<pb::GetConversationRequest>& call);
  void create_group(const CallPtr<pb::CreateGroupRequest>& call);
  void add_members(const CallPtr<pb::AddMembersRequest>& call);
  void remove_member(const CallPtr<pb::RemoveMemberRequest>& call);
  void set_role(const CallPtr<pb::SetRoleRequest>& call);
  void rename_group(const CallPtr<pb::RenameGroupRequest>& call);
  void dissolve_group(const CallPtr<pb::DissolveGroupRequest>& call);
  void list_members(const CallPtr<pb::ListMembersRequest>& call);

  void hide_messages(const CallPtr<pb::HideMessagesRequest>& call);
  void edit_message(const CallPtr<pb::EditMessageRequest>& call);
  void list_edits(const CallPtr<pb::ListEditsRequest>& call);
  void react(const CallPtr<pb::ReactRequest>& call);
  void mark_delivered(const CallPtr<pb::MarkDeliveredRequest>& call);
  void set_draft(const CallPtr<pb::SetDraftRequest>& call);
  void search(const CallPtr<pb::SearchRequest>& call);

  // The steps that the handlers share.
  // True when this server shall do the write; otherwise the call was answered or passed on.
  bool here(const std::shared_ptr<UnaryCall>& call);
  static Services::AuthDone as_caller(const std::shared_ptr<UnaryCall>& call, Handler next);
  // Runs it on the pool, where the store may be read; or refuses the call.
  void on_pool(const std::shared_ptr<UnaryCall>& call, Handler work);
  // `next` runs wherever the session was found: it must not block.
  void write(const std::shared_ptr<UnaryCall>& call, Handler next);
  // `next` runs on the pool.
  void read(const std::shared_ptr<UnaryCall>& call, const pb::ReadHeader& header, Handler next);
  void propose(const std::shared_ptr<UnaryCall>& call, const chat::Command& command,
               Applied applied);

  // The command with the call's dedupe key and its caller.
  template <typename Command, typename Request>
  static Command command_of(const CallPtr<Request>& call);
  // A write that needs nothing but its fields: `make` gives the command, `tell` (Outcome,
  // Response&) completes the answer.
  template <typename Response, typename Request, typename Make, typename Tell>
  void write_one(const CallPtr<Request>& call, Make make, Tell tell);
  template <typename Response, typename Request, typename Make>
  void write_one(const CallPtr<Request>& call, Make make) {
    write_one<Response>(call, std::move(make), [](const chat::Outcome&, Response&) {});
  }
  // A read that answers on the pool: `look` (Reader&, Response&) fills it in, or sets `found` to
  // false when the caller has no such thing.
  template <typename Response, typename Request, typename Look>
  void read_one(const CallPtr<Request>& call, const char* what, Look look);

  using Names = std::vector<std::string>;
  using Resolved = std::function<void(const std::vector<chat::AccountId>&)>;
  // Runs `next` on the pool with the accounts' ids, 0 for those that are unknown even after this
  // server has caught up.
  void resolve(const std::shared_ptr<UnaryCall>& call, const Names& names, Resolved next);
  bool look_up(const std::shared_ptr<UnaryCall>& call, const Names& names,
               std::vector<chat::AccountId>& ids, bool& all);
  // The conversation as the caller sees it, once a write has made or found it.
  template <typename Response>
  void answer_conversation(const std::shared_ptr<UnaryCall>& call, const ProposeResult& result);

  // Runs `next` on a hashing thread, once one of these was found to be the caller's password; it
  // is told which.
  using PasswordDone = std::function<void(const chat::Credentials&, std::size_t)>;
  void with_password(const std::shared_ptr<UnaryCall>& call, const Names& passwords,
                     PasswordDone next);
  void check_log_in(const CallPtr<pb::LogInRequest>& call);
  void verify_log_in(const CallPtr<pb::LogInRequest>& call, bool found,
                     const chat::Credentials& credentials, const chat::Account& account);
  void propose_open(const CallPtr<pb::OpenDirectRequest>& call, chat::AccountId peer);
  void answer_unread(const CallPtr<pb::ReadUnreadRequest>& call);
  void answer_search(const CallPtr<pb::SearchRequest>& call, core::Index covered,
                     InFlight::Turn& turn);

  Services& services_;
};

// The dedupe key of a write; its fingerprint covers what the request asks, without its header,
// its password and its place in a pipeline (R4.1). The request is left as it was.
chat::RequestKey request_key(const char* path, const pb::WriteHeader& header,
                             google::protobuf::Message& request);
chat::Send send_command(pb::SendRequest& request, const chat::Actor& actor);
void fill_sent(const Services& services, const pb::SendRequest& request, const Identity& identity,
               const ProposeResult& result, pb::SendResponse& response);

// Reads the place of the state that was read into the header: after the read, so that no later
// read with this token can show less.
bool fill_read_header(const Services& services, chat::Reader& reader, pb::ResponseHeader& header);

template <typename Command, typename Request>
Command ChatService::command_of(const CallPtr<Request>& call) {
  Command command;
  command.key = request_key(call->path(), call->request.write(), call->request);
  command.actor = call->identity.actor;
  return command;
}

template <typename Response, typename Request, typename Make, typename Tell>
void ChatService::write_one(const CallPtr<Request>& call, Make make, Tell tell) {
  write(call, [this, call, make, tell] {
    propose(call, make(), [this, call, tell](const ProposeResult& result) {
      Response response;
      services_.fill_header(result.index, result.time_ms, *response.mutable_header());
      tell(result.outcome, response);
      call->answer(response);
    });
  });
}

template <typename Response, typename Request, typename Look>
void ChatService::read_one(const CallPtr<Request>& call, const char* what, Look look) {
  read(call, call->request.read(), [this, call, what, look] {
    Response response;
    bool found = true;
    ReaderPool::Lease reader = services_.backend.readers().acquire();
    const sqlite::Status status = look(*reader, response, found);
    if (!status.ok() || !fill_read_header(services_, *reader, *response.mutable_header())) {
      call->fail(store_failed(status.message()));
    } else if (!found) {
      call->fail(not_found(what));
    } else {
      call->answer(response);
    }
  });
}

template <typename Response>
void ChatService::answer_conversation(const std::shared_ptr<UnaryCall>& call,
                                      const ProposeResult& result) {
  bool found = false;
  chat::Conversation conversation;
  ReaderPool::Lease reader = services_.backend.readers().acquire();
  const sqlite::Status status = reader->conversation(
      result.outcome.conversation, call->identity.actor.account, found, conversation);
  Response response;
  if (!status.ok() || !fill_read_header(services_, *reader, *response.mutable_header())) {
    Failure failure = store_failed(status.message());
    failure.may_have_happened = true;  // It has: the same request finds its outcome.
    call->fail(failure);
  } else if (!found) {
    call->fail(not_found(kNoConversation));
  } else {
    to_wire(conversation, *response.mutable_conversation());
    call->answer(response);
  }
}

}  // namespace starling::transport
