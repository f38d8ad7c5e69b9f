// The rules of accounts and sessions.
#include "tests/unit/chat/world.h"

namespace starling::chat {
namespace {

TEST(Accounts, CreateAndFind) {
  World world;
  const Outcome made = world.create("ada");
  EXPECT_EQ(made.code, Code::kOk);
  EXPECT_EQ(made.at_ms, kStart);
  bool found = false;
  Account account;
  ASSERT_OK(world.reader().account_by_name("ada", found, account));
  ASSERT_TRUE(found);
  EXPECT_EQ(account.id, made.account);
  EXPECT_EQ(account.created_at_ms, kStart);
  Credentials credentials;
  ASSERT_OK(world.reader().credentials("ada", found, credentials));
  ASSERT_TRUE(found);
  EXPECT_EQ(credentials.password_hash, "hash of ada");
  EXPECT_EQ(credentials.version, 1);
  ASSERT_OK(world.reader().credentials("bob", found, credentials));
  EXPECT_FALSE(found);
  EXPECT_EQ(world.create("ada").code, Code::kAlreadyExists);
}

TEST(Accounts, MalformedFieldsAreRefusedAtApplyToo) {
  World world;
  EXPECT_EQ(world.create("Ada").code, Code::kInvalid);
  EXPECT_EQ(world.create("").code, Code::kInvalid);
  EXPECT_EQ(world.apply(CreateAccount{world.key(), "ada", "\xff", "h"}).code, Code::kInvalid);
  EXPECT_EQ(world.apply(CreateAccount{world.key(), "ada", std::string(65, 'x'), "h"}).code,
            Code::kInvalid);
  EXPECT_EQ(world.apply(CreateAccount{world.key(), "ada", "", ""}).code, Code::kInvalid);
  EXPECT_EQ(world.apply_bytes("").code, Code::kInvalid);
  EXPECT_EQ(world.apply_bytes("nonsense").code, Code::kInvalid);
  const Outcome ada = world.create("ada");
  EXPECT_EQ(world.apply(LogIn{ada.account, 1, token(1), std::string(65, 'd')}).code,
            Code::kInvalid);
}

TEST(Accounts, ListingMatchesAndPages) {
  World world;
  for (const char* name : {"bob", "alan", "ada", "alice", "al", "zoe"}) world.create(name);
  const auto names = [&world](const char* pattern, const char* after, int limit, bool& more) {
    std::vector<Account> accounts;
    EXPECT_OK(world.reader().list_accounts(pattern, after, limit, accounts, more));
    std::string all;
    for (const Account& account : accounts) all += account.name + " ";
    return all;
  };
  bool more = false;
  EXPECT_EQ(names("*", "", 50, more), "ada al alan alice bob zoe ");
  EXPECT_FALSE(more);
  EXPECT_EQ(names("al*", "", 2, more), "al alan ");
  EXPECT_TRUE(more);
  EXPECT_EQ(names("al*", "alan", 2, more), "alice ");
  EXPECT_FALSE(more);
  EXPECT_EQ(names("???", "", 50, more), "ada bob zoe ");
  EXPECT_EQ(names("*o*", "", 50, more), "bob zoe ");
  EXPECT_EQ(names("ada", "", 50, more), "ada ");
  EXPECT_EQ(names("", "", 2, more), "ada al ");
  EXPECT_TRUE(more);
  EXPECT_EQ(names("[a]*", "", 50, more), "");
}

TEST(Sessions, LogInAndOut) {
  World world;
  const Outcome ada = world.create("ada");
  const Outcome in = world.apply(LogIn{ada.account, 1, token(1), "phone"});
  EXPECT_EQ(in.code, Code::kOk);
  EXPECT_EQ(in.at_ms, kStart + kSessionLifetimeMs);
  bool found = false;
  SessionRow session;
  ASSERT_OK(world.reader().session(token(1), found, session));
  ASSERT_TRUE(found);
  EXPECT_EQ(session.id, in.session);
  EXPECT_EQ(session.account, ada.account);
  // The same entry twice in the log: the same session.
  const Outcome again = world.apply(LogIn{ada.account, 1, token(1), "phone"});
  EXPECT_TRUE(again.replayed);
  EXPECT_EQ(again.session, in.session);
  const Actor actor{ada.account, in.session};
  EXPECT_EQ(world.apply(LogOut{Actor{ada.account + 1, in.session}}).code, Code::kUnauthenticated);
  EXPECT_EQ(world.apply(LogOut{actor}).count, 1);
  EXPECT_EQ(world.apply(LogOut{actor}).code, Code::kOk);  // What was asked for is so.
  ASSERT_OK(world.reader().session(token(1), found, session));
  EXPECT_FALSE(found);
  EXPECT_EQ(world.apply(OpenDirect{world.key(), actor, ada.account}).code, Code::kUnauthenticated);
  world.expect_hash_holds();
}

TEST(Sessions, AChangedCredentialIsAConflict) {
  World world;
  const Outcome ada = world.create("ada");
  EXPECT_EQ(world.apply(LogIn{ada.account, 2, token(1), ""}).code, Code::kConflict);
  EXPECT_EQ(world.apply(LogIn{ada.account + 5, 1, token(1), ""}).code, Code::kConflict);
}

TEST(Sessions, TheyExpireByReplicatedTime) {
  World world;
  const Person ada = world.person("ada");
  const Person bob = world.person("bob");
  const ConversationId chat = world.direct(ada, bob);
  world.pass(kSessionLifetimeMs - 1);
  EXPECT_EQ(world.send(ada, chat, "just in time").code, Code::kOk);
  world.pass(1);
  EXPECT_EQ(world.send(ada, chat, "too late").code, Code::kUnauthenticated);
  bool found = true;
  SessionRow session;
  ASSERT_OK(world.reader().session(token(1), found, session));
  EXPECT_FALSE(found);  // Cleared away.
  world.expect_hash_holds();
}

TEST(Sessions, TheOldestMakesRoom) {
  World world;
  const Outcome ada = world.create("ada");
  const Outcome first = world.apply(LogIn{ada.account, 1, token(1), ""});
  for (std::uint64_t i = 2; i <= kMaxSessionsPerAccount; ++i) {
    world.apply(LogIn{ada.account, 1, token(i), ""});
  }
  const Actor oldest{ada.account, first.session};
  EXPECT_EQ(world.apply(Void{oldest, request(1'000)}).code, Code::kOk);
  world.apply(LogIn{ada.account, 1, token(1'000), ""});
  EXPECT_EQ(world.apply(Void{oldest, request(1'001)}).code, Code::kUnauthenticated);
  bool found = false;
  SessionRow session;
  ASSERT_OK(world.reader().session(token(2), found, session));
  EXPECT_TRUE(found);
  world.expect_hash_holds();
}

TEST(DeleteAccount, WhatGoesAndWhatStays) {
  World world;
  const Person ada = world.person("ada");
  const Person bob = world.person("bob");
  const ConversationId chat = world.direct(ada, bob);
  world.send(ada, chat, "from ada");
  world.send(bob, chat, "from bob");
  EXPECT_EQ(world.apply(DeleteAccount{world.key(), ada.actor, 9}).code, Code::kConflict);
  const RequestKey key = world.key();
  EXPECT_EQ(world.apply(DeleteAccount{key, ada.actor, 1}).code, Code::kOk);
  ASSERT_EQ(world.result.events.size(), 1U);
  EXPECT_EQ(world.result.events[0].kind, EventKind::kAccountDeleted);
  EXPECT_EQ(world.result.events[0].conversation, chat);
  EXPECT_EQ(*world.result.events[0].audience, std::vector<AccountId>{bob.actor.account});
  world.expect_hash_holds();

  // The session is gone; a copy of the request still gets its answer.
  EXPECT_EQ(world.send(ada, chat, "x").code, Code::kUnauthenticated);
  const Outcome copy = world.apply(DeleteAccount{key, ada.actor, 1});
  EXPECT_EQ(copy.code, Code::kOk);
  EXPECT_TRUE(copy.replayed);

  const Conversation left = world.conversation(bob, chat);
  EXPECT_EQ(left.title, "deleted account");
  const std::vector<Message> messages = world.history(chat);
  ASSERT_EQ(messages.size(), 2U);
  EXPECT_EQ(messages[0].body, "from ada");
  EXPECT_EQ(messages[0].sender_name, "");
  EXPECT_EQ(messages[0].sender, ada.actor.account);
  EXPECT_EQ(world.send(bob, chat, "anybody?").code, Code::kPermissionDenied);
  bool found = true;
  Account account;
  ASSERT_OK(world.reader().account_by_name("ada", found, account));
  EXPECT_FALSE(found);
  ASSERT_OK(world.reader().account_by_id(ada.actor.account, found, account));
  ASSERT_TRUE(found);
  EXPECT_TRUE(account.deleted);
  EXPECT_EQ(account.name, "");
  bool member = true;
  ASSERT_OK(world.reader().is_member(chat, ada.actor.account, member));
  EXPECT_FALSE(member);
}

TEST(DeleteAccount, ANewAccountOfThatNameInheritsNothing) {
  World world;
  const Person ada = world.person("ada");
  const Person bob = world.person("bob");
  const ConversationId old_chat = world.direct(ada, bob);
  world.send(bob, old_chat, "for the first ada only");
  world.apply(DeleteAccount{world.key(), ada.actor, 1});
  EXPECT_EQ(world.apply(OpenDirect{world.key(), bob.actor, ada.actor.account}).code,
            Code::kNotFound);
  const Person other = world.person("ada");
  EXPECT_NE(other.actor.account, ada.actor.account);
  std::vector<Conversation> conversations;
  bool more = false;
  ASSERT_OK(world.reader().list_conversations(other.actor.account, 0, 50, conversations, more));
  EXPECT_TRUE(conversations.empty());
  std::vector<Event> events;
  Position reached;
  ASSERT_OK(world.reader().events_after(other.actor.account, {}, 50, events, reached));
  EXPECT_TRUE(events.empty());
  const ConversationId chat = world.direct(bob, other);
  EXPECT_NE(chat, old_chat);
  EXPECT_TRUE(world.history(chat).empty());
}

}  // namespace
}  // namespace starling::chat
