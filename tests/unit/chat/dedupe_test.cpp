// Exactly once, in order (R4.1-R4.3): copies, late copies, predecessors and voids.
#include "tests/unit/chat/world.h"

namespace starling::chat {
namespace {

class Dedupe : public ::testing::Test {
 protected:
  Send a_send(std::uint64_t number, std::string body) {
    return {world.key(number), ada.actor, chat, std::move(body), std::nullopt, 0};
  }

  World world;
  Person ada = world.person("ada");
  Person bob = world.person("bob");
  ConversationId chat = world.direct(ada, bob);
};

TEST_F(Dedupe, AnAnsweredWriteIsReplayed) {
  const CreateAccount create{world.key(1'000), "carol", "", "hash one"};
  const Outcome first = world.apply(create);
  EXPECT_FALSE(first.replayed);
  // As another server would propose it: with another salt.
  CreateAccount copy = create;
  copy.password_hash = "hash two";
  const Outcome again = world.apply(copy);
  EXPECT_TRUE(again.replayed);
  EXPECT_EQ(again.code, Code::kOk);
  EXPECT_EQ(again.account, first.account);
  EXPECT_TRUE(world.result.events.empty());
}

TEST_F(Dedupe, ARefusalIsReplayedToo) {
  const CreateAccount create{world.key(1'000), "ada", "", "hash"};
  EXPECT_EQ(world.apply(create).code, Code::kAlreadyExists);
  world.apply(DeleteAccount{world.key(), ada.actor, 1});
  const Outcome again = world.apply(create);
  EXPECT_EQ(again.code, Code::kAlreadyExists);
  EXPECT_TRUE(again.replayed);
}

TEST_F(Dedupe, AnIdIsForOneRequest) {
  world.apply(CreateAccount{world.key(1'000), "carol", "", "hash"});
  RequestKey key = world.key(1'000);
  key.fingerprint = 1;
  EXPECT_EQ(world.apply(CreateAccount{key, "dave", "", "hash"}).code, Code::kRequestReused);
  EXPECT_EQ(world.create("dave").code, Code::kOk);
  // Another account's id of the same bytes is another id.
  EXPECT_EQ(world.apply(DeleteMessages{key, ada.actor, chat, {9}}).code, Code::kNotFound);
}

TEST_F(Dedupe, JustInsideAndJustPastTheWindow) {
  world.send(ada, chat, "one");
  const DeleteMessages remove{world.key(1'000), ada.actor, chat, {1}};
  EXPECT_EQ(world.apply(remove).count, 1);
  world.pass(kRetryWindowMs);
  const Outcome inside = world.apply(remove);
  EXPECT_TRUE(inside.replayed);
  EXPECT_EQ(inside.count, 1);
  world.pass(1);
  EXPECT_EQ(world.apply(remove).code, Code::kRequestExpired);
  EXPECT_EQ(world.apply(CreateAccount{{request(2'000), 0, 1}, "x", "", "h"}).code,
            Code::kRequestExpired);
  EXPECT_EQ(world
                .apply(CreateAccount{
                    {request(2'001), world.now_ms + kRetryWindowMs + 1, 1}, "x", "", "h"})
                .code,
            Code::kInvalid);
  world.expect_hash_holds();
}

TEST_F(Dedupe, AnExpiredOutcomeGivesItsPlaceToANewOne) {
  // More expired rows than one entry clears away, so that some are still there.
  for (std::uint64_t i = 0; i < 40; ++i) {
    world.apply(DeleteMessages{world.key(1'000 + i), ada.actor, chat, {9}});
  }
  world.pass(kRetryWindowMs + 1);
  DeleteMessages reused{world.key(1'039), ada.actor, chat, {8}};
  reused.key.fingerprint = 77;
  const Outcome fresh = world.apply(reused);
  EXPECT_EQ(fresh.code, Code::kNotFound);
  EXPECT_FALSE(fresh.replayed);
  for (int i = 0; i < 10; ++i) world.send(ada, chat, "x");
  world.expect_hash_holds();
}

TEST_F(Dedupe, ASendIsKnownForEver) {
  const Send send = a_send(1'000, "once");
  const Outcome first = world.apply(send);
  world.pass(kSessionLifetimeMs);
  const Person again{Actor{ada.actor.account, world.log_in(ada.actor.account).session}, "ada"};
  Send late = send;
  late.actor = again.actor;
  const Outcome replayed = world.apply(late);
  EXPECT_TRUE(replayed.replayed);
  EXPECT_EQ(replayed.code, Code::kOk);
  EXPECT_EQ(replayed.message, first.message);
  EXPECT_EQ(replayed.seq, first.seq);
  EXPECT_EQ(replayed.at_ms, first.at_ms);
  EXPECT_EQ(world.history(chat).size(), 1U);
  late.body = "something else";
  EXPECT_EQ(world.apply(late).code, Code::kRequestReused);
  // Through its tombstone as well.
  world.apply(DeleteMessages{world.key(), again.actor, chat, {first.seq}});
  EXPECT_EQ(world.apply(late).message, first.message);
  EXPECT_EQ(world.history(chat).size(), 1U);
}

TEST_F(Dedupe, ASendOfAnyAgeRunsOnce) {
  Send old = a_send(1'000, "from an old outbox");
  old.key.as_of_ms = 1;
  EXPECT_EQ(world.apply(old).code, Code::kOk);
  EXPECT_TRUE(world.apply(old).replayed);
}

TEST_F(Dedupe, ASendWaitsForItsPredecessor) {
  Send second = a_send(1'001, "second");
  second.after = request(1'000);
  EXPECT_EQ(world.apply(second).code, Code::kOutOfOrder);
  EXPECT_TRUE(world.history(chat).empty());
  EXPECT_EQ(world.apply(a_send(1'000, "first")).seq, 1);
  EXPECT_EQ(world.apply(second).seq, 2);
  EXPECT_TRUE(world.apply(second).replayed);
  // Not the last one, and another person's.
  Send third = a_send(1'002, "third");
  third.after = request(1'000);
  EXPECT_EQ(world.apply(third).seq, 3);
  Send bobs{world.key(1'003), bob.actor, chat, "bob's", request(1'000)};
  EXPECT_EQ(world.apply(bobs).code, Code::kOutOfOrder);
  Send self = a_send(1'004, "self");
  self.after = request(1'004);
  EXPECT_EQ(world.apply(self).code, Code::kInvalid);
}

TEST_F(Dedupe, ATombstoneIsAPredecessor) {
  world.apply(a_send(1'000, "first"));
  world.apply(DeleteMessages{world.key(), ada.actor, chat, {1}});
  world.send(ada, chat, "another");
  Send second = a_send(1'001, "second");
  second.after = request(1'000);
  EXPECT_EQ(world.apply(second).code, Code::kOk);
}

TEST_F(Dedupe, ARefusedSendHoldsNobodyUp) {
  EXPECT_EQ(world.apply(a_send(1'000, "\xff")).code, Code::kInvalid);
  Send second = a_send(1'001, "second");
  second.after = request(1'000);
  EXPECT_EQ(world.apply(second).code, Code::kOk);
  // And stays refused, with the same answer.
  EXPECT_EQ(world.apply(a_send(1'000, "valid now")).code, Code::kInvalid);
  world.expect_hash_holds();
}

TEST_F(Dedupe, AVoidSettlesForEver) {
  Outcome voided = world.apply(Void{ada.actor, request(1'000)});
  EXPECT_EQ(voided.code, Code::kOk);
  EXPECT_EQ(voided.count, 0);
  EXPECT_EQ(world.apply(Void{ada.actor, request(1'000)}).count, 0);
  EXPECT_EQ(world.apply(a_send(1'000, "late")).code, Code::kVoided);
  world.pass(kRetryWindowMs * 2);
  EXPECT_EQ(world.apply(a_send(1'000, "very late")).code, Code::kVoided);
  Send next = a_send(1'001, "next");
  next.after = request(1'000);
  EXPECT_EQ(world.apply(next).code, Code::kOk);
  // What happened, happened.
  EXPECT_EQ(world.apply(Void{ada.actor, request(1'001)}).count, 1);
  EXPECT_TRUE(world.apply(next).replayed);
  // Voids are of one's own requests.
  EXPECT_EQ(world.apply(Void{bob.actor, request(1'001)}).count, 0);
  world.expect_hash_holds();
}

TEST_F(Dedupe, VoidsAndOtherWrites) {
  world.send(ada, chat, "one");
  const DeleteMessages remove{world.key(1'000), ada.actor, chat, {1}};
  world.apply(Void{ada.actor, request(1'000)});
  EXPECT_EQ(world.apply(remove).code, Code::kVoided);
  EXPECT_FALSE(world.history(chat)[0].deleted);
  DeleteMessages another{world.key(1'001), ada.actor, chat, {1}};
  EXPECT_EQ(world.apply(another).code, Code::kOk);
  EXPECT_EQ(world.apply(Void{ada.actor, request(1'001)}).count, 1);
  // One that was refused has not happened.
  world.apply(DeleteMessages{world.key(1'002), ada.actor, chat, {99}});
  EXPECT_EQ(world.apply(Void{ada.actor, request(1'002)}).count, 0);
}

TEST_F(Dedupe, AnEndedSessionIsToldNothing) {
  const DeleteMessages remove{world.key(1'000), ada.actor, chat, {1}};
  world.apply(remove);
  const Send send = a_send(1'001, "sent");
  world.apply(send);
  world.apply(LogOut{ada.actor});
  EXPECT_EQ(world.apply(remove).code, Code::kUnauthenticated);
  EXPECT_EQ(world.apply(send).code, Code::kUnauthenticated);
  // The same requests under a new session get their answers.
  const Actor actor{ada.actor.account, world.log_in(ada.actor.account).session};
  DeleteMessages remove_again = remove;
  remove_again.actor = actor;
  EXPECT_TRUE(world.apply(remove_again).replayed);
  Send send_again = send;
  send_again.actor = actor;
  EXPECT_TRUE(world.apply(send_again).replayed);
}

}  // namespace
}  // namespace starling::chat
