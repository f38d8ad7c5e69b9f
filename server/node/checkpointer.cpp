// See checkpointer.h.
#include "server/node/checkpointer.h"

#include <algorithm>
#include <filesystem>
#include <system_error>
#include <utility>

namespace starling::node {
namespace {

constexpr std::size_t kPinnedLogs = 8;  // Times the size at which it is compacted.

std::uint64_t wal_bytes(const std::string& database) {
  std::error_code error;
  const auto size = std::filesystem::file_size(database + "-wal", error);
  return error ? 0 : size;
}

}  // namespace

Checkpointer::Checkpointer(const NodeOptions& options, storage::DataDirectory& directory,
                           storage::LogStore& log, chat::Store& store, Hooks hooks)
    : options_(options), directory_(directory), log_(log), store_(store), hooks_(std::move(hooks)) {
  data_bytes_ = directory_.bytes();
}

Checkpointer::~Checkpointer() { stop(); }

void Checkpointer::start() {
  thread_ = std::thread([this] { run(); });
}

void Checkpointer::stop() {
  {
    MutexLock lock(mutex_);
    stop_ = true;
  }
  condition_.notify_all();
  if (thread_.joinable()) thread_.join();
}

bool Checkpointer::checkpoint() {
  const storage::Status log_status = log_.checkpoint();
  if (!log_status.ok()) {
    hooks_.fatal("the log could not be checkpointed: " + log_status.message());
    return false;
  }
  std::uint64_t durable = 0;
  const sqlite::Status chat_status = store_.checkpoint(durable);
  if (!chat_status.ok()) {
    if (chat_status.damage()) hooks_.damaged(chat_status.message());
    hooks_.fatal("the chat store could not be checkpointed: " + chat_status.message());
    return false;
  }
  durable_index_ = durable;
  return true;
}

bool Checkpointer::compaction_waits() const {
  return log_.bytes() > options_.log_max_bytes &&
         log_.index_before(options_.log_keep_bytes) > durable_index();
}

// By size, with a tail kept; never beyond what the chat store holds durably.
void Checkpointer::compact() {
  if (log_.bytes() <= options_.log_max_bytes) return;
  // A copy that somebody fetches keeps the log behind it, but not for ever: who cannot take it must
  // not fill this disk as well.
  const bool too_long = log_.bytes() > kPinnedLogs * options_.log_max_bytes;
  const core::Index floor = too_long ? durable_index() : hooks_.floor();
  const core::Index target =
      std::min({log_.index_before(options_.log_keep_bytes), durable_index(), floor});
  if (target > 0) hooks_.compact(target);
}

void Checkpointer::run() {
  auto last = std::chrono::steady_clock::now();
  for (;;) {
    const auto wake =
        std::chrono::steady_clock::now() + std::chrono::milliseconds(options_.checkpoint_ms);
    {
      MutexLock lock(mutex_);
      while (!stop_ && std::chrono::steady_clock::now() < wake) {
        condition_.wait_until(mutex_, wake);
      }
      if (stop_) return;
    }
    data_bytes_ = directory_.bytes();
    compact();
    const auto now = std::chrono::steady_clock::now();
    const std::uint64_t wal =
        wal_bytes(directory_.log_path()) + wal_bytes(directory_.file_path(log_.chat_file()));
    const bool large = wal >= options_.checkpoint_bytes || compaction_waits();
    const bool old = now - last >= std::chrono::milliseconds(options_.checkpoint_idle_ms);
    if (wal == 0 || !(large || old)) continue;
    if (!checkpoint()) return;
    last = now;
  }
}

}  // namespace starling::node
