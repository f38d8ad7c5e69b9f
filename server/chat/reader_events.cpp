// The event stream as one account may see it (R5.4): a merge, in log order, of the messages of its
// conversations with the rows of `events` that concern it. Only ids are looked at, in covering
// indexes, until it is known which events are among the first `limit`.
#include <algorithm>
#include <limits>

#include "server/chat/reader_impl.h"

namespace starling::chat {

// The smallest `limit` ids seen so far, and a few more: pruned now and then.
struct Reader::Impl::Candidates {
  explicit Candidates(std::size_t at_most) : limit(at_most) {}

  // Nothing from this id on can still be among the first `limit`.
  bool is_beyond(std::int64_t id) const { return id > worst; }

  void add(const Candidate& candidate) {
    if (is_beyond(candidate.id)) return;
    all.push_back(candidate);
    if (all.size() >= 2 * limit + 16) prune();
  }
  // The first `limit` in order; `more`: there were others.
  void prune() {
    std::sort(all.begin(), all.end(),
              [](const Candidate& a, const Candidate& b) { return a.id < b.id; });
    if (all.size() <= limit) return;
    all.resize(limit);
    worst = all.back().id;
    more = true;
  }

  std::size_t limit;
  std::int64_t worst = std::numeric_limits<std::int64_t>::max();
  bool more = false;
  std::vector<Candidate> all;
};

namespace {

// The last id that is not after `position`.
std::int64_t last_id_at(const Position& position) {
  if (position.index > kMaxIndex) return std::numeric_limits<std::int64_t>::max();
  return id_at(position.index, std::min(position.ordinal, kMaxOrdinal));
}

// Where to start in a conversation: nothing from before the account joined is seen...
std::int64_t start_in(const Membership& membership, std::int64_t after) {
  return std::max(after, id_at(static_cast<std::uint64_t>(membership.joined_index), 0) - 1);
}

// ... and nothing from after it left.
bool has_left_by(const Membership& membership, std::int64_t id) {
  return membership.left_index != 0 &&
         static_cast<std::int64_t>(index_of(id)) > membership.left_index;
}

}  // namespace

sqlite::Status Reader::Impl::memberships(AccountId account, std::uint64_t after,
                                         std::vector<Membership>& out) {
  Use use;
  CHAT_TRY(use.start(*database, memberships_));
  use->bind(1, account).bind(2, static_cast<std::int64_t>(std::min(after, kMaxIndex)));
  return use.each([&out](const sqlite::Statement& row) {
    out.push_back({row.integer(0), row.integer(1), row.integer(2), row.integer(3), row.integer(4)});
  });
}

sqlite::Status Reader::Impl::id_of_seq(ConversationId conversation, Seq seq, std::int64_t& id) {
  Use use;
  CHAT_TRY(use.start(*database, id_of_seq_));
  use->bind(1, conversation).bind(2, seq);
  bool row = false;
  CHAT_TRY(use->step(row));
  if (!row) return sqlite::Status(kCorrupt, "messages: a sequence number is missing");
  id = use->integer(0);
  return {};
}

// Sequence numbers are gapless from 1 and ascend with ids, so it is a binary search.
sqlite::Status Reader::Impl::first_seq_after(ConversationId conversation, std::int64_t after,
                                             bool& found, Seq& seq) {
  Seq last = 0;
  CHAT_TRY(last_seq(conversation, last));
  found = false;
  if (last == 0) return {};
  std::int64_t id = 0;
  CHAT_TRY(id_of_seq(conversation, last, id));
  if (id <= after) return {};
  found = true;
  // Invariant: seqs below `low` are not after, `high` is. Galloping from the end first, since most
  // who ask are not far behind.
  Seq low = 1;
  Seq high = last;
  for (Seq step = 1; high > low; step *= 2) {
    const Seq probe = std::max<Seq>(low, high - step);
    CHAT_TRY(id_of_seq(conversation, probe, id));
    if (id <= after) {
      low = probe + 1;
      break;
    }
    high = probe;
  }
  while (low < high) {
    const Seq middle = low + (high - low) / 2;
    CHAT_TRY(id_of_seq(conversation, middle, id));
    if (id > after) {
      high = middle;
    } else {
      low = middle + 1;
    }
  }
  seq = low;
  return {};
}

sqlite::Status Reader::Impl::collect_messages(const Membership& membership, std::int64_t after,
                                              Candidates& candidates) {
  bool found = false;
  Seq seq = 0;
  CHAT_TRY(first_seq_after(membership.conversation, after, found, seq));
  if (!found) return {};
  Use use;
  CHAT_TRY(use.start(*database, ids_from_seq_));
  use->bind(1, membership.conversation).bind(2, seq);
  bool row = false;
  CHAT_TRY(use->step(row));
  for (std::size_t taken = 0; row && taken <= candidates.limit; ++taken) {
    const std::int64_t id = use->integer(0);
    if (candidates.is_beyond(id) || has_left_by(membership, id)) break;
    candidates.add({id, true, membership.conversation, membership.left_index != 0});
    CHAT_TRY(use->step(row));
  }
  return {};
}

sqlite::Status Reader::Impl::collect_events(std::int64_t scope, const Membership* membership,
                                            std::int64_t after, Candidates& candidates) {
  Use use;
  CHAT_TRY(use.start(*database, events_of_));
  // What happens to a message is for those who were there when it came.
  use->bind(1, scope).bind(2, after).bind(3, membership != nullptr ? membership->joined_seq : -1);
  bool row = false;
  CHAT_TRY(use->step(row));
  for (std::size_t taken = 0; row && taken <= candidates.limit; ++taken) {
    const std::int64_t id = use->integer(0);
    if (candidates.is_beyond(id)) break;
    if (membership != nullptr && has_left_by(*membership, id)) break;
    if (membership != nullptr) {
      candidates.add({id, false, membership->conversation, membership->left_index != 0});
    } else {
      candidates.add({id, false, 0, false});
    }
    CHAT_TRY(use->step(row));
  }
  return {};
}

sqlite::Status Reader::Impl::load_message(Query& query, std::int64_t first, std::int64_t second,
                                          Message& out) {
  Use use;
  CHAT_TRY(use.start(*database, query));
  use->bind(1, first);
  if (&query == &message_by_seq_) use->bind(2, second);
  bool row = false;
  CHAT_TRY(use->step(row));
  if (!row) return sqlite::Status(kCorrupt, "messages: an event's message is missing");
  out = message_from_row(*use);
  return {};
}

sqlite::Status Reader::Impl::load_event(const Candidate& candidate, Event& out) {
  out.position = {index_of(candidate.id), ordinal_of(candidate.id)};
  if (candidate.is_message) {
    out.kind = EventKind::kMessage;
    out.conversation = candidate.conversation;
    return load_message(message_by_id_, candidate.id, 0, out.message);
  }
  Seq seq = 0;
  {
    Use use;
    CHAT_TRY(use.start(*database, event_));
    use->bind(1, candidate.id);
    bool row = false;
    CHAT_TRY(use->step(row));
    if (!row) return sqlite::Status(kCorrupt, "events: a row is missing");
    out.kind = static_cast<EventKind>(use->integer(0));
    out.conversation = use->integer(1) != 0 ? use->integer(1) : candidate.conversation;
    out.subject = use->integer(2);
    seq = use->integer(3);
    const std::string detail = use->text(4);
    out.on = !detail.empty() && detail.front() == '+';
    if (!detail.empty()) out.text = detail.substr(1);
  }
  if (out.kind == EventKind::kMessageDeleted || out.kind == EventKind::kMessageEdited) {
    out.subject = 0;
    return load_message(message_by_seq_, out.conversation, seq, out.message);
  }
  if (out.kind == EventKind::kProfile) out.conversation = 0;
  out.seq = seq;
  return {};
}

sqlite::Status Reader::events_after(AccountId account, Position position, int limit,
                                    std::vector<Event>& out, Position& reached) {
  out.clear();
  Impl::View view(*impl_);
  CHAT_TRY(view.begin());
  std::uint64_t applied_index = 0;
  TimeMs time_ms = 0;
  std::uint64_t hash = 0;
  CHAT_TRY(applied(applied_index, time_ms, hash));
  reached = std::max(position, Position{applied_index, kMaxOrdinal});
  const std::int64_t after = last_id_at(position);
  Impl::Candidates candidates(static_cast<std::size_t>(std::max(limit, 1)));
  std::vector<Membership> memberships;
  CHAT_TRY(impl_->memberships(account, position.index, memberships));
  for (const Membership& membership : memberships) {
    const std::int64_t from = start_in(membership, after);
    CHAT_TRY(impl_->collect_messages(membership, from, candidates));
    CHAT_TRY(impl_->collect_events(membership.conversation, &membership, from, candidates));
    if (membership.peer != 0) {
      CHAT_TRY(impl_->collect_events(-membership.peer, &membership, from, candidates));
    }
  }
  CHAT_TRY(impl_->collect_events(account, nullptr, after, candidates));
  candidates.prune();
  out.resize(candidates.all.size());
  for (std::size_t i = 0; i < out.size(); ++i) {
    CHAT_TRY(impl_->load_event(candidates.all[i], out[i]));
    // It may have been edited since that one left.
    Message& message = out[i].message;
    if (candidates.all[i].has_left && message.edits != 0) {
      message.body.clear();
      message.hidden = true;
    }
  }
  if (candidates.more) reached = out.back().position;
  return {};
}

}  // namespace starling::chat
