// What the bindings know of the process around them.
#include "bindings/src/runtime.h"

#include <chrono>
#include <mutex>
#include <thread>
#include <vector>

#include "bindings/src/jobs.h"
#include "bindings/src/values.h"

namespace starling::python {
namespace {

constexpr std::chrono::milliseconds kLeaveWait{5'000};  // As long as closing a client may take.

struct AtExit {
  std::weak_ptr<void> owner;
  std::function<void()> close;
};

// Everything that a fork makes worthless, locks included: the child gets a new one and never looks
// at the old one again.
struct Process {
  std::mutex mutex;
  std::vector<AtExit> at_exit;
};

Process* process = new Process;
std::atomic<int> forks{0};
std::atomic<bool> client_made{false};
std::atomic<bool> cut_off{false};
std::atomic<bool> at_end{false};
std::atomic<int> outside{0};
std::atomic<int> inside{0};
std::atomic<int> visits{0};
std::thread::id ending_thread;  // Written before at_end.
thread_local int callbacks_running = 0;

bool python_gone() {
#if PY_VERSION_HEX >= 0x030D0000
  return Py_IsFinalizing() != 0 || Py_IsInitialized() == 0;
#else
  return _Py_IsFinalizing() != 0 || Py_IsInitialized() == 0;
#endif
}

// A thread of ours on its way into the interpreter. Once shut_down has begun none is let in any
// more, and shut_down waits for those that are.
class Entry {
 public:
  Entry() : made_in_(generation()) {
    ++inside;
    let_in_ = !at_end.load() && !python_gone();
    if (!let_in_) --inside;
  }
  ~Entry() {
    if (let_in_ && made_in_ == generation()) --inside;  // A fork counts anew.
  }
  Entry(const Entry&) = delete;
  Entry& operator=(const Entry&) = delete;
  explicit operator bool() const { return let_in_; }

 private:
  const int made_in_;
  bool let_in_;
};

}  // namespace

int generation() { return forks.load(); }

void after_fork() {
  ++forks;
  if (client_made.load()) cut_off = true;
  outside = 0;
  inside = 0;
  visits = 0;
  process = new Process;
}

bool cut_off_by_fork() { return cut_off.load(); }
void note_client_made() { client_made = true; }
bool shutting_down() { return at_end.load(); }

void close_at_exit(const std::weak_ptr<void>& owner, std::function<void()> close) {
  std::lock_guard lock(process->mutex);
  std::erase_if(process->at_exit, [](const AtExit& one) { return one.owner.expired(); });
  process->at_exit.push_back({owner, std::move(close)});
}

bool leaving() { return at_end.load() && std::this_thread::get_id() != ending_thread; }

void shut_down() {
  ending_thread = std::this_thread::get_id();
  at_end = true;
  std::vector<AtExit> closing;
  Released released;
  {
    std::lock_guard lock(process->mutex);
    closing.swap(process->at_exit);
  }
  for (const AtExit& one : closing) {
    if (const auto owner = one.owner.lock()) one.close();
  }
  // Calls of daemon threads have their answer now, or give up at their next slice. Back in Python
  // they cannot come in here again; a thread that came back later would end the process, as would
  // one of ours that still runs or drops a callable. A thread that connects ends since its client
  // is closed.
  const auto deadline = std::chrono::steady_clock::now() + kLeaveWait;
  while ((outside.load() > 1 || inside.load() > 0 || visits.load() > 0 || job_threads() > 0) &&
         std::chrono::steady_clock::now() < deadline) {
    std::this_thread::sleep_for(std::chrono::milliseconds(1));
  }
}

Visit::Visit() : made_in_(generation()) {
  if (leaving()) raise_ending();
  ++visits;
}

Visit::~Visit() {
  if (made_in_ == generation()) --visits;  // A fork counts anew.
}

Released::Released() {
  ++outside;
  state_ = PyEval_SaveThread();
}

Released::~Released() {
  PyEval_RestoreThread(state_);
  --outside;
}

Callback::Callback(const py::object& callable) {
  callable_ = std::shared_ptr<PyObject>(callable.inc_ref().ptr(), [](PyObject* object) {
    const Entry entry;
    if (!entry) return;
    py::gil_scoped_acquire gil;
    Py_DECREF(object);
  });
}

void Callback::call(const std::function<py::tuple()>& arguments) const {
  const Entry entry;
  if (callable_ == nullptr || !entry) return;
  py::gil_scoped_acquire gil;
  ++callbacks_running;
  try {
    const py::handle function(callable_.get());
    function(*arguments());
  } catch (py::error_already_set& raised) {
    raised.restore();
    PyErr_WriteUnraisable(callable_.get());
  } catch (const std::exception& error) {
    PyErr_SetString(PyExc_RuntimeError, error.what());
    PyErr_WriteUnraisable(callable_.get());
  }
  --callbacks_running;
}

void refuse_in_callback() {
  if (callbacks_running == 0) return;
  Error error;
  error.code = ErrorCode::kFailed;
  error.message =
      "A blocking call cannot be made from a callback: it would wait for itself. Hand the work to "
      "another thread.";
  raise(error);
}

}  // namespace starling::python
