// Reads for the search index (server/search): the texts as they come and change, and what of them
// an account may be shown.
#include <algorithm>
#include <limits>
#include <string>

#include "server/chat/reader_impl.h"

namespace starling::chat {
namespace {

constexpr std::size_t kTextBytes = 4u << 20;  // About as much a call gives.

}  // namespace

// The new texts, up to a limit; then whatever has changed meanwhile of those before them. The
// changes may be too many as well: then the new texts behind the last one taken wait.
sqlite::Status Reader::texts_after(std::int64_t after, int limit, std::vector<Text>& out,
                                   std::int64_t& reached, bool& more) {
  out.clear();
  more = false;
  Impl::View view(*impl_);
  CHAT_TRY(view.begin());
  std::uint64_t index = 0;
  TimeMs time_ms = 0;
  std::uint64_t hash = 0;
  CHAT_TRY(applied(index, time_ms, hash));
  reached = std::max(after, id_at(index + 1, 0) - 1);
  CHAT_TRY(impl_->new_texts(after, limit, out, reached, more));
  std::vector<std::int64_t> changed;
  CHAT_TRY(impl_->changed_texts(after, limit, changed, reached, more));
  std::erase_if(out, [reached](const Text& text) { return text.id > reached; });
  for (const std::int64_t id : changed) CHAT_TRY(impl_->add_text(id, out));
  return {};
}

sqlite::Status Reader::Impl::new_texts(std::int64_t after, int limit, std::vector<Text>& out,
                                       std::int64_t& reached, bool& more) {
  Use use;
  CHAT_TRY(use.start(*database, new_texts_));
  use->bind(1, after).bind(2, limit);
  int rows = 0;
  std::size_t bytes = 0;
  bool row = false;
  CHAT_TRY(use->step(row));
  while (row) {
    const MessageId id = use->integer(0);
    const bool is_text = use->integer(3) == 0 && use->integer(4) == 0;  // Not deleted, kText.
    if (is_text) {
      out.push_back({id, use->integer(1), use->integer(2), use->text(5)});
      bytes += out.back().body.size();
    }
    if (++rows == limit || bytes >= kTextBytes) {
      reached = id;
      more = true;
      return {};
    }
    CHAT_TRY(use->step(row));
  }
  return {};
}

sqlite::Status Reader::Impl::changed_texts(std::int64_t after, int limit,
                                           std::vector<std::int64_t>& out, std::int64_t& reached,
                                           bool& more) {
  std::vector<std::pair<ConversationId, Seq>> places;
  {
    Use use;
    CHAT_TRY(use.start(*database, changed_texts_));
    use->bind(1, after).bind(2, reached).bind(3, limit);
    CHAT_TRY(use.each([&](const sqlite::Statement& row) {
      places.emplace_back(row.integer(1), row.integer(2));
      if (places.size() < static_cast<std::size_t>(limit)) return;
      reached = row.integer(0);
      more = true;
    }));
  }
  for (const auto& [conversation, seq] : places) {
    std::int64_t id = 0;
    CHAT_TRY(id_of_seq(conversation, seq, id));
    if (id <= after) out.push_back(id);  // The later ones were read as they are now.
  }
  std::sort(out.begin(), out.end());
  out.erase(std::unique(out.begin(), out.end()), out.end());
  return {};
}

sqlite::Status Reader::Impl::add_text(std::int64_t id, std::vector<Text>& out) {
  Message message;
  CHAT_TRY(load_message(message_by_id_, id, 0, message));
  if (message.deleted) message.body.clear();
  out.push_back({id, message.conversation, message.sender, std::move(message.body)});
  return {};
}

sqlite::Status Reader::stays(AccountId account, std::vector<Stay>& out) {
  out.clear();
  Use use;
  CHAT_TRY(use.start(*impl_->database, impl_->stays_));
  use->bind(1, account);
  return use.each([&out](const sqlite::Statement& row) {
    out.push_back({row.integer(0), row.text(1), row.integer(2)});
  });
}

sqlite::Status Reader::seen_texts(AccountId viewer, const std::vector<MessageId>& ids,
                                  std::vector<SeenText>& out) {
  out.clear();
  std::string list = "[";
  for (const MessageId id : ids) list += (list.size() > 1 ? "," : "") + std::to_string(id);
  list += "]";
  Use use;
  CHAT_TRY(use.start(*impl_->database, impl_->seen_texts_));
  use->bind(1, viewer).bind_text(2, list);
  return use.each([&out](const sqlite::Statement& row) {
    out.push_back({row.integer(0), row.integer(1) != 0, row.text(2)});
  });
}

sqlite::Status Reader::text_for(AccountId viewer, MessageId id, bool& found, Message& out) {
  found = false;
  Impl::View view(*impl_);
  CHAT_TRY(view.begin());
  std::vector<Message> one(1);
  {
    Use use;
    CHAT_TRY(use.start(*impl_->database, impl_->message_by_id_));
    use->bind(1, id);
    bool row = false;
    CHAT_TRY(use->step(row));
    if (!row) return {};
    one.front() = message_from_row(*use);
  }
  const Message& message = one.front();
  if (message.deleted || message.kind != MessageKind::kText) return {};
  bool is_member = false;
  Seq joined_seq = 0;
  CHAT_TRY(impl_->stay(message.conversation, viewer, is_member, joined_seq));
  if (!is_member || message.seq <= joined_seq) return {};
  CHAT_TRY(impl_->decorate(message.conversation, viewer, one));
  if (message.hidden) return {};
  found = true;
  out = std::move(one.front());
  return {};
}

// Replicated time never goes back along the log, so ids are in the order of time as well.
sqlite::Status Reader::first_message_from(TimeMs time_ms, MessageId& id) {
  Impl::View view(*impl_);
  CHAT_TRY(view.begin());
  MessageId low = 0;
  MessageId high = std::numeric_limits<MessageId>::max();
  while (low < high) {
    const MessageId middle = low + (high - low) / 2;
    Use use;
    CHAT_TRY(use.start(*impl_->database, impl_->time_of_message_));
    use->bind(1, middle);
    bool row = false;
    CHAT_TRY(use->step(row));
    if (!row || use->integer(1) >= time_ms) {
      high = middle;
    } else {
      low = use->integer(0) + 1;
    }
  }
  id = low;
  return {};
}

}  // namespace starling::chat
