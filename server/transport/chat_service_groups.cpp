// Implements server/transport/chat_service.h: groups and their members.
#include "server/transport/chat_service.h"

namespace starling::transport {

namespace {

chat::MemberRole role_of(pb::MemberRole role) {
  switch (role) {
    case pb::MEMBER_ROLE_OWNER:
      return chat::MemberRole::kOwner;
    case pb::MEMBER_ROLE_ADMIN:
      return chat::MemberRole::kAdmin;
    default:
      return chat::MemberRole::kMember;
  }
}

}  // namespace

void ChatService::get_conversation(const CallPtr<pb::GetConversationRequest>& call) {
  read_one<pb::GetConversationResponse>(
      call, kNoConversation,
      [call](chat::Reader& reader, pb::GetConversationResponse& response, bool& found) {
        chat::Conversation conversation;
        const sqlite::Status status = reader.conversation(
            call->request.conversation_id(), call->identity.actor.account, found, conversation);
        to_wire(conversation, *response.mutable_conversation());
        return status;
      });
}

// Unknown names are proposed as account 0, which is refused: so a retry gets its first outcome,
// whoever took the name meanwhile (R4.1).
void ChatService::create_group(const CallPtr<pb::CreateGroupRequest>& call) {
  write(call, [this, call] {
    const Names names(call->request.names().begin(), call->request.names().end());
    resolve(call, names, [this, call](const std::vector<chat::AccountId>& ids) {
      auto command = command_of<chat::CreateGroup>(call);
      command.title = call->request.title();
      command.members = ids;
      propose(call, command, [this, call](const ProposeResult& result) {
        // It has happened: whatever keeps it from being read, the answer says so.
        if (services_.disk.submit([this, call, result] {
              answer_conversation<pb::CreateGroupResponse>(call, result);
            })) {
          return;
        }
        pb::CreateGroupResponse response;
        services_.fill_header(result.index, result.time_ms, *response.mutable_header());
        response.mutable_conversation()->set_id(result.outcome.conversation);
        response.mutable_conversation()->set_kind(pb::CONVERSATION_KIND_GROUP);
        response.mutable_conversation()->set_title(call->request.title());
        call->answer(response);
      });
    });
  });
}

void ChatService::add_members(const CallPtr<pb::AddMembersRequest>& call) {
  write(call, [this, call] {
    const Names names(call->request.names().begin(), call->request.names().end());
    resolve(call, names, [this, call](const std::vector<chat::AccountId>& ids) {
      auto command = command_of<chat::AddMembers>(call);
      command.conversation = call->request.conversation_id();
      command.accounts = ids;
      propose(call, command, [this, call](const ProposeResult& result) {
        pb::AddMembersResponse response;
        services_.fill_header(result.index, result.time_ms, *response.mutable_header());
        response.set_added(result.outcome.count);
        call->answer(response);
      });
    });
  });
}

void ChatService::remove_member(const CallPtr<pb::RemoveMemberRequest>& call) {
  write_one<pb::RemoveMemberResponse>(call, [call] {
    auto command = command_of<chat::RemoveMember>(call);
    command.conversation = call->request.conversation_id();
    command.account = call->request.account_id();
    return command;
  });
}

void ChatService::set_role(const CallPtr<pb::SetRoleRequest>& call) {
  write_one<pb::SetRoleResponse>(call, [call] {
    auto command = command_of<chat::SetRole>(call);
    command.conversation = call->request.conversation_id();
    command.account = call->request.account_id();
    command.role = role_of(call->request.role());
    return command;
  });
}

void ChatService::rename_group(const CallPtr<pb::RenameGroupRequest>& call) {
  write_one<pb::RenameGroupResponse>(call, [call] {
    auto command = command_of<chat::RenameGroup>(call);
    command.conversation = call->request.conversation_id();
    command.title = call->request.title();
    return command;
  });
}

void ChatService::dissolve_group(const CallPtr<pb::DissolveGroupRequest>& call) {
  write_one<pb::DissolveGroupResponse>(call, [call] {
    auto command = command_of<chat::DissolveGroup>(call);
    command.conversation = call->request.conversation_id();
    return command;
  });
}

void ChatService::list_members(const CallPtr<pb::ListMembersRequest>& call) {
  read_one<pb::ListMembersResponse>(
      call, kNoConversation,
      [call](chat::Reader& reader, pb::ListMembersResponse& response,
             bool& found) -> sqlite::Status {
        const pb::ListMembersRequest& request = call->request;
        std::vector<chat::Member> members;
        bool more = false;
        sqlite::Status status =
            reader.is_member(request.conversation_id(), call->identity.actor.account, found);
        if (!status.ok() || !found) return status;
        status = reader.members(request.conversation_id(), request.after_id(),
                                page_limit(request.limit()), members, more);
        for (const chat::Member& member : members) to_wire(member, *response.add_members());
        response.set_more(more);
        return status;
      });
}

}  // namespace starling::transport
