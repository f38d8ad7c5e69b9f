// Pages, events and outbox changes in any order become one list, each message once.
#include <gtest/gtest.h>

#include <QApplication>
#include <QSignalSpy>

#include "qml-client/src/app_language.h"
#include "qml-client/src/timeline_model.h"

namespace starling_app {
namespace {

constexpr qint64 kChat = 7;
constexpr qint64 kSelf = 1;
constexpr qint64 kPeer = 2;

starling::Message message(qint64 seq, qint64 sender, const std::string& body, qint64 at_ms = 0) {
  starling::Message made;
  made.id = 100 + seq;
  made.conversation_id = kChat;
  made.seq = seq;
  made.sender_id = sender;
  made.sender = sender == kSelf ? "ada" : "bob";
  made.body = body;
  made.sent_at_ms = 1'700'000'000'000 + at_ms;
  return made;
}

starling::OutboxEntry entry(qint64 id, starling::OutboxState state, qint64 seq = 0) {
  starling::OutboxEntry made;
  made.id = id;
  made.conversation_id = kChat;
  made.body = "own " + std::to_string(id);
  made.state = state;
  made.queued_at_ms = 1'700'000'100'000;
  made.seq = seq;
  made.request_id = "request " + std::to_string(id);
  return made;
}

// What comes of an outbox entry.
starling::Message sent(qint64 id, qint64 seq) {
  starling::Message made = message(seq, kSelf, "own " + std::to_string(id));
  made.request_id = "request " + std::to_string(id);
  return made;
}

class Timeline : public testing::Test {
 protected:
  Timeline() { model_.open(kChat, kSelf, {}); }

  void page(std::vector<starling::Message> items, bool more = false, qint64 before = 0) {
    model_.apply_page(kChat, model_.era(), before, {std::move(items), more});
  }
  void answer_newer(const starling::Page<starling::Message>& page, qint64 after = 0) {
    model_.apply_newer(kChat, model_.era(), after, page);
  }
  // The oldest first.
  std::vector<std::string> bodies() const {
    std::vector<std::string> found;
    for (int row = model_.count() - 1; row >= 0; --row) {
      found.push_back(role(row, TimelineModel::BodyRole).toString().toStdString());
    }
    return found;
  }
  QVariant role(int row, int which) const { return model_.data(model_.index(row), which); }
  int state(int row) const { return role(row, TimelineModel::StateRole).toInt(); }

  TimelineModel model_;
};

using Bodies = std::vector<std::string>;

TEST_F(Timeline, EventsBeforeThePageAndTwiceAreShownOnceInOrder) {
  model_.apply_message(message(3, kPeer, "c"));
  page({message(1, kPeer, "a"), message(2, kSelf, "b"), message(3, kPeer, "c")});
  model_.apply_message(message(4, kPeer, "d"));
  model_.apply_message(message(4, kPeer, "d"));
  model_.apply_message(message(2, kSelf, "b"));
  EXPECT_EQ(bodies(), (Bodies{"a", "b", "c", "d"}));
}

TEST_F(Timeline, AnOwnMessageMovesFromWaitingToItsPlace) {
  using starling::OutboxState;
  page({message(1, kPeer, "a")});
  model_.apply_outbox(entry(1, OutboxState::kQueued), true);
  EXPECT_EQ(state(0), TimelineModel::Queued);
  model_.apply_outbox(entry(1, OutboxState::kSent), false);
  EXPECT_EQ(state(0), TimelineModel::Sent);
  model_.apply_message(message(2, kPeer, "b"));
  EXPECT_EQ(bodies(), (Bodies{"a", "b", "own 1"}));
  model_.apply_outbox(entry(1, OutboxState::kReplicated, 3), false);
  model_.apply_message(message(3, kSelf, "own 1"));
  EXPECT_EQ(bodies(), (Bodies{"a", "b", "own 1"}));
  EXPECT_EQ(state(0), TimelineModel::Replicated);
  model_.apply_peer_read(kChat, 3);
  EXPECT_EQ(state(0), TimelineModel::Read);
}

// Whoever is at a waiting message is at the same one when it is stored: no row goes or comes.
TEST_F(Timeline, AWaitingRowBecomesTheStoredOne) {
  using starling::OutboxState;
  page({message(1, kPeer, "a")});
  for (const qint64 id : {1, 2, 3}) model_.apply_outbox(entry(id, OutboxState::kSent), true);
  const QPersistentModelIndex first(model_.index(2));
  const QPersistentModelIndex second(model_.index(1));
  QSignalSpy gone(&model_, &TimelineModel::rowsRemoved);
  QSignalSpy come(&model_, &TimelineModel::rowsInserted);
  model_.apply_outbox(entry(1, OutboxState::kReplicated, 2), false);
  EXPECT_EQ(model_.data(first, TimelineModel::SeqRole).toLongLong(), 2);
  EXPECT_EQ(gone.count() + come.count(), 0);
  // One's place may be below what waits longer, and the stream may be the first to tell.
  model_.apply_message(message(4, kPeer, "b"));
  come.clear();
  model_.apply_message(sent(2, 3));
  EXPECT_EQ(model_.data(second, TimelineModel::SeqRole).toLongLong(), 3);
  EXPECT_EQ(gone.count() + come.count(), 0);
  EXPECT_EQ(bodies(), (Bodies{"a", "own 1", "own 2", "b", "own 3"}));
  model_.apply_outbox(entry(2, OutboxState::kReplicated, 3), false);
  EXPECT_EQ(bodies(), (Bodies{"a", "own 1", "own 2", "b", "own 3"}));
}

TEST_F(Timeline, TheErrorOfAPageThatIsLateIsNone) {
  page({message(5, kPeer, "e")}, true);
  model_.fetchMore({});
  const int late = model_.era();
  model_.reload();
  model_.apply_page_error(kChat, late, 5, "why");
  EXPECT_EQ(model_.notice(), QString());
  EXPECT_TRUE(model_.loading());
  page({message(5, kPeer, "e")}, true);
  model_.apply_page_error(kChat, model_.era(), 0, "why");  // Of the question that was answered.
  EXPECT_EQ(model_.notice(), QString());
}

TEST_F(Timeline, TheStreamMayBeQuickerThanTheAcknowledgement) {
  using starling::OutboxState;
  page({});
  model_.apply_outbox(entry(1, OutboxState::kSent), true);
  model_.apply_message(sent(1, 1));
  EXPECT_EQ(bodies(), (Bodies{"own 1"}));
  EXPECT_EQ(state(0), TimelineModel::Replicated);  // It is stored, whoever says so.
  model_.apply_outbox(entry(1, OutboxState::kReplicated, 1), false);
  model_.apply_outbox(entry(1, OutboxState::kSent), true);  // A late answer of queue().
  EXPECT_EQ(bodies(), (Bodies{"own 1"}));
}

TEST_F(Timeline, WhatIsTakenBackStaysInSightUntilTheServersHaveSaid) {
  using starling::OutboxState;
  page({message(1, kPeer, "a")});
  model_.apply_outbox(entry(1, OutboxState::kSent), true);
  model_.apply_outbox(entry(2, OutboxState::kSent), true);
  EXPECT_EQ(model_.waiting(), 2);
  for (const qint64 id : {1, 2}) model_.apply_outbox(entry(id, OutboxState::kCancelling), false);
  EXPECT_EQ(bodies(), (Bodies{"a", "own 1", "own 2"}));
  EXPECT_EQ(state(0), TimelineModel::Cancelling);
  EXPECT_FALSE(role(0, TimelineModel::StateTextRole).toString().isEmpty());
  EXPECT_EQ(model_.waiting(), 0);
  model_.apply_outbox(entry(2, OutboxState::kCancelled), false);
  EXPECT_EQ(bodies(), (Bodies{"a", "own 1"}));
  // It had happened: its place is not told, and the stream tells of it.
  model_.apply_outbox(entry(1, OutboxState::kReplicated), false);
  EXPECT_EQ(bodies(), (Bodies{"a"}));
  model_.apply_message(sent(1, 2));
  EXPECT_EQ(bodies(), (Bodies{"a", "own 1"}));
  EXPECT_EQ(state(0), TimelineModel::Replicated);
}

TEST_F(Timeline, AnotherDevicesMessageOfTheSameTextHidesNothing) {
  using starling::OutboxState;
  page({});
  model_.apply_outbox(entry(1, OutboxState::kSent), true);
  model_.apply_outbox(entry(2, OutboxState::kSent), true);
  starling::Message other = message(1, kSelf, "own 1");
  other.request_id = "another device's";
  model_.apply_message(other);
  model_.apply_message(message(2, kSelf, "own 1"));  // Of a server that does not say.
  EXPECT_EQ(bodies(), (Bodies{"own 1", "own 1", "own 1", "own 2"}));
  model_.apply_outbox(entry(1, OutboxState::kReplicated, 3), false);
  EXPECT_EQ(bodies(), (Bodies{"own 1", "own 1", "own 1", "own 2"}));
  EXPECT_EQ(state(1), TimelineModel::Replicated);
  EXPECT_EQ(state(0), TimelineModel::Sent);
}

TEST_F(Timeline, APageMayBeQuickerThanTheAcknowledgement) {
  using starling::OutboxState;
  page({message(1, kSelf, "old")});
  model_.apply_outbox(entry(1, OutboxState::kSent), true);
  model_.reload();
  page({message(1, kSelf, "old"), sent(1, 2), message(3, kPeer, "c")});
  EXPECT_EQ(bodies(), (Bodies{"old", "own 1", "c"}));
  answer_newer({{sent(1, 2), message(3, kPeer, "c")}, false});
  model_.apply_outbox(entry(1, OutboxState::kReplicated, 2), false);
  EXPECT_EQ(bodies(), (Bodies{"old", "own 1", "c"}));
  EXPECT_EQ(state(1), TimelineModel::Replicated);
}

// Opened while a send is on its way: the first page has it, and the outbox says that it waits.
TEST_F(Timeline, WhatAPageHasDoesNotWait) {
  using starling::OutboxState;
  model_.open(kChat, kSelf, {entry(1, OutboxState::kSent), entry(2, OutboxState::kSent)});
  page({sent(1, 1)});
  EXPECT_EQ(bodies(), (Bodies{"own 1", "own 2"}));
  EXPECT_EQ(state(1), TimelineModel::Replicated);
  model_.apply_message(sent(3, 2));
  model_.apply_outbox(entry(3, OutboxState::kSent), false);  // Told later than its message came.
  EXPECT_EQ(bodies(), (Bodies{"own 1", "own 3", "own 2"}));
  model_.apply_outbox(entry(2, OutboxState::kReplicated, 3), false);
  EXPECT_EQ(bodies(), (Bodies{"own 1", "own 3", "own 2"}));
  EXPECT_EQ(model_.waiting(), 0);
}

TEST_F(Timeline, APageFromBeforeADeletionDoesNotUndoIt) {
  const Bodies gone{"a", "This message was deleted."};
  model_.apply_deleted(kChat, 2);  // The first page is on its way, and nothing is shown yet.
  page({message(1, kPeer, "a"), message(2, kPeer, "secret")});
  EXPECT_EQ(bodies(), gone);
  model_.apply_message(message(2, kPeer, "secret"));
  EXPECT_EQ(bodies(), gone);
  answer_newer({{message(2, kPeer, "secret")}, false});
  EXPECT_EQ(bodies(), gone);
  model_.close();
  model_.apply_deleted(kChat, 1);  // Told while nobody looks.
  model_.open(kChat, kSelf, {});
  page({message(1, kPeer, "a"), message(2, kPeer, "secret")});
  EXPECT_EQ(bodies(), (Bodies{"This message was deleted.", "This message was deleted."}));
}

TEST_F(Timeline, ATombstoneNeverBecomesTextAgain) {
  starling::Message gone = message(1, kPeer, "");
  gone.deleted = true;
  page({gone});
  answer_newer({{message(1, kPeer, "secret")}, false});  // Of a page read earlier.
  EXPECT_EQ(bodies(), (Bodies{"This message was deleted."}));
}

TEST_F(Timeline, TheAcknowledgementOfADeletedMessageShowsNoText) {
  using starling::OutboxState;
  page({message(1, kPeer, "a")});
  model_.apply_outbox(entry(1, OutboxState::kSent), true);
  model_.apply_deleted(kChat, 2);  // From another device, and its own event was not told.
  model_.apply_outbox(entry(1, OutboxState::kReplicated, 2), false);
  EXPECT_EQ(bodies(), (Bodies{"a", "This message was deleted."}));
}

TEST_F(Timeline, AHoleIsAskedForAgainAfterAFailureAndNotAfterNothing) {
  page({message(1, kPeer, "a")});
  QSignalSpy newer(&model_, &TimelineModel::newer_wanted);
  model_.apply_message(message(3, kPeer, "c"));
  ASSERT_TRUE(newer.wait(10'000));
  model_.retry_gap(kChat, model_.era());
  ASSERT_TRUE(newer.wait(10'000));
  answer_newer({}, 1);
  EXPECT_FALSE(newer.wait(1'000));
}

TEST_F(Timeline, OlderPagesGoBeforeAndAHoleIsAskedFor) {
  QSignalSpy older(&model_, &TimelineModel::older_wanted);
  page({message(5, kPeer, "e"), message(6, kPeer, "f")}, true);
  ASSERT_TRUE(model_.canFetchMore({}));
  model_.fetchMore({});
  ASSERT_EQ(older.size(), 1);
  EXPECT_EQ(older[0][1].toLongLong(), 5);
  page({message(3, kPeer, "c"), message(4, kPeer, "d")}, false, 5);
  EXPECT_FALSE(model_.canFetchMore({}));
  QSignalSpy newer(&model_, &TimelineModel::newer_wanted);
  model_.apply_message(message(9, kPeer, "i"));
  ASSERT_TRUE(newer.wait(10'000));
  EXPECT_EQ(newer[0][1].toLongLong(), 6);
  answer_newer({{message(7, kPeer, "g"), message(8, kPeer, "h")}, false});
  EXPECT_EQ(bodies(), (Bodies{"c", "d", "e", "f", "g", "h", "i"}));
}

TEST_F(Timeline, WhatWasDeletedUnheardIsGoneAfterAReload) {
  page({message(5, kPeer, "e"), message(6, kPeer, "f")}, true);
  model_.fetchMore({});
  page({message(3, kPeer, "secret"), message(4, kPeer, "d")}, true, 5);
  model_.apply_outbox(entry(1, starling::OutboxState::kQueued), true);
  QSignalSpy older(&model_, &TimelineModel::older_wanted);
  model_.reload();
  ASSERT_EQ(older.size(), 1);
  EXPECT_EQ(older[0][1].toLongLong(), 0);
  EXPECT_FALSE(model_.canFetchMore({}));
  model_.apply_message(message(8, kPeer, "h"));  // Quicker than the page.
  page({message(5, kPeer, "e"), message(6, kPeer, "f"), message(7, kPeer, "g")}, true);
  EXPECT_EQ(bodies(), (Bodies{"e", "f", "g", "h", "own 1"}));
  ASSERT_TRUE(model_.canFetchMore({}));
  model_.fetchMore({});
  EXPECT_EQ(older[1][1].toLongLong(), 5);
  starling::Message gone = message(3, kPeer, "");
  gone.deleted = true;
  page({gone, message(4, kPeer, "d")}, false, 5);
  EXPECT_EQ(bodies().front(), "This message was deleted.");
}

TEST_F(Timeline, APageThatWasAskedForBeforeAReloadIsLate) {
  page({message(5, kPeer, "e"), message(6, kPeer, "f")}, true);
  model_.fetchMore({});
  model_.reload();
  page({message(3, kPeer, "secret"), message(4, kPeer, "d")}, true, 5);
  page({message(6, kPeer, "f"), message(7, kPeer, "g")}, true);
  page({message(3, kPeer, "secret"), message(4, kPeer, "d")}, true, 5);
  EXPECT_EQ(bodies(), (Bodies{"f", "g"}));
}

TEST_F(Timeline, AReloadThatFailedIsTriedAgain) {
  page({message(5, kPeer, "secret"), message(6, kPeer, "f")}, true);
  model_.reload();
  model_.apply_page_error(kChat, model_.era(), 0, "why");
  QSignalSpy older(&model_, &TimelineModel::older_wanted);
  model_.retryPage();
  ASSERT_EQ(older.size(), 1);
  EXPECT_EQ(older[0][1].toLongLong(), 0);
  page({message(6, kPeer, "f")}, true);
  EXPECT_EQ(bodies(), (Bodies{"f"}));
}

TEST_F(Timeline, GroupsOfOneSenderEndAfterAPause) {
  page({message(1, kPeer, "a"), message(2, kPeer, "b", 1'000), message(3, kPeer, "c", 700'000),
        message(4, kSelf, "d", 701'000)});
  EXPECT_TRUE(role(3, TimelineModel::FirstOfGroupRole).toBool());
  EXPECT_FALSE(role(2, TimelineModel::FirstOfGroupRole).toBool());
  EXPECT_TRUE(role(2, TimelineModel::LastOfGroupRole).toBool());
  EXPECT_TRUE(role(1, TimelineModel::FirstOfGroupRole).toBool());
  EXPECT_FALSE(role(3, TimelineModel::DayRole).toString().isEmpty());
  EXPECT_TRUE(role(2, TimelineModel::DayRole).toString().isEmpty());
}

TEST_F(Timeline, NamesAreThoseOfTheOpenConversation) {
  page({message(1, kPeer, "a")});
  model_.set_display_name("bob", "Bob Miller");
  EXPECT_EQ(role(0, TimelineModel::SenderRole).toString(), "Bob Miller");
  model_.open(kChat, kSelf, {});
  page({message(1, kPeer, "a")});
  EXPECT_EQ(role(0, TimelineModel::SenderRole).toString(), "bob");
}

TEST_F(Timeline, AnotherConversationChangesNothing) {
  page({message(1, kPeer, "a")});
  starling::Message other = message(2, kPeer, "x");
  other.conversation_id = 8;
  model_.apply_message(other);
  model_.apply_deleted(8, 1);
  model_.apply_peer_read(8, 1);
  EXPECT_EQ(bodies(), (Bodies{"a"}));
  model_.apply_deleted(kChat, 1);
  EXPECT_TRUE(role(0, TimelineModel::DeletedRole).toBool());
}

}  // namespace
}  // namespace starling_app

int main(int argc, char** argv) {
  qputenv("QT_QPA_PLATFORM", "offscreen");  // Also when the tests are only listed.
  const QApplication app(argc, argv);       // Timers need one, and the theme a palette.
  starling_app::AppLanguage language;
  language.use(QStringLiteral("en"));  // The forms of "1 member" and "2 members".
  testing::InitGoogleTest(&argc, argv);
  return RUN_ALL_TESTS();
}
