// starling._core.Session: what a logged-in account can do. Each operation waits when `done` is
// None, and calls it otherwise.
#include <pybind11/stl.h>

#include <string>
#include <vector>

#include "bindings/src/calls.h"
#include "bindings/src/handles.h"

namespace starling::python {
namespace {

// A level as _check.level() gives it: -1 session, 0 linearizable, above 0 the staleness in ms.
ReadOptions read_options(std::int64_t level, const Timeout& timeout) {
  ReadOptions options;
  if (level == 0) options.level = ReadLevel::kLinearizable;
  if (level > 0) {
    options.level = ReadLevel::kStale;
    options.max_staleness = std::chrono::milliseconds(level);
  }
  options.timeout = to_ms(timeout);
  return options;
}

py::object send(const SessionHandle& self, std::int64_t conversation_id, const std::string& body,
                const py::object& request_id, const Timeout& timeout, const py::object& done) {
  SessionState& session = self.use();
  SendOptions options;
  options.timeout = to_ms(timeout);
  if (!request_id.is_none()) options.request_id = request_id.cast<std::string>();
  return answer<Message>(
      done,
      [&](Done<Message> answered) {
        return session.sdk.send_async(conversation_id, body, std::move(answered), options);
      },
      // The answer comes without the body; it is the one that was sent.
      [body](Message message) {
        message.body = body;
        return to_python(message);
      });
}

py::object messages(const SessionHandle& self, std::int64_t conversation_id,
                    std::int64_t before_seq, int limit, std::int64_t level, const Timeout& timeout,
                    const py::object& done) {
  SessionState& session = self.use();
  return answer<Page<Message>>(done, [&](Done<Page<Message>> answered) {
    return session.sdk.messages_async(conversation_id, before_seq, limit, std::move(answered),
                                      read_options(level, timeout));
  });
}

py::object messages_after(const SessionHandle& self, std::int64_t conversation_id,
                          std::int64_t after_seq, int limit, std::int64_t level,
                          const Timeout& timeout, const py::object& done) {
  SessionState& session = self.use();
  return answer<Page<Message>>(done, [&](Done<Page<Message>> answered) {
    return session.sdk.messages_after_async(conversation_id, after_seq, limit, std::move(answered),
                                            read_options(level, timeout));
  });
}

py::object read_unread(const SessionHandle& self, std::int64_t conversation_id, int limit,
                       bool mark_read, const Timeout& timeout, const py::object& done) {
  SessionState& session = self.use();
  return answer<Unread>(done, [&](Done<Unread> answered) {
    return session.sdk.read_unread_async(conversation_id, limit, mark_read, std::move(answered),
                                         call_options(timeout));
  });
}

py::object mark_read(const SessionHandle& self, std::int64_t conversation_id, std::int64_t seq,
                     const Timeout& timeout, const py::object& done) {
  SessionState& session = self.use();
  return answer<Unit>(done, [&](Done<Unit> answered) {
    return session.sdk.mark_read_async(conversation_id, seq, std::move(answered),
                                       call_options(timeout));
  });
}

py::object delete_messages(const SessionHandle& self, std::int64_t conversation_id,
                           const std::vector<std::int64_t>& seqs, const Timeout& timeout,
                           const py::object& done) {
  SessionState& session = self.use();
  return answer<std::int64_t>(done, [&](Done<std::int64_t> answered) {
    return session.sdk.delete_messages_async(conversation_id, seqs, std::move(answered),
                                             call_options(timeout));
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

py::object conversations(const SessionHandle& self, int limit, std::int64_t after_id,
                         std::int64_t level, const Timeout& timeout, const py::object& done) {
  SessionState& session = self.use();
  return answer<Page<Conversation>>(done, [&](Done<Page<Conversation>> answered) {
    return session.sdk.conversations_async(limit, after_id, std::move(answered),
                                           read_options(level, timeout));
  });
}

py::object open_direct(const SessionHandle& self, const std::string& name, const Timeout& timeout,
                       const py::object& done) {
  SessionState& session = self.use();
  return answer<Conversation>(done, [&](Done<Conversation> answered) {
    return session.sdk.open_direct_async(name, std::move(answered), call_options(timeout));
  });
}

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

}  // namespace

void bind_session(py::module_& module) {
  py::class_<SessionHandle>(module, "Session")
      .def("send", &send, Visiting())
      .def("messages", &messages, Visiting())
      .def("messages_after", &messages_after, Visiting())
      .def("read_unread", &read_unread, Visiting())
      .def("mark_read", &mark_read, Visiting())
      .def("delete_messages", &delete_messages, Visiting())
      .def("accounts", &accounts, Visiting())
      .def("conversations", &conversations, Visiting())
      .def("open_direct", &open_direct, Visiting())
      .def("logout", &logout, Visiting())
      .def("delete_account", &delete_account, Visiting())
      .def("close", [](const SessionHandle& self) { self.state().closed = true; })
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
