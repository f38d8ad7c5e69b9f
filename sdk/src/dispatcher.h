// The callback thread: runs the user's callbacks, one at a time, in order.
#pragma once

#include <deque>
#include <functional>
#include <memory>
#include <thread>

#include "sdk/src/thread_annotations.h"

namespace starling::sdk {

class Dispatcher {
 public:
  Dispatcher();
  ~Dispatcher();
  Dispatcher(const Dispatcher&) = delete;
  Dispatcher& operator=(const Dispatcher&) = delete;

  // From any thread. False once stopped. Those who post bound what they have waiting here: sends by
  // max_queued_writes, events by the subscription's window.
  bool post(std::function<void()> callback);
  // Runs what waits, then ends the thread. On the callback thread itself it only asks for the end.
  void stop();
  bool on_callback_thread() const { return std::this_thread::get_id() == thread_id_; }

 private:
  struct State;
  static void run(const std::shared_ptr<State>& state);

  std::shared_ptr<State> state_;
  std::thread thread_;
  std::thread::id thread_id_;
};

}  // namespace starling::sdk
