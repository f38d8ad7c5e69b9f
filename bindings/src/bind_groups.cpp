// starling._core.Session: conversations and groups.
#include <pybind11/stl.h>

#include <string>
#include <vector>

#include "bindings/src/calls.h"
#include "bindings/src/handles.h"

namespace starling::python {
namespace {

py::object open_direct(const SessionHandle& self, const std::string& name, const Timeout& timeout,
                       const py::object& done) {
  SessionState& session = self.use();
  return answer<Conversation>(done, [&](Done<Conversation> answered) {
    return session.sdk.open_direct_async(name, std::move(answered), call_options(timeout));
  });
}

py::object conversations(const SessionHandle& self, int limit, std::int64_t after_id,
                         std::int64_t level, const Timeout& timeout, const py::object& done) {
  SessionState& session = self.use();
  return answer<Page<Conversation>>(done, [&](Done<Page<Conversation>> answered) {
    return session.sdk.conversations_async(limit, after_id, std::move(answered),
                                           read_options(level, timeout));
  });
}

py::object conversation(const SessionHandle& self, std::int64_t conversation_id, std::int64_t level,
                        const Timeout& timeout, const py::object& done) {
  SessionState& session = self.use();
  return answer<Conversation>(done, [&](Done<Conversation> answered) {
    return session.sdk.conversation_async(conversation_id, std::move(answered),
                                          read_options(level, timeout));
  });
}

py::object create_group(const SessionHandle& self, const std::string& title,
                        const std::vector<std::string>& names, const Timeout& timeout,
                        const py::object& done) {
  SessionState& session = self.use();
  return answer<Conversation>(done, [&](Done<Conversation> answered) {
    return session.sdk.create_group_async(title, names, std::move(answered), call_options(timeout));
  });
}

py::object add_members(const SessionHandle& self, std::int64_t conversation_id,
                       const std::vector<std::string>& names, const Timeout& timeout,
                       const py::object& done) {
  SessionState& session = self.use();
  return answer<std::int64_t>(done, [&](Done<std::int64_t> answered) {
    return session.sdk.add_members_async(conversation_id, names, std::move(answered),
                                         call_options(timeout));
  });
}

py::object remove_member(const SessionHandle& self, std::int64_t conversation_id,
                         std::int64_t account_id, const Timeout& timeout, const py::object& done) {
  SessionState& session = self.use();
  return answer<Unit>(done, [&](Done<Unit> answered) {
    return session.sdk.remove_member_async(conversation_id, account_id, std::move(answered),
                                           call_options(timeout));
  });
}

py::object leave(const SessionHandle& self, std::int64_t conversation_id, const Timeout& timeout,
                 const py::object& done) {
  SessionState& session = self.use();
  return answer<Unit>(done, [&](Done<Unit> answered) {
    return session.sdk.leave_async(conversation_id, std::move(answered), call_options(timeout));
  });
}

// `role`: as _check.role() gives it, the place of the enumerator.
py::object set_role(const SessionHandle& self, std::int64_t conversation_id,
                    std::int64_t account_id, int role, const Timeout& timeout,
                    const py::object& done) {
  SessionState& session = self.use();
  return answer<Unit>(done, [&](Done<Unit> answered) {
    return session.sdk.set_role_async(conversation_id, account_id, static_cast<MemberRole>(role),
                                      std::move(answered), call_options(timeout));
  });
}

py::object rename_group(const SessionHandle& self, std::int64_t conversation_id,
                        const std::string& title, const Timeout& timeout, const py::object& done) {
  SessionState& session = self.use();
  return answer<Unit>(done, [&](Done<Unit> answered) {
    return session.sdk.rename_group_async(conversation_id, title, std::move(answered),
                                          call_options(timeout));
  });
}

py::object dissolve_group(const SessionHandle& self, std::int64_t conversation_id,
                          const Timeout& timeout, const py::object& done) {
  SessionState& session = self.use();
  return answer<Unit>(done, [&](Done<Unit> answered) {
    return session.sdk.dissolve_group_async(conversation_id, std::move(answered),
                                            call_options(timeout));
  });
}

py::object members(const SessionHandle& self, std::int64_t conversation_id, int limit,
                   std::int64_t after_id, std::int64_t level, const Timeout& timeout,
                   const py::object& done) {
  SessionState& session = self.use();
  return answer<Page<Member>>(done, [&](Done<Page<Member>> answered) {
    return session.sdk.members_async(conversation_id, limit, after_id, std::move(answered),
                                     read_options(level, timeout));
  });
}

}  // namespace

void bind_groups(SessionClass& session) {
  session.def("open_direct", &open_direct, Visiting())
      .def("conversations", &conversations, Visiting())
      .def("conversation", &conversation, Visiting())
      .def("create_group", &create_group, Visiting())
      .def("add_members", &add_members, Visiting())
      .def("remove_member", &remove_member, Visiting())
      .def("leave", &leave, Visiting())
      .def("set_role", &set_role, Visiting())
      .def("rename_group", &rename_group, Visiting())
      .def("dissolve_group", &dissolve_group, Visiting())
      .def("members", &members, Visiting());
}

}  // namespace starling::python
