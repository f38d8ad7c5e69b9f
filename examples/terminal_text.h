// One line of UTF-8 text while it is edited: keys in, text and cursor out. Knows no terminal but
// the bytes that its keys send.
#pragma once

#include <string>

inline std::string to_utf8(char32_t c) {
  if (c < 0x80) return {static_cast<char>(c)};
  const auto tail = [c](int shift) { return static_cast<char>(0x80 | ((c >> shift) & 0x3f)); };
  if (c < 0x800) return {static_cast<char>(0xc0 | (c >> 6)), tail(0)};
  if (c < 0x10000) return {static_cast<char>(0xe0 | (c >> 12)), tail(6), tail(0)};
  return {static_cast<char>(0xf0 | (c >> 18)), tail(12), tail(6), tail(0)};
}

// What is not UTF-8 is left out.
inline std::u32string to_text(const std::string& bytes) {
  std::u32string text;
  int missing = 0;
  for (const char byte : bytes) {
    const auto b = static_cast<unsigned char>(byte);
    if ((b & 0xc0) == 0x80) {
      if (missing == 0) continue;
      text.back() = (text.back() << 6) | (b & 0x3f);
      --missing;
      continue;
    }
    if (missing > 0) text.pop_back();
    missing = b < 0xc2 || b >= 0xf5 ? 0 : b < 0xe0 ? 1 : b < 0xf0 ? 2 : 3;
    if (b < 0x80 || (b >= 0xc2 && b < 0xf5)) {
      text += static_cast<char32_t>(missing == 0 ? b : b & (0x3f >> missing));
    }
  }
  if (missing > 0) text.pop_back();
  return text;
}

// Nothing that a message holds may move the cursor, colour the screen or turn the text round.
inline std::string harmless(const std::string& body) {
  std::string shown;
  for (const char32_t c : to_text(body)) {
    const bool turns = (c >= 0x202a && c <= 0x202e) || (c >= 0x2066 && c <= 0x2069);
    if (c < 0x20) {
      shown += to_utf8(0x2400 + c);
    } else {
      shown += to_utf8((c >= 0x7f && c < 0xa0) || turns ? 0xfffd : c);
    }
  }
  return shown;
}

// Columns that a character takes; good enough for editing.
inline int width_of(char32_t c) {
  if ((c >= 0x300 && c < 0x370) || (c >= 0x200b && c < 0x2010) || (c >= 0xfe00 && c < 0xfe10)) {
    return 0;
  }
  const bool wide = (c >= 0x1100 && c < 0x1160) || (c >= 0x2e80 && c < 0xa4d0) ||
                    (c >= 0xac00 && c < 0xd7a4) || (c >= 0xf900 && c < 0xfb00) ||
                    (c >= 0xfe30 && c < 0xfe70) || (c >= 0xff01 && c < 0xff61) ||
                    (c >= 0x1f300 && c < 0x1fb00) || (c >= 0x20000 && c < 0x3fffe);
  return wide ? 2 : 1;
}
