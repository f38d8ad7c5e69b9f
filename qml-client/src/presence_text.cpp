// The wording of presence. See presence_text.h.
#include "qml-client/src/presence_text.h"

#include <QCoreApplication>
#include <algorithm>

#include "qml-client/src/format.h"
#include "qml-client/src/sentences.h"

namespace starling_app {
namespace {

struct PresenceWords {
  Q_DECLARE_TR_FUNCTIONS(PresenceWords)
};

constexpr qint64 kMinuteMs = 60'000;
constexpr qint64 kHourMs = 60 * kMinuteMs;

QString last_seen(const QDateTime& seen, const QDateTime& now) {
  const qint64 ago_ms = std::max<qint64>(0, seen.msecsTo(now));
  if (ago_ms < kMinuteMs) return PresenceWords::tr("last seen just now");
  if (ago_ms < kHourMs) {
    return PresenceWords::tr("last seen %n minute(s) ago", nullptr,
                             static_cast<int>(ago_ms / kMinuteMs));
  }
  const qint64 days = seen.date().daysTo(now.date());
  if (days <= 0) {
    return PresenceWords::tr("last seen %n hour(s) ago", nullptr,
                             static_cast<int>(ago_ms / kHourMs));
  }
  if (days == 1) return PresenceWords::tr("last seen yesterday at %1").arg(clock_time(seen));
  return PresenceWords::tr("last seen on %1", "a weekday or a date").arg(day_title(seen, now));
}

}  // namespace

QString presence_word(const starling::Presence& presence) {
  switch (presence.state) {
    case starling::PresenceState::kOnline:
      return PresenceWords::tr("online");
    case starling::PresenceState::kAway:
      return PresenceWords::tr("away");
    case starling::PresenceState::kOffline:
      break;
  }
  return {};
}

QString presence_text(const starling::Presence& presence, const QDateTime& now) {
  if (presence.state != starling::PresenceState::kOffline) return presence_word(presence);
  if (presence.last_seen_ms <= 0) return {};
  return last_seen(QDateTime::fromMSecsSinceEpoch(presence.last_seen_ms), now);
}

QString typing_text() { return PresenceWords::tr("typing…"); }

QString typing_text(const QStringList& names) {
  if (names.isEmpty()) return {};
  if (names.size() > 2 || (names.size() == 2 && names.contains(QString()))) {
    return PresenceWords::tr("several people are typing…");
  }
  if (names.size() == 2) {
    return PresenceWords::tr("%1 and %2 are typing…").arg(isolated(names[0]), isolated(names[1]));
  }
  if (names.first().isEmpty()) return PresenceWords::tr("somebody is typing…");
  return PresenceWords::tr("%1 is typing…").arg(isolated(names.first()));
}

QString detail_line(const QString& name, const QString& presence) {
  if (name.isEmpty() || presence.isEmpty()) return name + presence;
  return QStringLiteral("%1 · %2").arg(isolated(name), presence);
}

}  // namespace starling_app
