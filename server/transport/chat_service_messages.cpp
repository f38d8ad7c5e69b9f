// Implements server/transport/chat_service.h: conversations and messages.
#include "server/transport/chat_service.h"

namespace starling::transport {

void ChatService::open_direct(const CallPtr<pb::OpenDirectRequest>& call) {
  write(call, [this, call] {
    // Proposed also when there is none: a retry gets its first outcome (R4.1).
    resolve(call, {call->request.name()}, [this, call](const std::vector<chat::AccountId>& ids) {
      propose_open(call, ids.front());
    });
  });
}

void ChatService::propose_open(const CallPtr<pb::OpenDirectRequest>& call, chat::AccountId peer) {
  auto command = command_of<chat::OpenDirect>(call);
  command.peer = peer;
  services_.backend.propose(
      chat::encode(chat::Command(command)), [this, call, peer](const ProposeResult& result) {
        Failure failure;
        if (failure_of(result, {}, failure)) {
          call->fail(failure);
        } else if (!services_.disk.submit([this, call, result] {
                     answer_conversation<pb::OpenDirectResponse>(call, result);
                   })) {
          pb::OpenDirectResponse response;
          services_.fill_header(result.index, result.time_ms, *response.mutable_header());
          response.mutable_conversation()->set_id(result.outcome.conversation);
          response.mutable_conversation()->set_title(call->request.name());
          response.mutable_conversation()->set_peer_id(peer);
          call->answer(response);
        }
      });
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
  command.reply_to = request.reply_to();
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
  message.set_reply_to(request.reply_to());
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
  using From = chat::HistoryPage::From;
  read_one<pb::ListMessagesResponse>(
      call, kNoConversation,
      [call](chat::Reader& reader, pb::ListMessagesResponse& response,
             bool& found) -> sqlite::Status {
        const pb::ListMessagesRequest& request = call->request;
        const chat::AccountId account = call->identity.actor.account;
        chat::HistoryPage page{From::kBefore, request.before_seq(), page_limit(request.limit())};
        if (request.around_seq() != 0) {
          page.from = From::kAround;
          page.seq = request.around_seq();
        } else if (request.forward()) {
          page.from = From::kAfter;
          page.seq = request.after_seq();
        }
        chat::History history;
        const sqlite::Status status =
            reader.history(request.conversation_id(), account, page, found, history);
        for (const chat::Message& one : history.messages) {
          to_wire(one, account, *response.add_messages());
        }
        response.set_more(page.from == From::kAfter ? history.more_after : history.more_before);
        response.set_more_after(page.from == From::kAround && history.more_after);
        return status;
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
    call->fail(not_found(kNoConversation));
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
  write_one<pb::MarkReadResponse>(call, [call] {
    return chat::MarkRead{call->identity.actor, call->request.conversation_id(),
                          call->request.seq()};
  });
}

void ChatService::void_request(const CallPtr<pb::VoidRequest>& call) {
  write_one<pb::VoidResponse>(
      call,
      [call] {
        chat::Void command;
        command.actor = call->identity.actor;
        from_wire(call->request.request_id(), command.target);
        return command;
      },
      [](const chat::Outcome& outcome, pb::VoidResponse& response) {
        response.set_happened(outcome.count != 0);
      });
}

}  // namespace starling::transport
