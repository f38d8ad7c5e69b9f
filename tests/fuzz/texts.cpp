// Text as it comes: what counts as UTF-8 (the server's check and the SDK's agree), names,
// wildcards against a plain definition of them, the order of addresses, and text on a terminal,
// which no message may take over.
#include <vector>

#include "examples/line_editor.h"
#include "sdk/src/fields.h"
#include "sdk/src/utf8.h"
#include "server/chat/utf8.h"
#include "server/chat/wildcard.h"
#include "server/core/types.h"
#include "server/transport/validate.h"
#include "tests/fuzz/fuzz.h"

namespace starling::fuzz {
namespace {

// By the definition, one character of the pattern after the other.
bool matches(std::string_view pattern, std::string_view text) {
  std::vector<bool> reached(text.size() + 1, false);  // By what has been read of the pattern.
  reached[0] = true;
  for (const char wanted : pattern) {
    std::vector<bool> next(text.size() + 1, false);
    for (std::size_t i = 0; i <= text.size(); ++i) {
      if (wanted == '*') {
        next[i] = reached[i] || (i > 0 && next[i - 1]);
      } else {
        next[i] = i > 0 && reached[i - 1] && (wanted == '?' || wanted == text[i - 1]);
      }
    }
    reached = std::move(next);
  }
  return reached.back();
}

void wildcards(Bytes& in) {
  const std::string_view pattern = in.take(in.upto(64));
  const std::string_view text = in.take(in.upto(64));
  const bool match = chat::wildcard_match(pattern, text);
  FUZZ_HOLDS(match == matches(pattern, text));
  const std::string_view prefix = chat::wildcard_prefix(pattern);
  FUZZ_HOLDS(pattern.substr(0, prefix.size()) == prefix);
  FUZZ_HOLDS(prefix.find_first_of("*?") == std::string_view::npos);
  FUZZ_HOLDS(!match || text.substr(0, prefix.size()) == prefix);
  FUZZ_HOLDS(chat::wildcard_match("*", text));
}

void utf8(Bytes& in) {
  const std::string text(in.rest());
  const bool valid = chat::is_valid_utf8(text);
  FUZZ_HOLDS(valid == sdk::is_utf8(text));
  for (std::size_t i = 1; i < text.size() && i < 8; ++i) {
    const std::string_view whole = text;
    // Two valid halves are a valid whole.
    if (chat::is_valid_utf8(whole.substr(0, i)) && chat::is_valid_utf8(whole.substr(i))) {
      FUZZ_HOLDS(valid);
    }
  }
  if (chat::is_valid_name(text)) FUZZ_HOLDS(valid && text.size() <= chat::kMaxNameBytes);
  // What was valid stays what it was, and is put on the screen as valid text.
  const std::u32string decoded = to_text(text);
  if (!valid) return;
  std::string encoded;
  for (const char32_t c : decoded) encoded += to_utf8(c);
  FUZZ_HOLDS(encoded == text);
  FUZZ_HOLDS(chat::is_valid_utf8(harmless(text)));
}

void terminal(Bytes& in) {
  const std::string shown = harmless(std::string(in.text()));
  for (const char32_t c : to_text(shown)) {
    FUZZ_HOLDS(c >= 0x20 && c != 0x7f && !(c >= 0x80 && c < 0xa0));
    FUZZ_HOLDS(!(c >= 0x202a && c <= 0x202e) && !(c >= 0x2066 && c <= 0x2069));
  }
  LineEditor editor;
  const char* const keys[] = {"A", "B", "C", "D", "H", "F", "3~", "?"};
  while (!in.empty()) {
    const std::uint8_t what = in.u8();
    if (what < 0x80) {
      editor.key(what);
    } else if (what < 0xC0) {
      editor.key(std::string(keys[what % 8]));
    } else if (what < 0xF0) {
      editor.insert(static_cast<char32_t>(in.number(3)) % 0x110000);
    } else {
      editor.take();
    }
    editor.draw("to ada> ", in.u8());
  }
}

void addresses(Bytes& in) {
  const std::string a(in.text());
  const std::string b(in.text());
  const std::string c(in.text());
  FUZZ_HOLDS(!core::address_less(a, a));
  FUZZ_HOLDS(!(core::address_less(a, b) && core::address_less(b, a)));
  if (core::address_less(a, b) && core::address_less(b, c)) FUZZ_HOLDS(core::address_less(a, c));
  // As equals too: neither before the other is an equivalence.
  const auto same = [](const std::string& x, const std::string& y) {
    return !core::address_less(x, y) && !core::address_less(y, x);
  };
  if (same(a, b) && same(b, c)) FUZZ_HOLDS(same(a, c));
  // What the SDK dials, the servers know as an address.
  if (sdk::is_address(a)) FUZZ_HOLDS(transport::valid_address(a));
  if (transport::valid_address(a)) FUZZ_HOLDS(a.find('\n') == std::string::npos);
}

}  // namespace
}  // namespace starling::fuzz

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  using namespace starling::fuzz;
  Bytes in(data, size);
  switch (in.upto(3)) {
    case 0:
      wildcards(in);
      break;
    case 1:
      utf8(in);
      break;
    case 2:
      terminal(in);
      break;
    default:
      addresses(in);
  }
  return 0;
}
