// Matching of names against patterns with '*' (any run) and '?' (any one character).
#pragma once

#include <string_view>

namespace starling::chat {

bool wildcard_match(std::string_view pattern, std::string_view text);

// What every match starts with: the pattern up to its first wildcard.
std::string_view wildcard_prefix(std::string_view pattern);

}  // namespace starling::chat
