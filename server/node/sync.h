// A mutex, its lock and a condition that clang's thread-safety analysis understands.
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
#define STARLING_REQUIRES(x) STARLING_TSA(requires_capability(x))

namespace starling::node {

using SteadyTime = std::chrono::steady_clock::time_point;

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

class Condition {
 public:
  void wait_until(Mutex& mutex, SteadyTime deadline) STARLING_REQUIRES(mutex) {
    std::unique_lock<std::mutex> lock(mutex.mutex_, std::adopt_lock);
    condition_.wait_until(lock, deadline);
    lock.release();
  }
  void notify_one() { condition_.notify_one(); }
  void notify_all() { condition_.notify_all(); }

 private:
  std::condition_variable condition_;
};

// No wait in the node is without an end: idle threads look around this often.
inline constexpr std::chrono::milliseconds kIdleWait{500};

}  // namespace starling::node
