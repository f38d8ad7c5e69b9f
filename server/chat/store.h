// The replicated state machine over chat.db: committed entries in; rows, outcomes and events out.
// Applying the same log gives equal logical rows on every server, whatever the batches (R4.6); a
// rolling state hash says so.
#pragma once

#include <memory>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "server/chat/commands.h"
#include "server/chat/events.h"
#include "server/sqlite/sqlite.h"

namespace starling::chat {

// One committed entry. Those without a command (no-op, configuration) only advance the index and
// the time.
struct Committed {
  std::uint64_t index = 0;
  TimeMs stamp_ms = 0;
  bool has_command = false;
  std::string_view data;
};

struct Applied {
  std::uint64_t index = 0;
  Outcome outcome;
};

struct ApplyResult {
  std::vector<Applied> outcomes;  // One for each entry that has a command, in order.
  std::vector<Event>
      events;  // In order, with their audience: to be shown only after apply() was ok.
  void clear() {
    outcomes.clear();
    events.clear();
  }
};

// The writer. Thread contract: one caller at a time; checkpoint() may run on another thread
// meanwhile (it has a connection of its own when the store is a file).
class Store {
 public:
  // `path` may be ":memory:". `cache_kib` is SQLite's page cache.
  static sqlite::Status open(const std::string& path, int cache_kib, std::unique_ptr<Store>& out);
  // In-memory stores only: from an image that serialize() gave.
  static sqlite::Status open_image(std::string_view image, std::unique_ptr<Store>& out);
  ~Store();

  // Applies entries, ascending without a gap from applied_index()+1 on, in one transaction. When it
  // is not ok, nothing was applied and the node must stop (R2.8).
  sqlite::Status apply(std::span<const Committed> entries, ApplyResult& result);

  std::uint64_t applied_index() const;
  TimeMs time_ms() const;  // Replicated time at applied_index().
  std::uint64_t state_hash() const;

  // Moves the WAL into the database; `durable_index` is what a power cut can no longer take.
  sqlite::Status checkpoint(std::uint64_t& durable_index);
  // The state hash computed anew from all rows: equal to state_hash(), or something is wrong.
  sqlite::Status recompute_hash(std::uint64_t& hash);
  sqlite::Status serialize(std::string& image);

 private:
  friend class Reader;  // open_on() reads over the writer's connection.
  Store();
  struct Impl;
  std::unique_ptr<Impl> impl_;
};

struct Credentials {
  AccountId account = 0;
  std::string password_hash;
  std::int64_t version = 0;
};

struct SessionRow {
  SessionId id = 0;
  AccountId account = 0;
  TimeMs expires_at_ms = 0;
};

struct SessionInfo {
  SessionId id = 0;
  std::string device;
  TimeMs created_at_ms = 0;
  TimeMs expires_at_ms = 0;
};

// A message's text as it is now, for the search index.
struct Text {
  MessageId id = 0;
  ConversationId conversation = 0;
  AccountId sender = 0;
  std::string body;  // Empty: the message was deleted.
};

// A conversation that an account is in, by the name that it has for it.
struct Stay {
  ConversationId conversation = 0;
  std::string title;  // Of a group; of a direct one, the other side's name, empty once deleted.
  // Messages of this conversation from here on came while it was in; when there is none yet, a
  // place behind all others.
  MessageId first = 0;
};

// A text that an account may see.
struct SeenText {
  MessageId id = 0;
  bool edited = false;
  std::string body;  // Of an edited one: as it is now.
};

// Which messages: before or after a place, or with it in the middle.
struct HistoryPage {
  enum class From { kBefore, kAfter, kAround };
  From from = From::kBefore;
  Seq seq = 0;  // kBefore: 0 is the end.
  int limit = 0;
};
struct History {
  std::vector<Message> messages;
  bool more_before = false;
  bool more_after = false;
};

// Reads, on a connection of its own, so that writing never waits for reading. Each call sees one
// consistent state. Thread contract: one caller at a time; have several (ReaderPool).
class Reader {
 public:
  // The file's Store is to be open for as long as its readers are.
  static sqlite::Status open(const std::string& path, std::unique_ptr<Reader>& out);
  // Over the store's own connection, for in-memory stores: then not while apply() runs.
  static sqlite::Status open_on(Store& store, std::unique_ptr<Reader>& out);
  ~Reader();

  sqlite::Status applied(std::uint64_t& index, TimeMs& time_ms, std::uint64_t& state_hash);
  // found is false when there is none.
  sqlite::Status credentials(std::string_view name, bool& found, Credentials& out);
  sqlite::Status session(const TokenHash& hash, bool& found, SessionRow& out);
  sqlite::Status account_by_name(std::string_view name, bool& found, Account& out);
  sqlite::Status account_by_id(AccountId id, bool& found, Account& out);
  // Live accounts whose name matches ('*' and '?'), after `after_name`, in name order.
  sqlite::Status list_accounts(std::string_view pattern, std::string_view after_name, int limit,
                               std::vector<Account>& out, bool& more);
  sqlite::Status sessions_of(AccountId account, std::vector<SessionInfo>& out);  // Oldest first.
  sqlite::Status has_blocked(AccountId account, AccountId other, bool& blocked);
  sqlite::Status blocks_of(AccountId account, AccountId after, int limit, std::vector<Account>& out,
                           bool& more);
  sqlite::Status is_member(ConversationId conversation, AccountId account, bool& member);
  // Those of `others` whose presence the viewer may know: who share a conversation with it, while
  // neither blocks the other; and itself.
  sqlite::Status visible_to(AccountId viewer, const std::vector<AccountId>& others,
                            std::vector<AccountId>& out);
  // To whom it is told that a member types: the other members, but for those who block it or whom
  // it blocks; nobody in a group of more than 200. Empty as well when the account is not in it.
  sqlite::Status typing_audience(ConversationId conversation, AccountId account,
                                 std::vector<AccountId>& out);
  sqlite::Status conversation(ConversationId id, AccountId account, bool& found, Conversation& out);
  sqlite::Status list_conversations(AccountId account, ConversationId after, int limit,
                                    std::vector<Conversation>& out, bool& more);
  sqlite::Status members(ConversationId conversation, AccountId after, int limit,
                         std::vector<Member>& out, bool& more);
  // A page as a member sees it, ascending in seq: from its joining on, with what hangs on the
  // messages. is_member false: nothing was read.
  sqlite::Status history(ConversationId conversation, AccountId viewer, const HistoryPage& page,
                         bool& is_member, History& out);
  // found false: there is no such message for this viewer.
  sqlite::Status edits(ConversationId conversation, AccountId viewer, Seq seq, bool& found,
                       std::vector<Edit>& out);
  // As they are, for checkers. Ascending in seq. before == 0: the newest.
  sqlite::Status messages_before(ConversationId conversation, Seq before, int limit,
                                 std::vector<Message>& out, bool& more);
  sqlite::Status messages_after(ConversationId conversation, Seq after, int limit,
                                std::vector<Message>& out, bool& more);
  // The oldest unread messages of others; `left` counts the unread ones beyond them.
  sqlite::Status unread(ConversationId conversation, AccountId account, int limit,
                        std::vector<Message>& out, std::int64_t& left);
  // Events after `position` that the account may see, in order; `reached` is the place up to which
  // the answer is complete (the last one's position when limited, else the end of the applied index
  // or, if that is later, `position`).
  sqlite::Status events_after(AccountId account, Position position, int limit,
                              std::vector<Event>& out, Position& reached);
  // For the search index. The texts that came or changed behind the place `after` (an id), each
  // once, as they are now; complete up to the place `reached`, behind which there may be `more`.
  // About `limit` of each kind.
  sqlite::Status texts_after(std::int64_t after, int limit, std::vector<Text>& out,
                             std::int64_t& reached, bool& more);
  sqlite::Status stays(AccountId account, std::vector<Stay>& out);
  // Those of `ids` that are texts which that account sees now, in the order asked: they came while
  // it was in, are not deleted, and it has not hidden them from itself.
  sqlite::Status seen_texts(AccountId viewer, const std::vector<MessageId>& ids,
                            std::vector<SeenText>& out);
  // One text as that account sees it in a page; found is false when it does not.
  sqlite::Status text_for(AccountId viewer, MessageId id, bool& found, Message& out);
  // A place: every message sent at `time_ms` or later has this id or a higher one, all others have
  // a lower one.
  sqlite::Status first_message_from(TimeMs time_ms, MessageId& id);
  // Events before this index may be gone: a cursor below it needs RESYNC.
  sqlite::Status retention_floor(std::uint64_t& index);

 private:
  Reader();
  struct Impl;
  std::unique_ptr<Impl> impl_;
};

}  // namespace starling::chat
