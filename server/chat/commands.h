// What the log's command entries say: every write of the chat, with everything that chance, clocks
// or hashing decide already decided (PROTOCOL R4.4-R4.6), and the outcome that applying one gives.
#pragma once

#include <array>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <variant>
#include <vector>

namespace starling::chat {

using AccountId = std::int64_t;
using ConversationId = std::int64_t;
using MessageId = std::int64_t;
using SessionId = std::int64_t;
using Seq = std::int64_t;
using TimeMs = std::int64_t;  // Replicated time.

using RequestId = std::array<std::uint8_t, 16>;
using TokenHash = std::array<std::uint8_t, 32>;

// Limits and windows that apply uses: part of the protocol version, the same on every server.
inline constexpr TimeMs kRetryWindowMs = 24LL * 3600 * 1000;
inline constexpr TimeMs kSessionLifetimeMs = 30LL * 24 * 3600 * 1000;
inline constexpr std::size_t kMaxNameBytes = 32;
inline constexpr std::size_t kMaxDisplayNameBytes = 64;
inline constexpr std::size_t kMaxBodyBytes = 16'384;
inline constexpr int kMaxPage = 200;
inline constexpr std::size_t kMaxSessionsPerAccount = 64;  // The oldest makes room.

// The dedupe key of a write (R4.1).
struct RequestKey {
  RequestId id{};
  TimeMs as_of_ms = 0;
  std::uint64_t fingerprint = 0;  // Of the request as the client made it, passwords left out.
};

// Who writes: checked again at apply (R4.5).
struct Actor {
  AccountId account = 0;
  SessionId session = 0;
};

struct CreateAccount {
  RequestKey key;
  std::string name;
  std::string display_name;
  std::string password_hash;
};
// Log-in is outside the exactly-once promise: a retry may leave an unused session (R4.5).
struct LogIn {
  AccountId account = 0;
  std::int64_t credential_version = 0;  // As verified; apply refuses if it changed.
  TokenHash token_hash{};
  std::string device;
};
struct LogOut {
  Actor actor;
};
struct DeleteAccount {
  RequestKey key;
  Actor actor;
  std::int64_t credential_version = 0;
};
struct OpenDirect {
  RequestKey key;
  Actor actor;
  AccountId peer = 0;  // Resolved from the name before proposing; apply refuses if it is gone.
};
struct Send {
  RequestKey key;
  Actor actor;
  ConversationId conversation = 0;
  std::string body;
  std::optional<RequestId> after;  // R4.3
};
struct MarkRead {  // Idempotent: the mark only moves forward.
  Actor actor;
  ConversationId conversation = 0;
  Seq seq = 0;
};
struct DeleteMessages {
  RequestKey key;
  Actor actor;
  ConversationId conversation = 0;
  std::vector<Seq> seqs;
};
struct Void {
  Actor actor;
  RequestId target{};
};

using Command = std::variant<CreateAccount, LogIn, LogOut, DeleteAccount, OpenDirect, Send,
                             MarkRead, DeleteMessages, Void>;

// The form in an entry's data: a version byte, the kind, the fields in order; fixed, little-endian.
std::string encode(const Command& command);
std::optional<Command> decode_command(std::string_view data);  // nullopt: malformed.

enum class Code : std::uint8_t {
  kOk = 0,
  kInvalid,  // Malformed; applied as nothing.
  kNotFound,
  kAlreadyExists,
  kUnauthenticated,  // The session is gone or expired.
  kPermissionDenied,
  kOutOfOrder,      // `after` is not there: unrecorded, retryable.
  kRequestExpired,  // as_of is older than the window: never run.
  kRequestReused,   // The same id, another fingerprint.
  kVoided,
  kConflict,  // A verified fact (credential version) changed.
};

// What came of a command. Unused fields are 0.
struct Outcome {
  Code code = Code::kOk;
  bool replayed = false;  // An earlier apply's outcome, found again. Not stored.
  AccountId account = 0;
  SessionId session = 0;
  ConversationId conversation = 0;
  MessageId message = 0;
  Seq seq = 0;
  TimeMs at_ms = 0;
  std::int64_t count = 0;  // DeleteMessages: newly deleted. Void: 1 when the request has happened.
  std::string text;        // A sentence for people when code is not kOk.
};
std::string encode(const Outcome& outcome);
std::optional<Outcome> decode_outcome(std::string_view data);

}  // namespace starling::chat
