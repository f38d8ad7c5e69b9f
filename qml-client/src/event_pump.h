// The stream of events on a thread of its own, handed to the GUI in batches, one at a time: the
// next one is what has come until the GUI answered. A busy window slows the stream down, and the
// servers keep the rest.
#pragma once

#include <atomic>
#include <condition_variable>
#include <functional>
#include <mutex>
#include <thread>
#include <vector>

#include "starling/client.h"

namespace starling_app {

class EventPump {
 public:
  // Called on the pump's thread.
  struct Listener {
    std::function<void()> live;  // Everything from here on will come: load the present now.
    std::function<void(std::vector<starling::Event>)> events;  // Answer each with taken().
    std::function<void(starling::Error)> ended;  // It cannot go on (the session has ended).
  };

  EventPump(starling::Session session, Listener listener);
  ~EventPump();  // Ends the thread; waits for the listener that runs.
  EventPump(const EventPump&) = delete;
  EventPump& operator=(const EventPump&) = delete;

  void taken();

 private:
  static constexpr std::size_t kMaxBatch = 1'024;

  void loop();
  bool pump(starling::Subscription& stream);  // False: the listener was told of the end.
  bool wait_for_room();
  void hand_over(std::vector<starling::Event> batch);
  bool rest();  // Between attempts. False: ending.

  starling::Session session_;
  const Listener listener_;
  std::mutex mutex_;
  std::condition_variable changed_;
  bool in_flight_ = false;  // A batch that was not answered yet.
  bool ending_ = false;
  std::thread thread_;
};

}  // namespace starling_app
