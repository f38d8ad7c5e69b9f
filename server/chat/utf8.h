// What text may be: the checks that the services make on the way in and apply makes again.
#pragma once

#include <cstddef>
#include <string_view>

namespace starling::chat {

// Shortest forms only, no surrogates, nothing above U+10FFFF. Empty text is valid.
bool is_valid_utf8(std::string_view text);

// Text of one line that people see as a whole, such as a title: 1 to `most` bytes of UTF-8 without
// control characters.
bool is_label(std::string_view text, std::size_t most);

// 1 to kMaxNameBytes of [a-z0-9._-].
bool is_valid_name(std::string_view name);

}  // namespace starling::chat
