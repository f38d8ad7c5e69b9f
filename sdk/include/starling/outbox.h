// Sends that survive the application: a message is in a file before queue() returns, and is sent
// from there, exactly once and in order, however often the program, the network or the servers end.
//
//   auto outbox = starling::Outbox::open("outbox.db", *session);
//   auto entry = outbox->queue(chat->id, "hello");   // Works without any server.
#pragma once

#include <cstdint>
#include <functional>
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "starling/client.h"
#include "starling/export.h"
#include "starling/result.h"

namespace starling {

enum class OutboxState {
  kQueued,      // In the file. No server has been offered it.
  kSent,        // Offered to a server; it may be stored there already.
  kReplicated,  // Acknowledged: on a majority of the servers. It leaves the file.
  kCancelling,  // Taken back by cancel(); the servers have not said yet which came first.
  kCancelled,   // It never happened and never will. It leaves the file.
  kFailed,      // Refused for good; `error` says why. Stays until cancel() takes it out.
};

struct OutboxEntry {
  std::int64_t id = 0;  // Of this file, ascending in the order of queue().
  std::int64_t conversation_id = 0;
  std::string body;
  OutboxState state = OutboxState::kQueued;
  std::int64_t queued_at_ms = 0;  // By this machine's clock.
  std::int64_t seq = 0;           // kReplicated: its place in the conversation.
  std::string error;              // kFailed
  std::string request_id;         // 16 bytes: the Message that comes of it carries the same.
  std::int64_t reply_to = 0;      // The seq of the message that it answers; 0: none.
};

struct OutboxOptions {
  // Entries that the file holds at most; one more fails with kResourceExhausted.
  std::size_t max_entries = 100'000;
  // Every change of state, on the client's callback thread, in the order of the changes. An entry
  // without an id tells of the file itself: `error` says what is wrong with it.
  std::function<void(const OutboxEntry&)> on_change;
};

// The outbox of one account. The file belongs to one process at a time and to one account for ever.
// Thread contract: every call is thread-safe. Sends in one conversation keep the order of queue();
// other sends of the same session are not part of that order.
class STARLING_API Outbox {
 public:
  // Opens or makes the file, and goes on with what an earlier process left in it. kFailed: it
  // cannot be used. The message says why, and `field` does for programs: "damaged", "busy" (in use
  // by another process), "owner" (of another account or cluster), "version" (written by a newer
  // one); it is empty for other reasons. One that an older version wrote is taken over as it
  // stands.
  // Needs no server: with a client that has met none yet (ClientOptions::wait_for_server), entries
  // stay kQueued until one answers.
  static Result<Outbox> open(const std::string& path, const Session& session,
                             OutboxOptions options = {});
  ~Outbox();
  Outbox(Outbox&&) noexcept;
  Outbox& operator=(Outbox&&) noexcept;

  // Once this returns, the message is on the disk. kInvalidArgument names a bad field. `reply_to`:
  // the seq of an earlier message that this one answers; 0: none.
  Result<OutboxEntry> queue(std::int64_t conversation_id, const std::string& body,
                            std::int64_t reply_to = 0);
  // Takes an entry back. One that no server was offered is gone at once; of another the servers
  // decide which came first: it then ends as kCancelled or as kReplicated. kNotFound: not here, or
  // acknowledged already.
  Status cancel(std::int64_t id);
  // What has not been acknowledged, in the order of queue().
  Result<std::vector<OutboxEntry>> entries() const;
  // Stops sending and lets the file go; what is left goes on at the next open(). Idempotent.
  void close();

 private:
  struct STARLING_LOCAL Impl;
  explicit Outbox(std::shared_ptr<Impl> impl);
  std::shared_ptr<Impl> impl_;
};

}  // namespace starling
