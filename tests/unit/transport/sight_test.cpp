// Which events change who sees whom, as a real store tells them; and the notices of who types.
#include "server/transport/sight.h"

#include <gmock/gmock.h>

#include <set>
#include <tuple>

#include "server/transport/typing_notices.h"
#include "tests/unit/chat/world.h"

namespace starling::transport {
namespace {

using chat::AccountId;
using chat::Code;
using chat::MemberRole;
using chat::Person;
using testing::ElementsAre;
using testing::IsEmpty;
using testing::IsSupersetOf;
using testing::Not;
using testing::SizeIs;
using Pairs = std::set<std::pair<AccountId, AccountId>>;

struct SightTest : testing::Test {
  chat::World world;
  Person ada = world.person("ada");
  Person bob = world.person("bob");
  Person eve = world.person("eve");
  Person joe = world.person("joe");
  chat::ConversationId club = world.group(ada, {bob, eve});
  AccountId a = ada.actor.account;
  AccountId b = bob.actor.account;
  AccountId e = eve.actor.account;
  AccountId j = joe.actor.account;

  std::vector<SightChange> changes(const chat::Command& command) {
    EXPECT_EQ(world.apply(command).code, Code::kOk);
    return sight_changes(world.result.events);
  }
  // Who looks at whom again; nobody needs to be told of itself.
  static Pairs pairs_of(const std::vector<SightChange>& changes) {
    Pairs pairs;
    for (const SightChange& change : changes) {
      for (const AccountId viewer : *change.viewers) {
        for (const AccountId seen : *change.seen) {
          if (viewer != seen) pairs.emplace(viewer, seen);
        }
      }
    }
    return pairs;
  }
  Pairs pairs(const chat::Command& command) { return pairs_of(changes(command)); }
  static Pairs between(AccountId one, const std::vector<AccountId>& others) {
    Pairs out;
    for (const AccountId other : others) {
      out.emplace(one, other);
      out.emplace(other, one);
    }
    return out;
  }
  static std::set<std::pair<AccountId, chat::ConversationId>> left(
      const std::vector<SightChange>& changes) {
    std::set<std::pair<AccountId, chat::ConversationId>> out;
    for (const SightChange& change : changes) {
      for (const AccountId who : *change.viewers) {
        if (change.left != 0) out.emplace(who, change.left);
      }
    }
    return out;
  }
};

TEST_F(SightTest, WhatMovesNobodyChangesNothing) {
  EXPECT_THAT(pairs(chat::RenameGroup{world.key(), ada.actor, club, "another"}), IsEmpty());
  EXPECT_THAT(pairs(chat::SetRole{world.key(), ada.actor, club, b, MemberRole::kAdmin}), IsEmpty());
  EXPECT_THAT(pairs(chat::SetRole{world.key(), ada.actor, club, b, MemberRole::kOwner}), IsEmpty());
  EXPECT_THAT(pairs(chat::Send{world.key(), ada.actor, club, "hello", std::nullopt, 0}), IsEmpty());
  EXPECT_THAT(pairs(chat::CreateGroup{world.key(), ada.actor, "alone", {}}), IsEmpty());
}

TEST_F(SightTest, WhoComesAndTheOthersLookAtEachOther) {
  EXPECT_EQ(pairs(chat::AddMembers{world.key(), ada.actor, club, {j}}), between(j, {a, b, e}));
  Pairs all = between(a, {b, j});
  all.merge(between(b, {j}));
  EXPECT_EQ(pairs(chat::CreateGroup{world.key(), ada.actor, "new", {b, j}}), all);
  EXPECT_EQ(pairs(chat::OpenDirect{world.key(), joe.actor, e}), between(j, {e}));
}

TEST_F(SightTest, WhoGoesAndTheOthersLookAtEachOther) {
  auto gone = changes(chat::RemoveMember{world.key(), ada.actor, club, e});
  EXPECT_EQ(pairs_of(gone), between(e, {a, b}));
  EXPECT_THAT(left(gone), ElementsAre(std::pair(e, club)));
  gone = changes(chat::RemoveMember{world.key(), bob.actor, club, b});
  EXPECT_EQ(pairs_of(gone), between(b, {a}));
  EXPECT_THAT(left(gone), ElementsAre(std::pair(b, club)));
  const chat::ConversationId other = world.group(ada, {bob});
  gone = changes(chat::DissolveGroup{world.key(), ada.actor, other});
  EXPECT_EQ(pairs_of(gone), between(a, {b}));
  EXPECT_THAT(left(gone), ElementsAre(std::pair(a, other), std::pair(b, other)));
}

TEST_F(SightTest, BlocksAndDeletionsToo) {
  EXPECT_EQ(pairs(chat::SetBlock{world.key(), ada.actor, e, true}), between(a, {e}));
  EXPECT_EQ(pairs(chat::SetBlock{world.key(), ada.actor, e, false}), between(a, {e}));
  world.direct(eve, joe);
  const auto gone = changes(chat::DeleteAccount{world.key(), eve.actor, 1});
  EXPECT_THAT(pairs_of(gone), IsSupersetOf(Pairs{{a, e}, {b, e}, {j, e}}));
  EXPECT_THAT(pairs_of(gone), Not(testing::Contains(std::pair(a, b))));
}

using Notice = TypingNotices::Notice;

TEST(TypingNoticesTest, HoldForSixSeconds) {
  TypingNotices notices;
  const TypingNotices::Time start = std::chrono::steady_clock::now();
  const auto after = [&](double seconds) {
    return start + std::chrono::milliseconds(static_cast<int>(seconds * 1'000));
  };
  notices.add({1, 7}, after(0), 0);
  notices.add({2, 7}, after(1), 0);
  notices.add({1, 8}, after(2), 0);
  notices.add({1, 7}, after(3), 0);  // Again: as good as new.
  EXPECT_THAT(notices.take(after(7.5)), ElementsAre(Notice{1, 8}, Notice{1, 7}));
  EXPECT_THAT(notices.take(after(7.5)), IsEmpty());
}

TEST(TypingNoticesTest, TheNewestAreKept) {
  TypingNotices notices;
  const TypingNotices::Time now = std::chrono::steady_clock::now();
  for (int i = 1; i <= 40; ++i) notices.add({i, 7}, now, 0);
  const std::vector<Notice> kept = notices.take(now);
  ASSERT_THAT(kept, SizeIs(TypingNotices::kMost));
  EXPECT_EQ(kept.front(), (Notice{9, 7}));
  EXPECT_EQ(kept.back(), (Notice{40, 7}));
}

TEST(TypingNoticesTest, NobodyOutOfSightTypes) {
  TypingNotices notices;
  const TypingNotices::Time now = std::chrono::steady_clock::now();
  for (const chat::AccountId account : {7, 8, 9}) notices.add({1, account}, now, 0);
  notices.drop({6, 7, 9});
  EXPECT_THAT(notices.take(now), ElementsAre(Notice{1, 8}));
}

TEST(TypingNoticesTest, WhoMissedChangesIsToldNothingOfBefore) {
  TypingNotices notices;
  const TypingNotices::Time now = std::chrono::steady_clock::now();
  notices.add({1, 7}, now, 0);
  notices.forget();
  notices.add({1, 8}, now, 0);
  EXPECT_THAT(notices.take(now), ElementsAre(Notice{1, 8}));
}

// Who found out that the reader may be told looked before the reader heard of a change.
TEST(TypingNoticesTest, WhatWasFoundOutBeforeAChangeIsNotTold) {
  TypingNotices notices;
  const TypingNotices::Time now = std::chrono::steady_clock::now();
  notices.seen_to(5);
  notices.drop({7});
  notices.add({1, 7}, now, 4);
  notices.seen_to(3);  // Told late; nothing is known less for that.
  notices.add({1, 7}, now, 4);
  EXPECT_THAT(notices.take(now), IsEmpty());
  notices.add({1, 7}, now, 5);
  EXPECT_THAT(notices.take(now), ElementsAre(Notice{1, 7}));
}

TEST(TypingNoticesTest, WhoLeftHearsNoMoreOfTheConversation) {
  TypingNotices notices;
  const TypingNotices::Time now = std::chrono::steady_clock::now();
  notices.add({1, 7}, now, 0);
  notices.add({2, 7}, now, 0);
  notices.add({1, 8}, now, 0);
  notices.left(1);
  EXPECT_THAT(notices.take(now), ElementsAre(Notice{2, 7}));
}

}  // namespace
}  // namespace starling::transport
