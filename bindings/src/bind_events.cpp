// starling._core.Subscription, which waits for events, and starling._core.Feed, for asyncio.
#include <pybind11/stl.h>

#include <optional>
#include <tuple>

#include "bindings/src/calls.h"
#include "bindings/src/feed.h"
#include "bindings/src/handles.h"
#include "bindings/src/jobs.h"

namespace starling::python {
namespace {

// A cursor as Python gives it: (epoch, index, ordinal, cluster), or None for "from now".
using After = std::optional<std::tuple<std::uint64_t, std::uint64_t, std::uint32_t, std::uint64_t>>;

std::optional<Cursor> to_cursor(const After& after) {
  if (!after.has_value()) return std::nullopt;
  const auto& [epoch, index, ordinal, cluster] = *after;
  return Cursor{epoch, index, ordinal, cluster};
}

// Beginning a stream "from now" blocks until the stream stands: on another thread, so that its
// caller can be interrupted. From a cursor it does not block.
template <typename T>
void begin_stream(bool blocks, std::function<Result<T>()> open, Done<T> done) {
  if (!blocks) {
    done(open());
    return;
  }
  run_job(Job::kShared, [open = std::move(open), done = std::move(done)] { done(open()); });
}

struct Stream {
  Stream(std::shared_ptr<SessionState> owner, Subscription subscription)
      : session(std::move(owner)), sdk(std::move(subscription)) {}
  const std::shared_ptr<SessionState> session;
  Subscription sdk;
};

using StreamPtr = std::shared_ptr<Stream>;

}  // namespace

void require_usable(const Stream& stream) { require_usable(*stream.session); }
void require_usable(const Feed& feed) { require_usable(*feed.session()); }

namespace {

using StreamHandle = Handle<Stream>;
using FeedHandle = Handle<Feed>;

py::object subscribe(const SessionHandle& self, const After& after, const py::object& done) {
  const std::shared_ptr<SessionState> session = self.share();
  return answer<StreamPtr>(
      done,
      [&](Done<StreamPtr> answered) {
        begin_stream<StreamPtr>(
            !after.has_value(),
            [session, cursor = to_cursor(after)]() -> Result<StreamPtr> {
              Result<Subscription> made = session->sdk.subscribe(cursor);
              if (!made.ok()) return made.error();
              return std::make_shared<Stream>(session, std::move(*made));
            },
            std::move(answered));
        return Call();
      },
      [](const StreamPtr& stream) {
        return py::cast(StreamHandle(stream, stream->session->client->made_in));
      });
}

// The next event; None when the stream was closed, or the session or client with it. `timeout` in
// seconds; None waits for ever.
py::object next_event(const StreamHandle& self, const Timeout& timeout) {
  if (self.forked()) require_usable(self.state());
  refuse_in_callback();
  const StreamPtr stream = self.alias();
  const auto limit = to_ms(timeout);
  const auto begun = std::chrono::steady_clock::now();
  Error closed;
  closed.code = ErrorCode::kCancelled;
  while (true) {
    Result<Event> event(closed);
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
      if (!stream->session->closed) event = stream->sdk.next(slice);
    }
    if (event.ok()) return to_python(*event);
    if (event.error().code == ErrorCode::kCancelled) return py::none();
    if (event.error().code != ErrorCode::kDeadlineExceeded || late) raise(event.error());
    if (PyErr_CheckSignals() != 0) throw py::error_already_set();
    if (shutting_down()) raise_ending();
  }
}

py::object feed(const SessionHandle& self, const After& after, const py::object& wake,
                const py::object& done) {
  const std::shared_ptr<SessionState> session = self.share();
  const auto feed = std::make_shared<Feed>(session, Callback(wake));
  return answer<Unit>(
      done,
      [&](Done<Unit> answered) {
        begin_stream<Unit>(
            !after.has_value(), [feed, cursor = to_cursor(after)] { return feed->open(cursor); },
            std::move(answered));
        return Call();
      },
      [feed](Unit) { return py::cast(FeedHandle(feed, feed->session()->client->made_in)); });
}

// A list of events, empty when there are none now; None when the feed was closed.
py::object take(const FeedHandle& self, std::size_t most) {
  if (self.forked()) require_usable(self.state());
  Result<std::vector<Event>> taken(std::vector<Event>{});
  {
    Released released;
    taken = self.state().take(most);
  }
  if (!taken.ok()) {
    if (taken.error().code == ErrorCode::kCancelled) return py::none();
    raise(taken.error());
  }
  py::list events(taken->size());
  for (std::size_t i = 0; i < taken->size(); ++i) events[i] = to_python((*taken)[i]);
  return events;
}

}  // namespace

void bind_events(py::module_& module) {
  py::class_<StreamHandle>(module, "Subscription")
      .def("next", &next_event, Visiting())
      .def("cursor",
           [](const StreamHandle& self) {
             const Visit visit;
             if (self.forked()) require_usable(self.state());
             Cursor cursor;
             {
               Released released;
               cursor = self.state().sdk.cursor();
             }
             return to_python(cursor);
           })
      .def("close", [](const StreamHandle& self) {
        if (self.forked() || leaving()) return;
        Released released;
        self.state().sdk.close();
      });
  py::class_<FeedHandle>(module, "Feed")
      .def("take", &take, Visiting())
      .def("cursor",
           [](const FeedHandle& self) {
             const Visit visit;
             if (self.forked()) require_usable(self.state());
             Cursor cursor;
             {
               Released released;
               cursor = self.state().cursor();
             }
             return to_python(cursor);
           })
      .def("close", [](const FeedHandle& self) {
        if (self.forked() || leaving()) return;
        Released released;
        self.state().close();
      });
  module.def("subscribe", &subscribe, Visiting());
  module.def("feed", &feed, Visiting());
}

}  // namespace starling::python
