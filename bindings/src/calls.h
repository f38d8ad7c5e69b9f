// How an operation of the SDK becomes a Python call: one that waits, or one that answers through a
// callable.
#pragma once

#include <pybind11/pybind11.h>

#include <chrono>
#include <condition_variable>
#include <memory>
#include <mutex>
#include <optional>
#include <utility>

#include "bindings/src/runtime.h"
#include "bindings/src/values.h"
#include "starling/client.h"

namespace starling::python {

// Between two looks for signals, so that Ctrl-C ends a wait.
constexpr std::chrono::milliseconds kSlice{40};

// Where a blocking call waits. It outlives the call when that is given up.
template <typename T>
class Waiting {
 public:
  void set(Result<T> result) {
    std::lock_guard lock(mutex_);
    result_.emplace(std::move(result));
    ready_.notify_all();
  }
  bool wait(std::chrono::milliseconds time) {
    std::unique_lock lock(mutex_);
    return ready_.wait_for(lock, time, [this] { return result_.has_value(); });
  }
  Result<T> take() {
    std::lock_guard lock(mutex_);
    return std::move(*result_);
  }

 private:
  std::mutex mutex_;
  std::condition_variable ready_;
  std::optional<Result<T>> result_;
};

// What an asynchronous call gives to Python.
class CallHandle {
 public:
  explicit CallHandle(Call call)
      : call_(std::make_shared<Call>(std::move(call))), generation_(generation()) {}
  ~CallHandle() { let_go(std::move(call_), generation_); }
  CallHandle(const CallHandle&) = delete;
  CallHandle& operator=(const CallHandle&) = delete;
  CallHandle(CallHandle&&) noexcept = default;
  CallHandle& operator=(CallHandle&&) = delete;

  void cancel() const {
    if (generation_ != generation() || leaving()) return;
    Released released;
    call_->cancel();
  }

 private:
  std::shared_ptr<Call> call_;
  int generation_;
};

// Starts an operation and waits for its answer without the GIL. A signal handler that raises (as
// Ctrl-C does) cancels the operation.
template <typename T, typename Start, typename Convert>
py::object wait_for(Start& start, Convert& convert) {
  refuse_in_callback();
  const auto waiting = std::make_shared<Waiting<T>>();
  Call call;
  bool ready = false;
  {
    Released released;
    call = start([waiting](Result<T> result) { waiting->set(std::move(result)); });
    ready = waiting->wait(kSlice);
  }
  while (!ready) {
    if (PyErr_CheckSignals() != 0) {
      py::error_already_set interrupted;
      {
        Released released;
        call.cancel();
      }
      throw interrupted;
    }
    if (shutting_down()) raise_ending();
    Released released;
    ready = waiting->wait(kSlice);
  }
  Result<T> result = waiting->take();
  if (!result.ok()) raise(result.error());
  return convert(std::move(*result));
}

// Starts an operation that calls `done(value, error)`, one of them None, on the client's callback
// thread.
template <typename T, typename Start, typename Convert>
py::object begin(const py::object& done, Start& start, Convert& convert) {
  Call call;
  {
    const Callback callback(done);
    Released released;
    call = start([callback, convert](Result<T> result) {
      callback.call([&] {
        return result.ok() ? py::make_tuple(convert(std::move(*result)), py::none())
                           : py::make_tuple(py::none(), to_python(result.error()));
      });
    });
  }
  return py::cast(CallHandle(std::move(call)));
}

// Either, as `done` is None or a callable. `start` takes a Done<T> and gives a Call; `convert`
// makes the Python object of the value, under the GIL.
template <typename T, typename Start, typename Convert>
py::object answer(const py::object& done, Start start, Convert convert) {
  return done.is_none() ? wait_for<T>(start, convert) : begin<T>(done, start, convert);
}

template <typename T, typename Start>
py::object answer(const py::object& done, Start start) {
  return answer<T>(done, std::move(start), [](T value) { return to_python(value); });
}

// Seconds, as Python has them; none: the client's own.
using Timeout = std::optional<double>;

inline std::optional<std::chrono::milliseconds> to_ms(const Timeout& seconds) {
  if (!seconds.has_value()) return std::nullopt;
  const auto ms = static_cast<std::int64_t>(*seconds * 1'000.0 + 0.5);
  return std::chrono::milliseconds(ms < 1 ? 1 : ms);
}

inline CallOptions call_options(const Timeout& timeout) { return CallOptions{to_ms(timeout)}; }

// A level as _check.level() gives it: -1 session, 0 linearizable, above 0 the staleness in ms.
inline ReadOptions read_options(std::int64_t level, const Timeout& timeout) {
  ReadOptions options;
  if (level == 0) options.level = ReadLevel::kLinearizable;
  if (level > 0) {
    options.level = ReadLevel::kStale;
    options.max_staleness = std::chrono::milliseconds(level);
  }
  options.timeout = to_ms(timeout);
  return options;
}

}  // namespace starling::python
