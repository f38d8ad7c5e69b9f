// The log as the core sees it: terms of every index behind its base (run by run), the entries near
// the end in memory, and what of it is durable. Knows nothing of roles or commits but the floor it
// must keep.
#pragma once

#include <deque>
#include <utility>
#include <vector>

#include "server/core/core.h"

namespace starling::core {

class Log {
 public:
  explicit Log(const Restored& restored, std::size_t cache_bytes);

  // Entries up to here have been compacted away; all of them were applied. 0: none.
  Index base_index() const { return base_index_; }
  Term base_term() const { return term_at(base_index_); }
  Index last_index() const { return last_index_; }
  Term last_term() const { return term_at(last_index_); }
  // Durable in this node's own log, and still part of it.
  Index durable_index() const { return durable_index_; }
  Term durable_term() const { return term_at(durable_index_); }
  Term term_at(Index index) const;  // 0 for index 0, below the base and beyond the end.
  WallMs last_stamp_ms() const;

  // The largest index <= `index` (and within the log) whose term is <= `term`; 0 if none. Both
  // sides use it to skip whole runs of conflicting terms (dissertation section 3.5, fast back-up).
  // Below the base nothing is known, and the answer is some index below it.
  Index last_with_term_at_most(Index index, Term term) const;

  bool cached(Index index) const { return index >= first_cached_ && index <= last_index_; }
  const EntryPtr& entry(Index index) const;  // Must be cached.
  // From `from` (cached) on, at least one entry, within the limits.
  std::vector<EntryPtr> slice(Index from, std::size_t max_entries, std::size_t max_bytes) const;

  void append(EntryPtr entry);
  // Removes `first` and everything after it. What is being written of it will not count.
  void truncate_from(Index first);

  // A write was ordered, ending at the present last index.
  void write_started(Term accepting_term, TimeUs now_us);
  // It is done (R2.1): counts only as far as nothing was overwritten since, and only if the
  // accepting term matches.
  void write_finished(Term accepting_term, Index index);
  // When the oldest unfinished write was ordered; nullopt if there is none.
  std::optional<TimeUs> oldest_write_us() const;

  // The state machine holds everything up to here: older entries may leave memory.
  void applied(Index index);
  // `index`, which is applied, is the new base.
  void compact_to(Index index);
  // Bytes of the entries that are not applied yet.
  std::size_t unapplied_bytes() const { return unapplied_bytes_; }
  static std::size_t bytes_of(const Entry& entry) { return entry.data.size() + 64; }

 private:
  struct Write {
    Term accepting_term = 0;
    Index last = 0;
    Index valid = 0;  // Up to here nothing was overwritten since.
    TimeUs since_us = 0;
  };

  void let_go_of_first();

  const std::size_t cache_bytes_;
  Index base_index_ = 0;
  // {first index, term}, ascending; the first one is the base's, if there is a base.
  std::vector<std::pair<Index, Term>> runs_;
  std::deque<EntryPtr> cache_;  // first_cached_ .. last_index_
  Index first_cached_ = 1;
  Index last_index_ = 0;
  Index durable_index_ = 0;
  Index applied_index_ = 0;
  WallMs stamp_before_cache_ms_ = 0;
  std::size_t applied_bytes_ = 0;  // Of what is applied and still cached.
  std::size_t unapplied_bytes_ = 0;
  std::deque<Write> writes_;
};

}  // namespace starling::core
