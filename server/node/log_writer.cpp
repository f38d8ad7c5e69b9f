// See log_writer.h. A failure ends the node's say for good: the core hears PersistFailed, and the
// process ends (R2.6); nothing is tried again.
#include "server/node/log_writer.h"
#include "spdlog/spdlog.h"

#include <utility>

namespace starling::node {

LogWriter::LogWriter(storage::LogStore& log, storage::VoteFile& vote, Mailbox& mailbox, Fatal fatal)
    : log_(log), vote_(vote), mailbox_(mailbox), fatal_(std::move(fatal)) {}

LogWriter::~LogWriter() { stop(); }

void LogWriter::start() {
  thread_ = std::thread([this] { run(); });
}

void LogWriter::push(std::vector<core::Persist>& persist) {
  if (persist.empty()) return;
  bool notify = false;
  {
    MutexLock lock(mutex_);
    for (core::Persist& item : persist) queue_.push_back(std::move(item));
    notify = waiting_;
  }
  persist.clear();
  if (notify) condition_.notify_one();
}

void LogWriter::stop() {
  {
    MutexLock lock(mutex_);
    stop_ = true;
  }
  condition_.notify_all();
  if (thread_.joinable()) thread_.join();
}

void LogWriter::run() {
  std::vector<core::Persist> work;
  bool compacting = false;  // There is more to be done of it.
  for (;;) {
    work.clear();
    {
      MutexLock lock(mutex_);
      if (queue_.empty() && !stop_ && !compacting) {
        waiting_ = true;
        condition_.wait_until(mutex_, std::chrono::steady_clock::now() + kIdleWait);
        waiting_ = false;
      }
      if (queue_.empty() && stop_) return;
      std::swap(work, queue_);
    }
    if (work.empty() ? !compact_some(compacting) : !write(work)) return;
  }
}

// While nothing waits. Under load the entries leave with the appends.
bool LogWriter::compact_some(bool& more) {
  const storage::Status status = log_.compact_some(more);
  if (status.ok()) return true;
  mailbox_.push_event(core::PersistFailed{});
  fatal_("the log could not be compacted: " + status.message());
  return false;
}

bool LogWriter::write(std::vector<core::Persist>& work) {
  std::vector<core::PersistEntries> group;
  for (core::Persist& item : work) {
    if (auto* entries = std::get_if<core::PersistEntries>(&item)) {
      group.push_back(std::move(*entries));
      continue;
    }
    if (!write_entries(group)) return false;
    const core::HardState& hard_state = std::get<core::PersistHardState>(item).hard_state;
    const storage::Status status = vote_.write(hard_state);
    if (!status.ok()) {
      mailbox_.push_event(core::PersistFailed{});
      fatal_("term and vote could not be written: " + status.message());
      return false;
    }
    done_.push_back(core::HardStatePersisted{hard_state});
    mailbox_.push_events(done_);
  }
  return write_entries(group);
}

bool LogWriter::write_entries(std::vector<core::PersistEntries>& group) {
  if (group.empty()) return true;
  const storage::Status status = log_.append(group);
  if (!status.ok()) {
    mailbox_.push_event(core::PersistFailed{});
    if (!status.statement().empty()) spdlog::debug("the statement: {}", status.statement());
    fatal_("the log could not be written: " + status.message());
    return false;
  }
  for (const core::PersistEntries& batch : group) {
    done_.push_back(core::EntriesPersisted{batch.accepting_term, batch.entries.back()->index});
  }
  group.clear();
  mailbox_.push_events(done_);
  return true;
}

}  // namespace starling::node
