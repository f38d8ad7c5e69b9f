// How long one page of a search may take.
#pragma once

#include <chrono>
#include <functional>

namespace starling::search {

// A row can take tens of milliseconds: highlight() is quadratic in the hits of a text. So it is
// looked at between rows as well as inside SQLite.
// Thread contract: one caller at a time.
class PageTime {
 public:
  static constexpr std::chrono::seconds kLongest{2};
  static constexpr std::chrono::seconds kLong{1};  // Then what has been found is enough.

  // `unwanted` says that nobody waits any more; it may be empty, and outlives this.
  explicit PageTime(const std::function<bool()>& unwanted)
      : unwanted_(unwanted), begun_(std::chrono::steady_clock::now()) {}
  bool is_long() const { return std::chrono::steady_clock::now() - begun_ > kLong; }
  bool is_over() {
    passed_ = passed_ || std::chrono::steady_clock::now() - begun_ > kLongest;
    stopped_ = stopped_ || (unwanted_ && unwanted_());
    return passed_ || stopped_;
  }
  bool passed() const { return passed_; }
  bool stopped() const { return stopped_; }

 private:
  const std::function<bool()>& unwanted_;
  const std::chrono::steady_clock::time_point begun_;
  bool passed_ = false;
  bool stopped_ = false;
};

}  // namespace starling::search
