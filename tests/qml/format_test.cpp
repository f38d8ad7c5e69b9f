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

TEST(AppFormat, ErrorsSaySomething) {
  for (const auto code : {starling::ErrorCode::kUnavailable, starling::ErrorCode::kUnauthenticated,
                          starling::ErrorCode::kInvalidArgument, starling::ErrorCode::kNotFound}) {
    starling::Error error;
    error.code = code;
    error.message = "why";
    EXPECT_FALSE(error_sentence(error).isEmpty());
  }
  EXPECT_TRUE(waiting_sentence(1).contains("1 message "));
  EXPECT_TRUE(waiting_sentence(2).contains("2 messages "));
}

}  // namespace
}  // namespace starling_app
