// See people_list.h.
#include "qml-client/src/people_list.h"

#include <utility>

namespace starling_app {

int PeopleList::rowCount(const QModelIndex& parent) const { return parent.isValid() ? 0 : count(); }

QVariant PeopleList::data(const QModelIndex& index, int role) const {
  if (!checkIndex(index, CheckIndexOption::IndexIsValid)) return {};
  return person_row::data(people_.at(static_cast<std::size_t>(index.row())), role, nullptr);
}

QHash<int, QByteArray> PeopleList::roleNames() const { return person_row::role_names(); }

QStringList PeopleList::names() const {
  QStringList names;
  for (const starling::Account& account : people_) names << QString::fromStdString(account.name);
  return names;
}

QString PeopleList::nameAt(int row) const {
  return row < 0 || row >= count() ? QString() : names().at(row);
}

void PeopleList::set(std::vector<starling::Account> people) {
  beginResetModel();
  people_ = std::move(people);
  endResetModel();
  emit count_changed();
}

void PeopleList::add(const starling::Account& account) {
  if (has(QString::fromStdString(account.name))) return;
  beginInsertRows({}, count(), count());
  people_.push_back(account);
  endInsertRows();
  emit count_changed();
}

void PeopleList::remove(const QString& name) {
  const auto at = static_cast<int>(names().indexOf(name));
  if (at < 0) return;
  beginRemoveRows({}, at, at);
  people_.erase(people_.begin() + at);
  endRemoveRows();
  emit count_changed();
}

}  // namespace starling_app
