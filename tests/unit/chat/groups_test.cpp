// Groups: who may do what, who sees what, and what each change leaves in the group.
#include "tests/unit/chat/world.h"

namespace starling::chat {
namespace {

struct Group : testing::Test {
  World world;
  Person ada = world.person("ada");  // Owns it.
  Person bob = world.person("bob");
  Person eve = world.person("eve");
  Person dan = world.person("dan");  // Not in it at first.
  ConversationId chat = world.group(ada, {bob, eve});

  Code add(const Person& by, const Person& whom) {
    return world.apply(AddMembers{world.key(), by.actor, chat, {whom.actor.account}}).code;
  }
  Code remove(const Person& by, const Person& whom) {
    return world.apply(RemoveMember{world.key(), by.actor, chat, whom.actor.account}).code;
  }
  Code role(const Person& by, const Person& whom, MemberRole role) {
    return world.apply(SetRole{world.key(), by.actor, chat, whom.actor.account, role}).code;
  }
  Code rename(const Person& by, const std::string& title) {
    return world.apply(RenameGroup{world.key(), by.actor, chat, title}).code;
  }
  Code dissolve(const Person& by) {
    return world.apply(DissolveGroup{world.key(), by.actor, chat}).code;
  }
  std::vector<MessageKind> kinds_seen_by(const Person& who) {
    std::vector<MessageKind> kinds;
    for (const Message& message : world.seen_by(who, chat)) kinds.push_back(message.kind);
    return kinds;
  }
  Message last() { return world.history(chat).back(); }
  void TearDown() override { world.expect_hash_holds(); }
};

TEST_F(Group, IsMadeWithItsMembersAndSaysSo) {
  const std::vector<Message> all = world.seen_by(eve, chat);
  ASSERT_EQ(all.size(), 2U);
  EXPECT_EQ(all[0].kind, MessageKind::kGroupCreated);
  EXPECT_EQ(all[0].body, "the group");
  EXPECT_EQ(all[0].sender_name, "ada");
  EXPECT_EQ(all[1].kind, MessageKind::kMembersAdded);
  EXPECT_EQ(all[1].body, "bob eve");
  EXPECT_EQ(all[1].seq, 2);
  ASSERT_EQ(world.events_for(eve).size(), 3U);
  EXPECT_EQ(world.events_for(eve)[0].kind, EventKind::kConversationOpened);
  EXPECT_EQ(world.events_for(eve)[0].conversation, chat);
  const Conversation seen = world.conversation(bob, chat);
  EXPECT_EQ(seen.kind, ConversationKind::kGroup);
  EXPECT_EQ(seen.title, "the group");
  EXPECT_EQ(seen.member_count, 3);
  EXPECT_EQ(seen.role, MemberRole::kMember);
  EXPECT_EQ(seen.unread, 0) << "what happened to the group is not unread";
  EXPECT_EQ(world.conversation(ada, chat).role, MemberRole::kOwner);
  std::vector<Member> members;
  bool more = false;
  ASSERT_OK(world.reader().members(chat, 0, 2, members, more));
  EXPECT_TRUE(more);
  ASSERT_EQ(members.size(), 2U);
  EXPECT_EQ(members[0].account.name, "ada");
  EXPECT_EQ(members[0].role, MemberRole::kOwner);
  ASSERT_OK(world.reader().members(chat, members[1].account.id, 2, members, more));
  EXPECT_FALSE(more);
  ASSERT_EQ(members.size(), 1U);
  EXPECT_EQ(members[0].account.name, "eve");
}

TEST_F(Group, RefusesWhatMakesNone) {
  const auto make = [this](std::string title, std::vector<AccountId> members) {
    return world.apply(CreateGroup{world.key(), ada.actor, std::move(title), std::move(members)});
  };
  EXPECT_EQ(make("", {}).code, Code::kInvalid);
  EXPECT_EQ(make("a\nb", {}).code, Code::kInvalid);
  EXPECT_EQ(make("\xc2\x85", {}).code, Code::kInvalid) << "a control character of two bytes";
  EXPECT_EQ(make(std::string(kMaxTitleBytes + 1, 'x'), {}).code, Code::kInvalid);
  EXPECT_EQ(make("good", {424'242}).code, Code::kNotFound);
  EXPECT_EQ(make("good", std::vector<AccountId>(kMaxPage + 1, bob.actor.account)).code,
            Code::kInvalid);
  // Oneself, and somebody twice, are passed over.
  const AccountId whom = bob.actor.account;
  const Outcome made = make("good", {ada.actor.account, whom, whom});
  EXPECT_EQ(made.code, Code::kOk);
  EXPECT_EQ(world.conversation(ada, made.conversation).member_count, 2);
}

TEST_F(Group, TakesOrdersByPower) {
  EXPECT_EQ(add(bob, dan), Code::kPermissionDenied);
  EXPECT_EQ(rename(bob, "mine"), Code::kPermissionDenied);
  EXPECT_EQ(remove(bob, eve), Code::kPermissionDenied);
  EXPECT_EQ(role(bob, bob, MemberRole::kAdmin), Code::kPermissionDenied);
  EXPECT_EQ(dissolve(bob), Code::kPermissionDenied);
  EXPECT_EQ(add(dan, dan), Code::kNotFound) << "who is not in it learns nothing of it";
  EXPECT_EQ(rename(dan, "mine"), Code::kNotFound);
  EXPECT_EQ(remove(dan, eve), Code::kNotFound);
  EXPECT_EQ(dissolve(dan), Code::kNotFound);

  EXPECT_EQ(role(ada, bob, MemberRole::kAdmin), Code::kOk);
  EXPECT_EQ(last().kind, MessageKind::kAdminAdded);
  EXPECT_EQ(last().body, "bob");
  EXPECT_EQ(add(bob, dan), Code::kOk);
  EXPECT_EQ(rename(bob, "ours"), Code::kOk);
  EXPECT_EQ(world.conversation(eve, chat).title, "ours");
  EXPECT_EQ(last().kind, MessageKind::kGroupRenamed);
  EXPECT_EQ(role(ada, eve, MemberRole::kAdmin), Code::kOk);
  EXPECT_EQ(remove(bob, eve), Code::kPermissionDenied) << "an admin has no power over another";
  EXPECT_EQ(remove(bob, ada), Code::kPermissionDenied);
  EXPECT_EQ(role(ada, eve, MemberRole::kMember), Code::kOk);
  EXPECT_EQ(last().kind, MessageKind::kAdminRemoved);
  EXPECT_EQ(remove(bob, eve), Code::kOk);
  EXPECT_EQ(dissolve(bob), Code::kPermissionDenied);
  EXPECT_EQ(remove(ada, eve), Code::kNotFound);
  EXPECT_EQ(role(ada, ada, MemberRole::kMember), Code::kInvalid);

  EXPECT_EQ(role(ada, bob, MemberRole::kOwner), Code::kOk);
  EXPECT_EQ(last().kind, MessageKind::kOwnerChanged);
  EXPECT_EQ(world.conversation(ada, chat).role, MemberRole::kAdmin);
  EXPECT_EQ(world.conversation(bob, chat).role, MemberRole::kOwner);
  EXPECT_EQ(dissolve(ada), Code::kPermissionDenied);
}

TEST_F(Group, IsNoDirectConversation) {
  chat = world.direct(ada, bob);
  EXPECT_EQ(add(ada, dan), Code::kInvalid);
  EXPECT_EQ(remove(ada, bob), Code::kInvalid);
  EXPECT_EQ(remove(ada, ada), Code::kInvalid);
  EXPECT_EQ(rename(ada, "x"), Code::kInvalid);
  EXPECT_EQ(dissolve(ada), Code::kInvalid);
}

TEST_F(Group, ShowsNobodyWhatCameBeforeThem) {
  world.send(ada, chat, "before");
  ASSERT_EQ(add(ada, dan), Code::kOk);
  world.send(ada, chat, "after");
  EXPECT_EQ(kinds_seen_by(dan), (std::vector{MessageKind::kMembersAdded, MessageKind::kText}));
  const Conversation seen = world.conversation(dan, chat);
  EXPECT_EQ(seen.first_seq, 4);
  EXPECT_EQ(seen.unread, 1);
  // Nor may he touch it, or hear of what is done to it.
  EXPECT_EQ(world.apply(React{world.key(), dan.actor, chat, 3, "+1", true}).code, Code::kNotFound);
  EXPECT_EQ(world.apply(HideMessages{dan.actor, chat, {3}}).code, Code::kNotFound);
  Send reply{world.key(), dan.actor, chat, "to what?", std::nullopt, 3};
  EXPECT_EQ(world.apply(reply).code, Code::kInvalid);
  const std::size_t heard = world.events_for(dan).size();
  world.apply(EditMessage{world.key(), ada.actor, chat, 3, "before, edited"});
  EXPECT_EQ(world.result.events.size(), 1U);
  EXPECT_EQ(world.result.events[0].audience->size(), 3U);
  world.apply(DeleteMessages{world.key(), ada.actor, chat, {3}});
  EXPECT_EQ(world.events_for(dan).size(), heard);
  world.apply(EditMessage{world.key(), ada.actor, chat, 5, "after, edited"});
  EXPECT_EQ(world.events_for(dan).size(), heard + 1);
}

TEST_F(Group, ForgetsWhoWasRemoved) {
  const std::size_t heard = world.events_for(bob).size();
  world.send(eve, chat, "while he was in it");
  ASSERT_EQ(remove(ada, bob), Code::kOk);
  world.send(eve, chat, "behind his back");
  const std::vector<Event> events = world.events_for(bob);
  ASSERT_EQ(events.size(), heard + 2);
  EXPECT_EQ(events.back().message.kind, MessageKind::kMemberRemoved);
  EXPECT_EQ(events.back().message.body, "bob");
  EXPECT_FALSE(world.is_member(bob, chat));
  EXPECT_TRUE(world.seen_by(bob, chat).empty());
  EXPECT_EQ(world.send(bob, chat, "let me in").code, Code::kNotFound);
  EXPECT_EQ(world.apply(MarkRead{bob.actor, chat, 3}).code, Code::kNotFound);
  EXPECT_EQ(world.conversation(eve, chat).member_count, 2);

  // He comes again: what he missed stays missed, what he had once heard of too.
  ASSERT_EQ(add(ada, bob), Code::kOk);
  world.send(eve, chat, "welcome back");
  EXPECT_EQ(kinds_seen_by(bob), (std::vector{MessageKind::kMembersAdded, MessageKind::kText}));
  const std::vector<Event> again = world.events_for(bob);
  ASSERT_EQ(again.size(), heard + 5);
  EXPECT_EQ(again[heard].message.body, "while he was in it");
  EXPECT_EQ(again[heard + 1].message.kind, MessageKind::kMemberRemoved);
  EXPECT_EQ(again[heard + 2].kind, EventKind::kConversationOpened);
  EXPECT_EQ(again[heard + 3].message.kind, MessageKind::kMembersAdded);
}

TEST_F(Group, TellsNobodyWhatWasEditedBehindTheirBack) {
  world.send(ada, chat, "harmless");
  ASSERT_EQ(remove(ada, bob), Code::kOk);
  world.apply(EditMessage{world.key(), ada.actor, chat, 3, "a secret"});
  for (const Event& event : world.events_for(bob)) EXPECT_NE(event.message.body, "a secret");
  for (const Event& event : world.events_for(eve)) {
    if (event.message.seq == 3) {
      EXPECT_EQ(event.message.body, "a secret");
    }
  }
}

TEST_F(Group, PassesToTheNextWhenItsOwnerLeaves) {
  role(ada, eve, MemberRole::kAdmin);
  ASSERT_EQ(remove(ada, ada), Code::kOk);
  EXPECT_EQ(world.conversation(eve, chat).role, MemberRole::kOwner) << "an admin goes first";
  const std::vector<Message> all = world.history(chat);
  EXPECT_EQ(all[all.size() - 2].kind, MessageKind::kOwnerChanged);
  EXPECT_EQ(all[all.size() - 2].body, "eve");
  EXPECT_EQ(last().kind, MessageKind::kMemberLeft);
  ASSERT_EQ(remove(eve, eve), Code::kOk);
  EXPECT_EQ(world.conversation(bob, chat).role, MemberRole::kOwner);
  ASSERT_EQ(remove(bob, bob), Code::kOk);
  EXPECT_EQ(last().kind, MessageKind::kMemberLeft);
  EXPECT_FALSE(world.is_member(bob, chat));
}

TEST_F(Group, OutlivesTheAccountOfItsOwner) {
  world.send(ada, chat, "my last words");
  ASSERT_EQ(world.apply(DeleteAccount{world.key(), ada.actor, 1}).code, Code::kOk);
  EXPECT_EQ(world.conversation(bob, chat).role, MemberRole::kOwner) << "the longest there";
  const std::vector<Message> all = world.seen_by(bob, chat);
  ASSERT_EQ(all.size(), 5U);
  EXPECT_EQ(all[2].body, "my last words");
  EXPECT_EQ(all[3].kind, MessageKind::kOwnerChanged);
  EXPECT_EQ(all[4].kind, MessageKind::kMemberLeft);
  EXPECT_EQ(world.conversation(eve, chat).member_count, 2);
  // Whoever takes the name inherits nothing.
  const Person heir = world.person("ada");
  EXPECT_FALSE(world.is_member(heir, chat));
}

TEST_F(Group, IsGoneForAllOnceDissolved) {
  const std::size_t heard = world.events_for(bob).size();
  ASSERT_EQ(dissolve(ada), Code::kOk);
  for (const Person& who : {ada, bob, eve}) EXPECT_FALSE(world.is_member(who, chat));
  EXPECT_EQ(world.events_for(bob).size(), heard + 1);
  EXPECT_EQ(world.events_for(bob).back().message.kind, MessageKind::kGroupDissolved);
  EXPECT_EQ(world.send(ada, chat, "anybody?").code, Code::kNotFound);
  EXPECT_EQ(add(ada, bob), Code::kNotFound);
}

TEST_F(Group, IsNotForcedOnWhoBlocksTheInviter) {
  world.apply(SetBlock{world.key(), dan.actor, ada.actor.account, true});
  EXPECT_EQ(add(ada, dan), Code::kPermissionDenied);
  const CreateGroup with_dan{world.key(), ada.actor, "x", {dan.actor.account}};
  EXPECT_EQ(world.apply(with_dan).code, Code::kPermissionDenied);
  world.apply(SetBlock{world.key(), dan.actor, ada.actor.account, false});
  EXPECT_EQ(add(ada, dan), Code::kOk);
}

TEST_F(Group, ChangesOnceForARetry) {
  const AddMembers once{world.key(), ada.actor, chat, {dan.actor.account}};
  EXPECT_EQ(world.apply(once).count, 1);
  const Seq seq = last().seq;
  const Outcome again = world.apply(once);
  EXPECT_TRUE(again.replayed);
  EXPECT_EQ(again.count, 1);
  EXPECT_EQ(last().seq, seq);
  EXPECT_EQ(add(ada, dan), Code::kOk) << "who is there is passed over";
  EXPECT_EQ(last().seq, seq);
}

TEST_F(Group, HasRoomForSoMany) {
  // In a store of its own, since it takes a while to fill.
  World big;
  const Person owner = big.person("owner");
  const ConversationId full = big.group(owner, {});
  std::vector<AccountId> batch;
  for (std::int64_t i = 1; i < kMaxGroupMembers; ++i) {
    batch.push_back(big.create("m" + std::to_string(i)).account);
    if (batch.size() < kMaxPage && i + 1 < kMaxGroupMembers) continue;
    const AddMembers add{big.key(), owner.actor, full, batch};
    ASSERT_EQ(big.apply(add).code, Code::kOk);
    batch.clear();
  }
  EXPECT_EQ(big.conversation(owner, full).member_count, kMaxGroupMembers);
  const Person late = big.person("late");
  EXPECT_EQ(big.apply(AddMembers{big.key(), owner.actor, full, {late.actor.account}}).code,
            Code::kPermissionDenied);
  big.send(owner, full, "hello all");
  EXPECT_EQ(big.result.events[0].audience->size(), static_cast<std::size_t>(kMaxGroupMembers));
  ASSERT_EQ(big.apply(DissolveGroup{big.key(), owner.actor, full}).code, Code::kOk);
  big.expect_hash_holds();
}

TEST_F(Group, NobodyIsInTooMany) {
  for (std::size_t i = 1; i < kMaxGroupsPerAccount; ++i) world.group(ada, {bob});
  EXPECT_EQ(world.group(ada, {}), 0);
  EXPECT_EQ(world.group(dan, {bob}), 0);
  ASSERT_EQ(remove(bob, bob), Code::kOk);
  EXPECT_NE(world.group(dan, {bob}), 0);
  // All of them are left at once with the account.
  EXPECT_EQ(world.apply(DeleteAccount{world.key(), ada.actor, 1}).code, Code::kOk);
}

}  // namespace
}  // namespace starling::chat
