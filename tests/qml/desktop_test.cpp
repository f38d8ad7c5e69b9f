// What the app does outside its window, against a notification service on a bus of its own.
#include <gtest/gtest.h>

#include <QSignalSpy>
#include <QTemporaryDir>
#include <memory>

#include "qml-client/src/app_language.h"
#include "qml-client/src/desktop.h"
#include "tests/qml/fake_notifications.h"

namespace starling_app {
namespace {

Notice notice(qint64 conversation, const QString& body) {
  Notice made;
  made.conversation = conversation;
  made.title = QStringLiteral("Grace Hopper");
  made.body = body;
  return made;
}

class AppDesktop : public testing::Test {
 protected:
  AppDesktop()
      : service_(std::make_unique<FakeNotifications>(bus_.connect(QStringLiteral("service")))),
        connection_(bus_.connect(QStringLiteral("app"))),
        settings_(folder_.filePath(QStringLiteral("settings.ini"))) {
    notifier_ = std::make_unique<Notifier>(connection_, settings_);
  }

  bool asked(std::size_t count) {
    return run_until([this, count] { return service_->asked.size() >= count; });
  }
  // Whatever was sent before has arrived: the bus keeps the order.
  std::size_t asked_by_now() {
    const QString words = QStringLiteral("the last one, %1").arg(++last_);
    Notice last = notice(999, words);
    last.mentions_me = true;
    notifier_->show(last);
    EXPECT_TRUE(run_until(
        [&] { return !service_->asked.empty() && service_->asked.back().body == words; }));
    return service_->asked.size() - static_cast<std::size_t>(last_);
  }

  PrivateBus bus_;
  QTemporaryDir folder_;
  std::unique_ptr<FakeNotifications> service_;
  QDBusConnection connection_;
  AppSettings settings_;
  std::unique_ptr<Notifier> notifier_;
  int last_ = 0;
};

TEST_F(AppDesktop, OneNotificationForEachConversation) {
  notifier_->show(notice(7, QStringLiteral("one")));
  notifier_->show(notice(7, QStringLiteral("two")));    // Before the first was answered,
  notifier_->show(notice(7, QStringLiteral("three")));  // so that only the last of them counts.
  notifier_->show(notice(8, QStringLiteral("other")));
  ASSERT_TRUE(asked(3));
  std::map<QString, FakeNotifications::Asked> by_body;
  for (const auto& one : service_->asked) by_body[one.body] = one;
  EXPECT_EQ(by_body[QStringLiteral("one")].replaces, 0U);
  EXPECT_EQ(by_body[QStringLiteral("three")].replaces, by_body[QStringLiteral("one")].id);
  EXPECT_EQ(by_body[QStringLiteral("other")].replaces, 0U);
  EXPECT_NE(by_body[QStringLiteral("other")].id, by_body[QStringLiteral("one")].id);
  EXPECT_EQ(by_body.count(QStringLiteral("two")), 0U);
  EXPECT_EQ(by_body[QStringLiteral("one")].summary, QStringLiteral("Grace Hopper"));
}

TEST_F(AppDesktop, WordsAreNoMarkup) {
  Notice group = notice(7, QStringLiteral("<b>1 < 2</b> & \"more\""));
  group.sender = QStringLiteral("<i>");
  notifier_->show(group);
  ASSERT_TRUE(asked(1));
  EXPECT_EQ(
      service_->asked[0].body.toStdString(),
      "\u2068&lt;i&gt;\u2069: \u2068&lt;b&gt;1 &lt; 2&lt;/b&gt; &amp; &quot;more&quot;\u2069");
}

TEST_F(AppDesktop, ANameInFrontOfTheWordsTurnsNoneOfThem) {
  Notice group = notice(7, QStringLiteral("\u0623\u0647\u0644\u0627!\nsee you"));
  group.sender = QStringLiteral("b\u202eob");
  notifier_->show(group);
  ASSERT_TRUE(asked(1));
  EXPECT_EQ(service_->asked[0].body,
            QStringLiteral("\u2068bob\u2069: \u2068\u0623\u0647\u0644\u0627!\u2069\n"
                           "\u2068see you\u2069"));
}

// A NUL would end the text on the bus, and half an emoji is none.
TEST_F(AppDesktop, HostileTextIsOnlyText) {
  const QString hostile =
      QStringLiteral("<b>x</b><img src=\"file:///etc/passwd\"> \u001b[31m\u009c") + QChar(0) +
      QStringLiteral("\u202eevil\n") + QStringLiteral("\U0001F426").repeated(500);
  Notice direct = notice(7, hostile);
  direct.title = QStringLiteral("<i>a</i>\n\u202eb") + QChar(0) + u'c';
  notifier_->show(direct);
  ASSERT_TRUE(asked(1));
  EXPECT_EQ(service_->asked[0].summary, QStringLiteral("<i>a</i> \u202eb c"));
  const QString begun = QStringLiteral(
      "&lt;b&gt;x&lt;/b&gt;&lt;img src=&quot;file:///etc/passwd&quot;&gt;  [31m  \u202eevil\n");
  const QString body = service_->asked[0].body;
  EXPECT_EQ(body.left(begun.size()), begun);
  const QString rest = body.mid(begun.size());
  ASSERT_GT(rest.size(), 100);
  EXPECT_EQ(rest, QStringLiteral("\U0001F426").repeated(static_cast<int>(rest.size()) / 2) + u'…');
}

TEST_F(AppDesktop, LongWordsAreShortened) {
  notifier_->show(notice(7, QString(5'000, u'x')));
  ASSERT_TRUE(asked(1));
  EXPECT_EQ(service_->asked[0].body.size(), 241);
}

TEST_F(AppDesktop, AClickTellsTheConversation) {
  QSignalSpy clicked(notifier_.get(), &Notifier::clicked);
  notifier_->show(notice(7, QStringLiteral("one")));
  ASSERT_TRUE(asked(1));
  (void)asked_by_now();  // The app has the first one's id.
  EXPECT_EQ(service_->asked[0].actions.value(0), QStringLiteral("default"));
  emit service_->ActionInvoked(4'711, QStringLiteral("default"));  // Of another app.
  emit service_->ActionInvoked(service_->asked[0].id, QStringLiteral("default"));
  ASSERT_TRUE(run_until([&] { return clicked.count() > 0; }));
  EXPECT_EQ(clicked.count(), 1);
  EXPECT_EQ(clicked[0][0].toLongLong(), 7);
}

TEST_F(AppDesktop, WhatIsInViewOrMutedIsToldOfMentionsOnly) {
  Notice seen = notice(7, QStringLiteral("seen"));
  seen.in_view = true;
  notifier_->show(seen);
  notifier_->set_muted(true);
  notifier_->show(notice(8, QStringLiteral("muted")));
  EXPECT_EQ(asked_by_now(), 0U);
  seen.mentions_me = true;
  notifier_->show(seen);
  ASSERT_TRUE(asked(2));
  EXPECT_EQ(service_->asked.back().body, QStringLiteral("seen"));
}

TEST_F(AppDesktop, TheSettingsRule) {
  settings_.set_notification_text(false);
  notifier_->show(notice(7, QStringLiteral("a secret")));
  ASSERT_TRUE(asked(1));
  EXPECT_EQ(service_->asked[0].body, QStringLiteral("New message"));
  settings_.set_notification_text(true);
  settings_.set_notifications(false);
  Notice mention = notice(8, QStringLiteral("@ada"));
  mention.mentions_me = true;
  notifier_->show(mention);
  settings_.set_notifications(true);
  EXPECT_EQ(asked_by_now(), 1U);
}

TEST_F(AppDesktop, WhatWasReadIsWithdrawn) {
  notifier_->show(notice(7, QStringLiteral("one")));
  notifier_->withdraw(7);  // Before the service has answered.
  ASSERT_TRUE(run_until([this] { return service_->closed.size() == 1; }));
  EXPECT_EQ(service_->closed[0], service_->asked[0].id);
  notifier_->show(notice(7, QStringLiteral("two")));
  ASSERT_TRUE(asked(2));
  EXPECT_EQ(service_->asked[1].replaces, 0U);
}

TEST_F(AppDesktop, OneThatWasClosedIsNotReplaced) {
  notifier_->show(notice(7, QStringLiteral("one")));
  ASSERT_TRUE(asked(1));
  (void)asked_by_now();
  emit service_->NotificationClosed(service_->asked[0].id, 2);
  (void)asked_by_now();
  notifier_->show(notice(7, QStringLiteral("two")));
  ASSERT_TRUE(run_until([this] { return service_->asked.back().body == u"two"; }));
  EXPECT_EQ(service_->asked.back().replaces, 0U);
}

TEST_F(AppDesktop, AServiceThatComesLaterIsUsed) {
  service_.reset();
  notifier_->show(notice(7, QStringLiteral("nobody")));
  service_ = std::make_unique<FakeNotifications>(bus_.connect(QStringLiteral("later")));
  ASSERT_TRUE(run_until([this] {
    notifier_->show(notice(7, QStringLiteral("somebody")));
    QCoreApplication::processEvents(QEventLoop::AllEvents, 10);
    return !service_->asked.empty();
  }));
  EXPECT_EQ(service_->asked[0].body, QStringLiteral("somebody"));
}

TEST_F(AppDesktop, AMessageThatArrivesIsTold) {
  ChatClient client({QStringLiteral("127.0.0.1:1")}, folder_.path());
  QQuickWindow window;
  const Desktop desktop(client, settings_, window, connection_, false);
  starling::Message message;
  message.conversation_id = 7;
  message.sender = "grace";
  message.body = "Morning!";
  emit client.messageArrived(message);
  ASSERT_TRUE(asked(1));
  EXPECT_EQ(service_->asked[0].summary, QStringLiteral("grace"));
  EXPECT_EQ(service_->asked[0].body, QStringLiteral("Morning!"));
}

TEST_F(AppDesktop, AMessageThatIsDeletedIsNotToldAnyMore) {
  ChatClient client({QStringLiteral("127.0.0.1:1")}, folder_.path());
  QQuickWindow window;
  const Desktop desktop(client, settings_, window, connection_, false);
  starling::Message message;
  message.conversation_id = 7;
  message.seq = 4;
  message.body = "a secret";
  emit client.messageArrived(message);
  ASSERT_TRUE(asked(1));
  emit client.messageErased(7, 3);  // Others than that one.
  emit client.messageErased(8, 4);
  (void)asked_by_now();
  EXPECT_TRUE(service_->closed.empty());
  emit client.messageErased(7, 4);
  EXPECT_TRUE(run_until([this] { return service_->closed.size() == 1; }));
  EXPECT_EQ(service_->closed.at(0), service_->asked[0].id);
}

TEST_F(AppDesktop, TheCloseButtonHidesTheWindowWhenToldSo) {
  ChatClient client({QStringLiteral("127.0.0.1:1")}, folder_.path());
  QQuickWindow window;
  Desktop desktop(client, settings_, window, connection_, true);
  QSignalSpy closing(&window, SIGNAL(closing(QQuickCloseEvent*)));
  window.show();
  settings_.set_close_to_tray(true);
  EXPECT_FALSE(window.close());
  EXPECT_FALSE(window.isVisible());
  EXPECT_EQ(closing.count(), 0);
  ASSERT_NE(desktop.tray(), nullptr);
  emit desktop.tray()->openWanted();
  EXPECT_TRUE(window.isVisible());
  settings_.set_close_to_tray(false);
  EXPECT_TRUE(window.close());
  EXPECT_EQ(closing.count(), 1);
  settings_.set_close_to_tray(true);  // Without a tray nobody could bring it back.
  QQuickWindow other;
  const Desktop plain(client, settings_, other, connection_, false);
  other.show();
  EXPECT_TRUE(other.close());
}

TEST(AppTray, ShowsHowManyAreUnread) {
  Tray tray;
  tray.set_unread(0);
  const QImage none = app_icon(0).pixmap(64, 64).toImage();
  EXPECT_NE(none, app_icon(3).pixmap(64, 64).toImage());
  EXPECT_NE(app_icon(3).pixmap(64, 64).toImage(), app_icon(4).pixmap(64, 64).toImage());
  EXPECT_EQ(app_icon(100).pixmap(64, 64).toImage(), app_icon(4'000).pixmap(64, 64).toImage());
  tray.set_unread(3);
  EXPECT_EQ(tray.tool_tip(), QStringLiteral("Starling, 3 unread"));
}

// At once, with what is checked in it.
TEST(AppTray, ItsWordsFollowTheLanguage) {
  AppLanguage language;
  language.use(QStringLiteral("en"));
  Tray tray;
  tray.set_unread(3);
  const auto words = [&tray] {
    QStringList all;
    for (const QAction* action : tray.menu().actions()) all << action->text();
    return all << tray.tool_tip();
  };
  tray.menu().actions().at(1)->setChecked(true);
  EXPECT_EQ(words(),
            (QStringList{"Open Starling", "Mute notifications", "", "Quit", "Starling, 3 unread"}));
  language.use(QStringLiteral("de"));
  EXPECT_TRUE(run_until([&words] { return words().contains(QStringLiteral("Beenden")); }));
  EXPECT_EQ(words(), (QStringList{"Starling öffnen", "Benachrichtigungen stumm", "", "Beenden",
                                  "Starling, 3 ungelesen"}));
  EXPECT_TRUE(tray.menu().actions().at(1)->isChecked());
  language.use(QStringLiteral("en"));
  EXPECT_TRUE(run_until([&words] { return words().contains(QStringLiteral("Quit")); }));
}

TEST(AppTray, HasAMenu) {
  Tray tray;
  QSignalSpy open(&tray, &Tray::openWanted);
  QSignalSpy mute(&tray, &Tray::muteWanted);
  QSignalSpy quit(&tray, &Tray::quitWanted);
  for (QAction* action : tray.menu().actions()) action->trigger();
  EXPECT_EQ(open.count(), 1);
  ASSERT_EQ(mute.count(), 1);
  EXPECT_TRUE(mute[0][0].toBool());
  EXPECT_EQ(quit.count(), 1);
}

}  // namespace
}  // namespace starling_app
