// The 64-bit checksum of everything that storage writes. Not cryptographic: it finds what a disk or
// a torn write spoils. Every step is a bijection of the state for a given word and of the word for
// a given state, so damage confined to one 8-byte word is always seen, wider damage all but 2^-64.
#pragma once

#include <cstdint>
#include <cstring>
#include <string_view>

namespace starling::storage {

class Checksum {
 public:
  void add(std::uint64_t word) {
    state_ = (state_ ^ word) * 0x9fb21c651e98df25ULL;
    state_ ^= state_ >> 29;
  }

  // The length counts too, so that neighbouring fields cannot trade bytes.
  void add(std::string_view bytes) {
    add(static_cast<std::uint64_t>(bytes.size()));
    while (bytes.size() >= sizeof(std::uint64_t)) {
      add(word_of(bytes, sizeof(std::uint64_t)));
      bytes.remove_prefix(sizeof(std::uint64_t));
    }
    if (!bytes.empty()) add(word_of(bytes, bytes.size()));
  }

  std::uint64_t value() const {
    std::uint64_t mixed = state_ ^ (state_ >> 32);
    mixed *= 0xd6e8feb86659fd93ULL;
    return mixed ^ (mixed >> 32);
  }

 private:
  // Little-endian on every machine, so that a data directory can move.
  static std::uint64_t word_of(std::string_view bytes, std::size_t size) {
    unsigned char raw[sizeof(std::uint64_t)] = {};
    std::memcpy(raw, bytes.data(), size);
    std::uint64_t word = 0;
    for (int i = 7; i >= 0; --i) word = (word << 8) | raw[i];
    return word;
  }

  std::uint64_t state_ = 0x5354524c31ULL;  // "STRL1"
};

}  // namespace starling::storage
