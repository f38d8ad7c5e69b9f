// Groups, and what is done to messages: answered as a test says, and noted. See fake_server.h.
#include "tests/qml/fake_server.h"

namespace starling_app {

namespace v1 = starling::v1;

void FakeServer::set_conversation(const v1::Conversation& conversation) {
  const std::lock_guard lock(mutex_);
  conversations_[conversation.id()] = conversation;
  removed_.erase(conversation.id());
}

void FakeServer::remove_conversation(std::int64_t id) {
  const std::lock_guard lock(mutex_);
  conversations_.erase(id);
  messages_.erase(id);
  removed_.insert(id);
}

void FakeServer::set_members(std::int64_t conversation, const std::vector<v1::Member>& members) {
  const std::lock_guard lock(mutex_);
  members_[conversation] = members;
}

void FakeServer::set_edits(const std::vector<v1::Edit>& edits) {
  const std::lock_guard lock(mutex_);
  edits_ = edits;
}

void FakeServer::put(const v1::Message& message) {
  const std::lock_guard lock(mutex_);
  messages_[message.conversation_id()][message.seq()] = message;
}

void FakeServer::refuse(const std::string& name, const std::string& words) {
  const std::lock_guard lock(mutex_);
  refusals_[name] = words;
  if (words.empty()) refusals_.erase(name);
}

std::vector<std::string> FakeServer::writes() {
  const std::lock_guard lock(mutex_);
  return writes_;
}

grpc::Status FakeServer::write(const std::string& name, const std::string& details,
                               v1::ResponseHeader* header_out) {
  const std::lock_guard lock(mutex_);
  writes_.push_back(name + " " + details);
  const auto refused = refusals_.find(name);
  if (refused != refusals_.end()) {
    return FakeServer::refused(grpc::StatusCode::PERMISSION_DENIED, v1::REASON_PERMISSION_DENIED,
                               refused->second);
  }
  header(header_out);
  return grpc::Status::OK;
}

namespace {

template <typename List>
std::string joined(const List& list) {
  std::string all;
  for (const auto& one : list) all += (all.empty() ? "" : " ") + std::string(one);
  return all;
}

std::string text(std::int64_t number) { return std::to_string(number); }

}  // namespace

grpc::Status FakeServer::GetConversation(Context*, const v1::GetConversationRequest* request,
                                         v1::GetConversationResponse* response) {
  const std::lock_guard lock(mutex_);
  const auto told = refusals_.find("look");
  if (told != refusals_.end()) {
    return refused(grpc::StatusCode::PERMISSION_DENIED, v1::REASON_PERMISSION_DENIED, told->second);
  }
  const auto at = conversations_.find(request->conversation_id());
  if (at == conversations_.end()) {
    return refused(grpc::StatusCode::NOT_FOUND, v1::REASON_NOT_FOUND, "no such conversation");
  }
  header(response->mutable_header());
  *response->mutable_conversation() = at->second;
  return grpc::Status::OK;
}

grpc::Status FakeServer::ListMembers(Context*, const v1::ListMembersRequest* request,
                                     v1::ListMembersResponse* response) {
  const std::lock_guard lock(mutex_);
  header(response->mutable_header());
  for (const v1::Member& one : members_[request->conversation_id()]) {
    if (one.account().id() > request->after_id()) *response->add_members() = one;
  }
  return grpc::Status::OK;
}

grpc::Status FakeServer::ListEdits(Context*, const v1::ListEditsRequest*,
                                   v1::ListEditsResponse* response) {
  const std::lock_guard lock(mutex_);
  header(response->mutable_header());
  for (const v1::Edit& one : edits_) *response->add_edits() = one;
  return grpc::Status::OK;
}

grpc::Status FakeServer::CreateGroup(Context*, const v1::CreateGroupRequest* request,
                                     v1::CreateGroupResponse* response) {
  constexpr std::int64_t kNewGroup = 900;
  const grpc::Status status = write("create", request->title() + ": " + joined(request->names()),
                                    response->mutable_header());
  if (!status.ok()) return status;
  v1::Conversation& made = *response->mutable_conversation();
  made.set_id(kNewGroup);
  made.set_title(request->title());
  made.set_kind(v1::CONVERSATION_KIND_GROUP);
  made.set_role(v1::MEMBER_ROLE_OWNER);
  made.set_member_count(request->names_size() + 1);
  set_conversation(made);
  return status;
}

grpc::Status FakeServer::AddMembers(Context*, const v1::AddMembersRequest* request,
                                    v1::AddMembersResponse* response) {
  response->set_added(request->names_size());
  return write("add", text(request->conversation_id()) + " " + joined(request->names()),
               response->mutable_header());
}

grpc::Status FakeServer::RemoveMember(Context*, const v1::RemoveMemberRequest* request,
                                      v1::RemoveMemberResponse* response) {
  return write("remove", text(request->conversation_id()) + " " + text(request->account_id()),
               response->mutable_header());
}

grpc::Status FakeServer::SetRole(Context*, const v1::SetRoleRequest* request,
                                 v1::SetRoleResponse* response) {
  return write("role",
               text(request->conversation_id()) + " " + text(request->account_id()) + " " +
                   v1::MemberRole_Name(request->role()),
               response->mutable_header());
}

grpc::Status FakeServer::RenameGroup(Context*, const v1::RenameGroupRequest* request,
                                     v1::RenameGroupResponse* response) {
  return write("rename", text(request->conversation_id()) + " " + request->title(),
               response->mutable_header());
}

grpc::Status FakeServer::DissolveGroup(Context*, const v1::DissolveGroupRequest* request,
                                       v1::DissolveGroupResponse* response) {
  return write("dissolve", text(request->conversation_id()), response->mutable_header());
}

grpc::Status FakeServer::DeleteMessages(Context*, const v1::DeleteMessagesRequest* request,
                                        v1::DeleteMessagesResponse* response) {
  response->set_deleted(request->seqs_size());
  return write("delete", text(request->conversation_id()) + " " + text(request->seqs(0)),
               response->mutable_header());
}

grpc::Status FakeServer::HideMessages(Context*, const v1::HideMessagesRequest* request,
                                      v1::HideMessagesResponse* response) {
  return write("hide", text(request->conversation_id()) + " " + text(request->seqs(0)),
               response->mutable_header());
}

grpc::Status FakeServer::EditMessage(Context*, const v1::EditMessageRequest* request,
                                     v1::EditMessageResponse* response) {
  response->set_edits(1);
  response->set_edited_at_ms(1'700'000'000'000);
  return write(
      "edit", text(request->conversation_id()) + " " + text(request->seq()) + " " + request->body(),
      response->mutable_header());
}

grpc::Status FakeServer::React(Context*, const v1::ReactRequest* request,
                               v1::ReactResponse* response) {
  return write("react",
               text(request->conversation_id()) + " " + text(request->seq()) + " " +
                   request->emoji() + (request->remove() ? " off" : " on"),
               response->mutable_header());
}

grpc::Status FakeServer::MarkDelivered(Context*, const v1::MarkDeliveredRequest* request,
                                       v1::MarkDeliveredResponse* response) {
  std::string marks;
  for (const v1::DeliveredMark& one : request->marks()) {
    marks += (marks.empty() ? "" : ", ") + text(one.conversation_id()) + " " + text(one.seq());
  }
  return write("delivered", marks, response->mutable_header());
}

grpc::Status FakeServer::SetDraft(Context*, const v1::SetDraftRequest* request,
                                  v1::SetDraftResponse* response) {
  return write(
      "draft",
      text(request->conversation_id()) + " " + text(request->reply_to()) + " " + request->body(),
      response->mutable_header());
}

}  // namespace starling_app
