// Hashing and printing of what happened.
#include "tests/lib/trace.h"

#include <cstdio>

#include "tests/lib/random.h"

namespace starling::sim {

namespace {
template <typename... Ts>
struct Overloaded : Ts... {
  using Ts::operator()...;
};
template <typename... Ts>
Overloaded(Ts...) -> Overloaded<Ts...>;

std::string number(std::uint64_t value) { return std::to_string(value); }
}  // namespace

std::uint64_t digest(std::string_view bytes) {
  std::uint64_t hash = 0xcbf29ce484222325ULL;
  for (const char byte : bytes) {
    hash = (hash ^ static_cast<unsigned char>(byte)) * 0x100000001b3ULL;
  }
  return hash;
}

std::uint64_t digest(const core::Entry& entry) {
  std::uint64_t hash = mix(entry.index, entry.term);
  hash = mix(hash, static_cast<std::uint64_t>(entry.kind));
  hash = mix(hash, static_cast<std::uint64_t>(entry.stamp_ms));
  return mix(hash, digest(entry.data));
}

std::uint64_t digest(const core::Message& message) {
  std::uint64_t hash = mix(message.from, message.to);
  hash = mix(hash, message.term);
  hash = mix(hash, message.body.index());
  const std::uint64_t body = std::visit(
      Overloaded{
          [](const core::VoteRequest& m) {
            return mix(mix(m.last_index, m.last_term), (m.pre_vote ? 2U : 0U) + m.transfer);
          },
          [](const core::VoteResponse& m) {
            return std::uint64_t{(m.pre_vote ? 2U : 0U) + (m.granted ? 1U : 0U)};
          },
          [](const core::AppendRequest& m) {
            const std::uint64_t last = m.entries.empty() ? 0 : digest(*m.entries.back());
            return mix(mix(m.prev_index, m.prev_term), mix(mix(m.entries.size(), last), m.commit));
          },
          [](const core::AppendResponse& m) {
            return mix(mix(m.match, m.success),
                       mix(m.rejected_prev, mix(m.hint_index, m.hint_term)));
          },
          [](const core::HeartbeatRequest& m) {
            return mix(mix(m.round, m.commit), mix(m.fresh_round, m.fresh_index));
          },
          [](const core::HeartbeatResponse& m) {
            return mix(m.round, static_cast<std::uint64_t>(m.clock_ms));
          },
          [](const core::TimeoutNow&) { return std::uint64_t{7}; },
          [](const core::ReadIndexRequest& m) { return m.read_id; },
          [](const core::ReadIndexResponse& m) { return mix(mix(m.read_id, m.ok), m.index); },
          [](const core::InstallSnapshot& m) { return mix(m.index, m.term); },
      },
      message.body);
  return mix(hash, body);
}

std::string describe(const core::MessageBody& body) {
  return std::visit(
      Overloaded{
          [](const core::VoteRequest& m) {
            return std::string(m.pre_vote ? "pre-vote?" : "vote?") +
                   (m.transfer ? " (transfer)" : "") + " last " + number(m.last_index) + ":" +
                   number(m.last_term);
          },
          [](const core::VoteResponse& m) {
            return std::string(m.pre_vote ? "pre-vote " : "vote ") +
                   (m.granted ? "granted" : "refused");
          },
          [](const core::AppendRequest& m) {
            std::string text = "append prev " + number(m.prev_index) + ":" + number(m.prev_term) +
                               " commit " + number(m.commit);
            for (const auto& entry : m.entries) {
              text += " " + number(entry->index) + ":" + number(entry->term);
            }
            return text;
          },
          [](const core::AppendResponse& m) {
            if (m.success) return "match " + number(m.match);
            return "rejected " + number(m.rejected_prev) + " hint " + number(m.hint_index) + ":" +
                   number(m.hint_term);
          },
          [](const core::HeartbeatRequest& m) {
            return "heartbeat " + number(m.round) + " commit " + number(m.commit);
          },
          [](const core::HeartbeatResponse& m) { return "heard " + number(m.round); },
          [](const core::TimeoutNow&) { return std::string("timeout now"); },
          [](const core::ReadIndexRequest& m) { return "read index? " + number(m.read_id); },
          [](const core::ReadIndexResponse& m) {
            return "read index " + number(m.read_id) + (m.ok ? " ok " : " no ") + number(m.index);
          },
          [](const core::InstallSnapshot& m) {
            return "install a snapshot of " + number(m.index) + ":" + number(m.term) + " or later";
          },
      },
      body);
}

std::string hex(std::uint64_t number) {
  char text[20];
  std::snprintf(text, sizeof text, "%016llx", static_cast<unsigned long long>(number));
  return text;
}

void Trace::note(core::TimeUs now_us, std::string_view what,
                 std::initializer_list<std::uint64_t> numbers, std::string_view text) {
  hash_ = mix(hash_, static_cast<std::uint64_t>(now_us));
  hash_ = mix(hash_, digest(what));
  for (const std::uint64_t value : numbers) hash_ = mix(hash_, value);
  if (!printing_) return;
  std::printf("%11.3f ms  %.*s", static_cast<double>(now_us) / 1000.0,
              static_cast<int>(what.size()), what.data());
  if (text.empty()) {
    for (const std::uint64_t value : numbers) {
      std::printf(" %llu", static_cast<unsigned long long>(value));
    }
  } else {
    std::printf(" %.*s", static_cast<int>(text.size()), text.data());
  }
  std::printf("\n");
}

}  // namespace starling::sim
