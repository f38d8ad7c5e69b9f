// Who may know how somebody is, and that somebody types.
#include <gmock/gmock.h>

#include <chrono>

#include "tests/unit/chat/world.h"

namespace starling::chat {
namespace {

using testing::ElementsAre;
using testing::IsEmpty;

struct Sight : testing::Test {
  World world;
  Person ada = world.person("ada");
  Person bob = world.person("bob");
  Person eve = world.person("eve");

  std::vector<AccountId> seen_by(const Person& who) {
    std::vector<AccountId> out;
    EXPECT_OK(world.reader().visible_to(
        who.actor.account, {ada.actor.account, bob.actor.account, eve.actor.account, 999}, out));
    std::erase(out, who.actor.account);  // It always sees itself.
    return out;
  }
  std::vector<AccountId> told(const Person& who, ConversationId conversation) {
    std::vector<AccountId> out;
    EXPECT_OK(world.reader().typing_audience(conversation, who.actor.account, out));
    return out;
  }
  void block(const Person& who, const Person& whom, bool on) {
    EXPECT_EQ(world.apply(SetBlock{world.key(), who.actor, whom.actor.account, on}).code,
              Code::kOk);
  }
};

TEST_F(Sight, IsOfThoseWhoShareAConversationAndBlockNobody) {
  EXPECT_THAT(seen_by(ada), IsEmpty());
  world.direct(ada, bob);
  EXPECT_THAT(seen_by(ada), ElementsAre(bob.actor.account));
  EXPECT_THAT(seen_by(bob), ElementsAre(ada.actor.account));
  const ConversationId chat = world.group(eve, {ada});
  EXPECT_THAT(seen_by(ada), ElementsAre(bob.actor.account, eve.actor.account));
  EXPECT_THAT(seen_by(bob), ElementsAre(ada.actor.account));
  block(eve, ada, true);
  EXPECT_THAT(seen_by(ada), ElementsAre(bob.actor.account));
  EXPECT_THAT(seen_by(eve), IsEmpty());
  block(eve, ada, false);
  EXPECT_THAT(seen_by(eve), ElementsAre(ada.actor.account));
  world.apply(RemoveMember{world.key(), ada.actor, chat, ada.actor.account});
  EXPECT_THAT(seen_by(eve), IsEmpty());
  EXPECT_THAT(seen_by(ada), ElementsAre(bob.actor.account));
  world.apply(DeleteAccount{world.key(), bob.actor, 1});
  EXPECT_THAT(seen_by(ada), IsEmpty()) << "the conversation is there yet, the account is not";
}

// Whoever watches strangers pays for the groups it is in, never for all whom it ever wrote to.
TEST_F(Sight, DirectConversationsAreNotWalkedForStrangers) {
  std::vector<AccountId> strangers;
  for (int i = 0; i < 400; ++i) {
    const Person stranger = world.person("s" + std::to_string(i));
    strangers.push_back(stranger.actor.account);
  }
  const auto cost = [&](const Person& who) {
    auto least = std::chrono::nanoseconds::max();
    for (int i = 0; i < 5; ++i) {
      std::vector<AccountId> out;
      const auto begun = std::chrono::steady_clock::now();
      EXPECT_OK(world.reader().visible_to(who.actor.account, strangers, out));
      least = std::min(least, std::chrono::nanoseconds(std::chrono::steady_clock::now() - begun));
      EXPECT_THAT(out, IsEmpty());
    }
    return least;
  };
  for (int i = 0; i < 2'000; ++i) world.direct(ada, world.person("d" + std::to_string(i)));
  world.group(ada, {bob});
  world.group(eve, {bob});
  EXPECT_LT(cost(ada).count(), 20 * cost(eve).count());
}

TEST_F(Sight, IsFoundInTheLastOfManyGroups) {
  for (int i = 0; i < 100; ++i) {
    world.group(ada, {});
    world.group(bob, {});
  }
  EXPECT_THAT(seen_by(ada), IsEmpty());
  const ConversationId last = world.group(eve, {ada, bob});
  EXPECT_THAT(seen_by(ada), ElementsAre(bob.actor.account, eve.actor.account));
  world.apply(RemoveMember{world.key(), bob.actor, last, bob.actor.account});
  EXPECT_THAT(seen_by(ada), ElementsAre(eve.actor.account));
  EXPECT_THAT(seen_by(bob), IsEmpty());
}

TEST_F(Sight, TypingIsToldToTheOtherMembers) {
  const ConversationId direct = world.direct(ada, bob);
  const ConversationId chat = world.group(ada, {bob, eve});
  EXPECT_THAT(told(ada, direct), ElementsAre(bob.actor.account));
  EXPECT_THAT(told(ada, chat), ElementsAre(bob.actor.account, eve.actor.account));
  EXPECT_THAT(told(eve, direct), IsEmpty());
  EXPECT_THAT(told(ada, 12'345), IsEmpty());
  for (const auto& [who, whom] : {std::pair(ada, bob), std::pair(bob, ada)}) {
    block(who, whom, true);
    EXPECT_THAT(told(ada, direct), IsEmpty());
    EXPECT_THAT(told(bob, direct), IsEmpty());
    EXPECT_THAT(told(ada, chat), ElementsAre(eve.actor.account)) << "bob is to see her offline";
    block(who, whom, false);
  }
  world.apply(RemoveMember{world.key(), eve.actor, chat, eve.actor.account});
  EXPECT_THAT(told(ada, chat), ElementsAre(bob.actor.account));
  EXPECT_THAT(told(eve, chat), IsEmpty());
}

TEST_F(Sight, TypingInALargeGroupIsNotTold) {
  std::vector<Person> others;
  for (int i = 0; i < 199; ++i) others.push_back(world.person("m" + std::to_string(i)));
  const ConversationId chat = world.group(ada, others);
  EXPECT_THAT(told(ada, chat), testing::SizeIs(199));
  world.apply(AddMembers{world.key(), ada.actor, chat, {bob.actor.account}});
  EXPECT_THAT(told(ada, chat), IsEmpty());
}

}  // namespace
}  // namespace starling::chat
