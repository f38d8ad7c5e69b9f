// Who is there and who types, through the real SDK, against a server that tells what a test says
// and notes what it is told.
#include <gtest/gtest.h>

#include <QKeyEvent>
#include <QTemporaryDir>
#include <algorithm>
#include <string>
#include <vector>

#include "qml-client/src/chat_client.h"
#include "tests/qml/fake_server.h"
#include "tests/qml/patience.h"

namespace starling_app {
namespace {

namespace v1 = starling::v1;

constexpr qint64 kChat = 10;
constexpr qint64 kPeer = kFakeAccount + kChat;  // As FakeServer::store() makes it.
constexpr qint64 kGroup = 20;
constexpr qint64 kBob = 2;
constexpr qint64 kCarl = 3;

class AppPresence : public testing::Test {
 protected:
  AppPresence() : app_({QString::fromStdString(server_.address())}, data_.path()) {
    server_.store(kChat, 1, "hello");
    v1::Conversation group;
    group.set_id(kGroup);
    group.set_title("a group");
    group.set_kind(v1::CONVERSATION_KIND_GROUP);
    group.set_member_count(3);
    server_.set_conversation(group);
    std::vector<v1::Member> members(3);
    members[0].mutable_account()->set_id(kFakeAccount);
    members[0].mutable_account()->set_name("ada");
    members[1].mutable_account()->set_id(kBob);
    members[1].mutable_account()->set_name("bob");
    members[1].mutable_account()->set_display_name("Bob");
    members[2].mutable_account()->set_id(kCarl);
    members[2].mutable_account()->set_name("carl");
    server_.set_members(kGroup, members);
  }

  void log_in() {
    app_.start();
    app_.logIn(QStringLiteral("ada"), QStringLiteral("correct horse"));
    ASSERT_TRUE(until([this] { return app_.conversations()->loaded(); }));
  }
  bool told(const std::string& line) {
    const auto lines = server_.presence_told();
    return std::find(lines.begin(), lines.end(), line) != lines.end();
  }
  std::string detail() const {
    QString text = app_.current_detail();
    return text.remove(QChar(0x2068)).remove(QChar(0x2069)).toStdString();
  }
  bool says(const std::string& words) {
    return until([&] { return detail() == words; });
  }
  QVariant role(qint64 id, int which) {
    const ConversationsModel& model = *app_.conversations();
    for (int row = 0; row < model.count(); ++row) {
      const QModelIndex index = model.index(row);
      if (model.data(index, ConversationsModel::IdRole).toLongLong() == id) {
        return model.data(index, which);
      }
    }
    return {};
  }

  QTemporaryDir data_;
  FakeServer server_;
  ChatClient app_;
};

TEST_F(AppPresence, TheOtherSideIsWatchedAndShown) {
  server_.set_presence(kPeer, v1::PRESENCE_STATE_ONLINE);
  log_in();
  EXPECT_TRUE(until([this] { return told("watch " + std::to_string(kPeer)); }));
  EXPECT_TRUE(until([this] { return role(kChat, ConversationsModel::OnlineRole).toBool(); }));
  app_.openConversation(kChat);
  EXPECT_TRUE(says("online"));
  EXPECT_TRUE(app_.current_online());
  server_.set_presence(kPeer, v1::PRESENCE_STATE_AWAY);
  EXPECT_TRUE(says("away"));
  EXPECT_TRUE(app_.current_away());
  const qint64 seen = QDateTime::currentMSecsSinceEpoch() - 5 * 60'000 - 1'000;
  server_.set_presence(kPeer, v1::PRESENCE_STATE_OFFLINE, seen);
  EXPECT_TRUE(says("last seen 5 minutes ago"));
  server_.set_presence(kPeer, v1::PRESENCE_STATE_OFFLINE);
  EXPECT_TRUE(says(""));
}

TEST_F(AppPresence, SomebodyTypesUntilTheMessageIsThere) {
  log_in();
  app_.openConversation(kChat);
  ASSERT_TRUE(until([this] { return server_.present() == 1; }));
  server_.tell_typing(kChat, kFakeAccount);  // The account itself, elsewhere.
  server_.tell_typing(kChat, kPeer);
  EXPECT_TRUE(says("typing…"));
  EXPECT_EQ(role(kChat, ConversationsModel::TypingRole).toString(), QString::fromUtf8("typing…"));
  v1::Event event;
  event.set_kind(v1::EVENT_KIND_MESSAGE);
  event.set_conversation_id(kChat);
  event.mutable_message()->set_conversation_id(kChat);
  event.mutable_message()->set_seq(2);
  event.mutable_message()->set_sender_id(kPeer);
  event.mutable_message()->set_body("there");
  server_.tell(event);
  EXPECT_TRUE(says(""));
  EXPECT_EQ(role(kChat, ConversationsModel::TypingRole).toString(), QString());
}

TEST_F(AppPresence, AGroupNamesWhoTypes) {
  log_in();
  app_.openConversation(kGroup);
  EXPECT_TRUE(says("3 members"));
  ASSERT_TRUE(until([this] { return app_.groups()->members()->complete(); }));
  EXPECT_TRUE(until([this] { return told("watch 2 3 " + std::to_string(kPeer)); }));
  server_.tell_typing(kGroup, kBob);
  EXPECT_TRUE(says("Bob is typing…"));
  server_.tell_typing(kGroup, kCarl);
  EXPECT_TRUE(says("Bob and carl are typing…"));
  server_.tell_typing(kGroup, 99);
  EXPECT_TRUE(says("several people are typing…"));
}

TEST_F(AppPresence, ThatOneTypesIsTold) {
  log_in();
  ASSERT_TRUE(until([this] { return !server_.presence_told().empty(); }));  // Both ways stand.
  app_.openConversation(kChat);
  app_.compose()->typed(QStringLiteral("  "), 2);  // Nothing to send.
  app_.openConversation(kGroup);
  for (const char* text : {"h", "he", "hel"}) app_.compose()->typed(QString::fromUtf8(text), 1);
  const std::string typing = "typing " + std::to_string(kGroup);
  EXPECT_TRUE(until([&] { return told(typing); }));
  app_.openConversation(kChat);  // What was being written there is nobody's typing here.
  app_.compose()->typed(QString(), 0);
  app_.logOut();
  EXPECT_TRUE(until([this] { return server_.present() == 0; }));
  const auto lines = server_.presence_told();
  EXPECT_EQ(std::count(lines.begin(), lines.end(), typing), 1);
  EXPECT_FALSE(told("typing " + std::to_string(kChat)));
}

TEST_F(AppPresence, WhoDoesNothingIsAway) {
  auto client = starling::Client::connect({server_.address()});
  ASSERT_TRUE(client.ok()) << client.error().message;
  auto session = client->log_in("ada", kFakePassword);
  ASSERT_TRUE(session.ok()) << session.error().message;
  PresenceDesk desk(50);
  desk.begin(*session);
  EXPECT_TRUE(until([this] { return told("away on"); }));
  QObject window;
  QKeyEvent key(QEvent::KeyPress, Qt::Key_A, Qt::NoModifier);
  EXPECT_TRUE(until([&] {
    QCoreApplication::sendEvent(&window, &key);
    return told("away off");
  }));
}

TEST_F(AppPresence, ALogOutForgetsEverybody) {
  server_.set_presence(kPeer, v1::PRESENCE_STATE_ONLINE);
  log_in();
  EXPECT_TRUE(until([this] { return role(kChat, ConversationsModel::OnlineRole).toBool(); }));
  app_.openConversation(kChat);
  server_.tell_typing(kChat, kPeer);
  EXPECT_TRUE(says("typing…"));
  app_.logOut();
  EXPECT_EQ(detail(), "");
  EXPECT_FALSE(app_.current_online());
  EXPECT_TRUE(until([this] { return server_.present() == 0; }));  // And is not there any more.
  log_in();
  app_.openConversation(kChat);
  EXPECT_TRUE(says("online"));
}

TEST_F(AppPresence, AServerThatIsGoneKnowsNobody) {
  server_.set_presence(kPeer, v1::PRESENCE_STATE_ONLINE);
  log_in();
  app_.openConversation(kChat);
  ASSERT_TRUE(says("online"));
  server_.kill();
  EXPECT_TRUE(says(""));
}

}  // namespace
}  // namespace starling_app
