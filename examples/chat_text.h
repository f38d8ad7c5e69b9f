// What the chat says to people: messages and what is done to them as lines, errors as sentences
// that say what to do. All that comes from servers has been made harmless here.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <utility>

#include "starling/presence.h"
#include "starling/result.h"
#include "starling/types.h"

// "ada: hello"; of a system message, what its sender did: "ada added bob, carl".
std::string line_of(const starling::Message& message);
// With its number, what it answers, and the reactions to it.
std::string numbered_line_of(const starling::Message& message);
std::string quoted(const std::string& title);
// A day, such as 2026-11-26.
std::string day_of(std::int64_t ms);
// "online", "away", "offline", "last seen 2026-11-26 08:15 UTC".
std::string state_of(const starling::Presence& presence);
// What went wrong, and what helps: `advice` when what was asked for may not be done.
std::string sentence_of(const starling::Error& error, const std::string& advice = "");

// The words of a line; "two words" in quotes are one.
class Words {
 public:
  explicit Words(std::string line) : line_(std::move(line)) {}
  // The next one; empty at the end.
  std::string word();
  // A number above 0; none when the next word is something else.
  std::optional<std::int64_t> number();
  // All that is left, as it stands.
  std::string rest();
  // Nothing is left.
  bool done();

 private:
  void skip_spaces();

  std::string line_;
  std::size_t at_ = 0;
};
