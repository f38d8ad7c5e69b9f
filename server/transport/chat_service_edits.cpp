// Implements server/transport/chat_service.h: what is done to messages that are there.
#include "server/transport/chat_service.h"

namespace starling::transport {

void ChatService::delete_messages(const CallPtr<pb::DeleteMessagesRequest>& call) {
  write_one<pb::DeleteMessagesResponse>(
      call,
      [call] {
        auto command = command_of<chat::DeleteMessages>(call);
        command.conversation = call->request.conversation_id();
        command.seqs.assign(call->request.seqs().begin(), call->request.seqs().end());
        return command;
      },
      [](const chat::Outcome& outcome, pb::DeleteMessagesResponse& response) {
        response.set_deleted(outcome.count);
      });
}

void ChatService::hide_messages(const CallPtr<pb::HideMessagesRequest>& call) {
  write_one<pb::HideMessagesResponse>(call, [call] {
    chat::HideMessages command{call->identity.actor, call->request.conversation_id(), {}};
    command.seqs.assign(call->request.seqs().begin(), call->request.seqs().end());
    return command;
  });
}

void ChatService::edit_message(const CallPtr<pb::EditMessageRequest>& call) {
  write_one<pb::EditMessageResponse>(
      call,
      [call] {
        auto command = command_of<chat::EditMessage>(call);
        command.conversation = call->request.conversation_id();
        command.seq = call->request.seq();
        command.body = call->request.body();
        return command;
      },
      [](const chat::Outcome& outcome, pb::EditMessageResponse& response) {
        response.set_edits(outcome.count);
        response.set_edited_at_ms(outcome.at_ms);
      });
}

void ChatService::list_edits(const CallPtr<pb::ListEditsRequest>& call) {
  read_one<pb::ListEditsResponse>(
      call, "this account sees no such message",
      [call](chat::Reader& reader, pb::ListEditsResponse& response, bool& found) {
        std::vector<chat::Edit> edits;
        const sqlite::Status status =
            reader.edits(call->request.conversation_id(), call->identity.actor.account,
                         call->request.seq(), found, edits);
        for (const chat::Edit& edit : edits) {
          response.add_edits()->set_body(edit.body);
          response.mutable_edits()->rbegin()->set_at_ms(edit.at_ms);
        }
        return status;
      });
}

void ChatService::react(const CallPtr<pb::ReactRequest>& call) {
  write_one<pb::ReactResponse>(call, [call] {
    auto command = command_of<chat::React>(call);
    command.conversation = call->request.conversation_id();
    command.seq = call->request.seq();
    command.emoji = call->request.emoji();
    command.on = !call->request.remove();
    return command;
  });
}

void ChatService::mark_delivered(const CallPtr<pb::MarkDeliveredRequest>& call) {
  write_one<pb::MarkDeliveredResponse>(call, [call] {
    chat::MarkDelivered command;
    command.actor = call->identity.actor;
    for (const pb::DeliveredMark& mark : call->request.marks()) {
      command.conversations.push_back(mark.conversation_id());
      command.seqs.push_back(mark.seq());
    }
    return command;
  });
}

void ChatService::set_draft(const CallPtr<pb::SetDraftRequest>& call) {
  write_one<pb::SetDraftResponse>(call, [call] {
    auto command = command_of<chat::SetDraft>(call);
    command.conversation = call->request.conversation_id();
    command.body = call->request.body();
    command.reply_to = call->request.reply_to();
    return command;
  });
}

}  // namespace starling::transport
