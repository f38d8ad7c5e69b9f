// Threads for the few calls of the SDK that only block.
#include "bindings/src/jobs.h"

#include <deque>
#include <mutex>
#include <thread>
#include <utility>

namespace starling::python {
namespace {

// Opening a hundred streams at once is no reason for more: a program of ours keeps within 16.
constexpr int kThreads = 2;

struct Pool {
  std::mutex mutex;
  std::deque<std::function<void()>> waiting;
  int threads = 0;
  int alone = 0;
};

Pool* pool = new Pool;  // Never freed: its threads may outlive everything else.

void work(Pool* mine) {
  while (true) {
    std::function<void()> job;
    {
      std::lock_guard lock(mine->mutex);
      if (mine->waiting.empty()) {
        --mine->threads;
        return;
      }
      job = std::move(mine->waiting.front());
      mine->waiting.pop_front();
    }
    job();
  }
}

}  // namespace

void run_job(Job kind, std::function<void()> job) {
  std::lock_guard lock(pool->mutex);
  if (kind == Job::kAlone) {
    ++pool->alone;
    std::thread([job = std::move(job), mine = pool]() mutable {
      job();
      job = nullptr;  // With all that it holds.
      std::lock_guard done(mine->mutex);
      --mine->alone;
    }).detach();
    return;
  }
  pool->waiting.push_back(std::move(job));
  if (pool->threads >= kThreads) return;
  ++pool->threads;
  std::thread(work, pool).detach();
}

int job_threads() {
  std::lock_guard lock(pool->mutex);
  return pool->threads + pool->alone;
}

void forget_jobs() { pool = new Pool; }

}  // namespace starling::python
