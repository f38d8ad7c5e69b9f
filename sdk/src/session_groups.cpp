// The public Session: conversations, and groups with their members. Each operation is one Ask.
#include "sdk/src/session_ask.h"

namespace starling {
namespace {

using sdk::Ask;
using sdk::ask;
using sdk::ask_status;
using sdk::ChatAsync;
using sdk::from_wire;
using sdk::plan;
using sdk::set_read;
using sdk::to_page;

Ask<Conversation> open_direct_ask(const std::string& token, const std::string& name,
                                  const CallOptions& options) {
  if (auto bad = sdk::check_text("name", name, sdk::kMaxNameBytes)) return *bad;
  v1::OpenDirectRequest request;
  request.set_name(name);
  return ask<Conversation>(
      &ChatAsync::OpenDirect, std::move(request), plan(token, options, "name"),
      [](v1::OpenDirectResponse& answer) { return from_wire(answer.conversation()); });
}

Ask<Page<Conversation>> conversations_ask(const std::string& token, int limit,
                                          std::int64_t after_id, const ReadOptions& options) {
  v1::ListConversationsRequest request;
  set_read(options, request.mutable_read());
  request.set_after_id(after_id);
  request.set_limit(limit);
  return ask<Page<Conversation>>(&ChatAsync::ListConversations, std::move(request),
                                 plan(token, options), [](v1::ListConversationsResponse& answer) {
                                   return to_page<Conversation>(answer.conversations(),
                                                                answer.more());
                                 });
}

Ask<Conversation> conversation_ask(const std::string& token, std::int64_t conversation_id,
                                   const ReadOptions& options) {
  if (auto bad = sdk::check_positive("conversation_id", conversation_id)) return *bad;
  v1::GetConversationRequest request;
  set_read(options, request.mutable_read());
  request.set_conversation_id(conversation_id);
  return ask<Conversation>(
      &ChatAsync::GetConversation, std::move(request), plan(token, options),
      [](v1::GetConversationResponse& answer) { return from_wire(answer.conversation()); });
}

Ask<Conversation> create_group_ask(const std::string& token, const std::string& title,
                                   const std::vector<std::string>& names,
                                   const CallOptions& options) {
  if (auto bad = sdk::check_text("title", title, sdk::kMaxTitleBytes, 1)) return *bad;
  if (auto bad = sdk::check_names("names", names, 0)) return *bad;
  v1::CreateGroupRequest request;
  request.set_title(title);
  request.mutable_names()->Add(names.begin(), names.end());
  return ask<Conversation>(
      &ChatAsync::CreateGroup, std::move(request), plan(token, options, "names"),
      [](v1::CreateGroupResponse& answer) { return from_wire(answer.conversation()); });
}

Ask<std::int64_t> add_members_ask(const std::string& token, std::int64_t conversation_id,
                                  const std::vector<std::string>& names,
                                  const CallOptions& options) {
  if (auto bad = sdk::check_positive("conversation_id", conversation_id)) return *bad;
  if (auto bad = sdk::check_names("names", names, 1)) return *bad;
  v1::AddMembersRequest request;
  request.set_conversation_id(conversation_id);
  request.mutable_names()->Add(names.begin(), names.end());
  return ask<std::int64_t>(
      &ChatAsync::AddMembers, std::move(request), plan(token, options, "names"),
      [](v1::AddMembersResponse& answer) { return std::int64_t{answer.added()}; });
}

Ask<Unit> remove_member_ask(const std::string& token, std::int64_t conversation_id,
                            std::int64_t account_id, const CallOptions& options) {
  if (auto bad = sdk::check_positive("conversation_id", conversation_id)) return *bad;
  if (auto bad = sdk::check_positive("account_id", account_id)) return *bad;
  v1::RemoveMemberRequest request;
  request.set_conversation_id(conversation_id);
  request.set_account_id(account_id);
  return ask_status(&ChatAsync::RemoveMember, std::move(request),
                    plan(token, options, "account_id"));
}

Ask<Unit> leave_ask(const std::string& token, std::int64_t conversation_id, const Account& self,
                    const CallOptions& options) {
  if (self.id <= 0) {
    return sdk::invalid_field("account",
                              "is not known: resume the session with the account that logged in.");
  }
  return remove_member_ask(token, conversation_id, self.id, options);
}

Ask<Unit> set_role_ask(const std::string& token, std::int64_t conversation_id,
                       std::int64_t account_id, MemberRole role, const CallOptions& options) {
  if (auto bad = sdk::check_positive("conversation_id", conversation_id)) return *bad;
  if (auto bad = sdk::check_positive("account_id", account_id)) return *bad;
  v1::SetRoleRequest request;
  request.set_conversation_id(conversation_id);
  request.set_account_id(account_id);
  request.set_role(sdk::to_wire(role));
  return ask_status(&ChatAsync::SetRole, std::move(request), plan(token, options, "account_id"));
}

Ask<Unit> rename_group_ask(const std::string& token, std::int64_t conversation_id,
                           const std::string& title, const CallOptions& options) {
  if (auto bad = sdk::check_positive("conversation_id", conversation_id)) return *bad;
  if (auto bad = sdk::check_text("title", title, sdk::kMaxTitleBytes, 1)) return *bad;
  v1::RenameGroupRequest request;
  request.set_conversation_id(conversation_id);
  request.set_title(title);
  return ask_status(&ChatAsync::RenameGroup, std::move(request),
                    plan(token, options, "conversation_id"));
}

Ask<Unit> dissolve_group_ask(const std::string& token, std::int64_t conversation_id,
                             const CallOptions& options) {
  if (auto bad = sdk::check_positive("conversation_id", conversation_id)) return *bad;
  v1::DissolveGroupRequest request;
  request.set_conversation_id(conversation_id);
  return ask_status(&ChatAsync::DissolveGroup, std::move(request),
                    plan(token, options, "conversation_id"));
}

Ask<Page<Member>> members_ask(const std::string& token, std::int64_t conversation_id, int limit,
                              std::int64_t after_id, const ReadOptions& options) {
  if (auto bad = sdk::check_positive("conversation_id", conversation_id)) return *bad;
  v1::ListMembersRequest request;
  set_read(options, request.mutable_read());
  request.set_conversation_id(conversation_id);
  request.set_after_id(after_id);
  request.set_limit(limit);
  return ask<Page<Member>>(&ChatAsync::ListMembers, std::move(request), plan(token, options),
                           [](v1::ListMembersResponse& answer) {
                             return to_page<Member>(answer.members(), answer.more());
                           });
}

}  // namespace

Result<Conversation> Session::open_direct(const std::string& name, const CallOptions& options) {
  if (!impl_) return Impl::missing();
  return impl_->core->wait(open_direct_ask(impl_->token, name, options));
}
Call Session::open_direct_async(const std::string& name, Done<Conversation> done,
                                const CallOptions& options) {
  if (!impl_) return done(Impl::missing()), Call();
  return Call::Impl::make(
      impl_->core->start(open_direct_ask(impl_->token, name, options), std::move(done)));
}

Result<Page<Conversation>> Session::conversations(int limit, std::int64_t after_id,
                                                  const ReadOptions& options) {
  if (!impl_) return Impl::missing();
  return impl_->core->wait(conversations_ask(impl_->token, limit, after_id, options));
}
Call Session::conversations_async(int limit, std::int64_t after_id, Done<Page<Conversation>> done,
                                  const ReadOptions& options) {
  if (!impl_) return done(Impl::missing()), Call();
  return Call::Impl::make(impl_->core->start(
      conversations_ask(impl_->token, limit, after_id, options), std::move(done)));
}

Result<Conversation> Session::conversation(std::int64_t conversation_id,
                                           const ReadOptions& options) {
  if (!impl_) return Impl::missing();
  return impl_->core->wait(conversation_ask(impl_->token, conversation_id, options));
}
Call Session::conversation_async(std::int64_t conversation_id, Done<Conversation> done,
                                 const ReadOptions& options) {
  if (!impl_) return done(Impl::missing()), Call();
  return Call::Impl::make(impl_->core->start(
      conversation_ask(impl_->token, conversation_id, options), std::move(done)));
}

Result<Conversation> Session::create_group(const std::string& title,
                                           const std::vector<std::string>& names,
                                           const CallOptions& options) {
  if (!impl_) return Impl::missing();
  return impl_->core->wait(create_group_ask(impl_->token, title, names, options));
}
Call Session::create_group_async(const std::string& title, const std::vector<std::string>& names,
                                 Done<Conversation> done, const CallOptions& options) {
  if (!impl_) return done(Impl::missing()), Call();
  return Call::Impl::make(
      impl_->core->start(create_group_ask(impl_->token, title, names, options), std::move(done)));
}

Result<std::int64_t> Session::add_members(std::int64_t conversation_id,
                                          const std::vector<std::string>& names,
                                          const CallOptions& options) {
  if (!impl_) return Impl::missing();
  return impl_->core->wait(add_members_ask(impl_->token, conversation_id, names, options));
}
Call Session::add_members_async(std::int64_t conversation_id, const std::vector<std::string>& names,
                                Done<std::int64_t> done, const CallOptions& options) {
  if (!impl_) return done(Impl::missing()), Call();
  return Call::Impl::make(impl_->core->start(
      add_members_ask(impl_->token, conversation_id, names, options), std::move(done)));
}

Status Session::remove_member(std::int64_t conversation_id, std::int64_t account_id,
                              const CallOptions& options) {
  if (!impl_) return Impl::missing();
  return impl_->core->wait(remove_member_ask(impl_->token, conversation_id, account_id, options));
}
Call Session::remove_member_async(std::int64_t conversation_id, std::int64_t account_id,
                                  Done<Unit> done, const CallOptions& options) {
  if (!impl_) return done(Impl::missing()), Call();
  return Call::Impl::make(impl_->core->start(
      remove_member_ask(impl_->token, conversation_id, account_id, options), std::move(done)));
}

Status Session::leave(std::int64_t conversation_id, const CallOptions& options) {
  if (!impl_) return Impl::missing();
  return impl_->core->wait(leave_ask(impl_->token, conversation_id, impl_->account, options));
}
Call Session::leave_async(std::int64_t conversation_id, Done<Unit> done,
                          const CallOptions& options) {
  if (!impl_) return done(Impl::missing()), Call();
  return Call::Impl::make(impl_->core->start(
      leave_ask(impl_->token, conversation_id, impl_->account, options), std::move(done)));
}

Status Session::set_role(std::int64_t conversation_id, std::int64_t account_id, MemberRole role,
                         const CallOptions& options) {
  if (!impl_) return Impl::missing();
  return impl_->core->wait(set_role_ask(impl_->token, conversation_id, account_id, role, options));
}
Call Session::set_role_async(std::int64_t conversation_id, std::int64_t account_id, MemberRole role,
                             Done<Unit> done, const CallOptions& options) {
  if (!impl_) return done(Impl::missing()), Call();
  return Call::Impl::make(impl_->core->start(
      set_role_ask(impl_->token, conversation_id, account_id, role, options), std::move(done)));
}

Status Session::rename_group(std::int64_t conversation_id, const std::string& title,
                             const CallOptions& options) {
  if (!impl_) return Impl::missing();
  return impl_->core->wait(rename_group_ask(impl_->token, conversation_id, title, options));
}
Call Session::rename_group_async(std::int64_t conversation_id, const std::string& title,
                                 Done<Unit> done, const CallOptions& options) {
  if (!impl_) return done(Impl::missing()), Call();
  return Call::Impl::make(impl_->core->start(
      rename_group_ask(impl_->token, conversation_id, title, options), std::move(done)));
}

Status Session::dissolve_group(std::int64_t conversation_id, const CallOptions& options) {
  if (!impl_) return Impl::missing();
  return impl_->core->wait(dissolve_group_ask(impl_->token, conversation_id, options));
}
Call Session::dissolve_group_async(std::int64_t conversation_id, Done<Unit> done,
                                   const CallOptions& options) {
  if (!impl_) return done(Impl::missing()), Call();
  return Call::Impl::make(impl_->core->start(
      dissolve_group_ask(impl_->token, conversation_id, options), std::move(done)));
}

Result<Page<Member>> Session::members(std::int64_t conversation_id, int limit,
                                      std::int64_t after_id, const ReadOptions& options) {
  if (!impl_) return Impl::missing();
  return impl_->core->wait(members_ask(impl_->token, conversation_id, limit, after_id, options));
}
Call Session::members_async(std::int64_t conversation_id, int limit, std::int64_t after_id,
                            Done<Page<Member>> done, const ReadOptions& options) {
  if (!impl_) return done(Impl::missing()), Call();
  return Call::Impl::make(impl_->core->start(
      members_ask(impl_->token, conversation_id, limit, after_id, options), std::move(done)));
}

}  // namespace starling
