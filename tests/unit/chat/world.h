// A store with people in it, for the tests of server/chat: short ways to make commands, apply them
// one entry at a time and look at what came of them.
#pragma once

#include <gtest/gtest.h>

#include <memory>
#include <string>
#include <vector>

#include "server/chat/store.h"

namespace starling::chat {

inline constexpr TimeMs kStart = 1'700'000'000'000;

inline RequestId request(std::uint64_t number) {
  RequestId id{};
  for (int i = 0; i < 8; ++i) id[15 - i] = static_cast<std::uint8_t>(number >> (8 * i));
  return id;
}

inline TokenHash token(std::uint64_t number) {
  TokenHash hash{};
  for (int i = 0; i < 8; ++i) hash[i] = static_cast<std::uint8_t>(number >> (8 * i));
  return hash;
}

#define ASSERT_OK(expression)                          \
  do {                                                 \
    const ::starling::sqlite::Status s = (expression); \
    ASSERT_TRUE(s.ok()) << s.message();                \
  } while (false)
#define EXPECT_OK(expression)                          \
  do {                                                 \
    const ::starling::sqlite::Status s = (expression); \
    EXPECT_TRUE(s.ok()) << s.message();                \
  } while (false)

// A person with a session.
struct Person {
  Actor actor;
  std::string name;
};

class World {
 public:
  explicit World(const std::string& path = ":memory:") { open(path); }

  void open(const std::string& path) {
    reader_.reset();
    store_.reset();
    EXPECT_OK(Store::open(path, 2'048, store_));
    if (path == ":memory:") {
      EXPECT_OK(Reader::open_on(*store_, reader_));
    } else {
      EXPECT_OK(Reader::open(path, reader_));
    }
    now_ms = std::max(now_ms, store_->time_ms());
  }

  // One command as one entry.
  Outcome apply(const Command& command) {
    const std::string data = encode(command);
    return apply_bytes(data);
  }
  Outcome apply_bytes(std::string_view data) {
    const Committed entry{store_->applied_index() + 1, now_ms, true, data};
    EXPECT_OK(store_->apply({&entry, 1}, result));
    EXPECT_EQ(result.outcomes.size(), 1U);
    return result.outcomes.empty() ? Outcome{} : result.outcomes[0].outcome;
  }
  void pass(TimeMs ms) { now_ms += ms; }

  RequestKey key() { return key(++last_request_); }
  RequestKey key(std::uint64_t number) const { return {request(number), now_ms, number}; }

  Outcome create(const std::string& name) {
    return apply(CreateAccount{key(), name, "", "hash of " + name});
  }
  Outcome log_in(AccountId account) {
    return apply(LogIn{account, 1, token(++last_token_), "test"});
  }
  Person person(const std::string& name) {
    const AccountId account = create(name).account;
    return {Actor{account, log_in(account).session}, name};
  }
  ConversationId direct(const Person& a, const Person& b) {
    return apply(OpenDirect{key(), a.actor, b.actor.account}).conversation;
  }
  Outcome send(const Person& who, ConversationId conversation, const std::string& body) {
    return apply(Send{key(), who.actor, conversation, body, std::nullopt, 0});
  }
  ConversationId group(const Person& owner, const std::vector<Person>& others) {
    CreateGroup body{key(), owner.actor, "the group", {}};
    for (const Person& other : others) body.members.push_back(other.actor.account);
    return apply(body).conversation;
  }
  Conversation conversation(const Person& who, ConversationId id) {
    bool found = false;
    Conversation out;
    EXPECT_OK(reader().conversation(id, who.actor.account, found, out));
    EXPECT_TRUE(found);
    return out;
  }
  std::vector<Message> history(ConversationId id) {
    std::vector<Message> out;
    bool more = false;
    EXPECT_OK(reader().messages_before(id, 0, 200, out, more));
    return out;
  }
  // As that person sees it; nothing when it is no member.
  std::vector<Message> seen_by(const Person& who, ConversationId id) {
    History out;
    bool is_member = false;
    EXPECT_OK(reader().history(id, who.actor.account, {HistoryPage::From::kBefore, 0, 200},
                               is_member, out));
    return out.messages;
  }
  bool is_member(const Person& who, ConversationId id) {
    bool member = false;
    EXPECT_OK(reader().is_member(id, who.actor.account, member));
    return member;
  }
  std::vector<Event> events_for(const Person& who, Position after = {}) {
    std::vector<Event> out;
    Position reached;
    EXPECT_OK(reader().events_after(who.actor.account, after, 10'000, out, reached));
    return out;
  }
  void expect_hash_holds() {
    std::uint64_t hash = 0;
    EXPECT_OK(store().recompute_hash(hash));
    EXPECT_EQ(hash, store().state_hash());
  }

  Store& store() { return *store_; }
  Reader& reader() { return *reader_; }

  TimeMs now_ms = kStart;
  ApplyResult result;  // Of the last apply.

 private:
  std::unique_ptr<Store> store_;
  std::unique_ptr<Reader> reader_;
  std::uint64_t last_request_ = 0;
  std::uint64_t last_token_ = 0;
};

}  // namespace starling::chat
