// What an account does to itself, and what its marks and drafts are worth.
#include "server/chat/rows.h"
#include "tests/unit/chat/world.h"

namespace starling::chat {
namespace {

struct Profile : testing::Test {
  World world;
  Person ada = world.person("ada");
  Person bob = world.person("bob");
  void TearDown() override { world.expect_hash_holds(); }
};

TEST_F(Profile, IsToldToThoseWhoKnowTheAccount) {
  const Person eve = world.person("eve");
  world.direct(ada, bob);
  EXPECT_EQ(world.apply(SetProfile{world.key(), ada.actor, "Ada L.", "I count"}).code, Code::kOk);
  bool found = false;
  Account row;
  ASSERT_OK(world.reader().account_by_name("ada", found, row));
  EXPECT_EQ(row.display_name, "Ada L.");
  EXPECT_EQ(row.about, "I count");
  EXPECT_EQ(world.events_for(ada).back().kind, EventKind::kProfile);
  EXPECT_EQ(world.events_for(bob).back().kind, EventKind::kProfile);
  EXPECT_EQ(world.events_for(bob).back().subject, ada.actor.account);
  EXPECT_TRUE(world.events_for(eve).empty());
  const std::string long_text(kMaxAboutBytes + 1, 'x');
  EXPECT_EQ(world.apply(SetProfile{world.key(), ada.actor, "A", long_text}).code, Code::kInvalid);
  EXPECT_EQ(world.apply(SetProfile{world.key(), ada.actor, "\xff", ""}).code, Code::kInvalid);
}

TEST_F(Profile, ANewPasswordEndsTheOtherSessions) {
  const Person other{{ada.actor.account, world.log_in(ada.actor.account).session}, "ada"};
  EXPECT_EQ(world.apply(ChangePassword{world.key(), ada.actor, 7, "new"}).code, Code::kConflict);
  const ChangePassword change{world.key(), ada.actor, 1, "new"};
  EXPECT_EQ(world.apply(change).count, 1);
  EXPECT_TRUE(world.apply(change).replayed);
  const auto mark = [this](const Person& who) {
    return world.apply(SetProfile{world.key(), who.actor, "x", ""}).code;
  };
  EXPECT_EQ(mark(ada), Code::kOk);
  EXPECT_EQ(mark(other), Code::kUnauthenticated);
  // A log-in that verified the old password at a server that lags behind (R4.5).
  EXPECT_EQ(world.log_in(ada.actor.account).code, Code::kConflict);
  EXPECT_EQ(world.apply(LogIn{ada.actor.account, 2, token(900), "test"}).code, Code::kOk);
  bool found = false;
  Credentials credentials;
  ASSERT_OK(world.reader().credentials("ada", found, credentials));
  EXPECT_EQ(credentials.password_hash, "new");
  EXPECT_EQ(credentials.version, 2);
}

TEST_F(Profile, SessionsAreListedAndEnded) {
  world.pass(1'000);
  const SessionId second = world.log_in(ada.actor.account).session;
  std::vector<SessionInfo> sessions;
  ASSERT_OK(world.reader().sessions_of(ada.actor.account, sessions));
  ASSERT_EQ(sessions.size(), 2U);
  EXPECT_EQ(sessions[0].id, ada.actor.session);
  EXPECT_EQ(sessions[1].created_at_ms, world.now_ms);
  EXPECT_EQ(world.apply(EndSession{bob.actor, second}).code, Code::kNotFound) << "not his";
  EXPECT_EQ(world.apply(EndSession{ada.actor, second}).count, 1);
  EXPECT_EQ(world.apply(EndSession{ada.actor, second}).count, 0);
  EXPECT_EQ(world.apply(EndSession{ada.actor, second}).code, Code::kOk);
  ASSERT_OK(world.reader().sessions_of(ada.actor.account, sessions));
  EXPECT_EQ(sessions.size(), 1U);
}

TEST_F(Profile, ABlockClosesTheDirectConversation) {
  const ConversationId chat = world.direct(ada, bob);
  world.send(bob, chat, "hello");
  const SetBlock block{world.key(), ada.actor, bob.actor.account, true};
  EXPECT_EQ(world.apply(block).count, 1);
  EXPECT_EQ(world.apply(SetBlock{world.key(), ada.actor, bob.actor.account, true}).count, 0);
  EXPECT_EQ(world.send(bob, chat, "why?").code, Code::kPermissionDenied);
  EXPECT_EQ(world.send(ada, chat, "no").code, Code::kPermissionDenied);
  EXPECT_EQ(world.apply(EditMessage{world.key(), bob.actor, chat, 1, "bye"}).code,
            Code::kPermissionDenied);
  EXPECT_EQ(world.apply(React{world.key(), bob.actor, chat, 1, "why?", true}).code,
            Code::kPermissionDenied);
  EXPECT_EQ(world.apply(React{world.key(), bob.actor, chat, 1, "why?", false}).code, Code::kOk);
  const Person eve = world.person("eve");
  world.apply(SetBlock{world.key(), eve.actor, bob.actor.account, true});
  EXPECT_EQ(world.apply(OpenDirect{world.key(), bob.actor, eve.actor.account}).code,
            Code::kPermissionDenied);
  bool blocked = false;
  ASSERT_OK(world.reader().has_blocked(ada.actor.account, bob.actor.account, blocked));
  EXPECT_TRUE(blocked);
  std::vector<Account> list;
  bool more = false;
  ASSERT_OK(world.reader().blocks_of(ada.actor.account, 0, 50, list, more));
  ASSERT_EQ(list.size(), 1U);
  EXPECT_EQ(list[0].name, "bob");
  EXPECT_EQ(world.apply(SetBlock{world.key(), ada.actor, ada.actor.account, true}).code,
            Code::kInvalid);
  EXPECT_EQ(world.apply(SetBlock{world.key(), ada.actor, 99, true}).code, Code::kNotFound);
  EXPECT_EQ(world.apply(SetBlock{world.key(), ada.actor, bob.actor.account, false}).count, 1);
  EXPECT_EQ(world.send(bob, chat, "thanks").code, Code::kOk);
}

TEST_F(Profile, MarksOnlyMoveForward) {
  const ConversationId chat = world.direct(ada, bob);
  for (int i = 0; i < 5; ++i) world.send(ada, chat, "x");
  const auto delivered = [&](Seq seq) {
    return world.apply(MarkDelivered{bob.actor, {chat, 77}, {seq, 1}}).count;
  };
  EXPECT_EQ(delivered(3), 1);
  ASSERT_EQ(world.result.events.size(), 1U);
  EXPECT_EQ(world.result.events[0].kind, EventKind::kDelivered);
  EXPECT_EQ(world.result.events[0].subject, bob.actor.account);
  EXPECT_EQ(delivered(2), 0);
  EXPECT_EQ(delivered(900), 1) << "as far as there are messages";
  EXPECT_EQ(world.conversation(ada, chat).peer_delivered_seq, 5);
  EXPECT_EQ(world.conversation(ada, chat).peer_read_seq, 0);
  EXPECT_EQ(world.apply(MarkDelivered{bob.actor, {chat}, {}}).code, Code::kInvalid);
  world.send(ada, chat, "x");
  world.apply(MarkRead{bob.actor, chat, 6});
  EXPECT_EQ(world.conversation(ada, chat).peer_delivered_seq, 6) << "what is read was delivered";
}

TEST_F(Profile, MarksInALargeGroupAreForOneselfOnly) {
  std::vector<Person> crowd = {bob};
  for (std::size_t i = 0; i < kMaxMarkAudience; ++i) {
    crowd.push_back(world.person("c" + std::to_string(i)));
  }
  const ConversationId chat = world.group(ada, crowd);
  world.send(ada, chat, "x");
  const Seq seq = world.history(chat).back().seq;
  EXPECT_EQ(world.apply(MarkDelivered{bob.actor, {chat}, {seq}}).count, 1);
  EXPECT_TRUE(world.result.events.empty());
  world.apply(MarkRead{bob.actor, chat, seq});
  ASSERT_EQ(world.result.events.size(), 1U);
  EXPECT_EQ(*world.result.events[0].audience, std::vector<AccountId>{bob.actor.account});
  EXPECT_EQ(world.events_for(bob).back().kind, EventKind::kReadMark);
  EXPECT_EQ(world.events_for(ada).back().kind, EventKind::kMessage);
}

TEST_F(Profile, DraftsAreForOnesOwnDevices) {
  const ConversationId chat = world.direct(ada, bob);
  const auto draft = [&](const Person& who, const std::string& body, Seq reply_to) {
    return world.apply(SetDraft{world.key(), who.actor, chat, body, reply_to}).code;
  };
  EXPECT_EQ(draft(ada, "dear bob", 0), Code::kOk);
  ASSERT_EQ(world.result.events.size(), 1U);
  EXPECT_EQ(*world.result.events[0].audience, std::vector<AccountId>{ada.actor.account});
  EXPECT_EQ(draft(ada, "dear bob", 0), Code::kOk);
  EXPECT_TRUE(world.result.events.empty()) << "the same again is no news";
  EXPECT_EQ(world.conversation(ada, chat).draft.body, "dear bob");
  EXPECT_EQ(world.conversation(bob, chat).draft.body, "");
  EXPECT_EQ(draft(ada, "", 0), Code::kOk);
  EXPECT_EQ(world.conversation(ada, chat).draft.body, "");
  EXPECT_EQ(draft(ada, std::string(kMaxBodyBytes + 1, 'x'), 0), Code::kInvalid);
  EXPECT_EQ(draft(world.person("eve"), "x", 0), Code::kNotFound);
  EXPECT_EQ(draft(ada, "left behind", 0), Code::kOk);
  world.apply(DeleteAccount{world.key(), ada.actor, 1});
}

TEST_F(Profile, ADraftEndsWithTheStay) {
  const ConversationId chat = world.group(ada, {bob});
  const auto draft = [&](const Person& who) {
    world.apply(SetDraft{world.key(), who.actor, chat, "unsaid", 0});
  };
  draft(bob);
  world.apply(RemoveMember{world.key(), ada.actor, chat, bob.actor.account});
  world.apply(AddMembers{world.key(), ada.actor, chat, {bob.actor.account}});
  EXPECT_EQ(world.conversation(bob, chat).draft.body, "");
  draft(ada);
  draft(bob);
  world.apply(DissolveGroup{world.key(), ada.actor, chat});
  world.expect_hash_holds();
}

TEST_F(Profile, BlocksOfDeletedAccountsMakeRoom) {
  std::vector<Person> others;
  for (std::size_t i = 0; i < kMaxBlocks; ++i)
    others.push_back(world.person("x" + std::to_string(i)));
  const auto block = [&](const Person& who) {
    return world.apply(SetBlock{world.key(), ada.actor, who.actor.account, true}).code;
  };
  for (const Person& other : others) ASSERT_EQ(block(other), Code::kOk);
  EXPECT_EQ(block(bob), Code::kPermissionDenied);
  world.apply(DeleteAccount{world.key(), others[3].actor, 1});
  std::vector<Account> list;
  bool more = false;
  ASSERT_OK(world.reader().blocks_of(ada.actor.account, 0, 2'000, list, more));
  EXPECT_EQ(list.size(), kMaxBlocks - 1) << "whoever is gone is not shown";
  EXPECT_EQ(block(bob), Code::kOk);
  EXPECT_EQ(block(world.person("eve")), Code::kPermissionDenied);
  world.expect_hash_holds();
}

// Eight zero bytes at its end are what tells a system message's id.
TEST_F(Profile, NoClientHasASystemMessagesRequestId) {
  const ConversationId chat = world.direct(ada, bob);
  RequestKey key = world.key();
  key.id = system_request_id(5);
  EXPECT_EQ(world.apply(Send{key, ada.actor, chat, "x", std::nullopt, 0}).code, Code::kInvalid);
  EXPECT_EQ(world.apply(SetProfile{key, ada.actor, "x", ""}).code, Code::kInvalid);
}

}  // namespace
}  // namespace starling::chat
