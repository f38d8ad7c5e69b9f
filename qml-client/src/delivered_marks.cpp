// See delivered_marks.h.
#include "qml-client/src/delivered_marks.h"

#include <algorithm>
#include <utility>

namespace starling_app {

DeliveredMarks::DeliveredMarks(Shown shown, QObject* parent)
    : QObject(parent), shown_(std::move(shown)) {
  pause_.setSingleShot(true);
  pause_.setTimerType(Qt::PreciseTimer);  // A coarse one may end early.
  pause_.setInterval(kPauseMs);
  connect(&pause_, &QTimer::timeout, this, &DeliveredMarks::tell);
}

void DeliveredMarks::add(qint64 conversation, qint64 seq) {
  if (!shown_(conversation).value_or(true)) return;
  Mark& mark = marks_[conversation];
  mark.seq = std::max(mark.seq, seq);
  if (!pause_.isActive()) tell();
}

void DeliveredMarks::reset() {
  marks_.clear();
  pause_.stop();
}

void DeliveredMarks::tell() {
  std::vector<starling::DeliveredMark> told;
  for (auto at = marks_.begin(); at != marks_.end() && told.size() < kMaxMarks;) {
    const std::optional<bool> shown = shown_(at->first);
    if (!shown && ++at->second.waited <= kPatience) {
      ++at;
      continue;
    }
    if (shown.value_or(false)) told.push_back({at->first, at->second.seq});
    at = marks_.erase(at);
  }
  if (!told.empty() || !marks_.empty()) pause_.start();
  if (!told.empty()) emit marks_wanted(told);
}

}  // namespace starling_app
