// Own messages on their way from the outbox to their place in the order. See timeline_model.h.
#include <algorithm>
#include <utility>

#include "qml-client/src/timeline_model.h"

namespace starling_app {
namespace {

constexpr std::size_t kMaxFinished = 4'096;
constexpr std::size_t kMaxHeld = 256;

TimelineModel::MessageState state_of(starling::OutboxState state) {
  switch (state) {
    case starling::OutboxState::kQueued:
      return TimelineModel::Queued;
    case starling::OutboxState::kReplicated:
      return TimelineModel::Replicated;
    case starling::OutboxState::kFailed:
      return TimelineModel::Failed;
    case starling::OutboxState::kSent:
    case starling::OutboxState::kCancelling:
    case starling::OutboxState::kCancelled:
      break;
  }
  return TimelineModel::Sent;
}

}  // namespace

int TimelineModel::waiting() const {
  return static_cast<int>(std::count_if(rows_.begin(), rows_.end(), [](const Row& row) {
    return row.state == Queued || row.state == Sent;
  }));
}

int TimelineModel::pending_row(qint64 outbox_id) const {
  for (int at = 0; at < count(); ++at) {
    const Row& row = rows_[static_cast<std::size_t>(at)];
    if (row.message.seq > 0) break;
    if (row.outbox_id == outbox_id) return at;
  }
  return -1;
}

bool TimelineModel::any_sent() const {
  for (const Row& row : rows_) {
    if (row.message.seq > 0) break;
    if (row.state == Sent) return true;
  }
  return false;
}

// The stream, or a page, may be quicker than the acknowledgement, and only that one says which of
// the messages that wait here an own message is: another device may have sent the same text. So it
// is held back for as long as one of them may be it, and no message is ever shown twice.
bool TimelineModel::hold(const starling::Message& message) {
  if (message.sender_id != self_ || !any_sent() || held_.size() >= kMaxHeld) return false;
  const int at = stored_row(message.seq);
  if (at < count() && rows_[static_cast<std::size_t>(at)].message.seq == message.seq) return false;
  held_[message.seq] = message;
  return true;
}

// Whether a message of a page may be one that waits here. Pages bring old messages as well: those
// that were there before the oldest of the waiting ones was written are none of them.
bool TimelineModel::may_be_sent_here(const starling::Message& message) const {
  qint64 after = -1;
  for (const Row& row : rows_) {
    if (row.message.seq > 0) break;
    if (row.state == Sent) after = row.after_seq;
  }
  return after >= 0 && message.seq > after;
}

void TimelineModel::store_page(const starling::Message& message) {
  if (message.conversation_id != conversation_) return;
  if (!may_be_sent_here(message) || !hold(message)) store(message);
}

qint64 TimelineModel::newest_heard() const {
  const qint64 held = held_.empty() ? 0 : held_.rbegin()->first;
  return std::max({newest_seq(), held, detached_ ? latest_ : 0});
}

// What waits here keeps its order: behind an acknowledged one, so held ones before it are another
// device's.
void TimelineModel::release_held_until(qint64 seq) {
  const auto end = held_.upper_bound(seq);
  if (end == held_.begin()) return;
  const std::map<qint64, starling::Message> released(held_.begin(), end);
  held_.erase(held_.begin(), end);
  for (const auto& [at, message] : released) {
    if (!out_of_window(at)) store(message);
  }
  drop_oldest();
  gap_timer_.start();
  emit status_changed();
}

void TimelineModel::apply_outbox(const starling::OutboxEntry& entry, bool answer) {
  using starling::OutboxState;
  if (entry.conversation_id != conversation_ || conversation_ == 0) return;
  const int at = pending_row(entry.id);
  if (answer && (at >= 0 || finished_.contains(entry.id))) return;
  const bool ended =
      entry.state == OutboxState::kReplicated || entry.state == OutboxState::kCancelled;
  Row row;
  row.message.conversation_id = entry.conversation_id;
  row.message.sender_id = self_;
  row.message.body = entry.body;
  row.message.sent_at_ms = entry.queued_at_ms;
  row.state = state_of(entry.state);
  row.error = QString::fromStdString(entry.error);
  if (ended) {
    if (at >= 0) remove_row(at);
    finished_.insert(entry.id);
    if (finished_.size() > kMaxFinished) finished_.erase(finished_.begin());
    if (entry.state == OutboxState::kReplicated && entry.seq > 0 && !out_of_window(entry.seq)) {
      const int place = stored_row(entry.seq);
      const bool known =
          place < count() && rows_[static_cast<std::size_t>(place)].message.seq == entry.seq;
      if (!known && !held_.contains(entry.seq)) {
        row.message.seq = entry.seq;
        row.message = deletions_.heed(row.message);
        insert_row(place, std::move(row));
      }
      release_held_until(entry.seq);
      drop_oldest();
      gap_timer_.start();
    }
  } else if (at >= 0) {
    row.outbox_id = entry.id;
    row.after_seq = rows_[static_cast<std::size_t>(at)].after_seq;
    rows_[static_cast<std::size_t>(at)] = std::move(row);
    touch_around(at);
  } else if (entry.state == OutboxState::kFailed || !finished_.contains(entry.id)) {
    row.outbox_id = entry.id;
    if (loaded_) row.after_seq = newest_heard();
    int place = 0;  // Among the waiting ones by id, the newest first.
    while (place < count() && rows_[static_cast<std::size_t>(place)].message.seq == 0 &&
           rows_[static_cast<std::size_t>(place)].outbox_id > entry.id) {
      ++place;
    }
    insert_row(place, std::move(row));
  }
  if (!held_.empty() && !any_sent()) release_held_until(held_.rbegin()->first);
  emit status_changed();
}

}  // namespace starling_app
