// The Starling client: give it one address (or several) and it finds the rest, watches the servers'
// health and hides every failover. Writes take effect exactly once and in the order in which they
// were called.
//
//   auto client = starling::Client::connect({"127.0.0.1:5101"});
//   auto session = client->log_in("ada", "correct horse");
//   auto chat = session->open_direct("bob");
//   auto sent = session->send(chat->id, "hello");
#pragma once

#include <chrono>
#include <cstdint>
#include <functional>
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "starling/export.h"
#include "starling/result.h"
#include "starling/types.h"

namespace starling {

struct ClientOptions {
  std::chrono::milliseconds timeout{
      10'000};  // One deadline for each operation, over all its retries.
  std::size_t max_queued_writes =
      4'096;  // Unanswered sends; one more fails with kResourceExhausted.
  std::string client_name = "starling-sdk";  // Shown in the servers' active-client list.
  bool discover = true;                      // False: talk to the given addresses only.
  // False: connect() returns at once, and the client goes on looking for a server by itself.
  bool wait_for_server = true;
  // Runs on the client's callback thread, one call at a time, in order; must not block for long.
  std::function<void(const ClusterEvent&)> on_cluster_event;
};

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
  std::string server;  // Pinned: offered to this server only.
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
class STARLING_API Session {
 public:
  Session();  // Empty: every call fails with kUnauthenticated.
  ~Session();
  Session(const Session&);
  Session& operator=(const Session&);
  Session(Session&&) noexcept;
  Session& operator=(Session&&) noexcept;

  const Account& account() const;
  const std::string& token() const;    // A secret: resumes the session with Client::resume.
  std::int64_t expires_at_ms() const;  // 0: not told, as to a resumed session.

  // Each operation has two forms: one that waits for the answer and one, named _async, that returns
  // at once and answers through `done`.
  Status log_out(const CallOptions& options = {});
  Call log_out_async(Done<Unit> done, const CallOptions& options = {});
  // Cannot be undone. The sent messages stay, under "deleted account". kUnauthenticated with
  // may_have_happened: the session ended meanwhile, most likely with the account, by this call.
  Status delete_account(const std::string& password, const CallOptions& options = {});
  Call delete_account_async(const std::string& password, Done<Unit> done,
                            const CallOptions& options = {});

  // Account names with '*' and '?', in name order, after `after_name`; at most 200 a page.
  Result<Page<Account>> accounts(const std::string& pattern = "*", int limit = 50,
                                 const std::string& after_name = "",
                                 const ReadOptions& options = {});
  Call accounts_async(const std::string& pattern, int limit, const std::string& after_name,
                      Done<Page<Account>> done, const ReadOptions& options = {});
  // The direct conversation with another account, made when there is none. kNotFound: no such name.
  Result<Conversation> open_direct(const std::string& name, const CallOptions& options = {});
  Call open_direct_async(const std::string& name, Done<Conversation> done,
                         const CallOptions& options = {});
  Result<Page<Conversation>> conversations(int limit = 200, std::int64_t after_id = 0,
                                           const ReadOptions& options = {});
  Call conversations_async(int limit, std::int64_t after_id, Done<Page<Conversation>> done,
                           const ReadOptions& options = {});
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
  // Returns how many were not deleted before.
  Result<std::int64_t> delete_messages(std::int64_t conversation_id,
                                       const std::vector<std::int64_t>& seqs,
                                       const CallOptions& options = {});
  Call delete_messages_async(std::int64_t conversation_id, const std::vector<std::int64_t>& seqs,
                             Done<std::int64_t> done, const CallOptions& options = {});

  // Events after a cursor (none: from now), each once, in order, across failovers. See
  // Subscription.
  Result<Subscription> subscribe(std::optional<Cursor> after = std::nullopt);
  // As above with a callback, on the client's callback thread. `server`: pinned to one server's
  // stream.
  Result<Subscription> subscribe(std::optional<Cursor> after,
                                 std::function<void(const Event&)> on_event,
                                 const std::string& server = "");

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

// A connection to a cluster. Thread contract: every call is thread-safe. Callbacks run on one
// thread that the client owns; they may call the client's asynchronous calls, not its blocking
// ones.
class STARLING_API Client {
 public:
  // Returns at once when a server answers, kUnavailable (naming the addresses tried) when none did
  // in time. With wait_for_server off there need be none yet: operations wait for one as long as
  // their own deadline lets them, resume() and Outbox work without, and kConnected tells of the
  // first that answers.
  static Result<Client> connect(std::vector<std::string> addresses, ClientOptions options = {});
  ~Client();
  Client(Client&&) noexcept;
  Client& operator=(Client&&) noexcept;

  Result<Account> create_account(const std::string& name, const std::string& password,
                                 const std::string& display_name = "",
                                 const CallOptions& options = {});
  Call create_account_async(const std::string& name, const std::string& password,
                            const std::string& display_name, Done<Account> done,
                            const CallOptions& options = {});
  // `device`: a name by which people tell their sessions apart. An unknown name and a wrong
  // password are the same kUnauthenticated.
  Result<Session> log_in(const std::string& name, const std::string& password,
                         const std::string& device = "", const CallOptions& options = {});
  Call log_in_async(const std::string& name, const std::string& password, const std::string& device,
                    Done<Session> done, const CallOptions& options = {});
  // Takes up a session by the token of an earlier one, without a round trip.
  Session resume(const std::string& token, const Account& account);

  // Waits until a first server has answered; what connect() does unless it is told not to. It ends
  // early when the client is closed (kCancelled), and, with kFailed, when what answers is no
  // Starling server. The client goes on looking in any case.
  Status wait_for_server(std::chrono::milliseconds timeout);

  ServerList servers() const;
  // Address of the primary as last heard; empty when none is known.
  std::string primary() const;
  // Waits until a primary is known.
  Result<std::string> wait_for_primary(std::chrono::milliseconds timeout);
  // Ends every call under way with kCancelled, and waits for the callback that runs (not when
  // called from one). Destroying the client does the same; its sessions are of no use any more.
  void close();

 private:
  struct STARLING_LOCAL Impl;
  explicit Client(std::shared_ptr<Impl> impl);
  std::shared_ptr<Impl> impl_;
};

}  // namespace starling
