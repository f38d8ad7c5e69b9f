// A small 64-bit hash of rows, for the rolling state hash (R4.6). It finds accidents, not
// adversaries: nothing is authorised by it. Equal on every machine, whatever its byte order.
#pragma once

#include <cstdint>
#include <string_view>

namespace starling::chat {

class RowHasher {
 public:
  explicit RowHasher(std::uint64_t table) { word(table); }

  RowHasher& add(std::int64_t value) {
    word(static_cast<std::uint64_t>(value));
    return *this;
  }
  RowHasher& add(std::string_view value);

  // Spreads every bit over all: the sum of many of these is what stands for the whole state.
  std::uint64_t finish() const {
    std::uint64_t h = state_;
    h ^= h >> 32;
    h *= 0xd6e8feb86659fd93ULL;
    h ^= h >> 29;
    h *= 0xa0761d6478bd642fULL;
    h ^= h >> 32;
    return h;
  }

 private:
  // Each step is a bijection of the state for a given word, and of the word for a given state.
  void word(std::uint64_t value) {
    state_ = (state_ ^ value) * 0x9fb21c651e98df25ULL;
    state_ ^= state_ >> 28;
  }

  std::uint64_t state_ = 0x243f6a8885a308d3ULL;
};

}  // namespace starling::chat
