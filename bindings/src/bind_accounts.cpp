// starling._core.Session: the account, its sessions, other people.
#include <pybind11/stl.h>

#include <string>
#include <vector>

#include "bindings/src/calls.h"
#include "bindings/src/handles.h"

namespace starling::python {
namespace {

py::object logout(const SessionHandle& self, const Timeout& timeout, const py::object& done) {
  SessionState& session = self.use();
  return answer<Unit>(done, [&](Done<Unit> answered) {
    return session.sdk.log_out_async(std::move(answered), call_options(timeout));
  });
}

py::object delete_account(const SessionHandle& self, const std::string& password,
                          const Timeout& timeout, const py::object& done) {
  SessionState& session = self.use();
  return answer<Unit>(done, [&](Done<Unit> answered) {
    return session.sdk.delete_account_async(password, std::move(answered), call_options(timeout));
  });
}

py::object set_profile(const SessionHandle& self, const std::string& display_name,
                       const std::string& about, const Timeout& timeout, const py::object& done) {
  SessionState& session = self.use();
  return answer<Account>(done, [&](Done<Account> answered) {
    return session.sdk.set_profile_async(display_name, about, std::move(answered),
                                         call_options(timeout));
  });
}

py::object change_password(const SessionHandle& self, const std::string& password,
                           const std::string& new_password, const Timeout& timeout,
                           const py::object& done) {
  SessionState& session = self.use();
  return answer<std::int64_t>(done, [&](Done<std::int64_t> answered) {
    return session.sdk.change_password_async(password, new_password, std::move(answered),
                                             call_options(timeout));
  });
}

py::object sessions(const SessionHandle& self, std::int64_t level, const Timeout& timeout,
                    const py::object& done) {
  SessionState& session = self.use();
  return answer<std::vector<SessionInfo>>(done, [&](Done<std::vector<SessionInfo>> answered) {
    return session.sdk.sessions_async(std::move(answered), read_options(level, timeout));
  });
}

py::object end_session(const SessionHandle& self, std::int64_t session_id, const Timeout& timeout,
                       const py::object& done) {
  SessionState& session = self.use();
  return answer<Unit>(done, [&](Done<Unit> answered) {
    return session.sdk.end_session_async(session_id, std::move(answered), call_options(timeout));
  });
}

py::object accounts(const SessionHandle& self, const std::string& pattern, int limit,
                    const std::string& after_name, std::int64_t level, const Timeout& timeout,
                    const py::object& done) {
  SessionState& session = self.use();
  return answer<Page<Account>>(done, [&](Done<Page<Account>> answered) {
    return session.sdk.accounts_async(pattern, limit, after_name, std::move(answered),
                                      read_options(level, timeout));
  });
}

py::object profile(const SessionHandle& self, const std::string& name, std::int64_t level,
                   const Timeout& timeout, const py::object& done) {
  SessionState& session = self.use();
  return answer<Profile>(done, [&](Done<Profile> answered) {
    return session.sdk.profile_async(name, std::move(answered), read_options(level, timeout));
  });
}

py::object set_block(const SessionHandle& self, const std::string& name, bool blocked,
                     const Timeout& timeout, const py::object& done) {
  SessionState& session = self.use();
  return answer<Unit>(done, [&](Done<Unit> answered) {
    return session.sdk.set_block_async(name, blocked, std::move(answered), call_options(timeout));
  });
}

py::object blocked(const SessionHandle& self, int limit, std::int64_t after_id, std::int64_t level,
                   const Timeout& timeout, const py::object& done) {
  SessionState& session = self.use();
  return answer<Page<Account>>(done, [&](Done<Page<Account>> answered) {
    return session.sdk.blocked_async(limit, after_id, std::move(answered),
                                     read_options(level, timeout));
  });
}

}  // namespace

void bind_accounts(SessionClass& session) {
  session.def("logout", &logout, Visiting())
      .def("delete_account", &delete_account, Visiting())
      .def("set_profile", &set_profile, Visiting())
      .def("change_password", &change_password, Visiting())
      .def("sessions", &sessions, Visiting())
      .def("end_session", &end_session, Visiting())
      .def("accounts", &accounts, Visiting())
      .def("profile", &profile, Visiting())
      .def("set_block", &set_block, Visiting())
      .def("blocked", &blocked, Visiting());
}

}  // namespace starling::python
