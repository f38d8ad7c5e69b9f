// See log.h.
#include "server/core/log.h"

#include <algorithm>

#include "server/core/check.h"

namespace starling::core {

Log::Log(const Restored& restored, std::size_t cache_bytes)
    : cache_bytes_(cache_bytes),
      base_index_(restored.base_index),
      first_cached_(restored.tail.empty() ? restored.last_index + 1 : restored.tail.front()->index),
      last_index_(restored.last_index),
      durable_index_(restored.last_index),
      applied_index_(restored.applied_index),
      stamp_before_cache_ms_(restored.last_stamp_ms) {
  STARLING_CORE_CHECK(applied_index_ <= last_index_,
                      "the restored log ends before what is applied");
  STARLING_CORE_CHECK(base_index_ <= applied_index_,
                      "the restored log begins behind what is applied");
  STARLING_CORE_CHECK(first_cached_ <= applied_index_ + 1 && first_cached_ > base_index_,
                      "the restored tail has a gap");
  const auto& given = restored.term_runs;
  STARLING_CORE_CHECK(given.empty() == (last_index_ == base_index_),
                      "restored terms and log differ");
  STARLING_CORE_CHECK(given.empty() || (given.front().first == base_index_ + 1 &&
                                        given.back().first <= last_index_),
                      "restored terms do not cover the log");
  if (base_index_ > 0) runs_.emplace_back(base_index_, restored.base_term);
  runs_.insert(runs_.end(), given.begin(), given.end());
  Index expected = first_cached_;
  for (const EntryPtr& entry : restored.tail) {
    STARLING_CORE_CHECK(entry->index == expected && term_at(expected) == entry->term,
                        "the restored tail does not fit the terms");
    ++expected;
    (entry->index <= applied_index_ ? applied_bytes_ : unapplied_bytes_) += bytes_of(*entry);
    cache_.push_back(entry);
  }
  STARLING_CORE_CHECK(expected == last_index_ + 1, "the restored tail ends early");
}

Term Log::term_at(Index index) const {
  if (index == 0 || index < base_index_ || index > last_index_) return 0;
  // The ends are asked for most.
  if (index >= runs_.back().first) return runs_.back().second;
  auto it = std::upper_bound(runs_.begin(), runs_.end(), index,
                             [](Index i, const auto& run) { return i < run.first; });
  return std::prev(it)->second;
}

WallMs Log::last_stamp_ms() const {
  return cache_.empty() ? stamp_before_cache_ms_ : cache_.back()->stamp_ms;
}

Index Log::last_with_term_at_most(Index index, Term term) const {
  index = std::min(index, last_index_);
  for (auto run = runs_.rbegin(); run != runs_.rend() && index > 0; ++run) {
    if (run->first > index) continue;
    if (run->second <= term) return index;
    index = run->first - 1;
  }
  return index;
}

const EntryPtr& Log::entry(Index index) const {
  STARLING_CORE_CHECK(cached(index), "an entry was wanted that is not in memory");
  return cache_[index - first_cached_];
}

std::vector<EntryPtr> Log::slice(Index from, std::size_t max_entries, std::size_t max_bytes) const {
  STARLING_CORE_CHECK(cached(from), "a slice was wanted that is not in memory");
  std::vector<EntryPtr> entries;
  std::size_t bytes = 0;
  for (Index i = from; i <= last_index_ && entries.size() < std::max<std::size_t>(max_entries, 1);
       ++i) {
    const EntryPtr& next = cache_[i - first_cached_];
    bytes += bytes_of(*next);
    if (!entries.empty() && bytes > max_bytes) break;
    entries.push_back(next);
  }
  return entries;
}

void Log::append(EntryPtr entry) {
  STARLING_CORE_CHECK(entry->index == last_index_ + 1, "an append would leave a gap in the log");
  STARLING_CORE_CHECK(entry->term >= last_term(), "terms would go back along the log");
  if (runs_.empty() || runs_.back().second != entry->term) {
    runs_.emplace_back(entry->index, entry->term);
  }
  unapplied_bytes_ += bytes_of(*entry);
  ++last_index_;
  cache_.push_back(std::move(entry));
}

void Log::truncate_from(Index first) {
  STARLING_CORE_CHECK(first > applied_index_ && first > base_index_,
                      "an applied entry would be cut off");
  while (last_index_ >= first) {
    unapplied_bytes_ -= bytes_of(*cache_.back());
    cache_.pop_back();
    --last_index_;
  }
  while (!runs_.empty() && runs_.back().first >= first) runs_.pop_back();
  durable_index_ = std::min(durable_index_, first - 1);
  for (Write& write : writes_) write.valid = std::min(write.valid, first - 1);
}

void Log::write_started(Term accepting_term, TimeUs now_us) {
  writes_.push_back({accepting_term, last_index_, last_index_, now_us});
}

void Log::write_finished(Term accepting_term, Index index) {
  const auto found = std::find_if(writes_.begin(), writes_.end(), [&](const Write& write) {
    return write.accepting_term == accepting_term && write.last == index;
  });
  if (found == writes_.end()) return;  // Not one of ours: says nothing about this log.
  // Completions are FIFO: whatever was ordered before it is done too.
  for (auto it = writes_.begin(); it != std::next(found); ++it) {
    durable_index_ = std::max(durable_index_, it->valid);
  }
  writes_.erase(writes_.begin(), std::next(found));
}

std::optional<TimeUs> Log::oldest_write_us() const {
  if (writes_.empty()) return std::nullopt;
  return writes_.front().since_us;
}

void Log::applied(Index index) {
  STARLING_CORE_CHECK(index <= durable_index_, "more was applied than is durable");
  for (; applied_index_ < index; ++applied_index_) {
    const std::size_t bytes = bytes_of(*entry(applied_index_ + 1));
    unapplied_bytes_ -= bytes;
    applied_bytes_ += bytes;
  }
  while (applied_bytes_ > cache_bytes_ && first_cached_ <= applied_index_) let_go_of_first();
}

void Log::let_go_of_first() {
  applied_bytes_ -= bytes_of(*cache_.front());
  stamp_before_cache_ms_ = cache_.front()->stamp_ms;
  cache_.pop_front();
  ++first_cached_;
}

void Log::compact_to(Index index) {
  STARLING_CORE_CHECK(index <= applied_index_, "an entry that is not applied would be compacted");
  if (index <= base_index_) return;
  const Term term = term_at(index);
  const auto kept = std::upper_bound(runs_.begin(), runs_.end(), index,
                                     [](Index i, const auto& run) { return i < run.first; });
  runs_.erase(runs_.begin(), kept);
  runs_.insert(runs_.begin(), {index, term});
  base_index_ = index;
  while (first_cached_ <= index) let_go_of_first();
}

}  // namespace starling::core
