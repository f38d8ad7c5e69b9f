// Implements server/transport/chat_service.h: conversations and messages.
#include "server/transport/chat_service.h"
#include "server/transport/convert.h"

namespace starling::transport {

namespace {

constexpr std::chrono::seconds kLongestBarrier{5};

Failure no_conversation() { return not_found("this account has no such conversation"); }

}  // namespace

void ChatService::open_direct(const CallPtr<pb::OpenDirectRequest>& call) {
  write(call, [this, call] { on_pool(call, [this, call] { open_known(call); }); });
}

void ChatService::open_known(const CallPtr<pb::OpenDirectRequest>& call) {
  bool found = false;
  chat::Account peer;
  ReaderPool::Lease reader = services_.backend.readers().acquire();
  const sqlite::Status status = reader->account_by_name(call->request.name(), found, peer);
  reader.reset();
  if (!status.ok()) {
    call->fail(store_failed(status.message()));
    return;
  }
  if (found) {
    propose_open(call, peer.id);
    return;
  }
  // The account may be newer than what this primary has applied so far.
  services_.backend.read_barrier(0, deadline_of(call->context(), kLongestBarrier),
                                 [this, call](WaitError error) {
                                   if (error != WaitError::kNone) {
                                     call->fail(failure_of(error));
                                   } else {
                                     on_pool(call, [this, call] { open_newer(call); });
                                   }
                                 });
}

void ChatService::open_newer(const CallPtr<pb::OpenDirectRequest>& call) {
  bool found = false;
  chat::Account peer;
  ReaderPool::Lease reader = services_.backend.readers().acquire();
  const sqlite::Status status = reader->account_by_name(call->request.name(), found, peer);
  reader.reset();
  if (!status.ok()) {
    call->fail(store_failed(status.message()));
    return;
  }
  // Proposed also when there is none: a retry gets its first outcome (R4.1).
  propose_open(call, found ? peer.id : 0);
}

void ChatService::propose_open(const CallPtr<pb::OpenDirectRequest>& call, chat::AccountId peer) {
  chat::OpenDirect command;
  command.key = request_key(call->path(), call->request.write(), call->request);
  command.actor = call->identity.actor;
  command.peer = peer;
  services_.backend.propose(
      chat::encode(chat::Command(command)), [this, call, peer](const ProposeResult& result) {
        Failure failure;
        if (result.error == ProposeError::kNone && peer == 0 &&
            result.outcome.code == chat::Code::kInvalid) {
          call->fail(not_found("there is no account of that name"));
        } else if (failure_of(result, {}, failure)) {
          call->fail(failure);
        } else if (!services_.disk.submit([this, call, result] { answer_open(call, result); })) {
          pb::OpenDirectResponse response;
          services_.fill_header(result.index, result.time_ms, *response.mutable_header());
          response.mutable_conversation()->set_id(result.outcome.conversation);
          response.mutable_conversation()->set_title(call->request.name());
          response.mutable_conversation()->set_peer_id(peer);
          call->answer(response);
        }
      });
}

void ChatService::answer_open(const CallPtr<pb::OpenDirectRequest>& call,
                              const ProposeResult& result) {
  bool found = false;
  chat::Conversation conversation;
  ReaderPool::Lease reader = services_.backend.readers().acquire();
  const sqlite::Status status = reader->conversation(
      result.outcome.conversation, call->identity.actor.account, found, conversation);
  pb::OpenDirectResponse response;
  if (!status.ok() || !fill_read_header(services_, *reader, *response.mutable_header())) {
    Failure failure = store_failed(status.message());
    failure.may_have_happened = true;  // It has: the same request finds its outcome.
    call->fail(failure);
  } else if (!found) {
    call->fail(no_conversation());
  } else {
    to_wire(conversation, *response.mutable_conversation());
    call->answer(response);
  }
}

void ChatService::list_conversations(const CallPtr<pb::ListConversationsRequest>& call) {
  read(call, call->request.read(), [this, call] {
    std::vector<chat::Conversation> conversations;
    bool more = false;
    ReaderPool::Lease reader = services_.backend.readers().acquire();
    const sqlite::Status status =
        reader->list_conversations(call->identity.actor.account, call->request.after_id(),
                                   page_limit(call->request.limit()), conversations, more);
    pb::ListConversationsResponse response;
    if (!status.ok() || !fill_read_header(services_, *reader, *response.mutable_header())) {
      call->fail(store_failed(status.message()));
      return;
    }
    for (const chat::Conversation& one : conversations) to_wire(one, *response.add_conversations());
    response.set_more(more);
    call->answer(response);
  });
}

chat::Send send_command(pb::SendRequest& request, const chat::Actor& actor) {
  chat::Send command;
  command.key = request_key("/starling.v1.Chat/Send", request.write(), request);
  command.actor = actor;
  command.conversation = request.conversation_id();
  command.body = request.body();
  chat::RequestId after;
  if (from_wire(request.after_request_id(), after)) command.after = after;
  return command;
}

void fill_sent(const Services& services, const pb::SendRequest& request, const Identity& identity,
               const ProposeResult& result, pb::SendResponse& response) {
  services.fill_header(result.index, result.time_ms, *response.mutable_header());
  pb::Message& message = *response.mutable_message();
  message.set_id(result.outcome.message);
  message.set_conversation_id(request.conversation_id());
  message.set_seq(result.outcome.seq);
  message.set_sender_id(identity.actor.account);
  message.set_sender(identity.name);
  message.set_sent_at_ms(result.outcome.at_ms);
  message.set_request_id(request.write().request_id());
}

void ChatService::send(const CallPtr<pb::SendRequest>& call) {
  write(call, [this, call] {
    propose(call, send_command(call->request, call->identity.actor),
            [this, call](const ProposeResult& result) {
              pb::SendResponse response;
              fill_sent(services_, call->request, call->identity, result, response);
              call->answer(response);
            });
  });
}

void ChatService::list_messages(const CallPtr<pb::ListMessagesRequest>& call) {
  read(call, call->request.read(), [this, call] {
    const pb::ListMessagesRequest& request = call->request;
    const chat::AccountId account = call->identity.actor.account;
    std::vector<chat::Message> messages;
    bool more = false;
    bool member = false;
    ReaderPool::Lease reader = services_.backend.readers().acquire();
    sqlite::Status status = reader->is_member(request.conversation_id(), account, member);
    if (status.ok() && !member) {
      call->fail(no_conversation());
      return;
    }
    const int limit = page_limit(request.limit());
    if (status.ok() && request.forward()) {
      status = reader->messages_after(request.conversation_id(), request.after_seq(), limit,
                                      messages, more);
    } else if (status.ok()) {
      status = reader->messages_before(request.conversation_id(), request.before_seq(), limit,
                                       messages, more);
    }
    pb::ListMessagesResponse response;
    if (!status.ok() || !fill_read_header(services_, *reader, *response.mutable_header())) {
      call->fail(store_failed(status.message()));
      return;
    }
    for (const chat::Message& one : messages) to_wire(one, account, *response.add_messages());
    response.set_more(more);
    call->answer(response);
  });
}

void ChatService::read_unread(const CallPtr<pb::ReadUnreadRequest>& call) {
  // Marking is a write, and the primary's own state is the one to mark by.
  if (call->request.mark_read()) {
    if (!call->credential.present) {
      call->fail(unauthenticated("this call needs a session token"));
      return;
    }
    if (!here(call)) return;
  }
  read(call, call->request.read(), [this, call] { answer_unread(call); });
}

void ChatService::answer_unread(const CallPtr<pb::ReadUnreadRequest>& call) {
  const pb::ReadUnreadRequest& request = call->request;
  const chat::AccountId account = call->identity.actor.account;
  std::vector<chat::Message> messages;
  bool member = false;
  std::int64_t left = 0;
  ReaderPool::Lease reader = services_.backend.readers().acquire();
  sqlite::Status status = reader->is_member(request.conversation_id(), account, member);
  if (status.ok() && !member) {
    call->fail(no_conversation());
    return;
  }
  if (status.ok()) {
    status = reader->unread(request.conversation_id(), account, page_limit(request.limit()),
                            messages, left);
  }
  auto response = std::make_shared<pb::ReadUnreadResponse>();
  if (!status.ok() || !fill_read_header(services_, *reader, *response->mutable_header())) {
    call->fail(store_failed(status.message()));
    return;
  }
  reader.reset();
  for (const chat::Message& one : messages) to_wire(one, account, *response->add_messages());
  response->set_still_unread(left);
  if (!request.mark_read() || messages.empty()) {
    call->answer(*response);
    return;
  }
  const chat::MarkRead mark{call->identity.actor, request.conversation_id(), messages.back().seq};
  services_.backend.propose(
      chat::encode(chat::Command(mark)), [this, call, response](const ProposeResult& result) {
        Failure failure;
        if (!failure_of(result, services_.backend.status().primary_address, failure)) {
          services_.fill_header(result.index, result.time_ms, *response->mutable_header());
          call->answer(*response);
        } else if (failure.may_have_happened) {
          call->answer(*response);  // The mark may stand: nobody would be given these again.
        } else {
          call->fail(failure);
        }
      });
}

void ChatService::mark_read(const CallPtr<pb::MarkReadRequest>& call) {
  write(call, [this, call] {
    const chat::MarkRead command{call->identity.actor, call->request.conversation_id(),
                                 call->request.seq()};
    propose(call, command, [this, call](const ProposeResult& result) {
      pb::MarkReadResponse response;
      services_.fill_header(result.index, result.time_ms, *response.mutable_header());
      call->answer(response);
    });
  });
}

void ChatService::delete_messages(const CallPtr<pb::DeleteMessagesRequest>& call) {
  write(call, [this, call] {
    chat::DeleteMessages command;
    command.key = request_key(call->path(), call->request.write(), call->request);
    command.actor = call->identity.actor;
    command.conversation = call->request.conversation_id();
    command.seqs.assign(call->request.seqs().begin(), call->request.seqs().end());
    propose(call, command, [this, call](const ProposeResult& result) {
      pb::DeleteMessagesResponse response;
      services_.fill_header(result.index, result.time_ms, *response.mutable_header());
      response.set_deleted(result.outcome.count);
      call->answer(response);
    });
  });
}

void ChatService::void_request(const CallPtr<pb::VoidRequest>& call) {
  write(call, [this, call] {
    chat::Void command;
    command.actor = call->identity.actor;
    from_wire(call->request.request_id(), command.target);
    propose(call, command, [this, call](const ProposeResult& result) {
      pb::VoidResponse response;
      services_.fill_header(result.index, result.time_ms, *response.mutable_header());
      response.set_happened(result.outcome.count != 0);
      call->answer(response);
    });
  });
}

}  // namespace starling::transport
