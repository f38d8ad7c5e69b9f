// Writing: plain, as an answer, as an edit; drafts and mentions.
#include "qml-client/src/compose_model.h"

#include <gtest/gtest.h>

#include <QSignalSpy>

#include "qml-client/src/sentences.h"

namespace starling_app {
namespace {

constexpr qint64 kChat = 7;
constexpr qint64 kSelf = 1;
constexpr qint64 kPeer = 2;
constexpr int kPatienceMs = 20'000;

starling::Message message(qint64 seq, qint64 sender, const std::string& body) {
  starling::Message made;
  made.conversation_id = kChat;
  made.seq = seq;
  made.sender_id = sender;
  made.sender = sender == kSelf ? "ada" : "bob";
  made.body = body;
  made.sent_at_ms = 1'700'000'000'000;
  return made;
}

starling::Draft draft(const std::string& body, qint64 reply_to = 0) { return {body, reply_to, 1}; }

starling::Account person(const std::string& name, const std::string& shown = "") {
  starling::Account made;
  made.name = name;
  made.display_name = shown;
  return made;
}

class Compose : public testing::Test {
 protected:
  Compose() {
    QObject::connect(&compose_, &ComposeModel::textReplaced, &compose_,
                     [this](const QString& text, int cursor) {
                       field_ = text;
                       compose_.typed(text, cursor);  // As the field tells of it.
                     });
    timeline_.open(kChat, kSelf, {});
    timeline_.apply_page(kChat, timeline_.era(), 0,
                         {{message(1, kPeer, "question"), message(2, kSelf, "my answer"),
                           message(3, kPeer, "thanks")},
                          false});
    compose_.open(kChat, {});
  }
  void type(const QString& text) {
    field_ = text;
    compose_.typed(text, static_cast<int>(text.size()));
  }

  TimelineModel timeline_;
  ComposeModel compose_{timeline_};
  QSignalSpy drafts_{&compose_, &ComposeModel::draft_wanted};
  QString field_;
};

TEST_F(Compose, AnAnswerQuotesWhatItAnswers) {
  compose_.beginReply(1);
  EXPECT_EQ(compose_.mode(), ComposeModel::Reply);
  EXPECT_EQ(compose_.target(), 1);
  EXPECT_EQ(compose_.quote_title(), "Reply to " + isolated("bob"));
  EXPECT_EQ(compose_.quote_body(), "question");
  timeline_.apply_deleted(kChat, 1);
  EXPECT_EQ(compose_.quote_body(), "This message was deleted.");
  compose_.cancel();
  EXPECT_EQ(compose_.mode(), ComposeModel::Plain);
  EXPECT_EQ(compose_.target(), 0);
}

TEST_F(Compose, AnEditGivesBackWhatWasWrittenBefore) {
  type("half a sen");
  compose_.beginEdit(2);
  EXPECT_EQ(compose_.mode(), ComposeModel::Edit);
  EXPECT_EQ(field_, "my answer");
  compose_.cancel();
  EXPECT_EQ(compose_.mode(), ComposeModel::Plain);
  EXPECT_EQ(field_, "half a sen");
  compose_.beginReply(3);
  compose_.beginEdit(2);
  type("my better answer");
  compose_.sent();
  EXPECT_EQ(compose_.mode(), ComposeModel::Reply);
  EXPECT_EQ(field_, "half a sen");
}

TEST_F(Compose, TheArrowUpEditsTheLastOwnMessageOfAnEmptyField) {
  type("something");
  EXPECT_FALSE(compose_.editLast());
  type("");
  ASSERT_TRUE(compose_.editLast());
  EXPECT_EQ(compose_.target(), 2);
  compose_.cancel();
  timeline_.apply_deleted(kChat, 2);
  EXPECT_FALSE(compose_.editLast());
}

TEST_F(Compose, ADraftIsToldOnceAfterAPauseAndClearedBySending) {
  type("a");
  type("ab");
  EXPECT_EQ(drafts_.size(), 0);
  ASSERT_TRUE(drafts_.wait(kPatienceMs));
  EXPECT_EQ(drafts_.size(), 1);
  EXPECT_EQ(drafts_[0][1].toString(), "ab");
  compose_.sent();
  EXPECT_EQ(field_, "");
  EXPECT_EQ(drafts_.size(), 1);  // One at a time.
  compose_.draft_answered(kChat);
  ASSERT_EQ(drafts_.size(), 2);
  EXPECT_EQ(drafts_[1][1].toString(), "");
  compose_.draft_answered(kChat);
  compose_.sent();
  EXPECT_EQ(drafts_.size(), 2);  // There is none to clear.
}

TEST_F(Compose, AnotherConversationKeepsWhatWasWrittenHere) {
  type("later");
  compose_.beginReply(1);
  compose_.open(8, draft("of another day", 0));
  ASSERT_EQ(drafts_.size(), 1);
  EXPECT_EQ(drafts_[0][0].toLongLong(), kChat);
  EXPECT_EQ(drafts_[0][1].toString(), "later");
  EXPECT_EQ(drafts_[0][2].toLongLong(), 1);
  EXPECT_EQ(field_, "of another day");
  EXPECT_EQ(compose_.mode(), ComposeModel::Plain);
  compose_.open(kChat, draft("later", 1));
  EXPECT_EQ(field_, "later");
  EXPECT_EQ(compose_.mode(), ComposeModel::Reply);
}

TEST_F(Compose, AnotherDevicesDraftComesUnlessOneIsWriting) {
  compose_.apply_draft(kChat, draft("from the other one", 3));
  EXPECT_EQ(field_, "from the other one");
  EXPECT_EQ(compose_.target(), 3);
  type("mine");
  compose_.apply_draft(kChat, draft("theirs"));
  EXPECT_EQ(field_, "mine");
  compose_.apply_draft(8, draft("elsewhere"));
  EXPECT_EQ(field_, "mine");
}

TEST_F(Compose, AnAtOffersThePeopleAndTakesOne) {
  compose_.set_people({person("bob", "Robert"), person("bela"), person("carol")});
  type("hi @");
  EXPECT_EQ(compose_.suggestions()->names(), (QStringList{"bob", "bela", "carol"}));
  type("hi @b");
  EXPECT_EQ(compose_.suggestions()->names(), (QStringList{"bob", "bela"}));
  type("hi @rob");
  EXPECT_EQ(compose_.suggestions()->names(), QStringList{"bob"});
  compose_.complete("bob");
  EXPECT_EQ(field_, "hi @bob ");
  EXPECT_EQ(compose_.suggestions()->count(), 0);
  field_ = "ask @c now";
  compose_.typed(field_, 6);
  compose_.complete("carol");
  EXPECT_EQ(field_, "ask @carol now");
  type("a@");
  EXPECT_EQ(compose_.suggestions()->count(), 0);
}

}  // namespace
}  // namespace starling_app
