// starling._core.Session: what a logged-in account can do. Each operation waits when `done` is
// None, and calls it otherwise.
#include "bindings/src/calls.h"
#include "bindings/src/handles.h"

namespace starling::python {

void bind_session(py::module_& module) {
  SessionClass session(module, "Session");
  bind_messages(session);
  bind_groups(session);
  bind_accounts(session);
  session.def("close", [](const SessionHandle& self) { self.state().closed = true; })
      .def_property_readonly("closed",
                             [](const SessionHandle& self) {
                               const SessionState& state = self.state();
                               return self.forked() || state.closed || state.client->closed;
                             })
      .def_property_readonly("account",
                             [](const SessionHandle& self) {
                               const Visit visit;
                               return to_python(self.state().sdk.account());
                             })
      .def_property_readonly("token",
                             [](const SessionHandle& self) { return self.state().sdk.token(); })
      .def_property_readonly("expires_at", [](const SessionHandle& self) -> py::object {
        const std::int64_t ms = self.state().sdk.expires_at_ms();
        return ms == 0 ? py::object(py::none()) : to_datetime(ms);
      });
}

}  // namespace starling::python
