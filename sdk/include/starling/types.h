// The values that the SDK gives and takes. Times are milliseconds since 1970-01-01 UTC.
#pragma once

#include <cstdint>
#include <string>
#include <vector>

namespace starling {

// A place in the history of a cluster. A default one is before everything. Keep all four: by
// `cluster` a server refuses (kResync) a cursor that has outlived the cluster it came from; one of
// cluster 0 is taken at its word unless it lies ahead of all that there is.
struct Cursor {
  std::uint64_t epoch = 0;
  std::uint64_t index = 0;
  std::uint32_t ordinal = 0;
  std::uint64_t cluster = 0;
  friend bool operator==(const Cursor& a, const Cursor& b) {
    return a.epoch == b.epoch && a.index == b.index && a.ordinal == b.ordinal &&
           a.cluster == b.cluster;
  }
  friend bool operator!=(const Cursor& a, const Cursor& b) { return !(a == b); }
};

struct Account {
  std::int64_t id = 0;
  std::string name;
  std::string display_name;
  std::int64_t created_at_ms = 0;
  bool deleted = false;
  std::string about;  // In its own words. Told by Session::profile and set_profile only.
};

// An account as another one sees it.
struct Profile {
  Account account;
  bool blocked = false;  // By the account that asked.
};

// One log-in of an account.
struct SessionInfo {
  std::int64_t id = 0;
  std::string device;  // As it was given to log_in.
  std::int64_t created_at_ms = 0;
  std::int64_t expires_at_ms = 0;
  bool current = false;  // The one that asked.
};

// What a message is: a text, or a system message, which tells what its sender did to the group and
// in its body to whom, or what.
enum class MessageKind {
  kText,
  kGroupCreated,    // body: the title.
  kGroupRenamed,    // body: the new title.
  kMembersAdded,    // body: their names, a space between.
  kMemberRemoved,   // body: the name.
  kMemberLeft,      // The sender.
  kOwnerChanged,    // body: the new owner's name.
  kAdminAdded,      // body: the name.
  kAdminRemoved,    // body: the name.
  kGroupDissolved,  // The last one of its group.
  kOther,           // A system message that this version does not know.
};

struct Reaction {
  std::string emoji;
  std::int64_t count = 0;  // Of those who reacted so.
  bool mine = false;       // The account is one of them.
};

struct Message {
  std::int64_t id = 0;
  std::int64_t conversation_id = 0;
  std::int64_t seq = 0;
  std::int64_t sender_id = 0;
  std::string sender;
  std::string body;
  std::int64_t sent_at_ms = 0;
  bool deleted = false;
  std::string request_id;  // 16 bytes: the send's own, shown to its sender only; else empty.
  MessageKind kind = MessageKind::kText;
  std::int64_t reply_to = 0;      // The seq of the message that it answers; 0: none.
  std::int64_t edits = 0;         // How often it was edited.
  std::int64_t edited_at_ms = 0;  // When last; 0: never.
  // As the account that reads it sees it. Events do not tell these three.
  bool hidden = false;  // By the account: without its body.
  bool mentions_me = false;
  std::vector<Reaction> reactions;  // In the order in which they first came.
};

// What an edit left behind. `edits` counts this one.
struct Edited {
  std::int64_t edits = 0;
  std::int64_t edited_at_ms = 0;
};

// What a message said before one of its edits.
struct Edit {
  std::string body;
  std::int64_t at_ms = 0;  // When that was replaced.
};

// What the account is writing in a conversation.
struct Draft {
  std::string body;  // Empty: there is none.
  std::int64_t reply_to = 0;
  std::int64_t updated_at_ms = 0;
};

enum class ConversationKind { kDirect, kGroup };

// In a group, each with the power of those before it.
enum class MemberRole { kMember, kAdmin, kOwner };

struct Conversation {
  std::int64_t id = 0;
  std::string title;  // Of a direct conversation: the other account's name.
  std::int64_t last_seq = 0;
  std::int64_t read_seq = 0;
  std::int64_t unread_count = 0;   // Texts of others behind read_seq, neither deleted nor hidden.
  std::int64_t peer_id = 0;        // The other account of a direct conversation; 0: a group.
  std::int64_t peer_read_seq = 0;  // How far the other side of a direct conversation has read.
  ConversationKind kind = ConversationKind::kDirect;
  std::int64_t peer_delivered_seq = 0;    // How far a device of the other side has it.
  MemberRole role = MemberRole::kMember;  // The account's own.
  std::int64_t member_count = 0;
  std::int64_t first_seq = 0;  // The first one that the account may see: a member of a group sees
                               // what came since it joined.
  std::int64_t mention_count = 0;  // Unread messages that name the account.
  Draft draft;
};

struct Member {
  Account account;
  MemberRole role = MemberRole::kMember;
  std::int64_t joined_at_ms = 0;
  std::int64_t read_seq = 0;       // How far it has read,
  std::int64_t delivered_seq = 0;  // and how far one of its devices has the messages.
};

// That the account's device has everything in a conversation up to `seq`.
struct DeliveredMark {
  std::int64_t conversation_id = 0;
  std::int64_t seq = 0;
};

template <typename T>
struct Page {
  std::vector<T> items;
  bool more = false;
};

// History around one message, ascending in seq.
struct MessageWindow {
  std::vector<Message> items;
  bool more_before = false;  // There is history before the first item.
  bool more_after = false;   // And behind the last one.
};

struct Unread {
  std::vector<Message> messages;
  std::int64_t still_unread = 0;
  bool marked = false;  // They are marked as read; false: not asked for, or not known.
};

// Bytes of a text, from `begin` up to, not with, `end`; both between characters.
struct TextRange {
  std::int64_t begin = 0;
  std::int64_t end = 0;
};

struct SearchHit {
  Message message;
  std::vector<TextRange> ranges;  // Of its body: what was found. Ascending, not touching.
};

struct SearchPage {
  std::vector<SearchHit> hits;  // May be few, or none, though there is a next page.
  std::string next_page;        // Names the next one; empty: there is none.
};

// What an event tells; it has a `conversation_id` unless told otherwise.
enum class EventKind {
  kMessage,         // `message`; `seq` is its own.
  kMessageDeleted,  // `seq`; `message` is what is left of it.
  kConversationOpened,
  kReadMark,        // The account's own mark moved to `seq`, maybe from another device.
  kAccountDeleted,  // The other side of a direct conversation is gone.
  kPeerRead,        // Another member, `account_id`, has read up to `seq`. Not told in large groups.
  kMessageEdited,   // `message` as it is now; `seq`.
  kReaction,        // `account_id` put `text`, an emoji, on `seq` (`on`), or took it back.
  kDelivered,       // A device of `account_id` has everything up to `seq`. As kPeerRead.
  kDraft,           // The account's own draft has changed: Session::conversation has it.
  kHidden,          // The account has hidden `seq`.
  kProfile,  // `account_id`, the account itself or the other side of a direct conversation, has a
             // new profile. Without a conversation.
  kBlock,    // The account blocks `account_id` (`on`), or no longer does. Without a conversation.
  kOther,    // What this version does not know. Its cursor counts as any other's.
};

struct Event {
  Cursor cursor;
  EventKind kind = EventKind::kMessage;
  std::int64_t conversation_id = 0;
  Message message;
  std::int64_t seq = 0;
  Conversation conversation;
  std::int64_t account_id = 0;  // Whose doing it is, where that is not the account's own.
  std::string text;
  bool on = false;
};

enum class Role { kNone, kPrimary, kBackup, kLearner };
enum class ServerState { kUp, kSuspect, kDown };

struct Server {
  std::uint64_t id = 0;
  std::string address;
  Role role = Role::kNone;
  ServerState state = ServerState::kUp;
  bool voter = false;
};

struct ServerList {
  std::uint64_t cluster_id = 0;
  std::uint64_t epoch = 0;
  std::uint64_t term = 0;
  std::uint64_t version = 0;
  std::uint64_t primary_id = 0;
  std::vector<Server> servers;
};

// What happens to the connection, in order, on the client's callback thread.
struct ClusterEvent {
  enum class Kind {
    kConnected,
    kFailoverStarted,
    kFailedOver,
    kServersChanged,
    kDegraded,
    kDraining
  };
  Kind kind = Kind::kConnected;
  std::string from;     // kFailoverStarted, kFailedOver: the primary that was lost.
  std::string to;       // kConnected, kFailedOver: the primary now. kDraining: who drains.
  std::int64_t ms = 0;  // kFailedOver: from the last beat of the lost one to the new one known.
  ServerList servers;   // kServersChanged
};

// How fresh a read is. kSession: at least as new as everything that this client has seen or
// written. kLinearizable: as new as everything that anybody has written. kStale: as kSession, and
// of what others wrote at most the last ReadOptions::max_staleness is missing.
enum class ReadLevel { kSession, kLinearizable, kStale };

}  // namespace starling
