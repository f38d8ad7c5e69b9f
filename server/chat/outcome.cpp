// The stored form of outcomes. `replayed` is not part of it: it is said of a second apply.
#include "server/chat/codec.h"
#include "server/chat/commands.h"

namespace starling::chat {
namespace {

constexpr std::uint8_t kVersion = 1;
constexpr auto kLastCode = static_cast<std::uint8_t>(Code::kConflict);

}  // namespace

std::string encode(const Outcome& outcome) {
  ByteWriter out;
  out.reserve(64 + outcome.text.size());
  out.u8(kVersion);
  out.u8(static_cast<std::uint8_t>(outcome.code));
  out.i64(outcome.account);
  out.i64(outcome.session);
  out.i64(outcome.conversation);
  out.i64(outcome.message);
  out.i64(outcome.seq);
  out.i64(outcome.at_ms);
  out.i64(outcome.count);
  out.string(outcome.text);
  return out.take();
}

std::optional<Outcome> decode_outcome(std::string_view data) {
  ByteReader in(data);
  if (in.u8() != kVersion) return std::nullopt;
  const std::uint8_t code = in.u8();
  if (code > kLastCode) return std::nullopt;
  Outcome outcome;
  outcome.code = static_cast<Code>(code);
  outcome.account = in.i64();
  outcome.session = in.i64();
  outcome.conversation = in.i64();
  outcome.message = in.i64();
  outcome.seq = in.i64();
  outcome.at_ms = in.i64();
  outcome.count = in.i64();
  outcome.text = in.string();
  if (!in.finished()) return std::nullopt;
  return outcome;
}

}  // namespace starling::chat
