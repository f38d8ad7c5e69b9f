// One's own account and other people, through the real SDK, against a server that notes what it is
// asked.
#include <gtest/gtest.h>

#include <QDir>
#include <QSignalSpy>
#include <QTemporaryDir>
#include <algorithm>
#include <string>
#include <vector>

#include "qml-client/src/chat_client.h"
#include "qml-client/src/sentences.h"
#include "tests/qml/fake_server.h"
#include "tests/qml/patience.h"

namespace starling_app {
namespace {

namespace v1 = starling::v1;

constexpr std::int64_t kBob = 2;

class AppAccount : public testing::Test {
 protected:
  AppAccount() : app_({QString::fromStdString(server_.address())}, data_.path()) {
    server_.set_account(fake_account(kFakeAccount, "ada", "Ada", "I count."));
    server_.set_account(fake_account(kBob, "bob", "Bob", "I build."));
  }

  void log_in() {
    app_.start();
    app_.logIn(QStringLiteral("ada"), QString::fromLatin1(kFakePassword));
    ASSERT_TRUE(until([this] { return app_.conversations()->loaded() && desk().about() != ""; }));
  }
  AccountDesk& desk() { return *app_.account(); }
  PersonDesk& person() { return *app_.person(); }
  // What is said once nothing is under way.
  std::string said() {
    EXPECT_TRUE(until([this] { return !desk().busy(); }));
    return (desk().error().isEmpty() ? desk().done() : desk().error()).toStdString();
  }
  bool wrote(const std::string& line) {
    const std::vector<std::string> writes = server_.writes();
    return std::find(writes.begin(), writes.end(), line) != writes.end();
  }

  QTemporaryDir data_;
  FakeServer server_;
  ChatClient app_;
};

TEST_F(AppAccount, TheProfileIsShownAndSaved) {
  log_in();
  EXPECT_EQ(app_.display_name(), QStringLiteral("Ada"));
  EXPECT_EQ(desk().about(), QStringLiteral("I count."));
  desk().saveProfile("  Ada   Lovelace ", " Notes.\n");
  EXPECT_EQ(said(), "Saved.");
  EXPECT_TRUE(wrote("set-profile Ada Lovelace|Notes."));
  EXPECT_EQ(app_.display_name(), QStringLiteral("Ada Lovelace"));
  desk().saveProfile(QString(40, QChar(0xE4)), "");  // 80 bytes.
  EXPECT_EQ(said(), "That name is too long.");
  desk().saveProfile("Ada", QString(513, u'x'));
  EXPECT_EQ(said(), "What you say about yourself is too long.");
  EXPECT_EQ(server_.writes().size(), 1);
  server_.refuse("set-profile", "not today");
  desk().saveProfile("Ada", "");
  EXPECT_EQ(said(), "Not today.");
  EXPECT_EQ(app_.display_name(), QStringLiteral("Ada Lovelace"));
}

TEST_F(AppAccount, AProfileThatAnotherDeviceChangedIsShown) {
  log_in();
  server_.set_account(fake_account(kFakeAccount, "ada", "Countess", "I count."));
  v1::Event event;
  event.set_kind(v1::EVENT_KIND_PROFILE);
  event.set_account_id(kFakeAccount);
  server_.tell(event);
  EXPECT_TRUE(until([this] { return app_.display_name() == u"Countess"; }));
}

TEST_F(AppAccount, APasswordIsChangedByWhoKnowsThePresentOne) {
  log_in();
  QSignalSpy changed(&desk(), &AccountDesk::passwordChanged);
  desk().changePassword("", "new secret", "new secret");
  EXPECT_EQ(said(), "Enter your present password.");
  desk().changePassword(kFakePassword, "short", "short");
  EXPECT_EQ(said(), "A password has at least 8 letters.");
  desk().changePassword(kFakePassword, "new secret", "new secrets");
  EXPECT_EQ(said(), "The new password was not typed the same twice.");
  desk().changePassword("a guess", "new secret", "new secret");
  EXPECT_EQ(said(), "That password is wrong.");
  EXPECT_EQ(changed.count(), 0);
  desk().changePassword(kFakePassword, "new secret", "new secret");
  EXPECT_EQ(said(), "The password is changed. 2 other devices were logged out.");
  EXPECT_TRUE(wrote("change-password new secret"));
  EXPECT_EQ(changed.count(), 1);
}

TEST_F(AppAccount, DevicesAreListedThisOneFirstAndLoggedOut) {
  server_.set_sessions({fake_session(1, "old phone", false), fake_session(2, "this", true),
                        fake_session(3, "", false)});
  log_in();
  desk().loadSessions();
  SessionsModel& model = *desk().sessions();
  ASSERT_TRUE(until([&] { return model.count() == 3; }));
  const auto device = [&](int row) {
    return model.data(model.index(row), SessionsModel::DeviceRole).toString().toStdString();
  };
  EXPECT_EQ(device(0), "this");
  EXPECT_TRUE(model.data(model.index(0), SessionsModel::CurrentRole).toBool());
  EXPECT_EQ(device(1), "Unnamed device");
  EXPECT_EQ(device(2), "old phone");
  EXPECT_EQ(model.others(), 2);
  desk().endSession(1);
  EXPECT_EQ(said(), "That device is logged out.");
  EXPECT_TRUE(wrote("end-session 1"));
  EXPECT_EQ(model.count(), 2);
  server_.refuse("end-session", "no");
  desk().endSession(3);
  EXPECT_EQ(said(), "No.");
  EXPECT_EQ(model.count(), 2);
}

TEST_F(AppAccount, APersonIsShownBlockedAndUnblocked) {
  log_in();
  person().show("bob", "Bobby");
  EXPECT_EQ(person().display_name(), QStringLiteral("Bobby"));  // Until the answer is here.
  ASSERT_TRUE(until([this] { return person().loaded(); }));
  EXPECT_EQ(person().display_name(), QStringLiteral("Bob"));
  EXPECT_EQ(person().about(), QStringLiteral("I build."));
  EXPECT_FALSE(person().blocked());
  person().setBlocked(true);
  ASSERT_TRUE(until([this] { return person().blocked(); }));
  EXPECT_TRUE(wrote("block bob on"));
  desk().loadBlocked();
  ASSERT_TRUE(until([this] { return desk().blocked()->has("bob"); }));
  desk().unblock("bob");
  EXPECT_EQ(said(), (isolated("bob") + " can write to you again.").toStdString());
  EXPECT_TRUE(wrote("block bob off"));
  EXPECT_EQ(desk().blocked()->count(), 0);
  EXPECT_TRUE(until([this] { return !person().busy() && !person().blocked(); }));
}

TEST_F(AppAccount, ABlockFromAnotherDeviceIsShown) {
  server_.set_account(fake_account(3, "carl", "", ""), true);
  log_in();
  desk().loadBlocked();
  ASSERT_TRUE(until([this] { return desk().blocked()->count() == 1; }));
  person().show("bob", "");
  ASSERT_TRUE(until([this] { return person().loaded(); }));
  server_.set_account(fake_account(kBob, "bob", "Bob", ""), true);
  v1::Event event;
  event.set_kind(v1::EVENT_KIND_BLOCK);
  event.set_account_id(kBob);
  event.set_on(true);
  server_.tell(event);
  EXPECT_TRUE(until([this] { return desk().blocked()->count() == 2; }));  // In pages of one.
  EXPECT_TRUE(until([this] { return person().blocked(); }));
}

TEST_F(AppAccount, APersonWhoIsGoneIsSaid) {
  log_in();
  server_.refuse("profile", "nobody");
  person().show("zed", "");
  ASSERT_TRUE(until([this] { return !person().busy(); }));
  EXPECT_EQ(person().error(), QStringLiteral("Nobody has that name any more."));
  EXPECT_FALSE(person().loaded());
  person().setBlocked(true);
  EXPECT_FALSE(person().busy());
}

TEST_F(AppAccount, OneselfCannotBeBlocked) {
  log_in();
  person().show("ada", "");
  ASSERT_TRUE(until([this] { return person().loaded(); }));
  EXPECT_TRUE(person().is_self());
  person().setBlocked(true);
  EXPECT_FALSE(person().busy());
}

TEST_F(AppAccount, ItsEndAsksForThePasswordAndLeavesNothingHere) {
  log_in();
  const auto files = [this] {
    return QDir(data_.path()).entryList({QStringLiteral("outbox-*")}, QDir::Files).size();
  };
  EXPECT_GT(files(), 0);
  desk().deleteAccount("");
  EXPECT_EQ(said(), "Enter your password.");
  desk().deleteAccount("a guess");
  EXPECT_EQ(said(), "That password is wrong.");
  EXPECT_EQ(app_.state(), ChatClient::Ready);
  desk().deleteAccount(kFakePassword);
  ASSERT_TRUE(until([this] { return app_.state() == ChatClient::Login; }));
  EXPECT_TRUE(wrote("delete-account "));
  EXPECT_EQ(app_.note(), QStringLiteral("Your account is deleted."));
  EXPECT_EQ(app_.error(), QString());
  EXPECT_TRUE(until([&] { return files() == 0; }));
  app_.clearError();
  EXPECT_EQ(app_.note(), QString());
}

}  // namespace
}  // namespace starling_app
