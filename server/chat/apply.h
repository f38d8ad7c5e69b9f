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
  sqlite::Status run(const CreateGroup& c, Outcome& out);
  sqlite::Status run(const AddMembers& c, Outcome& out);
  sqlite::Status run(const RemoveMember& c, Outcome& out);
  sqlite::Status run(const SetRole& c, Outcome& out);
  sqlite::Status run(const RenameGroup& c, Outcome& out);
  sqlite::Status run(const DissolveGroup& c, Outcome& out);
  sqlite::Status run(const EditMessage& c, Outcome& out);
  sqlite::Status run(const React& c, Outcome& out);
  sqlite::Status run(const HideMessages& c, Outcome& out);
  sqlite::Status run(const MarkDelivered& c, Outcome& out);
  sqlite::Status run(const SetDraft& c, Outcome& out);
  sqlite::Status run(const SetProfile& c, Outcome& out);
  sqlite::Status run(const ChangePassword& c, Outcome& out);
  sqlite::Status run(const EndSession& c, Outcome& out);
  sqlite::Status run(const SetBlock& c, Outcome& out);

  // The commands' own rules, once it is settled that they run.
  sqlite::Status create_account(const CreateAccount& c, Outcome& out);
  sqlite::Status delete_account(HotAccount& account, Outcome& out);
  sqlite::Status change_profile(const SetProfile& c, HotAccount& account, Outcome& out);
  sqlite::Status change_password(const ChangePassword& c, HotAccount& account, Outcome& out);
  sqlite::Status count_blocks(AccountId account, std::int64_t& count);
  sqlite::Status change_block(const SetBlock& c, HotAccount& account, Outcome& out);
  sqlite::Status open_direct(const OpenDirect& c, Outcome& out);
  sqlite::Status new_direct(const OpenDirect& c, Outcome& out);
  sqlite::Status create_group(const CreateGroup& c, const HotAccount& owner, Outcome& out);
  sqlite::Status add_members(const AddMembers& c, const HotAccount& actor, Outcome& out);
  sqlite::Status remove_member(const RemoveMember& c, const HotAccount& actor, Outcome& out);
  sqlite::Status set_role(const SetRole& c, const HotAccount& actor, Outcome& out);
  sqlite::Status judge_send(const Send& c, HotAccount& sender, HotConversation*& conversation,
                            Outcome& refusal);
  sqlite::Status delete_messages(const DeleteMessages& c, Outcome& out);
  sqlite::Status delete_one(HotConversation& conversation, const StoredMessage& message);
  sqlite::Status edit_message(const EditMessage& c, HotAccount& author, Outcome& out);
  sqlite::Status react(const React& c, HotAccount& account, Outcome& out);
  sqlite::Status set_draft(const SetDraft& c, Outcome& out);

  // Steps 1 to 4 above, then the command's own rules, then the record of what came of them.
  template <typename Keyed, typename Rules>
  sqlite::Status once(const Keyed& c, Outcome& out, Rules rules) {
    HotAccount* account = nullptr;
    CHAT_TRY(authenticate(c.actor, account, out));
    if (account == nullptr) return {};
    bool may_run = false;
    CHAT_TRY(admit(account, c.key, may_run, out));
    if (!may_run) return {};
    out.at_ms = now_ms_;
    CHAT_TRY(rules(*account));
    return out.code == Code::kConflict ? sqlite::Status() : record(account->row.id, c.key, out);
  }

  // Groups (apply_groups.cpp). nullptr: `out` says why not.
  sqlite::Status find_group(const Actor& actor, ConversationId id, MemberRole least,
                            HotConversation*& group, HotMember*& self, Outcome& out);
  // The accounts that may join at the actor's word, each once, `self` and members left out.
  sqlite::Status judge_joining(const std::vector<AccountId>& accounts, HotConversation* group,
                               AccountId self, std::vector<HotAccount*>& joining, Outcome& out);
  // To each of its own devices: it is in a conversation that it was not in before.
  sqlite::Status tell_opened(ConversationId conversation, AccountId by, AccountId whom);
  sqlite::Status leave_group(HotConversation& group, const HotAccount& account);
  sqlite::Status pass_ownership(HotConversation& group, const HotAccount& former);
  // A system message, to all who are members now.
  sqlite::Status post(HotConversation& group, MessageKind kind, const HotAccount& sender,
                      std::string_view body);

  // Messages and marks.
  // nullptr: `out` says that there is no such conversation.
  sqlite::Status find_own(const Actor& actor, ConversationId id, HotConversation*& conversation,
                          HotMember*& self, Outcome& out);
  // A message that this member may see; else `out` says that there is none.
  sqlite::Status find_seen(const HotMember& self, Seq seq, bool& found, StoredMessage& message,
                           Outcome& out);
  // Whether a direct conversation is closed to the sender; then `out` says so.
  sqlite::Status judge_direct(HotConversation& conversation, const HotMember& self,
                              HotAccount& sender, Outcome& out);
  sqlite::Status mention(HotConversation& conversation, const MessageRow& message);
  sqlite::Status forget_mentions(const MessageRow& message);
  // A durable event; `scope` as in EventRow.
  sqlite::Status tell(std::int64_t scope, Event event, Audience audience, std::string detail = {});
  // One row, seen by whoever shares a direct conversation with the account, as of that one.
  sqlite::Status tell_peers(EventKind kind, AccountId subject);
  // The members who were there when that message came.
  static Audience witnesses(HotConversation& conversation, Seq seq);
  static bool shows_marks(const HotConversation& conversation);

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
  static Event event_at(std::int64_t id, EventKind kind, ConversationId conversation);

  Tables& tables_;
  std::uint64_t index_ = 0;
  std::uint32_t ordinal_ = 0;
  TimeMs now_ms_ = 0;
  std::vector<Event>* events_ = nullptr;
};

// Makes `out` a refusal.
void refuse(Outcome& out, Code code, std::string text);

// What a late copy of a voided or refused request is told.
const char* text_of_void(Code code);

Audience audience_of(std::vector<AccountId> accounts);  // In any order.
Message message_of(const MessageRow& row, const std::string& sender_name);

inline constexpr const char* kNoConversation = "no such conversation";
inline constexpr const char* kNoAccount = "no such account";
inline constexpr const char* kReservedId = "request_id must not end in eight zero bytes";
inline constexpr const char* kBadBody = "body must be 1 to 16384 bytes of UTF-8";

}  // namespace starling::chat
