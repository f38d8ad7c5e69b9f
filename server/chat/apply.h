// Applying one command: the rules of every write (PROTOCOL R4). Internal to server/chat.
//
// What all writes with a request id have in common, in this order:
//  1. The session is checked first, so that somebody whose token was revoked is told nothing, not
//     even of a write that the account made before. Two commands differ. CreateAccount has no
//     session. DeleteAccount ends the session that it came with, so its recorded outcome is looked
//     for first: a copy of it that was in flight twice gets the answer that the first one got.
//  2. A recorded outcome is replayed when the fingerprint is the same, else kRequestReused.
//  3. A voided request is refused: kVoided.
//  4. as_of older than the retry window: kRequestExpired, never run (R4.1). An outcome lives for
//     the window after it was recorded, and as_of was heard before the first attempt, so whenever
//     the outcome is gone the late copy is refused. as_of 0 ("heard no time yet") gets no
//     exception, or a late copy of such a request could run twice: clients hear the time (from
//     WatchServers) before their first write. An as_of further ahead than a window can not have
//     been heard: kInvalid.
//  5. The command's own rules. What these give is recorded, success and refusal alike.
// kUnauthenticated, kRequestExpired, kRequestReused, kVoided, kOutOfOrder and kConflict are not
// recorded: the same request may be tried again, or will be refused again by itself.
//
// Send is exempt from the window (R4.2): its record is its message row, for ever. A send that the
// rules refuse gets a row in `voids` with the refusal's code, so that the sends that name it as
// their predecessor do not wait for ever (R4.3) and every late copy meets the same refusal.
#pragma once

#include <string>

#include "server/chat/store.h"
#include "server/chat/tables.h"

namespace starling::chat {

class Applier {
 public:
  explicit Applier(Tables& tables) : tables_(tables) {}

  // An entry with a command, at its index and the replicated time there. Appends to `events`.
  sqlite::Status apply(std::uint64_t index, TimeMs now_ms, std::string_view data, Outcome& outcome,
                       std::vector<Event>& events);

 private:
  sqlite::Status run(const CreateAccount& c, Outcome& out);
  sqlite::Status run(const LogIn& c, Outcome& out);
  sqlite::Status run(const LogOut& c, Outcome& out);
  sqlite::Status run(const DeleteAccount& c, Outcome& out);
  sqlite::Status run(const OpenDirect& c, Outcome& out);
  sqlite::Status run(const Send& c, Outcome& out);
  sqlite::Status run(const MarkRead& c, Outcome& out);
  sqlite::Status run(const DeleteMessages& c, Outcome& out);
  sqlite::Status run(const Void& c, Outcome& out);

  // The commands' own rules, once it is settled that they run.
  sqlite::Status create_account(const CreateAccount& c, Outcome& out);
  sqlite::Status delete_account(HotAccount& account, Outcome& out);
  sqlite::Status open_direct(const OpenDirect& c, Outcome& out);
  sqlite::Status new_direct(const OpenDirect& c, Outcome& out);
  sqlite::Status judge_send(const Send& c, HotConversation*& conversation, Outcome& refusal);
  sqlite::Status delete_messages(const DeleteMessages& c, Outcome& out);
  sqlite::Status delete_one(HotConversation& conversation, const StoredMessage& message,
                            const std::string& sender_name);

  // account: nullptr when the session does not hold; then `out` says so.
  sqlite::Status authenticate(const Actor& actor, HotAccount*& account, Outcome& out);
  // found: `out` is the answer (the recorded one, or that the id was used for something else).
  sqlite::Status replay(AccountId account, const RequestKey& key, bool& found, Outcome& out);
  // Steps 2 to 4 above. `may_run` false: `out` is the answer. `account` is null for CreateAccount.
  sqlite::Status admit(HotAccount* account, const RequestKey& key, bool& may_run, Outcome& out);
  sqlite::Status record(AccountId account, const RequestKey& key, const Outcome& out);

  // Sends: is there a message of that request id already? Then `out` is the answer to it.
  sqlite::Status replay_send(const Send& c, bool& found, Outcome& out);
  // R4.3: the predecessor is there, or never will be.
  sqlite::Status predecessor_settled(const Send& c, HotAccount& sender, bool& settled);

  std::int64_t next_id();
  Event event_at(std::int64_t id, EventKind kind, ConversationId conversation) const;
  static void add_members(const HotConversation& conversation, Event& event);

  Tables& tables_;
  std::uint64_t index_ = 0;
  std::uint32_t ordinal_ = 0;
  TimeMs now_ms_ = 0;
  std::vector<Event>* events_ = nullptr;
};

// Makes `out` a refusal.
void refuse(Outcome& out, Code code, std::string text);

}  // namespace starling::chat
