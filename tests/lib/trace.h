// The trace of a run: every event is folded into one hash, which is the same for every replay of a
// seed, and printed when wanted.
#pragma once

#include <cstdint>
#include <initializer_list>
#include <string>
#include <string_view>

#include "server/core/messages.h"

namespace starling::sim {

class Trace {
 public:
  explicit Trace(bool printing) : printing_(printing) {}

  bool printing() const { return printing_; }
  std::uint64_t hash() const { return hash_; }

  // One event. `text` is for people and is not hashed; build it only when printing().
  void note(core::TimeUs now_us, std::string_view what,
            std::initializer_list<std::uint64_t> numbers, std::string_view text = {});

 private:
  bool printing_;
  std::uint64_t hash_ = 0xcbf29ce484222325ULL;
};

std::uint64_t digest(std::string_view bytes);
std::uint64_t digest(const core::Entry& entry);
std::uint64_t digest(const core::Message& message);
std::string describe(const core::MessageBody& body);
std::string hex(std::uint64_t number);

}  // namespace starling::sim
