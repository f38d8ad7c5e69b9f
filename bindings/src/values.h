// From the SDK's values and errors to Python objects. Every function here needs the GIL.
#pragma once

#include <pybind11/pybind11.h>

#include <cstdint>
#include <memory>
#include <vector>

#include "starling/presence.h"
#include "starling/result.h"
#include "starling/types.h"

namespace starling::python {

namespace py = pybind11;

// Looks up the Python classes of the values; once, while the module is imported.
void load_types();

py::object to_python(std::int64_t value);
py::object to_python(Unit);
py::object to_python(const Cursor& cursor);
py::object to_python(const Account& account);
py::object to_python(const Profile& profile);
py::object to_python(const SessionInfo& session);
py::object to_python(const Message& message);
py::object to_python(const Reaction& reaction);
py::object to_python(const Edited& edited);
py::object to_python(const Edit& edit);
py::object to_python(const Draft& draft);
py::object to_python(const Conversation& conversation);
py::object to_python(const Member& member);
py::object to_python(const Event& event);
py::object to_python(const Presence& presence);
py::object to_python(const Typing& typing);
py::object to_python(const Server& server);
py::object to_python(const ClusterEvent& event);
py::object to_python(const Unread& unread);
py::object to_python(const Page<Account>& page);
py::object to_python(const Page<Message>& page);
py::object to_python(const Page<Conversation>& page);
py::object to_python(const Page<Member>& page);
py::object to_python(const MessageWindow& window);
py::object to_python(const SearchHit& hit);
py::object to_python(const SearchPage& page);
py::object to_python(const std::vector<SessionInfo>& sessions);
py::object to_python(const std::vector<Edit>& edits);
// The exception object for an error, not raised.
py::object to_python(const Error& error);
py::object to_datetime(std::int64_t ms);
std::int64_t from_datetime(const py::object& time);

[[noreturn]] void raise(const Error& error);

}  // namespace starling::python
