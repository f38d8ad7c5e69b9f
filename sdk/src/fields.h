// What the wire's fields can hold, told before a server is asked: a field that no server takes must
// not wait for one, and must not break the stream or the headers that it would travel in.
#pragma once

#include <cstddef>
#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "starling/result.h"

namespace starling::sdk {

// As the servers have them (server/transport/validate.cpp), in bytes.
constexpr std::size_t kMaxNameBytes = 32;
constexpr std::size_t kMinPasswordBytes = 8;  // Of a new one.
constexpr std::size_t kMaxPasswordBytes = 1'024;
constexpr std::size_t kMaxLabelBytes = 64;  // Display names, devices, patterns.
constexpr std::size_t kMaxAboutBytes = 512;
constexpr std::size_t kMaxTitleBytes = 128;
constexpr std::size_t kMaxBodyBytes = 16'384;
constexpr std::size_t kMaxEmojiBytes = 32;
constexpr std::size_t kMaxClientNameBytes = 128;
constexpr std::size_t kMaxItems = 200;  // Of a list: seqs, names, marks.

// Each gives kInvalidArgument, naming the field, when it is not as it has to be.
// A text: not too short or long, and UTF-8.
std::optional<Error> check_text(const char* field, const std::string& text, std::size_t most,
                                std::size_t least = 0);
// How many there are.
std::optional<Error> check_count(const char* field, std::size_t count, std::size_t least = 1);
// An id, or the seq of a message.
std::optional<Error> check_positive(const char* field, std::int64_t value);
std::optional<Error> check_not_negative(const char* field, std::int64_t value);
std::optional<Error> check_message(std::int64_t conversation_id, std::int64_t seq);
std::optional<Error> check_names(const char* field, const std::vector<std::string>& names,
                                 std::size_t least);
Error invalid_field(const std::string& field, const std::string& why);
// HOST:PORT, as servers name themselves, and nothing that gRPC would take for more than that.
bool is_address(const std::string& address);
Error not_an_address(const std::string& field, const std::string& address);
// Whether a header can carry the text as a session's token. A text that cannot be one is no token.
bool is_token(const std::string& text);
Error not_a_token();

}  // namespace starling::sdk
