// What the wire's fields can hold.
#include "sdk/src/fields.h"

#include <algorithm>
#include <charconv>

#include "sdk/src/utf8.h"

namespace starling::sdk {
namespace {

constexpr std::size_t kMaxAddressBytes = 255;
constexpr std::size_t kMaxTokenBytes =
    512;  // Tokens have some fifty; gRPC refuses headers of 8 KiB.

}  // namespace

Error invalid_field(const std::string& field, const std::string& why) {
  Error error;
  error.code = ErrorCode::kInvalidArgument;
  error.message = field + ": " + why;
  error.field = field;
  return error;
}

std::optional<Error> check_text(const char* field, const std::string& text, std::size_t most,
                                std::size_t least) {
  if (text.size() > most || text.size() < least) {
    const std::string from = least == 0 ? "at most " : std::to_string(least) + " to ";
    return invalid_field(field, "must have " + from + std::to_string(most) + " bytes, has " +
                                    std::to_string(text.size()) + ".");
  }
  if (!is_utf8(text)) return invalid_field(field, "is not valid UTF-8.");
  return std::nullopt;
}

std::optional<Error> check_count(const char* field, std::size_t count, std::size_t least) {
  if (count >= least && count <= kMaxItems) return std::nullopt;
  return invalid_field(field, "must name " + std::to_string(least) + " to " +
                                  std::to_string(kMaxItems) + ", names " + std::to_string(count) +
                                  ".");
}

std::optional<Error> check_positive(const char* field, std::int64_t value) {
  if (value > 0) return std::nullopt;
  return invalid_field(field, "must be positive, is " + std::to_string(value) + ".");
}

std::optional<Error> check_not_negative(const char* field, std::int64_t value) {
  if (value >= 0) return std::nullopt;
  return invalid_field(field, "must not be negative, is " + std::to_string(value) + ".");
}

std::optional<Error> check_message(std::int64_t conversation_id, std::int64_t seq) {
  if (auto bad = check_positive("conversation_id", conversation_id)) return bad;
  return check_positive("seq", seq);
}

std::optional<Error> check_names(const char* field, const std::vector<std::string>& names,
                                 std::size_t least) {
  if (auto bad = check_count(field, names.size(), least)) return bad;
  for (const std::string& name : names) {
    if (auto bad = check_text(field, name, kMaxNameBytes, 1)) return bad;
  }
  return std::nullopt;
}

bool is_address(const std::string& address) {
  const std::size_t colon = address.rfind(':');
  if (colon == std::string::npos || colon == 0 || address.size() > kMaxAddressBytes) return false;
  const bool plain = std::all_of(address.begin(), address.begin() + static_cast<long>(colon),
                                 [](unsigned char c) { return c > ' ' && c != '/' && c != 0x7F; });
  // An IPv6 address without brackets leaves open where it ends.
  const bool bracketed = address.front() == '[' && address[colon - 1] == ']';
  if (!bracketed && (address.front() == '[' || address.find(':') != colon)) return false;
  const char* last = address.data() + address.size();
  int port = 0;
  const auto [end, error] = std::from_chars(address.data() + colon + 1, last, port);
  constexpr std::size_t kMostDigits = 5;  // As the servers have it.
  return plain && error == std::errc() && end == last &&
         address.size() - colon - 1 <= kMostDigits && port > 0 && port < 65'536;
}

bool is_token(const std::string& text) {
  return text.size() <= kMaxTokenBytes &&
         std::all_of(text.begin(), text.end(),
                     [](unsigned char c) { return c >= ' ' && c < 0x7F; });
}

Error not_a_token() {
  return invalid_field("token", "is not the token of a session; Session::token() gives them.");
}

}  // namespace starling::sdk
