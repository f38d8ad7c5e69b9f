// The session that outlives the app, other servers, and links: ChatClient against pretended
// servers.
#include <gtest/gtest.h>

#include <QDesktopServices>
#include <QFile>
#include <QTemporaryDir>
#include <QUrl>
#include <memory>
#include <string>

#include "qml-client/src/chat_client.h"
#include "tests/qml/fake_server.h"
#include "tests/qml/patience.h"

namespace starling_app {
namespace {

// What would be opened in a browser.
class Browser : public QObject {
  Q_OBJECT
 public:
  Browser() {
    for (const char* scheme : {"http", "https", "file", "javascript"}) {
      QDesktopServices::setUrlHandler(QLatin1String(scheme), this, "open");
    }
  }
  ~Browser() override {
    for (const char* scheme : {"http", "https", "file", "javascript"}) {
      QDesktopServices::unsetUrlHandler(QLatin1String(scheme));
    }
  }
  QStringList opened;
 public slots:
  void open(const QUrl& url) { opened << url.toString(); }
};

class AppSession : public testing::Test {
 protected:
  void make(const FakeServer& server) {
    app_ = std::make_unique<ChatClient>(QStringList{QString::fromStdString(server.address())},
                                        data_.path());
    app_->start();
  }
  bool ready() {
    return until([this] { return app_->state() == ChatClient::Ready; });
  }
  void log_in(bool stay) {
    app_->logIn(QStringLiteral("ada"), QString::fromLatin1(kFakePassword), stay);
    ASSERT_TRUE(ready()) << app_->error().toStdString();
  }
  QString file() const { return data_.filePath(QStringLiteral("session.json")); }

  QTemporaryDir data_;
  FakeServer server_;
  std::unique_ptr<ChatClient> app_;
};

TEST_F(AppSession, IsTakenUpAtTheNextStartUntilALogOut) {
  make(server_);
  log_in(true);
  app_.reset();
  make(server_);
  ASSERT_TRUE(ready()) << app_->error().toStdString();
  EXPECT_EQ(app_->account_name(), QStringLiteral("ada"));
  EXPECT_TRUE(until([this] { return app_->conversations()->loaded(); }));
  app_->logOut();
  EXPECT_FALSE(QFile::exists(file()));
  make(server_);
  EXPECT_EQ(app_->state(), ChatClient::Login);
  EXPECT_FALSE(app_->busy());
}

TEST_F(AppSession, IsTakenUpWithoutAnyServer) {
  make(server_);
  log_in(true);
  app_.reset();
  server_.kill();
  make(server_);
  EXPECT_TRUE(ready()) << app_->error().toStdString();
}

TEST_F(AppSession, IsNotKeptUnlessWanted) {
  make(server_);
  log_in(false);
  EXPECT_FALSE(QFile::exists(file()));
}

TEST_F(AppSession, GoesToItsOwnServersOnly) {
  make(server_);
  log_in(true);
  app_.reset();
  const FakeServer other;
  make(other);
  EXPECT_EQ(app_->state(), ChatClient::Login);
  EXPECT_FALSE(app_->busy());
}

TEST_F(AppSession, AFileOfANewerVersionIsSaidAndReplacedByALogIn) {
  QFile newer(file());
  ASSERT_TRUE(newer.open(QIODevice::WriteOnly));
  ASSERT_GT(newer.write("{\"version\": 99}"), 0);
  newer.close();
  make(server_);
  EXPECT_TRUE(app_->error().contains("newer Starling")) << app_->error().toStdString();
  log_in(true);
  app_.reset();
  make(server_);
  EXPECT_TRUE(ready());
}

TEST_F(AppSession, OtherServersAreAskedFromThenOn) {
  FakeServer second;
  app_ = std::make_unique<ChatClient>(QStringList(), data_.path());
  app_->start();
  EXPECT_EQ(app_->server_text(), QString());
  EXPECT_TRUE(app_->useServers("nowhere").contains("HOST:PORT"));
  EXPECT_FALSE(app_->useServers(" , ").isEmpty());
  ASSERT_EQ(app_->useServers(QString::fromStdString(server_.address())), QString());
  ASSERT_TRUE(until([this] { return app_->cluster()->state() == ClusterStatus::Connected; }));
  EXPECT_EQ(app_->cluster()->primary().toStdString(), server_.address());
  ASSERT_EQ(app_->useServers(QString::fromStdString(second.address())), QString());
  ASSERT_TRUE(until([&] { return app_->cluster()->primary().toStdString() == second.address(); }));
  server_.kill();  // Nobody's any more.
  log_in(false);
  EXPECT_EQ(app_->cluster()->state(), ClusterStatus::Connected);
  EXPECT_EQ(app_->useServers(QString::fromStdString(server_.address())),
            QStringLiteral("Log out first."));
}

TEST_F(AppSession, OnlyWebLinksAreOpened) {
  Browser browser;
  make(server_);
  MessageActions& actions = *app_->actions();
  actions.openLink(QStringLiteral("https://a.example/x?y=1"));
  actions.openLink(QStringLiteral("file:///etc/passwd"));
  actions.openLink(QStringLiteral("javascript:alert(1)"));
  actions.openLink(QStringLiteral("https://bank.example@evil.example/"));
  actions.openLink(QString());
  EXPECT_EQ(browser.opened, QStringList{QStringLiteral("https://a.example/x?y=1")});
}

}  // namespace
}  // namespace starling_app

#include "client_session_test.moc"
