// Small questions to the servers that nobody waits for: names and previews of many conversations.
// At most kMaxInFlight are under way, the others wait in order, each once. Lives on the GUI thread.
#pragma once

#include <QString>
#include <deque>
#include <functional>
#include <set>

namespace starling_app {

class Lookups {
 public:
  // Enough to hide the way there and back; few enough that a person's own questions find room.
  static constexpr int kMaxInFlight = 8;

  // Asks one question now; answered() follows when it has been answered, well or not.
  using Ask = std::function<void()>;

  // `key`: what is asked. What waits under the same key is asked once; what is under way may be
  // older than the wish, and is asked again.
  void want(const QString& key, Ask ask);
  void answered();
  // Forgets what waits. What was under way must not be told to answered() any more.
  void reset();

  int in_flight() const { return in_flight_; }
  int waiting() const { return static_cast<int>(queue_.size()); }

 private:
  struct Wish {
    QString key;
    Ask ask;
  };

  void go_on();

  std::deque<Wish> queue_;  // Bounded by the keys: two for each conversation.
  std::set<QString> keys_;  // Of queue_.
  int in_flight_ = 0;
};

}  // namespace starling_app
