// What becomes of one's own messages between the composer, the outbox and a server that takes them,
// refuses them or does not answer.
#include <gtest/gtest.h>

#include <QTemporaryDir>
#include <algorithm>
#include <string>
#include <vector>

#include "qml-client/src/chat_client.h"
#include "qml-client/src/format.h"
#include "qml-client/src/sentences.h"
#include "tests/qml/fake_server.h"
#include "tests/qml/patience.h"

namespace starling_app {
namespace {

constexpr qint64 kChat = 10;

class AppOutbox : public testing::Test {
 protected:
  AppOutbox() : app_({QString::fromStdString(server_.address())}, data_.path()) {}

  void SetUp() override {
    server_.store(kChat, 1, "hello");
    app_.start();
    app_.logIn(QStringLiteral("ada"), QStringLiteral("correct horse"));
    ASSERT_TRUE(until([this] { return app_.conversations()->loaded(); }));
    app_.openConversation(kChat);
    ASSERT_TRUE(until([this] { return app_.timeline()->count() == 1; }));
  }
  QVariant newest(int role) { return app_.timeline()->data(app_.timeline()->index(0), role); }
  bool is(TimelineModel::MessageState state) {
    return until([&] { return newest(TimelineModel::StateRole).toInt() == state; });
  }
  qint64 outbox_id() { return newest(TimelineModel::OutboxIdRole).toLongLong(); }
  std::ptrdiff_t sent(const std::string& body) {
    const std::vector<std::string> writes = server_.writes();
    return std::count(writes.begin(), writes.end(), "send 10 " + body);
  }

  QTemporaryDir data_;
  FakeServer server_;
  ChatClient app_;
};

TEST_F(AppOutbox, TryAgainClickedTwiceSendsOnce) {
  server_.sends = true;
  server_.refuse("send", "she has blocked you");
  app_.sendMessage("please");
  ASSERT_TRUE(is(TimelineModel::Failed));
  server_.refuse("send", "");
  const qint64 id = outbox_id();
  app_.resendMessage(id);
  app_.resendMessage(id);
  app_.sendMessage("last");  // The outbox keeps the order.
  ASSERT_TRUE(until([this] { return sent("last") == 1; }));
  EXPECT_EQ(sent("please"), 2);  // The first was refused.
  EXPECT_TRUE(until([this] { return app_.timeline()->count() == 3; }));
}

TEST_F(AppOutbox, WhatIsRefusedAgainCanBeTriedAgain) {
  server_.sends = true;
  server_.refuse("send", "she has blocked you");
  app_.sendMessage("please");
  ASSERT_TRUE(is(TimelineModel::Failed));
  const qint64 first = outbox_id();
  app_.resendMessage(first);
  ASSERT_TRUE(until([&] { return sent("please") == 2 && app_.timeline()->count() == 2; }));
  ASSERT_TRUE(until([&] { return outbox_id() != first; }));
  ASSERT_TRUE(is(TimelineModel::Failed));
  server_.refuse("send", "");
  app_.resendMessage(outbox_id());
  EXPECT_TRUE(is(TimelineModel::Replicated));
  EXPECT_EQ(sent("please"), 3);
}

// Its menu was opened before the acknowledgement came.
TEST_F(AppOutbox, ACancelThatComesAfterTheAcknowledgementIsAnswered) {
  app_.sendMessage("too late");
  ASSERT_TRUE(is(TimelineModel::Sent));
  const qint64 id = outbox_id();
  server_.sends = true;
  ASSERT_TRUE(is(TimelineModel::Replicated));
  EXPECT_EQ(app_.send_error(), "");
  app_.cancelMessage(id);
  EXPECT_EQ(app_.send_error(),
            "The message that you took back had been sent already. You can still delete it.");
}

// The outbox offers 256 at a time, and tells nothing of the others until then.
TEST_F(AppOutbox, EveryMessageThatWaitsIsCounted) {
  constexpr int kMore = 258;
  for (int i = 0; i < kMore; ++i) ASSERT_TRUE(app_.sendMessage(QString::number(i)));
  ASSERT_TRUE(until([this] { return app_.timeline()->count() == 1 + kMore; }));
  EXPECT_EQ(app_.waiting_text(), waiting_sentence(258));
  const ConversationsModel& list = *app_.conversations();
  EXPECT_EQ(list.data(list.index(0), ConversationsModel::PreviewRole).toString(),
            "You: " + isolated("257"));
  app_.cancelMessage(outbox_id());
  EXPECT_TRUE(until([this] { return app_.waiting_text() == waiting_sentence(257); }));
}

}  // namespace
}  // namespace starling_app
