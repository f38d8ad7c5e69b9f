// What the wire's fields can hold.
#include "sdk/src/fields.h"

#include <algorithm>
#include <cctype>
#include <charconv>
#include <string_view>

#include "sdk/src/utf8.h"

namespace starling::sdk {
namespace {

constexpr std::size_t kMaxAddressBytes = 255;
constexpr std::size_t kMaxTokenBytes =
    512;  // Tokens have some fifty; gRPC refuses headers of 8 KiB.

bool is_one_of(std::string_view text, bool (*is)(unsigned char)) {
  return !text.empty() && std::all_of(text.begin(), text.end(), is);
}

// A name, an IPv4 address, or an IPv6 address in brackets: without them it leaves open where it
// ends. Nothing that means more to gRPC, to which an address is a part of a URI ("host?x:5101" is
// "host", and the port is lost).
bool is_host(std::string_view host) {
  const auto in_name = [](unsigned char c) {
    return c < 0x80 && (std::isalnum(c) != 0 || c == '.' || c == '-' || c == '_');
  };
  const auto in_ipv6 = [](unsigned char c) {
    return std::isxdigit(c) != 0 || c == ':' || c == '.';
  };
  if (host.size() < 2 || host.front() != '[' || host.back() != ']') return is_one_of(host, in_name);
  const std::string_view inner = host.substr(1, host.size() - 2);
  const std::size_t zone = inner.find('%');  // As in fe80::1%eth0.
  if (zone != std::string_view::npos && !is_one_of(inner.substr(zone + 1), in_name)) return false;
  return inner.find(':') != std::string_view::npos && is_one_of(inner.substr(0, zone), in_ipv6);
}

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
  if (colon == std::string::npos || address.size() > kMaxAddressBytes) return false;
  if (!is_host(std::string_view(address).substr(0, colon))) return false;
  const char* last = address.data() + address.size();
  int port = 0;
  const auto [end, error] = std::from_chars(address.data() + colon + 1, last, port);
  constexpr std::size_t kMostDigits = 5;  // As the servers have it.
  return error == std::errc() && end == last && address.size() - colon - 1 <= kMostDigits &&
         port > 0 && port < 65'536;
}

Error not_an_address(const std::string& field, const std::string& address) {
  constexpr std::size_t kShownBytes = 255;
  return invalid_field(field, "\"" + address.substr(0, kShownBytes) +
                                  "\" is not HOST:PORT, such as 127.0.0.1:5101 or [::1]:5101, with "
                                  "nothing before or behind it.");
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
