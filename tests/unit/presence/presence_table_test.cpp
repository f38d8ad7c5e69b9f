// The presence table: own sessions and their grace, the others' news in whatever order, servers
// that fall silent, last-seen times. Time is a number here.
#include "server/presence/presence_table.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <algorithm>
#include <memory>

namespace starling::presence {
namespace {

using testing::Contains;
using testing::ElementsAre;
using testing::Field;
using testing::IsEmpty;
using testing::Not;
using testing::UnorderedElementsAre;

constexpr TimeUs kSecond = 1'000'000;
constexpr WallMs kDay = 1'700'000'000'000;
constexpr Info kGone{};
constexpr Info kHere{State::kOnline, 0};
constexpr Info kNotHere{State::kAway, 0};

// Two servers' tables and a clock; `a` hears nothing of `b` by itself.
class PresenceTableTest : public testing::Test {
 protected:
  explicit PresenceTableTest(Limits limits = {}) : a(1, 100, limits), b(2, 200, limits) {}
  WallMs wall() const { return kDay + now / 1'000; }
  // Time goes by in steps as a server's own rounds do.
  void pass(TimeUs time) {
    for (TimeUs end = now + time; now < end;) {
      now = std::min(end, now + kSecond / 10);
      a.tick(now, wall());
      b.tick(now, wall());
    }
  }
  void hears(Table& listener, ServerId from, const std::vector<News>& all) {
    for (const News& news : all) listener.received(from, news, now, wall());
  }
  // All that b has to say, as an unbroken link brings it.
  void tell_a() {
    hears(a, 2, b.take_changes());
    for (const Want& want : a.wants(now)) {
      if (want.whole) hears(a, 2, b.whole());
      if (want.seen_after) a.received_seen(2, b.seen_page(*want.seen_after), wall());
    }
  }
  void listen(TimeUs time) {
    for (const TimeUs end = now + time; now < end;) {
      pass(kSecond / 10);
      tell_a();
    }
  }

  void restart_b(std::uint64_t boot) {
    std::destroy_at(&b);
    std::construct_at(&b, 2, boot);
  }

  Table a, b;
  TimeUs now = 50 * kSecond;
};

TEST_F(PresenceTableTest, AnAccountIsOnlineWhenOneSessionIsAndAwayWhenAllAre) {
  EXPECT_EQ(a.info(7), kGone);
  a.session(1, 7, State::kOnline);
  EXPECT_EQ(a.info(7), kHere);
  a.session(2, 7, State::kAway);
  EXPECT_EQ(a.info(7), kHere);
  a.session(1, 7, State::kAway);
  EXPECT_EQ(a.info(7), kNotHere);
  a.session(2, 7, State::kOnline);
  EXPECT_EQ(a.info(7), kHere);
  a.session_ended(2, true, now, wall());
  EXPECT_EQ(a.info(7), kNotHere);
  a.session_ended(1, true, now, wall());
  EXPECT_EQ(a.info(7), (Info{State::kOffline, wall()}));
  EXPECT_THAT(a.take_touched(), ElementsAre(7));
  EXPECT_THAT(a.take_touched(), IsEmpty());
}

TEST_F(PresenceTableTest, ABrokenSessionHasAGraceAGoodbyeNone) {
  a.session(1, 7, State::kOnline);
  a.session_ended(1, false, now, wall());
  pass(kSecond);
  EXPECT_EQ(a.info(7), kHere);
  a.session(2, 7, State::kOnline);  // It came back.
  pass(kSecond);
  EXPECT_EQ(a.info(7), kHere);
  a.session_ended(2, false, now, wall());
  pass(2 * kSecond);
  EXPECT_EQ(a.info(7).state, State::kOffline);
  EXPECT_GE(a.info(7).last_seen_ms, wall() - 600);
}

TEST_F(PresenceTableTest, ChangesReachTheOthersAndOlderNewsNeverWins) {
  b.session(1, 7, State::kOnline);
  tell_a();
  EXPECT_EQ(a.info(7), kHere);
  b.session(1, 7, State::kAway);
  const std::vector<News> away = b.take_changes();
  b.session(1, 7, State::kOnline);
  const std::vector<News> online = b.take_changes();
  hears(a, 2, away);
  EXPECT_EQ(a.info(7), kNotHere);
  hears(a, 2, online);
  hears(a, 2, away);  // Late, once more.
  EXPECT_EQ(a.info(7), kHere);
  EXPECT_THAT(a.wants(now), Not(Contains(Field(&Want::whole, true))));
}

TEST_F(PresenceTableTest, AGapMakesItAskForTheWholeTable) {
  tell_a();
  b.session(1, 7, State::kOnline);
  (void)b.take_changes();  // Lost.
  b.session(2, 8, State::kOnline);
  hears(a, 2, b.take_changes());
  EXPECT_EQ(a.info(8), kGone);  // Not before the whole is known.
  ASSERT_THAT(a.wants(now), Contains(Field(&Want::whole, true)));
  EXPECT_THAT(a.wants(now), Not(Contains(Field(&Want::whole, true)))) << "it was asked just now";
  pass(kSecond / 2);
  EXPECT_THAT(a.wants(now), Contains(Field(&Want::whole, true))) << "the answer may be lost";
  hears(a, 2, b.whole());
  EXPECT_EQ(a.info(7), kHere);
  EXPECT_EQ(a.info(8), kHere);
  EXPECT_THAT(a.wants(now), Not(Contains(Field(&Want::whole, true))));
}

TEST_F(PresenceTableTest, ABeatAloneShowsThatSomethingWasMissed) {
  tell_a();
  b.session(1, 7, State::kOnline);
  (void)b.take_changes();  // Lost.
  hears(a, 2, b.take_changes());
  EXPECT_THAT(a.wants(now), Contains(Field(&Want::whole, true)));
}

class SmallPages : public PresenceTableTest {
 protected:
  static Limits limits() {
    Limits small;
    small.page = 3;
    small.accounts = 20;
    small.seen = 5;
    return small;
  }
  SmallPages() : PresenceTableTest(limits()) {}
};

TEST_F(SmallPages, AWholeTableComesInPagesAndCountsOnceAllAreThere) {
  for (AccountId id = 1; id <= 8; ++id) b.session(static_cast<SessionKey>(id), id, State::kOnline);
  const std::vector<News> changes = b.take_changes();
  EXPECT_EQ(changes.size(), 3U);
  std::vector<News> pages = b.whole();
  ASSERT_EQ(pages.size(), 3U);
  hears(a, 2, {pages[0], pages[2]});  // One was lost.
  EXPECT_EQ(a.everybody(100).size(), 0U);
  hears(a, 2, {pages[0], pages[1]});
  EXPECT_EQ(a.everybody(100).size(), 0U);
  hears(a, 2, {pages[2]});
  EXPECT_EQ(a.everybody(100).size(), 8U);
  // The next one has nobody of them any more.
  for (SessionKey key = 1; key <= 7; ++key) b.session_ended(key, true, now, wall());
  (void)b.take_changes();
  hears(a, 2, b.whole());
  EXPECT_EQ(a.everybody(100).size(), 1U);
  EXPECT_EQ(a.everybody(0).size(), 0U);
}

TEST_F(SmallPages, ATableThatIsTooLargeIsNotTaken) {
  News page;
  page.boot = 200;
  page.version = 5;
  page.whole = true;
  page.pages = 1'000;
  for (page.page = 0; page.page < 1'000; ++page.page) {
    page.entries.clear();
    for (AccountId id = 1; id <= 3; ++id) {
      page.entries.push_back({AccountId{page.page} * 3 + id, kHere});
    }
    a.received(2, page, now, wall());
  }
  EXPECT_EQ(a.everybody(10'000).size(), 0U);
  tell_a();
  News change;
  change.boot = 200;
  change.base = b.take_changes().back().version;
  change.version = change.base + 1;
  for (AccountId id = 1; id <= 50; ++id) change.entries.push_back({id, kHere});
  a.received(2, change, now, wall());
  EXPECT_EQ(a.everybody(10'000).size(), 20U);
}

TEST_F(PresenceTableTest, AServerThatFallsSilentTakesItsSessionsWithIt) {
  b.session(1, 7, State::kOnline);
  tell_a();
  const WallMs heard = wall();
  pass(kSecond);
  EXPECT_EQ(a.info(7), kHere);
  (void)a.take_touched();
  pass(kSecond);
  EXPECT_EQ(a.info(7), (Info{State::kOffline, heard}));
  EXPECT_THAT(a.take_touched(), ElementsAre(7));
}

TEST_F(PresenceTableTest, ABrokenLinkIsQuickerUnlessItComesBack) {
  b.session(1, 7, State::kOnline);
  tell_a();
  a.link_broke(2, now);
  pass(kSecond / 2);
  tell_a();
  pass(kSecond * 9 / 10);
  EXPECT_EQ(a.info(7), kHere);
  tell_a();
  a.link_broke(2, now);
  pass(kSecond * 11 / 10);
  EXPECT_EQ(a.info(7).state, State::kOffline);
}

TEST_F(PresenceTableTest, WhoFailsOverIsNeverOffline) {
  b.session(1, 7, State::kOnline);
  tell_a();
  a.link_broke(2, now);
  pass(kSecond * 8 / 10);
  a.session(1, 7, State::kOnline);
  (void)a.take_touched();
  for (int i = 0; i < 30; ++i) {
    pass(kSecond / 10);
    EXPECT_EQ(a.info(7), kHere);
  }
}

TEST_F(PresenceTableTest, AServerThatWasItselfStoppedDoesNotBlameTheOthers) {
  b.session(1, 7, State::kOnline);
  listen(kSecond);
  now += 60 * kSecond;  // SIGSTOP, SIGCONT.
  a.tick(now, wall());
  EXPECT_EQ(a.info(7), kHere);
  pass(2 * kSecond);  // But now it listens.
  EXPECT_EQ(a.info(7).state, State::kOffline);
}

TEST_F(PresenceTableTest, ANewStartOfAServerEndsTheOldOneAndLateNewsOfItIsNothing) {
  b.session(1, 7, State::kOnline);
  b.session(2, 8, State::kOnline);
  tell_a();
  b.session(3, 9, State::kOnline);
  const std::vector<News> late = b.take_changes();
  restart_b(300);
  b.session(1, 8, State::kOnline);
  tell_a();
  hears(a, 2, late);
  EXPECT_EQ(a.info(9), kGone);
  EXPECT_EQ(a.info(7), kHere) << "its sessions have a moment to come back";
  listen(kSecond * 12 / 10);
  EXPECT_EQ(a.info(7).state, State::kOffline);
  EXPECT_EQ(a.info(8), kHere);
}

TEST_F(PresenceTableTest, AClockThatWasSetBackIsBelievedOnceTheOldStartIsSilent) {
  b.session(1, 7, State::kOnline);
  tell_a();
  restart_b(50);
  b.session(1, 8, State::kOnline);
  tell_a();
  EXPECT_EQ(a.info(8), kGone);
  listen(2 * kSecond);
  EXPECT_EQ(a.info(8), kHere);
  EXPECT_EQ(a.info(7).state, State::kOffline);
}

TEST_F(PresenceTableTest, LastSeenTravelsWithTheChangesAndInPages) {
  b.session(1, 7, State::kOnline);
  tell_a();
  pass(kSecond / 2);
  const WallMs went = wall();
  b.session_ended(1, true, now, wall());
  pass(kSecond / 2);
  tell_a();
  EXPECT_EQ(a.info(7), (Info{State::kOffline, went}));
  // One that comes later is told all that is known.
  Table late(3, 400);
  late.received(1, a.take_changes().back(), now, wall());
  for (const Want& want : late.wants(now)) EXPECT_TRUE(want.whole);
  hears(late, 1, a.whole());
  const std::vector<Want> wants = late.wants(now);
  ASSERT_EQ(wants.size(), 1U);
  ASSERT_EQ(wants[0].seen_after, 0);
  late.received_seen(1, a.seen_page(0), wall());
  EXPECT_EQ(late.info(7), (Info{State::kOffline, went}));
  EXPECT_THAT(late.wants(now), IsEmpty());
}

TEST_F(SmallPages, LastSeenPagesAreAskedForOneByOneAndTheNewestAreKept) {
  for (AccountId id = 1; id <= 9; ++id) {
    b.session(static_cast<SessionKey>(id), id, State::kOnline);
    b.session_ended(static_cast<SessionKey>(id), true, now, wall());
    pass(kSecond / 10);
  }
  EXPECT_EQ(b.info(4), kGone) << "only five are kept";
  EXPECT_NE(b.info(5).last_seen_ms, 0);
  EXPECT_TRUE(b.seen_page(0).more);
  EXPECT_FALSE(b.seen_page(7).more);
  listen(kSecond);
  for (AccountId id = 5; id <= 9; ++id) EXPECT_EQ(a.info(id), b.info(id)) << id;
  // A page that nobody asked for moves nothing on.
  a.received_seen(2, SeenPage{3, {}, true}, wall());
  EXPECT_THAT(a.wants(now), IsEmpty());
}

TEST_F(PresenceTableTest, NobodyWasSeenInTheFuture) {
  tell_a();
  SeenPage page;
  page.entries.push_back({7, {State::kOffline, wall() + 1'000'000'000}});
  a.received_seen(2, page, wall());
  EXPECT_EQ(a.info(7).last_seen_ms, wall());
}

TEST_F(PresenceTableTest, EverybodyNamesTheServers) {
  a.session(1, 5, State::kAway);
  b.session(1, 7, State::kOnline);
  tell_a();
  EXPECT_THAT(a.everybody(10), UnorderedElementsAre(std::pair<ServerId, Entry>(1, {5, kNotHere}),
                                                    std::pair<ServerId, Entry>(2, {7, kHere})));
}

// What it tells itself through a loop somewhere is not news.
TEST_F(PresenceTableTest, ItsOwnNewsIsNone) {
  News news;
  news.boot = 900;
  news.whole = true;
  news.pages = 1;
  news.entries.push_back({7, kHere});
  a.received(1, news, now, wall());
  EXPECT_EQ(a.info(7), kGone);
}

}  // namespace
}  // namespace starling::presence
