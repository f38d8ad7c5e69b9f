// Implements server/transport/chat_service.h: registration and the steps that the calls share.
#include "server/transport/chat_service.h"

#include <algorithm>

#include "server/transport/convert.h"
#include "server/transport/hash.h"
#include "server/transport/presence_stream.h"
#include "server/transport/send_stream.h"
#include "server/transport/subscribe.h"
#include "server/transport/unary.h"

namespace starling::transport {

namespace {

constexpr std::chrono::seconds kLongestRead{10};
constexpr std::chrono::milliseconds kLagWait{500};
constexpr std::chrono::seconds kLongestBarrier{5};

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
  add("/starling.v1.Chat/GetAccount", &ChatService::get_account);
  add("/starling.v1.Chat/SetProfile", &ChatService::set_profile);
  add("/starling.v1.Chat/ChangePassword", &ChatService::change_password);
  add("/starling.v1.Chat/ListSessions", &ChatService::list_sessions);
  add("/starling.v1.Chat/EndSession", &ChatService::end_session);
  add("/starling.v1.Chat/SetBlock", &ChatService::set_block);
  add("/starling.v1.Chat/ListBlocks", &ChatService::list_blocks);
  add("/starling.v1.Chat/GetConversation", &ChatService::get_conversation);
  add("/starling.v1.Chat/CreateGroup", &ChatService::create_group);
  add("/starling.v1.Chat/AddMembers", &ChatService::add_members);
  add("/starling.v1.Chat/RemoveMember", &ChatService::remove_member);
  add("/starling.v1.Chat/SetRole", &ChatService::set_role);
  add("/starling.v1.Chat/RenameGroup", &ChatService::rename_group);
  add("/starling.v1.Chat/DissolveGroup", &ChatService::dissolve_group);
  add("/starling.v1.Chat/ListMembers", &ChatService::list_members);
  add("/starling.v1.Chat/HideMessages", &ChatService::hide_messages);
  add("/starling.v1.Chat/EditMessage", &ChatService::edit_message);
  add("/starling.v1.Chat/ListEdits", &ChatService::list_edits);
  add("/starling.v1.Chat/React", &ChatService::react);
  add("/starling.v1.Chat/MarkDelivered", &ChatService::mark_delivered);
  add("/starling.v1.Chat/SetDraft", &ChatService::set_draft);
  add("/starling.v1.Chat/Search", &ChatService::search);
  add_bidi("/starling.v1.Chat/SendStream",
           [this](Context* context) { return start_send_stream(services_, context); });
  add_bidi("/starling.v1.Chat/Presence",
           [this](Context* context) { return start_presence(services_, context); });
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

bool ChatService::look_up(const std::shared_ptr<UnaryCall>& call, const Names& names,
                          std::vector<chat::AccountId>& ids, bool& all) {
  ids.clear();
  all = true;
  ReaderPool::Lease reader = services_.backend.readers().acquire();
  for (const std::string& name : names) {
    bool found = false;
    chat::Account account;
    const sqlite::Status status = reader->account_by_name(name, found, account);
    if (!status.ok()) {
      call->fail(store_failed(status.message()));
      return false;
    }
    ids.push_back(found ? account.id : 0);
    all = all && found;
  }
  return true;
}

void ChatService::resolve(const std::shared_ptr<UnaryCall>& call, const Names& names,
                          Resolved next) {
  on_pool(call, [this, call, names, next = std::move(next)] {
    std::vector<chat::AccountId> ids;
    bool all = false;
    if (!look_up(call, names, ids, all)) return;
    if (all) {
      next(ids);
      return;
    }
    // An account may be newer than what this primary has applied so far.
    const auto again = [this, call, names, next](WaitError error) {
      if (error != WaitError::kNone) {
        call->fail(failure_of(error));
        return;
      }
      on_pool(call, [this, call, names, next] {
        std::vector<chat::AccountId> newer;
        bool found = false;
        if (look_up(call, names, newer, found)) next(newer);
      });
    };
    services_.backend.read_barrier(0, deadline_of(call->context(), kLongestBarrier), again);
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
  for (const char* name : {"write", "password", "new_password", "after_request_id"}) {
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
