// starling._core.Session: messages.
#include <pybind11/stl.h>

#include <string>
#include <utility>
#include <vector>

#include "bindings/src/calls.h"
#include "bindings/src/handles.h"

namespace starling::python {
namespace {

py::object send(const SessionHandle& self, std::int64_t conversation_id, const std::string& body,
                std::int64_t reply_to, const py::object& request_id, const Timeout& timeout,
                const py::object& done) {
  SessionState& session = self.use();
  SendOptions options;
  options.timeout = to_ms(timeout);
  options.reply_to = reply_to;
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

py::object messages_around(const SessionHandle& self, std::int64_t conversation_id,
                           std::int64_t seq, int limit, std::int64_t level, const Timeout& timeout,
                           const py::object& done) {
  SessionState& session = self.use();
  return answer<MessageWindow>(done, [&](Done<MessageWindow> answered) {
    return session.sdk.messages_around_async(conversation_id, seq, limit, std::move(answered),
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

py::object mark_delivered(const SessionHandle& self,
                          const std::vector<std::pair<std::int64_t, std::int64_t>>& marks,
                          const Timeout& timeout, const py::object& done) {
  SessionState& session = self.use();
  std::vector<DeliveredMark> all;
  for (const auto& [conversation_id, seq] : marks) all.push_back({conversation_id, seq});
  return answer<Unit>(done, [&](Done<Unit> answered) {
    return session.sdk.mark_delivered_async(all, std::move(answered), call_options(timeout));
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

py::object hide_messages(const SessionHandle& self, std::int64_t conversation_id,
                         const std::vector<std::int64_t>& seqs, const Timeout& timeout,
                         const py::object& done) {
  SessionState& session = self.use();
  return answer<Unit>(done, [&](Done<Unit> answered) {
    return session.sdk.hide_messages_async(conversation_id, seqs, std::move(answered),
                                           call_options(timeout));
  });
}

py::object edit_message(const SessionHandle& self, std::int64_t conversation_id, std::int64_t seq,
                        const std::string& body, const Timeout& timeout, const py::object& done) {
  SessionState& session = self.use();
  return answer<Edited>(done, [&](Done<Edited> answered) {
    return session.sdk.edit_message_async(conversation_id, seq, body, std::move(answered),
                                          call_options(timeout));
  });
}

py::object edits(const SessionHandle& self, std::int64_t conversation_id, std::int64_t seq,
                 std::int64_t level, const Timeout& timeout, const py::object& done) {
  SessionState& session = self.use();
  return answer<std::vector<Edit>>(done, [&](Done<std::vector<Edit>> answered) {
    return session.sdk.edits_async(conversation_id, seq, std::move(answered),
                                   read_options(level, timeout));
  });
}

py::object react(const SessionHandle& self, std::int64_t conversation_id, std::int64_t seq,
                 const std::string& emoji, bool on, const Timeout& timeout,
                 const py::object& done) {
  SessionState& session = self.use();
  return answer<Unit>(done, [&](Done<Unit> answered) {
    return session.sdk.react_async(conversation_id, seq, emoji, on, std::move(answered),
                                   call_options(timeout));
  });
}

py::object set_draft(const SessionHandle& self, std::int64_t conversation_id,
                     const std::string& body, std::int64_t reply_to, const Timeout& timeout,
                     const py::object& done) {
  SessionState& session = self.use();
  return answer<Unit>(done, [&](Done<Unit> answered) {
    return session.sdk.set_draft_async(conversation_id, body, reply_to, std::move(answered),
                                       call_options(timeout));
  });
}

py::object search(const SessionHandle& self, const std::string& query, std::int64_t conversation_id,
                  int limit, const std::string& page, std::int64_t level, const Timeout& timeout,
                  const py::object& done) {
  SessionState& session = self.use();
  return answer<SearchPage>(done, [&](Done<SearchPage> answered) {
    return session.sdk.search_async(query, {conversation_id, limit, page}, std::move(answered),
                                    read_options(level, timeout));
  });
}

}  // namespace

void bind_messages(SessionClass& session) {
  session.def("send", &send, Visiting())
      .def("messages", &messages, Visiting())
      .def("messages_after", &messages_after, Visiting())
      .def("messages_around", &messages_around, Visiting())
      .def("read_unread", &read_unread, Visiting())
      .def("mark_read", &mark_read, Visiting())
      .def("mark_delivered", &mark_delivered, Visiting())
      .def("delete_messages", &delete_messages, Visiting())
      .def("hide_messages", &hide_messages, Visiting())
      .def("edit_message", &edit_message, Visiting())
      .def("edits", &edits, Visiting())
      .def("react", &react, Visiting())
      .def("set_draft", &set_draft, Visiting())
      .def("search", &search, Visiting());
}

}  // namespace starling::python
