// See text_index.h.
#include "server/node/text_index.h"

#include <algorithm>
#include <utility>
#include <vector>

#include "spdlog/spdlog.h"

namespace starling::node {
namespace {

constexpr const char* kFile = storage::DataDirectory::kSearchIndex;
constexpr std::chrono::seconds kAfterTrouble{5};
// Writing goes first: one part in so many of the thread's time is for the index, unless somebody
// waits for it.
constexpr int kShare = 5;
constexpr std::chrono::milliseconds kLongestRest{500};
constexpr core::Index kWorthTelling = 10'000;

}  // namespace

TextIndex::TextIndex(Files files, std::size_t max_waiters, Hooks hooks)
    : files_(std::move(files)), max_waiters_(max_waiters), hooks_(std::move(hooks)) {}

TextIndex::~TextIndex() { stop(); }

void TextIndex::start() {
  thread_ = std::thread([this] { run(); });
}

void TextIndex::stop() {
  std::multimap<core::Index, Waiter> left;
  {
    MutexLock lock(mutex_);
    stop_ = true;
    left.swap(waiters_);
  }
  condition_.notify_all();
  for (auto& [index, waiter] : left) waiter.done(transport::WaitError::kDraining);
  if (thread_.joinable()) thread_.join();
}

void TextIndex::news() { condition_.notify_one(); }

void TextIndex::wait_indexed(core::Index index, transport::Deadline deadline,
                             transport::WaitCallback done) {
  transport::WaitError error = transport::WaitError::kNone;
  bool answered = true;
  {
    MutexLock lock(mutex_);
    if (stop_) {
      error = transport::WaitError::kDraining;
    } else if (index > indexed() && waiters_.size() >= max_waiters_) {
      error = transport::WaitError::kTimeout;
    } else if (index > indexed()) {
      waiters_.emplace(index, Waiter{deadline, std::move(done)});
      answered = false;
    }
  }
  if (answered) {
    done(error);
  } else {
    condition_.notify_one();
  }
}

sqlite::Status TextIndex::find(core::Index covered, const search::Request& request,
                               search::Found& out, search::Answer& answer, std::string& error) {
  MutexLock lock(search_mutex_);
  if (indexed() < covered || !damage().ok()) {
    answer = search::Answer::kBehind;
    error = "the search index is being made anew";
    return {};
  }
  sqlite::Status status;
  bool is_damaged = false;
  if (search_reader_ == nullptr) status = chat::Reader::open(files_.chat_path, search_reader_);
  if (status.ok() && searcher_ == nullptr) {
    status = search::Searcher::open(files_.directory.file_path(kFile), searcher_);
    is_damaged = status.damage();
  }
  if (status.ok()) {
    status = searcher_->find(*search_reader_, request, out, answer, error);
    is_damaged = searcher_->is_damaged();
  }
  if (!status.ok()) searcher_.reset();
  if (is_damaged) {
    MutexLock note(mutex_);
    damage_ = status;
    condition_.notify_one();
  }
  return status;
}

sqlite::Status TextIndex::damage() {
  MutexLock lock(mutex_);
  return damage_;
}

void TextIndex::run() {
  SteadyTime rested;
  SteadyTime mended;
  SteadyTime damaged;
  for (Turn turn = next_turn(rested, mended); turn != Turn::kEnd;
       turn = next_turn(rested, mended)) {
    if (turn == Turn::kWork) {
      const SteadyTime begun = std::chrono::steady_clock::now();
      const sqlite::Status status = work();
      const SteadyTime ended = std::chrono::steady_clock::now();
      rested = ended + std::min<SteadyTime::duration>((kShare - 1) * (ended - begun), kLongestRest);
      if (!status.ok()) {
        mend("written", status);
        mended = ended + kAfterTrouble;
      }
    } else if (turn == Turn::kMend) {
      mend("read", damage());
      // At once, but not again and again.
      const SteadyTime again = std::exchange(damaged, std::chrono::steady_clock::now());
      mended = std::max(mended, again + kAfterTrouble);
    }
    answer_waiters();
  }
}

TextIndex::Turn TextIndex::next_turn(SteadyTime rested, SteadyTime mended) {
  MutexLock lock(mutex_);
  while (!stop_) {
    if (!damage_.ok()) return Turn::kMend;
    const SteadyTime now = std::chrono::steady_clock::now();
    const SteadyTime expiry = first_deadline();
    if (expiry <= now) return Turn::kLook;
    const bool behind = index_ == nullptr || indexed() < hooks_.applied();
    const SteadyTime ready = waiters_.empty() ? std::max(rested, mended) : mended;
    if (behind && ready <= now) return Turn::kWork;
    const SteadyTime idle = now + kIdleWait;
    condition_.wait_until(mutex_, std::min({expiry, idle, behind ? ready : idle}));
  }
  return Turn::kEnd;
}

SteadyTime TextIndex::first_deadline() const {
  SteadyTime first = SteadyTime::max();
  for (const auto& [index, waiter] : waiters_) first = std::min(first, waiter.deadline);
  return first;
}

sqlite::Status TextIndex::work() {
  sqlite::Status status;
  if (index_ == nullptr) status = open();
  bool more = false;
  if (status.ok()) status = index_->advance(*reader_, more);
  if (status.ok()) indexed_.store(index_->indexed(), std::memory_order_release);
  return status;
}

sqlite::Status TextIndex::open() {
  sqlite::Status status = chat::Reader::open(files_.chat_path, reader_);
  if (!status.ok()) return status;
  const std::string path = files_.directory.file_path(kFile);
  status = search::Index::open(path, files_.history, index_);
  if (status.ok() && index_->indexed() + kWorthTelling < hooks_.applied()) {
    spdlog::info("the search index goes on from entry {} of {}", index_->indexed(),
                 hooks_.applied());
  }
  return status;
}

// It is made anew when that can help; else it is tried again, as when the disk was full.
void TextIndex::mend(const char* what, const sqlite::Status& trouble) {
  spdlog::warn("the search index cannot be {}: {}; searches wait", what, trouble.message());
  indexed_.store(0, std::memory_order_release);
  index_.reset();
  reader_.reset();
  MutexLock lock(search_mutex_);
  searcher_.reset();
  {
    MutexLock note(mutex_);
    damage_ = {};
  }
  if (!trouble.damage()) return;
  const storage::Status removed = files_.directory.remove_search_index();
  if (!removed.ok()) spdlog::warn("it could not be removed: {}", removed.message());
}

void TextIndex::answer_waiters() {
  std::vector<std::pair<transport::WaitCallback, transport::WaitError>> ready;
  {
    MutexLock lock(mutex_);
    const SteadyTime now = std::chrono::steady_clock::now();
    for (auto it = waiters_.begin(); it != waiters_.end();) {
      const bool there = it->first <= indexed();
      if (there || it->second.deadline <= now) {
        ready.emplace_back(std::move(it->second.done),
                           there ? transport::WaitError::kNone : transport::WaitError::kTimeout);
        it = waiters_.erase(it);
      } else {
        ++it;
      }
    }
  }
  for (auto& [done, error] : ready) done(error);
}

}  // namespace starling::node
