// Virtual time: what is to happen, in order of time and then of asking.
#pragma once

#include <cstdint>
#include <functional>
#include <vector>

#include "server/core/types.h"

namespace starling::sim {

class Scheduler {
 public:
  core::TimeUs now_us() const { return now_us_; }
  void at(core::TimeUs when_us, std::function<void()> action);
  void after(core::TimeUs delay_us, std::function<void()> action);

  // Runs the next action due by `limit_us`; false, and the time moves there, when there is none.
  bool run_next(core::TimeUs limit_us);

 private:
  struct Item {
    core::TimeUs when_us;
    std::uint64_t order;
    std::function<void()> action;
  };
  static bool later(const Item& a, const Item& b);

  core::TimeUs now_us_ = 0;
  std::uint64_t next_order_ = 0;
  std::vector<Item> heap_;
};

}  // namespace starling::sim
