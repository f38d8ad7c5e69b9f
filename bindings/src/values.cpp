// From the SDK's values and errors to Python objects.
#include "bindings/src/values.h"

#include <datetime.h>

#include <algorithm>
#include <chrono>
#include <cmath>
#include <iterator>
#include <string_view>
#include <vector>

#include "bindings/src/runtime.h"

namespace starling::python {
namespace {

// Of characters, as Python counts them in a str.
std::int64_t characters(std::string_view text) {
  return std::count_if(text.begin(), text.end(),
                       [](char c) { return (static_cast<unsigned char>(c) & 0xc0) != 0x80; });
}

// The Python classes, and the members of its enumerations in the order of the C++ ones. Never
// freed: objects that outlive the interpreter must not be touched.
struct Types {
  py::object cursor, account, message, conversation, event, server, cluster_event, page, unread;
  py::object profile, session_info, reaction, edited, edit, draft, member, search_hit, search_page;
  py::object presence, typing;
  py::object error, closed;
  std::vector<py::object> event_kinds, message_kinds, conversation_kinds, member_roles;
  std::vector<py::object> roles, states, cluster_kinds, presence_states;
};

Types* types = nullptr;

std::vector<py::object> members(const py::object& enumeration, std::vector<const char*> names) {
  std::vector<py::object> all;
  for (const char* name : names) all.push_back(enumeration.attr(name));
  return all;
}

py::object text_or_none(const std::string& text) {
  return text.empty() ? py::object(py::none()) : py::object(py::str(text));
}

// 0 stands for none in the SDK.
py::object number_or_none(std::int64_t number) {
  return number == 0 ? py::object(py::none()) : py::object(py::int_(number));
}

py::object time_or_none(std::int64_t ms) {
  return ms == 0 ? py::object(py::none()) : to_datetime(ms);
}

py::object role_of(MemberRole role) {
  return types->member_roles.at(static_cast<std::size_t>(role));
}

template <typename T>
py::list to_list(const std::vector<T>& items) {
  py::list list(items.size());
  for (std::size_t i = 0; i < items.size(); ++i) list[i] = to_python(items[i]);
  return list;
}

template <typename T>
py::object to_page(const Page<T>& page) {
  return types->page(to_list(page.items), page.more);
}

const char* class_of(ErrorCode code) {
  switch (code) {
    case ErrorCode::kInvalidArgument:
      return "InvalidArgument";
    case ErrorCode::kNotFound:
      return "NotFound";
    case ErrorCode::kAlreadyExists:
      return "AlreadyExists";
    case ErrorCode::kUnauthenticated:
      return "Unauthenticated";
    case ErrorCode::kPermissionDenied:
      return "PermissionDenied";
    case ErrorCode::kUnavailable:
      return "Unavailable";
    case ErrorCode::kDeadlineExceeded:
      return "DeadlineExceeded";
    case ErrorCode::kResourceExhausted:
      return "ResourceExhausted";
    case ErrorCode::kCancelled:
      return "Cancelled";
    case ErrorCode::kResync:
      return "Resync";
    case ErrorCode::kFailed:
    case ErrorCode::kInternal:
      break;
  }
  return "Error";
}

}  // namespace

void load_types() {
  PyDateTime_IMPORT;
  if (PyDateTimeAPI == nullptr) throw py::error_already_set();
  const py::module_ values = py::module_::import("starling._types");
  const py::module_ errors = py::module_::import("starling._errors");
  auto* loaded = new Types;
  loaded->cursor = values.attr("Cursor");
  loaded->account = values.attr("Account");
  loaded->message = values.attr("Message");
  loaded->conversation = values.attr("Conversation");
  loaded->event = values.attr("Event");
  loaded->server = values.attr("Server");
  loaded->cluster_event = values.attr("ClusterEvent");
  loaded->page = values.attr("Page");
  loaded->unread = values.attr("Unread");
  loaded->profile = values.attr("Profile");
  loaded->session_info = values.attr("SessionInfo");
  loaded->presence = values.attr("Presence");
  loaded->typing = values.attr("Typing");
  loaded->presence_states = members(values.attr("PresenceState"), {"OFFLINE", "AWAY", "ONLINE"});
  loaded->reaction = values.attr("Reaction");
  loaded->edited = values.attr("Edited");
  loaded->edit = values.attr("Edit");
  loaded->draft = values.attr("Draft");
  loaded->member = values.attr("Member");
  loaded->search_hit = values.attr("SearchHit");
  loaded->search_page = values.attr("SearchPage");
  loaded->error = errors.attr("from_core");
  loaded->closed = errors.attr("Closed");
  loaded->event_kinds = members(values.attr("EventKind"),
                                {"MESSAGE", "MESSAGE_DELETED", "CONVERSATION_OPENED", "READ_MARK",
                                 "ACCOUNT_DELETED", "PEER_READ", "MESSAGE_EDITED", "REACTION",
                                 "DELIVERED", "DRAFT", "HIDDEN", "PROFILE", "BLOCK", "OTHER"});
  loaded->message_kinds = members(
      values.attr("MessageKind"),
      {"TEXT", "GROUP_CREATED", "GROUP_RENAMED", "MEMBERS_ADDED", "MEMBER_REMOVED", "MEMBER_LEFT",
       "OWNER_CHANGED", "ADMIN_ADDED", "ADMIN_REMOVED", "GROUP_DISSOLVED", "OTHER"});
  loaded->conversation_kinds = members(values.attr("ConversationKind"), {"DIRECT", "GROUP"});
  loaded->member_roles = members(values.attr("MemberRole"), {"MEMBER", "ADMIN", "OWNER"});
  loaded->roles = members(values.attr("Role"), {"NONE", "PRIMARY", "BACKUP", "LEARNER"});
  loaded->states = members(values.attr("ServerState"), {"UP", "SUSPECT", "DOWN"});
  loaded->cluster_kinds = members(
      values.attr("ClusterEventKind"),
      {"CONNECTED", "FAILOVER_STARTED", "FAILED_OVER", "SERVERS_CHANGED", "DEGRADED", "DRAINING"});
  types = loaded;
}

py::object to_datetime(std::int64_t ms) {
  using std::chrono::days;
  using std::chrono::milliseconds;
  // The years that a datetime can hold: 1 to 9999.
  constexpr std::int64_t kFirst = -62'135'596'800'000;
  constexpr std::int64_t kLast = 253'402'300'799'999;
  const std::chrono::sys_time<milliseconds> time{milliseconds(std::clamp(ms, kFirst, kLast))};
  const auto day = std::chrono::floor<days>(time);
  const std::chrono::year_month_day date{day};
  const std::chrono::hh_mm_ss<milliseconds> clock{time - day};
  PyObject* made = PyDateTimeAPI->DateTime_FromDateAndTime(
      static_cast<int>(date.year()), static_cast<int>(static_cast<unsigned>(date.month())),
      static_cast<int>(static_cast<unsigned>(date.day())), static_cast<int>(clock.hours().count()),
      static_cast<int>(clock.minutes().count()), static_cast<int>(clock.seconds().count()),
      static_cast<int>(clock.subseconds().count() * 1'000), PyDateTime_TimeZone_UTC,
      PyDateTimeAPI->DateTimeType);
  if (made == nullptr) throw py::error_already_set();
  return py::reinterpret_steal<py::object>(made);
}

std::int64_t from_datetime(const py::object& time) {
  return static_cast<std::int64_t>(std::llround(time.attr("timestamp")().cast<double>() * 1'000.0));
}

py::object to_python(std::int64_t value) { return py::int_(value); }
py::object to_python(Unit) { return py::none(); }

py::object to_python(const Cursor& cursor) {
  return types->cursor(cursor.epoch, cursor.index, cursor.ordinal, cursor.cluster);
}

py::object to_python(const Account& account) {
  return types->account(account.id, account.name, account.display_name,
                        to_datetime(account.created_at_ms), account.deleted, account.about);
}

py::object to_python(const Profile& profile) {
  return types->profile(to_python(profile.account), profile.blocked);
}

py::object to_python(const SessionInfo& session) {
  return types->session_info(session.id, session.device, to_datetime(session.created_at_ms),
                             to_datetime(session.expires_at_ms), session.current);
}

py::object to_python(const Reaction& reaction) {
  return types->reaction(reaction.emoji, reaction.count, reaction.mine);
}

py::object to_python(const Message& message) {
  return types->message(message.id, message.conversation_id, message.seq, message.sender,
                        message.body, to_datetime(message.sent_at_ms), message.sender_id,
                        message.deleted, py::bytes(message.request_id),
                        types->message_kinds.at(static_cast<std::size_t>(message.kind)),
                        number_or_none(message.reply_to), message.edits,
                        time_or_none(message.edited_at_ms), message.hidden, message.mentions_me,
                        py::tuple(to_list(message.reactions)));
}

py::object to_python(const Edited& edited) {
  return types->edited(edited.edits, to_datetime(edited.edited_at_ms));
}

py::object to_python(const Edit& edit) { return types->edit(edit.body, to_datetime(edit.at_ms)); }

py::object to_python(const Draft& draft) {
  if (draft.body.empty()) return py::none();
  return types->draft(draft.body, to_datetime(draft.updated_at_ms), number_or_none(draft.reply_to));
}

py::object to_python(const Conversation& conversation) {
  return types->conversation(
      conversation.id, conversation.title, conversation.unread_count, conversation.last_seq,
      conversation.read_seq, conversation.peer_id, conversation.peer_read_seq,
      types->conversation_kinds.at(static_cast<std::size_t>(conversation.kind)),
      conversation.peer_delivered_seq, role_of(conversation.role), conversation.member_count,
      conversation.first_seq, conversation.mention_count, to_python(conversation.draft));
}

py::object to_python(const Member& member) {
  return types->member(to_python(member.account), role_of(member.role),
                       to_datetime(member.joined_at_ms), member.read_seq, member.delivered_seq);
}

py::object to_python(const Event& event) {
  const bool has_message =
      event.kind == EventKind::kMessage || event.kind == EventKind::kMessageEdited;
  return types->event(types->event_kinds.at(static_cast<std::size_t>(event.kind)),
                      to_python(event.cursor), event.conversation_id,
                      has_message ? to_python(event.message) : py::none(), event.seq,
                      event.account_id, event.text, event.on);
}

py::object to_python(const Presence& presence) {
  return types->presence(presence.account_id,
                         types->presence_states.at(static_cast<std::size_t>(presence.state)),
                         time_or_none(presence.last_seen_ms));
}

py::object to_python(const Typing& typing) {
  return types->typing(typing.conversation_id, typing.account_id);
}

py::object to_python(const Server& server) {
  return types->server(server.id, server.address,
                       types->roles.at(static_cast<std::size_t>(server.role)),
                       types->states.at(static_cast<std::size_t>(server.state)), server.voter);
}

py::object to_python(const ClusterEvent& event) {
  const py::object ms = event.kind == ClusterEvent::Kind::kFailedOver
                            ? py::object(py::int_(event.ms))
                            : py::object(py::none());
  return types->cluster_event(types->cluster_kinds.at(static_cast<std::size_t>(event.kind)),
                              text_or_none(event.from), text_or_none(event.to), ms,
                              py::tuple(to_list(event.servers.servers)));
}

py::object to_python(const Unread& unread) {
  return types->unread(to_list(unread.messages), unread.still_unread, unread.marked);
}

py::object to_python(const Page<Account>& page) { return to_page(page); }
py::object to_python(const Page<Message>& page) { return to_page(page); }
py::object to_python(const Page<Conversation>& page) { return to_page(page); }
py::object to_python(const Page<Member>& page) { return to_page(page); }
py::object to_python(const MessageWindow& window) {
  return types->page(to_list(window.items), window.more_before, window.more_after);
}
py::object to_python(const SearchHit& hit) {
  const std::string_view body = hit.message.body;
  py::list ranges;
  for (const TextRange& range : hit.ranges) {
    if (range.begin < 0 || range.end < range.begin || range.end > std::ssize(body)) continue;
    const std::int64_t begin = characters(body.substr(0, static_cast<std::size_t>(range.begin)));
    const std::int64_t end = characters(body.substr(0, static_cast<std::size_t>(range.end)));
    ranges.append(py::make_tuple(begin, end));
  }
  return types->search_hit(to_python(hit.message), py::tuple(ranges));
}
py::object to_python(const SearchPage& page) {
  return types->search_page(to_list(page.hits), text_or_none(page.next_page));
}
py::object to_python(const std::vector<SessionInfo>& sessions) { return to_list(sessions); }
py::object to_python(const std::vector<Edit>& edits) { return to_list(edits); }

py::object to_python(const Error& error) {
  return types->error(class_of(error.code), error.message, error.retryable, error.may_have_happened,
                      error.field);
}

void raise(const Error& error) {
  const py::object exception = to_python(error);
  PyErr_SetObject(reinterpret_cast<PyObject*>(Py_TYPE(exception.ptr())), exception.ptr());
  throw py::error_already_set();
}

void raise_closed(const char* sentence) {
  PyErr_SetString(types->closed.ptr(), sentence);
  throw py::error_already_set();
}

// Without the class's own __init__: no Python code may run here (leaving()).
void raise_ending() {
  auto* type = reinterpret_cast<PyTypeObject*>(types->closed.ptr());
  const py::tuple arguments = py::make_tuple("The interpreter is ending: starling is closed.");
  const py::object error = py::reinterpret_steal<py::object>(
      reinterpret_cast<PyTypeObject*>(PyExc_Exception)->tp_new(type, arguments.ptr(), nullptr));
  if (error.ptr() == nullptr) throw py::error_already_set();
  error.attr("retryable") = false;
  error.attr("may_have_happened") = false;
  PyErr_SetObject(types->closed.ptr(), error.ptr());
  throw py::error_already_set();
}

}  // namespace starling::python
