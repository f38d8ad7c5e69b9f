// What the bindings know of the process around them: forks, the end of the interpreter, who is
// outside the GIL, and Python callables that any thread may hold.
#pragma once

#include <pybind11/pybind11.h>

#include <atomic>
#include <cstdint>
#include <functional>
#include <memory>
#include <utility>

namespace starling::python {

namespace py = pybind11;

// Counts the forks above this process. What was made under another number belongs to threads that
// are not here: it is refused, and leaked instead of destroyed.
int generation();
// In the child, before anything else runs there.
void after_fork();
// Whether a client was ever made above the last fork: gRPC's threads did not come along, so this
// process can make none.
bool cut_off_by_fork();
void note_client_made();

// Closes every client and waits a little for the threads that are in a call. Registered with
// atexit: afterwards no thread of ours comes back into the interpreter, and no other thread comes
// in here.
void shut_down();
bool shutting_down();
// Whether the interpreter is ending and this is not the thread that ends it. The interpreter ends
// such a thread wherever it takes the GIL, by unwinding its stack: it must not let the GIL go, nor
// run Python code, while frames of ours are on that stack.
bool leaving();
// Runs `close` at shut_down unless `owner` is gone by then.
void close_at_exit(const std::weak_ptr<void>& owner, std::function<void()> close);

// A call from Python under way; pybind11's call_guard of every function that lets the GIL go or
// runs Python code, as making a value does. Raises starling.Closed in a thread that is leaving.
class Visit {
 public:
  Visit();
  ~Visit();
  Visit(const Visit&) = delete;
  Visit& operator=(const Visit&) = delete;

 private:
  const int made_in_;
};
using Visiting = py::call_guard<Visit>;

// The GIL is not held in this scope.
class Released {
 public:
  Released();
  ~Released();
  Released(const Released&) = delete;
  Released& operator=(const Released&) = delete;

 private:
  PyThreadState* state_;
};

// Drops a pointer without the GIL, since SDK objects may wait for callbacks as they go. In a forked
// child, and in a thread that is leaving, it is leaked.
template <typename T>
void let_go(std::shared_ptr<T> pointer, int made_in) {
  if (pointer == nullptr) return;
  if (made_in != generation() || leaving()) {
    new std::shared_ptr<T>(std::move(pointer));
    return;
  }
  Released released;
  pointer.reset();
}

// A Python callable. Copies share it. Any thread may call, copy and drop it, with the GIL or
// without: the GIL is taken for the call and for the callable's end.
class Callback {
 public:
  Callback() = default;
  explicit Callback(const py::object& callable);  // With the GIL.
  // Calls it with what `arguments` makes (under the GIL) of its answer. An exception goes to
  // sys.unraisablehook.
  void call(const std::function<py::tuple()>& arguments) const;

 private:
  std::shared_ptr<PyObject> callable_;
};

// Raises when this thread runs a Callback: a blocking call there would wait for itself.
void refuse_in_callback();
// Raises starling.Closed.
[[noreturn]] void raise_closed(const char* sentence);
[[noreturn]] void raise_ending();

}  // namespace starling::python
