// A binary heap of actions.
#include "tests/lib/scheduler.h"

#include <algorithm>
#include <utility>

namespace starling::sim {

bool Scheduler::later(const Item& a, const Item& b) {
  return a.when_us != b.when_us ? a.when_us > b.when_us : a.order > b.order;
}

void Scheduler::at(core::TimeUs when_us, std::function<void()> action) {
  heap_.push_back({std::max(when_us, now_us_), next_order_++, std::move(action)});
  std::push_heap(heap_.begin(), heap_.end(), later);
}

void Scheduler::after(core::TimeUs delay_us, std::function<void()> action) {
  at(now_us_ + delay_us, std::move(action));
}

bool Scheduler::run_next(core::TimeUs limit_us) {
  if (heap_.empty() || heap_.front().when_us > limit_us) {
    now_us_ = std::max(now_us_, limit_us);
    return false;
  }
  std::pop_heap(heap_.begin(), heap_.end(), later);
  Item item = std::move(heap_.back());
  heap_.pop_back();
  now_us_ = item.when_us;
  item.action();
  return true;
}

}  // namespace starling::sim
