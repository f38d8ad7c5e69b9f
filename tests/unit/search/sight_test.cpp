// What somebody may not see shows nowhere in the answer to a search: neither in its hits nor in
// what comes next, whatever page is asked for.
#include <limits>

#include "tests/unit/search/index_fixture.h"

namespace starling::search {
namespace {

const std::string kBehindAll = std::to_string(std::numeric_limits<chat::MessageId>::max());

class SearchSight : public IndexTest {
 protected:
  // All that can be learnt from a query in that conversation, with page tokens that nobody gave.
  Strings learnt(const Person& who, const std::string& query, ConversationId conversation) {
    Strings out;
    for (const std::string& page :
         {std::string(), "o" + kBehindAll, "w" + kBehindAll + ".0", "w" + kBehindAll + ".1"}) {
      for (const int limit : {1, 2, 50}) {
        const Found found = find_as_it_is(who, query, conversation, limit, page);
        EXPECT_EQ(answer_, Answer::kOk) << error_;
        out.push_back(page + ": " + std::to_string(found.hits.size()) + " then " + found.next);
      }
    }
    return out;
  }
  // From page to page with one hit on each: as many pages as hits, none of them empty.
  Strings one_by_one(const Person& who, const std::string& query) {
    Strings out;
    std::string page;
    do {
      const Found found = find_as_it_is(who, query, 0, 1, page);
      EXPECT_EQ(found.hits.size(), 1U) << "after " << out.size();
      if (found.hits.empty()) break;
      out.push_back(found.hits.front().message.body);
      page = found.next;
    } while (!page.empty());
    return out;
  }
  void add(const Person& by, ConversationId group, const Person& who) {
    world_.apply(chat::AddMembers{world_.key(), by.actor, group, {who.actor.account}});
  }
  void hide(const Person& who, ConversationId conversation, const std::vector<chat::Seq>& seqs) {
    world_.apply(chat::HideMessages{who.actor, conversation, seqs});
  }

  const Person ada_ = world_.person("ada");
  const Person bob_ = world_.person("bob");
  const Person eve_ = world_.person("eve");
};

TEST_F(SearchSight, WhatCameBeforeOneJoinedIsAsIfItWereNot) {
  const ConversationId group = world_.group(ada_, {bob_});
  for (int i = 0; i < 5; ++i) world_.send(ada_, group, "the code is 4711");
  add(ada_, group, eve_);
  world_.send(ada_, group, "welcome eve");
  world_.send(bob_, group, "welcome");
  catch_up();
  EXPECT_EQ(learnt(eve_, "\"code is 47*\"", group), learnt(eve_, "\"code is 48*\"", group));
  EXPECT_EQ(learnt(eve_, "code ", 0), learnt(eve_, "nothing ", 0));
  EXPECT_NE(learnt(bob_, "code ", group), learnt(bob_, "nothing ", group));
  EXPECT_EQ(one_by_one(eve_, "from:ada "), Strings{"welcome eve"});
  EXPECT_EQ(one_by_one(eve_, "after:2020-01-01 "), (Strings{"welcome", "welcome eve"}));
}

TEST_F(SearchSight, NorDoesItCountBesideWhatOneSees) {
  const ConversationId with = world_.group(ada_, {bob_});
  const ConversationId without = world_.group(ada_, {bob_});
  for (int i = 0; i < 5; ++i) world_.send(ada_, with, "the word");
  for (const ConversationId group : {with, without}) {
    add(ada_, group, eve_);
    world_.send(ada_, group, "a word of welcome");
  }
  catch_up();
  for (const ConversationId group : {with, without}) {
    for (const std::string& page : {std::string(), "o" + kBehindAll}) {
      const Found found = find_as_it_is(eve_, "word ", group, 1, page);
      EXPECT_EQ(bodies(found), Strings{"a word of welcome"});
      EXPECT_EQ(found.next, "");
    }
  }
}

TEST_F(SearchSight, WhoComesAgainSeesWhatCameSinceThen) {
  const ConversationId group = world_.group(ada_, {bob_, eve_});
  world_.send(ada_, group, "word one");
  world_.apply(chat::RemoveMember{world_.key(), ada_.actor, group, eve_.actor.account});
  world_.send(ada_, group, "word two");
  add(ada_, group, eve_);
  catch_up();
  EXPECT_EQ(learnt(eve_, "word ", group), learnt(eve_, "nothing ", group));
  world_.send(ada_, group, "word three");
  catch_up();
  EXPECT_EQ(one_by_one(eve_, "word "), Strings{"word three"});
}

TEST_F(SearchSight, WhatOneHasHiddenIsAsIfItWereNot) {
  const ConversationId group = world_.group(ada_, {bob_});
  std::vector<chat::Seq> seqs;
  for (int i = 0; i < 80; ++i) {
    seqs.push_back(world_.send(ada_, group, "word " + std::to_string(i)).seq);
  }
  // All but the first and the sixth, more than are looked at in one go.
  std::vector<chat::Seq> hidden(seqs.begin() + 1, seqs.end());
  hidden.erase(hidden.begin() + 4);
  hide(bob_, group, hidden);
  catch_up();
  EXPECT_EQ(one_by_one(bob_, "word ").size(), 2U);
  EXPECT_EQ(one_by_one(bob_, "from:ada "), (Strings{"word 5", "word 0"}));
  EXPECT_EQ(one_by_one(ada_, "from:me ").size(), 80U);
  hide(bob_, group, {seqs[0], seqs[5]});
  EXPECT_EQ(learnt(bob_, "word ", group), learnt(bob_, "nothing ", group));
  EXPECT_EQ(learnt(bob_, "from:ada ", group), learnt(bob_, "from:eve ", group));
}

// Before the index has heard of it.
TEST_F(SearchSight, WhatWasDeletedOrSaysSomethingElseNowIsAsIfItWereNot) {
  const ConversationId group = world_.group(ada_, {bob_});
  std::vector<chat::Seq> seqs;
  for (int i = 0; i < 4; ++i) seqs.push_back(world_.send(ada_, group, "word").seq);
  catch_up();
  world_.apply(chat::DeleteMessages{world_.key(), ada_.actor, group, {seqs[0], seqs[1]}});
  for (const chat::Seq seq : {seqs[2], seqs[3]}) {
    world_.apply(chat::EditMessage{world_.key(), ada_.actor, group, seq, "text"});
  }
  EXPECT_EQ(learnt(bob_, "word ", group), learnt(bob_, "nothing ", group));
}

// What the searcher asks of the store.
TEST_F(SearchSight, TheStoreKnowsWhatIsSeen) {
  const ConversationId group = world_.group(ada_, {bob_});
  const chat::MessageId before = world_.send(ada_, group, "before").message;
  add(ada_, group, eve_);
  const chat::Outcome after = world_.send(ada_, group, "after");
  const chat::MessageId last = world_.send(ada_, group, "last").message;
  std::vector<chat::Stay> stays;
  ASSERT_OK(world_.reader().stays(eve_.actor.account, stays));
  ASSERT_EQ(stays.size(), 1U);
  EXPECT_GT(stays[0].first, before);
  EXPECT_LE(stays[0].first, after.message);
  const auto seen = [&](const Person& who) {
    std::vector<chat::SeenText> texts;
    EXPECT_OK(world_.reader().seen_texts(who.actor.account, {last, before, after.message}, texts));
    std::vector<chat::MessageId> ids;
    for (const chat::SeenText& text : texts) {
      ids.push_back(text.id);
      EXPECT_EQ(text.edited, text.body == "edited");
    }
    return ids;
  };
  const auto shown = [&](const Person& who, chat::MessageId id) {
    bool found = false;
    chat::Message message;
    EXPECT_OK(world_.reader().text_for(who.actor.account, id, found, message));
    return found;
  };
  world_.apply(chat::EditMessage{world_.key(), ada_.actor, group, after.seq, "edited"});
  EXPECT_EQ(seen(eve_), (std::vector{last, after.message}));
  EXPECT_EQ(seen(bob_), (std::vector{last, before, after.message}));
  EXPECT_FALSE(shown(eve_, before));
  EXPECT_TRUE(shown(eve_, after.message));
  hide(bob_, group, {after.seq});
  EXPECT_EQ(seen(bob_), (std::vector{last, before}));
  EXPECT_FALSE(shown(bob_, after.message));
  world_.apply(chat::DeleteMessages{world_.key(), ada_.actor, group, {after.seq}});
  EXPECT_EQ(seen(eve_), std::vector{last});
  world_.apply(chat::RemoveMember{world_.key(), ada_.actor, group, eve_.actor.account});
  EXPECT_EQ(seen(eve_), std::vector<chat::MessageId>{});
}

// One that has nothing to see yet.
TEST_F(SearchSight, AStayWithoutAMessageFindsNothing) {
  const ConversationId chat = world_.direct(ada_, bob_);
  catch_up();
  EXPECT_EQ(find_as_it_is(ada_, "word ", chat).next, "");
  EXPECT_EQ(answer_, Answer::kOk);
}

}  // namespace
}  // namespace starling::search
