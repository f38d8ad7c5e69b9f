// Implements qml-client/src/person_row.h.
#include "qml-client/src/person_row.h"

#include "qml-client/src/format.h"
#include "qml-client/src/presence_book.h"
#include "qml-client/src/presence_text.h"
#include "qml-client/src/sentences.h"

namespace starling_app {

QHash<int, QByteArray> person_row::role_names() {
  return {{NameRole, "name"},        {DisplayNameRole, "displayName"}, {InitialsRole, "initials"},
          {ColorRole, "colorIndex"}, {OnlineRole, "online"},           {AwayRole, "away"},
          {DetailRole, "detail"}};
}

QVariant person_row::data(const starling::Account& account, int role, const PresenceBook* book) {
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
      return book != nullptr && book->online(account.id);
    case AwayRole:
      return book != nullptr && book->away(account.id);
    case DetailRole:
      return book == nullptr ? name : detail_line(name, book->text(account.id));
    default:
      return {};
  }
}

QString shown_as(const starling::Account& account) {
  return in_one_line(
      QString::fromStdString(account.display_name.empty() ? account.name : account.display_name));
}

}  // namespace starling_app
