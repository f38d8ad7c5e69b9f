// What people read: times, day separators, initials, system messages and error sentences. Pure
// functions; the time zone and the present are arguments, so that tests know the answer.
#pragma once

#include <QDateTime>
#include <QString>
#include <QStringList>
#include <functional>

#include "starling/result.h"
#include "starling/types.h"

namespace starling_app {

inline constexpr int kAvatarColors = 8;  // As many as Theme.avatarColors has.

// "14:05"
QString clock_time(const QDateTime& when);
// "Today", "Yesterday", "Monday" within a week, then "3 March", with the year when it is another.
QString day_title(const QDateTime& when, const QDateTime& now);
// For a list: the time today, the short name of the day within a week, else "03.03.26".
QString list_time(const QDateTime& when, const QDateTime& now);
// How long something took: "38 ms", "7.4 s", "4 min 4 s".
QString lasting(qint64 ms);
// "3 March 2026"
QString date_text(const QDateTime& when);
// The day, as above, and the time: "Today, 14:05".
QString moment_text(const QDateTime& when, const QDateTime& now);
// Up to two letters: of the first two words, or the first of one word.
QString initials(const QString& name);
// The same name has the same colour everywhere and at every start: 0 .. kAvatarColors - 1.
int avatar_color(const QString& name);
// At most that many UTF-16 units of its beginning, and no half of a character.
QString beginning(const QString& text, qsizetype most);
// One line of a longer text: no line breaks, no runs of blanks.
QString one_line(const QString& text, int max_length = 120);
// "1 message is waiting" and the like.
QString waiting_sentence(int count);
// "Owner", "Admin", or nothing for a member.
QString role_text(starling::MemberRole role);
// "1 member" and the like.
QString members_text(qint64 count);
// What a name is shown as: `begins` tells that a sentence begins with it ("You", not "you").
using NameOf = std::function<QString(const QString& account_name, bool begins)>;
// A system message as a sentence without a full stop: "ada added bob, carl". Names and titles in it
// are isolated.
QString system_sentence(const starling::Message& message, const NameOf& name_of);
// The account names in the body of a system message, as far as its sentence shows them.
QStringList names_in_system(const starling::Message& message);
// What a message says where there is room for one line: its words, or that it has none.
QString quote_line(const starling::Message& message, const NameOf& name_of);
// What went wrong and what helps, in one or two short sentences.
QString error_sentence(const starling::Error& error);
// The same for what one does in a conversation: the servers' own words say whose role, whose block
// or which limit does not allow it.
QString group_error(const starling::Error& error);
// The same where a password was asked for, which is what is wrong, then.
QString password_error(const starling::Error& error);
// The same where one looks at a person: there may be nobody of that name any more.
QString person_error(const starling::Error& error);
// The same for the file of the messages that wait, `file`.
QString outbox_error(const starling::Error& error, const QString& file);
// The same for a search: the servers' own words say what is wrong with it.
QString search_error(const starling::Error& error);

}  // namespace starling_app
