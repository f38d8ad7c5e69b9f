// See people_model.h.
#include "qml-client/src/people_model.h"

#include "qml-client/src/presence_rows.h"
#include "qml-client/src/sentences.h"

namespace starling_app {
namespace {

constexpr int kPauseMs = 150;  // Between the last key and the question.

}  // namespace

PeopleModel::PeopleModel(QObject* parent) : QAbstractListModel(parent) {
  pause_.setSingleShot(true);
  pause_.setInterval(kPauseMs);
  connect(&pause_, &QTimer::timeout, this, &PeopleModel::refresh);
}

int PeopleModel::rowCount(const QModelIndex& parent) const {
  return parent.isValid() ? 0 : count();
}

QVariant PeopleModel::data(const QModelIndex& index, int role) const {
  if (!checkIndex(index, CheckIndexOption::IndexIsValid)) return {};
  return person_row::data(people_.at(static_cast<std::size_t>(index.row())), role, presence_);
}

QHash<int, QByteArray> PeopleModel::roleNames() const { return person_row::role_names(); }

void PeopleModel::set_presence(const PresenceBook* book) {
  presence_ = book;
  follow_presence(this, book,
                  [this](int row) { return people_[static_cast<std::size_t>(row)].id; });
}

QString PeopleModel::pattern(const QString& query) {
  const QString trimmed = query.trimmed().toLower();
  if (trimmed.contains(u'*') || trimmed.contains(u'?')) return trimmed;
  return trimmed + u'*';
}

void PeopleModel::set_query(const QString& query) {
  if (query == query_) return;
  query_ = query;
  pause_.start();
  emit query_changed();
}

void PeopleModel::refresh() {
  pause_.stop();
  last_name_.clear();
  ask({});
}

void PeopleModel::ask(const QString& after_name) {
  busy_ = true;
  emit status_changed();
  emit page_wanted(++question_, pattern(query_), after_name);
}

bool PeopleModel::canFetchMore(const QModelIndex& parent) const {
  return !parent.isValid() && more_ && !busy_;
}

void PeopleModel::fetchMore(const QModelIndex& parent) {
  if (canFetchMore(parent)) ask(QString::fromStdString(last_name_));
}

void PeopleModel::apply_page(int question, const starling::Page<starling::Account>& page) {
  if (question != question_) return;
  const bool first = last_name_.empty();
  std::vector<starling::Account> fresh;
  for (const starling::Account& account : page.items) {
    if (account.id != self_ && !account.deleted) fresh.push_back(account);
  }
  if (first) {
    beginResetModel();
    people_ = std::move(fresh);
    endResetModel();
  } else if (!fresh.empty()) {
    beginInsertRows({}, count(), count() + static_cast<int>(fresh.size()) - 1);
    people_.insert(people_.end(), fresh.begin(), fresh.end());
    endInsertRows();
  }
  busy_ = false;
  more_ = page.more && !page.items.empty();
  if (!page.items.empty()) last_name_ = page.items.back().name;
  notice_ = !people_.empty()   ? QString()
            : query_.isEmpty() ? tr("Nobody else is here yet.")
                               : tr("Nobody matches “%1”.").arg(isolated(query_.trimmed()));
  emit status_changed();
}

void PeopleModel::apply_error(int question, const QString& sentence) {
  if (question != question_) return;
  busy_ = false;
  notice_ = sentence;
  emit status_changed();
}

void PeopleModel::reset() {
  beginResetModel();
  people_.clear();
  endResetModel();
  ++question_;  // No answer under way counts.
  busy_ = more_ = false;
  query_.clear();
  notice_.clear();
  last_name_.clear();
  emit query_changed();
  emit status_changed();
}

}  // namespace starling_app
