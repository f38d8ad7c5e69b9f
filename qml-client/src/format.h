// What people read: times, day separators, initials and error sentences. Pure functions; the time
// zone and the present are arguments, so that tests know the answer.
#pragma once

#include <QDateTime>
#include <QString>

#include "starling/result.h"

namespace starling_app {

inline constexpr int kAvatarColors = 8;  // As many as Theme.avatarColors has.

// "14:05"
QString clock_time(const QDateTime& when);
// "Today", "Yesterday", "Monday" within a week, then "3 March", with the year when it is another.
QString day_title(const QDateTime& when, const QDateTime& now);
// For a list: the time today, the short name of the day within a week, else "03.03.26".
QString list_time(const QDateTime& when, const QDateTime& now);
// Up to two letters: of the first two words, or the first of one word.
QString initials(const QString& name);
// The same name has the same colour everywhere and at every start: 0 .. kAvatarColors - 1.
int avatar_color(const QString& name);
// One line of a longer text: no line breaks, no runs of blanks.
QString one_line(const QString& text, int max_length = 120);
// "1 message is waiting" and the like.
QString waiting_sentence(int count);
// What went wrong and what helps, in one or two short sentences.
QString error_sentence(const starling::Error& error);

}  // namespace starling_app
