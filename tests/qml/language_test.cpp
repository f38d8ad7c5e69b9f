// The words, the dates and the direction of a language.
#include "qml-client/src/app_language.h"

#include <gtest/gtest.h>

#include <QGuiApplication>
#include <QLocale>
#include <QSet>
#include <string>

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

// What the SDK says of its file is for programmers, and English.
TEST_F(Language, AnOutboxThatWillNotDoIsSaidInOnesOwnLanguage) {
  const QString file = QStringLiteral("/data/outbox-ada.db");
  starling::Error error;
  error.code = starling::ErrorCode::kFailed;
  error.message = "The outbox has format 9: give this one a file of its own.";
  for (const char* language : {"en", "de"}) {
    language_.use(QString::fromLatin1(language));
    QSet<QString> sentences;
    for (const char* field : {"version", "busy", "damaged", "owner"}) {
      error.field = field;
      const QString sentence = outbox_error(error, file);
      EXPECT_TRUE(sentence.contains(file)) << field;
      EXPECT_FALSE(sentence.contains(QStringLiteral("a file of its own"))) << field;
      sentences.insert(sentence);
    }
    EXPECT_EQ(sentences.size(), 4) << language;
    error.field = "version";
    EXPECT_TRUE(outbox_error(error, file)
                    .contains(language == std::string("de")
                                  ? QStringLiteral("neueren Version von Starling")
                                  : QStringLiteral("newer version of Starling")));
  }
  error.field.clear();  // Why it cannot be used is the system's to say.
  EXPECT_EQ(outbox_error(error, file), QString::fromStdString(error.message));
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
