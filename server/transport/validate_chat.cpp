// Implements server/transport/validate.h: profiles, groups, and what is done to messages.
#include "server/search/query_text.h"
#include "server/transport/validate_check.h"

namespace starling::transport {

namespace {

constexpr std::size_t kMaxPageBytes = 64;  // Of the name of a page of a search.

}  // namespace

Invalid validate(const pb::GetAccountRequest& request) {
  return Check().read(request.read()).name(request.name(), "name");
}

Invalid validate(const pb::SetProfileRequest& request) {
  return Check()
      .write(request.has_write(), request.write())
      .size(request.display_name(), 0, chat::kMaxDisplayNameBytes, "display_name")
      .no_nul(request.display_name(), "display_name")
      .size(request.about(), 0, chat::kMaxAboutBytes, "about")
      .no_nul(request.about(), "about");
}

Invalid validate(const pb::ChangePasswordRequest& request) {
  return Check()
      .write(request.has_write(), request.write())
      .size(request.password(), 1, kMaxPasswordBytes, "password")
      .size(request.new_password(), kMinPasswordBytes, kMaxPasswordBytes, "new_password");
}

Invalid validate(const pb::ListSessionsRequest& request) { return Check().read(request.read()); }

Invalid validate(const pb::EndSessionRequest& request) {
  return Check().positive(request.session_id(), "session_id");
}

Invalid validate(const pb::SetBlockRequest& request) {
  return Check().write(request.has_write(), request.write()).name(request.name(), "name");
}

Invalid validate(const pb::ListBlocksRequest& request) {
  return Check()
      .read(request.read())
      .not_negative(request.after_id(), "after_id")
      .limit(request.limit());
}

Invalid validate(const pb::GetConversationRequest& request) {
  return Check().read(request.read()).positive(request.conversation_id(), "conversation_id");
}

Invalid validate(const pb::CreateGroupRequest& request) {
  Check check;
  check.write(request.has_write(), request.write())
      .label(request.title(), chat::kMaxTitleBytes, "title")
      .that(request.names_size() <= chat::kMaxPage, "names",
            "must name at most " + std::to_string(chat::kMaxPage));
  for (const std::string& name : request.names()) check.name(name, "names");
  return check;
}

Invalid validate(const pb::AddMembersRequest& request) {
  Check check;
  check.write(request.has_write(), request.write())
      .positive(request.conversation_id(), "conversation_id")
      .page_of(request.names_size(), "names");
  for (const std::string& name : request.names()) check.name(name, "names");
  return check;
}

Invalid validate(const pb::RemoveMemberRequest& request) {
  return Check()
      .write(request.has_write(), request.write())
      .positive(request.conversation_id(), "conversation_id")
      .positive(request.account_id(), "account_id");
}

Invalid validate(const pb::SetRoleRequest& request) {
  return Check()
      .write(request.has_write(), request.write())
      .positive(request.conversation_id(), "conversation_id")
      .positive(request.account_id(), "account_id")
      .that(pb::MemberRole_IsValid(request.role()) && request.role() != pb::MEMBER_ROLE_UNSPECIFIED,
            "role", "must be member, admin or owner");
}

Invalid validate(const pb::RenameGroupRequest& request) {
  return Check()
      .write(request.has_write(), request.write())
      .positive(request.conversation_id(), "conversation_id")
      .label(request.title(), chat::kMaxTitleBytes, "title");
}

Invalid validate(const pb::DissolveGroupRequest& request) {
  return Check()
      .write(request.has_write(), request.write())
      .positive(request.conversation_id(), "conversation_id");
}

Invalid validate(const pb::ListMembersRequest& request) {
  return Check()
      .read(request.read())
      .positive(request.conversation_id(), "conversation_id")
      .not_negative(request.after_id(), "after_id")
      .limit(request.limit());
}

Invalid validate(const pb::ListMessagesRequest& request) {
  const bool around = request.around_seq() != 0;
  return Check()
      .read(request.read())
      .positive(request.conversation_id(), "conversation_id")
      .not_negative(request.before_seq(), "before_seq")
      .not_negative(request.after_seq(), "after_seq")
      .not_negative(request.around_seq(), "around_seq")
      .that(!around || (!request.forward() && request.before_seq() == 0), "around_seq",
            "goes with neither before_seq nor after_seq")
      .limit(request.limit());
}

Invalid validate(const pb::DeleteMessagesRequest& request) {
  return Check()
      .write(request.has_write(), request.write())
      .positive(request.conversation_id(), "conversation_id")
      .seqs(request.seqs());
}

Invalid validate(const pb::HideMessagesRequest& request) {
  return Check().positive(request.conversation_id(), "conversation_id").seqs(request.seqs());
}

Invalid validate(const pb::EditMessageRequest& request) {
  return Check()
      .write(request.has_write(), request.write())
      .positive(request.conversation_id(), "conversation_id")
      .positive(request.seq(), "seq")
      .size(request.body(), 1, chat::kMaxBodyBytes, "body");
}

Invalid validate(const pb::ListEditsRequest& request) {
  return Check()
      .read(request.read())
      .positive(request.conversation_id(), "conversation_id")
      .positive(request.seq(), "seq");
}

Invalid validate(const pb::ReactRequest& request) {
  return Check()
      .write(request.has_write(), request.write())
      .positive(request.conversation_id(), "conversation_id")
      .positive(request.seq(), "seq")
      .label(request.emoji(), chat::kMaxEmojiBytes, "emoji");
}

Invalid validate(const pb::MarkDeliveredRequest& request) {
  Check check;
  check.page_of(request.marks_size(), "marks");
  for (const pb::DeliveredMark& mark : request.marks()) {
    check.positive(mark.conversation_id(), "marks.conversation_id")
        .positive(mark.seq(), "marks.seq");
  }
  return check;
}

Invalid validate(const pb::SetDraftRequest& request) {
  return Check()
      .write(request.has_write(), request.write())
      .positive(request.conversation_id(), "conversation_id")
      .size(request.body(), 0, chat::kMaxBodyBytes, "body")
      .not_negative(request.reply_to(), "reply_to");
}

Invalid validate(const pb::SearchRequest& request) {
  return Check()
      .read(request.read())
      .size(request.query(), 1, search::kMaxQueryBytes, "query")
      .not_negative(request.conversation_id(), "conversation_id")
      .limit(request.limit())
      .size(request.page(), 0, kMaxPageBytes, "page");
}

}  // namespace starling::transport
