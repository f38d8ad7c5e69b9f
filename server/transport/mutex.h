// A mutex, its lock and a condition that clang's thread-safety analysis understands, and the macros
// that say what they guard. The node uses them too.
#pragma once

#include <chrono>
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
  friend class Condition;
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
  void wait(Mutex& mutex) STARLING_REQUIRES(mutex) {
    std::unique_lock<std::mutex> lock(mutex.mutex_, std::adopt_lock);
    condition_.wait(lock);
    lock.release();
  }
  void wait_until(Mutex& mutex, std::chrono::steady_clock::time_point deadline)
      STARLING_REQUIRES(mutex) {
    std::unique_lock<std::mutex> lock(mutex.mutex_, std::adopt_lock);
    condition_.wait_until(lock, deadline);
    lock.release();
  }
  void notify_one() { condition_.notify_one(); }
  void notify_all() { condition_.notify_all(); }

 private:
  std::condition_variable condition_;
};

}  // namespace starling::transport
