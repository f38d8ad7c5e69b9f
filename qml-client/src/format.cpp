// The wording of the app. See format.h.
#include "qml-client/src/format.h"

#include <QLocale>
#include <QStringList>

namespace starling_app {

QString clock_time(const QDateTime& when) { return when.toString(QStringLiteral("HH:mm")); }

QString day_title(const QDateTime& when, const QDateTime& now) {
  const QLocale english(QLocale::English);
  const qint64 days = when.date().daysTo(now.date());
  if (days == 0) return QStringLiteral("Today");
  if (days == 1) return QStringLiteral("Yesterday");
  if (days > 1 && days < 7) return english.toString(when.date(), QStringLiteral("dddd"));
  const bool this_year = when.date().year() == now.date().year();
  return english.toString(when.date(),
                          this_year ? QStringLiteral("d MMMM") : QStringLiteral("d MMMM yyyy"));
}

QString list_time(const QDateTime& when, const QDateTime& now) {
  const qint64 days = when.date().daysTo(now.date());
  if (days == 0) return clock_time(when);
  if (days > 0 && days < 7) return QLocale(QLocale::English).toString(when.date(), u"ddd");
  return when.toString(QStringLiteral("dd.MM.yy"));
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

QString one_line(const QString& text, int max_length) {
  return text.left(max_length * 2).simplified().left(max_length);
}

QString waiting_sentence(int count) {
  if (count <= 0) return {};
  if (count == 1) return QStringLiteral("1 message waits and will be sent by itself.");
  return QStringLiteral("%1 messages wait and will be sent by themselves.").arg(count);
}

QString error_sentence(const starling::Error& error) {
  using starling::ErrorCode;
  const QString detail = QString::fromStdString(error.message);
  switch (error.code) {
    case ErrorCode::kUnauthenticated:
      return QStringLiteral("Name or password is wrong.");
    case ErrorCode::kAlreadyExists:
      return QStringLiteral("That name is taken. Choose another one.");
    case ErrorCode::kNotFound:
      return QStringLiteral("Nobody has that name.");
    case ErrorCode::kPermissionDenied:
      return QStringLiteral("You may not do that.");
    case ErrorCode::kUnavailable:
    case ErrorCode::kDeadlineExceeded:
      return error.may_have_happened
                 ? QStringLiteral("The servers did not answer in time. It may have happened.")
                 : QStringLiteral("The servers cannot be reached. Try again in a moment.");
    case ErrorCode::kResourceExhausted:
      return detail.isEmpty() ? QStringLiteral("Too much is waiting already. Try again later.")
                              : detail;
    case ErrorCode::kCancelled:
      return QStringLiteral("That was interrupted.");
    case ErrorCode::kResync:
      return QStringLiteral("The history changed. Reloading it.");
    case ErrorCode::kInvalidArgument:
    case ErrorCode::kFailed:
    case ErrorCode::kInternal:
      break;
  }
  return detail.isEmpty() ? QStringLiteral("Something went wrong.") : detail;
}

}  // namespace starling_app
