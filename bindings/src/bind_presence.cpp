// starling._core.PresenceWatch: who is online and who types.
#include <pybind11/stl.h>

#include "bindings/src/calls.h"
#include "bindings/src/handles.h"
#include "bindings/src/presence.h"

namespace starling::python {

void require_usable(const LivePresence& live) { require_usable(*live.session()); }

namespace {

using PresenceHandle = Handle<LivePresence>;

py::object presence(const SessionHandle& self, const py::object& wake) {
  const std::shared_ptr<SessionState> session = self.share();
  std::optional<Callback> callback;
  if (!wake.is_none()) callback.emplace(wake);
  const auto live = std::make_shared<LivePresence>(session, std::move(callback));
  Status status = Unit{};
  {
    Released released;
    status = live->open();
  }
  if (!status.ok()) raise(status.error());
  return py::cast(PresenceHandle(live, session->client->made_in));
}

py::object to_signals(const std::vector<Signal>& signals) {
  py::list list(signals.size());
  for (std::size_t i = 0; i < signals.size(); ++i) {
    list[i] = std::visit([](const auto& signal) { return to_python(signal); }, signals[i]);
  }
  return list;
}

// A list of what waits, empty when nothing comes within `timeout` seconds (None: waits for ever);
// None when it was closed, or the session or client with it.
py::object take(const PresenceHandle& self, const Timeout& timeout) {
  if (self.forked()) require_usable(self.state());
  refuse_in_callback();
  const std::shared_ptr<LivePresence> live = self.alias();
  const auto limit = to_ms(timeout);
  const auto begun = std::chrono::steady_clock::now();
  while (true) {
    Result<std::vector<Signal>> taken(std::vector<Signal>{});
    bool late = false;
    {
      Released released;
      auto slice = kSlice;
      if (limit.has_value()) {
        const auto left = std::chrono::ceil<std::chrono::milliseconds>(
            begun + *limit - std::chrono::steady_clock::now());
        slice = std::clamp(left, std::chrono::milliseconds(0), slice);
        late = left <= slice;
      }
      taken = live->take(slice);
    }
    if (!taken.ok()) {
      if (taken.error().code == ErrorCode::kCancelled) return py::none();
      raise(taken.error());
    }
    if (!taken->empty() || late) return to_signals(*taken);
    if (PyErr_CheckSignals() != 0) throw py::error_already_set();
    if (shutting_down()) raise_ending();
  }
}

// As take(), without a wait.
py::object take_now(const PresenceHandle& self) {
  if (self.forked()) require_usable(self.state());
  Result<std::vector<Signal>> taken(std::vector<Signal>{});
  {
    Released released;
    taken = self.state().take(std::chrono::milliseconds(0));
  }
  if (taken.ok()) return to_signals(*taken);
  if (taken.error().code == ErrorCode::kCancelled) return py::none();
  raise(taken.error());
}

}  // namespace

void bind_presence(py::module_& module) {
  py::class_<PresenceHandle>(module, "PresenceWatch")
      .def("take", &take, Visiting())
      .def("take_now", &take_now, Visiting())
      .def(
          "watch",
          [](const PresenceHandle& self, std::vector<std::int64_t> accounts) {
            LivePresence& live = self.use();
            Released released;
            live.watch(std::move(accounts));
          },
          Visiting())
      .def(
          "set_away",
          [](const PresenceHandle& self, bool away) {
            LivePresence& live = self.use();
            Released released;
            live.set_away(away);
          },
          Visiting())
      .def(
          "typing",
          [](const PresenceHandle& self, std::int64_t conversation) {
            LivePresence& live = self.use();
            Released released;
            live.typing(conversation);
          },
          Visiting())
      .def(
          "current",
          [](const PresenceHandle& self) {
            LivePresence& live = self.use();
            std::vector<Presence> all;
            {
              Released released;
              all = live.current();
            }
            py::list list(all.size());
            for (std::size_t i = 0; i < all.size(); ++i) list[i] = to_python(all[i]);
            return list;
          },
          Visiting())
      .def(
          "server",
          [](const PresenceHandle& self) -> py::object {
            LivePresence& live = self.use();
            std::string server;
            {
              Released released;
              server = live.server();
            }
            return server.empty() ? py::object(py::none()) : py::object(py::str(server));
          },
          Visiting())
      .def("close", [](const PresenceHandle& self) {
        if (self.forked() || leaving()) return;
        Released released;
        self.state().close();
      });
  module.def("presence", &presence, Visiting());
}

}  // namespace starling::python
