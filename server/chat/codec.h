// Bytes in and out: fixed-size little-endian integers and length-prefixed strings. A reader never
// looks past its end: after the first failure everything it gives is empty and ok() is false.
#pragma once

#include <array>
#include <cstddef>
#include <cstdint>
#include <string>
#include <string_view>

namespace starling::chat {

class ByteWriter {
 public:
  void u8(std::uint8_t value) { out_.push_back(static_cast<char>(value)); }
  void u32(std::uint32_t value) { little_endian(value, 4); }
  void u64(std::uint64_t value) { little_endian(value, 8); }
  void i64(std::int64_t value) { u64(static_cast<std::uint64_t>(value)); }
  void string(std::string_view value) {
    u32(static_cast<std::uint32_t>(value.size()));
    out_.append(value);
  }
  template <std::size_t kSize>
  void bytes(const std::array<std::uint8_t, kSize>& value) {
    out_.append(reinterpret_cast<const char*>(value.data()), kSize);
  }
  void reserve(std::size_t size) { out_.reserve(size); }
  std::string take() { return std::move(out_); }

 private:
  void little_endian(std::uint64_t value, int bytes) {
    char buffer[8];
    for (int i = 0; i < bytes; ++i) buffer[i] = static_cast<char>(value >> (8 * i));
    out_.append(buffer, static_cast<std::size_t>(bytes));
  }

  std::string out_;
};

class ByteReader {
 public:
  explicit ByteReader(std::string_view data) : rest_(data) {}

  bool ok() const { return ok_; }
  // Everything was read and there was nothing else.
  bool finished() const { return ok_ && rest_.empty(); }
  std::size_t left() const { return rest_.size(); }
  void fail() {
    ok_ = false;
    rest_ = {};
  }

  std::uint8_t u8() { return static_cast<std::uint8_t>(little_endian(1)); }
  std::uint32_t u32() { return static_cast<std::uint32_t>(little_endian(4)); }
  std::uint64_t u64() { return little_endian(8); }
  std::int64_t i64() { return static_cast<std::int64_t>(u64()); }
  std::string string() { return std::string(take(u32())); }
  template <std::size_t kSize>
  void bytes(std::array<std::uint8_t, kSize>& out) {
    const std::string_view part = take(kSize);
    for (std::size_t i = 0; i < part.size(); ++i) out[i] = static_cast<std::uint8_t>(part[i]);
  }

 private:
  std::string_view take(std::size_t size) {
    if (!ok_ || rest_.size() < size) {
      fail();
      return {};
    }
    const std::string_view part = rest_.substr(0, size);
    rest_.remove_prefix(size);
    return part;
  }
  std::uint64_t little_endian(std::size_t size) {
    std::uint64_t value = 0;
    const std::string_view part = take(size);
    for (std::size_t i = 0; i < part.size(); ++i) {
      value |= static_cast<std::uint64_t>(static_cast<unsigned char>(part[i])) << (8 * i);
    }
    return value;
  }

  std::string_view rest_;
  bool ok_ = true;
};

}  // namespace starling::chat
