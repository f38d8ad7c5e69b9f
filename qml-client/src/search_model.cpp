// See search_model.h.
#include "qml-client/src/search_model.h"

#include <utility>

#include "qml-client/src/format.h"

namespace starling_app {
namespace {

constexpr int kPauseMs = 200;  // Between the last key and the question.

}  // namespace

SearchModel::SearchModel(NamesOf names_of, Outdated outdated, QObject* parent)
    : QAbstractListModel(parent), names_of_(std::move(names_of)), outdated_(std::move(outdated)) {
  pause_.setSingleShot(true);
  pause_.setInterval(kPauseMs);
  connect(&pause_, &QTimer::timeout, this, &SearchModel::refresh);
}

int SearchModel::rowCount(const QModelIndex& parent) const {
  return parent.isValid() ? 0 : count();
}

QVariant SearchModel::data(const QModelIndex& index, int role) const {
  if (!checkIndex(index, CheckIndexOption::IndexIsValid)) return {};
  const Row& row = rows_.at(static_cast<std::size_t>(index.row()));
  switch (role) {
    case ConversationRole:
      return qint64{row.message.conversation_id};
    case SeqRole:
      return qint64{row.message.seq};
    case TitleRole:
      return names_of_(row.message.conversation_id).title;
    case SenderRole:
      return QString::fromStdString(row.message.sender);
    case InitialsRole:
      return initials(names_of_(row.message.conversation_id).title);
    case ColorRole:
      return avatar_color(names_of_(row.message.conversation_id).name);
    case TimeRole:
      return list_time(QDateTime::fromMSecsSinceEpoch(row.message.sent_at_ms),
                       QDateTime::currentDateTime());
    case ExcerptRole:
      return row.excerpt.text;
    case HitsRole:
      return QVariant::fromValue(row.excerpt.hits);
    default:
      return {};
  }
}

QHash<int, QByteArray> SearchModel::roleNames() const {
  return {{ConversationRole, "conversation"},
          {SeqRole, "seq"},
          {TitleRole, "title"},
          {SenderRole, "sender"},
          {InitialsRole, "initials"},
          {ColorRole, "colorIndex"},
          {TimeRole, "time"},
          {ExcerptRole, "excerpt"},
          {HitsRole, "hits"}};
}

void SearchModel::set_query(const QString& query) {
  if (query == query_) return;
  query_ = query;
  pause_.start();
  emit query_changed();
}

void SearchModel::set_here(bool here) {
  if (here == here_) return;
  here_ = here;
  pause_.start();
  emit query_changed();
}

void SearchModel::refresh() {
  if (!query_.trimmed().isEmpty()) {
    first_ = true;
    return ask({});
  }
  ++question_;  // No answer under way counts.
  emit nothing_wanted();
  beginResetModel();
  rows_.clear();
  endResetModel();
  next_page_.clear();
  show({});
}

void SearchModel::ask(const QString& page) {
  busy_ = true;
  emit status_changed();
  emit page_wanted(++question_, query_, here_, page);
}

bool SearchModel::canFetchMore(const QModelIndex& parent) const {
  return !parent.isValid() && !next_page_.isEmpty() && !busy_;
}

void SearchModel::fetchMore(const QModelIndex& parent) {
  if (!canFetchMore(parent)) return;
  first_ = false;
  ask(next_page_);
}

void SearchModel::apply_page(int question, const starling::SearchPage& page) {
  if (question != question_) return;
  std::vector<Row> fresh;
  for (const starling::SearchHit& hit : page.hits) {
    if (!outdated_(hit.message)) fresh.push_back({hit.message, excerpt_of(hit)});
  }
  const bool none = fresh.empty();
  if (first_) {
    beginResetModel();
    rows_ = std::move(fresh);
    endResetModel();
  } else if (!fresh.empty()) {
    beginInsertRows({}, count(), count() + static_cast<int>(fresh.size()) - 1);
    rows_.insert(rows_.end(), fresh.begin(), fresh.end());
    endInsertRows();
  }
  next_page_ = QString::fromStdString(page.next_page);
  // A page may be empty and yet not the last one.
  if (none && !next_page_.isEmpty()) return ask(next_page_);
  show(rows_.empty() ? tr("Nothing was found.") : QString());
}

void SearchModel::apply_error(int question, const QString& sentence) {
  if (question != question_) return;
  if (first_) {
    beginResetModel();
    rows_.clear();
    endResetModel();
  }
  next_page_.clear();
  show(sentence);
}

bool SearchModel::drop(const std::function<bool(const starling::Message&)>& which) {
  const int before = count();
  for (int at = before - 1; at >= 0; --at) {
    if (!which(rows_[static_cast<std::size_t>(at)].message)) continue;
    beginRemoveRows({}, at, at);
    rows_.erase(rows_.begin() + at);
    endRemoveRows();
  }
  if (count() == before) return false;
  if (rows_.empty() && next_page_.isEmpty() && !busy_) notice_ = tr("Nothing was found.");
  emit status_changed();
  return true;
}

void SearchModel::amend(qint64 conversation, qint64 seq) {
  const bool found = drop([&](const starling::Message& message) {
    return message.conversation_id == conversation && message.seq == seq;
  });
  if (found) pause_.start();
}

void SearchModel::drop_conversation(qint64 conversation) {
  drop([&](const starling::Message& message) { return message.conversation_id == conversation; });
}

void SearchModel::show(const QString& notice) {
  busy_ = false;
  notice_ = notice;
  emit status_changed();
}

void SearchModel::reset() {
  pause_.stop();
  query_.clear();
  here_ = false;
  refresh();
  emit query_changed();
}

}  // namespace starling_app
