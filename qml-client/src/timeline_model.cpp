// How pages and events become one list. See timeline_model.h; what the outbox adds is in
// timeline_outbox.cpp, what is done to messages in timeline_changes.cpp, what is let go in
// timeline_window.cpp.
#include "qml-client/src/timeline_model.h"

#include <algorithm>
#include <utility>

#include "qml-client/src/mentions.h"
#include "qml-client/src/sentences.h"

namespace starling_app {
namespace {

constexpr int kGapMs = 400;  // An event that is on its way fills a gap sooner than a question.

}  // namespace

TimelineModel::TimelineModel(QObject* parent) : QAbstractListModel(parent) {
  gap_timer_.setSingleShot(true);
  gap_timer_.setInterval(kGapMs);
  connect(&gap_timer_, &QTimer::timeout, this, &TimelineModel::check_gap);
}

int TimelineModel::rowCount(const QModelIndex& parent) const {
  return parent.isValid() ? 0 : count();
}

qint64 TimelineModel::newest_seq() const {
  for (const Row& row : rows_) {
    if (row.message.seq > 0) return row.message.seq;
  }
  return 0;
}

int TimelineModel::stored_row(qint64 seq) const {
  const auto at = std::find_if(rows_.begin(), rows_.end(), [seq](const Row& row) {
    return row.message.seq > 0 && row.message.seq <= seq;
  });
  return static_cast<int>(at - rows_.begin());
}

// The neighbours that are in sight, whose place among the others is another one now. Of nothing
// else: each role that is told is computed for every row on the screen.
void TimelineModel::touch_around(int first, int last) {
  static const QList<int> kOfPlace{FirstOfGroupRole, LastOfGroupRole, DayRole, UnreadAboveRole};
  const auto hidden = [this](int row) {
    return rows_[static_cast<std::size_t>(row)].message.hidden;
  };
  int newer = first - 1;
  int older = last + 1;
  while (newer > 0 && hidden(newer)) --newer;
  while (older + 1 < count() && hidden(older)) ++older;
  if (newer >= 0) emit dataChanged(index(newer), index(first - 1), kOfPlace);
  if (older < count()) emit dataChanged(index(last + 1), index(older), kOfPlace);
}

void TimelineModel::insert_row(int at, Row row) {
  beginInsertRows({}, at, at);
  rows_.insert(rows_.begin() + at, std::move(row));
  endInsertRows();
  touch_around(at, at);
}

void TimelineModel::insert_run(std::vector<Row>& run) {
  if (run.empty()) return;
  const int at = first_stored();
  const int last = at + static_cast<int>(run.size()) - 1;
  beginInsertRows({}, at, last);
  rows_.insert(rows_.begin() + at, std::make_move_iterator(run.rbegin()),
               std::make_move_iterator(run.rend()));
  endInsertRows();
  touch_around(at, last);
  run.clear();
}

void TimelineModel::replace_row(int at, Row row) {
  rows_[static_cast<std::size_t>(at)] = std::move(row);
  emit dataChanged(index(at), index(at));
  touch_around(at, at);
}

void TimelineModel::remove_row(int at) { drop_rows(at, at); }

void TimelineModel::open(qint64 conversation, qint64 self,
                         const std::vector<starling::OutboxEntry>& waiting, qint64 unread_after,
                         qint64 at) {
  close();
  conversation_ = conversation;
  self_ = self;
  for (const starling::OutboxEntry& entry : waiting) apply_outbox(entry, true);
  unread_after_ = unread_after;
  jump_ = at;
  reload();
}

void TimelineModel::close() {
  gap_timer_.stop();
  beginResetModel();
  rows_.clear();
  endResetModel();
  finished_.clear();
  conversation_ = jump_ = 0;
  unread_after_ = -1;
  set_at_newest(true);
  names_.clear();
  names_asked_.clear();
  quotes_.clear();
  quotes_asked_.clear();
  marks_.clear();
  others_ = {0};
  all_ = {};
  may_delete_all_ = false;
  loading_ = loaded_ = more_ = stale_ = detached_ = asking_newer_ = newer_failed_ = false;
  asked_before_ = latest_ = 0;
  closed_.clear();
  ++era_;
  notice_.clear();
  emit status_changed();
}

void TimelineModel::reset() {
  close();
  amendments_.reset();
}

void TimelineModel::renew() {
  amendments_.reset();
  marks_.clear();
  marks_changed();
  reload();
}

void TimelineModel::reload() {
  if (conversation_ == 0) return;
  ++era_;
  for (Row& row : rows_) row.stale = row.message.seq > 0;
  stale_ = loading_ = true;
  asking_newer_ = newer_failed_ = false;
  asked_before_ = latest_ = 0;
  closed_.clear();
  quotes_asked_.clear();
  want_quotes();
  notice_.clear();
  emit status_changed();
  if (jump_ != 0) return ask_around();
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

void TimelineModel::apply_page(qint64 conversation, int era, qint64 before,
                               const starling::Page<starling::Message>& page) {
  if (conversation != conversation_ || era != era_ || before != asked_before_) return;
  for (const starling::Message& message : page.items) store(message);
  more_ = page.more;
  if (before == 0) {
    drop_stale();
    // What was told of while the page was on its way found no place below what was here then.
    detached_ = latest_ > newest_seq();
  } else {
    drop_newest();
  }
  loading_ = false;
  loaded_ = true;
  notice_.clear();
  touch_around(count(), count());  // Whether the last row is the oldest of all is known now.
  gap_timer_.start();              // Between this page and what was there before.
  emit status_changed();
  if (before == 0) fetchNewer();
}

void TimelineModel::apply_newer(qint64 conversation, int era, qint64 after,
                                const starling::Page<starling::Message>& page) {
  if (conversation != conversation_ || era != era_ || stale_) return;
  const bool asked = std::exchange(asking_newer_, false);
  // Whoever was out of the group for a time is told nothing of it: that hole is no loss.
  if (page.items.empty() || page.items.front().seq > after + 1) closed_.insert(after);
  if (page.items.empty() && !page.more) latest_ = std::min(latest_, newest_seq());
  for (const starling::Message& message : page.items) {
    // The answer to an earlier question may lie beyond a window that has moved meanwhile.
    if (detached_ && message.seq > newest_seq() + 1) {
      latest_ = std::max<qint64>(latest_, message.seq);
      continue;
    }
    store(message);
  }
  if (asked && !page.more && latest_ <= newest_seq()) detached_ = false;
  drop_oldest();
  if (!page.items.empty()) gap_timer_.start();
  emit status_changed();
}

// Each question has the deadline of a call, which is pause enough.
void TimelineModel::retry_gap(qint64 conversation, int era) {
  if (conversation != conversation_ || era != era_) return;
  newer_failed_ = asking_newer_;
  gap_timer_.start();
}

void TimelineModel::apply_page_error(qint64 conversation, int era, qint64 before,
                                     const QString& sentence) {
  if (conversation != conversation_ || era != era_ || before != asked_before_ || !loading_) return;
  loading_ = false;
  notice_ = sentence;
  emit status_changed();
}

TimelineModel::Row TimelineModel::row_for(const starling::Message& message, bool event) {
  const bool own = message.sender_id == self_;
  Row row;
  row.message = amendments_.heed(message);
  row.state = own ? Replicated : Incoming;
  if (event) row.message.mentions_me = !own && mentions(message.body, self_name_);
  want_names(row.message);
  want_quote(row.message.reply_to);
  return row;
}

// One message of the servers, from wherever: it replaces its row or takes its place in the order.
void TimelineModel::store(const starling::Message& message, bool event) {
  if (message.conversation_id != conversation_ || message.seq <= 0) return;
  Row row = row_for(message, event);
  // The stream, or a page, may be quicker than the acknowledgement: what waits is that message.
  const int waiting = row.state == Incoming ? -1 : pending_row(message.request_id);
  if (waiting >= 0) finish(rows_[static_cast<std::size_t>(waiting)].outbox_id);
  const bool is_new = stored_message(message.seq) == nullptr;
  if (waiting >= 0 && is_new) return settle(waiting, std::move(row));
  if (waiting >= 0) remove_row(waiting);
  const int at = stored_row(message.seq);
  if (is_new) return insert_row(at, std::move(row));
  const Row& known = rows_[static_cast<std::size_t>(at)];
  // A page of before the deletion, or the edit, that another page has told of. What is there from
  // before a reload knows no better than the page, and may be of another history.
  if (!known.stale) {
    if (known.message.deleted) row.message = known.message;
    take_edit(row.message, known.message);
  }
  if (event && !known.stale) {
    row.message.reactions = known.message.reactions;
    row.message.hidden = row.message.hidden || known.message.hidden;
  }
  replace_row(at, std::move(row));
  quote_changed(message.seq);
}

void TimelineModel::apply_messages(const std::vector<starling::Message>& messages) {
  const int newer = newer_;
  bool here = false;
  std::vector<Row> run;  // What comes behind all that is here, the oldest first.
  for (const starling::Message& message : messages) {
    if (message.conversation_id != conversation_ || message.seq <= 0) continue;
    here = true;
    const qint64 newest = run.empty() ? newest_seq() : run.back().message.seq;
    const bool news = message.sender_id != self_ && message.kind == starling::MessageKind::kText &&
                      message.seq > std::max(newest, latest_);
    if (news && !at_newest_) ++newer_;
    if (out_of_window(message.seq)) continue;
    if (newest > 0 && message.seq > newest + 1) gap_timer_.start();
    if (message.seq <= newest || pending_row(message.request_id) >= 0) {
      insert_run(run);
      store(message, true);
      continue;
    }
    // What it answers has to be in its place, or it would be asked for.
    if (!run.empty() && message.reply_to >= run.front().message.seq) insert_run(run);
    run.push_back(row_for(message, true));
  }
  if (!here) return;
  insert_run(run);
  drop_oldest();
  if (newer_ != newer) emit newer_changed();
  emit status_changed();
}

void TimelineModel::set_display_name(const QString& account_name, const QString& display_name) {
  names_[account_name] = in_one_line(display_name);
  if (count() > 0) emit dataChanged(index(0), index(count() - 1));
}

// The numbers have no holes: a hole that stays means that something was missed.
void TimelineModel::check_gap() {
  if (stale_) return;
  if (std::exchange(newer_failed_, false)) {
    asking_newer_ = false;
    emit status_changed();
  }
  std::set<qint64> known;
  for (const Row& row : rows_) {
    if (row.message.seq > 0) known.insert(row.message.seq);
  }
  if (known.empty()) return;
  const qint64 oldest = *known.begin();
  qint64 before = oldest;
  for (auto seq = known.upper_bound(oldest); seq != known.end(); before = *seq++) {
    if (*seq > before + 1 && !closed_.contains(before)) {
      emit newer_wanted(conversation_, before);
      return;
    }
  }
}

}  // namespace starling_app
