// See people_list.h.
#include "qml-client/src/people_list.h"

#include <utility>

#include "qml-client/src/format.h"

namespace starling_app {

int PeopleList::rowCount(const QModelIndex& parent) const { return parent.isValid() ? 0 : count(); }

QVariant PeopleList::data(const QModelIndex& index, int role) const {
  if (!checkIndex(index, CheckIndexOption::IndexIsValid)) return {};
  const starling::Account& account = people_.at(static_cast<std::size_t>(index.row()));
  const QString name = QString::fromStdString(account.name);
  switch (role) {
    case NameRole:
      return name;
    case DisplayNameRole:
      return shown_as(account);
    case InitialsRole:
      return initials(shown_as(account));
    case ColorRole:
      return avatar_color(name);
    case OnlineRole:
    case AwayRole:
      return false;
    case DetailRole:
      return name;
    default:
      return {};
  }
}

QHash<int, QByteArray> PeopleList::roleNames() const {
  return {{NameRole, "name"},        {DisplayNameRole, "displayName"}, {InitialsRole, "initials"},
          {ColorRole, "colorIndex"}, {OnlineRole, "online"},           {AwayRole, "away"},
          {DetailRole, "detail"}};
}

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

QString shown_as(const starling::Account& account) {
  return QString::fromStdString(account.display_name.empty() ? account.name : account.display_name);
}

}  // namespace starling_app
