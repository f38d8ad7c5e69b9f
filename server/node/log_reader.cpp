// See log_reader.h.
#include "server/node/log_reader.h"

#include <utility>

#include "server/node/check.h"
#include "spdlog/spdlog.h"

namespace starling::node {
namespace {

constexpr std::size_t kMaxWaiting = 65'536;  // Far above any number of members.

}  // namespace

LogReader::LogReader(storage::LogStore& log, Mailbox& mailbox, Fatal fatal)
    : log_(log), mailbox_(mailbox), fatal_(std::move(fatal)) {}

LogReader::~LogReader() { stop(); }

void LogReader::start() {
  thread_ = std::thread([this] { run(); });
}

void LogReader::stop() {
  {
    MutexLock lock(mutex_);
    stop_ = true;
  }
  condition_.notify_all();
  if (thread_.joinable()) thread_.join();
}

void LogReader::push(std::vector<core::ReadLog>& reads) {
  if (reads.empty()) return;
  {
    MutexLock lock(mutex_);
    for (core::ReadLog& read : reads) queue_.push_back(read);
    NODE_CHECK(queue_.size() <= kMaxWaiting, "the core asks for one log read at a time per peer");
  }
  reads.clear();
  condition_.notify_one();
}

bool LogReader::read(core::Index from, core::Index to, std::size_t max_bytes,
                     std::vector<core::EntryPtr>& out) {
  MutexLock lock(disk_);
  const storage::Status status = log_.read(from, to, max_bytes, out);
  if (status.ok()) return true;
  // It has left the log meanwhile: who wants it will be sent to a snapshot.
  if (status.kind() == storage::ErrorKind::kInvalid) return false;
  spdlog::error("log entries {} to {} could not be read: {}", from, to, status.message());
  // A damaged log must not go on to be a source for others.
  if (status.kind() == storage::ErrorKind::kCorrupt || status.kind() == storage::ErrorKind::kIo) {
    fatal_("the log could not be read: " + status.message());
  }
  return false;
}

storage::Status LogReader::base_at(core::Index index, storage::Base& out) {
  MutexLock lock(disk_);
  return log_.base_at(index, out);
}

void LogReader::run() {
  std::vector<core::ReadLog> work;
  for (;;) {
    work.clear();
    {
      MutexLock lock(mutex_);
      while (queue_.empty() && !stop_) {
        condition_.wait_until(mutex_, std::chrono::steady_clock::now() + kIdleWait);
      }
      if (stop_) return;
      std::swap(work, queue_);
    }
    for (const core::ReadLog& want : work) {
      std::vector<core::EntryPtr> entries;
      // Nothing there: the tail was overwritten meanwhile, so this node leads no more.
      if (!read(want.from, want.to, want.max_bytes, entries) || entries.empty()) continue;
      mailbox_.push_event(core::LogRead{want.peer, want.from, std::move(entries)});
    }
  }
}

}  // namespace starling::node
