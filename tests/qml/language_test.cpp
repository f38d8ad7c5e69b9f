// The words, the dates and the direction of a language.
#include "qml-client/src/app_language.h"

#include <gtest/gtest.h>

#include <QGuiApplication>
#include <QLocale>

#include "qml-client/src/app_action.h"
#include "qml-client/src/format.h"

namespace starling_app {
namespace {

class Language : public testing::Test {
 protected:
  ~Language() override { language_.use(QStringLiteral("en")); }
  AppLanguage language_;
};

const QDateTime kNow(QDate(2026, 3, 18), QTime(9, 0));

TEST_F(Language, GermanHasItsWordsPluralsAndDates) {
  language_.use(QStringLiteral("de"));
  EXPECT_EQ(members_text(1), QStringLiteral("1 Mitglied"));
  EXPECT_EQ(members_text(2), QStringLiteral("2 Mitglieder"));
  EXPECT_EQ(day_title(kNow, kNow), QStringLiteral("Heute"));
  EXPECT_EQ(day_title(kNow.addDays(-15), kNow), QString::fromUtf8("3. März"));
  EXPECT_EQ(day_title(kNow.addDays(-4), kNow), QStringLiteral("Samstag"));
  EXPECT_EQ(AppAction::all().back().title, QStringLiteral("Abmelden"));
  EXPECT_EQ(QGuiApplication::layoutDirection(), Qt::LeftToRight);
  language_.use(QStringLiteral("en"));
  EXPECT_EQ(members_text(1), QStringLiteral("1 member"));
  EXPECT_EQ(members_text(2), QStringLiteral("2 members"));
  EXPECT_EQ(AppAction::all().back().title, QStringLiteral("Log out"));
}

TEST_F(Language, OneWithoutWordsHasEnglishOnesAndItsOwnDirection) {
  language_.use(QStringLiteral("ar_EG"));
  EXPECT_EQ(AppAction::all().back().title, QStringLiteral("Log out"));
  EXPECT_EQ(members_text(2), QStringLiteral("2 members"));
  EXPECT_EQ(QGuiApplication::layoutDirection(), Qt::RightToLeft);
  language_.use(QStringLiteral("de_AT"));
  EXPECT_EQ(QGuiApplication::layoutDirection(), Qt::LeftToRight);
  EXPECT_EQ(AppAction::all().back().title, QStringLiteral("Abmelden"));
}

}  // namespace
}  // namespace starling_app
