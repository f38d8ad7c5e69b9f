// The wording of the app. See format.h.
#include "qml-client/src/format.h"

#include <QCoreApplication>
#include <QLocale>
#include <QStringList>

#include "qml-client/src/sentences.h"

namespace starling_app {
namespace {

struct Words {
  Q_DECLARE_TR_FUNCTIONS(Words)
};

constexpr int kMaxNames = 5;  // In one sentence; the others are a number.

}  // namespace

QString clock_time(const QDateTime& when) { return when.toString(QStringLiteral("HH:mm")); }

QString day_title(const QDateTime& when, const QDateTime& now) {
  const QLocale locale;
  const qint64 days = when.date().daysTo(now.date());
  if (days == 0) return Words::tr("Today");
  if (days == 1) return Words::tr("Yesterday");
  if (days > 1 && days < 7) return locale.toString(when.date(), QStringLiteral("dddd"));
  const bool this_year = when.date().year() == now.date().year();
  return locale.toString(when.date(), this_year ? Words::tr("d MMMM", "a date of this year")
                                                : Words::tr("d MMMM yyyy", "a date"));
}

QString list_time(const QDateTime& when, const QDateTime& now) {
  const qint64 days = when.date().daysTo(now.date());
  if (days == 0) return clock_time(when);
  if (days > 0 && days < 7) return QLocale().toString(when.date(), u"ddd");
  return when.toString(QStringLiteral("dd.MM.yy"));
}

QString lasting(qint64 ms) {
  constexpr qint64 kSecond = 1'000;
  constexpr qint64 kMinute = 60 * kSecond;
  if (ms < kSecond) return Words::tr("%1 ms", "a duration").arg(ms);
  if (ms >= kMinute) {
    return Words::tr("%1 min %2 s", "a duration").arg(ms / kMinute).arg(ms % kMinute / kSecond);
  }
  const double seconds = static_cast<double>(ms / 100) / 10;
  return Words::tr("%1 s", "a duration").arg(QLocale().toString(seconds, 'f', 1));
}

QString date_text(const QDateTime& when) {
  return QLocale().toString(when.date(), Words::tr("d MMMM yyyy", "a date"));
}

QString moment_text(const QDateTime& when, const QDateTime& now) {
  return QStringLiteral("%1, %2").arg(day_title(when, now), clock_time(when));
}

namespace {

QString first_letter(const QString& word) {
  if (word.isEmpty()) return {};
  const int units = word.at(0).isHighSurrogate() && word.size() > 1 ? 2 : 1;
  return word.left(units).toUpper();
}

}  // namespace

QString initials(const QString& name) {
  QString separated = name;
  for (QChar& c : separated) {
    if (c == u'.' || c == u'_' || c == u'-') c = u' ';
  }
  const QStringList words = separated.simplified().split(u' ', Qt::SkipEmptyParts);
  if (words.isEmpty()) return QStringLiteral("?");
  QString letters = first_letter(words.first());
  if (words.size() > 1) letters += first_letter(words.at(1));
  return letters;
}

int avatar_color(const QString& name) {
  // FNV-1a: qHash is seeded anew in each process.
  quint32 hash = 2'166'136'261U;
  for (const char byte : name.toUtf8()) {
    hash = (hash ^ static_cast<quint8>(byte)) * 16'777'619U;
  }
  return static_cast<int>(hash % kAvatarColors);
}

QString beginning(const QString& text, qsizetype most) {
  const bool halved = most > 0 && most < text.size() && text.at(most).isLowSurrogate() &&
                      text.at(most - 1).isHighSurrogate();
  return text.left(halved ? most - 1 : most);
}

QString one_line(const QString& text, int max_length) {
  return beginning(in_one_line(beginning(text, max_length * 2)).simplified(), max_length);
}

QString waiting_sentence(int count) {
  if (count <= 0) return {};
  return Words::tr("%n message(s) wait(s) and will be sent by itself (themselves).", nullptr,
                   count);
}

QString role_text(starling::MemberRole role) {
  switch (role) {
    case starling::MemberRole::kOwner:
      return Words::tr("Owner");
    case starling::MemberRole::kAdmin:
      return Words::tr("Admin");
    case starling::MemberRole::kMember:
      break;
  }
  return {};
}

QString members_text(qint64 count) {
  return Words::tr("%n member(s)", nullptr, static_cast<int>(count));
}

QStringList names_in_system(const starling::Message& message) {
  using starling::MessageKind;
  const QString body = QString::fromStdString(message.body);
  switch (message.kind) {
    case MessageKind::kMembersAdded:
      return body.split(u' ', Qt::SkipEmptyParts).mid(0, kMaxNames);
    case MessageKind::kMemberRemoved:
    case MessageKind::kOwnerChanged:
    case MessageKind::kAdminAdded:
    case MessageKind::kAdminRemoved:
      return {body};
    case MessageKind::kText:
    case MessageKind::kGroupCreated:
    case MessageKind::kGroupRenamed:
    case MessageKind::kMemberLeft:
    case MessageKind::kGroupDissolved:
    case MessageKind::kOther:
      break;
  }
  return {};
}

QString system_sentence(const starling::Message& message, const NameOf& name_of) {
  using starling::MessageKind;
  const QString who = isolated(name_of(QString::fromStdString(message.sender), true));
  const QString body = QString::fromStdString(message.body);
  QStringList shown;
  for (const QString& name : names_in_system(message)) shown << isolated(name_of(name, false));
  QString whom = shown.join(QStringLiteral(", "));
  switch (message.kind) {
    case MessageKind::kGroupCreated:
      return Words::tr("%1 created the group “%2”").arg(who, isolated(body));
    case MessageKind::kGroupRenamed:
      return Words::tr("%1 named the group “%2”").arg(who, isolated(body));
    case MessageKind::kMembersAdded: {
      const auto more = body.split(u' ', Qt::SkipEmptyParts).size() - shown.size();
      if (more > 0) {
        whom = Words::tr("%1 and %n other(s)", nullptr, static_cast<int>(more)).arg(whom);
      }
      return Words::tr("%1 added %2").arg(who, whom);
    }
    case MessageKind::kMemberRemoved:
      return Words::tr("%1 removed %2").arg(who, whom);
    case MessageKind::kMemberLeft:
      return Words::tr("%1 left").arg(who);
    case MessageKind::kOwnerChanged:
      return Words::tr("%1 made %2 the owner").arg(who, whom);
    case MessageKind::kAdminAdded:
      return Words::tr("%1 made %2 an admin").arg(who, whom);
    case MessageKind::kAdminRemoved:
      return Words::tr("%1 took the admin’s role from %2").arg(who, whom);
    case MessageKind::kGroupDissolved:
      return Words::tr("%1 dissolved the group").arg(who);
    case MessageKind::kText:
    case MessageKind::kOther:
      break;
  }
  return Words::tr("%1 changed the group").arg(who);
}

QString quote_line(const starling::Message& message, const NameOf& name_of) {
  if (message.deleted) return Words::tr("This message was deleted.");
  if (message.hidden) return Words::tr("You have hidden this message.");
  if (message.kind != starling::MessageKind::kText) return system_sentence(message, name_of);
  return one_line(QString::fromStdString(message.body));
}

QString error_sentence(const starling::Error& error) {
  using starling::ErrorCode;
  const QString detail = QString::fromStdString(error.message);
  switch (error.code) {
    case ErrorCode::kUnauthenticated:
      return Words::tr("Name or password is wrong.");
    case ErrorCode::kAlreadyExists:
      return Words::tr("That name is taken. Choose another one.");
    case ErrorCode::kNotFound:
      return Words::tr("Nobody has that name.");
    case ErrorCode::kPermissionDenied:
      return Words::tr("You may not do that.");
    case ErrorCode::kUnavailable:
    case ErrorCode::kDeadlineExceeded:
      return error.may_have_happened
                 ? Words::tr("The servers did not answer in time. It may have happened.")
                 : Words::tr("The servers cannot be reached. Try again in a moment.");
    case ErrorCode::kResourceExhausted:
      return detail.isEmpty() ? Words::tr("Too much is waiting already. Try again later.") : detail;
    case ErrorCode::kCancelled:
      return Words::tr("That was interrupted.");
    case ErrorCode::kResync:
      return Words::tr("The history changed. Reloading it.");
    case ErrorCode::kInvalidArgument:
    case ErrorCode::kFailed:
    case ErrorCode::kInternal:
      break;
  }
  return detail.isEmpty() ? Words::tr("Something went wrong.") : detail;
}

QString group_error(const starling::Error& error) {
  using starling::ErrorCode;
  QString detail = QString::fromStdString(error.message).trimmed();
  const bool told = error.code == ErrorCode::kPermissionDenied ||
                    error.code == ErrorCode::kInvalidArgument ||
                    error.code == ErrorCode::kNotFound || error.code == ErrorCode::kFailed;
  if (!told || detail.isEmpty()) {
    if (error.code == ErrorCode::kNotFound) return Words::tr("That is not there any more.");
    return error.code == ErrorCode::kUnauthenticated
               ? Words::tr("Your session has ended. Log in again.")
               : error_sentence(error);
  }
  detail[0] = detail.at(0).toUpper();
  if (!detail.endsWith(u'.')) detail += u'.';
  return detail;
}

QString password_error(const starling::Error& error) {
  return error.code == starling::ErrorCode::kUnauthenticated ? Words::tr("That password is wrong.")
                                                             : group_error(error);
}

QString person_error(const starling::Error& error) {
  return error.code == starling::ErrorCode::kNotFound ? Words::tr("Nobody has that name any more.")
                                                      : group_error(error);
}

QString outbox_error(const starling::Error& error, const QString& file) {
  if (error.field == "version") {
    return Words::tr(
               "The messages that wait are in a file of a newer version of Starling. Use that "
               "version, or move the file away: then they are not sent. %1")
        .arg(file);
  }
  if (error.field == "busy") {
    return Words::tr(
               "Another Starling has this account open on this computer. Use that one, or end it "
               "and try again. %1")
        .arg(file);
  }
  if (error.field == "damaged") {
    return Words::
        tr("The file of the messages that wait is damaged. Move it away, with its -wal if there "
           "is one, and try again; they may not have been sent. %1")
            .arg(file);
  }
  if (error.field == "owner") {
    return Words::tr(
               "The file of the messages that wait belongs to another account or cluster. Move it "
               "away and try again. %1")
        .arg(file);
  }
  return error_sentence(error);
}

QString search_error(const starling::Error& error) {
  starling::Error told = error;
  const std::string field = "query: ";  // There is one field only.
  if (told.message.rfind(field, 0) == 0) told.message.erase(0, field.size());
  return group_error(told);
}

}  // namespace starling_app
