// Configurations: look-up, the form in which they travel, and the order of addresses (R1.4).
#include "server/core/types.h"

#include <algorithm>
#include <array>
#include <charconv>
#include <tuple>

namespace starling::core {
namespace {

constexpr char kConfigurationVersion = 1;
// Of a member; one that votes is not returning any more.
constexpr std::uint64_t kVoter = 1;
constexpr std::uint64_t kReturning = 2;
constexpr std::size_t kMaxMembers = 1024;
constexpr std::size_t kMaxAddressBytes = 1024;

void put_number(std::string& out, std::uint64_t value, int bytes) {
  for (int i = 0; i < bytes; ++i) out.push_back(static_cast<char>((value >> (8 * i)) & 0xff));
}

bool take_number(std::string_view& in, int bytes, std::uint64_t& value) {
  if (in.size() < static_cast<std::size_t>(bytes)) return false;
  value = 0;
  for (int i = 0; i < bytes; ++i) {
    value |= static_cast<std::uint64_t>(static_cast<unsigned char>(in[i])) << (8 * i);
  }
  in.remove_prefix(bytes);
  return true;
}

struct ParsedAddress {
  bool ipv4 = false;
  std::uint32_t host = 0;
  std::uint32_t port = 0;
};

bool take_decimal(std::string_view& in, std::uint32_t max, std::uint32_t& value) {
  const auto result = std::from_chars(in.data(), in.data() + in.size(), value);
  if (result.ec != std::errc() || value > max) return false;
  in.remove_prefix(result.ptr - in.data());
  return true;
}

ParsedAddress parse(std::string_view text) {
  ParsedAddress parsed;
  for (const char delimiter : std::array<char, 4>{'.', '.', '.', ':'}) {
    std::uint32_t octet = 0;
    if (!take_decimal(text, 255, octet) || text.empty() || text.front() != delimiter) return {};
    text.remove_prefix(1);
    parsed.host = parsed.host << 8 | octet;
  }
  if (!take_decimal(text, 65535, parsed.port) || !text.empty()) return {};
  parsed.ipv4 = true;
  return parsed;
}

}  // namespace

const Member* Configuration::find(NodeId id) const {
  const auto it = std::lower_bound(members.begin(), members.end(), id,
                                   [](const Member& m, NodeId wanted) { return m.id < wanted; });
  return it != members.end() && it->id == id ? &*it : nullptr;
}

bool Configuration::is_voter(NodeId id) const {
  const Member* member = find(id);
  return member != nullptr && member->voter;
}

std::size_t Configuration::voter_count() const {
  return static_cast<std::size_t>(
      std::count_if(members.begin(), members.end(), [](const Member& m) { return m.voter; }));
}

std::string encode(const Configuration& configuration) {
  std::string out;
  out.push_back(kConfigurationVersion);
  put_number(out, configuration.members.size(), 4);
  for (const Member& member : configuration.members) {
    put_number(out, member.id, 8);
    put_number(out, (member.voter ? kVoter : 0) | (member.returning ? kReturning : 0), 1);
    put_number(out, member.address.size(), 4);
    out += member.address;
  }
  return out;
}

std::optional<Configuration> decode_configuration(std::string_view data) {
  std::uint64_t version = 0;
  std::uint64_t count = 0;
  if (!take_number(data, 1, version) || version != kConfigurationVersion) return std::nullopt;
  if (!take_number(data, 4, count) || count > kMaxMembers) return std::nullopt;
  Configuration configuration;
  for (std::uint64_t i = 0; i < count; ++i) {
    std::uint64_t marks = 0;
    std::uint64_t size = 0;
    Member member;
    if (!take_number(data, 8, member.id) || !take_number(data, 1, marks) ||
        !take_number(data, 4, size)) {
      return std::nullopt;
    }
    if (marks > kReturning || size > kMaxAddressBytes || size > data.size()) return std::nullopt;
    const NodeId previous = i == 0 ? kNoNode : configuration.members.back().id;
    if (member.id <= previous) return std::nullopt;  // Sorted, no duplicates, no id 0.
    member.voter = marks == kVoter;
    member.returning = marks == kReturning;
    member.address = std::string(data.substr(0, size));
    data.remove_prefix(size);
    configuration.members.push_back(std::move(member));
  }
  if (!data.empty()) return std::nullopt;
  return configuration;
}

bool address_less(std::string_view a, std::string_view b) {
  const ParsedAddress x = parse(a);
  const ParsedAddress y = parse(b);
  if (x.ipv4 != y.ipv4) return x.ipv4;
  if (!x.ipv4) return a < b;
  return std::tie(x.host, x.port) < std::tie(y.host, y.port);
}

}  // namespace starling::core
