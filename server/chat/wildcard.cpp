// Wildcard matching in at most pattern × text steps: only the last '*' is ever tried again, since
// an earlier one that has let the later one match can gain nothing by taking more.
#include "server/chat/wildcard.h"

namespace starling::chat {

bool wildcard_match(std::string_view pattern, std::string_view text) {
  std::size_t p = 0;
  std::size_t t = 0;
  std::size_t star = std::string_view::npos;  // Where to go on in the pattern after the last '*'...
  std::size_t taken = 0;                      // ... and how far into the text it reaches.
  while (t < text.size()) {
    if (p < pattern.size() && pattern[p] == '*') {
      star = ++p;
      taken = t;
    } else if (p < pattern.size() && (pattern[p] == '?' || pattern[p] == text[t])) {
      ++p;
      ++t;
    } else if (star != std::string_view::npos) {
      p = star;
      t = ++taken;
    } else {
      return false;
    }
  }
  while (p < pattern.size() && pattern[p] == '*') ++p;
  return p == pattern.size();
}

std::string_view wildcard_prefix(std::string_view pattern) {
  return pattern.substr(0, pattern.find_first_of("*?"));
}

}  // namespace starling::chat
