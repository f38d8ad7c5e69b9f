// Whether text is UTF-8, as the wire's string fields must be.
#pragma once

#include <string_view>

namespace starling::sdk {

// Strict: no overlong forms, no surrogates, nothing above U+10FFFF.
bool is_utf8(std::string_view text);

}  // namespace starling::sdk
