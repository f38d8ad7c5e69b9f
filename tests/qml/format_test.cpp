// What people read.
#include "qml-client/src/format.h"

#include <gtest/gtest.h>

namespace starling_app {
namespace {

QDateTime at(int year, int month, int day, int hour = 12, int minute = 0) {
  return QDateTime(QDate(year, month, day), QTime(hour, minute));
}

TEST(AppFormat, TimesAndDays) {
  const QDateTime now = at(2026, 3, 18, 9);  // A Wednesday.
  EXPECT_EQ(clock_time(at(2026, 3, 18, 7, 5)), "07:05");
  EXPECT_EQ(day_title(at(2026, 3, 18, 0), now), "Today");
  EXPECT_EQ(day_title(at(2026, 3, 17, 23, 59), now), "Yesterday");
  EXPECT_EQ(day_title(at(2026, 3, 14), now), "Saturday");
  EXPECT_EQ(day_title(at(2026, 3, 3), now), "3 March");
  EXPECT_TRUE(day_title(at(2024, 3, 3), now).contains("2024"));
  EXPECT_EQ(list_time(at(2026, 3, 18, 7, 5), now), "07:05");
  EXPECT_EQ(list_time(at(2026, 3, 17), now), "Tue");
}

TEST(AppFormat, Initials) {
  EXPECT_EQ(initials("Grace Hopper"), "GH");
  EXPECT_EQ(initials("ada"), "A");
  EXPECT_EQ(initials(""), initials("  "));
  EXPECT_LE(initials("A B C D").size(), 2);
}

TEST(AppFormat, ColoursAreStableAndInRange) {
  for (const char* name : {"ada", "bob", "", "mei-lin", "x"}) {
    EXPECT_EQ(avatar_color(name), avatar_color(name));
    EXPECT_GE(avatar_color(name), 0);
    EXPECT_LT(avatar_color(name), kAvatarColors);
  }
}

TEST(AppFormat, OneLineHasNoBreaksAndAnEnd) {
  EXPECT_EQ(one_line("a\n\n b\t c"), "a b c");
  EXPECT_LE(one_line(QString(10'000, u'x')).size(), 121);
}

TEST(AppFormat, ErrorsSayWhatToDo) {
  using starling::ErrorCode;
  const auto said = [](ErrorCode code, bool may_have_happened = false) {
    starling::Error error;
    error.code = code;
    error.message = "why";
    error.may_have_happened = may_have_happened;
    return error_sentence(error).toStdString();
  };
  EXPECT_EQ(said(ErrorCode::kUnauthenticated), "Name or password is wrong.");
  EXPECT_EQ(said(ErrorCode::kAlreadyExists), "That name is taken. Choose another one.");
  EXPECT_EQ(said(ErrorCode::kNotFound), "Nobody has that name.");
  EXPECT_EQ(said(ErrorCode::kPermissionDenied), "You may not do that.");
  EXPECT_EQ(said(ErrorCode::kUnavailable), "The servers cannot be reached. Try again in a moment.");
  EXPECT_EQ(said(ErrorCode::kDeadlineExceeded, true),
            "The servers did not answer in time. It may have happened.");
  EXPECT_EQ(said(ErrorCode::kInvalidArgument), "why");  // The server knows best.
  EXPECT_EQ(error_sentence({}).toStdString(), "Something went wrong.");
  EXPECT_TRUE(waiting_sentence(1).contains("1 message "));
  EXPECT_TRUE(waiting_sentence(2).contains("2 messages "));
}

starling::Message system(starling::MessageKind kind, const std::string& body = "") {
  starling::Message made;
  made.kind = kind;
  made.sender = "ada";
  made.body = body;
  return made;
}

// "[ada] added [bob]": a name in FSI … PDI, and the rest.
QString with_brackets(QString text) {
  return text.replace(QChar(0x2068), u'[').replace(QChar(0x2069), u']');
}

QString without_isolates(QString text) { return text.remove(QChar(0x2068)).remove(QChar(0x2069)); }

// Nobody's name turns the words around it, nor does the title of a group.
TEST(AppFormat, NamesInSystemMessagesKeepTheirDirectionToThemselves) {
  using starling::MessageKind;
  const NameOf hostile = [](const QString& name, bool) {
    return name == u"ada" ? QStringLiteral("\u0639\u0644\u064A") : QStringLiteral("b\u202eob");
  };
  const auto said = [&](MessageKind kind, const std::string& body = "") {
    return with_brackets(system_sentence(system(kind, body), hostile)).toStdString();
  };
  EXPECT_EQ(said(MessageKind::kGroupCreated, "\u202eLunch"), "[علي] created the group “[Lunch]”");
  EXPECT_EQ(said(MessageKind::kGroupRenamed, "شاي!"), "[علي] named the group “[شاي!]”");
  EXPECT_EQ(said(MessageKind::kMembersAdded, "bob ada"), "[علي] added [bob], [علي]");
  EXPECT_EQ(said(MessageKind::kMembersAdded, "a b c d e f"),
            "[علي] added [bob], [bob], [bob], [bob], [bob] and 1 other");
  EXPECT_EQ(said(MessageKind::kMemberRemoved, "bob"), "[علي] removed [bob]");
  EXPECT_EQ(said(MessageKind::kMemberLeft), "[علي] left");
  EXPECT_EQ(said(MessageKind::kOwnerChanged, "bob"), "[علي] made [bob] the owner");
  EXPECT_EQ(said(MessageKind::kAdminAdded, "bob"), "[علي] made [bob] an admin");
  EXPECT_EQ(said(MessageKind::kAdminRemoved, "bob"), "[علي] took the admin’s role from [bob]");
  EXPECT_EQ(said(MessageKind::kGroupDissolved), "[علي] dissolved the group");
  EXPECT_EQ(said(MessageKind::kOther, "?"), "[علي] changed the group");
}

TEST(AppFormat, SystemMessagesAreSentences) {
  using starling::MessageKind;
  const NameOf plain = [](const QString& name, bool) { return name; };
  const auto said = [&](MessageKind kind, const std::string& body = "") {
    return without_isolates(system_sentence(system(kind, body), plain)).toStdString();
  };
  EXPECT_EQ(said(MessageKind::kGroupCreated, "Lunch"), "ada created the group “Lunch”");
  EXPECT_EQ(said(MessageKind::kGroupRenamed, "Tea"), "ada named the group “Tea”");
  EXPECT_EQ(said(MessageKind::kMembersAdded, "bob carl"), "ada added bob, carl");
  EXPECT_EQ(said(MessageKind::kMembersAdded, "a b c d e f"), "ada added a, b, c, d, e and 1 other");
  EXPECT_EQ(said(MessageKind::kMembersAdded, "a b c d e f g"),
            "ada added a, b, c, d, e and 2 others");
  EXPECT_EQ(said(MessageKind::kMemberRemoved, "bob"), "ada removed bob");
  EXPECT_EQ(said(MessageKind::kMemberLeft), "ada left");
  EXPECT_EQ(said(MessageKind::kOwnerChanged, "bob"), "ada made bob the owner");
  EXPECT_EQ(said(MessageKind::kAdminAdded, "bob"), "ada made bob an admin");
  EXPECT_EQ(said(MessageKind::kAdminRemoved, "bob"), "ada took the admin’s role from bob");
  EXPECT_EQ(said(MessageKind::kGroupDissolved), "ada dissolved the group");
  EXPECT_EQ(said(MessageKind::kOther, "?"), "ada changed the group");
}

TEST(AppFormat, SystemMessagesNameTheReader) {
  using starling::MessageKind;
  const NameOf reader = [](const QString& name, bool begins) {
    if (name == u"ada") return begins ? QStringLiteral("You") : QStringLiteral("you");
    return name;
  };
  EXPECT_EQ(
      without_isolates(system_sentence(system(MessageKind::kMembersAdded, "bob ada"), reader)),
      "You added bob, you");
  EXPECT_EQ(names_in_system(system(MessageKind::kMembersAdded, "a b c d e f g")).size(), 5);
  EXPECT_EQ(names_in_system(system(MessageKind::kGroupRenamed, "no name here")), QStringList());
}

TEST(AppFormat, QuotesAreOneLine) {
  const NameOf plain = [](const QString& name, bool) { return name; };
  starling::Message message;
  message.body = "two\nlines";
  EXPECT_EQ(quote_line(message, plain), "two lines");
  message.deleted = true;
  EXPECT_EQ(quote_line(message, plain), "This message was deleted.");
  EXPECT_EQ(with_brackets(quote_line(system(starling::MessageKind::kMemberLeft), plain)),
            "[ada] left");
}

// An emoji has two units.
TEST(AppFormat, WhatIsCutShortEndsWithAWholeCharacter) {
  const QString birds = QStringLiteral("\U0001F426").repeated(200);
  EXPECT_EQ(beginning(birds, 3), QStringLiteral("\U0001F426"));
  EXPECT_EQ(beginning(birds, 4), QStringLiteral("\U0001F426\U0001F426"));
  EXPECT_EQ(beginning(birds, 1), QString());
  EXPECT_EQ(beginning(birds, 400), birds);
  EXPECT_EQ(beginning(birds, 1'000), birds);
  EXPECT_EQ(beginning(QString(), 0), QString());
  EXPECT_EQ(one_line(u'x' + birds, 120), u'x' + birds.left(118));
  EXPECT_EQ(one_line(QStringLiteral("a\u009cb\u001b[31m\u0007c")), QStringLiteral("a b [31m c"));
  EXPECT_EQ(one_line(QString::fromUtf8("a\0b", 3)), QStringLiteral("a b"));
}

TEST(AppFormat, WhatAGroupRefusesIsSaidInTheServersWords) {
  starling::Error error;
  error.code = starling::ErrorCode::kPermissionDenied;
  error.message = "only the group's admins may do that";
  EXPECT_EQ(group_error(error), "Only the group's admins may do that.");
  error.code = starling::ErrorCode::kUnavailable;
  EXPECT_EQ(group_error(error), error_sentence(error));
  EXPECT_EQ(members_text(1), "1 member");
  EXPECT_EQ(members_text(12), "12 members");
  EXPECT_EQ(role_text(starling::MemberRole::kAdmin), "Admin");
  EXPECT_EQ(role_text(starling::MemberRole::kMember), "");
}

TEST(AppFormat, Durations) {
  EXPECT_EQ(lasting(0).toStdString(), "0 ms");
  EXPECT_EQ(lasting(999).toStdString(), "999 ms");
  EXPECT_EQ(lasting(1'000).toStdString(), "1.0 s");
  EXPECT_EQ(lasting(7'481).toStdString(), "7.4 s");
  EXPECT_EQ(lasting(59'999).toStdString(), "59.9 s");
  EXPECT_EQ(lasting(244'179).toStdString(), "4 min 4 s");
}

}  // namespace
}  // namespace starling_app
