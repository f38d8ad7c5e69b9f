// See snapshots.h.
#include "server/node/snapshots.h"

#include <algorithm>
#include <filesystem>
#include <random>
#include <system_error>
#include <utility>

#include "server/chat/snapshot.h"
#include "spdlog/spdlog.h"

namespace starling::node {

using transport::SnapshotError;
using transport::SnapshotHeader;

namespace {

constexpr std::size_t kMaxWaiting = 1'024;
constexpr auto kAfterFailure = std::chrono::seconds(10);  // Before the next copy is tried.
constexpr core::Index kNothingPinned = std::numeric_limits<core::Index>::max();

std::uint64_t chat_bytes(const std::string& path) {
  std::uint64_t bytes = 0;
  for (const char* suffix : {"", "-wal"}) {
    std::error_code error;
    const std::uintmax_t size = std::filesystem::file_size(path + suffix, error);
    if (!error) bytes += size;
  }
  return bytes;
}

std::uint64_t random_id() {
  std::random_device random;
  std::uint64_t id = 0;
  while (id == 0) id = (std::uint64_t{random()} << 32) | random();
  return id;
}

}  // namespace

Snapshots::Snapshots(const NodeOptions& options, storage::DataDirectory& directory,
                     std::string chat_path, LogReader& log, Hooks hooks)
    : options_(options),
      directory_(directory),
      chat_path_(std::move(chat_path)),
      log_(log),
      hooks_(std::move(hooks)) {}

Snapshots::~Snapshots() { stop(); }

void Snapshots::start() {
  thread_ = std::thread([this] { run(); });
}

void Snapshots::stop() {
  {
    MutexLock lock(mutex_);
    stop_ = true;
  }
  condition_.notify_all();
  if (thread_.joinable()) thread_.join();
  answer(SnapshotError::kDraining);
  remove_file();
}

void Snapshots::open(core::Index at_least, std::uint64_t id, transport::Deadline deadline,
                     transport::SnapshotCallback done) {
  SnapshotHeader header;
  SnapshotError error = SnapshotError::kNone;
  const core::Index base = hooks_.log_base();
  {
    MutexLock lock(mutex_);
    const bool same = id != 0 && header_.id == id;
    // One that the log has gone past in spite of it leads nowhere any more.
    const bool of_use = header_.id != 0 && header_.index >= base;
    if (stop_) {
      error = SnapshotError::kDraining;
    } else if (of_use && (same || header_.index >= at_least)) {
      used_ = std::chrono::steady_clock::now();
      header = header_;
    } else if (hooks_.applied() < at_least) {
      error = SnapshotError::kBehind;
    } else if (waiting_.size() >= kMaxWaiting) {
      error = SnapshotError::kTimeout;
    } else if (std::chrono::steady_clock::now() < again_) {
      error = SnapshotError::kFailed;
    } else {
      waiting_.push_back({at_least, deadline, std::move(done)});
    }
  }
  if (done) {
    done(error, header);
  } else {
    condition_.notify_all();
  }
}

bool Snapshots::read(std::uint64_t id, std::uint64_t offset, std::size_t max_bytes,
                     transport::SnapshotChunk& out) {
  std::shared_ptr<storage::SnapshotFile> file;
  {
    MutexLock lock(mutex_);
    if (header_.id == 0 || header_.id != id) return false;
    used_ = std::chrono::steady_clock::now();
    file = file_;
  }
  const storage::Status status = file->read(offset, max_bytes, out.data, out.checksum);
  out.offset = offset;
  if (!status.ok()) spdlog::error("a snapshot cannot be read: {}", status.message());
  return status.ok();
}

core::Index Snapshots::floor() const {
  MutexLock lock(mutex_);
  if (making_) return 0;
  return header_.id == 0 ? kNothingPinned : header_.index;
}

void Snapshots::run() {
  for (;;) {
    bool wanted = false;
    {
      MutexLock lock(mutex_);
      if (waiting_.empty() && !stop_) {
        condition_.wait_until(mutex_, std::chrono::steady_clock::now() + kIdleWait);
      }
      if (stop_) return;
      wanted = making_ = !waiting_.empty();
    }
    if (!wanted) {
      drop_when_idle();
      continue;
    }
    const bool made = make();
    if (!made) remove_file();  // Half a copy, on a disk that may be full for it.
    {
      MutexLock lock(mutex_);
      making_ = false;
      if (!made) again_ = std::chrono::steady_clock::now() + kAfterFailure;
      if (stop_) return;
    }
    answer(made ? SnapshotError::kNone : SnapshotError::kFailed);
  }
}

// In place of the one before, which nobody asked for: it did not reach far enough.
bool Snapshots::make() {
  remove_file();
  SnapshotHeader header;
  header.id = random_id();
  const std::string path = directory_.file_path(fmt::format("snapshot-{:016x}.db", header.id));
  const SteadyTime begun = std::chrono::steady_clock::now();
  std::string full;
  if (!directory_.has_room_for(chat_bytes(chat_path_), full)) {
    spdlog::warn("a snapshot was not made: {}", full);
    return false;
  }
  chat::CopyInfo info;
  const sqlite::Status copied = chat::copy_store(
      chat_path_, path, [this] { return pause_between_steps(); }, info);
  if (!copied.ok()) {
    spdlog::warn("a snapshot was not made: {}", copied.message());
    return false;
  }
  storage::Base base;
  auto file = std::make_shared<storage::SnapshotFile>();
  storage::Status status = log_.base_at(info.applied_index, base);
  if (status.ok()) status = storage::SnapshotFile::open(path, header.id, *file);
  if (status.ok()) status = file->size(header.size);
  if (!status.ok()) {
    spdlog::error("a snapshot was not made: {}", status.message());
    return false;
  }
  header.index = base.index;
  header.term = base.term;
  header.stamp_ms = base.stamp_ms;
  header.configuration_index = base.configuration_index;
  header.configuration = base.configuration;
  header.state_hash = info.state_hash;
  const auto took = std::chrono::duration_cast<std::chrono::milliseconds>(
      std::chrono::steady_clock::now() - begun);
  spdlog::info("a snapshot of index {}, {} bytes, was made in {} ms", header.index, header.size,
               took.count());
  MutexLock lock(mutex_);
  header_ = std::move(header);
  file_ = std::move(file);
  used_ = std::chrono::steady_clock::now();
  return true;
}

// A mebibyte at a time, so that the writers get their turn at the disk.
bool Snapshots::pause_between_steps() {
  MutexLock lock(mutex_);
  if (stop_) return false;
  const SteadyTime until =
      std::chrono::steady_clock::now() + std::chrono::microseconds(options_.snapshot_pause_us);
  while (!stop_ && std::chrono::steady_clock::now() < until) {
    condition_.wait_until(mutex_, until);
  }
  return !stop_;
}

void Snapshots::answer(SnapshotError error) {
  std::vector<std::pair<Waiter, SnapshotError>> ready;
  SnapshotHeader header;
  {
    MutexLock lock(mutex_);
    header = header_;
    for (Waiter& waiter : std::exchange(waiting_, {})) {
      const bool short_of = error == SnapshotError::kNone && header.index < waiter.at_least;
      ready.emplace_back(std::move(waiter), short_of ? SnapshotError::kTimeout : error);
    }
  }
  for (auto& [waiter, result] : ready) waiter.done(result, header);
}

void Snapshots::drop_when_idle() {
  {
    MutexLock lock(mutex_);
    const auto idle = std::chrono::steady_clock::now() - used_;
    if (header_.id == 0 || idle < std::chrono::milliseconds(options_.snapshot_keep_ms)) return;
    header_ = {};
    file_.reset();
  }
  remove_file();
}

// Also what a copying that failed has left.
void Snapshots::remove_file() {
  {
    MutexLock lock(mutex_);
    header_ = {};
    file_.reset();
  }
  const storage::Status status = directory_.remove_snapshots();
  if (!status.ok()) spdlog::warn("an old snapshot stays: {}", status.message());
}

}  // namespace starling::node
