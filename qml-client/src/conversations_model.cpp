// How answers and events become the list. See conversations_model.h; what a row shows is in
// conversations_rows.cpp.
#include "qml-client/src/conversations_model.h"

#include <algorithm>
#include <utility>

#include "qml-client/src/format.h"
#include "qml-client/src/mentions.h"
#include "qml-client/src/sentences.h"

namespace starling_app {
int ConversationsModel::rowCount(const QModelIndex& parent) const {
  return parent.isValid() ? 0 : count();
}

int ConversationsModel::find(qint64 id) const {
  for (std::size_t i = 0; i < rows_.size(); ++i) {
    if (rows_[i].conversation.id == id) return static_cast<int>(i);
  }
  return -1;
}

void ConversationsModel::touch(int row) { emit dataChanged(index(row), index(row)); }

int ConversationsModel::unread_total() const {
  qint64 total = 0;
  for (const Row& row : rows_) {
    if (!seen(row)) total += row.conversation.unread_count;
  }
  return static_cast<int>(total);
}

qint64 ConversationsModel::time(const Row& row) const {
  const auto waiting = waiting_.find(row.conversation.id);
  return waiting == waiting_.end() ? row.time_ms : std::max(row.time_ms, waiting->second.time_ms);
}

QString ConversationsModel::title(qint64 id) const {
  const int row = find(id);
  return row < 0 ? QString() : rows_[static_cast<std::size_t>(row)].display_name;
}

QString ConversationsModel::peer_name(qint64 id) const {
  const int row = find(id);
  return row < 0 ? QString()
                 : QString::fromStdString(rows_[static_cast<std::size_t>(row)].conversation.title);
}

const starling::Conversation* ConversationsModel::get(qint64 id) const {
  const int row = find(id);
  return row < 0 ? nullptr : &rows_[static_cast<std::size_t>(row)].conversation;
}

bool ConversationsModel::group(qint64 id) const {
  const starling::Conversation* conversation = get(id);
  return conversation != nullptr && is_group(*conversation);
}

std::vector<starling::Conversation> ConversationsModel::with_peer(qint64 account_id) const {
  std::vector<starling::Conversation> found;
  for (const Row& row : rows_) {
    if (row.conversation.peer_id == account_id) found.push_back(row.conversation);
  }
  return found;
}

std::optional<bool> ConversationsModel::shows_marks(qint64 id) const {
  const starling::Conversation* conversation = get(id);
  if (conversation == nullptr) return std::nullopt;
  return !is_group(*conversation) || conversation->member_count <= kMaxMarkAudience;
}

qint64 ConversationsModel::last_seq(qint64 id) const {
  const int row = find(id);
  return row < 0 ? 0 : rows_[static_cast<std::size_t>(row)].conversation.last_seq;
}

qint64 ConversationsModel::peer_read_seq(qint64 id) const {
  const int row = find(id);
  return row < 0 ? 0 : rows_[static_cast<std::size_t>(row)].conversation.peer_read_seq;
}

qint64 ConversationsModel::read_seq(qint64 id) const {
  const int row = find(id);
  return row < 0 ? 0 : rows_[static_cast<std::size_t>(row)].conversation.read_seq;
}

void ConversationsModel::begin_list() { listed_.clear(); }

// Names and previews that are known already stay with their rows: no flicker at a reload.
std::vector<qint64> ConversationsModel::apply_page(
    const starling::Page<starling::Conversation>& page) {
  for (const starling::Conversation& conversation : page.items) upsert(conversation);
  std::vector<qint64> unlisted;
  if (!page.more) {
    loaded_ = true;
    for (const Row& row : rows_) {
      if (!listed_.contains(row.conversation.id)) unlisted.push_back(row.conversation.id);
    }
  }
  emit count_changed();
  emit unread_changed();
  return unlisted;
}

// The answer may be older than an event that came before it: marks never go back. True: it has
// newer messages and an older mark, and neither count is the true one.
bool ConversationsModel::keep_marks(starling::Conversation& now,
                                    const starling::Conversation& known) {
  const bool older = known.last_seq > now.last_seq || known.read_seq > now.read_seq;
  const bool crossed = older && now.last_seq > known.last_seq;
  now.read_seq = std::max(known.read_seq, now.read_seq);
  now.peer_read_seq = std::max(known.peer_read_seq, now.peer_read_seq);
  now.peer_delivered_seq = std::max(known.peer_delivered_seq, now.peer_delivered_seq);
  if (older) {
    now.last_seq = known.last_seq;
    now.unread_count = known.unread_count;
    now.mention_count = known.mention_count;
  }
  return crossed;
}

void ConversationsModel::upsert(const starling::Conversation& conversation) {
  listed_.insert(conversation.id);
  bool again = false;
  bool crossed = false;
  int at = find(conversation.id);
  if (at < 0) {
    Row row;
    row.conversation = conversation;
    row.display_name = in_one_line(QString::fromStdString(conversation.title));
    at = count();
    beginInsertRows({}, at, at);
    rows_.push_back(std::move(row));
    endInsertRows();
    if (waiting_.contains(conversation.id)) {
      move_to_place(at);
      at = find(conversation.id);
    }
    emit count_changed();
    if (!is_group(conversation)) emit name_wanted(QString::fromStdString(conversation.title));
  } else {
    Row& row = rows_[static_cast<std::size_t>(at)];
    const bool renamed = row.conversation.title != conversation.title;
    const starling::Conversation known = std::exchange(row.conversation, conversation);
    if (std::exchange(row.marks_doubted, false)) {
      row.preview_seq = std::min<qint64>(row.preview_seq, conversation.last_seq);
    } else {
      crossed = keep_marks(row.conversation, known);
    }
    row.conversation.first_seq = std::max(known.first_seq, conversation.first_seq);
    again = known.first_seq > 0 && conversation.first_seq > known.first_seq;
    if (again && row.preview_seq < conversation.first_seq) {
      row.preview.clear();
      row.preview_seq = row.preview_edits = 0;
      row.preview_deleted = false;
    }
    if (renamed) row.display_name = in_one_line(QString::fromStdString(conversation.title));
    touch(at);
    if (conversation.id == current_) emit currentChanged();
  }
  emit unread_changed();
  const Row& row = rows_[static_cast<std::size_t>(at)];
  if (row.preview_seq < conversation.last_seq || row.preview_doubted) {
    emit preview_wanted(conversation.id);
  }
  if (crossed) emit count_wanted(conversation.id);
  if (again) emit joined_again(conversation.id);
}

qint64 ConversationsModel::neighbour(qint64 id, int by) const {
  if (rows_.empty()) return 0;
  const int at = find(id);  // From nowhere the first one, whichever way.
  const int to = at < 0 ? 0 : std::clamp(at + by, 0, count() - 1);
  return rows_[static_cast<std::size_t>(to)].conversation.id;
}

void ConversationsModel::renew() {
  amendments_.reset();
  for (Row& row : rows_) {
    row.preview_doubted = row.preview_seq > 0;
    row.marks_doubted = true;
  }
}

void ConversationsModel::move_to_place(int row) {
  const qint64 own = time(rows_[static_cast<std::size_t>(row)]);
  int to = row;
  while (to > 0 && time(rows_[static_cast<std::size_t>(to - 1)]) < own) --to;
  // Downwards when a message that waited was taken back.
  while (to >= row && to + 1 < count() && time(rows_[static_cast<std::size_t>(to + 1)]) > own) ++to;
  if (to == row) return;
  beginMoveRows({}, row, row, {}, to > row ? to + 1 : to);
  const auto first = rows_.begin() + std::min(row, to);
  const auto last = rows_.begin() + std::max(row, to) + 1;
  std::rotate(first, to > row ? first + 1 : last - 1, last);
  endMoveRows();
}

void ConversationsModel::set_waiting(qint64 id, const QString& body, qint64 queued_at_ms) {
  waiting_[id] = {one_line(body), queued_at_ms};
  waiting_changed(id);
}

void ConversationsModel::clear_waiting(qint64 id) {
  if (waiting_.erase(id) > 0) waiting_changed(id);
}

void ConversationsModel::waiting_changed(qint64 id) {
  const int at = find(id);
  if (at < 0) return;
  touch(at);
  move_to_place(at);
}

void ConversationsModel::apply_messages(const std::vector<starling::Message>& messages, qint64 self,
                                        bool unread) {
  std::map<qint64, qint64> taken;  // By conversation, its time.
  bool counted = false;
  for (const starling::Message& message : messages) {
    const qint64 id = message.conversation_id;
    if (!take(message, self, unread, counted)) continue;
    taken[id] = time(rows_[static_cast<std::size_t>(find(id))]);
  }
  // The newest first: none stops at one that is not in its own place yet.
  std::vector<std::pair<qint64, qint64>> order;
  for (const auto& [id, time_ms] : taken) order.emplace_back(time_ms, id);
  std::sort(order.rbegin(), order.rend());
  for (const auto& [time_ms, id] : order) {
    const int at = find(id);
    emit dataChanged(index(at), index(at), {PreviewRole, TimeRole, UnreadRole, MentionsRole});
    move_to_place(at);
  }
  if (counted) emit unread_changed();
}

bool ConversationsModel::take(const starling::Message& told, qint64 self, bool unread,
                              bool& counted) {
  const starling::Message message = amendments_.heed(told);
  const int at = find(message.conversation_id);
  if (at < 0) return false;
  Row& row = rows_[static_cast<std::size_t>(at)];
  if (message.seq < row.preview_seq && !row.preview_doubted) return false;
  row.preview_doubted = false;
  const bool of_others = message.seq > row.conversation.last_seq && message.sender_id != self &&
                         message.kind == starling::MessageKind::kText && !message.deleted &&
                         !message.hidden;
  // Its event is late, or an own one has overtaken those of others.
  const bool overtakes = of_others || message.seq > row.conversation.last_seq + 1;
  if (overtakes && !unread) emit count_wanted(message.conversation_id);
  if (of_others && unread) {
    counted = true;
    ++row.conversation.unread_count;
    if (mentions(message.body, self_name_)) ++row.conversation.mention_count;
  }
  row.conversation.last_seq = std::max<std::int64_t>(row.conversation.last_seq, message.seq);
  const bool same = row.preview_seq == message.seq;
  // Nothing gives a deleted message its text back, nor an edited one its old one.
  row.preview_deleted = message.deleted || (row.preview_deleted && same);
  row.time_ms = message.sent_at_ms;
  if (!same || message.edits >= row.preview_edits || row.preview_deleted) {
    row.preview_edits = message.edits;
    row.preview_own = message.sender_id == self;
    row.preview = preview_of(row, message);
  }
  row.preview_seq = message.seq;
  return true;
}

void ConversationsModel::apply_deleted(qint64 id, qint64 seq) {
  amendments_.add_deleted(id, seq);
  const int at = find(id);
  if (at < 0 || rows_[static_cast<std::size_t>(at)].preview_seq != seq) return;
  rows_[static_cast<std::size_t>(at)].preview = tr("Message deleted");
  rows_[static_cast<std::size_t>(at)].preview_deleted = true;
  touch(at);
}

void ConversationsModel::apply_edited(const starling::Message& message) {
  amendments_.add_edited(message);
  const int at = find(message.conversation_id);
  if (at < 0) return;
  Row& row = rows_[static_cast<std::size_t>(at)];
  if (row.preview_seq != message.seq || row.preview_deleted || row.preview_edits >= message.edits) {
    return;
  }
  row.preview_edits = message.edits;
  row.preview = preview_of(row, message);
  touch(at);
}

void ConversationsModel::apply_hidden(qint64 id, qint64 seq) {
  amendments_.add_hidden(id, seq);
  const int at = find(id);
  if (at < 0 || rows_[static_cast<std::size_t>(at)].preview_seq != seq) return;
  rows_[static_cast<std::size_t>(at)].preview = tr("Message hidden");
  touch(at);
}

void ConversationsModel::apply_draft(qint64 id, const QString& body, qint64 reply_to) {
  const int at = find(id);
  if (at < 0) return;
  starling::Draft& draft = rows_[static_cast<std::size_t>(at)].conversation.draft;
  draft.body = body.toStdString();
  draft.reply_to = reply_to;
  touch(at);
}

void ConversationsModel::apply_delivered(qint64 id, qint64 seq) {
  const int at = find(id);
  if (at < 0) return;
  starling::Conversation& conversation = rows_[static_cast<std::size_t>(at)].conversation;
  conversation.peer_delivered_seq = std::max<std::int64_t>(conversation.peer_delivered_seq, seq);
}

void ConversationsModel::apply_peer_read(qint64 id, qint64 seq) {
  const int at = find(id);
  if (at < 0) return;
  starling::Conversation& conversation = rows_[static_cast<std::size_t>(at)].conversation;
  conversation.peer_read_seq = std::max<std::int64_t>(conversation.peer_read_seq, seq);
}

void ConversationsModel::apply_read(qint64 id, qint64 seq) {
  const int at = find(id);
  if (at < 0) return;
  starling::Conversation& conversation = rows_[static_cast<std::size_t>(at)].conversation;
  if (seq <= conversation.read_seq) return;
  conversation.read_seq = seq;
  // Up to the newest: nothing is left. In between: the next reload tells the exact number.
  conversation.unread_count =
      seq >= conversation.last_seq
          ? 0
          : std::min<std::int64_t>(conversation.unread_count, conversation.last_seq - seq);
  conversation.mention_count =
      std::min<std::int64_t>(conversation.mention_count, conversation.unread_count);
  touch(at);
  emit unread_changed();
}

void ConversationsModel::set_display_name(const QString& account_name,
                                          const QString& display_name) {
  for (int at = 0; at < count(); ++at) {
    Row& row = rows_[static_cast<std::size_t>(at)];
    if (is_group(row.conversation)) continue;
    if (QString::fromStdString(row.conversation.title) != account_name) continue;
    row.display_name = in_one_line(display_name);
    touch(at);
    if (row.conversation.id == current_) emit currentChanged();
  }
}

void ConversationsModel::set_current(qint64 id) {
  if (id == current_) return;
  const int before = find(current_);
  current_ = id;
  if (before >= 0) touch(before);
  if (const int now = find(id); now >= 0) touch(now);
  emit currentChanged();
  emit unread_changed();
}

void ConversationsModel::remove(qint64 id) {
  const int at = find(id);
  if (at < 0) return;
  beginRemoveRows({}, at, at);
  rows_.erase(rows_.begin() + at);
  endRemoveRows();
  emit count_changed();
  emit unread_changed();
}

void ConversationsModel::set_watched(bool watched) {
  if (watched == watched_) return;
  watched_ = watched;
  if (const int now = find(current_); now >= 0) touch(now);
  emit unread_changed();
}

void ConversationsModel::reset() {
  beginResetModel();
  rows_.clear();
  endResetModel();
  waiting_.clear();
  amendments_.reset();
  current_ = 0;
  loaded_ = false;
  emit count_changed();
  emit unread_changed();
  emit currentChanged();
}

}  // namespace starling_app
