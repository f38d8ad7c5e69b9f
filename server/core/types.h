// The words of the consensus core: ids, log entries and the configuration of members.
#pragma once

#include <cstdint>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace starling::core {

using NodeId = std::uint64_t;     // Random, never 0, lives in the data directory.
using ClusterId = std::uint64_t;  // Random, never 0, made at bootstrap.
using Epoch = std::uint64_t;      // Numbers the histories of a cluster, from 1.
using Term = std::uint64_t;
using Index = std::uint64_t;  // Of a log entry, from 1.
using TimeUs =
    std::int64_t;  // Monotonic microseconds of the caller's choosing; never compared across nodes.
using WallMs = std::int64_t;  // Milliseconds since 1970-01-01 UTC.

inline constexpr NodeId kNoNode = 0;
// No election gets there. A message that names a higher term is damaged or forged, and would leave
// no term to go on with.
inline constexpr Term kMaxTerm = Term{1} << 62;
// 9999-12-31: a clock beyond it is no clock.
inline constexpr WallMs kMaxWallMs = 253'402'300'799'999;

enum class EntryKind : std::uint8_t { kNoop = 0, kCommand = 1, kConfiguration = 2 };

// One entry of the replicated log. Immutable once made, so it is shared between the log cache, the
// messages under way, the disk queue and the apply queue without a copy.
struct Entry {
  Term term = 0;
  Index index = 0;
  EntryKind kind = EntryKind::kNoop;
  WallMs stamp_ms = 0;  // Replicated time: never less than the predecessor's (PROTOCOL R4.4).
  std::string data;
};
using EntryPtr = std::shared_ptr<const Entry>;

struct Member {
  NodeId id = kNoNode;
  std::string address;  // host:port, where the others reach it.
  bool voter = false;   // False: a learner.
  // A learner that had been removed as dead: it votes again after as long an unbroken uptime
  // (R3.4), whoever leads by then.
  bool returning = false;

  friend bool operator==(const Member&, const Member&) = default;
};

// Who votes and who learns. Kept sorted by id.
struct Configuration {
  std::vector<Member> members;

  const Member* find(NodeId id) const;
  bool is_voter(NodeId id) const;
  std::size_t voter_count() const;
  // The smallest majority of the voters.
  std::size_t quorum() const { return voter_count() / 2 + 1; }

  friend bool operator==(const Configuration&, const Configuration&) = default;
};

// The form in which a configuration travels in an entry's data.
std::string encode(const Configuration& configuration);
std::optional<Configuration> decode_configuration(std::string_view data);

// Orders "host:port" by numeric IPv4 address and port; names that are no IPv4 address come after,
// as text.
bool address_less(std::string_view a, std::string_view b);

// What has to be durable before a vote is given or a term is spoken of.
struct HardState {
  Term term = 0;
  NodeId vote = kNoNode;

  friend bool operator==(const HardState&, const HardState&) = default;
};

}  // namespace starling::core
