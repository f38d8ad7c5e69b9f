// See lookups.h.
#include "qml-client/src/lookups.h"

#include <utility>

namespace starling_app {

void Lookups::want(const QString& key, Ask ask) {
  if (!keys_.insert(key).second) return;
  queue_.push_back({key, std::move(ask)});
  go_on();
}

void Lookups::answered() {
  if (in_flight_ > 0) --in_flight_;
  go_on();
}

void Lookups::reset() {
  queue_.clear();
  keys_.clear();
  in_flight_ = 0;
}

void Lookups::go_on() {
  while (in_flight_ < kMaxInFlight && !queue_.empty()) {
    const Wish next = std::move(queue_.front());
    queue_.pop_front();
    keys_.erase(next.key);
    ++in_flight_;
    next.ask();
  }
}

}  // namespace starling_app
