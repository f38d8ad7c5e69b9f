// The durable side of a node: who it is, its term and vote, and its log. All calls block on the
// disk, so the node makes them on its log thread only. Nothing here retries: an error ends the
// node's say (R2.6, R2.8).
#pragma once

#include <functional>
#include <memory>
#include <string>
#include <vector>

#include "server/core/core.h"

namespace starling::storage {

enum class ErrorKind { kNone, kIo, kCorrupt, kLocked, kForeign, kInvalid };

// The outcome of a storage step, with a sentence for people: what is wrong and what to do.
class [[nodiscard]] Status {
 public:
  Status() = default;
  Status(ErrorKind kind, std::string message, std::string statement = {})
      : kind_(kind), message_(std::move(message)), statement_(std::move(statement)) {}
  bool ok() const { return kind_ == ErrorKind::kNone; }
  ErrorKind kind() const { return kind_; }
  const std::string& message() const { return message_; }
  const std::string& statement() const { return statement_; }  // SQL, for a debugging log.

 private:
  ErrorKind kind_ = ErrorKind::kNone;
  std::string message_;
  std::string statement_;
};

constexpr std::size_t kAddressLimit = 512;  // Bytes in Identity::address, and in Identity::join.

// What the file `identity` of a data directory says. Written once at bootstrap, twice at a join.
struct Identity {
  core::NodeId id = core::kNoNode;
  core::ClusterId cluster = 0;  // 0 while joining.
  core::Epoch epoch = 0;
  bool joining = false;     // The log is not all there: the join goes on, under the same id (R3.3).
  std::string address;      // As advertised at the last start.
  bool recovering = false;  // The epoch has begun here, its first entry may be missing (R3.6).
  std::string join = {};    // While joining: whom to ask, HOST:PORT,...
  std::string aside = {};   // Where files of an earlier history are being moved; mostly empty.
  // Of one that was set aside and joins again (R3.6): its cluster, 0 for everybody else, and the
  // first of its epochs that will do.
  core::ClusterId wanted_cluster = 0;
  core::Epoch least_epoch = 0;
};

// The chat store of a server that has never taken a snapshot.
inline constexpr const char* kFirstChatFile = "chat.db";

// A data directory, locked against a second process for as long as this lives (flock on the file
// `lock`).
//   identity   text, checksummed, replaced atomically          vote      two slots, checksummed
//   log.db     the log                                         chat.db   the state machine's, or
//   chat-N.db  what a snapshot has put in its place: the log says which one counts (R2.5)
//   condemned  why this server must never come back; mostly absent
// Thread contract: one caller at a time.
class DataDirectory {
 public:
  // Makes the directory when it is missing. kLocked names the pid that holds it. kCorrupt: there is
  // data but no identity; so the identity is what a new server writes first.
  static Status open(const std::string& path, std::unique_ptr<DataDirectory>& out);
  ~DataDirectory();

  bool has_identity() const;
  // No identity, no log, no chat store, no vote: may bootstrap or join. A directory that has some
  // of these but no identity is refused as corrupt.
  bool empty() const;
  Status read_identity(Identity& out) const;
  Status write_identity(const Identity& identity);  // fsynced, file and directory.
  // Writes `reason` into the file `condemned`, fsynced: from now on open() refuses with kCorrupt.
  Status condemn(const std::string& reason);
  // This server's history has ended, another epoch goes on without it (R3.6): its files move into a
  // folder of their own in the directory, named after the epoch, and `fresh`, which is joining, is
  // the identity from now on. Nothing of them may be open. What a crash interrupts,
  // finish_set_aside() ends.
  Status set_aside(Identity fresh);
  Status finish_set_aside(Identity& identity);
  // Says for the next start that the chat store `chat_file` is damaged, which its opening alone may
  // not show. Gone with the store: remove_strays() of another one, or of all.
  Status mark_damaged(const std::string& chat_file, const std::string& reason);
  bool marked_damaged(const std::string& chat_file, std::string& reason) const;
  std::string log_path() const;
  std::string chat_path() const { return file_path(kFirstChatFile); }
  std::string vote_path() const;
  // Of another file in it: snapshots come and go under names of their own.
  std::string file_path(const std::string& name) const;
  // Removes chat stores and snapshots that no start will use again: all but `chat_file`, or all
  // when that is empty.
  Status remove_strays(const std::string& chat_file);
  // When `chat_file` is missing and another chat store is there, that is `other`, the witness that
  // a log which names `chat_file` has lost its end (R2.7); else `other` is empty.
  Status find_another_store(const std::string& chat_file, std::string& other) const;
  Status remove_snapshots();  // Those that were made here for others.
  // Derived from the chat store: what is lost with it is made anew.
  static constexpr const char* kSearchIndex = "search.db";
  Status remove_search_index();
  std::uint64_t bytes() const;  // Of all files in it.
  // Whether a file of that size leaves enough room for the log to go on: a copy must never be what
  // fills the disk. `error` is a sentence.
  bool has_room_for(std::uint64_t bytes, std::string& error) const;

 private:
  DataDirectory();
  struct Impl;
  std::unique_ptr<Impl> impl_;
};

// Term and vote in two alternating 4 KiB slots, each with the record twice, with a counter and a
// checksum; the newest whole copy counts. Thread contract: one caller at a time.
class VoteFile {
 public:
  // Missing: made with {0, none}, fsynced. Both slots damaged: kCorrupt.
  static Status open(const std::string& path, std::unique_ptr<VoteFile>& out);
  ~VoteFile();
  core::HardState value() const;
  Status write(const core::HardState& value);  // One pwrite and one fdatasync.

 private:
  VoteFile();
  struct Impl;
  std::unique_ptr<Impl> impl_;
};

// Where a log begins: what came up to `index` is in the chat store only. It carries what the log no
// longer tells (R2.5, R3.1).
struct Base {
  core::Index index = 0;  // 0: the log is whole, and nothing below means anything.
  core::Term term = 0;
  core::WallMs stamp_ms = 0;
  core::Index configuration_index = 0;
  std::string configuration;  // As core::encode() gives it: the members in force at `index`.
};

// The log in log.db (WAL, synchronous=FULL), each entry with a checksum over all its fields.
// Thread contract: one caller at a time for append and restore, one for read, one for checkpoint,
// each from a thread of its own if they like; last_index, bytes, index_before and compact_to from
// anywhere; base_at is a read. After a failed append or checkpoint
// every later append fails: the node ends, and the next open rewrites the log to a fresh file
// (R2.6).
class LogStore {
 public:
  // Opens or makes it, checks what it reads, and commits a boot record with FULL (R2.6) so that
  // nothing read from the page cache is vouched for before it is on the disk. kCorrupt: a checksum,
  // an index or a term order does not hold, or the log ends below `known_durable` (R2.7).
  static Status open(const std::string& path, core::Index known_durable,
                     std::unique_ptr<LogStore>& out);
  ~LogStore();

  // What Core needs to start; `applied_index` is the chat store's. hard_state is left alone.
  Status restore(core::Index applied_index, core::Restored& out);
  // Appends all batches in one transaction: one fsync however many they are. Each batch first
  // removes what is at or above its first index.
  Status append(const std::vector<core::PersistEntries>& batches);
  // Entries from `from` to `to`, up to max_bytes but at least one. Uses a connection of its own:
  // may be called from another thread than append.
  Status read(core::Index from, core::Index to, std::size_t max_bytes,
              std::vector<core::EntryPtr>& out);
  Status checkpoint();  // On a connection of its own: may be called from another thread. Off the
                        // write path.
  core::Index last_index() const;

  // The file of the chat store that belongs to this log.
  const std::string& chat_file() const;
  // What a snapshot of the state at `index` has to carry. kInvalid: the log does not reach there.
  Status base_at(core::Index index, Base& out);
  // Roughly, of the entries that the log holds.
  std::uint64_t bytes() const;
  // The last index behind which entries of so many bytes lie; 0: they are not that many.
  core::Index index_before(std::uint64_t bytes) const;
  // Entries up to `index` may go, which chat.db has to hold durably (R2.4). They leave a few with
  // each append, in its transaction, so that no write waits for long;
  void compact_to(core::Index index);
  // or, when nothing is written, a few now. On the thread of append. `more`: call again.
  Status compact_some(bool& more);
  // In one transaction: the log begins behind `base`, and the chat store is `chat_file`, which is
  // durable. Entries behind it stay if the log knows the base, else it is of another history and
  // they go (dissertation section 5.3). Before restore(), on the thread of append.
  Status install(const Base& base, const std::string& chat_file);

 private:
  LogStore();
  struct Impl;
  std::unique_ptr<Impl> impl_;
};

}  // namespace starling::storage
