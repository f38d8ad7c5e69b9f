// Reads of a conversation as one of its members sees it: what came since it joined, with what hangs
// on the messages; and who the members are.
#include <algorithm>
#include <limits>

#include "server/chat/reader_impl.h"

namespace starling::chat {

sqlite::Status Reader::members(ConversationId conversation, AccountId after, int limit,
                               std::vector<Member>& out, bool& more) {
  out.clear();
  limit = std::max(limit, 0);
  Use use;
  CHAT_TRY(use.start(*impl_->database, impl_->members_));
  use->bind(1, conversation).bind(2, after).bind(3, std::int64_t{limit} + 1);
  CHAT_TRY(use.each([&out](const sqlite::Statement& row) {
    out.push_back({account_from(row), static_cast<MemberRole>(row.integer(6)), row.integer(7),
                   row.integer(8), row.integer(9)});
  }));
  more = out.size() > static_cast<std::size_t>(limit);
  if (more) out.pop_back();
  return {};
}

sqlite::Status Reader::Impl::stay(ConversationId conversation, AccountId account, bool& is_member,
                                  Seq& joined_seq) {
  Use use;
  CHAT_TRY(use.start(*database, stay_));
  use->bind(1, account).bind(2, conversation);
  CHAT_TRY(use->step(is_member));
  joined_seq = is_member ? use->integer(0) : 0;
  return {};
}

sqlite::Status Reader::Impl::mark_seqs(Query& query, ConversationId conversation, AccountId viewer,
                                       std::vector<Message>& messages, bool Message::*mark) {
  Use use;
  CHAT_TRY(use.start(*database, query));
  use->bind(1, viewer)
      .bind(2, conversation)
      .bind(3, messages.front().seq)
      .bind(4, messages.back().seq);
  // Both ascend.
  auto message = messages.begin();
  return use.each([&](const sqlite::Statement& row) {
    while (message != messages.end() && message->seq < row.integer(0)) ++message;
    if (message != messages.end() && message->seq == row.integer(0)) (*message).*mark = true;
  });
}

sqlite::Status Reader::Impl::add_reactions(ConversationId conversation, AccountId viewer,
                                           std::vector<Message>& messages) {
  {
    Use use;
    CHAT_TRY(use.start(*database, reactions_in_));
    use->bind(1, conversation).bind(2, messages.front().seq).bind(3, messages.back().seq);
    auto message = messages.begin();
    CHAT_TRY(use.each([&](const sqlite::Statement& row) {
      while (message != messages.end() && message->seq < row.integer(0)) ++message;
      if (message == messages.end() || message->seq != row.integer(0)) return;
      if (message->deleted || message->hidden) return;
      message->reactions.push_back({row.text(1), row.integer(2), false});
    }));
  }
  for (Message& message : messages) {
    if (message.reactions.empty()) continue;
    Use use;
    CHAT_TRY(use.start(*database, own_reactions_));
    use->bind(1, conversation).bind(2, message.seq).bind(3, viewer);
    CHAT_TRY(use.each([&message](const sqlite::Statement& row) {
      for (ReactionCount& reaction : message.reactions) {
        if (reaction.emoji == row.view(0)) reaction.mine = true;
      }
    }));
  }
  return {};
}

sqlite::Status Reader::Impl::decorate(ConversationId conversation, AccountId viewer,
                                      std::vector<Message>& messages) {
  if (messages.empty()) return {};
  CHAT_TRY(mark_seqs(hidden_in_, conversation, viewer, messages, &Message::hidden));
  CHAT_TRY(mark_seqs(mentions_in_, conversation, viewer, messages, &Message::mentions_me));
  for (Message& message : messages) {
    if (message.hidden) message.body.clear();
  }
  return add_reactions(conversation, viewer, messages);
}

sqlite::Status Reader::history(ConversationId conversation, AccountId viewer,
                               const HistoryPage& page, bool& is_member, History& out) {
  out = {};
  Impl::View view(*impl_);
  CHAT_TRY(view.begin());
  Seq joined_seq = 0;
  CHAT_TRY(impl_->stay(conversation, viewer, is_member, joined_seq));
  if (!is_member) return {};
  const int limit = std::max(page.limit, 0);
  const bool around = page.from == HistoryPage::From::kAround;
  if (page.from != HistoryPage::From::kAfter) {
    const Seq end = page.seq == 0 ? std::numeric_limits<Seq>::max() : page.seq;
    const int before = around ? limit / 2 : limit;
    CHAT_TRY(impl_->messages(impl_->messages_before_, conversation, end, before, out.messages,
                             out.more_before));
    // Newest first: those from before the viewer came are at the end.
    while (!out.messages.empty() && out.messages.back().seq <= joined_seq) {
      out.messages.pop_back();
      out.more_before = false;
    }
    const Seq first = out.messages.empty() ? page.seq : out.messages.back().seq;
    if (first <= joined_seq + 1) out.more_before = false;
    std::reverse(out.messages.begin(), out.messages.end());
  }
  if (page.from != HistoryPage::From::kBefore) {
    const Seq from = std::max(around ? page.seq - 1 : page.seq, joined_seq);
    const int after = around ? limit - limit / 2 : limit;
    std::vector<Message> rest;
    CHAT_TRY(
        impl_->messages(impl_->messages_after_, conversation, from, after, rest, out.more_after));
    std::move(rest.begin(), rest.end(), std::back_inserter(out.messages));
  }
  return impl_->decorate(conversation, viewer, out.messages);
}

sqlite::Status Reader::edits(ConversationId conversation, AccountId viewer, Seq seq, bool& found,
                             std::vector<Edit>& out) {
  out.clear();
  Impl::View view(*impl_);
  CHAT_TRY(view.begin());
  Seq joined_seq = 0;
  CHAT_TRY(impl_->stay(conversation, viewer, found, joined_seq));
  if (!found) return {};
  std::vector<Message> one;
  bool more = false;
  CHAT_TRY(impl_->messages(impl_->messages_after_, conversation, std::max(seq - 1, joined_seq), 1,
                           one, more));
  CHAT_TRY(impl_->decorate(conversation, viewer, one));
  found = !one.empty() && one.front().seq == seq && !one.front().hidden;
  if (!found) return {};
  Use use;
  CHAT_TRY(use.start(*impl_->database, impl_->edits_));
  use->bind(1, one.front().id);
  return use.each([&out](const sqlite::Statement& row) {
    out.push_back({row.text(0), row.integer(1)});
  });
}

}  // namespace starling::chat
