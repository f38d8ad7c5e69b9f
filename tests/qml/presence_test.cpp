// Who is there and who types: what is known, for how long, and in which words.
#include <gtest/gtest.h>

#include <QCoreApplication>
#include <QKeyEvent>
#include <QSignalSpy>
#include <string>

#include "qml-client/src/app_language.h"
#include "qml-client/src/conversations_model.h"
#include "qml-client/src/idle_watch.h"
#include "qml-client/src/members_model.h"
#include "qml-client/src/people_model.h"
#include "qml-client/src/presence_book.h"
#include "qml-client/src/presence_text.h"
#include "tests/qml/patience.h"

namespace starling_app {
namespace {

using starling::Presence;
using starling::PresenceState;

constexpr qint64 kAda = 11;
constexpr qint64 kBob = 12;
constexpr qint64 kChat = 7;

const QDateTime kNow(QDate(2026, 3, 18), QTime(9, 30));  // A Wednesday.

Presence how(qint64 account, PresenceState state, const QDateTime& seen = {}) {
  return {account, state, seen.isValid() ? seen.toMSecsSinceEpoch() : 0};
}

std::string seen(const QDateTime& when, const QDateTime& now = kNow) {
  return presence_text(how(kAda, PresenceState::kOffline, when), now).toStdString();
}

class Wording : public testing::Test {
 protected:
  ~Wording() override { language_.use(QStringLiteral("en")); }
  AppLanguage language_;
};

TEST_F(Wording, LastSeenGrowsWithTheTime) {
  language_.use(QStringLiteral("en"));
  EXPECT_EQ(seen(kNow.addSecs(120)), "last seen just now");  // A server's clock is ahead.
  EXPECT_EQ(seen(kNow), "last seen just now");
  EXPECT_EQ(seen(kNow.addSecs(-59)), "last seen just now");
  EXPECT_EQ(seen(kNow.addSecs(-60)), "last seen 1 minute ago");
  EXPECT_EQ(seen(kNow.addSecs(-119)), "last seen 1 minute ago");
  EXPECT_EQ(seen(kNow.addSecs(-120)), "last seen 2 minutes ago");
  EXPECT_EQ(seen(kNow.addSecs(-3'599)), "last seen 59 minutes ago");
  EXPECT_EQ(seen(kNow.addSecs(-3'600)), "last seen 1 hour ago");
  EXPECT_EQ(seen(QDateTime(kNow.date(), QTime(0, 0))), "last seen 9 hours ago");
  EXPECT_EQ(seen(QDateTime(kNow.date().addDays(-1), QTime(23, 59))),
            "last seen yesterday at 23:59");
  EXPECT_EQ(seen(kNow.addDays(-2)), "last seen on Monday");
  EXPECT_EQ(seen(kNow.addDays(-15)), "last seen on 3 March");
  EXPECT_EQ(seen(kNow.addDays(-365)), "last seen on 18 March 2025");
  EXPECT_EQ(seen({}), "");  // Nobody knows.
}

TEST_F(Wording, MidnightComesBeforeTheHour) {
  const QDateTime after(kNow.date(), QTime(0, 20));
  EXPECT_EQ(seen(after.addSecs(-1'800), after), "last seen 30 minutes ago");
  EXPECT_EQ(seen(after.addSecs(-3'600), after), "last seen yesterday at 23:20");
}

TEST_F(Wording, GermanHasItsPluralForms) {
  language_.use(QStringLiteral("de"));
  EXPECT_EQ(seen(kNow.addSecs(-60)), "zuletzt online vor 1 Minute");
  EXPECT_EQ(seen(kNow.addSecs(-120)), "zuletzt online vor 2 Minuten");
  EXPECT_EQ(seen(kNow.addSecs(-3'600)), "zuletzt online vor 1 Stunde");
  EXPECT_EQ(seen(kNow.addSecs(-7'200)), "zuletzt online vor 2 Stunden");
  EXPECT_EQ(seen(kNow), "gerade noch online");
  EXPECT_EQ(seen(kNow.addDays(-1)), "zuletzt online gestern um 09:30");
  EXPECT_EQ(seen(kNow.addDays(-2)), "zuletzt online: Montag");
  EXPECT_EQ(presence_word(how(kAda, PresenceState::kAway)), QStringLiteral("abwesend"));
  EXPECT_EQ(typing_text({QString(), QString()}), QStringLiteral("mehrere schreiben …"));
}

TEST_F(Wording, OnlineAndAwayAreWords) {
  language_.use(QStringLiteral("en"));
  EXPECT_EQ(presence_text(how(kAda, PresenceState::kOnline), kNow), QStringLiteral("online"));
  EXPECT_EQ(presence_text(how(kAda, PresenceState::kAway), kNow), QStringLiteral("away"));
  EXPECT_EQ(presence_word(how(kAda, PresenceState::kOffline, kNow)), QString());
}

QString without_isolates(QString text) { return text.remove(QChar(0x2068)).remove(QChar(0x2069)); }

TEST_F(Wording, WhoTypes) {
  language_.use(QStringLiteral("en"));
  EXPECT_EQ(typing_text({}), QString());
  EXPECT_EQ(without_isolates(typing_text({"ada"})), QString::fromUtf8("ada is typing…"));
  EXPECT_EQ(without_isolates(typing_text({"ada", "bob"})),
            QString::fromUtf8("ada and bob are typing…"));
  EXPECT_EQ(typing_text({"ada", "bob", "carl"}), QString::fromUtf8("several people are typing…"));
  EXPECT_EQ(typing_text({QString()}), QString::fromUtf8("somebody is typing…"));
  EXPECT_EQ(typing_text({"ada", QString()}), QString::fromUtf8("several people are typing…"));
  // No name is a pattern.
  EXPECT_EQ(without_isolates(typing_text({"%2", "%1"})),
            QString::fromUtf8("%2 and %1 are typing…"));
}

TEST_F(Wording, ANameKeepsItsDirectionToItself) {
  const QString evil = QStringLiteral("e\u202evil\u2069\u2066");
  EXPECT_EQ(detail_line(evil, QStringLiteral("online")),
            QString::fromUtf8("\u2068evil\u2069 · online"));
  EXPECT_EQ(detail_line(QString(), QStringLiteral("online")), QStringLiteral("online"));
  EXPECT_EQ(detail_line(QStringLiteral("ada"), QString()), QStringLiteral("ada"));
}

PresenceBook::Times quick(int typing_ms) {
  PresenceBook::Times times;
  times.typing_ms = typing_ms;
  times.refresh_ms = 10;
  times.now = [] { return kNow; };
  return times;
}

using Accounts = std::vector<qint64>;

TEST(PresenceOfOthers, OnlyThoseWatchedAreKept) {
  PresenceBook book(quick(10'000));
  book.set_watched({kAda, kBob});
  QSignalSpy changed(&book, &PresenceBook::presence_changed);
  book.apply(how(kAda, PresenceState::kOnline));
  book.apply(how(kAda, PresenceState::kOnline));  // No news.
  book.apply(how(99, PresenceState::kOnline));
  EXPECT_EQ(changed.size(), 1);
  EXPECT_TRUE(book.online(kAda));
  EXPECT_FALSE(book.online(99));
  book.set_watched({kBob});
  EXPECT_FALSE(book.online(kAda));
  EXPECT_EQ(changed.size(), 2);
  book.apply(how(kBob, PresenceState::kOffline, kNow.addSecs(-300)));
  EXPECT_EQ(book.text(kBob), QStringLiteral("last seen 5 minutes ago"));
  EXPECT_EQ(book.word(kBob), QString());
  book.reset();
  EXPECT_EQ(book.text(kBob), QString());
}

TEST(PresenceOfOthers, TimePassesWhileSomethingIsKnown) {
  PresenceBook book(quick(10'000));
  QSignalSpy passed(&book, &PresenceBook::time_passed);
  book.set_watched({kAda});
  book.apply(how(kAda, PresenceState::kOffline, kNow));
  EXPECT_TRUE(passed.wait(kPatienceMs));
}

TEST(PresenceOfOthers, TypingLastsAsLongAsItIsTold) {
  PresenceBook book(quick(50));
  QSignalSpy changed(&book, &PresenceBook::typing_changed);
  book.apply_typing(kChat, kAda);
  EXPECT_EQ(book.typing(kChat), Accounts{kAda});
  EXPECT_EQ(changed.size(), 1);
  book.apply_typing(kChat, kAda);
  EXPECT_EQ(changed.size(), 1);
  ASSERT_TRUE(changed.wait(kPatienceMs));
  EXPECT_EQ(book.typing(kChat), Accounts{});
}

TEST(PresenceOfOthers, AMessageOrAGoodbyeEndsTheTyping) {
  PresenceBook book(quick(600'000));
  book.set_watched({kAda, kBob});
  for (const qint64 account : {kAda, kBob}) {
    book.apply(how(account, PresenceState::kOnline));
    book.apply_typing(kChat, account);
    book.apply_typing(kChat + 1, account);
  }
  book.apply_message(kChat, kAda);
  EXPECT_EQ(book.typing(kChat), Accounts{kBob});
  EXPECT_EQ(book.typing(kChat + 1), (Accounts{kAda, kBob}));
  book.apply(how(kBob, PresenceState::kOffline, kNow));
  EXPECT_EQ(book.typing(kChat), Accounts{});
  EXPECT_EQ(book.typing(kChat + 1), Accounts{kAda});
}

TEST(PresenceOfOthers, WhatIsKeptOfTypingHasABound) {
  PresenceBook book(quick(600'000));
  for (qint64 place = 1; place <= 200; ++place) {
    for (qint64 account = 1; account <= 20; ++account) book.apply_typing(place, account);
  }
  std::size_t places = 0;
  for (qint64 place = 1; place <= 200; ++place) {
    EXPECT_LE(book.typing(place).size(), PresenceBook::kMaxTypers);
    if (!book.typing(place).empty()) ++places;
  }
  EXPECT_EQ(places, PresenceBook::kMaxPlaces);
}

starling::Conversation direct(qint64 id, qint64 peer) {
  starling::Conversation made;
  made.id = id;
  made.peer_id = peer;
  made.title = "bob";
  return made;
}

TEST(PresenceOfOthers, TheListShowsTheOtherSideAndWhoTypes) {
  PresenceBook book(quick(600'000));
  ConversationsModel model;
  model.set_presence(&book);
  starling::Conversation group;
  group.id = kChat + 1;
  group.kind = starling::ConversationKind::kGroup;
  model.apply_page({{direct(kChat, kBob), group}, false});
  book.set_watched({kBob});
  QSignalSpy changed(&model, &QAbstractItemModel::dataChanged);
  const auto role = [&](int which, int row = 0) { return model.data(model.index(row), which); };
  EXPECT_FALSE(role(ConversationsModel::OnlineRole).toBool());
  book.apply(how(kBob, PresenceState::kOnline));
  EXPECT_TRUE(role(ConversationsModel::OnlineRole).toBool());
  EXPECT_EQ(role(ConversationsModel::PresenceRole).toString(), QStringLiteral("online"));
  EXPECT_FALSE(role(ConversationsModel::OnlineRole, 1).toBool());
  EXPECT_EQ(changed.size(), 1);
  book.apply(how(kBob, PresenceState::kAway));
  EXPECT_TRUE(role(ConversationsModel::AwayRole).toBool());
  EXPECT_FALSE(role(ConversationsModel::OnlineRole).toBool());
  book.apply_typing(kChat, kBob);
  EXPECT_EQ(role(ConversationsModel::TypingRole).toString(), QString::fromUtf8("typing…"));
  EXPECT_EQ(role(ConversationsModel::TypingRole, 1).toString(), QString());
  EXPECT_EQ(changed.size(), 3);
  book.reset();
  EXPECT_EQ(role(ConversationsModel::TypingRole).toString(), QString());
  EXPECT_FALSE(role(ConversationsModel::AwayRole).toBool());
}

TEST(PresenceOfOthers, MembersHaveDotsAndWords) {
  PresenceBook book(quick(600'000));
  MembersModel model;
  model.set_presence(&book);
  model.open(kChat, kAda);
  starling::Member bob;
  bob.account.id = kBob;
  bob.account.name = "bob";
  bob.account.display_name = "Bob";
  model.apply_page(kChat, 0, {{bob}, false});
  const auto detail = [&] {
    return without_isolates(model.data(model.index(0), MembersModel::DetailRole).toString());
  };
  EXPECT_EQ(detail(), QStringLiteral("bob"));
  book.set_watched({kBob});
  QSignalSpy changed(&model, &QAbstractItemModel::dataChanged);
  book.apply(how(kBob, PresenceState::kAway));
  EXPECT_EQ(detail(), QString::fromUtf8("bob · away"));
  EXPECT_TRUE(model.data(model.index(0), MembersModel::AwayRole).toBool());
  EXPECT_EQ(changed.size(), 1);
  EXPECT_TRUE(changed.wait(kPatienceMs));  // As time passes.
  EXPECT_EQ(model.shown_name(kBob), QStringLiteral("Bob"));
  EXPECT_EQ(model.shown_name(99), QString());
}

TEST(PresenceOfOthers, SoHavePeopleWhoWereFound) {
  PresenceBook book(quick(600'000));
  PeopleModel model;
  model.set_presence(&book);
  int question = 0;
  QObject::connect(&model, &PeopleModel::page_wanted, &model, [&](int asked) { question = asked; });
  model.refresh();
  starling::Account bob;
  bob.id = kBob;
  bob.name = "bob";
  model.apply_page(question, {{bob}, false});
  ASSERT_EQ(model.count(), 1);
  book.set_watched({kBob});
  QSignalSpy changed(&model, &QAbstractItemModel::dataChanged);
  book.apply(how(kBob, PresenceState::kOnline));
  EXPECT_EQ(changed.size(), 1);
  EXPECT_TRUE(model.data(model.index(0), person_row::OnlineRole).toBool());
  EXPECT_EQ(without_isolates(model.data(model.index(0), person_row::DetailRole).toString()),
            QString::fromUtf8("bob · online"));
}

TEST(PresenceOfOneself, IdleIsNoInputForAWhile) {
  IdleWatch idle(30);
  QSignalSpy changed(&idle, &IdleWatch::idle_changed);
  ASSERT_TRUE(changed.wait(kPatienceMs));
  EXPECT_TRUE(idle.idle());
  QObject window;
  QKeyEvent key(QEvent::KeyPress, Qt::Key_A, Qt::NoModifier);
  QCoreApplication::sendEvent(&window, &key);
  EXPECT_FALSE(idle.idle());
  QEvent other(QEvent::UpdateRequest);
  QCoreApplication::sendEvent(&window, &other);
  ASSERT_TRUE(changed.wait(kPatienceMs));
  EXPECT_TRUE(idle.idle());
  QCoreApplication::sendEvent(&window, &other);
  EXPECT_TRUE(idle.idle());
}

}  // namespace
}  // namespace starling_app
