// The callback thread.
#include "sdk/src/dispatcher.h"

#include <utility>

namespace starling::sdk {

struct Dispatcher::State {
  Mutex mutex;
  CondVar wake;
  std::deque<std::function<void()>> waiting STARLING_GUARDED_BY(mutex);
  bool stopping STARLING_GUARDED_BY(mutex) = false;
};

Dispatcher::Dispatcher() : state_(std::make_shared<State>()) {
  thread_ = std::thread([state = state_] { run(state); });
  thread_id_ = thread_.get_id();
}

Dispatcher::~Dispatcher() {
  stop();
  if (thread_.joinable()) thread_.detach();  // Destroyed by a callback: it ends by itself.
}

bool Dispatcher::post(std::function<void()> callback) {
  MutexLock lock(state_->mutex);
  if (state_->stopping) return false;
  state_->waiting.push_back(std::move(callback));
  if (state_->waiting.size() == 1) state_->wake.notify_one();
  return true;
}

void Dispatcher::stop() {
  {
    MutexLock lock(state_->mutex);
    state_->stopping = true;
    state_->wake.notify_one();
  }
  if (thread_.joinable() && std::this_thread::get_id() != thread_id_) thread_.join();
}

void Dispatcher::run(const std::shared_ptr<State>& state) {
  std::deque<std::function<void()>> batch;
  while (true) {
    {
      MutexLock lock(state->mutex);
      while (state->waiting.empty() && !state->stopping) state->wake.wait(state->mutex);
      if (state->waiting.empty()) return;
      batch.swap(state->waiting);
    }
    for (std::function<void()>& callback : batch) {
      callback();
      callback = nullptr;
    }
    batch.clear();
  }
}

}  // namespace starling::sdk
