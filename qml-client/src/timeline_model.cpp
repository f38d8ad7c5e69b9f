// How pages, events and outbox changes become one list. See timeline_model.h.
#include "qml-client/src/timeline_model.h"

#include <algorithm>

namespace starling_app {
namespace {

constexpr std::size_t kMaxFinished = 4'096;
constexpr int kGapMs = 400;  // An event that is on its way fills a gap sooner than a question.

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

TimelineModel::TimelineModel(QObject* parent) : QAbstractListModel(parent) {
  gap_timer_.setSingleShot(true);
  gap_timer_.setInterval(kGapMs);
  connect(&gap_timer_, &QTimer::timeout, this, &TimelineModel::check_gap);
}

int TimelineModel::rowCount(const QModelIndex& parent) const {
  return parent.isValid() ? 0 : count();
}

int TimelineModel::waiting() const {
  return static_cast<int>(std::count_if(rows_.begin(), rows_.end(), [](const Row& row) {
    return row.state == Queued || row.state == Sent;
  }));
}

qint64 TimelineModel::newest_seq() const {
  for (const Row& row : rows_) {
    if (row.message.seq > 0) return row.message.seq;
  }
  return 0;
}

int TimelineModel::pending_row(qint64 outbox_id) const {
  for (int at = 0; at < count(); ++at) {
    const Row& row = rows_[static_cast<std::size_t>(at)];
    if (row.message.seq > 0) break;
    if (row.outbox_id == outbox_id) return at;
  }
  return -1;
}

int TimelineModel::stored_row(qint64 seq) const {
  const auto at = std::find_if(rows_.begin(), rows_.end(), [seq](const Row& row) {
    return row.message.seq > 0 && row.message.seq <= seq;
  });
  return static_cast<int>(at - rows_.begin());
}

void TimelineModel::touch_around(int at) {
  const int first = std::max(at - 1, 0);
  const int last = std::min(at + 1, count() - 1);
  if (first <= last) emit dataChanged(index(first), index(last));
}

void TimelineModel::insert_row(int at, Row row) {
  beginInsertRows({}, at, at);
  rows_.insert(rows_.begin() + at, std::move(row));
  endInsertRows();
  touch_around(at);
}

void TimelineModel::remove_row(int at) {
  beginRemoveRows({}, at, at);
  rows_.erase(rows_.begin() + at);
  endRemoveRows();
  touch_around(at);
}

void TimelineModel::open(qint64 conversation, qint64 self,
                         const std::vector<starling::OutboxEntry>& waiting) {
  close();
  conversation_ = conversation;
  self_ = self;
  for (const starling::OutboxEntry& entry : waiting) apply_outbox(entry, true);
  reload();
}

void TimelineModel::close() {
  gap_timer_.stop();
  beginResetModel();
  rows_.clear();
  endResetModel();
  finished_.clear();
  conversation_ = peer_read_ = 0;
  loading_ = loaded_ = more_ = stale_ = false;
  asked_before_ = 0;
  notice_.clear();
  emit status_changed();
}

void TimelineModel::reload() {
  if (conversation_ == 0) return;
  for (Row& row : rows_) row.stale = row.message.seq > 0;
  stale_ = loading_ = true;
  asked_before_ = 0;
  notice_.clear();
  emit status_changed();
  emit older_wanted(conversation_, 0);
}

void TimelineModel::retryPage() {
  if (loading_ || conversation_ == 0) return;
  if (stale_) return reload();
  notice_.clear();
  fetchMore({});
}

bool TimelineModel::canFetchMore(const QModelIndex& parent) const {
  return !parent.isValid() && conversation_ != 0 && loaded_ && more_ && !loading_ && !stale_ &&
         notice_.isEmpty() && newest_seq() > 0;
}

void TimelineModel::fetchMore(const QModelIndex& parent) {
  if (!canFetchMore(parent)) return;
  loading_ = true;
  asked_before_ = rows_.back().message.seq;
  emit status_changed();
  emit older_wanted(conversation_, asked_before_);
}

void TimelineModel::apply_page(qint64 conversation, qint64 before,
                               const starling::Page<starling::Message>& page) {
  if (conversation != conversation_ || before != asked_before_) return;
  for (const starling::Message& message : page.items) store(message);
  if (before == 0) drop_stale();
  loading_ = false;
  loaded_ = true;
  notice_.clear();
  more_ = page.more;
  gap_timer_.start();  // Between this page and what was there before.
  emit status_changed();
}

void TimelineModel::apply_newer(qint64 conversation,
                                const starling::Page<starling::Message>& page) {
  if (conversation != conversation_ || stale_) return;  // The page on its way knows better.
  for (const starling::Message& message : page.items) store(message);
  if (!page.items.empty()) gap_timer_.start();
  emit status_changed();
}

// Each question has the deadline of a call, which is pause enough.
void TimelineModel::retry_gap(qint64 conversation) {
  if (conversation == conversation_) gap_timer_.start();
}

void TimelineModel::apply_page_error(qint64 conversation, const QString& sentence) {
  if (conversation != conversation_) return;
  loading_ = false;
  notice_ = sentence;
  emit status_changed();
}

void TimelineModel::drop_stale() {
  stale_ = false;
  for (int end = count(); end > 0;) {
    int begin = end;
    while (begin > 0 && rows_[static_cast<std::size_t>(begin - 1)].stale) --begin;
    if (begin < end) {
      beginRemoveRows({}, begin, end - 1);
      rows_.erase(rows_.begin() + begin, rows_.begin() + end);
      endRemoveRows();
      touch_around(begin);
    }
    end = begin - 1;
  }
}

// One message of the servers, from wherever: it replaces its row or takes its place in the order.
void TimelineModel::store(const starling::Message& message) {
  if (message.conversation_id != conversation_ || message.seq <= 0) return;
  const bool own = message.sender_id == self_;
  Row row;
  row.message = message;
  row.state = own ? Replicated : Incoming;
  const int at = stored_row(message.seq);
  if (at < count() && rows_[static_cast<std::size_t>(at)].message.seq == message.seq) {
    rows_[static_cast<std::size_t>(at)] = std::move(row);
    touch_around(at);
    return;
  }
  insert_row(at, std::move(row));
}

void TimelineModel::apply_message(const starling::Message& message) {
  if (message.conversation_id != conversation_ || message.seq <= 0) return;
  const int at = stored_row(message.seq);
  const bool known = at < count() && rows_[static_cast<std::size_t>(at)].message.seq == message.seq;
  if (!known && message.sender_id == self_) {
    // The stream may be quicker than the acknowledgement: the oldest waiting one of that text is
    // this one. Were it another device's, the acknowledgement would put ours in its own place.
    for (int row = at - 1; row >= 0; --row) {
      const Row& pending = rows_[static_cast<std::size_t>(row)];
      if (pending.message.seq > 0 || pending.message.body != message.body) continue;
      if (pending.state != Sent) continue;  // What no server was offered is not there.
      finished_.insert(pending.outbox_id);
      remove_row(row);
      break;
    }
  }
  const qint64 newest = newest_seq();
  store(message);
  if (newest > 0 && message.seq > newest + 1) gap_timer_.start();
  emit status_changed();
}

void TimelineModel::apply_deleted(qint64 conversation, qint64 seq) {
  if (conversation != conversation_) return;
  const int at = stored_row(seq);
  if (at >= count() || rows_[static_cast<std::size_t>(at)].message.seq != seq) return;
  Row& row = rows_[static_cast<std::size_t>(at)];
  row.message.deleted = true;
  row.message.body.clear();
  touch_around(at);
}

void TimelineModel::apply_peer_read(qint64 conversation, qint64 seq) {
  if (conversation != conversation_ || seq <= peer_read_) return;
  peer_read_ = seq;
  if (count() > 0) emit dataChanged(index(0), index(count() - 1), {StateRole, StateTextRole});
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
    if (entry.state == OutboxState::kReplicated && entry.seq > 0) {
      const int place = stored_row(entry.seq);
      const bool known =
          place < count() && rows_[static_cast<std::size_t>(place)].message.seq == entry.seq;
      row.message.seq = entry.seq;
      if (!known) insert_row(place, std::move(row));
      gap_timer_.start();
    }
  } else if (at >= 0) {
    row.outbox_id = entry.id;
    rows_[static_cast<std::size_t>(at)] = std::move(row);
    touch_around(at);
  } else if (entry.state == OutboxState::kFailed || !finished_.contains(entry.id)) {
    row.outbox_id = entry.id;
    int place = 0;  // Among the waiting ones by id, the newest first.
    while (place < count() && rows_[static_cast<std::size_t>(place)].message.seq == 0 &&
           rows_[static_cast<std::size_t>(place)].outbox_id > entry.id) {
      ++place;
    }
    insert_row(place, std::move(row));
  }
  emit status_changed();
}

void TimelineModel::set_display_name(const QString& account_name, const QString& display_name) {
  names_[account_name] = display_name;
  if (count() > 0) emit dataChanged(index(0), index(count() - 1));
}

// The numbers have no holes: a hole that stays means that something was missed.
void TimelineModel::check_gap() {
  if (stale_) return;
  for (int at = count() - 1; at > 0; --at) {
    const qint64 older = rows_[static_cast<std::size_t>(at)].message.seq;
    const qint64 newer = rows_[static_cast<std::size_t>(at - 1)].message.seq;
    if (older > 0 && newer > older + 1) {
      emit newer_wanted(conversation_, older);
      return;
    }
  }
}

}  // namespace starling_app
