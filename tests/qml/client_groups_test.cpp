// Groups and what one does to messages, through the real SDK, against a server that notes what it
// is asked and tells of it as a test says.
#include <gtest/gtest.h>

#include <QClipboard>
#include <QGuiApplication>
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

constexpr qint64 kGroup = 20;
constexpr qint64 kBob = 2;

v1::Conversation group(const std::string& title, v1::MemberRole role, std::int64_t last = 3) {
  v1::Conversation made;
  made.set_id(kGroup);
  made.set_title(title);
  made.set_kind(v1::CONVERSATION_KIND_GROUP);
  made.set_role(role);
  made.set_member_count(2);
  made.set_last_seq(last);
  return made;
}

v1::Member member(std::int64_t id, const std::string& name, v1::MemberRole role) {
  v1::Member made;
  made.mutable_account()->set_id(id);
  made.mutable_account()->set_name(name);
  made.set_role(role);
  return made;
}

v1::Message message(std::int64_t seq, std::int64_t sender, const std::string& body) {
  v1::Message made;
  made.set_id(kGroup * 1'000 + seq);
  made.set_conversation_id(kGroup);
  made.set_seq(seq);
  made.set_sender_id(sender);
  made.set_sender(sender == kFakeAccount ? "ada" : "bob");
  made.set_body(body);
  made.set_sent_at_ms(1'700'000'000'000 + seq);
  return made;
}

v1::Event event(v1::EventKind kind, std::int64_t seq, std::int64_t account = kBob) {
  v1::Event made;
  made.set_kind(kind);
  made.set_conversation_id(kGroup);
  made.set_seq(seq);
  made.set_account_id(account);
  return made;
}

class AppGroups : public testing::Test {
 protected:
  AppGroups() : app_({QString::fromStdString(server_.address())}, data_.path()) {}

  bool wrote(const std::string& line) {
    return until([&] {
      const std::vector<std::string> writes = server_.writes();
      return std::find(writes.begin(), writes.end(), line) != writes.end();
    });
  }
  // Logged in, with a group of ada and bob open in which three things were said.
  void open(v1::MemberRole role = v1::MEMBER_ROLE_OWNER) {
    server_.set_conversation(group("Lunch", role));
    server_.set_members(
        kGroup, {member(kFakeAccount, "ada", role), member(kBob, "bob", v1::MEMBER_ROLE_MEMBER)});
    server_.put(message(1, kBob, "one"));
    server_.put(message(2, kFakeAccount, "two"));
    server_.put(message(3, kBob, "three"));
    app_.start();
    app_.logIn(QStringLiteral("ada"), QStringLiteral("correct horse"));
    ASSERT_TRUE(until([this] { return app_.conversations()->loaded(); }));
    app_.openConversation(kGroup);
    ASSERT_TRUE(until([this] {
      return app_.timeline()->count() == 3 && app_.groups()->members()->count() == 2;
    }));
  }
  QVariant newest(int role) { return at(0, role); }
  QVariant at(int row, int role) {
    return app_.timeline()->data(app_.timeline()->index(row), role);
  }
  QString group_error() { return app_.groups()->error(); }

  QTemporaryDir data_;
  FakeServer server_;
  ChatClient app_;
};

TEST_F(AppGroups, ANewGroupIsMadeOfWhoWasChosenAndOpens) {
  open();
  GroupDesk& desk = *app_.groups();
  desk.choose("bob", "Bob");
  desk.choose("carl", "");
  desk.choose("bob", "Bob");
  desk.choose("dora", "");
  desk.unchoose("carl");
  desk.create("  ");
  EXPECT_EQ(group_error(), "Give the group a name.");
  desk.create(" Tea ");
  EXPECT_TRUE(wrote("create Tea: bob dora"));
  EXPECT_TRUE(until([&] { return app_.current_title() == "Tea"; }));
  EXPECT_EQ(desk.members_sentence(), "3 members");
  EXPECT_EQ(desk.chosen()->count(), 0);
  EXPECT_TRUE(desk.may_dissolve());
}

TEST_F(AppGroups, WhatTheRoleAllowsIsAskedForAndARefusalIsSaidInPlace) {
  open();
  GroupDesk& desk = *app_.groups();
  desk.rename("Tea");
  EXPECT_TRUE(wrote("rename 20 Tea"));
  ASSERT_TRUE(until([&] { return !desk.busy(); }));
  desk.setAdmin(kBob, true);
  EXPECT_TRUE(wrote("role 20 2 MEMBER_ROLE_ADMIN"));
  ASSERT_TRUE(until([&] { return !desk.busy(); }));
  desk.choose("carl", "");
  desk.addChosen();
  EXPECT_TRUE(wrote("add 20 carl"));
  ASSERT_TRUE(until([&] { return !desk.busy(); }));
  EXPECT_EQ(group_error(), "");
  server_.refuse("remove", "only somebody with more power may remove a member");
  desk.removeMember(kBob);
  EXPECT_TRUE(until([&] { return !group_error().isEmpty(); }));
  EXPECT_EQ(group_error(), "Only somebody with more power may remove a member.");
  EXPECT_EQ(app_.error(), "");  // It is not said elsewhere.
}

TEST_F(AppGroups, ASystemMessageBringsTheNewTitleAndMembers) {
  open(v1::MEMBER_ROLE_MEMBER);
  EXPECT_FALSE(app_.groups()->may_manage());
  v1::Conversation now = group("Tea", v1::MEMBER_ROLE_ADMIN, 4);
  now.set_member_count(3);
  server_.set_conversation(now);
  server_.set_members(kGroup, {member(kFakeAccount, "ada", v1::MEMBER_ROLE_ADMIN),
                               member(kBob, "bob", v1::MEMBER_ROLE_OWNER),
                               member(5, "carl", v1::MEMBER_ROLE_MEMBER)});
  v1::Event added = event(v1::EVENT_KIND_MESSAGE, 4);
  *added.mutable_message() = message(4, kBob, "carl");
  added.mutable_message()->set_kind(v1::MESSAGE_KIND_MEMBERS_ADDED);
  server_.tell(added);
  EXPECT_TRUE(until([this] { return app_.current_title() == "Tea"; }));
  EXPECT_TRUE(until([this] { return app_.groups()->members()->count() == 3; }));
  EXPECT_EQ(app_.groups()->members_sentence(), "3 members");
  EXPECT_TRUE(app_.groups()->may_manage());
  EXPECT_EQ(newest(TimelineModel::SystemTextRole).toString(),
            isolated("bob") + " added " + isolated("carl"));
}

TEST_F(AppGroups, WhoIsTakenOutIsToldAndWhoLeavesIsNot) {
  open();
  server_.remove_conversation(kGroup);
  v1::Event removed = event(v1::EVENT_KIND_MESSAGE, 4);
  *removed.mutable_message() = message(4, kBob, "ada");
  removed.mutable_message()->set_kind(v1::MESSAGE_KIND_MEMBER_REMOVED);
  server_.tell(removed);
  EXPECT_TRUE(until([this] { return !app_.chatting(); }));
  EXPECT_EQ(app_.error(), "You are no longer in “" + isolated("Lunch") + "”.");
  EXPECT_FALSE(app_.conversations()->contains(kGroup));
}

TEST_F(AppGroups, LeavingClosesIt) {
  open(v1::MEMBER_ROLE_MEMBER);
  app_.groups()->leave();
  EXPECT_TRUE(wrote("remove 20 1"));
  EXPECT_TRUE(until([this] { return !app_.chatting(); }));
  EXPECT_EQ(app_.error(), "");
}

TEST_F(AppGroups, MessagesAreReactedToEditedHiddenAndDeleted) {
  open();
  MessageActions& actions = *app_.actions();
  actions.react(3, "👍");
  EXPECT_TRUE(wrote("react 20 3 👍 on"));
  app_.compose()->beginEdit(2);
  EXPECT_TRUE(app_.sendMessage("two and a half"));
  EXPECT_TRUE(wrote("edit 20 2 two and a half"));
  EXPECT_TRUE(until([this] { return at(1, TimelineModel::EditedRole).toBool(); }));
  EXPECT_EQ(at(1, TimelineModel::BodyRole).toString(), "two and a half");
  EXPECT_EQ(app_.compose()->mode(), ComposeModel::Plain);
  actions.copy(2);
  EXPECT_EQ(QGuiApplication::clipboard()->text(), "two and a half");
  // What somebody wrote is copied as it is.
  const QString turning = QStringLiteral("\u0639\u0644\u064A b\u202eob");
  actions.copyText(turning);
  EXPECT_EQ(QGuiApplication::clipboard()->text(), turning);
  actions.hide(1);
  EXPECT_TRUE(until([this] { return at(2, TimelineModel::HiddenRole).toBool(); }));
  EXPECT_TRUE(wrote("hide 20 1"));
  actions.erase(3);
  EXPECT_TRUE(until([this] { return newest(TimelineModel::DeletedRole).toBool(); }));
  EXPECT_TRUE(wrote("delete 20 3"));
}

TEST_F(AppGroups, ARefusedEditComesBackToTheComposer) {
  open();
  server_.refuse("edit", "a message can be edited 64 times");
  QString back;
  QObject::connect(&app_, &ChatClient::sendRefused, &app_,
                   [&](const QString& text) { back = text; });
  app_.compose()->beginEdit(2);
  EXPECT_TRUE(app_.sendMessage("once more"));
  EXPECT_TRUE(until([&] { return back == "once more"; }));
  EXPECT_EQ(app_.actions()->error(), "A message can be edited 64 times.");
  EXPECT_EQ(at(1, TimelineModel::BodyRole).toString(), "two");
}

TEST_F(AppGroups, WhatOthersDoIsSeenLive) {
  open();
  v1::Message reacted = message(2, kFakeAccount, "two");
  v1::Reaction& one = *reacted.add_reactions();
  one.set_emoji("🎉");
  one.set_count(3);
  server_.put(reacted);
  v1::Event reaction = event(v1::EVENT_KIND_REACTION, 2);
  reaction.set_text("🎉");
  reaction.set_on(true);
  server_.tell(reaction);
  EXPECT_TRUE(until([this] {  // The event counts one; the answer tells of three.
    const QVariantList list = at(1, TimelineModel::ReactionsRole).toList();
    return list.size() == 1 && list[0].toMap()["count"].toInt() == 3;
  }));
  server_.tell(event(v1::EVENT_KIND_DELIVERED, 2));
  EXPECT_TRUE(until(
      [this] { return at(1, TimelineModel::StateRole).toInt() == TimelineModel::Delivered; }));
  server_.tell(event(v1::EVENT_KIND_PEER_READ, 2));
  EXPECT_TRUE(
      until([this] { return at(1, TimelineModel::StateRole).toInt() == TimelineModel::Read; }));
  v1::Event edit = event(v1::EVENT_KIND_MESSAGE_EDITED, 3);
  *edit.mutable_message() = message(3, kBob, "three, @ada");
  edit.mutable_message()->set_edits(1);
  server_.tell(edit);
  EXPECT_TRUE(until([this] { return newest(TimelineModel::MentionsMeRole).toBool(); }));
  server_.tell(event(v1::EVENT_KIND_HIDDEN, 1, kFakeAccount));
  EXPECT_TRUE(until([this] { return at(2, TimelineModel::HiddenRole).toBool(); }));
}

TEST_F(AppGroups, WhatIsReceivedIsMarkedInSmallGroupsOnly) {
  open();
  v1::Event said = event(v1::EVENT_KIND_MESSAGE, 4);
  *said.mutable_message() = message(4, kBob, "four");
  server_.tell(said);
  EXPECT_TRUE(wrote("delivered 20 4"));
  v1::Conversation large = group("Lunch", v1::MEMBER_ROLE_MEMBER, 4);
  large.set_member_count(65);
  server_.set_conversation(large);
  server_.tell(event(v1::EVENT_KIND_DRAFT, 0, kFakeAccount));  // It is looked at again.
  ASSERT_TRUE(until([this] { return app_.groups()->members_sentence() == "65 members"; }));
  const std::size_t before = server_.writes().size();
  *said.mutable_message() = message(5, kBob, "five");
  server_.tell(said);
  ASSERT_TRUE(until([this] { return newest(TimelineModel::BodyRole).toString() == "five"; }));
  large.set_member_count(2);
  server_.set_conversation(large);
  server_.tell(event(v1::EVENT_KIND_DRAFT, 0, kFakeAccount));
  ASSERT_TRUE(until([this] { return app_.groups()->members_sentence() == "2 members"; }));
  *said.mutable_message() = message(6, kBob, "six");
  server_.tell(said);
  EXPECT_TRUE(wrote("delivered 20 6"));
  EXPECT_EQ(server_.writes().size(), before + 1);  // None for the fifth.
}

TEST_F(AppGroups, ADraftOfAnotherDeviceIsShownAndOnesOwnTold) {
  open();
  QString field;
  QObject::connect(app_.compose(), &ComposeModel::textReplaced, &app_,
                   [&](const QString& text, int) { field = text; });
  v1::Conversation now = group("Lunch", v1::MEMBER_ROLE_OWNER);
  now.mutable_draft()->set_body("from the other one");
  server_.set_conversation(now);
  server_.tell(event(v1::EVENT_KIND_DRAFT, 0, kFakeAccount));
  EXPECT_TRUE(until([&] { return field == "from the other one"; }));
  app_.compose()->typed("mine", 4);
  app_.closeConversation();
  EXPECT_TRUE(wrote("draft 20 0 mine"));
}

TEST_F(AppGroups, TheHistoryOfAMessageEndsWithWhatItSaysNow) {
  open();
  v1::Edit first;
  first.set_body("to");
  first.set_at_ms(1'700'000'100'000);
  server_.set_edits({first});
  app_.actions()->loadHistory(2);
  ASSERT_TRUE(until([this] { return app_.actions()->history().size() == 2; }));
  EXPECT_EQ(app_.actions()->history()[0].toMap()["body"].toString(), "to");
  EXPECT_EQ(app_.actions()->history()[1].toMap()["body"].toString(), "two");
  EXPECT_EQ(app_.actions()->history_notice(), "");
  // What is deleted while one reads them has none, nor when they come later than that is told.
  app_.timeline()->apply_deleted(app_.timeline()->conversation(), 2);
  EXPECT_TRUE(app_.actions()->history().empty());
  EXPECT_NE(app_.actions()->history_notice(), "");
  app_.actions()->loadHistory(2);
  const QString loading = app_.actions()->history_notice();
  ASSERT_TRUE(until([&] { return app_.actions()->history_notice() != loading; }));
  EXPECT_TRUE(app_.actions()->history().empty());
  EXPECT_EQ(app_.actions()->history_notice(), "That message is not there any more.");
}

TEST_F(AppGroups, AnAtOffersTheMembersOfTheGroup) {
  open();
  app_.compose()->typed("hello @", 7);
  EXPECT_TRUE(
      until([this] { return app_.compose()->suggestions()->names() == QStringList{"bob"}; }));
}

}  // namespace
}  // namespace starling_app
