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
inline constexpr std::size_t kMaxTitleBytes = 128;
inline constexpr std::size_t kMaxAboutBytes = 512;
inline constexpr std::size_t kMaxEmojiBytes = 32;
inline constexpr std::int64_t kMaxGroupMembers = 10'000;
inline constexpr std::size_t kMaxGroupsPerAccount = 500;
inline constexpr std::size_t kMaxMentions = 20;           // Of one message; more are only text.
inline constexpr std::int64_t kMaxEdits = 64;             // Of one message.
inline constexpr std::size_t kMaxReactionsOfAccount = 5;  // On one message.
inline constexpr std::size_t kMaxReactionKinds = 20;      // On one message.
inline constexpr std::size_t kMaxBlocks = 1'000;          // Of one account.
// Up to this size a group's members see each other's marks move; in larger ones they can ask.
inline constexpr std::size_t kMaxMarkAudience = 64;

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
  Seq reply_to = 0;                // An earlier message of the conversation; 0: none.
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

// ---- Groups. What changes one leaves a system message in it (MessageKind).
enum class MemberRole : std::int64_t { kMember = 1, kAdmin = 2, kOwner = 3 };  // In order of power.

struct CreateGroup {
  RequestKey key;
  Actor actor;
  std::string title;
  std::vector<AccountId> members;  // Beside the actor, who owns it.
};
struct AddMembers {  // By an admin or the owner.
  RequestKey key;
  Actor actor;
  ConversationId conversation = 0;
  std::vector<AccountId> accounts;
};
struct RemoveMember {  // Of somebody with less power; or of the actor itself, who leaves.
  RequestKey key;
  Actor actor;
  ConversationId conversation = 0;
  AccountId account = 0;
};
struct SetRole {  // By the owner; who makes another one the owner becomes an admin.
  RequestKey key;
  Actor actor;
  ConversationId conversation = 0;
  AccountId account = 0;
  MemberRole role = MemberRole::kMember;
};
struct RenameGroup {  // By an admin or the owner.
  RequestKey key;
  Actor actor;
  ConversationId conversation = 0;
  std::string title;
};
struct DissolveGroup {  // By the owner: nobody is a member any more.
  RequestKey key;
  Actor actor;
  ConversationId conversation = 0;
};

// ---- What is done to a message, by its place in the conversation.
struct EditMessage {  // One's own; the former body is kept.
  RequestKey key;
  Actor actor;
  ConversationId conversation = 0;
  Seq seq = 0;
  std::string body;
};
struct React {
  RequestKey key;
  Actor actor;
  ConversationId conversation = 0;
  Seq seq = 0;
  std::string emoji;
  bool on = true;  // False: takes it back.
};
struct HideMessages {  // From the actor's own view, for good. Idempotent.
  Actor actor;
  ConversationId conversation = 0;
  std::vector<Seq> seqs;
};
struct MarkDelivered {  // Idempotent: marks only move forward. The two lists go in pairs.
  Actor actor;
  std::vector<ConversationId> conversations;
  std::vector<Seq> seqs;
};
struct SetDraft {  // What the account is writing in a conversation, for its other devices.
  RequestKey key;
  Actor actor;
  ConversationId conversation = 0;
  std::string body;  // Empty: no draft.
  Seq reply_to = 0;
};

// ---- The account itself.
struct SetProfile {
  RequestKey key;
  Actor actor;
  std::string display_name;
  std::string about;
};
struct ChangePassword {  // Ends every other session of the account.
  RequestKey key;
  Actor actor;
  std::int64_t credential_version = 0;
  std::string password_hash;
};
struct EndSession {  // Of the actor's own account. Idempotent, as LogOut is.
  Actor actor;
  SessionId session = 0;
};
struct SetBlock {  // A blocked account can neither write to the actor directly nor add it to
                   // groups.
  RequestKey key;
  Actor actor;
  AccountId account = 0;
  bool on = true;
};

// A kind's place in this list is part of the stored form: new ones go to the end.
using Command =
    std::variant<CreateAccount, LogIn, LogOut, DeleteAccount, OpenDirect, Send, MarkRead,
                 DeleteMessages, Void, CreateGroup, AddMembers, RemoveMember, SetRole, RenameGroup,
                 DissolveGroup, EditMessage, React, HideMessages, MarkDelivered, SetDraft,
                 SetProfile, ChangePassword, EndSession, SetBlock>;

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
