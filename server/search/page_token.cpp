// Implements server/search/page_token.h.
#include "server/search/page_token.h"

#include <charconv>
#include <cstdint>
#include <system_error>

namespace starling::search {
namespace {

bool parse_digits(std::string_view text, std::int64_t& out) {
  const char* end = text.data() + text.size();
  const auto [at, error] = std::from_chars(text.data(), end, out);
  return error == std::errc() && at == end && !text.empty() && out >= 0;
}

}  // namespace

bool parse_page_token(std::string_view text, PageToken& out) {
  if (text.empty()) return true;
  const char kind = text.front();
  text.remove_prefix(1);
  if (kind == 'o') {
    out.ranked = false;
    return parse_digits(text, out.id);
  }
  const std::size_t dot = text.find('.');
  std::int64_t place = 0;
  if (kind != 'w' || dot == std::string_view::npos || !parse_digits(text.substr(0, dot), out.id) ||
      !parse_digits(text.substr(dot + 1), place) || place > kWindow) {
    return false;
  }
  out.place = static_cast<std::size_t>(place);
  return true;
}

}  // namespace starling::search
