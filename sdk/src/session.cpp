// The public Session: reads and unary writes of a logged-in account.
#include "sdk/src/convert.h"
#include "sdk/src/session_impl.h"
#include "sdk/src/utf8.h"

namespace starling {
namespace {

using sdk::ChatAsync;
using sdk::from_wire;

Error no_session() {
  return sdk::make_error(ErrorCode::kUnauthenticated,
                         "This session is empty: log in through a client first.");
}

void set_read(const ReadOptions& options, v1::ReadHeader* header) {
  header->set_level(options.level == ReadLevel::kLinearizable ? v1::READ_LEVEL_LINEARIZABLE
                                                              : v1::READ_LEVEL_SESSION);
}

template <typename T, typename Wire>
Page<T> to_page(const Wire& items, bool more) {
  Page<T> page;
  page.items.reserve(static_cast<std::size_t>(items.size()));
  for (const auto& item : items) page.items.push_back(from_wire(item));
  page.more = more;
  return page;
}

}  // namespace

Session::Session() = default;
Session::~Session() = default;
Session::Session(const Session&) = default;
Session& Session::operator=(const Session&) = default;
Session::Session(Session&&) noexcept = default;
Session& Session::operator=(Session&&) noexcept = default;

const Account& Session::account() const {
  static const Account none;
  return impl_ ? impl_->account : none;
}

const std::string& Session::token() const {
  static const std::string none;
  return impl_ ? impl_->token : none;
}

std::int64_t Session::expires_at_ms() const { return impl_ ? impl_->expires_at_ms : 0; }

namespace {

sdk::CallOptions with(const std::string& token, const ReadOptions& read = {}) {
  sdk::CallOptions options;
  options.token = token;
  options.pinned = read.server;
  if (read.timeout.has_value()) {
    options.timeout = std::max(*read.timeout, std::chrono::milliseconds(1));
  }
  return options;
}

}  // namespace

Status Session::log_out() {
  if (!impl_) return no_session();
  auto answer = impl_->core->call<v1::LogOutRequest, v1::LogOutResponse>(
      &ChatAsync::LogOut, v1::LogOutRequest(), with(impl_->token));
  if (!answer) return answer.error();
  return Unit{};
}

Status Session::delete_account(const std::string& password) {
  if (!impl_) return no_session();
  if (!sdk::is_utf8(password)) return sdk::not_utf8("password");
  v1::DeleteAccountRequest request;
  request.set_password(password);
  auto answer = impl_->core->call<v1::DeleteAccountRequest, v1::DeleteAccountResponse>(
      &ChatAsync::DeleteAccount, std::move(request), with(impl_->token));
  if (!answer) return answer.error();
  return Unit{};
}

Result<Page<Account>> Session::accounts(const std::string& pattern, int limit,
                                        const std::string& after_name, const ReadOptions& options) {
  if (!impl_) return no_session();
  if (!sdk::is_utf8(pattern)) return sdk::not_utf8("pattern");
  if (!sdk::is_utf8(after_name)) return sdk::not_utf8("after_name");
  v1::ListAccountsRequest request;
  set_read(options, request.mutable_read());
  request.set_pattern(pattern);
  request.set_after_name(after_name);
  request.set_limit(limit);
  auto answer = impl_->core->call<v1::ListAccountsRequest, v1::ListAccountsResponse>(
      &ChatAsync::ListAccounts, std::move(request), with(impl_->token, options));
  if (!answer) return answer.error();
  return to_page<Account>(answer->accounts(), answer->more());
}

Result<Conversation> Session::open_direct(const std::string& name) {
  if (!impl_) return no_session();
  if (!sdk::is_utf8(name)) return sdk::not_utf8("name");
  v1::OpenDirectRequest request;
  request.set_name(name);
  auto answer = impl_->core->call<v1::OpenDirectRequest, v1::OpenDirectResponse>(
      &ChatAsync::OpenDirect, std::move(request), with(impl_->token));
  if (!answer) return answer.error();
  return from_wire(answer->conversation());
}

Result<Page<Conversation>> Session::conversations(int limit, std::int64_t after_id,
                                                  const ReadOptions& options) {
  if (!impl_) return no_session();
  v1::ListConversationsRequest request;
  set_read(options, request.mutable_read());
  request.set_after_id(after_id);
  request.set_limit(limit);
  auto answer = impl_->core->call<v1::ListConversationsRequest, v1::ListConversationsResponse>(
      &ChatAsync::ListConversations, std::move(request), with(impl_->token, options));
  if (!answer) return answer.error();
  return to_page<Conversation>(answer->conversations(), answer->more());
}

namespace {

Result<Page<Message>> list_messages(sdk::Core& core, v1::ListMessagesRequest request,
                                    const ReadOptions& options, const std::string& token) {
  set_read(options, request.mutable_read());
  auto answer = core.call<v1::ListMessagesRequest, v1::ListMessagesResponse>(
      &ChatAsync::ListMessages, std::move(request), with(token, options));
  if (!answer) return answer.error();
  return to_page<Message>(answer->messages(), answer->more());
}

}  // namespace

Result<Page<Message>> Session::messages(std::int64_t conversation_id, std::int64_t before_seq,
                                        int limit, const ReadOptions& options) {
  if (!impl_) return no_session();
  v1::ListMessagesRequest request;
  request.set_conversation_id(conversation_id);
  request.set_before_seq(before_seq);
  request.set_limit(limit);
  return list_messages(*impl_->core, std::move(request), options, impl_->token);
}

Result<Page<Message>> Session::messages_after(std::int64_t conversation_id, std::int64_t after_seq,
                                              int limit, const ReadOptions& options) {
  if (!impl_) return no_session();
  v1::ListMessagesRequest request;
  request.set_conversation_id(conversation_id);
  request.set_after_seq(after_seq);
  request.set_forward(true);
  request.set_limit(limit);
  return list_messages(*impl_->core, std::move(request), options, impl_->token);
}

Result<Unread> Session::read_unread(std::int64_t conversation_id, int limit, bool mark_read) {
  if (!impl_) return no_session();
  v1::ReadUnreadRequest request;
  set_read({}, request.mutable_read());
  request.set_conversation_id(conversation_id);
  request.set_limit(limit);
  request.set_mark_read(mark_read);
  auto answer = impl_->core->call<v1::ReadUnreadRequest, v1::ReadUnreadResponse>(
      &ChatAsync::ReadUnread, std::move(request), with(impl_->token));
  if (!answer) return answer.error();
  Unread unread;
  unread.messages = to_page<Message>(answer->messages(), false).items;
  unread.still_unread = answer->still_unread();
  return unread;
}

Status Session::mark_read(std::int64_t conversation_id, std::int64_t seq) {
  if (!impl_) return no_session();
  v1::MarkReadRequest request;
  request.set_conversation_id(conversation_id);
  request.set_seq(seq);
  auto answer = impl_->core->call<v1::MarkReadRequest, v1::MarkReadResponse>(
      &ChatAsync::MarkRead, std::move(request), with(impl_->token));
  if (!answer) return answer.error();
  return Unit{};
}

Result<std::int64_t> Session::delete_messages(std::int64_t conversation_id,
                                              const std::vector<std::int64_t>& seqs) {
  if (!impl_) return no_session();
  v1::DeleteMessagesRequest request;
  request.set_conversation_id(conversation_id);
  request.mutable_seqs()->Add(seqs.begin(), seqs.end());
  auto answer = impl_->core->call<v1::DeleteMessagesRequest, v1::DeleteMessagesResponse>(
      &ChatAsync::DeleteMessages, std::move(request), with(impl_->token));
  if (!answer) return answer.error();
  return static_cast<std::int64_t>(answer->deleted());
}

}  // namespace starling
