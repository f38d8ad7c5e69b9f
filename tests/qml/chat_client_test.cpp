// What ChatClient asks a server for, and when: the real SDK, against a server that says what a test
// wants to hear.
#include "qml-client/src/chat_client.h"

#include <gtest/gtest.h>

#include <QSignalSpy>
#include <QTemporaryDir>
#include <algorithm>
#include <string>
#include <vector>

#include "tests/qml/fake_server.h"
#include "tests/qml/patience.h"

namespace starling_app {
namespace {

namespace v1 = starling::v1;

constexpr qint64 kChat = 10;

v1::Event message_event(qint64 conversation, qint64 seq, const std::string& body) {
  v1::Event event;
  event.set_kind(v1::EVENT_KIND_MESSAGE);
  event.set_conversation_id(conversation);
  v1::Message& message = *event.mutable_message();
  message.set_conversation_id(conversation);
  message.set_seq(seq);
  message.set_sender_id(kFakeAccount + conversation);
  message.set_body(body);
  return event;
}

class AppClient : public testing::Test {
 protected:
  AppClient() : app_({QString::fromStdString(server_.address())}, data_.path()) {}

  void log_in() {
    app_.start();
    app_.logIn(QStringLiteral("ada"), QStringLiteral("correct horse"));
    ASSERT_TRUE(until([this] { return app_.conversations()->loaded(); })) << sentence();
  }
  std::string sentence() const { return app_.error().toStdString(); }
  std::string preview(qint64 id) {
    ConversationsModel& model = *app_.conversations();
    for (int row = 0; row < model.count(); ++row) {
      const QModelIndex index = model.index(row);
      if (model.data(index, ConversationsModel::IdRole).toLongLong() != id) continue;
      return model.data(index, ConversationsModel::PreviewRole).toString().toStdString();
    }
    return "not in the list";
  }
  std::vector<std::string> bodies() {
    std::vector<std::string> found;
    TimelineModel& model = *app_.timeline();
    for (int row = model.count() - 1; row >= 0; --row) {
      const QVariant body = model.data(model.index(row), TimelineModel::BodyRole);
      found.push_back(body.toString().toStdString());
    }
    return found;
  }

  QTemporaryDir data_;
  FakeServer server_;
  ChatClient app_;
};

using Bodies = std::vector<std::string>;

TEST_F(AppClient, AStreamThatMustBeginAnewLoadsEverythingAgain) {
  server_.store(kChat, 1, "secret");
  server_.store(kChat + 1, 1, "another secret");
  log_in();
  app_.openConversation(kChat);
  ASSERT_TRUE(until([this] { return bodies() == Bodies{"secret"}; }));
  ASSERT_TRUE(until(
      [this] { return preview(kChat) == "secret" && preview(kChat + 1) == "another secret"; }));
  // No event tells of any of this.
  server_.store(kChat, 1, "", true);
  server_.store(kChat, 2, "new");
  server_.store(kChat + 1, 1, "", true);
  server_.store(kChat + 2, 1, "hello");
  server_.forget_events();
  EXPECT_TRUE(until([this] { return bodies() == Bodies{"This message was deleted.", "new"}; }));
  EXPECT_TRUE(until([this] { return preview(kChat) == "new"; })) << preview(kChat);
  EXPECT_TRUE(until([this] { return preview(kChat + 1) == "Message deleted"; }))
      << preview(kChat + 1);
  EXPECT_TRUE(until([this] { return preview(kChat + 2) == "hello"; })) << preview(kChat + 2);
  // And the new stream is heard.
  server_.store(kChat, 3, "live");
  server_.tell(message_event(kChat, 3, "live"));
  EXPECT_TRUE(until([this] { return preview(kChat) == "live"; }));
}

TEST_F(AppClient, ABurstOfUnknownConversationsAsksForTheListTwice) {
  server_.store(kChat, 1, "first");
  log_in();
  ASSERT_TRUE(until([this] { return preview(kChat) == "first"; }));
  const int before = server_.lists();
  server_.hold_lists(true);
  constexpr qint64 kBurst = 50;
  for (qint64 id = 100; id < 100 + kBurst; ++id) {
    server_.store(id, 1, "new " + std::to_string(id));
    server_.tell(message_event(id, 1, "new " + std::to_string(id)));
  }
  server_.tell(message_event(kChat, 2, "the last of them"));
  ASSERT_TRUE(until([this] { return preview(kChat) == "the last of them"; }));
  ASSERT_TRUE(until([&] { return server_.lists() > before; }));
  server_.hold_lists(false);
  ASSERT_TRUE(until([&] { return preview(100 + kBurst - 1) == "new 149"; }));
  // What was asked before the last event may have been read too early.
  EXPECT_TRUE(until([&] { return server_.lists() >= before + 2; }));
  server_.tell(message_event(kChat, 3, "over"));
  ASSERT_TRUE(until([this] { return preview(kChat) == "over"; }));
  EXPECT_EQ(server_.lists(), before + 2);
  // The next one is asked for again.
  server_.store(300, 1, "later");
  server_.tell(message_event(300, 1, "later"));
  EXPECT_TRUE(until([this] { return preview(300) == "later"; }));
}

// A server need not look through everything for words that nobody has typed to the end.
TEST_F(AppClient, ASearchThatNobodyWaitsForIsCancelled) {
  using Searches = std::vector<std::string>;
  log_in();
  SearchModel& search = *app_.search();
  server_.hold_searches("bo");
  search.set_query(QStringLiteral("bo"));
  ASSERT_TRUE(until([this] { return server_.searches() == Searches{"search bo"}; }));
  search.set_query(QStringLiteral("boat"));
  ASSERT_TRUE(until([&] { return server_.searches().size() == 3 && !search.busy(); }));
  const Searches seen = server_.searches();
  EXPECT_NE(std::find(seen.begin(), seen.end(), "gone bo"), seen.end());
  EXPECT_NE(std::find(seen.begin(), seen.end(), "search boat"), seen.end());
  EXPECT_EQ(search.notice(), QStringLiteral("Nothing was found."));  // And not how the first ended.
  // Nor for those that were taken away again.
  server_.hold_searches("ships");
  search.set_query(QStringLiteral("ships"));
  ASSERT_TRUE(until([this] { return server_.searches().back() == "search ships"; }));
  search.set_query({});
  EXPECT_TRUE(until([this] { return server_.searches().back() == "gone ships"; }));
  EXPECT_EQ(search.notice(), QString());
}

// The pretended server answers with that message alone.
TEST_F(AppClient, AConversationThatIsNotOpenOpensAtAMessage) {
  for (qint64 seq = 1; seq <= 200; ++seq) server_.store(kChat, seq, std::to_string(seq));
  server_.store(kChat + 1, 1, "elsewhere");
  log_in();
  app_.openConversation(kChat + 1);
  ASSERT_TRUE(until([this] { return bodies() == Bodies{"elsewhere"}; }));
  QSignalSpy jumped(app_.timeline(), &TimelineModel::jumped);
  app_.openMessage(kChat, 40);
  ASSERT_TRUE(until([&] { return jumped.size() == 1; }));
  EXPECT_EQ(bodies(), Bodies{"40"});
  EXPECT_EQ(app_.current_conversation(), kChat);
  app_.openMessage(kChat, 30);
  ASSERT_TRUE(until([&] { return jumped.size() == 2; }));
  EXPECT_EQ(bodies(), Bodies{"30"});
  // One that is not there: the conversation is open all the same, at its newest.
  app_.openMessage(kChat + 1, 77);
  EXPECT_TRUE(until([this] { return bodies() == Bodies{"elsewhere"}; }));
  EXPECT_EQ(jumped.size(), 2);
}

// As after a time without a connection: the servers tell what became of it before what it was.
TEST_F(AppClient, WhatIsDeletedIsNeitherToldNorCounted) {
  v1::Conversation chat;
  chat.set_id(kChat);
  chat.set_title("bob");
  chat.set_last_seq(1);
  chat.set_read_seq(1);
  server_.set_conversation(chat);
  log_in();
  QSignalSpy arrived(&app_, &ChatClient::messageArrived);
  QSignalSpy erased(&app_, &ChatClient::messageErased);
  v1::Event gone = message_event(kChat, 2, "");
  gone.mutable_message()->set_deleted(true);
  server_.tell(gone);
  server_.tell(message_event(kChat, 3, "a secret"));
  ASSERT_TRUE(until([&] { return app_.conversations()->last_seq(kChat) == 3; }));
  EXPECT_EQ(arrived.size(), 1);
  EXPECT_EQ(app_.conversations()->unread_total(), 1);
  // And the third is deleted, too: the servers know how many are left.
  chat.set_last_seq(3);
  server_.set_conversation(chat);
  v1::Event deleted = message_event(kChat, 3, "");
  deleted.set_kind(v1::EVENT_KIND_MESSAGE_DELETED);
  deleted.set_seq(3);
  deleted.mutable_message()->set_deleted(true);
  server_.tell(deleted);
  EXPECT_TRUE(until([this] { return app_.conversations()->unread_total() == 0; }));
  ASSERT_EQ(erased.size(), 1);
  EXPECT_EQ(erased[0][0].toLongLong(), kChat);
  EXPECT_EQ(erased[0][1].toLongLong(), 3);
}

// The stream stands and says nothing more: nobody else would ask for it.
TEST_F(AppClient, AListThatFailedIsAskedForAgain) {
  server_.store(kChat, 1, "hello");
  server_.hold_lists(true);
  app_.start();
  app_.logIn(QStringLiteral("ada"), QStringLiteral("correct horse"));
  ASSERT_TRUE(until([this] { return !app_.error().isEmpty(); }));  // The call's deadline.
  EXPECT_FALSE(app_.conversations()->loaded());
  server_.hold_lists(false);
  EXPECT_TRUE(until([this] { return app_.conversations()->loaded(); }));
  EXPECT_EQ(sentence(), "");
}

TEST_F(AppClient, BeforeALogInThePillTellsReadOnlyFromOffline) {
  app_.start();
  const auto state = [this] { return app_.cluster()->state(); };
  ASSERT_TRUE(until([&] { return state() == ClusterStatus::Connected; }));
  server_.quorum = false;
  ASSERT_TRUE(until([&] { return state() == ClusterStatus::ReadOnly; }));
  ASSERT_TRUE(until([&] { return server_.probes() >= 2; }));  // The first has been answered.
  EXPECT_EQ(state(), ClusterStatus::ReadOnly);
  server_.kill();
  EXPECT_TRUE(until([&] { return state() == ClusterStatus::Offline; }));
}

}  // namespace
}  // namespace starling_app
