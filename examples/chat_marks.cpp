// What one has read, and what has reached this device.
#include "examples/chat_marks.h"

#include <algorithm>
#include <utility>
#include <vector>

namespace {

constexpr std::size_t kMostAtOnce = 200;

}  // namespace

void Marks::begin(starling::Session session) {
  const std::lock_guard lock(mutex_);
  session_ = std::move(session);
}

void Marks::note(Seqs& due, Seqs& noted, std::int64_t conversation, std::int64_t seq) {
  std::int64_t& highest = noted[conversation];
  if (seq <= highest) return;
  highest = seq;
  due[conversation] = seq;
}

void Marks::read(std::int64_t conversation, std::int64_t seq) {
  {
    const std::lock_guard lock(mutex_);
    note(read_due_, read_, conversation, seq);
  }
  go_on();
}

void Marks::delivered(std::int64_t conversation, std::int64_t seq) {
  {
    const std::lock_guard lock(mutex_);
    note(delivered_due_, delivered_, conversation, seq);
  }
  go_on();
}

void Marks::go_on() {
  starling::Session session;
  Seqs asked;
  bool reads = false;
  {
    const std::lock_guard lock(mutex_);
    reads = !read_due_.empty();
    Seqs& due = reads ? read_due_ : delivered_due_;
    if (under_way_ || due.empty()) return;
    const std::size_t most = reads ? 1 : kMostAtOnce;
    while (!due.empty() && asked.size() < most) asked.insert(due.extract(due.begin()));
    under_way_ = true;
    session = session_;
  }
  const auto done = [this, reads, asked](const starling::Status& status) {
    answered(status, reads, asked);
  };
  if (reads) {
    session.mark_read_async(asked.begin()->first, asked.begin()->second, done);
    return;
  }
  std::vector<starling::DeliveredMark> marks;
  for (const auto& [conversation, seq] : asked) marks.push_back({conversation, seq});
  session.mark_delivered_async(marks, done);
}

void Marks::answered(const starling::Status& status, bool was_read, const Seqs& asked) {
  {
    const std::lock_guard lock(mutex_);
    under_way_ = false;
    if (!status && status.error().retryable) {
      Seqs& due = was_read ? read_due_ : delivered_due_;
      for (const auto& [conversation, seq] : asked) {
        due[conversation] = std::max(due[conversation], seq);
      }
      return;  // go_on() comes again.
    }
  }
  go_on();
}

bool Marks::told() {
  const std::lock_guard lock(mutex_);
  return !under_way_ && read_due_.empty() && delivered_due_.empty();
}
