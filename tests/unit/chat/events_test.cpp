// The event stream: what a cursor gives is what was shown live, however it is cut (P5, R5.4).
#include <algorithm>
#include <map>

#include "tests/unit/chat/random_log.h"

namespace starling::chat {
namespace {

bool seen_by(const Event& event, AccountId account) {
  return std::binary_search(event.audience->begin(), event.audience->end(), account);
}

void expect_same(const Event& live, const Event& stored) {
  EXPECT_EQ(live.position, stored.position);
  EXPECT_EQ(live.kind, stored.kind);
  EXPECT_EQ(live.conversation, stored.conversation);
  EXPECT_EQ(live.seq, stored.seq);
  EXPECT_EQ(live.subject, stored.subject);
  EXPECT_EQ(live.message.id, stored.message.id);
  EXPECT_EQ(live.message.seq, stored.message.seq);
  EXPECT_EQ(live.message.sender, stored.message.sender);
  EXPECT_EQ(live.message.request_id, stored.message.request_id);
  EXPECT_EQ(live.message.sent_at_ms, stored.message.sent_at_ms);
  EXPECT_EQ(live.message.kind, stored.message.kind);
  EXPECT_EQ(live.message.reply_to, stored.message.reply_to);
  EXPECT_EQ(live.text, stored.text);
  EXPECT_EQ(live.on, stored.on);
  // Of an edited one, who has left since is told no text: it may be a later one.
  if (stored.message.deleted || stored.message.hidden) {
    EXPECT_EQ(stored.message.body, "");
  } else if (stored.message.edits == live.message.edits) {  // Not edited since.
    EXPECT_EQ(live.message.body, stored.message.body);
  }
}

std::string describe(std::vector<Event>::const_iterator event,
                     std::vector<Event>::const_iterator end) {
  if (event == end) return "none";
  return "kind " + std::to_string(static_cast<int>(event->kind)) + " at " +
         std::to_string(event->position.index) + "." + std::to_string(event->position.ordinal) +
         " in " + std::to_string(event->conversation) + " seq " +
         std::to_string(event->seq + event->message.seq);
}

TEST(Events, StoredOnesEqualLiveOnes) {
  for (std::uint64_t seed = 1; seed <= 6; ++seed) {
    World world;
    RandomLog log(seed);
    std::vector<Event> live;
    log.grow(world.store(), 1'500, live);
    std::map<AccountId, bool> accounts;
    for (const Actor& actor : log.actors()) accounts[actor.account] = true;
    for (const auto& [account, unused] : accounts) {
      bool found = false;
      Account row;
      ASSERT_OK(world.reader().account_by_id(account, found, row));
      if (!found || row.deleted) continue;  // Its inbox is gone.
      std::vector<Event> mine;
      for (const Event& event : live) {
        if (seen_by(event, account)) mine.push_back(event);
      }
      for (int round = 0; round < 8; ++round) {
        Position at;
        if (round > 0) at.index = log.number(world.store().applied_index() + 2);
        if (round > 1) at.ordinal = static_cast<std::uint32_t>(log.number(3));
        std::vector<Event> wanted;
        for (const Event& event : mine) {
          if (event.position > at) wanted.push_back(event);
        }
        std::vector<Event> got;
        const Position end{world.store().applied_index(), 0};
        while (at < end) {
          const int limit = static_cast<int>(1 + log.number(round == 0 ? 3 : 60));
          std::vector<Event> page;
          Position reached;
          ASSERT_OK(world.reader().events_after(account, at, limit, page, reached));
          ASSERT_LE(page.size(), static_cast<std::size_t>(limit));
          ASSERT_GT(reached, at);
          if (!page.empty()) {
            ASSERT_LE(page.back().position, reached);
          }
          got.insert(got.end(), page.begin(), page.end());
          at = reached;
        }
        const auto first_difference =
            std::mismatch(wanted.begin(), wanted.end(), got.begin(), got.end(),
                          [](const Event& a, const Event& b) { return a.position == b.position; });
        ASSERT_EQ(got.size(), wanted.size())
            << "seed " << seed << ": " << describe(first_difference.first, wanted.end())
            << " against " << describe(first_difference.second, got.end());
        for (std::size_t i = 0; i < got.size(); ++i) expect_same(wanted[i], got[i]);
      }
    }
  }
}

TEST(Events, ADeletedBodyIsNotShownAgain) {
  World world;
  const Person ada = world.person("ada");
  const Person bob = world.person("bob");
  const ConversationId chat = world.direct(ada, bob);
  world.send(ada, chat, "regretted");
  world.apply(DeleteMessages{world.key(), ada.actor, chat, {1}});
  std::vector<Event> events;
  Position reached;
  ASSERT_OK(world.reader().events_after(bob.actor.account, {}, 50, events, reached));
  ASSERT_EQ(events.size(), 3U);
  EXPECT_EQ(events[0].kind, EventKind::kConversationOpened);
  EXPECT_EQ(events[1].kind, EventKind::kMessage);
  EXPECT_TRUE(events[1].message.deleted);
  EXPECT_EQ(events[1].message.body, "");
  EXPECT_EQ(events[2].kind, EventKind::kMessageDeleted);
  EXPECT_EQ(reached.index, world.store().applied_index());
  // Nothing more from there, and nothing from the far future.
  ASSERT_OK(world.reader().events_after(bob.actor.account, reached, 50, events, reached));
  EXPECT_TRUE(events.empty());
  const Position future{~0ULL, ~0U};
  ASSERT_OK(world.reader().events_after(bob.actor.account, future, 50, events, reached));
  EXPECT_TRUE(events.empty());
  EXPECT_EQ(reached, future);
}

TEST(Events, BothSidesSeeAMark) {
  World world;
  const Person ada = world.person("ada");
  const Person bob = world.person("bob");
  const Person eve = world.person("eve");
  const ConversationId chat = world.direct(ada, bob);
  world.direct(ada, eve);
  world.send(ada, chat, "x");
  std::vector<Event> events;
  Position at;
  ASSERT_OK(world.reader().events_after(bob.actor.account, {}, 50, events, at));
  world.apply(MarkRead{bob.actor, chat, 1});
  Position reached;
  for (const Person& one : {ada, bob}) {
    ASSERT_OK(world.reader().events_after(one.actor.account, at, 50, events, reached));
    ASSERT_EQ(events.size(), 1U);
    EXPECT_EQ(events[0].kind, EventKind::kReadMark);
    EXPECT_EQ(events[0].conversation, chat);
    EXPECT_EQ(events[0].seq, 1);
    EXPECT_EQ(events[0].subject, bob.actor.account);
  }
  ASSERT_OK(world.reader().events_after(eve.actor.account, at, 50, events, reached));
  EXPECT_TRUE(events.empty());
  world.expect_hash_holds();
}

TEST(Events, TheOtherSideLearnsOfADeletedAccount) {
  World world;
  const Person ada = world.person("ada");
  const Person bob = world.person("bob");
  const Person eve = world.person("eve");
  const ConversationId first = world.direct(ada, bob);
  const ConversationId second = world.direct(ada, eve);
  world.apply(DeleteAccount{world.key(), ada.actor, 1});
  for (const auto& [who, chat] : {std::pair{bob, first}, std::pair{eve, second}}) {
    std::vector<Event> events;
    Position reached;
    ASSERT_OK(world.reader().events_after(who.actor.account, {}, 50, events, reached));
    ASSERT_EQ(events.size(), 2U);
    EXPECT_EQ(events[1].kind, EventKind::kAccountDeleted);
    EXPECT_EQ(events[1].conversation, chat);
    EXPECT_EQ(events[1].subject, ada.actor.account);
  }
}

}  // namespace
}  // namespace starling::chat
