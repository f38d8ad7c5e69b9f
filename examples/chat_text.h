// What the chat says to people: messages and what is done to them as lines, errors as sentences
// that say what to do. All that comes from servers has been made harmless here.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <utility>
#include <vector>

#include "starling/presence.h"
#include "starling/result.h"
#include "starling/types.h"

// "ada: hello"; of a system message, what its sender did: "ada added bob, carl".
std::string line_of(const starling::Message& message);
// With its number, what it answers, and the reactions to it.
std::string numbered_line_of(const starling::Message& message);
std::string quoted(const std::string& title);
// In quotes, and cut off where it would fill the screen: for naming a message by its text.
std::string beginning_of(const std::string& text);
// As lines of at most so many columns that break between words; all but the first begin with
// `indent` spaces.
std::vector<std::string> wrapped(const std::string& line, std::size_t columns, std::size_t indent);
// A day, such as 2026-11-26.
std::string day_of(std::int64_t ms);
// The same and the time of day: 2026-11-26 08:15 UTC.
std::string minute_of(std::int64_t ms);
// "online", "away", "offline", "last seen 2026-11-26 08:15 UTC".
std::string state_of(const starling::Presence& presence);
// "38 ms", "4.2 s", "4 min 4 s".
std::string lasting(std::int64_t ms);
// Which help there is for what went wrong, in place of the general one.
struct Advice {
  std::string refused;  // What was asked for may not be done, or not so.
  std::string missing;  // What it was asked of is not there.
};
// For a message that is not there, or that may not be changed.
Advice about_messages(const std::string& refused = "");
// What went wrong, and what helps.
std::string sentence_of(const starling::Error& error, const Advice& advice = {});

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
  // All that is left, without quotes around the whole of it.
  std::string all_as_one();
  // Nothing is left.
  bool done();

 private:
  void skip_spaces();

  std::string line_;
  std::size_t at_ = 0;
};
