// A node of one server for the transport's tests: it applies what is proposed at once, to a real
// chat store, on a thread of its own as a real node would.
#pragma once

#include <gtest/gtest.h>

#include <chrono>
#include <condition_variable>
#include <deque>
#include <filesystem>
#include <functional>
#include <memory>
#include <mutex>
#include <string>
#include <thread>
#include <vector>

#include "server/transport/server.h"
#include "tests/unit/transport/held_searches.h"

namespace starling::transport {

// Polls an outcome with a generous deadline.
inline bool eventually(const std::function<bool()>& holds) {
  const auto deadline = std::chrono::steady_clock::now() + std::chrono::seconds(20);
  std::mutex mutex;
  std::condition_variable never;
  std::unique_lock lock(mutex);
  while (!holds()) {
    if (std::chrono::steady_clock::now() > deadline) return false;
    never.wait_for(lock, std::chrono::milliseconds(2));
  }
  return true;
}

class FakeBackend final : public Backend, public ReaderPool, public TextSearch {
 public:
  explicit FakeBackend(core::NodeId id = 11) : id_(id) {
    static std::atomic<int> counter{0};
    directory_ = std::filesystem::temp_directory_path() /
                 ("starling-transport-" +
                  std::to_string(std::hash<std::thread::id>()(std::this_thread::get_id())) + "-" +
                  std::to_string(std::chrono::steady_clock::now().time_since_epoch().count()) +
                  "-" + std::to_string(counter.fetch_add(1)));
    std::filesystem::create_directories(directory_);
    path_ = (directory_ / "chat.db").string();
    const sqlite::Status status = chat::Store::open(path_, 2048, store_);
    if (!status.ok()) ADD_FAILURE() << status.message();
    thread_ = std::thread([this] { run(); });
  }
  ~FakeBackend() override {
    {
      std::lock_guard lock(mutex_);
      stopping_ = true;
      wake_.notify_one();
    }
    thread_.join();
    idle_readers_.clear();
    store_.reset();
    std::filesystem::remove_all(directory_);
  }

  void attach(Transport* transport) { transport_ = transport; }

  // What the tests set.
  void set_status(const std::function<void(NodeStatus&)>& change) {
    std::lock_guard lock(mutex_);
    change(shown_);
  }
  void set_time_offset(chat::TimeMs offset) { time_offset_.store(offset); }
  // Shifts the replicated time that entries are stamped with.
  void set_stamp_offset(chat::TimeMs offset) { stamp_offset_.store(offset); }
  chat::TimeMs stamp_offset() const { return stamp_offset_.load(); }
  void set_propose_error(ProposeError error) { propose_error_.store(error); }
  void hold_proposals(bool hold) {
    std::lock_guard lock(mutex_);
    hold_ = hold;
    wake_.notify_one();
  }
  // What a read barrier comes to.
  void set_barrier(WaitError result) { barrier_.store(result); }
  int barriers() const { return barriers_.load(); }
  // While it holds, whoever asks for a reader waits.
  void hold_readers(bool hold) {
    std::lock_guard lock(readers_mutex_);
    readers_held_ = hold;
    readers_free_.notify_all();
  }
  int waiting_for_readers() {
    std::lock_guard lock(readers_mutex_);
    return waiting_for_readers_;
  }
  std::size_t waiting_work() {
    std::lock_guard lock(mutex_);
    return work_.size();
  }
  std::vector<core::Message> delivered() {
    std::lock_guard lock(mutex_);
    return delivered_;
  }
  std::vector<std::string> peer_events() {
    std::lock_guard lock(mutex_);
    return peer_events_;
  }
  std::vector<ServerList> lists() {
    std::lock_guard lock(mutex_);
    return lists_;
  }
  // Set before the server starts.
  std::function<void(const core::Message&)> on_deliver;
  std::function<bool(std::uint64_t offset, std::size_t max_bytes, SnapshotChunk&)> on_read_snapshot;
  std::string address = "127.0.0.1:5101";
  core::Epoch epoch = 1;
  std::vector<core::MembershipOp> changes() {
    std::lock_guard lock(mutex_);
    return changes_;
  }

  // Backend.
  NodeStatus status() const override {
    std::lock_guard lock(mutex_);
    NodeStatus out = shown_;
    out.cluster = 7;
    out.epoch = epoch;
    out.id = id_;
    out.applied_index = applied_.load();
    out.commit_index = out.applied_index;
    out.last_index = out.applied_index;
    out.time_ms = time_ms_.load() + time_offset_.load();
    return out;
  }
  ServerList server_list() const override {
    ServerList list;
    list.cluster = 7;
    list.epoch = epoch;
    list.term = 1;
    list.version = 1;
    list.primary = id_;
    list.servers.push_back({id_, address, ServerRole::kPrimary, ServerHealth::kUp, true});
    std::lock_guard lock(mutex_);
    list.servers.insert(list.servers.end(), listed_.begin(), listed_.end());
    return list;
  }
  void add_listed(const ListedServer& server) {
    std::lock_guard lock(mutex_);
    listed_.push_back(server);
  }
  ReaderPool& readers() override { return *this; }
  TextSearch& text_search() override { return *this; }
  void wait_indexed(core::Index index, Deadline, WaitCallback done) override {
    last_wanted_index_.store(index);
    done(index_wait_.load());
    ++waits_for_index_;
  }
  // The index is brought up to date by the search itself.
  sqlite::Status find(core::Index, const search::Request& request, search::Found& out,
                      search::Answer& answer, std::string& error) override {
    answer = search::Answer::kStopped;
    if (!held_searches.pass(request)) return {};
    const Lease reader = acquire();
    std::lock_guard lock(search_mutex_);
    const std::string path = (directory_ / "search.db").string();
    sqlite::Status status;
    if (!index_) status = search::Index::open(path, "test", index_);
    bool more = true;
    while (status.ok() && more) status = index_->advance(*reader, more);
    std::unique_ptr<search::Searcher> searcher;
    if (status.ok()) status = search::Searcher::open(path, searcher);
    if (status.ok()) status = searcher->find(*reader, request, out, answer, error);
    return status;
  }
  HeldSearches held_searches;
  void set_index_wait(WaitError result) { index_wait_.store(result); }
  int waits_for_index() const { return waits_for_index_.load(); }  // That were answered.
  core::Index last_wanted_index() const { return last_wanted_index_.load(); }
  std::uint64_t applied_index() const override { return applied_.load(); }

  Lease acquire() override {
    std::unique_ptr<chat::Reader> reader;
    {
      std::unique_lock lock(readers_mutex_);
      ++waiting_for_readers_;
      readers_free_.wait(lock, [this] { return !readers_held_; });
      --waiting_for_readers_;
      if (!idle_readers_.empty()) {
        reader = std::move(idle_readers_.back());
        idle_readers_.pop_back();
      }
    }
    if (!reader) {
      const sqlite::Status status = chat::Reader::open(path_, reader);
      if (!status.ok()) ADD_FAILURE() << status.message();
    }
    return Lease(reader.release(), [this](chat::Reader* back) {
      std::lock_guard lock(readers_mutex_);
      idle_readers_.emplace_back(back);
    });
  }

  void propose(std::string command, ProposeCallback done) override {
    std::lock_guard lock(mutex_);
    work_.push_back(
        [this, command = std::move(command), done = std::move(done)] { apply(command, done); });
    wake_.notify_one();
  }
  void read_barrier(core::TimeUs, Deadline, WaitCallback done) override {
    ++barriers_;
    std::lock_guard lock(mutex_);
    work_.push_back([this, done = std::move(done)] { done(barrier_.load()); });
    wake_.notify_one();
  }
  void wait_applied(core::Index index, Deadline deadline, WaitCallback done) override {
    std::lock_guard lock(mutex_);
    waits_.push_back({index, deadline, std::move(done)});
    wake_.notify_one();
  }
  void change_membership(core::MembershipOp op, core::NodeId, std::string, Deadline,
                         MembershipCallback done) override {
    const core::Index index = applied_.load();
    std::lock_guard lock(mutex_);
    changes_.push_back(op);
    work_.push_back([done = std::move(done), index] { done({MembershipError::kNone, {}, index}); });
    wake_.notify_one();
  }
  void transfer(core::NodeId, Deadline, MembershipCallback done) override {
    std::lock_guard lock(mutex_);
    work_.push_back([done = std::move(done)] {
      done({MembershipError::kTimeout, "nobody to hand over to", 0});
    });
    wake_.notify_one();
  }
  bool read_log(core::Index from, core::Index to, std::size_t max_bytes,
                std::vector<core::EntryPtr>& out) override {
    std::lock_guard lock(mutex_);
    std::size_t bytes = 0;
    for (core::Index i = from; i <= to && (bytes < max_bytes || out.empty()); ++i) {
      if (i == 0 || i > log_.size()) return false;
      out.push_back(log_[i - 1]);
      bytes += log_[i - 1]->data.size();
    }
    return true;
  }
  void open_snapshot(core::NodeId, core::Index at_least, std::uint64_t, Deadline,
                     SnapshotCallback done) override {
    SnapshotHeader header;
    {
      std::lock_guard lock(mutex_);
      header = snapshot_;
    }
    done(header.index >= at_least && header.id != 0 ? SnapshotError::kNone : SnapshotError::kBehind,
         header);
  }
  bool read_snapshot(std::uint64_t id, std::uint64_t offset, std::size_t max_bytes,
                     SnapshotChunk& out) override {
    if (on_read_snapshot) return on_read_snapshot(offset, max_bytes, out);
    std::lock_guard lock(mutex_);
    if (id != snapshot_.id || offset >= snapshot_bytes_.size()) return false;
    out.offset = offset;
    out.data = snapshot_bytes_.substr(offset, std::min(max_bytes, snapshot_chunk_));
    out.checksum = offset + 1;
    return true;
  }
  // Lets another one apply what it lacks of what was applied here.
  void copy_log_to(FakeBackend& other) {
    std::vector<core::EntryPtr> log;
    {
      std::lock_guard lock(mutex_);
      log = log_;
    }
    for (core::Index i = other.applied_index(); i < log.size(); ++i) {
      std::lock_guard lock(other.mutex_);
      other.work_.push_back([&other, entry = log[i]] { other.take(entry, {}); });
      other.wake_.notify_one();
    }
    if (!eventually([&] { return other.applied_index() >= log.size(); })) ADD_FAILURE();
  }
  std::vector<std::string> newer_epochs() {
    std::lock_guard lock(mutex_);
    return newer_epochs_;
  }
  // What is offered, in chunks of at most so many bytes.
  void set_snapshot(SnapshotHeader header, std::string bytes, std::size_t chunk) {
    std::lock_guard lock(mutex_);
    snapshot_ = std::move(header);
    snapshot_.size = bytes.size();
    snapshot_bytes_ = std::move(bytes);
    snapshot_chunk_ = chunk;
  }
  // Loses what is behind `size`, though more was announced.
  void cut_snapshot(std::size_t size) {
    std::lock_guard lock(mutex_);
    snapshot_bytes_.resize(size);
  }
  void deliver(core::Message message) override {
    if (on_deliver) on_deliver(message);
    std::lock_guard lock(mutex_);
    delivered_.push_back(std::move(message));
  }
  void peer_unreachable(core::NodeId peer) override {
    std::lock_guard lock(mutex_);
    peer_events_.push_back("unreachable " + std::to_string(peer));
  }
  void peer_connected(core::NodeId peer) override {
    std::lock_guard lock(mutex_);
    peer_events_.push_back("connected " + std::to_string(peer));
  }
  void newer_epoch_heard(std::string address) override {
    std::lock_guard lock(mutex_);
    newer_epochs_.push_back(std::move(address));
  }
  void list_received(ServerList list) override {
    std::lock_guard lock(mutex_);
    lists_.push_back(std::move(list));
  }

 private:
  struct Wait {
    core::Index index;
    Deadline deadline;
    WaitCallback done;
  };

  void apply(const std::string& command, const ProposeCallback& done) {
    ProposeResult result;
    result.error = propose_error_.load();
    if (result.error != ProposeError::kNone) {
      done(result);
      return;
    }
    const auto wall = std::chrono::system_clock::now().time_since_epoch();
    const chat::TimeMs now = std::max(
        time_ms_.load(),
        std::chrono::duration_cast<std::chrono::milliseconds>(wall).count() + stamp_offset_.load());
    auto entry = std::make_shared<core::Entry>();
    entry->term = 1;
    entry->index = applied_.load() + 1;
    entry->kind = core::EntryKind::kCommand;
    entry->stamp_ms = now;
    entry->data = command;
    take(entry, [&](const chat::ApplyResult& applied) {
      if (!applied.outcomes.empty()) result.outcome = applied.outcomes.front().outcome;
    });
    result.index = entry->index;
    result.time_ms = now;
    done(result);
  }

  void take(const core::EntryPtr& entry,
            const std::function<void(const chat::ApplyResult&)>& look) {
    chat::Committed committed{entry->index, entry->stamp_ms, true, entry->data};
    chat::ApplyResult applied;
    const sqlite::Status status = store_->apply(std::span(&committed, 1), applied);
    if (!status.ok()) ADD_FAILURE() << status.message();
    {
      std::lock_guard lock(mutex_);
      log_.push_back(entry);
    }
    time_ms_.store(entry->stamp_ms);
    applied_.store(entry->index);
    if (Transport* transport = transport_.load()) {
      transport->publish_events(applied.events, entry->index);
    }
    if (look) look(applied);
  }

  void run() {
    std::unique_lock lock(mutex_);
    while (!stopping_) {
      if (!work_.empty() && !hold_) {
        auto work = std::move(work_.front());
        work_.pop_front();
        lock.unlock();
        work();
        lock.lock();
        continue;
      }
      std::vector<Wait> due;
      const auto now = std::chrono::steady_clock::now();
      std::erase_if(waits_, [&](Wait& wait) {
        if (wait.index > applied_.load() && wait.deadline > now) return false;
        due.push_back(std::move(wait));
        return true;
      });
      if (!due.empty()) {
        lock.unlock();
        for (Wait& wait : due) {
          wait.done(wait.index > applied_.load() ? WaitError::kTimeout : WaitError::kNone);
        }
        lock.lock();
        continue;
      }
      wake_.wait_for(lock, std::chrono::milliseconds(5));
    }
  }

  const core::NodeId id_;
  std::filesystem::path directory_;
  std::string path_;
  std::unique_ptr<chat::Store> store_;
  std::atomic<Transport*> transport_{nullptr};
  std::atomic<core::Index> applied_{0};
  std::atomic<chat::TimeMs> time_ms_{0};
  std::atomic<chat::TimeMs> time_offset_{0};
  std::atomic<chat::TimeMs> stamp_offset_{0};
  std::atomic<ProposeError> propose_error_{ProposeError::kNone};
  std::atomic<WaitError> barrier_{WaitError::kNone};
  std::atomic<int> barriers_{0};
  std::atomic<WaitError> index_wait_{WaitError::kNone};
  std::atomic<core::Index> last_wanted_index_{0};
  std::atomic<int> waits_for_index_{0};
  std::mutex search_mutex_;
  std::unique_ptr<search::Index> index_;
  std::mutex readers_mutex_;
  std::condition_variable readers_free_;
  bool readers_held_ = false;
  int waiting_for_readers_ = 0;
  std::vector<std::unique_ptr<chat::Reader>> idle_readers_;
  mutable std::mutex mutex_;
  std::condition_variable wake_;
  NodeStatus shown_ = [] {
    NodeStatus status;
    status.role = ServerRole::kPrimary;
    status.primary = 11;
    status.primary_address = "127.0.0.1:5101";
    status.term = 1;
    status.has_quorum = true;
    return status;
  }();
  std::deque<std::function<void()>> work_;
  std::vector<Wait> waits_;
  std::vector<ListedServer> listed_;
  SnapshotHeader snapshot_;
  std::string snapshot_bytes_;
  std::size_t snapshot_chunk_ = 0;
  std::vector<core::EntryPtr> log_;
  std::vector<core::Message> delivered_;
  std::vector<std::string> peer_events_;
  std::vector<ServerList> lists_;
  std::vector<std::string> newer_epochs_;
  std::vector<core::MembershipOp> changes_;
  bool hold_ = false;
  bool stopping_ = false;
  std::thread thread_;
};

}  // namespace starling::transport
