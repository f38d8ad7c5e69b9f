// What is done to messages that are there: replies, edits, reactions, mentions, deleting, hiding.
#include "tests/unit/chat/world.h"

namespace starling::chat {
namespace {

struct Edits : testing::Test {
  World world;
  Person ada = world.person("ada");
  Person bob = world.person("bob");
  Person eve = world.person("eve");
  ConversationId chat = world.group(ada, {bob, eve});  // Its first two messages say so.

  Outcome edit(const Person& who, Seq seq, const std::string& body) {
    return world.apply(EditMessage{world.key(), who.actor, chat, seq, body});
  }
  Outcome react(const Person& who, Seq seq, const std::string& emoji, bool on = true) {
    return world.apply(React{world.key(), who.actor, chat, seq, emoji, on});
  }
  Message at(const Person& who, Seq seq) {
    for (const Message& message : world.seen_by(who, chat)) {
      if (message.seq == seq) return message;
    }
    ADD_FAILURE() << "no message " << seq;
    return {};
  }
  std::vector<Edit> edits(const Person& who, Seq seq, bool& found) {
    std::vector<Edit> out;
    EXPECT_OK(world.reader().edits(chat, who.actor.account, seq, found, out));
    return out;
  }
  void TearDown() override { world.expect_hash_holds(); }
};

TEST_F(Edits, AnEditKeepsWhatWasSaid) {
  world.send(ada, chat, "frist");
  world.pass(1'000);
  const Outcome first = edit(ada, 3, "first");
  EXPECT_EQ(first.code, Code::kOk);
  EXPECT_EQ(first.count, 1);
  ASSERT_EQ(world.result.events.size(), 1U);
  EXPECT_EQ(world.result.events[0].kind, EventKind::kMessageEdited);
  EXPECT_EQ(world.result.events[0].message.body, "first");
  EXPECT_EQ(edit(ada, 3, "first").count, 1) << "nothing to change";
  EXPECT_TRUE(world.result.events.empty());
  EXPECT_EQ(edit(ada, 3, "First!").count, 2);
  const Message seen = at(bob, 3);
  EXPECT_EQ(seen.body, "First!");
  EXPECT_EQ(seen.edits, 2);
  EXPECT_EQ(seen.edited_at_ms, world.now_ms);
  bool found = false;
  const std::vector<Edit> former = edits(bob, 3, found);
  ASSERT_TRUE(found);
  ASSERT_EQ(former.size(), 2U);
  EXPECT_EQ(former[0].body, "frist");
  EXPECT_EQ(former[1].body, "first");
}

TEST_F(Edits, OnlyOnesOwnTextsCanBeEdited) {
  world.send(ada, chat, "mine");
  EXPECT_EQ(edit(bob, 3, "his").code, Code::kPermissionDenied);
  EXPECT_EQ(edit(ada, 1, "a system message").code, Code::kPermissionDenied);
  EXPECT_EQ(edit(ada, 4, "none").code, Code::kNotFound);
  EXPECT_EQ(edit(ada, 0, "none").code, Code::kNotFound);
  EXPECT_EQ(edit(ada, 3, "").code, Code::kInvalid);
  EXPECT_EQ(edit(ada, 3, std::string(kMaxBodyBytes + 1, 'x')).code, Code::kInvalid);
  for (int i = 0; i < kMaxEdits; ++i) ASSERT_EQ(edit(ada, 3, std::to_string(i)).code, Code::kOk);
  EXPECT_EQ(edit(ada, 3, "once more").code, Code::kPermissionDenied);
  world.apply(DeleteMessages{world.key(), ada.actor, chat, {3}});
  EXPECT_EQ(edit(ada, 3, "again").code, Code::kNotFound);
  bool found = false;
  EXPECT_TRUE(edits(ada, 3, found).empty()) << "with the message goes what it said before";
}

// R4.2: the row is the send's record, whatever became of its body since.
TEST_F(Edits, ALateCopyOfAnEditedSendIsTheSameSend) {
  const Send send{world.key(), ada.actor, chat, "as it was", std::nullopt, 0};
  const Outcome first = world.apply(send);
  edit(ada, first.seq, "as it is");
  const Outcome again = world.apply(send);
  EXPECT_TRUE(again.replayed);
  EXPECT_EQ(again.seq, first.seq);
  EXPECT_EQ(at(ada, first.seq).body, "as it is");
  Send other = send;
  other.reply_to = 1;
  EXPECT_EQ(world.apply(other).code, Code::kRequestReused);
}

TEST_F(Edits, AReplyNamesAnEarlierMessage) {
  world.send(ada, chat, "question");
  const auto reply = [this](Seq to) {
    return world.apply(Send{world.key(), bob.actor, chat, "answer", std::nullopt, to});
  };
  const Outcome sent = reply(3);
  EXPECT_EQ(sent.code, Code::kOk);
  EXPECT_EQ(at(eve, sent.seq).reply_to, 3);
  EXPECT_EQ(reply(5).code, Code::kInvalid) << "not there yet";
  EXPECT_EQ(reply(-1).code, Code::kInvalid);
  EXPECT_EQ(reply(1).code, Code::kOk) << "to what happened to the group, why not";
}

TEST_F(Edits, ReactionsAreCounted) {
  world.send(ada, chat, "party at eight");
  EXPECT_EQ(react(bob, 3, "+1").count, 1);
  EXPECT_EQ(react(eve, 3, "\u2764").count, 1);
  EXPECT_EQ(react(eve, 3, "+1").count, 1);
  EXPECT_EQ(react(eve, 3, "+1").count, 0) << "there already";
  EXPECT_TRUE(world.result.events.empty());
  Message seen = at(eve, 3);
  ASSERT_EQ(seen.reactions.size(), 2U);
  EXPECT_EQ(seen.reactions[0].emoji, "+1") << "the first one to come";
  EXPECT_EQ(seen.reactions[0].count, 2);
  EXPECT_TRUE(seen.reactions[0].mine);
  seen = at(bob, 3);
  EXPECT_FALSE(seen.reactions[1].mine);
  EXPECT_EQ(react(bob, 3, "+1", false).count, 1);
  ASSERT_EQ(world.result.events.size(), 1U);
  EXPECT_EQ(world.result.events[0].kind, EventKind::kReaction);
  EXPECT_EQ(world.result.events[0].text, "+1");
  EXPECT_FALSE(world.result.events[0].on);
  EXPECT_EQ(react(bob, 3, "+1", false).count, 0);
  EXPECT_EQ(react(eve, 3, "+1", false).count, 1);
  ASSERT_EQ(at(bob, 3).reactions.size(), 1U) << "none left of the other";
}

TEST_F(Edits, ReactionsHaveLimits) {
  world.send(ada, chat, "x");
  EXPECT_EQ(react(ada, 3, "").code, Code::kInvalid);
  EXPECT_EQ(react(ada, 3, "\x01").code, Code::kInvalid);
  EXPECT_EQ(react(ada, 3, std::string(kMaxEmojiBytes + 1, 'x')).code, Code::kInvalid);
  EXPECT_EQ(react(ada, 1, "+1").code, Code::kNotFound) << "no text";
  EXPECT_EQ(react(ada, 9, "+1").code, Code::kNotFound);
  for (std::size_t i = 0; i < kMaxReactionsOfAccount; ++i) {
    EXPECT_EQ(react(ada, 3, "a" + std::to_string(i)).code, Code::kOk);
  }
  EXPECT_EQ(react(ada, 3, "one more").code, Code::kPermissionDenied);
  std::vector<Person> crowd;
  for (int i = 0; i < 4; ++i) {
    crowd.push_back(world.person("c" + std::to_string(i)));
    world.apply(AddMembers{world.key(), ada.actor, chat, {crowd.back().actor.account}});
  }
  world.send(ada, chat, "y");
  const Seq seq = world.history(chat).back().seq;
  for (std::size_t i = 0; i < kMaxReactionKinds; ++i) {
    EXPECT_EQ(react(crowd[i / 5], seq, "k" + std::to_string(i)).code, Code::kOk);
  }
  EXPECT_EQ(react(bob, seq, "one more").code, Code::kPermissionDenied);
  EXPECT_EQ(react(bob, seq, "k0").code, Code::kOk) << "a kind that is there";
  world.apply(DeleteMessages{world.key(), ada.actor, chat, {seq}});
  EXPECT_EQ(react(bob, seq, "k1").code, Code::kNotFound);
  EXPECT_TRUE(at(bob, seq).reactions.empty());
}

TEST_F(Edits, MentionsAreOfMembers) {
  world.person("out");
  world.person("b");
  const auto mentioned = [this](const std::string& body) {
    const Seq seq = world.send(ada, chat, body).seq;
    std::string who;
    for (const Person& one : {ada, bob, eve}) {
      if (at(one, seq).mentions_me) who += one.name + " ";
    }
    return who;
  };
  EXPECT_EQ(mentioned("hello @bob and @eve"), "bob eve ");
  EXPECT_EQ(mentioned("@bob"), "bob ");
  EXPECT_EQ(mentioned("ask @bob."), "bob ");
  EXPECT_EQ(mentioned("(@eve), @bob!"), "bob eve ");
  EXPECT_EQ(mentioned("@bob @bob @bob."), "bob ");
  EXPECT_EQ(mentioned("mail@bob.example @bobby @out @ada"), "") << "no word of its own, no "
                                                                   "member, oneself";
  EXPECT_EQ(mentioned("@@bob @ bob @"), "");
  EXPECT_EQ(mentioned("\u3042@bob\u3042"), "bob ") << "between letters of other scripts";
}

TEST_F(Edits, MentionsAreUnreadUntilRead) {
  world.send(ada, chat, "@bob one");
  world.send(ada, chat, "two");
  world.send(ada, chat, "@bob three");
  EXPECT_EQ(world.conversation(bob, chat).unread, 3);
  EXPECT_EQ(world.conversation(bob, chat).mentions, 2);
  EXPECT_EQ(world.conversation(eve, chat).mentions, 0);
  edit(ada, 4, "two, @bob and @eve");
  EXPECT_EQ(world.conversation(bob, chat).mentions, 3);
  EXPECT_EQ(world.conversation(eve, chat).mentions, 1);
  edit(ada, 4, "two again");
  EXPECT_EQ(world.conversation(eve, chat).mentions, 0);
  world.apply(MarkRead{bob.actor, chat, 3});
  EXPECT_EQ(world.conversation(bob, chat).mentions, 1);
  world.apply(DeleteMessages{world.key(), ada.actor, chat, {5}});
  EXPECT_EQ(world.conversation(bob, chat).mentions, 0);
  EXPECT_EQ(world.conversation(bob, chat).unread, 1);
}

TEST_F(Edits, AdminsDeleteAnybodysMessages) {
  world.send(eve, chat, "rude");
  world.send(eve, chat, "ruder");
  EXPECT_EQ(world.apply(DeleteMessages{world.key(), bob.actor, chat, {3}}).code,
            Code::kPermissionDenied);
  EXPECT_EQ(world.apply(DeleteMessages{world.key(), ada.actor, chat, {1, 3}}).code,
            Code::kPermissionDenied)
      << "system messages stay, and so it is all or nothing";
  EXPECT_FALSE(at(bob, 3).deleted);
  EXPECT_EQ(world.apply(DeleteMessages{world.key(), ada.actor, chat, {3, 4}}).count, 2);
  EXPECT_TRUE(at(bob, 3).deleted);
  EXPECT_EQ(at(bob, 3).body, "");
  EXPECT_EQ(at(bob, 4).seq, 4) << "a tombstone keeps the place";
}

TEST_F(Edits, HiddenForOneselfOnly) {
  world.send(ada, chat, "@bob embarrassing");
  world.send(ada, chat, "fine");
  EXPECT_EQ(world.apply(HideMessages{bob.actor, chat, {3}}).count, 1);
  ASSERT_EQ(world.result.events.size(), 1U);
  EXPECT_EQ(*world.result.events[0].audience, std::vector<AccountId>{bob.actor.account});
  EXPECT_EQ(world.apply(HideMessages{bob.actor, chat, {3}}).count, 0);
  EXPECT_EQ(world.apply(HideMessages{bob.actor, chat, {3, 99}}).code, Code::kNotFound);
  EXPECT_EQ(world.apply(HideMessages{bob.actor, chat, {}}).code, Code::kInvalid);
  EXPECT_TRUE(at(bob, 3).hidden);
  EXPECT_EQ(at(bob, 3).body, "");
  EXPECT_FALSE(at(eve, 3).hidden);
  EXPECT_EQ(at(eve, 3).body, "@bob embarrassing");
  EXPECT_EQ(world.conversation(bob, chat).unread, 1);
  EXPECT_EQ(world.conversation(bob, chat).mentions, 0);
  std::vector<Message> unread;
  std::int64_t left = 0;
  ASSERT_OK(world.reader().unread(chat, bob.actor.account, 50, unread, left));
  ASSERT_EQ(unread.size(), 1U);
  EXPECT_EQ(unread[0].body, "fine");
  EXPECT_EQ(left, 0);
}

TEST_F(Edits, HistoryPagesBothWaysAndAround) {
  for (int i = 0; i < 20; ++i) world.send(ada, chat, std::to_string(i));  // 3 to 22.
  using From = HistoryPage::From;
  const auto page = [this](From from, Seq seq, int limit) {
    History out;
    bool is_member = false;
    EXPECT_OK(world.reader().history(chat, bob.actor.account, {from, seq, limit}, is_member, out));
    EXPECT_TRUE(is_member);
    return out;
  };
  History got = page(From::kAround, 10, 4);
  ASSERT_EQ(got.messages.size(), 4U);
  EXPECT_EQ(got.messages.front().seq, 8);
  EXPECT_EQ(got.messages.back().seq, 11);
  EXPECT_TRUE(got.more_before);
  EXPECT_TRUE(got.more_after);
  got = page(From::kAround, 2, 6);
  EXPECT_EQ(got.messages.front().seq, 1);
  EXPECT_EQ(got.messages.back().seq, 4);
  EXPECT_FALSE(got.more_before);
  got = page(From::kAround, 22, 6);
  EXPECT_EQ(got.messages.back().seq, 22);
  EXPECT_FALSE(got.more_after);
  got = page(From::kAround, 500, 6);
  EXPECT_EQ(got.messages.back().seq, 22) << "none there: what comes before it";
  got = page(From::kBefore, 3, 50);
  EXPECT_EQ(got.messages.size(), 2U);
  EXPECT_FALSE(got.more_before);
  got = page(From::kAfter, 20, 50);
  EXPECT_EQ(got.messages.size(), 2U);
  EXPECT_FALSE(got.more_after);
}

}  // namespace
}  // namespace starling::chat
