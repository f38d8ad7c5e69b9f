// Threads beside the GUI's: a queue of blocking jobs, and the way back.
#pragma once

#include <QCoreApplication>
#include <QMetaObject>
#include <QPointer>
#include <condition_variable>
#include <deque>
#include <functional>
#include <mutex>
#include <thread>
#include <utility>

namespace starling_app {

// Runs `then(owner)` on the GUI thread, unless the owner is gone by then. Callable from any thread
// while the application object lives.
template <typename Owner, typename Then>
void to_gui(const QPointer<Owner>& owner, Then then) {
  QMetaObject::invokeMethod(
      QCoreApplication::instance(),
      [owner, then = std::move(then)]() mutable {
        if (owner) then(*owner);
      },
      Qt::QueuedConnection);
}

// One thread that runs jobs in order. Its destructor runs what is queued and joins; jobs therefore
// have deadlines of their own.
class Worker {
 public:
  static constexpr std::size_t kMaxJobs = 1'024;

  Worker();
  ~Worker();
  Worker(const Worker&) = delete;
  Worker& operator=(const Worker&) = delete;

  // False, and nothing happens, when kMaxJobs wait already.
  [[nodiscard]] bool run(std::function<void()> job);
  // Taken however many wait, since what such a job holds must not be let go by the caller's thread.
  // For what begins or ends a session: two at most, for nobody logs in again before the file of the
  // last session is let go.
  void must_run(std::function<void()> job);

 private:
  void loop();

  std::mutex mutex_;
  std::condition_variable changed_;
  std::deque<std::function<void()>> jobs_;
  bool ending_ = false;
  std::thread thread_;
};

}  // namespace starling_app
