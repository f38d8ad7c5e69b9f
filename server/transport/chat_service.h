// The Chat service: unary calls here; SendStream and Subscribe in files of their own.
#pragma once

#include <functional>
#include <string>

#include "server/transport/call.h"
#include "server/transport/raw_service.h"
#include "server/transport/services.h"
#include "server/transport/validate.h"

namespace starling::transport {

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

  void check_log_in(const CallPtr<pb::LogInRequest>& call);
  void verify_log_in(const CallPtr<pb::LogInRequest>& call, bool found,
                     const chat::Credentials& credentials, const chat::Account& account);
  void open_known(const CallPtr<pb::OpenDirectRequest>& call);
  void open_newer(const CallPtr<pb::OpenDirectRequest>& call);
  void propose_open(const CallPtr<pb::OpenDirectRequest>& call, chat::AccountId peer);
  void answer_open(const CallPtr<pb::OpenDirectRequest>& call, const ProposeResult& result);
  void answer_unread(const CallPtr<pb::ReadUnreadRequest>& call);

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

}  // namespace starling::transport
