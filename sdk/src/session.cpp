// The public Session: reads and unary writes of a logged-in account. Each operation is one Ask.
#include "sdk/src/call_impl.h"
#include "sdk/src/convert.h"
#include "sdk/src/fields.h"
#include "sdk/src/session_impl.h"
#include "sdk/src/unread.h"

namespace starling {
namespace {

using sdk::Ask;
using sdk::ask;
using sdk::ask_status;
using sdk::CallPlan;
using sdk::ChatAsync;
using sdk::from_wire;

void set_read(const ReadOptions& options, v1::ReadHeader* header) {
  switch (options.level) {
    case ReadLevel::kLinearizable:
      header->set_level(v1::READ_LEVEL_LINEARIZABLE);
      return;
    case ReadLevel::kStale:
      header->set_level(v1::READ_LEVEL_STALE);
      header->set_max_staleness_ms(options.max_staleness.count());
      return;
    case ReadLevel::kSession:
      header->set_level(v1::READ_LEVEL_SESSION);
  }
}

template <typename T, typename Wire>
Page<T> to_page(const Wire& items, bool more) {
  Page<T> page;
  page.items.reserve(static_cast<std::size_t>(items.size()));
  for (const auto& item : items) page.items.push_back(from_wire(item));
  page.more = more;
  return page;
}

CallPlan plan(const std::string& token, const CallOptions& options) {
  return CallPlan{options.timeout, token, "", nullptr};
}
CallPlan plan(const std::string& token, const ReadOptions& options) {
  return CallPlan{options.timeout, token, options.server, nullptr};
}

Ask<Unit> log_out_ask(const std::string& token, const CallOptions& options) {
  return ask_status(&ChatAsync::LogOut, v1::LogOutRequest(), plan(token, options));
}

Ask<Unit> delete_account_ask(const std::string& token, const std::string& password,
                             const CallOptions& options) {
  if (auto bad = sdk::check_text("password", password, sdk::kMaxPasswordBytes)) return *bad;
  v1::DeleteAccountRequest request;
  request.set_password(password);
  return ask_status(&ChatAsync::DeleteAccount, std::move(request), plan(token, options));
}

Ask<Page<Account>> accounts_ask(const std::string& token, const std::string& pattern, int limit,
                                const std::string& after_name, const ReadOptions& options) {
  if (auto bad = sdk::check_text("pattern", pattern, sdk::kMaxLabelBytes)) return *bad;
  if (auto bad = sdk::check_text("after_name", after_name, sdk::kMaxNameBytes)) return *bad;
  v1::ListAccountsRequest request;
  set_read(options, request.mutable_read());
  request.set_pattern(pattern);
  request.set_after_name(after_name);
  request.set_limit(limit);
  return ask<Page<Account>>(&ChatAsync::ListAccounts, std::move(request), plan(token, options),
                            [](v1::ListAccountsResponse& answer) {
                              return to_page<Account>(answer.accounts(), answer.more());
                            });
}

Ask<Conversation> open_direct_ask(const std::string& token, const std::string& name,
                                  const CallOptions& options) {
  if (auto bad = sdk::check_text("name", name, sdk::kMaxNameBytes)) return *bad;
  v1::OpenDirectRequest request;
  request.set_name(name);
  CallPlan how = plan(token, options);
  how.subject = "name";
  return ask<Conversation>(
      &ChatAsync::OpenDirect, std::move(request), std::move(how),
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

Ask<Page<Message>> list_messages_ask(const std::string& token, v1::ListMessagesRequest request,
                                     const ReadOptions& options) {
  set_read(options, request.mutable_read());
  return ask<Page<Message>>(&ChatAsync::ListMessages, std::move(request), plan(token, options),
                            [](v1::ListMessagesResponse& answer) {
                              return to_page<Message>(answer.messages(), answer.more());
                            });
}

Ask<Page<Message>> messages_ask(const std::string& token, std::int64_t conversation_id,
                                std::int64_t before_seq, int limit, const ReadOptions& options) {
  v1::ListMessagesRequest request;
  request.set_conversation_id(conversation_id);
  request.set_before_seq(before_seq);
  request.set_limit(limit);
  return list_messages_ask(token, std::move(request), options);
}

Ask<Page<Message>> messages_after_ask(const std::string& token, std::int64_t conversation_id,
                                      std::int64_t after_seq, int limit,
                                      const ReadOptions& options) {
  v1::ListMessagesRequest request;
  request.set_conversation_id(conversation_id);
  request.set_after_seq(after_seq);
  request.set_forward(true);
  request.set_limit(limit);
  return list_messages_ask(token, std::move(request), options);
}

Ask<Unread> read_unread_ask(const std::string& token, std::int64_t conversation_id, int limit,
                            bool mark_read, const CallOptions& options) {
  v1::ReadUnreadRequest request;
  set_read({}, request.mutable_read());
  request.set_conversation_id(conversation_id);
  request.set_limit(limit);
  Ask<Unread> asked;
  asked.plan = plan(token, options);
  asked.make = [request = std::move(request), mark_read](Done<Unread> done) -> sdk::OperationPtr {
    return std::make_shared<sdk::UnreadOperation>(request, mark_read, std::move(done));
  };
  return asked;
}

Ask<Unit> mark_read_ask(const std::string& token, std::int64_t conversation_id, std::int64_t seq,
                        const CallOptions& options) {
  v1::MarkReadRequest request;
  request.set_conversation_id(conversation_id);
  request.set_seq(seq);
  return ask_status(&ChatAsync::MarkRead, std::move(request), plan(token, options));
}

Ask<std::int64_t> delete_messages_ask(const std::string& token, std::int64_t conversation_id,
                                      const std::vector<std::int64_t>& seqs,
                                      const CallOptions& options) {
  if (seqs.size() > sdk::kMaxSeqs) {
    return sdk::invalid_field("seqs", "must name 1 to " + std::to_string(sdk::kMaxSeqs) +
                                          " messages, names " + std::to_string(seqs.size()) + ".");
  }
  v1::DeleteMessagesRequest request;
  request.set_conversation_id(conversation_id);
  request.mutable_seqs()->Add(seqs.begin(), seqs.end());
  return ask<std::int64_t>(
      &ChatAsync::DeleteMessages, std::move(request), plan(token, options),
      [](v1::DeleteMessagesResponse& answer) { return std::int64_t{answer.deleted()}; });
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

Error Session::Impl::missing() {
  return sdk::make_error(ErrorCode::kUnauthenticated,
                         "This session is empty: log in through a client first.");
}

Status Session::log_out(const CallOptions& options) {
  if (!impl_) return Impl::missing();
  return impl_->core->wait(log_out_ask(impl_->token, options));
}
Call Session::log_out_async(Done<Unit> done, const CallOptions& options) {
  if (!impl_) return done(Impl::missing()), Call();
  return Call::Impl::make(impl_->core->start(log_out_ask(impl_->token, options), std::move(done)));
}

Status Session::delete_account(const std::string& password, const CallOptions& options) {
  if (!impl_) return Impl::missing();
  return impl_->core->wait(delete_account_ask(impl_->token, password, options));
}
Call Session::delete_account_async(const std::string& password, Done<Unit> done,
                                   const CallOptions& options) {
  if (!impl_) return done(Impl::missing()), Call();
  return Call::Impl::make(
      impl_->core->start(delete_account_ask(impl_->token, password, options), std::move(done)));
}

Result<Page<Account>> Session::accounts(const std::string& pattern, int limit,
                                        const std::string& after_name, const ReadOptions& options) {
  if (!impl_) return Impl::missing();
  return impl_->core->wait(accounts_ask(impl_->token, pattern, limit, after_name, options));
}
Call Session::accounts_async(const std::string& pattern, int limit, const std::string& after_name,
                             Done<Page<Account>> done, const ReadOptions& options) {
  if (!impl_) return done(Impl::missing()), Call();
  return Call::Impl::make(impl_->core->start(
      accounts_ask(impl_->token, pattern, limit, after_name, options), std::move(done)));
}

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

Result<Page<Message>> Session::messages(std::int64_t conversation_id, std::int64_t before_seq,
                                        int limit, const ReadOptions& options) {
  if (!impl_) return Impl::missing();
  return impl_->core->wait(messages_ask(impl_->token, conversation_id, before_seq, limit, options));
}
Call Session::messages_async(std::int64_t conversation_id, std::int64_t before_seq, int limit,
                             Done<Page<Message>> done, const ReadOptions& options) {
  if (!impl_) return done(Impl::missing()), Call();
  return Call::Impl::make(impl_->core->start(
      messages_ask(impl_->token, conversation_id, before_seq, limit, options), std::move(done)));
}

Result<Page<Message>> Session::messages_after(std::int64_t conversation_id, std::int64_t after_seq,
                                              int limit, const ReadOptions& options) {
  if (!impl_) return Impl::missing();
  return impl_->core->wait(
      messages_after_ask(impl_->token, conversation_id, after_seq, limit, options));
}
Call Session::messages_after_async(std::int64_t conversation_id, std::int64_t after_seq, int limit,
                                   Done<Page<Message>> done, const ReadOptions& options) {
  if (!impl_) return done(Impl::missing()), Call();
  return Call::Impl::make(impl_->core->start(
      messages_after_ask(impl_->token, conversation_id, after_seq, limit, options),
      std::move(done)));
}

Result<Unread> Session::read_unread(std::int64_t conversation_id, int limit, bool mark_read,
                                    const CallOptions& options) {
  if (!impl_) return Impl::missing();
  return impl_->core->wait(
      read_unread_ask(impl_->token, conversation_id, limit, mark_read, options));
}
Call Session::read_unread_async(std::int64_t conversation_id, int limit, bool mark_read,
                                Done<Unread> done, const CallOptions& options) {
  if (!impl_) return done(Impl::missing()), Call();
  return Call::Impl::make(impl_->core->start(
      read_unread_ask(impl_->token, conversation_id, limit, mark_read, options), std::move(done)));
}

Status Session::mark_read(std::int64_t conversation_id, std::int64_t seq,
                          const CallOptions& options) {
  if (!impl_) return Impl::missing();
  return impl_->core->wait(mark_read_ask(impl_->token, conversation_id, seq, options));
}
Call Session::mark_read_async(std::int64_t conversation_id, std::int64_t seq, Done<Unit> done,
                              const CallOptions& options) {
  if (!impl_) return done(Impl::missing()), Call();
  return Call::Impl::make(impl_->core->start(
      mark_read_ask(impl_->token, conversation_id, seq, options), std::move(done)));
}

Result<std::int64_t> Session::delete_messages(std::int64_t conversation_id,
                                              const std::vector<std::int64_t>& seqs,
                                              const CallOptions& options) {
  if (!impl_) return Impl::missing();
  return impl_->core->wait(delete_messages_ask(impl_->token, conversation_id, seqs, options));
}
Call Session::delete_messages_async(std::int64_t conversation_id,
                                    const std::vector<std::int64_t>& seqs, Done<std::int64_t> done,
                                    const CallOptions& options) {
  if (!impl_) return done(Impl::missing()), Call();
  return Call::Impl::make(impl_->core->start(
      delete_messages_ask(impl_->token, conversation_id, seqs, options), std::move(done)));
}

}  // namespace starling
