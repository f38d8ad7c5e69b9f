// Groups that one is taken out of, or comes back to: what the window still shows, in whichever
// order the answers and the events arrive.
#include <gtest/gtest.h>

#include <QTemporaryDir>
#include <string>
#include <vector>

#include "qml-client/src/chat_client.h"
#include "qml-client/src/sentences.h"
#include "tests/qml/fake_server.h"
#include "tests/qml/patience.h"

namespace starling_app {
namespace {

namespace v1 = starling::v1;

constexpr qint64 kGroup = 20;
constexpr qint64 kOther = 30;
constexpr qint64 kBob = 2;

v1::Conversation group(std::int64_t id, std::int64_t first, std::int64_t last) {
  v1::Conversation made;
  made.set_id(id);
  made.set_title(id == kGroup ? "Lunch" : "Tea");
  made.set_kind(v1::CONVERSATION_KIND_GROUP);
  made.set_member_count(2);
  made.set_first_seq(first);
  made.set_last_seq(last);
  made.set_read_seq(last);
  return made;
}

v1::Message message(std::int64_t id, std::int64_t seq, const std::string& body) {
  v1::Message made;
  made.set_conversation_id(id);
  made.set_seq(seq);
  made.set_sender_id(kBob);
  made.set_sender("bob");
  made.set_body(body);
  return made;
}

v1::Event happened(std::int64_t seq, v1::MessageKind kind, const std::string& body,
                   std::int64_t sender = kBob) {
  v1::Event event;
  event.set_kind(v1::EVENT_KIND_MESSAGE);
  event.set_conversation_id(kGroup);
  *event.mutable_message() = message(kGroup, seq, body);
  event.mutable_message()->set_kind(kind);
  event.mutable_message()->set_sender_id(sender);
  return event;
}

class AppMembership : public testing::Test {
 protected:
  AppMembership() : app_({QString::fromStdString(server_.address())}, data_.path()) {}

  // Logged in, with one of two groups open.
  void SetUp() override {
    server_.set_conversation(group(kGroup, 1, 3));
    server_.set_conversation(group(kOther, 1, 1));
    for (qint64 seq = 1; seq <= 3; ++seq) server_.put(message(kGroup, seq, std::to_string(seq)));
    server_.put(message(kOther, 1, "tea"));
    app_.start();
    app_.logIn(QStringLiteral("ada"), QStringLiteral("correct horse"));
    ASSERT_TRUE(until([this] { return app_.conversations()->loaded(); }));
    app_.openConversation(kGroup);
    ASSERT_TRUE(until([this] { return bodies() == Bodies{"1", "2", "3"}; }));
  }
  using Bodies = std::vector<std::string>;
  Bodies bodies() {
    Bodies found;
    TimelineModel& model = *app_.timeline();
    for (int row = model.count() - 1; row >= 0; --row) {
      const QVariant body = model.data(model.index(row), TimelineModel::BodyRole);
      found.push_back(body.toString().toStdString());
    }
    return found;
  }
  void expect_closed(const QString& sentence = "You are no longer in “" + isolated("Lunch") +
                                               "”.") {
    EXPECT_TRUE(until([this] { return !app_.chatting(); }));
    EXPECT_EQ(bodies(), Bodies{});
    EXPECT_EQ(app_.error().toStdString(), sentence.toStdString());
    EXPECT_FALSE(app_.conversations()->contains(kGroup));
  }
  // Nothing else tells what has become of the group.
  void only_events() {
    server_.refuse("look", "not now");
    server_.hold_lists(true);
  }
  void ask_for_the_list() {
    v1::Event opened;
    opened.set_kind(v1::EVENT_KIND_CONVERSATION_OPENED);
    opened.set_conversation_id(kOther);
    server_.tell(opened);
  }

  QTemporaryDir data_;
  FakeServer server_;
  ChatClient app_;
};

TEST_F(AppMembership, AListThatComesBeforeTheEventClosesIt) {
  server_.remove_conversation(kGroup);
  ask_for_the_list();
  expect_closed();
  // What tells of it then changes nothing more.
  app_.clearError();
  server_.tell(happened(4, v1::MESSAGE_KIND_MEMBER_REMOVED, "ada"));
  server_.put(message(kOther, 2, "more"));
  v1::Event more = happened(2, v1::MESSAGE_KIND_TEXT, "more");
  more.set_conversation_id(kOther);
  more.mutable_message()->set_conversation_id(kOther);
  server_.tell(more);
  ASSERT_TRUE(until([this] { return app_.conversations()->last_seq(kOther) == 2; }));
  EXPECT_EQ(app_.error(), "");
}

TEST_F(AppMembership, MessagesThatAreRefusedAfterAGapCloseIt) {
  server_.hold_lists(true);
  server_.remove_conversation(kGroup);
  server_.forget_events();
  expect_closed();
}

TEST_F(AppMembership, AJumpThatIsRefusedClosesIt) {
  server_.remove_conversation(kGroup);
  app_.openMessage(kGroup, 77);
  expect_closed();
  EXPECT_EQ(app_.send_error(), "");
}

TEST_F(AppMembership, AQuestionForAHoleThatIsRefusedClosesIt) {
  server_.remove_conversation(kGroup);
  server_.tell(happened(6, v1::MESSAGE_KIND_TEXT, "six"));
  expect_closed();
}

TEST_F(AppMembership, TheEventItselfClosesIt) {
  only_events();
  server_.tell(happened(4, v1::MESSAGE_KIND_MEMBER_REMOVED, "bobby"));
  ASSERT_TRUE(until([this] { return app_.timeline()->count() == 4; }));
  EXPECT_TRUE(app_.chatting());
  server_.tell(happened(5, v1::MESSAGE_KIND_MEMBER_REMOVED, "ada"));
  expect_closed();
}

TEST_F(AppMembership, TheEndOfTheGroupClosesIt) {
  only_events();
  server_.tell(happened(4, v1::MESSAGE_KIND_GROUP_DISSOLVED, ""));
  expect_closed();
}

TEST_F(AppMembership, LeavingOnAnotherDeviceClosesIt) {
  only_events();
  server_.tell(happened(4, v1::MESSAGE_KIND_MEMBER_LEFT, ""));
  ASSERT_TRUE(until([this] { return app_.timeline()->count() == 4; }));
  server_.tell(happened(5, v1::MESSAGE_KIND_MEMBER_LEFT, "", kFakeAccount));
  expect_closed({});  // Who left knows.
}

// It may have been read before the account was out, and would bring the group back.
TEST_F(AppMembership, AListThatIsOnItsWayMeanwhileIsAskedForOnceMore) {
  const int before = server_.lists();
  server_.hold_lists(true);
  ask_for_the_list();
  ASSERT_TRUE(until([&] { return server_.lists() > before; }));
  server_.tell(happened(4, v1::MESSAGE_KIND_MEMBER_REMOVED, "ada"));
  expect_closed();
  server_.hold_lists(false);
  EXPECT_TRUE(until([&] { return server_.lists() == before + 2; }));
}

// The list was asked for before there was such a conversation.
TEST_F(AppMembership, AListFromBeforeDoesNotCloseWhatIsNew) {
  const int before = server_.lists();
  server_.hold_lists(true);
  ask_for_the_list();
  ASSERT_TRUE(until([&] { return server_.lists() > before; }));
  app_.groups()->create("New");
  ASSERT_TRUE(until([this] { return app_.current_title() == "New" && app_.timeline()->loaded(); }));
  const qint64 made = app_.current_conversation();
  server_.remove_conversation(made);
  server_.set_conversation(group(kOther, 1, 2));
  server_.hold_lists(false);
  ASSERT_TRUE(until([this] { return app_.conversations()->last_seq(kOther) == 2; }));
  EXPECT_EQ(app_.current_conversation(), made);
  EXPECT_TRUE(app_.conversations()->contains(made));
}

// Nothing tells of the deletion of a message from before one came in again.
TEST_F(AppMembership, WhoComesBackSeesWhatCameSince) {
  server_.set_conversation(group(kGroup, 5, 5));
  server_.forget_messages(kGroup);
  v1::Message added = message(kGroup, 5, "carl ada");
  added.set_kind(v1::MESSAGE_KIND_MEMBERS_ADDED);
  server_.put(added);
  server_.tell({happened(4, v1::MESSAGE_KIND_MEMBER_REMOVED, "ada"),
                happened(5, v1::MESSAGE_KIND_MEMBERS_ADDED, "carl ada")});
  EXPECT_TRUE(until([this] { return bodies() == Bodies{"carl ada"}; }));
  EXPECT_EQ(app_.current_conversation(), kGroup);
  EXPECT_EQ(app_.error(), "");
}

TEST_F(AppMembership, WhoCameBackInAGapSeesWhatCameSince) {
  server_.put(message(kOther, 2, "secret"));
  server_.set_conversation(group(kOther, 1, 2));
  ask_for_the_list();
  ASSERT_TRUE(until([this] { return app_.conversations()->last_seq(kOther) == 2; }));
  server_.set_conversation(group(kGroup, 5, 5));
  server_.forget_messages(kGroup);
  v1::Message added = message(kGroup, 5, "ada");
  added.set_kind(v1::MESSAGE_KIND_MEMBERS_ADDED);
  server_.put(added);
  ask_for_the_list();  // As after a gap; the timeline's own question is not asked here.
  EXPECT_TRUE(until([this] { return bodies() == Bodies{"ada"}; }));
}

TEST_F(AppMembership, APageThatIsRefusedIsNotAboutANameOrAPassword) {
  server_.refuse("messages", "over");
  app_.openConversation(kOther);
  ASSERT_TRUE(until([this] { return !app_.timeline()->notice().isEmpty(); }));
  EXPECT_EQ(app_.timeline()->notice(), "Your session has ended. Log in again.");
}

}  // namespace
}  // namespace starling_app
