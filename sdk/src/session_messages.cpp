// The public Session: messages, but for sending them. Each operation is one Ask.
#include "sdk/src/session_ask.h"
#include "sdk/src/unread.h"

namespace starling {
namespace {

using sdk::Ask;
using sdk::ask;
using sdk::ask_status;
using sdk::ChatAsync;
using sdk::list_from_wire;
using sdk::plan;
using sdk::set_read;
using sdk::to_page;

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

Ask<MessageWindow> messages_around_ask(const std::string& token, std::int64_t conversation_id,
                                       std::int64_t seq, int limit, const ReadOptions& options) {
  // 0 would ask for the newest ones.
  if (auto bad = sdk::check_message(conversation_id, seq)) return *bad;
  v1::ListMessagesRequest request;
  set_read(options, request.mutable_read());
  request.set_conversation_id(conversation_id);
  request.set_around_seq(seq);
  request.set_limit(limit);
  return ask<MessageWindow>(&ChatAsync::ListMessages, std::move(request), plan(token, options),
                            [](v1::ListMessagesResponse& answer) {
                              return MessageWindow{list_from_wire<Message>(answer.messages()),
                                                   answer.more(), answer.more_after()};
                            });
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

Ask<Unit> mark_delivered_ask(const std::string& token, const std::vector<DeliveredMark>& marks,
                             const CallOptions& options) {
  if (auto bad = sdk::check_count("marks", marks.size())) return *bad;
  v1::MarkDeliveredRequest request;
  for (const DeliveredMark& mark : marks) {
    v1::DeliveredMark* one = request.add_marks();
    one->set_conversation_id(mark.conversation_id);
    one->set_seq(mark.seq);
  }
  return ask_status(&ChatAsync::MarkDelivered, std::move(request), plan(token, options));
}

Ask<std::int64_t> delete_messages_ask(const std::string& token, std::int64_t conversation_id,
                                      const std::vector<std::int64_t>& seqs,
                                      const CallOptions& options) {
  if (auto bad = sdk::check_count("seqs", seqs.size())) return *bad;
  v1::DeleteMessagesRequest request;
  request.set_conversation_id(conversation_id);
  request.mutable_seqs()->Add(seqs.begin(), seqs.end());
  return ask<std::int64_t>(
      &ChatAsync::DeleteMessages, std::move(request), plan(token, options),
      [](v1::DeleteMessagesResponse& answer) { return std::int64_t{answer.deleted()}; });
}

Ask<Unit> hide_messages_ask(const std::string& token, std::int64_t conversation_id,
                            const std::vector<std::int64_t>& seqs, const CallOptions& options) {
  if (auto bad = sdk::check_positive("conversation_id", conversation_id)) return *bad;
  if (auto bad = sdk::check_count("seqs", seqs.size())) return *bad;
  v1::HideMessagesRequest request;
  request.set_conversation_id(conversation_id);
  request.mutable_seqs()->Add(seqs.begin(), seqs.end());
  return ask_status(&ChatAsync::HideMessages, std::move(request), plan(token, options));
}

Ask<Edited> edit_message_ask(const std::string& token, std::int64_t conversation_id,
                             std::int64_t seq, const std::string& body,
                             const CallOptions& options) {
  if (auto bad = sdk::check_message(conversation_id, seq)) return *bad;
  if (auto bad = sdk::check_text("body", body, sdk::kMaxBodyBytes, 1)) return *bad;
  v1::EditMessageRequest request;
  request.set_conversation_id(conversation_id);
  request.set_seq(seq);
  request.set_body(body);
  return ask<Edited>(&ChatAsync::EditMessage, std::move(request), plan(token, options, "seq"),
                     [](v1::EditMessageResponse& answer) {
                       return Edited{answer.edits(), answer.edited_at_ms()};
                     });
}

Ask<std::vector<Edit>> edits_ask(const std::string& token, std::int64_t conversation_id,
                                 std::int64_t seq, const ReadOptions& options) {
  if (auto bad = sdk::check_message(conversation_id, seq)) return *bad;
  v1::ListEditsRequest request;
  set_read(options, request.mutable_read());
  request.set_conversation_id(conversation_id);
  request.set_seq(seq);
  return ask<std::vector<Edit>>(
      &ChatAsync::ListEdits, std::move(request), plan(token, options),
      [](v1::ListEditsResponse& answer) { return list_from_wire<Edit>(answer.edits()); });
}

Ask<Unit> react_ask(const std::string& token, std::int64_t conversation_id, std::int64_t seq,
                    const std::string& emoji, bool on, const CallOptions& options) {
  if (auto bad = sdk::check_message(conversation_id, seq)) return *bad;
  if (auto bad = sdk::check_text("emoji", emoji, sdk::kMaxEmojiBytes, 1)) return *bad;
  v1::ReactRequest request;
  request.set_conversation_id(conversation_id);
  request.set_seq(seq);
  request.set_emoji(emoji);
  request.set_remove(!on);
  return ask_status(&ChatAsync::React, std::move(request), plan(token, options, "seq"));
}

Ask<Unit> set_draft_ask(const std::string& token, std::int64_t conversation_id,
                        const std::string& body, std::int64_t reply_to,
                        const CallOptions& options) {
  if (auto bad = sdk::check_positive("conversation_id", conversation_id)) return *bad;
  if (auto bad = sdk::check_text("body", body, sdk::kMaxBodyBytes)) return *bad;
  if (auto bad = sdk::check_not_negative("reply_to", reply_to)) return *bad;
  v1::SetDraftRequest request;
  request.set_conversation_id(conversation_id);
  request.set_body(body);
  request.set_reply_to(reply_to);
  return ask_status(&ChatAsync::SetDraft, std::move(request), plan(token, options));
}

}  // namespace

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

Result<MessageWindow> Session::messages_around(std::int64_t conversation_id, std::int64_t seq,
                                               int limit, const ReadOptions& options) {
  if (!impl_) return Impl::missing();
  return impl_->core->wait(messages_around_ask(impl_->token, conversation_id, seq, limit, options));
}
Call Session::messages_around_async(std::int64_t conversation_id, std::int64_t seq, int limit,
                                    Done<MessageWindow> done, const ReadOptions& options) {
  if (!impl_) return done(Impl::missing()), Call();
  return Call::Impl::make(impl_->core->start(
      messages_around_ask(impl_->token, conversation_id, seq, limit, options), std::move(done)));
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

Status Session::mark_delivered(const std::vector<DeliveredMark>& marks,
                               const CallOptions& options) {
  if (!impl_) return Impl::missing();
  return impl_->core->wait(mark_delivered_ask(impl_->token, marks, options));
}
Call Session::mark_delivered_async(const std::vector<DeliveredMark>& marks, Done<Unit> done,
                                   const CallOptions& options) {
  if (!impl_) return done(Impl::missing()), Call();
  return Call::Impl::make(
      impl_->core->start(mark_delivered_ask(impl_->token, marks, options), std::move(done)));
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

Status Session::hide_messages(std::int64_t conversation_id, const std::vector<std::int64_t>& seqs,
                              const CallOptions& options) {
  if (!impl_) return Impl::missing();
  return impl_->core->wait(hide_messages_ask(impl_->token, conversation_id, seqs, options));
}
Call Session::hide_messages_async(std::int64_t conversation_id,
                                  const std::vector<std::int64_t>& seqs, Done<Unit> done,
                                  const CallOptions& options) {
  if (!impl_) return done(Impl::missing()), Call();
  return Call::Impl::make(impl_->core->start(
      hide_messages_ask(impl_->token, conversation_id, seqs, options), std::move(done)));
}

Result<Edited> Session::edit_message(std::int64_t conversation_id, std::int64_t seq,
                                     const std::string& body, const CallOptions& options) {
  if (!impl_) return Impl::missing();
  return impl_->core->wait(edit_message_ask(impl_->token, conversation_id, seq, body, options));
}
Call Session::edit_message_async(std::int64_t conversation_id, std::int64_t seq,
                                 const std::string& body, Done<Edited> done,
                                 const CallOptions& options) {
  if (!impl_) return done(Impl::missing()), Call();
  return Call::Impl::make(impl_->core->start(
      edit_message_ask(impl_->token, conversation_id, seq, body, options), std::move(done)));
}

Result<std::vector<Edit>> Session::edits(std::int64_t conversation_id, std::int64_t seq,
                                         const ReadOptions& options) {
  if (!impl_) return Impl::missing();
  return impl_->core->wait(edits_ask(impl_->token, conversation_id, seq, options));
}
Call Session::edits_async(std::int64_t conversation_id, std::int64_t seq,
                          Done<std::vector<Edit>> done, const ReadOptions& options) {
  if (!impl_) return done(Impl::missing()), Call();
  return Call::Impl::make(
      impl_->core->start(edits_ask(impl_->token, conversation_id, seq, options), std::move(done)));
}

Status Session::react(std::int64_t conversation_id, std::int64_t seq, const std::string& emoji,
                      bool on, const CallOptions& options) {
  if (!impl_) return Impl::missing();
  return impl_->core->wait(react_ask(impl_->token, conversation_id, seq, emoji, on, options));
}
Call Session::react_async(std::int64_t conversation_id, std::int64_t seq, const std::string& emoji,
                          bool on, Done<Unit> done, const CallOptions& options) {
  if (!impl_) return done(Impl::missing()), Call();
  return Call::Impl::make(impl_->core->start(
      react_ask(impl_->token, conversation_id, seq, emoji, on, options), std::move(done)));
}

Status Session::set_draft(std::int64_t conversation_id, const std::string& body,
                          std::int64_t reply_to, const CallOptions& options) {
  if (!impl_) return Impl::missing();
  return impl_->core->wait(set_draft_ask(impl_->token, conversation_id, body, reply_to, options));
}
Call Session::set_draft_async(std::int64_t conversation_id, const std::string& body,
                              std::int64_t reply_to, Done<Unit> done, const CallOptions& options) {
  if (!impl_) return done(Impl::missing()), Call();
  return Call::Impl::make(impl_->core->start(
      set_draft_ask(impl_->token, conversation_id, body, reply_to, options), std::move(done)));
}

}  // namespace starling
