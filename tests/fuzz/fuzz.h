// What the fuzz targets share: an input taken apart byte by byte, and how a target says that
// something does not hold.
#pragma once

#include <cstddef>
#include <cstdint>
#include <cstdio>
#include <cstdlib>
#include <string>
#include <string_view>

// Each target defines it. Returns 0; whatever does not hold ends the process.
extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size);

namespace starling::fuzz {

[[noreturn]] inline void fail(const char* what, const char* file, int line) {
  std::fprintf(stderr, "fuzz: does not hold: %s (%s:%d)\n", what, file, line);
  std::abort();
}

// Past its end an input gives zeros and empty texts, so that every input means something.
class Bytes {
 public:
  Bytes(const std::uint8_t* data, std::size_t size)
      : rest_(reinterpret_cast<const char*>(data), size) {}

  bool empty() const { return rest_.empty(); }
  std::uint8_t u8() { return static_cast<std::uint8_t>(number(1)); }
  // Little-endian.
  std::uint64_t number(std::size_t bytes) {
    std::uint64_t value = 0;
    const std::string_view part = take(bytes);
    for (std::size_t i = 0; i < part.size(); ++i) {
      value |= static_cast<std::uint64_t>(static_cast<unsigned char>(part[i])) << (8 * i);
    }
    return value;
  }
  std::uint64_t u16() { return number(2); }
  std::uint64_t u64() { return number(8); }
  bool flag() { return (u8() & 1) != 0; }
  // 0 .. most, from one byte.
  std::uint64_t upto(std::uint64_t most) { return u8() % (most + 1); }
  // Up to `size` bytes: what is left, at the end.
  std::string_view take(std::size_t size) {
    const std::string_view part = rest_.substr(0, size);
    rest_.remove_prefix(part.size());
    return part;
  }
  // Its length comes first, in two bytes.
  std::string_view text() { return take(u16()); }
  std::string_view rest() { return take(rest_.size()); }

 private:
  std::string_view rest_;
};

// The other way: what Bytes takes apart. For the seeds.
class Maker {
 public:
  Maker& number(std::uint64_t value, int bytes) {
    for (int i = 0; i < bytes; ++i) out_.push_back(static_cast<char>(value >> (8 * i)));
    return *this;
  }
  Maker& u8(std::uint64_t value) { return number(value, 1); }
  Maker& u16(std::uint64_t value) { return number(value, 2); }
  Maker& u64(std::uint64_t value) { return number(value, 8); }
  Maker& raw(std::string_view bytes) {
    out_ += bytes;
    return *this;
  }
  Maker& text(std::string_view bytes) { return u16(bytes.size()).raw(bytes); }
  const std::string& bytes() const { return out_; }

 private:
  std::string out_;
};

}  // namespace starling::fuzz

// In every build: ends the process with a sentence when it does not hold.
#define FUZZ_HOLDS(condition)                                                 \
  do {                                                                        \
    if (!(condition)) ::starling::fuzz::fail(#condition, __FILE__, __LINE__); \
  } while (false)
