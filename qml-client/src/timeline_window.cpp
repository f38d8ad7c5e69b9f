// What the timeline lets go: what a reload did not confirm, what is more than the window holds, and
// all of it when one jumps elsewhere.
// See timeline_model.h.
#include <algorithm>
#include <utility>

#include "qml-client/src/timeline_model.h"

namespace starling_app {

void TimelineModel::drop_rows(int first, int last) {
  if (first > last) return;
  beginRemoveRows({}, first, last);
  rows_.erase(rows_.begin() + first, rows_.begin() + last + 1);
  endRemoveRows();
  touch_around(first, first - 1);
}

void TimelineModel::drop_stale() {
  stale_ = false;
  for (int end = count(); end > 0;) {
    int begin = end;
    while (begin > 0 && rows_[static_cast<std::size_t>(begin - 1)].stale) --begin;
    if (begin < end) drop_rows(begin, end - 1);
    end = begin - 1;
  }
}

int TimelineModel::first_stored() const {
  const auto at =
      std::find_if(rows_.begin(), rows_.end(), [](const Row& row) { return row.message.seq > 0; });
  return static_cast<int>(at - rows_.begin());
}

void TimelineModel::drop_oldest() {
  const int kept = first_stored() + kMaxStored;
  if (count() <= kept) return;
  drop_rows(kept, count() - 1);
  more_ = true;
  if (asked_before_ > 0) {  // The page that is on its way has no neighbour any more.
    asked_before_ = -1;
    if (!stale_) loading_ = false;
  }
}

void TimelineModel::drop_newest() {
  const int first = first_stored();
  const int spare = count() - first - kMaxStored;
  if (spare <= 0) return;
  latest_ = std::max(latest_, newest_seq());
  detached_ = true;
  drop_rows(first, first + spare - 1);
}

bool TimelineModel::out_of_window(qint64 seq) {
  if (!detached_ || seq <= newest_seq()) return false;
  latest_ = std::max(latest_, seq);
  return true;
}

void TimelineModel::jumpTo(qint64 seq) {
  if (conversation_ == 0 || seq <= 0) return;
  // What is here may be gone with the answer to a reload.
  if (!stale_ && stored_message(seq) != nullptr) {
    jump_ = 0;
    emit jumped(stored_row(seq));
    return;
  }
  jump_ = seq;
  ask_around();
}

// Its answer is as good as the newest page: of a reload it is the end.
void TimelineModel::ask_around() {
  if (stale_) asked_before_ = -1;
  emit around_wanted(conversation_, jump_, ++jump_question_);
}

// The window is elsewhere now: what waits stays, everything else is asked for on the way.
void TimelineModel::apply_around(qint64 conversation, int question,
                                 const starling::MessageWindow& window) {
  if (conversation != conversation_ || question != jump_question_ || jump_ == 0) return;
  if (window.items.empty()) return apply_around_error(conversation, question);
  const qint64 seq = std::exchange(jump_, 0);
  for (const Row& row : rows_) {
    if (!row.stale) latest_ = std::max<qint64>(latest_, row.message.seq);
  }
  drop_rows(first_stored(), count() - 1);
  for (const starling::Message& message : window.items) store(message);
  detached_ = window.more_after || latest_ > newest_seq();
  more_ = window.more_before;
  asked_before_ = -1;  // Pages on their way have no neighbour any more.
  ++era_;
  closed_.clear();
  stale_ = loading_ = asking_newer_ = newer_failed_ = false;
  loaded_ = true;
  notice_.clear();
  emit status_changed();
  // It is not there for who came into the group later.
  emit jumped(std::min(stored_row(seq), count() - 1));
}

void TimelineModel::apply_around_error(qint64 conversation, int question) {
  if (conversation != conversation_ || question != jump_question_ || jump_ == 0) return;
  jump_ = 0;
  if (stale_) reload();
}

void TimelineModel::set_at_newest(bool there) {
  if (there && std::exchange(newer_, 0) > 0) emit newer_changed();
  if (there == at_newest_) return;
  at_newest_ = there;
  emit at_newest_changed();
}

void TimelineModel::toNewest() {
  const bool elsewhere = std::exchange(jump_, 0) != 0 && stale_;
  if (detached_ || elsewhere) reload();
}

void TimelineModel::fetchNewer() {
  if (!detached_ || asking_newer_ || stale_) return;
  asking_newer_ = true;
  emit status_changed();
  emit newer_wanted(conversation_, newest_seq());
}

}  // namespace starling_app
