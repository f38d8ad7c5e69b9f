// What a row says of a person, in every list of people.
#pragma once

#include <QByteArray>
#include <QHash>
#include <QString>
#include <QVariant>

#include "starling/types.h"

namespace starling_app {

class PresenceBook;

namespace person_row {

enum Role {
  NameRole = Qt::UserRole + 1,  // string: the account's, without "@".
  DisplayNameRole,              // string: what is shown, never empty.
  InitialsRole,                 // string: for the avatar.
  ColorRole,                    // int: of the avatar's colours.
  OnlineRole,                   // bool
  AwayRole,                     // bool
  DetailRole                    // string: the name, and how somebody is, where that is known.
};

QHash<int, QByteArray> role_names();
// `book`: null where it is not told how somebody is.
QVariant data(const starling::Account& account, int role, const PresenceBook* book);

}  // namespace person_row

// What a person is called: the display name, else the account's.
QString shown_as(const starling::Account& account);

}  // namespace starling_app
