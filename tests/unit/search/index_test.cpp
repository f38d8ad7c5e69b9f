// What the index and its searcher find.
#include <map>

#include "tests/unit/chat/random_log.h"
#include "tests/unit/search/index_fixture.h"

namespace starling::search {
namespace {

TEST_F(IndexTest, WordsPhrasesAndBeginnings) {
  const Person ada = world_.person("ada");
  const Person bob = world_.person("bob");
  const ConversationId chat = world_.direct(ada, bob);
  world_.send(ada, chat, "The red fox ran");
  world_.send(bob, chat, "A fox, not red");
  world_.send(bob, chat, "Café for foxes");
  EXPECT_EQ(search(ada, "RED fox "), (Strings{"A fox, not red", "The red fox ran"}));
  EXPECT_EQ(search(ada, "\"red fox\""), Strings{"The red fox ran"});
  EXPECT_EQ(search(ada, "foxes "), Strings{"Café for foxes"});
  EXPECT_EQ(search(ada, "fox").size(), 3U);
  EXPECT_EQ(search(ada, "cafe "), Strings{"Café for foxes"});
  EXPECT_EQ(marks(bob, "\"red fox\""), Strings{"[red fox]"});
  EXPECT_EQ(marks(bob, "café "), Strings{"[Café]"});
  EXPECT_EQ(search(ada, "wolf"), Strings{});
}

TEST_F(IndexTest, TwoCharactersOfChineseAreEnough) {
  const Person ada = world_.person("ada");
  const Person bob = world_.person("bob");
  const ConversationId chat = world_.direct(ada, bob);
  world_.send(ada, chat, "明天我们去北京吃饭");
  world_.send(ada, chat, "今日はとても暑いです");
  world_.send(ada, chat, "내일 서울에서 만나요");
  world_.send(ada, chat, "party \U0001F389\U0001F389");
  EXPECT_EQ(search(bob, "北京"), Strings{"明天我们去北京吃饭"});
  EXPECT_EQ(search(bob, "京"), Strings{"明天我们去北京吃饭"});
  EXPECT_EQ(search(bob, "京北"), Strings{});  // In that order only.
  EXPECT_EQ(search(bob, "暑い"), Strings{"今日はとても暑いです"});
  EXPECT_EQ(search(bob, "서울"), Strings{"내일 서울에서 만나요"});
  EXPECT_EQ(marks(bob, "北京"), Strings{"[北京]"});
  EXPECT_EQ(marks(bob, "\U0001F389"), Strings{"[\U0001F389\U0001F389]"});
}

TEST_F(IndexTest, HostileTextIsOnlyText) {
  const Person ada = world_.person("ada");
  const Person bob = world_.person("bob");
  const ConversationId chat = world_.direct(ada, bob);
  const std::string hostile("<b>x</b>\0\x1b[31m\x01 zebra \x02\xe2\x80\xae\"' OR 1", 33);
  world_.send(ada, chat, hostile);
  EXPECT_EQ(search(bob, "zebra"), Strings{hostile});
  EXPECT_EQ(marks(bob, "zebra"), Strings{"[zebra]"});
  EXPECT_EQ(search(bob, "zebra\" OR words:\"x"), Strings{});
}

TEST_F(IndexTest, FiltersNarrowIt) {
  const Person ada = world_.person("ada");
  const Person bob = world_.person("bob");
  const Person eve = world_.person("eve");
  const ConversationId direct = world_.direct(ada, bob);
  const ConversationId group = world_.group(ada, {bob, eve});
  world_.send(ada, direct, "lunch one");
  world_.send(bob, direct, "lunch two");
  world_.pass(3 * 86'400'000LL);
  world_.send(eve, group, "lunch three");
  EXPECT_EQ(search(ada, "lunch from:bob "), Strings{"lunch two"});
  EXPECT_EQ(search(ada, "from:me lunch "), Strings{"lunch one"});
  EXPECT_EQ(search(ada, "lunch from:bob from:eve "), (Strings{"lunch three", "lunch two"}));
  EXPECT_EQ(search(ada, "lunch from:nobody "), Strings{});
  EXPECT_EQ(search(ada, "lunch in:\"The Group\" "), Strings{"lunch three"});
  EXPECT_EQ(search(ada, "lunch in:@bob "), (Strings{"lunch one", "lunch two"}));
  EXPECT_EQ(search(ada, "lunch", group), Strings{"lunch three"});
  // kStart is 2023-11-14.
  EXPECT_EQ(search(ada, "lunch after:2023-11-15 "), Strings{"lunch three"});
  EXPECT_EQ(search(ada, "lunch before:2023-11-15 "), (Strings{"lunch one", "lunch two"}));
  EXPECT_EQ(search(ada, "lunch after:2023-11-14 before:2023-11-17 "), Strings{});
  EXPECT_EQ(search(ada, "from:bob"), Strings{"lunch two"});
  EXPECT_EQ(search(ada, "after:2023-11-15"), Strings{"lunch three"});
}

TEST_F(IndexTest, OnlyWhatOneMaySee) {
  const Person ada = world_.person("ada");
  const Person bob = world_.person("bob");
  const Person eve = world_.person("eve");
  const ConversationId group = world_.group(ada, {bob});
  world_.send(ada, group, "secret before");
  world_.apply(chat::AddMembers{world_.key(), ada.actor, group, {eve.actor.account}});
  world_.send(ada, group, "secret after");
  EXPECT_EQ(search(eve, "secret "), Strings{"secret after"});
  EXPECT_EQ(search(bob, "secret "), (Strings{"secret after", "secret before"}));
  const std::int64_t seq = world_.history(group).back().seq;
  world_.apply(chat::HideMessages{bob.actor, group, {seq}});
  EXPECT_EQ(search(bob, "secret "), Strings{"secret before"});
  world_.apply(chat::RemoveMember{world_.key(), ada.actor, group, eve.actor.account});
  EXPECT_EQ(search(eve, "secret "), Strings{});
  find(eve, "secret ", group);
  EXPECT_EQ(answer_, Answer::kNoConversation);
}

TEST_F(IndexTest, EditsAndDeletionsFollow) {
  const Person ada = world_.person("ada");
  const Person bob = world_.person("bob");
  const ConversationId chat = world_.direct(ada, bob);
  const std::int64_t first = world_.send(ada, chat, "old words").seq;
  const std::int64_t second = world_.send(ada, chat, "gone words").seq;
  EXPECT_EQ(search(bob, "words ").size(), 2U);
  world_.apply(chat::EditMessage{world_.key(), ada.actor, chat, first, "new text"});
  world_.apply(chat::DeleteMessages{world_.key(), ada.actor, chat, {second}});
  EXPECT_EQ(search(bob, "words "), Strings{});
  EXPECT_EQ(search(bob, "new "), Strings{"new text"});
}

TEST_F(IndexTest, AHitThatWasEditedSinceIsLeftOut) {
  const Person ada = world_.person("ada");
  const Person bob = world_.person("bob");
  const ConversationId chat = world_.direct(ada, bob);
  const std::int64_t seq = world_.send(ada, chat, "old words").seq;
  catch_up();
  world_.apply(chat::EditMessage{world_.key(), ada.actor, chat, seq, "new text"});
  EXPECT_EQ(find_as_it_is(bob, "words ").hits.size(), 0U);
}

TEST_F(IndexTest, TheBetterMatchComesFirst) {
  const Person ada = world_.person("ada");
  const Person bob = world_.person("bob");
  const ConversationId chat = world_.direct(ada, bob);
  world_.send(ada, chat, "release release release");
  world_.send(ada, chat, "somewhere in a long sentence about all kinds of things stands release");
  EXPECT_EQ(bodies(find(bob, "release ")).front(), "release release release");
}

TEST_F(IndexTest, PagesGiveEachHitOnce) {
  const Person ada = world_.person("ada");
  const Person bob = world_.person("bob");
  const ConversationId chat = world_.direct(ada, bob);
  for (int i = 0; i < 1'100; ++i) world_.send(ada, chat, "word " + std::to_string(i));
  std::map<std::string, int> seen;
  std::string page;
  int pages = 0;
  do {
    const Found found = find(bob, "word ", 0, 150, page);
    ASSERT_EQ(answer_, Answer::kOk) << error_;
    for (const Hit& hit : found.hits) ++seen[hit.message.body];
    page = found.next;
    // What comes meanwhile does not push hits from one page to the next.
    world_.send(ada, chat, "word late " + std::to_string(pages));
  } while (!page.empty() && ++pages < 20);
  EXPECT_TRUE(page.empty());
  EXPECT_EQ(seen.size(), 1'100U);
  for (const auto& [body, times] : seen) EXPECT_EQ(times, 1) << body;
}

// Bodies of the longest kind.
TEST_F(IndexTest, APageIsBoundedInBytesAndGoesOn) {
  const Person ada = world_.person("ada");
  const Person bob = world_.person("bob");
  const ConversationId chat = world_.direct(ada, bob);
  constexpr int kMessages = 150;
  std::string body;
  while (body.size() < 400) body += "a ";
  body.resize(16'384, 'x');
  for (int i = 0; i < kMessages; ++i) world_.send(ada, chat, body);
  for (const std::string query : {"a ", "from:ada "}) {
    int seen = 0;
    int pages = 0;
    std::string page;
    do {
      const Found found = find(bob, query, 0, 200, page);
      ASSERT_FALSE(found.hits.empty());
      std::size_t bytes = 0;
      for (const Hit& hit : found.hits) {
        EXPECT_EQ(hit.ranges.size(), query == "a " ? kMaxRanges : 0);
        bytes += hit.message.body.size() + 20 * hit.ranges.size();
        ++seen;
      }
      EXPECT_LT(bytes, 3U << 20);
      page = found.next;
    } while (!page.empty() && ++pages < 10);
    EXPECT_EQ(pages, 1);
    EXPECT_EQ(seen, kMessages);
  }
}

TEST_F(IndexTest, ASearchEndsWhenNobodyWantsIt) {
  const Person ada = world_.person("ada");
  const Person bob = world_.person("bob");
  const ConversationId chat = world_.direct(ada, bob);
  for (int i = 0; i < 3'000; ++i) world_.send(ada, chat, "word");
  catch_up();
  int asked = 0;
  Found out;
  Request request{bob.actor.account, "word ", 0, "", 50, [&asked] { return ++asked > 0; }};
  ASSERT_OK(searcher_->find(world_.reader(), request, out, answer_, error_));
  EXPECT_EQ(answer_, Answer::kStopped);
  EXPECT_EQ(asked, 1);
  EXPECT_TRUE(out.hits.empty());
  EXPECT_EQ(find(bob, "word ").hits.size(), 50U);
}

// A few rows, each of which takes long.
TEST_F(IndexTest, NoRowIsBegunThatNobodyWants) {
  const Person ada = world_.person("ada");
  const Person bob = world_.person("bob");
  const ConversationId chat = world_.direct(ada, bob);
  std::string body;
  while (body.size() < 16'384) body += "a ";
  for (int i = 0; i < 5; ++i) world_.send(ada, chat, body);
  catch_up();
  int asked = 0;
  Found out;
  Request request{bob.actor.account, "a ", 0, "", 50, [&asked] { return ++asked == 3; }};
  ASSERT_OK(searcher_->find(world_.reader(), request, out, answer_, error_));
  EXPECT_EQ(answer_, Answer::kStopped);
  EXPECT_EQ(asked, 3);
}

TEST_F(IndexTest, AMemberOfManyConversationsFindsInAll) {
  const Person ada = world_.person("ada");
  for (int i = 0; i < 40; ++i) {
    const Person other = world_.person("p" + std::to_string(i));
    world_.send(other, world_.direct(ada, other), "hello " + std::to_string(i));
  }
  EXPECT_EQ(search(ada, "hello ").size(), 40U);
  EXPECT_EQ(search(ada, "after:2020-01-01").size(), 40U);
  EXPECT_EQ(search(ada, "hello in:p7 "), Strings{"hello 7"});
}

TEST_F(IndexTest, BadQueriesAndPagesAreRefused) {
  const Person ada = world_.person("ada");
  for (const std::string query : {"", "before:soon", "?"}) {
    find(ada, query);
    EXPECT_EQ(answer_, Answer::kInvalid) << query;
    EXPECT_NE(error_, "");
  }
  for (const std::string page :
       {"x", "w", "w1", "w1.", "w1.9999", "w-1.0", "o", "o1.2", "w1.2.3"}) {
    find(ada, "word", 0, 50, page);
    EXPECT_EQ(answer_, Answer::kInvalid) << page;
  }
}

TEST_F(IndexTest, GoesOnWhereItWasAndStartsOverForAnotherHistory) {
  const Person ada = world_.person("ada");
  const Person bob = world_.person("bob");
  const ConversationId chat = world_.direct(ada, bob);
  world_.send(ada, chat, "first");
  catch_up();
  const std::uint64_t indexed = index_->indexed();
  EXPECT_EQ(indexed, world_.store().applied_index());
  open("one");
  EXPECT_EQ(index_->indexed(), indexed);
  EXPECT_EQ(search(bob, "first "), Strings{"first"});
  open("two");
  EXPECT_EQ(index_->indexed(), 0U);
  EXPECT_EQ(search(bob, "first "), Strings{"first"});
}

// What the index finds step by step is what a new one finds, and what plain reading finds.
TEST_F(IndexTest, RandomHistoriesAgreeWithReading) {
  chat::RandomLog log(20'261'126);
  std::vector<chat::Event> events;
  const Strings words = {"edited", "x", "xxxxxxxx", "p3"};
  std::size_t found = 0;
  for (int round = 0; round < 12; ++round) {
    log.grow(world_.store(), 250, events);
    std::map<chat::AccountId, int> viewers;
    for (const chat::Actor& actor : log.actors()) ++viewers[actor.account];
    for (const auto& [viewer, sessions] : viewers) {
      const Person who{{viewer, 0}, ""};
      for (const std::string& word : words) {
        const Strings step_by_step = search(who, word + "*");
        EXPECT_EQ(step_by_step, read_through(who, word)) << word << " for " << viewer;
        found += step_by_step.size();
      }
    }
    if (round == 5) open("another");
  }
  EXPECT_GT(found, 100U);
}

}  // namespace
}  // namespace starling::search
