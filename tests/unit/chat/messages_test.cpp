// The rules of conversations, messages and marks.
#include <algorithm>

#include "tests/unit/chat/world.h"

namespace starling::chat {
namespace {

class Messages : public ::testing::Test {
 protected:
  Outcome mark(const Person& who, Seq seq) { return world.apply(MarkRead{who.actor, chat, seq}); }
  Outcome remove(const Person& who, std::vector<Seq> seqs) {
    return world.apply(DeleteMessages{world.key(), who.actor, chat, std::move(seqs)});
  }
  std::string unread(const Person& who, int limit, std::int64_t& left) {
    std::vector<Message> messages;
    EXPECT_OK(world.reader().unread(chat, who.actor.account, limit, messages, left));
    std::string all;
    for (const Message& message : messages) all += message.body + " ";
    return all;
  }

  World world;
  Person ada = world.person("ada");
  Person bob = world.person("bob");
  Person eve = world.person("eve");
  ConversationId chat = world.direct(ada, bob);
};

TEST_F(Messages, OpeningIsByPair) {
  EXPECT_EQ(world.direct(bob, ada), chat);
  EXPECT_TRUE(world.result.events.empty());
  EXPECT_EQ(world.conversation(ada, chat).title, "bob");
  EXPECT_EQ(world.conversation(bob, chat).title, "ada");
  EXPECT_EQ(world.apply(OpenDirect{world.key(), ada.actor, ada.actor.account}).code,
            Code::kInvalid);
  EXPECT_EQ(world.apply(OpenDirect{world.key(), ada.actor, 12'345}).code, Code::kNotFound);
  const ConversationId other = world.direct(eve, ada);
  EXPECT_NE(other, chat);
  ASSERT_EQ(world.result.events.size(), 1U);
  EXPECT_EQ(world.result.events[0].kind, EventKind::kConversationOpened);
  EXPECT_EQ(world.result.events[0].subject, eve.actor.account);
  EXPECT_EQ(*world.result.events[0].audience,
            (std::vector<AccountId>{ada.actor.account, eve.actor.account}));
  std::vector<Conversation> all;
  bool more = false;
  ASSERT_OK(world.reader().list_conversations(ada.actor.account, 0, 1, all, more));
  ASSERT_EQ(all.size(), 1U);
  EXPECT_TRUE(more);
  ASSERT_OK(world.reader().list_conversations(ada.actor.account, all[0].id, 1, all, more));
  ASSERT_EQ(all.size(), 1U);
  EXPECT_EQ(all[0].id, other);
  EXPECT_FALSE(more);
}

TEST_F(Messages, SequenceNumbersAreGapless) {
  for (int i = 1; i <= 5; ++i) {
    const Outcome sent = world.send(i % 2 == 0 ? ada : bob, chat, "m" + std::to_string(i));
    EXPECT_EQ(sent.seq, i);
    EXPECT_EQ(sent.conversation, chat);
    ASSERT_EQ(world.result.events.size(), 1U);
    EXPECT_EQ(world.result.events[0].message.id, sent.message);
    EXPECT_EQ(world.result.events[0].message.sender_name, i % 2 == 0 ? "ada" : "bob");
    EXPECT_EQ(world.result.events[0].audience->size(), 2U);
  }
  std::vector<Message> page;
  bool more = false;
  ASSERT_OK(world.reader().messages_before(chat, 0, 2, page, more));
  ASSERT_EQ(page.size(), 2U);
  EXPECT_EQ(page[0].body, "m4");
  EXPECT_EQ(page[1].body, "m5");
  EXPECT_TRUE(more);
  ASSERT_OK(world.reader().messages_before(chat, 3, 2, page, more));
  ASSERT_EQ(page.size(), 2U);
  EXPECT_EQ(page[0].seq, 1);
  EXPECT_FALSE(more);
  ASSERT_OK(world.reader().messages_after(chat, 1, 3, page, more));
  ASSERT_EQ(page.size(), 3U);
  EXPECT_EQ(page[0].seq, 2);
  EXPECT_TRUE(more);
}

TEST_F(Messages, NobodyElseGetsIn) {
  world.send(ada, chat, "secret");
  EXPECT_EQ(world.send(eve, chat, "hello").code, Code::kNotFound);
  EXPECT_EQ(mark(eve, 1).code, Code::kNotFound);
  EXPECT_EQ(remove(eve, {1}).code, Code::kNotFound);
  EXPECT_EQ(world.send(ada, 4'711, "into the void").code, Code::kNotFound);
  // An account with somebody else's session.
  EXPECT_EQ(world.send({Actor{ada.actor.account, eve.actor.session}, ""}, chat, "x").code,
            Code::kUnauthenticated);
  bool found = true;
  Conversation conversation;
  ASSERT_OK(world.reader().conversation(chat, eve.actor.account, found, conversation));
  EXPECT_FALSE(found);
}

TEST_F(Messages, BodiesAreChecked) {
  EXPECT_EQ(world.send(ada, chat, "").code, Code::kInvalid);
  EXPECT_EQ(world.send(ada, chat, "\xff").code, Code::kInvalid);
  EXPECT_EQ(world.send(ada, chat, std::string(kMaxBodyBytes + 1, 'x')).code, Code::kInvalid);
  EXPECT_EQ(world.send(ada, chat, std::string(kMaxBodyBytes, 'x')).code, Code::kOk);
  const std::string with_nul("a\0b", 3);
  EXPECT_EQ(world.send(ada, chat, with_nul).code, Code::kOk);
  EXPECT_EQ(world.history(chat)[1].body, with_nul);
  world.expect_hash_holds();
}

TEST_F(Messages, MarksMoveForwardOnly) {
  for (int i = 0; i < 4; ++i) world.send(ada, chat, "x");
  EXPECT_EQ(mark(bob, 2).seq, 2);
  ASSERT_EQ(world.result.events.size(), 1U);
  EXPECT_EQ(world.result.events[0].kind, EventKind::kReadMark);
  EXPECT_EQ(world.result.events[0].subject, bob.actor.account);
  EXPECT_EQ(*world.result.events[0].audience,
            (std::vector<AccountId>{ada.actor.account, bob.actor.account}));
  EXPECT_EQ(mark(bob, 1).seq, 2);
  EXPECT_TRUE(world.result.events.empty());
  EXPECT_EQ(mark(bob, 2).seq, 2);
  EXPECT_TRUE(world.result.events.empty());
  EXPECT_EQ(mark(bob, 1'000).seq, 4);
  EXPECT_EQ(mark(bob, 0).code, Code::kInvalid);
  EXPECT_EQ(world.conversation(bob, chat).read_seq, 4);
  EXPECT_EQ(world.conversation(ada, chat).read_seq, 0);
  EXPECT_EQ(world.conversation(ada, chat).peer_read_seq, 4);
  EXPECT_EQ(world.conversation(bob, chat).peer_read_seq, 0);
  world.expect_hash_holds();
}

TEST_F(Messages, UnreadAreThoseOfOthersNotDeleted) {
  world.send(ada, chat, "a1");
  world.send(bob, chat, "b2");
  world.send(ada, chat, "a3");
  world.send(ada, chat, "a4");
  world.send(ada, chat, "a5");
  EXPECT_EQ(world.conversation(bob, chat).unread, 4);
  EXPECT_EQ(world.conversation(ada, chat).unread, 1);
  remove(ada, {4});
  std::int64_t left = 0;
  EXPECT_EQ(unread(bob, 2, left), "a1 a3 ");
  EXPECT_EQ(left, 1);
  mark(bob, 3);
  EXPECT_EQ(unread(bob, 10, left), "a5 ");
  EXPECT_EQ(left, 0);
  EXPECT_EQ(world.conversation(bob, chat).unread, 1);
  EXPECT_EQ(unread(eve, 10, left), "");
  EXPECT_EQ(unread(bob, 0, left), "");
  EXPECT_EQ(left, 1);
}

TEST_F(Messages, DeletingLeavesATombstone) {
  world.send(ada, chat, "one");
  world.send(bob, chat, "two");
  world.send(ada, chat, "three");
  const Outcome gone = remove(ada, {3, 1, 3});
  EXPECT_EQ(gone.code, Code::kOk);
  EXPECT_EQ(gone.count, 2);
  ASSERT_EQ(world.result.events.size(), 2U);
  EXPECT_EQ(world.result.events[0].kind, EventKind::kMessageDeleted);
  EXPECT_EQ(world.result.events[0].message.seq, 1);
  EXPECT_TRUE(world.result.events[0].message.deleted);
  EXPECT_LT(world.result.events[0].position, world.result.events[1].position);
  EXPECT_EQ(remove(ada, {1}).count, 0);
  const std::vector<Message> messages = world.history(chat);
  ASSERT_EQ(messages.size(), 3U);
  EXPECT_TRUE(messages[0].deleted);
  EXPECT_EQ(messages[0].body, "");
  EXPECT_FALSE(messages[1].deleted);
  EXPECT_EQ(world.send(ada, chat, "four").seq, 4);
  world.expect_hash_holds();
}

TEST_F(Messages, DeletingIsAllOrNothing) {
  world.send(ada, chat, "one");
  world.send(bob, chat, "two");
  EXPECT_EQ(remove(ada, {1, 2}).code, Code::kPermissionDenied);
  EXPECT_EQ(remove(ada, {1, 3}).code, Code::kNotFound);
  EXPECT_EQ(remove(ada, {}).code, Code::kInvalid);
  EXPECT_EQ(remove(ada, std::vector<Seq>(201, 1)).code, Code::kInvalid);
  EXPECT_EQ(remove(ada, {-1}).code, Code::kNotFound);
  EXPECT_FALSE(world.history(chat)[0].deleted);
}

}  // namespace
}  // namespace starling::chat
