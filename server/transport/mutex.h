// A mutex that clang's thread-safety analysis understands, and the macros that say what it guards.
#pragma once

#include <condition_variable>
#include <mutex>

#if defined(__clang__)
#define STARLING_TSA(x) __attribute__((x))
#else
#define STARLING_TSA(x)
#endif
#define STARLING_GUARDED_BY(x) STARLING_TSA(guarded_by(x))
#define STARLING_REQUIRES(...) STARLING_TSA(requires_capability(__VA_ARGS__))

namespace starling::transport {

class STARLING_TSA(capability("mutex")) Mutex {
 public:
  void lock() STARLING_TSA(acquire_capability()) { mutex_.lock(); }
  void unlock() STARLING_TSA(release_capability()) { mutex_.unlock(); }

 private:
  std::mutex mutex_;
};

class STARLING_TSA(scoped_lockable) MutexLock {
 public:
  explicit MutexLock(Mutex& mutex) STARLING_TSA(acquire_capability(mutex)) : mutex_(mutex) {
    mutex_.lock();
  }
  ~MutexLock() STARLING_TSA(release_capability()) { mutex_.unlock(); }
  MutexLock(const MutexLock&) = delete;
  MutexLock& operator=(const MutexLock&) = delete;

 private:
  Mutex& mutex_;
};

// Waits while the caller holds the mutex (the analysis sees it as held throughout).
class Condition {
 public:
  void wait(Mutex& mutex) STARLING_TSA(requires_capability(mutex)) { condition_.wait(mutex); }
  template <typename TimePoint>
  void wait_until(Mutex& mutex, TimePoint deadline) STARLING_TSA(requires_capability(mutex)) {
    condition_.wait_until(mutex, deadline);
  }
  void notify_one() { condition_.notify_one(); }
  void notify_all() { condition_.notify_all(); }

 private:
  std::condition_variable_any condition_;
};

}  // namespace starling::transport
