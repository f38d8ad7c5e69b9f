// What the wire's fields can hold, told before a server is asked: a field that no server takes must
// not wait for one, and must not break the stream or the headers that it would travel in.
#pragma once

#include <cstddef>
#include <optional>
#include <string>

#include "starling/result.h"

namespace starling::sdk {

// As the servers have them (server/transport/validate.cpp), in bytes.
constexpr std::size_t kMaxNameBytes = 32;
constexpr std::size_t kMaxPasswordBytes = 1'024;
constexpr std::size_t kMaxLabelBytes = 64;  // Display names, devices, patterns.
constexpr std::size_t kMaxBodyBytes = 16'384;
constexpr std::size_t kMaxClientNameBytes = 128;
constexpr std::size_t kMaxSeqs = 200;

// kInvalidArgument, naming the field, when the text is too long or not UTF-8.
std::optional<Error> check_text(const char* field, const std::string& text, std::size_t most);
Error invalid_field(const std::string& field, const std::string& why);
// HOST:PORT, as servers name themselves.
bool is_address(const std::string& address);
// Whether a header can carry the text as a session's token. A text that cannot be one is no token.
bool is_token(const std::string& text);
Error not_a_token();

}  // namespace starling::sdk
