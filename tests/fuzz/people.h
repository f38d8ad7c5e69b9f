// A chat store with three people and a conversation in it, as an image: where the targets of
// requests and commands begin.
#pragma once

#include <memory>
#include <string>
#include <vector>

#include "server/chat/store.h"
#include "tests/fuzz/fuzz.h"

namespace starling::fuzz {

inline constexpr chat::TimeMs kStartMs = 1'700'000'000'000;

inline chat::RequestId request_id(std::uint64_t number) {
  chat::RequestId id{};
  for (int i = 0; i < 8; ++i) id[15 - i] = static_cast<std::uint8_t>(number >> (8 * i));
  return id;
}

// ada and bob share a conversation; cyd knows nobody. Each has a session.
struct People {
  std::string image;
  std::vector<chat::Actor> actors;
  chat::ConversationId conversation = 0;

  static const People& get() {
    static const People people;
    return people;
  }

  std::unique_ptr<chat::Store> store() const {
    std::unique_ptr<chat::Store> store;
    FUZZ_HOLDS(chat::Store::open_image(image, store).ok());
    return store;
  }

 private:
  People() {
    std::unique_ptr<chat::Store> store;
    FUZZ_HOLDS(chat::Store::open(":memory:", 256, store).ok());
    std::uint64_t request = 0;
    const auto apply = [&](const chat::Command& command) {
      const std::string data = chat::encode(command);
      const chat::Committed entry{store->applied_index() + 1, kStartMs, true, data};
      chat::ApplyResult result;
      FUZZ_HOLDS(store->apply({&entry, 1}, result).ok());
      FUZZ_HOLDS(result.outcomes.at(0).outcome.code == chat::Code::kOk);
      return result.outcomes.at(0).outcome;
    };
    const auto key = [&] { return chat::RequestKey{request_id(++request), kStartMs, 0}; };
    for (const char* name : {"ada", "bob", "cyd"}) {
      const chat::AccountId id = apply(chat::CreateAccount{key(), name, "", "hash"}).account;
      chat::TokenHash token{};
      token[0] = static_cast<std::uint8_t>(name[0]);
      actors.push_back({id, apply(chat::LogIn{id, 1, token, "here"}).session});
    }
    conversation = apply(chat::OpenDirect{key(), actors[0], actors[1].account}).conversation;
    for (int i = 0; i < 3; ++i) {
      apply(chat::Send{key(), actors[i % 2], conversation, "hello", std::nullopt, 0});
    }
    FUZZ_HOLDS(store->serialize(image).ok());
  }
};

}  // namespace starling::fuzz
