// Own messages on their way from the outbox to their place in the order. See timeline_model.h.
#include <algorithm>
#include <utility>

#include "qml-client/src/timeline_model.h"

namespace starling_app {
namespace {

constexpr std::size_t kMaxFinished = 4'096;

TimelineModel::MessageState state_of(starling::OutboxState state) {
  switch (state) {
    case starling::OutboxState::kQueued:
      return TimelineModel::Queued;
    case starling::OutboxState::kReplicated:
      return TimelineModel::Replicated;
    case starling::OutboxState::kFailed:
      return TimelineModel::Failed;
    case starling::OutboxState::kCancelling:
      return TimelineModel::Cancelling;
    case starling::OutboxState::kSent:
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

bool TimelineModel::stored(const std::string& request_id) const {
  return !request_id.empty() && std::any_of(rows_.begin(), rows_.end(), [&](const Row& row) {
    return row.message.seq > 0 && row.message.request_id == request_id;
  });
}

int TimelineModel::pending_row(const std::string& request_id) const {
  for (int at = 0; at < count() && !request_id.empty(); ++at) {
    const Row& row = rows_[static_cast<std::size_t>(at)];
    if (row.message.seq > 0) break;
    if (row.message.request_id == request_id) return at;
  }
  return -1;
}

// The waiting row `at` goes to its place in the order as what the servers have stored. It stays the
// row that it was: whoever is at it, with the keyboard or a menu, is at it there.
void TimelineModel::settle(int at, Row row) {
  const int place = stored_row(row.message.seq);  // Before which it goes.
  const auto from = rows_.begin() + at;
  if (place > at + 1) {
    beginMoveRows({}, at, at, {}, place);
    std::rotate(from, from + 1, rows_.begin() + place);
    endMoveRows();
    touch_around(at, at - 1);
  }
  replace_row(place - 1, std::move(row));
}

void TimelineModel::finish(qint64 outbox_id) {
  finished_.insert(outbox_id);
  if (finished_.size() > kMaxFinished) finished_.erase(finished_.begin());
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
  row.message.request_id = entry.request_id;
  row.message.reply_to = entry.reply_to;
  row.message.sender = self_name_.toStdString();
  want_quote(entry.reply_to);
  row.state = state_of(entry.state);
  row.error = QString::fromStdString(entry.error);
  if (ended) {
    finish(entry.id);
    const bool here =
        entry.state == OutboxState::kReplicated && entry.seq > 0 && !out_of_window(entry.seq);
    if (!here || stored_message(entry.seq) != nullptr) {
      if (at >= 0) remove_row(at);
    } else {
      row.message.seq = entry.seq;
      row.message = amendments_.heed(row.message);
      at >= 0 ? settle(at, std::move(row)) : insert_row(stored_row(entry.seq), std::move(row));
    }
    if (here) {
      drop_oldest();
      gap_timer_.start();
    }
  } else if (at >= 0) {
    row.outbox_id = entry.id;
    replace_row(at, std::move(row));
  } else if (stored(entry.request_id)) {
    finish(entry.id);  // A page knew it before the outbox told of it.
  } else if (entry.state == OutboxState::kFailed || !finished_.contains(entry.id)) {
    row.outbox_id = entry.id;
    forget_unread();
    int place = 0;  // Among the waiting ones by id, the newest first.
    while (place < count() && rows_[static_cast<std::size_t>(place)].message.seq == 0 &&
           rows_[static_cast<std::size_t>(place)].outbox_id > entry.id) {
      ++place;
    }
    insert_row(place, std::move(row));
  }
  emit status_changed();
}

}  // namespace starling_app
