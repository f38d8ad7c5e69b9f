// What people read of who is there and who types. Pure functions; the time zone and the present are
// arguments, so that tests know the answer.
#pragma once

#include <QDateTime>
#include <QString>
#include <QStringList>

#include "starling/presence.h"

namespace starling_app {

// "online", "away", "last seen 5 minutes ago"; nothing when that is not known. The last look is by
// the servers' clocks: one that lies ahead of `now` counts as this moment.
QString presence_text(const starling::Presence& presence, const QDateTime& now);
// The same without the last look: for a line that has no room for it.
QString presence_word(const starling::Presence& presence);
QString typing_text();  // "typing…": where it is plain who.
// "ada is typing…", "ada and bob are typing…", "several people are typing…". An empty name is
// somebody who is not known by name; nothing when there is nobody.
QString typing_text(const QStringList& names);
// The account's name and how it is, in one line; either may be empty.
QString detail_line(const QString& name, const QString& presence);

}  // namespace starling_app
