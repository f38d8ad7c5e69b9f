// A mutex, a lock and a condition variable that clang's thread-safety analysis understands.
#pragma once

#include <chrono>
#include <condition_variable>
#include <mutex>

#if defined(__clang__)
#define STARLING_ANNOTATE(x) __attribute__((x))
#else
#define STARLING_ANNOTATE(x)
#endif

#define STARLING_CAPABILITY(x) STARLING_ANNOTATE(capability(x))
#define STARLING_SCOPED_CAPABILITY STARLING_ANNOTATE(scoped_lockable)
#define STARLING_GUARDED_BY(x) STARLING_ANNOTATE(guarded_by(x))
#define STARLING_REQUIRES(...) STARLING_ANNOTATE(requires_capability(__VA_ARGS__))
#define STARLING_EXCLUDES(...) STARLING_ANNOTATE(locks_excluded(__VA_ARGS__))
#define STARLING_ACQUIRE(...) STARLING_ANNOTATE(acquire_capability(__VA_ARGS__))
#define STARLING_RELEASE(...) STARLING_ANNOTATE(release_capability(__VA_ARGS__))
#define STARLING_NO_THREAD_SAFETY_ANALYSIS STARLING_ANNOTATE(no_thread_safety_analysis)

namespace starling::sdk {

class STARLING_CAPABILITY("mutex") Mutex {
 public:
  void lock() STARLING_ACQUIRE() { mutex_.lock(); }
  void unlock() STARLING_RELEASE() { mutex_.unlock(); }
  std::mutex& native() { return mutex_; }

 private:
  std::mutex mutex_;
};

class STARLING_SCOPED_CAPABILITY MutexLock {
 public:
  explicit MutexLock(Mutex& mutex) STARLING_ACQUIRE(mutex) : mutex_(mutex) { mutex_.lock(); }
  ~MutexLock() STARLING_RELEASE() { mutex_.unlock(); }
  MutexLock(const MutexLock&) = delete;
  MutexLock& operator=(const MutexLock&) = delete;

 private:
  Mutex& mutex_;
};

class CondVar {
 public:
  // Returns at the deadline at the latest; may also wake for nothing.
  void wait_until(Mutex& mutex, std::chrono::steady_clock::time_point deadline)
      STARLING_REQUIRES(mutex) {
    std::unique_lock<std::mutex> lock(mutex.native(), std::adopt_lock);
    condition_.wait_until(lock, deadline);
    lock.release();
  }
  void wait(Mutex& mutex) STARLING_REQUIRES(mutex) {
    std::unique_lock<std::mutex> lock(mutex.native(), std::adopt_lock);
    condition_.wait(lock);
    lock.release();
  }
  void notify_one() { condition_.notify_one(); }
  void notify_all() { condition_.notify_all(); }

 private:
  std::condition_variable condition_;
};

}  // namespace starling::sdk
