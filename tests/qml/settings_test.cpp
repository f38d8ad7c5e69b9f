// What is set is kept in the file; what makes no sense there counts as not set.
#include <gtest/gtest.h>

#include <QFile>
#include <QSignalSpy>
#include <QTemporaryDir>

#include "qml-client/src/app_settings.h"

namespace starling_app {
namespace {

class Settings : public testing::Test {
 protected:
  QString file() const { return folder_.filePath(QStringLiteral("deep/settings.ini")); }

  QTemporaryDir folder_;
};

TEST_F(Settings, AreWhatIsUsualAtFirst) {
  const AppSettings settings(file());
  EXPECT_EQ(settings.theme(), AppSettings::SystemTheme);
  EXPECT_EQ(settings.font_scale(), 100);
  EXPECT_TRUE(settings.enter_sends());
  EXPECT_TRUE(settings.notifications());
  EXPECT_TRUE(settings.notification_text());
  EXPECT_FALSE(settings.close_to_tray());
  EXPECT_EQ(settings.language(), QString());
}

TEST_F(Settings, OutliveTheApp) {
  {
    AppSettings settings(file());
    QSignalSpy themes(&settings, &AppSettings::theme_changed);
    settings.set_theme(AppSettings::DarkTheme);
    settings.set_theme(AppSettings::DarkTheme);
    EXPECT_EQ(themes.count(), 1);
    settings.set_font_scale(150);
    settings.set_enter_sends(false);
    settings.set_notifications(false);
    settings.set_notification_text(false);
    settings.set_close_to_tray(true);
    settings.set_language(QStringLiteral("de"));
    EXPECT_EQ(settings.error(), QString());
  }
  const AppSettings again(file());
  EXPECT_EQ(again.theme(), AppSettings::DarkTheme);
  EXPECT_EQ(again.font_scale(), 150);
  EXPECT_FALSE(again.enter_sends());
  EXPECT_FALSE(again.notifications());
  EXPECT_FALSE(again.notification_text());
  EXPECT_TRUE(again.close_to_tray());
  EXPECT_EQ(again.language(), QStringLiteral("de"));
}

TEST_F(Settings, StayWithinTheirBounds) {
  AppSettings settings(file());
  settings.set_font_scale(1);
  EXPECT_EQ(settings.font_scale(), AppSettings::kSmallestFont);
  settings.set_font_scale(1'000);
  EXPECT_EQ(settings.font_scale(), AppSettings::kLargestFont);
  settings.set_language(QStringLiteral("xx"));
  EXPECT_EQ(settings.language(), QString());
}

TEST_F(Settings, ThatMakeNoSenseCountAsNotSet) {
  const QString path = folder_.filePath(QStringLiteral("settings.ini"));
  QFile written(path);
  ASSERT_TRUE(written.open(QIODevice::WriteOnly));
  ASSERT_GT(written.write("[General]\ntheme=green\nfont_scale=huge\nenter_sends=perhaps\n"
                          "close_to_tray=7\nlanguage=xx\n"),
            0);
  written.close();
  const AppSettings settings(path);
  EXPECT_EQ(settings.theme(), AppSettings::SystemTheme);
  EXPECT_EQ(settings.font_scale(), 100);
  EXPECT_TRUE(settings.enter_sends());
  EXPECT_FALSE(settings.close_to_tray());
  EXPECT_EQ(settings.language(), QString());
}

TEST_F(Settings, ThatCannotBeKeptAreSaidAndHoldAllTheSame) {
  QFile in_the_way(folder_.filePath(QStringLiteral("deep")));
  ASSERT_TRUE(in_the_way.open(QIODevice::WriteOnly));
  AppSettings settings(file());
  settings.set_theme(AppSettings::LightTheme);
  EXPECT_TRUE(settings.error().contains(file())) << settings.error().toStdString();
  EXPECT_EQ(settings.theme(), AppSettings::LightTheme);
}

}  // namespace
}  // namespace starling_app
