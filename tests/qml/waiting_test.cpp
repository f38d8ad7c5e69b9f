// What waits in the outbox, told by an answer and by changes in any order.
#include <gtest/gtest.h>

#include "qml-client/src/waiting_entries.h"

namespace starling_app {
namespace {

using starling::OutboxState;

starling::OutboxEntry entry(qint64 id, OutboxState state) {
  starling::OutboxEntry made;
  made.id = id;
  made.conversation_id = 7;
  made.state = state;
  return made;
}

std::vector<std::pair<qint64, OutboxState>> shown(const WaitingEntries& waiting) {
  std::vector<std::pair<qint64, OutboxState>> all;
  for (const starling::OutboxEntry& one : waiting.all()) all.emplace_back(one.id, one.state);
  return all;
}

using Shown = std::vector<std::pair<qint64, OutboxState>>;

TEST(AppWaiting, WhatIsAcknowledgedBeforeTheAnswerDoesNotWait) {
  WaitingEntries waiting;
  waiting.apply(entry(1, OutboxState::kReplicated));
  waiting.apply(entry(2, OutboxState::kCancelled));
  waiting.apply(entry(3, OutboxState::kSent));
  waiting.begin({entry(1, OutboxState::kQueued), entry(2, OutboxState::kQueued),
                 entry(3, OutboxState::kQueued), entry(4, OutboxState::kQueued)});
  EXPECT_EQ(shown(waiting), (Shown{{3, OutboxState::kSent}, {4, OutboxState::kQueued}}));
  waiting.apply(entry(3, OutboxState::kReplicated));
  waiting.apply(entry(4, OutboxState::kFailed));
  EXPECT_EQ(shown(waiting), (Shown{{4, OutboxState::kFailed}}));
}

// "3 messages wait" would be untrue of one that somebody has to try again or to remove.
TEST(AppWaiting, WhatWasRefusedForGoodIsNotCounted) {
  WaitingEntries waiting;
  waiting.begin({entry(1, OutboxState::kQueued), entry(2, OutboxState::kFailed),
                 entry(3, OutboxState::kSent)});
  EXPECT_EQ(waiting.count(), 2);
  waiting.apply(entry(1, OutboxState::kFailed));
  waiting.apply(entry(3, OutboxState::kReplicated));
  EXPECT_EQ(waiting.count(), 0);
}

TEST(AppWaiting, TheNewestThatMayStillBeSentStandsForItsConversation) {
  WaitingEntries waiting;
  waiting.begin({entry(1, OutboxState::kQueued), entry(2, OutboxState::kSent)});
  EXPECT_EQ(waiting.conversations(), (std::set<qint64>{7}));
  EXPECT_EQ(waiting.newest_of(7)->id, 2);
  EXPECT_EQ(waiting.newest_of(8), nullptr);
  waiting.apply(entry(2, OutboxState::kFailed));
  EXPECT_EQ(waiting.newest_of(7)->id, 1);
  waiting.apply(entry(1, OutboxState::kReplicated));
  EXPECT_EQ(waiting.newest_of(7), nullptr);
  waiting.apply(entry(2, OutboxState::kCancelled));
  EXPECT_TRUE(waiting.conversations().empty());
}

TEST(AppWaiting, TheNextAccountBeginsEmpty) {
  WaitingEntries waiting;
  waiting.apply(entry(1, OutboxState::kReplicated));
  waiting.begin({entry(2, OutboxState::kQueued)});
  waiting.reset();
  EXPECT_EQ(waiting.count(), 0);
  waiting.begin({entry(1, OutboxState::kQueued)});
  EXPECT_EQ(shown(waiting), (Shown{{1, OutboxState::kQueued}}));
}

// What somebody took back, and what the servers had already: the sender is told, once.
TEST(AppWaiting, WhatWasTakenBackTooLateIsTold) {
  WaitingEntries waiting;
  waiting.begin({entry(1, OutboxState::kSent), entry(2, OutboxState::kSent),
                 entry(3, OutboxState::kSent), entry(4, OutboxState::kCancelling)});
  EXPECT_TRUE(waiting.take_back(1));
  EXPECT_TRUE(waiting.apply(entry(1, OutboxState::kReplicated)));  // Before it was asked for.
  EXPECT_FALSE(waiting.take_back(1));                              // Not here any more.
  EXPECT_FALSE(waiting.apply(entry(1, OutboxState::kReplicated)));
  EXPECT_TRUE(waiting.take_back(2));
  EXPECT_FALSE(waiting.apply(entry(2, OutboxState::kCancelling)));
  EXPECT_EQ(waiting.count(), 1);           // One that is taken back waits for nothing.
  EXPECT_EQ(waiting.newest_of(7)->id, 3);  // Nor is it the last word of its conversation.
  EXPECT_FALSE(waiting.apply(entry(2, OutboxState::kCancelled)));
  EXPECT_FALSE(waiting.apply(entry(3, OutboxState::kReplicated)));
  EXPECT_TRUE(waiting.apply(entry(4, OutboxState::kReplicated)));  // Of an earlier process.
}

// Nobody could be asked to take it back: it is sent as if nobody had wished that.
TEST(AppWaiting, WhatCouldNotBeTakenBackIsSentLikeAnyOther) {
  WaitingEntries waiting;
  waiting.begin({entry(1, OutboxState::kSent), entry(2, OutboxState::kSent)});
  EXPECT_TRUE(waiting.take_back(1));
  waiting.keep(1);
  EXPECT_FALSE(waiting.apply(entry(1, OutboxState::kReplicated)));
  EXPECT_TRUE(waiting.take_back(2));
  waiting.apply(entry(2, OutboxState::kCancelling));
  EXPECT_TRUE(waiting.take_back(2));  // Once more, which fails: the first wish stands.
  waiting.keep(2);
  EXPECT_TRUE(waiting.apply(entry(2, OutboxState::kReplicated)));
}

TEST(AppWaiting, WhatIsQueuedWaitsUnlessItHasEnded) {
  WaitingEntries waiting;
  waiting.begin({});
  waiting.add(entry(1, OutboxState::kQueued));
  EXPECT_EQ(waiting.count(), 1);
  waiting.apply(entry(2, OutboxState::kFailed));
  waiting.add(entry(2, OutboxState::kQueued));
  waiting.apply(entry(3, OutboxState::kReplicated));
  waiting.add(entry(3, OutboxState::kQueued));
  EXPECT_EQ(shown(waiting), (Shown{{1, OutboxState::kQueued}, {2, OutboxState::kFailed}}));
  waiting.apply(entry(1, OutboxState::kCancelled));
  EXPECT_TRUE(waiting.take_back(1));  // It never was sent.
}

}  // namespace
}  // namespace starling_app
