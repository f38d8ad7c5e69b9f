// See snapshot_fetch.h.
#include "server/node/snapshot_fetch.h"

#include <algorithm>
#include <utility>

#include "server/chat/snapshot.h"
#include "spdlog/spdlog.h"

namespace starling::node {
namespace {

constexpr auto kAttempt = std::chrono::seconds(30);
constexpr auto kPause = std::chrono::milliseconds(200);
constexpr auto kLongestPause = std::chrono::milliseconds(12'800);
constexpr auto kWantedFor = std::chrono::seconds(5);  // The core says it again every two at least.

}  // namespace

bool SnapshotFetch::attempt(const std::string& target, core::NodeId server, core::Index at_least,
                            FetchedSnapshot& out, std::string& error) {
  transport::SnapshotRequest request;
  request.target = target;
  request.cluster = self_.cluster;
  request.epoch = self_.epoch;
  request.from = self_.id;
  request.to = server;
  request.at_least = at_least;
  request.deadline = std::chrono::steady_clock::now() + kAttempt;
  if (server == server_ && header_.index >= at_least) {
    request.id = incoming_.id();
    request.offset = incoming_.received();
  }
  server_ = server;
  const std::uint64_t before = received_;
  if (!incoming_.whole() || request.id == 0) {
    if (!receive(request, error)) return false;
  }
  if (finish(out, error)) return true;
  received_ = before;
  return false;
}

bool SnapshotFetch::receive(const transport::SnapshotRequest& request, std::string& error) {
  const auto client = std::make_shared<transport::SnapshotClient>();
  {
    MutexLock lock(mutex_);
    if (cancelled_) {
      error = "the fetching was stopped";
      return false;
    }
    client_ = client;
  }
  std::string problem;
  transport::SnapshotCallbacks callbacks;
  callbacks.on_header = [&](const transport::SnapshotHeader& header, std::uint64_t offset) {
    return begin(header, offset, problem);
  };
  callbacks.on_chunk = [&](const transport::SnapshotChunk& chunk) {
    const storage::Status status = incoming_.add(chunk.offset, chunk.data, chunk.checksum);
    if (!status.ok()) problem = status.message();
    if (status.ok()) received_ += chunk.data.size();
    return status.ok();
  };
  const bool complete = client->run(request, callbacks, error);
  if (!problem.empty()) error = problem;
  MutexLock lock(mutex_);
  client_.reset();
  return complete;
}

bool SnapshotFetch::begin(const transport::SnapshotHeader& header, std::uint64_t offset,
                          std::string& error) {
  if (header.id != 0 && header.id == incoming_.id() && offset == incoming_.received()) {
    spdlog::info("the snapshot of index {} goes on at {} of {} bytes", header.index, offset,
                 header.size);
    return true;
  }
  if (header.id == 0 || offset != 0 || header.size == 0 || header.index == 0 ||
      !core::decode_configuration(header.configuration)) {
    error = "what came is no snapshot";
    return false;
  }
  if (!directory_.has_room_for(header.size, error)) return false;
  spdlog::info("a snapshot of index {}, {} bytes, is coming", header.index, header.size);
  if (incoming_.id() != 0 && incoming_.id() != header.id) {
    const storage::Status gone = storage::platform::remove_file(incoming_.path());
    if (!gone.ok()) spdlog::warn("a part of an earlier snapshot stays: {}", gone.message());
  }
  header_ = header;
  const std::string path = directory_.file_path(fmt::format("incoming-{:016x}.db", header.id));
  const storage::Status status = incoming_.begin(path, header.id, header.size);
  if (!status.ok()) error = status.message();
  return status.ok();
}

bool SnapshotFetch::finish(FetchedSnapshot& out, std::string& error) {
  const sqlite::Status checked =
      chat::check_copy(incoming_.path(), header_.index, header_.state_hash);
  if (!checked.ok()) {
    error = checked.message();
    server_ = core::kNoNode;  // From the beginning next time.
    return false;
  }
  out.base.index = header_.index;
  out.base.term = header_.term;
  out.base.stamp_ms = header_.stamp_ms;
  out.base.configuration_index = header_.configuration_index;
  out.base.configuration = header_.configuration;
  out.chat_file = fmt::format("chat-{}-{:08x}.db", header_.index, header_.id >> 32);
  const storage::Status status = incoming_.keep_as(directory_.file_path(out.chat_file));
  if (!status.ok()) {
    // What an fsync has refused once it may call durable the next time without its being so (R2.6).
    error = status.message();
    server_ = core::kNoNode;
  }
  return status.ok();
}

void SnapshotFetch::cancel() {
  MutexLock lock(mutex_);
  cancelled_ = true;
  if (client_) client_->cancel();
}

SnapshotFetcher::SnapshotFetcher(storage::DataDirectory& directory, const storage::Identity& self,
                                 Hooks hooks)
    : hooks_(std::move(hooks)), fetch_(directory, self) {}

SnapshotFetcher::~SnapshotFetcher() { stop(); }

void SnapshotFetcher::start() {
  thread_ = std::thread([this] { run(); });
}

void SnapshotFetcher::stop() {
  {
    MutexLock lock(mutex_);
    stop_ = true;
  }
  condition_.notify_all();
  fetch_.cancel();
  if (thread_.joinable()) thread_.join();
}

void SnapshotFetcher::want(core::NodeId from, core::Index index) {
  MutexLock lock(mutex_);
  from_ = from;
  index_ = index;
  wanted_until_ = std::chrono::steady_clock::now() + kWantedFor;
  condition_.notify_all();
}

std::optional<FetchedSnapshot> SnapshotFetcher::fetched() const {
  MutexLock lock(mutex_);
  if (!fetched_ || fetched_->base.index <= hooks_.applied()) return std::nullopt;
  return fetched_;
}

void SnapshotFetcher::run() {
  auto pause = kPause;
  for (;;) {
    core::NodeId from = core::kNoNode;
    core::Index index = 0;
    {
      MutexLock lock(mutex_);
      const auto now = std::chrono::steady_clock::now();
      if (stop_) return;
      if (from_ == core::kNoNode || now >= wanted_until_) {
        condition_.wait_until(mutex_, now + kIdleWait);
        continue;
      }
      from = from_;
      index = index_;
    }
    FetchedSnapshot fetched;
    std::string error = "it is no member any more";
    const std::string address = hooks_.address(from);
    const std::uint64_t before = fetch_.received();
    if (!address.empty() && fetch_.attempt(address, from, index, fetched, error)) {
      {
        MutexLock lock(mutex_);
        fetched_ = std::move(fetched);
      }
      return hooks_.arrived();
    }
    MutexLock lock(mutex_);
    if (stop_) return;
    spdlog::warn("the snapshot did not come: {}", error);
    // One that cannot be taken at all is not asked for five times a second.
    pause = fetch_.received() != before ? kPause : std::min(2 * pause, kLongestPause);
    const SteadyTime until = std::chrono::steady_clock::now() + pause;
    while (!stop_ && std::chrono::steady_clock::now() < until) {
      condition_.wait_until(mutex_, until);
    }
  }
}

}  // namespace starling::node
