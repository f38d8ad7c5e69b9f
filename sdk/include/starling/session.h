// What a logged-in account can do: a Session, its asynchronous calls, and its event stream.
#pragma once

#include <chrono>
#include <cstdint>
#include <functional>
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "starling/export.h"
#include "starling/presence.h"
#include "starling/result.h"
#include "starling/types.h"

namespace starling {

// How long an operation may take, over all its retries; the client's timeout unless told.
struct CallOptions {
  std::optional<std::chrono::milliseconds> timeout;
};

// Where a read is answered. `server`: by that very server's own state ("host:port"), for checkers;
// no failover.
struct ReadOptions {
  ReadLevel level = ReadLevel::kSession;
  // kStale: counted back from the call; 1 ms to one day. A server answers by itself while it can
  // prove that much (some 150 ms in a healthy cluster), and asks a majority otherwise.
  std::chrono::milliseconds max_staleness{10'000};
  std::string server;
  std::optional<std::chrono::milliseconds> timeout;
};

// Who sends what, with the identity of the write: for outboxes and checkers that outlive a process.
struct SendOptions {
  std::optional<std::chrono::milliseconds> timeout;
  // 16 bytes; empty: made here. The same one again gives the first outcome, or goes on to it when
  // it was not told in time; with another message it is kInvalidArgument. One that was given up (a
  // timeout, a cancellation) can be repeated until this client sends something else in that
  // conversation, which may wait a second for that, or for a minute; then it is refused for good
  // (kFailed), unless it had happened.
  std::string request_id;
  std::string server;         // Pinned: offered to this server only.
  std::int64_t reply_to = 0;  // The seq of an earlier message that this one answers; 0: none.
};

// Where to search, and which page of what is found.
struct SearchOptions {
  std::int64_t conversation_id = 0;  // 0: in all of the account's.
  int limit = 50;                    // 1 to 200.
  std::string page;                  // SearchPage::next_page of the page before.
};

// Takes the answer of an asynchronous call, exactly once, on the client's callback thread; on the
// calling thread when the client is closed already or the call is refused for want of room.
template <typename T>
using Done = std::function<void(Result<T>)>;

// An asynchronous call under way. Dropping it changes nothing. Thread-safe.
class STARLING_API Call {
 public:
  Call();
  ~Call();
  Call(const Call&);
  Call& operator=(const Call&);
  Call(Call&&) noexcept;
  Call& operator=(Call&&) noexcept;

  // Answers with kCancelled unless there is an answer already. A write may have happened all the
  // same; the error says so. A send that may have is settled behind the scenes, so that it cannot
  // appear behind its successors.
  void cancel() const;

 private:
  friend class Client;
  friend class Session;
  struct STARLING_LOCAL Impl;
  explicit Call(std::shared_ptr<Impl> impl);
  std::shared_ptr<Impl> impl_;
};

class Subscription;

// A logged-in account. Thread contract: every call is thread-safe. Copies share the session.
//
// Each operation has two forms: one that waits for the answer and one, named _async, that returns
// at once and answers through `done`. Of all writes but mark_read, mark_delivered, hide_messages
// and end_session, which may be repeated, the servers keep the outcome: however often one had to be
// tried, it happens once.
//
// Errors: a conversation that the account is not in is kNotFound, as one that does not exist.
// kPermissionDenied: the account's role, or somebody's block, does not allow it. kInvalidArgument
// names the field; what no server takes is refused before one is asked.
class STARLING_API Session {
 public:
  Session();  // Empty: every call fails with kUnauthenticated.
  ~Session();
  Session(const Session&);
  Session& operator=(const Session&);
  Session(Session&&) noexcept;
  Session& operator=(Session&&) noexcept;

  const Account& account() const;      // As it was at the log-in.
  const std::string& token() const;    // A secret: resumes the session with Client::resume.
  std::int64_t expires_at_ms() const;  // 0: not told, as to a resumed session.

  // ---- The account, its sessions, other people ----

  Status log_out(const CallOptions& options = {});
  Call log_out_async(Done<Unit> done, const CallOptions& options = {});
  // Cannot be undone. The sent messages stay, under "deleted account". kUnauthenticated with
  // may_have_happened: the session ended meanwhile, most likely with the account, by this call.
  Status delete_account(const std::string& password, const CallOptions& options = {});
  Call delete_account_async(const std::string& password, Done<Unit> done,
                            const CallOptions& options = {});
  // What others see of the account, in place of what they saw: at most 64 and 512 bytes of UTF-8.
  Result<Account> set_profile(const std::string& display_name, const std::string& about,
                              const CallOptions& options = {});
  Call set_profile_async(const std::string& display_name, const std::string& about,
                         Done<Account> done, const CallOptions& options = {});
  // `password` is the present one; kUnauthenticated when it is not. Every other session of the
  // account ends; returns how many there were.
  Result<std::int64_t> change_password(const std::string& password, const std::string& new_password,
                                       const CallOptions& options = {});
  Call change_password_async(const std::string& password, const std::string& new_password,
                             Done<std::int64_t> done, const CallOptions& options = {});
  // The account's sessions, one for each log-in, oldest first.
  Result<std::vector<SessionInfo>> sessions(const ReadOptions& options = {});
  Call sessions_async(Done<std::vector<SessionInfo>> done, const ReadOptions& options = {});
  // Of the account's own. kNotFound: there is none of that id, or not any more. Ending this one is
  // log_out(). A server that has not heard of it yet may answer its reads for one more second.
  Status end_session(std::int64_t session_id, const CallOptions& options = {});
  Call end_session_async(std::int64_t session_id, Done<Unit> done, const CallOptions& options = {});

  // Account names with '*' and '?', in name order, after `after_name`; at most 200 a page.
  Result<Page<Account>> accounts(const std::string& pattern = "*", int limit = 50,
                                 const std::string& after_name = "",
                                 const ReadOptions& options = {});
  Call accounts_async(const std::string& pattern, int limit, const std::string& after_name,
                      Done<Page<Account>> done, const ReadOptions& options = {});
  // kNotFound: no such name.
  Result<Profile> profile(const std::string& name, const ReadOptions& options = {});
  Call profile_async(const std::string& name, Done<Profile> done, const ReadOptions& options = {});
  // Who is blocked can neither write to the account directly nor add it to groups.
  Status set_block(const std::string& name, bool blocked, const CallOptions& options = {});
  Call set_block_async(const std::string& name, bool blocked, Done<Unit> done,
                       const CallOptions& options = {});
  // Whom the account blocks, by id, after `after_id`; at most 200 a page.
  Result<Page<Account>> blocked(int limit = 50, std::int64_t after_id = 0,
                                const ReadOptions& options = {});
  Call blocked_async(int limit, std::int64_t after_id, Done<Page<Account>> done,
                     const ReadOptions& options = {});

  // ---- Conversations and groups ----

  // The direct conversation with another account, made when there is none. kNotFound: no such name.
  Result<Conversation> open_direct(const std::string& name, const CallOptions& options = {});
  Call open_direct_async(const std::string& name, Done<Conversation> done,
                         const CallOptions& options = {});
  // By id, after `after_id`; at most 200 a page.
  Result<Page<Conversation>> conversations(int limit = 200, std::int64_t after_id = 0,
                                           const ReadOptions& options = {});
  Call conversations_async(int limit, std::int64_t after_id, Done<Page<Conversation>> done,
                           const ReadOptions& options = {});
  Result<Conversation> conversation(std::int64_t conversation_id, const ReadOptions& options = {});
  Call conversation_async(std::int64_t conversation_id, Done<Conversation> done,
                          const ReadOptions& options = {});
  // A group of the account, its owner, and up to 200 others. `title`: 1 to 128 bytes of UTF-8.
  // kNotFound: nobody has one of the names. Each change to a group leaves a system message in it.
  Result<Conversation> create_group(const std::string& title, const std::vector<std::string>& names,
                                    const CallOptions& options = {});
  Call create_group_async(const std::string& title, const std::vector<std::string>& names,
                          Done<Conversation> done, const CallOptions& options = {});
  // By its admins and its owner; 1 to 200 names. Those who are in it already are passed over;
  // returns how many were not.
  Result<std::int64_t> add_members(std::int64_t conversation_id,
                                   const std::vector<std::string>& names,
                                   const CallOptions& options = {});
  Call add_members_async(std::int64_t conversation_id, const std::vector<std::string>& names,
                         Done<std::int64_t> done, const CallOptions& options = {});
  // Of somebody with a lesser role than the account's.
  Status remove_member(std::int64_t conversation_id, std::int64_t account_id,
                       const CallOptions& options = {});
  Call remove_member_async(std::int64_t conversation_id, std::int64_t account_id, Done<Unit> done,
                           const CallOptions& options = {});
  // Takes the account itself out of a group. A group that its owner leaves goes to the
  // longest-standing admin, or else to the longest-standing member; the last one ends it.
  Status leave(std::int64_t conversation_id, const CallOptions& options = {});
  Call leave_async(std::int64_t conversation_id, Done<Unit> done, const CallOptions& options = {});
  // By the owner, who becomes an admin by making somebody else the owner.
  Status set_role(std::int64_t conversation_id, std::int64_t account_id, MemberRole role,
                  const CallOptions& options = {});
  Call set_role_async(std::int64_t conversation_id, std::int64_t account_id, MemberRole role,
                      Done<Unit> done, const CallOptions& options = {});
  // By its admins and its owner. `title`: 1 to 128 bytes of UTF-8.
  Status rename_group(std::int64_t conversation_id, const std::string& title,
                      const CallOptions& options = {});
  Call rename_group_async(std::int64_t conversation_id, const std::string& title, Done<Unit> done,
                          const CallOptions& options = {});
  // By the owner: nobody is in it any more.
  Status dissolve_group(std::int64_t conversation_id, const CallOptions& options = {});
  Call dissolve_group_async(std::int64_t conversation_id, Done<Unit> done,
                            const CallOptions& options = {});
  // Of a group or a direct conversation, by account id, after `after_id`; at most 200 a page.
  Result<Page<Member>> members(std::int64_t conversation_id, int limit = 50,
                               std::int64_t after_id = 0, const ReadOptions& options = {});
  Call members_async(std::int64_t conversation_id, int limit, std::int64_t after_id,
                     Done<Page<Member>> done, const ReadOptions& options = {});

  // ---- Messages ----

  // The answer is the stored message (without its body). Retried through failovers until the
  // deadline; a failure says by may_have_happened whether it may be stored. Order: as called, in
  // each conversation. kResourceExhausted past max_queued_writes unanswered ones.
  Result<Message> send(std::int64_t conversation_id, const std::string& body,
                       const SendOptions& options = {});
  Call send_async(std::int64_t conversation_id, std::string body, Done<Message> done,
                  const SendOptions& options = {});
  // History, ascending in seq. before_seq == 0: the newest.
  Result<Page<Message>> messages(std::int64_t conversation_id, std::int64_t before_seq = 0,
                                 int limit = 50, const ReadOptions& options = {});
  Call messages_async(std::int64_t conversation_id, std::int64_t before_seq, int limit,
                      Done<Page<Message>> done, const ReadOptions& options = {});
  Result<Page<Message>> messages_after(std::int64_t conversation_id, std::int64_t after_seq,
                                       int limit = 200, const ReadOptions& options = {});
  Call messages_after_async(std::int64_t conversation_id, std::int64_t after_seq, int limit,
                            Done<Page<Message>> done, const ReadOptions& options = {});
  // With `seq` in the middle: limit / 2 before it, the rest from it on.
  Result<MessageWindow> messages_around(std::int64_t conversation_id, std::int64_t seq,
                                        int limit = 50, const ReadOptions& options = {});
  Call messages_around_async(std::int64_t conversation_id, std::int64_t seq, int limit,
                             Done<MessageWindow> done, const ReadOptions& options = {});
  // The oldest unread messages; with mark_read the same call marks them as read, once it has them.
  // None is lost: a call that fails has marked none. When the messages are there and nobody can
  // tell whether their mark stands, the call succeeds without Unread::marked, and they may come
  // again.
  Result<Unread> read_unread(std::int64_t conversation_id, int limit = 50, bool mark_read = true,
                             const CallOptions& options = {});
  Call read_unread_async(std::int64_t conversation_id, int limit, bool mark_read, Done<Unread> done,
                         const CallOptions& options = {});
  // Marks never go back; a lower one than stands changes nothing.
  Status mark_read(std::int64_t conversation_id, std::int64_t seq, const CallOptions& options = {});
  Call mark_read_async(std::int64_t conversation_id, std::int64_t seq, Done<Unit> done,
                       const CallOptions& options = {});
  // That this device has the messages, of up to 200 conversations at once. As mark_read; marks in
  // conversations that the account is not in count for nothing.
  Status mark_delivered(const std::vector<DeliveredMark>& marks, const CallOptions& options = {});
  Call mark_delivered_async(const std::vector<DeliveredMark>& marks, Done<Unit> done,
                            const CallOptions& options = {});
  // For everybody: the account's own messages, and anybody's to the admins of a group. 1 to 200,
  // all or none of them. Returns how many were not deleted before.
  Result<std::int64_t> delete_messages(std::int64_t conversation_id,
                                       const std::vector<std::int64_t>& seqs,
                                       const CallOptions& options = {});
  Call delete_messages_async(std::int64_t conversation_id, const std::vector<std::int64_t>& seqs,
                             Done<std::int64_t> done, const CallOptions& options = {});
  // For this account only, and for good. 1 to 200.
  Status hide_messages(std::int64_t conversation_id, const std::vector<std::int64_t>& seqs,
                       const CallOptions& options = {});
  Call hide_messages_async(std::int64_t conversation_id, const std::vector<std::int64_t>& seqs,
                           Done<Unit> done, const CallOptions& options = {});
  // Of the account's own. What it said before is kept for everybody to see: edits().
  Result<Edited> edit_message(std::int64_t conversation_id, std::int64_t seq,
                              const std::string& body, const CallOptions& options = {});
  Call edit_message_async(std::int64_t conversation_id, std::int64_t seq, const std::string& body,
                          Done<Edited> done, const CallOptions& options = {});
  // What a message said before each of its edits, oldest first.
  Result<std::vector<Edit>> edits(std::int64_t conversation_id, std::int64_t seq,
                                  const ReadOptions& options = {});
  Call edits_async(std::int64_t conversation_id, std::int64_t seq, Done<std::vector<Edit>> done,
                   const ReadOptions& options = {});
  // `emoji`: 1 to 32 bytes of UTF-8. With `on` false the account takes its own back.
  Status react(std::int64_t conversation_id, std::int64_t seq, const std::string& emoji,
               bool on = true, const CallOptions& options = {});
  Call react_async(std::int64_t conversation_id, std::int64_t seq, const std::string& emoji,
                   bool on, Done<Unit> done, const CallOptions& options = {});
  // What the account is writing, for its other devices. An empty body: nothing any more.
  Status set_draft(std::int64_t conversation_id, const std::string& body, std::int64_t reply_to = 0,
                   const CallOptions& options = {});
  Call set_draft_async(std::int64_t conversation_id, const std::string& body, std::int64_t reply_to,
                       Done<Unit> done, const CallOptions& options = {});

  // Texts that the account may see. `query`, of at most 512 bytes, is what people type: words, all
  // of which have to be there, in whatever case; "a phrase"; wor* for the beginning of a word, as
  // the last word is by itself; from:NAME, in:NAME or in:"TITLE", before:2026-11-26,
  // after:2026-11-26, which leave out the day that they name, one of UTC. The best of the newest
  // thousand come first, then older ones. kInvalidArgument: the query says nothing, or what it says
  // is no filter.
  Result<SearchPage> search(const std::string& query, const SearchOptions& search = {},
                            const ReadOptions& options = {});
  Call search_async(const std::string& query, const SearchOptions& search, Done<SearchPage> done,
                    const ReadOptions& options = {});

  // ---- Events ----

  // Events after a cursor (none: from now), each once, in order, across failovers. See
  // Subscription.
  Result<Subscription> subscribe(std::optional<Cursor> after = std::nullopt);
  // As above with a callback, on the client's callback thread. `server`: pinned to one server's
  // stream.
  Result<Subscription> subscribe(std::optional<Cursor> after,
                                 std::function<void(const Event&)> on_event,
                                 const std::string& server = "");

  // ---- Presence ----

  // This session is online while the watch lives. The callbacks (either may be null) run on the
  // client's callback thread: how the watched accounts are, and who types. See presence.h.
  Result<PresenceWatch> watch_presence(std::function<void(const Presence&)> on_presence,
                                       std::function<void(const Typing&)> on_typing);

 private:
  friend class Client;
  friend class Outbox;
  struct STARLING_LOCAL Impl;
  std::shared_ptr<Impl> impl_;
};

// A stream of events that resumes by itself. Ends when destroyed or closed. Thread-safe.
class STARLING_API Subscription {
 public:
  Subscription();
  ~Subscription();
  Subscription(Subscription&&) noexcept;
  Subscription& operator=(Subscription&&) noexcept;

  // The next event. kDeadlineExceeded when none came in time; kCancelled after close; kResync or
  // kUnauthenticated when the stream cannot go on. With a callback it gives no events, but waits
  // for that end.
  Result<Event> next(std::chrono::milliseconds timeout);
  // After the last event given out: where to resume in another process.
  Cursor cursor() const;
  // No callback starts after this; waits, for two seconds at most, for the one that runs.
  void close();

 private:
  friend class Session;
  struct STARLING_LOCAL Impl;
  std::shared_ptr<Impl> impl_;
};

}  // namespace starling
