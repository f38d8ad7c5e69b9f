// Implements server/transport/chat_service.h: registration and the steps that the calls share.
#include "server/transport/chat_service.h"

#include <algorithm>

#include "server/transport/convert.h"
#include "server/transport/hash.h"
#include "server/transport/send_stream.h"
#include "server/transport/subscribe.h"
#include "server/transport/unary.h"

namespace starling::transport {

namespace {

constexpr std::chrono::seconds kLongestRead{10};
constexpr std::chrono::milliseconds kLagWait{500};

}  // namespace

template <typename Request>
void ChatService::add(const char* path, void (ChatService::*handler)(const CallPtr<Request>&)) {
  add_unary(path, [this, path, handler](Context* context, const Bytes* in, Bytes* out) {
    return start_unary<Request>(
        path, context, in, out,
        [this, handler](const CallPtr<Request>& call) { (this->*handler)(call); });
  });
}

ChatService::ChatService(Services& services) : services_(services) {
  add("/starling.v1.Chat/CreateAccount", &ChatService::create_account);
  add("/starling.v1.Chat/LogIn", &ChatService::log_in);
  add("/starling.v1.Chat/LogOut", &ChatService::log_out);
  add("/starling.v1.Chat/ListAccounts", &ChatService::list_accounts);
  add("/starling.v1.Chat/DeleteAccount", &ChatService::delete_account);
  add("/starling.v1.Chat/OpenDirect", &ChatService::open_direct);
  add("/starling.v1.Chat/ListConversations", &ChatService::list_conversations);
  add("/starling.v1.Chat/Send", &ChatService::send);
  add("/starling.v1.Chat/ListMessages", &ChatService::list_messages);
  add("/starling.v1.Chat/ReadUnread", &ChatService::read_unread);
  add("/starling.v1.Chat/MarkRead", &ChatService::mark_read);
  add("/starling.v1.Chat/DeleteMessages", &ChatService::delete_messages);
  add("/starling.v1.Chat/Void", &ChatService::void_request);
  add_bidi("/starling.v1.Chat/SendStream",
           [this](Context* context) { return start_send_stream(services_, context); });
  add_server_stream("/starling.v1.Chat/Subscribe", [this](Context* context, const Bytes* in) {
    return start_subscription(services_, context, in);
  });
}

bool ChatService::here(const std::shared_ptr<UnaryCall>& call) {
  if (services_.draining.load()) {
    call->fail(draining());
    return false;
  }
  return at_primary(services_, call);
}

Services::AuthDone ChatService::as_caller(const std::shared_ptr<UnaryCall>& call, Handler next) {
  return
      [call, next = std::move(next)](const std::optional<Failure>& failure, const Identity& who) {
        if (failure) {
          call->fail(*failure);
          return;
        }
        call->identity = who;
        next();
      };
}

void ChatService::on_pool(const std::shared_ptr<UnaryCall>& call, Handler work) {
  if (!services_.disk.submit(std::move(work))) call->fail(too_many_reads());
}

void ChatService::write(const std::shared_ptr<UnaryCall>& call, Handler next) {
  if (!call->credential.present) {
    call->fail(unauthenticated("this call needs a session token"));
  } else if (here(call)) {
    services_.authenticate(call->credential.hash, as_caller(call, std::move(next)));
  }
}

void ChatService::read(const std::shared_ptr<UnaryCall>& call, const pb::ReadHeader& header,
                       Handler next) {
  if (!call->credential.present) {
    call->fail(unauthenticated("this call needs a session token"));
    return;
  }
  const core::Index wanted = header.after().index();
  if (header.has_after() && wanted != 0 && !services_.options.history().has(header.after())) {
    call->fail(resync("the token is of another history of this cluster"));
    return;
  }
  WaitCallback go_on = [this, call, next = std::move(next)](WaitError error) {
    if (error != WaitError::kNone) {
      call->fail(failure_of(error));
      return;
    }
    on_pool(call, [this, call, next] {
      services_.authenticate_blocking(call->credential.hash, as_caller(call, next));
    });
  };
  const Deadline until = deadline_of(call->context(), kLongestRead);
  // What this session has seen, here.
  WaitCallback reach = [this, wanted, until, go_on](WaitError error) {
    if (error != WaitError::kNone || wanted <= services_.backend.applied_index()) {
      go_on(error);
      return;
    }
    const Deadline soon = std::chrono::steady_clock::now() + kLagWait;
    services_.backend.wait_applied(wanted, std::min(until, soon), go_on);
  };
  switch (header.level()) {
    case pb::READ_LEVEL_LINEARIZABLE:
      services_.backend.read_barrier(0, until, std::move(go_on));
      return;
    case pb::READ_LEVEL_STALE:
      services_.backend.read_barrier(1'000 * header.max_staleness_ms(), until, std::move(reach));
      return;
    default:
      reach(WaitError::kNone);
  }
}

void ChatService::propose(const std::shared_ptr<UnaryCall>& call, const chat::Command& command,
                          Applied applied) {
  services_.backend.propose(chat::encode(command), [this, call, applied = std::move(applied)](
                                                       const ProposeResult& result) {
    Failure failure;
    std::string hint;
    if (result.error != ProposeError::kNone) hint = services_.backend.status().primary_address;
    if (failure_of(result, hint, failure)) {
      call->fail(failure);
    } else {
      applied(result);
    }
  });
}

chat::RequestKey request_key(const char* path, const pb::WriteHeader& header,
                             google::protobuf::Message& request) {
  chat::RequestKey key;
  from_wire(header.request_id(), key.id);
  key.as_of_ms = header.as_of_ms();
  // Whatever is not part of what was asked is taken out of a copy.
  const std::unique_ptr<google::protobuf::Message> asked(request.New());
  asked->CopyFrom(request);
  for (const char* name : {"write", "password", "after_request_id"}) {
    const auto* field = asked->GetDescriptor()->FindFieldByName(name);
    if (field != nullptr) asked->GetReflection()->ClearField(asked.get(), field);
  }
  key.fingerprint = fingerprint(path + asked->SerializeAsString());
  return key;
}

bool fill_read_header(const Services& services, chat::Reader& reader, pb::ResponseHeader& header) {
  std::uint64_t index = 0;
  chat::TimeMs time_ms = 0;
  std::uint64_t state_hash = 0;
  if (!reader.applied(index, time_ms, state_hash).ok()) return false;
  services.fill_header(index, time_ms, header);
  return true;
}

}  // namespace starling::transport
