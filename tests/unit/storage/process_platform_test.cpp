// What needs a second process: the lock, SIGKILL in the middle of writing, a disk that fills.
#include <sys/resource.h>
#include <sys/wait.h>
#include <unistd.h>

#include <csignal>
#include <functional>

#include "tests/unit/storage/support.h"

namespace starling::storage {
namespace {

using testing::HasSubstr;

// A forked child that runs `body` and never returns into gtest. Its reports come through a pipe.
class Child {
 public:
  explicit Child(const std::function<void(int)>& body) {
    int ends[2] = {-1, -1};
    EXPECT_EQ(::pipe(ends), 0);
    pid_ = ::fork();
    EXPECT_GE(pid_, 0);
    if (pid_ == 0) {
      ::close(ends[0]);
      body(ends[1]);
      ::_exit(0);
    }
    ::close(ends[1]);
    reports_ = ends[0];
  }
  ~Child() {
    kill_and_reap();
    ::close(reports_);
  }

  pid_t pid() const { return pid_; }

  // The next number that the child reported; false when it has ended.
  bool next(std::uint64_t& value) const {
    return ::read(reports_, &value, sizeof(value)) == static_cast<ssize_t>(sizeof(value));
  }

  void kill_and_reap() {
    if (pid_ <= 0) return;
    ::kill(pid_, SIGKILL);
    int how = 0;
    EXPECT_EQ(::waitpid(pid_, &how, 0), pid_);
    pid_ = -1;
  }

 private:
  pid_t pid_ = -1;
  int reports_ = -1;
};

void report(int pipe, std::uint64_t value) {
  if (::write(pipe, &value, sizeof(value)) != static_cast<ssize_t>(sizeof(value))) ::_exit(3);
}

TEST(Lock, NamesTheProcessThatHoldsIt) {
  const TempDir dir;
  Child child([&](int pipe) {
    std::unique_ptr<DataDirectory> directory;
    report(pipe, DataDirectory::open(dir.path(), directory).ok() ? 1 : 0);
    ::pause();
  });
  std::uint64_t held = 0;
  ASSERT_TRUE(child.next(held));
  ASSERT_EQ(held, 1U);
  std::unique_ptr<DataDirectory> directory;
  const Status status = DataDirectory::open(dir.path(), directory);
  EXPECT_EQ(status.kind(), ErrorKind::kLocked);
  EXPECT_THAT(status.message(), HasSubstr("process " + std::to_string(child.pid())));
  EXPECT_THAT(status.message(), HasSubstr(dir.path()));
  child.kill_and_reap();
  expect_ok(DataDirectory::open(dir.path(), directory));
}

TEST(Lock, HoldsWithinAProcessToo) {
  const TempDir dir;
  std::unique_ptr<DataDirectory> first;
  expect_ok(DataDirectory::open(dir.path(), first));
  std::unique_ptr<DataDirectory> second;
  const Status status = DataDirectory::open(dir.path(), second);
  EXPECT_EQ(status.kind(), ErrorKind::kLocked);
  EXPECT_THAT(status.message(), HasSubstr("process " + std::to_string(::getpid())));
  first.reset();
  expect_ok(DataDirectory::open(dir.path(), second));
}

// Each round kills a writer at another moment; what it confirmed is there, whole and in order.
TEST(Kill, LosesNothingThatWasConfirmed) {
  const TempDir dir;
  const std::string path = dir.file("log.db");
  core::Index confirmed = 0;
  for (std::uint64_t round = 1; round <= 25; ++round) {
    SCOPED_TRACE("round " + std::to_string(round));
    Child child([&](int pipe) {
      std::unique_ptr<LogStore> log;
      if (!LogStore::open(path, confirmed, log).ok()) ::_exit(2);
      for (;;) {
        const core::Index next = log->last_index() + 1;
        if (!log->append({make_batch(next, 1 + next % 7, round)}).ok()) ::_exit(2);
        report(pipe, log->last_index());
        if (next % 5 == 0 && !log->checkpoint().ok()) ::_exit(2);
      }
    });
    for (std::uint64_t i = 0; i < round; ++i) ASSERT_TRUE(child.next(confirmed));
    child.kill_and_reap();
    std::uint64_t later = 0;
    while (child.next(later)) confirmed = later;
    const auto log = open_log(path, confirmed);
    ASSERT_NE(log, nullptr);
    ASSERT_GE(log->last_index(), confirmed);
    std::vector<core::EntryPtr> got;
    expect_ok(log->read(1, log->last_index(), ~std::size_t{0}, got));
    ASSERT_EQ(got.size(), log->last_index());
    EXPECT_EQ(got.back()->term, round);
    confirmed = log->last_index();
  }
}

// A write that the disk refuses ends the log's say, and nothing that was confirmed is lost (R2.6).
TEST(DiskFull, IsAnErrorAndStaysOne) {
  const TempDir dir;
  const std::string path = dir.file("log.db");
  Child child([&](int pipe) {
    std::unique_ptr<LogStore> log;
    if (!LogStore::open(path, 0, log).ok()) ::_exit(2);
    const rlimit limit{300'000, 300'000};
    if (std::signal(SIGXFSZ, SIG_IGN) == SIG_ERR) ::_exit(2);
    if (::setrlimit(RLIMIT_FSIZE, &limit) != 0) ::_exit(2);
    Status status;
    while (status.ok()) {
      const core::Index next = log->last_index() + 1;
      status = log->append({make_batch(next, 10, 1, std::string(500, 'f'))});
      if (status.ok()) report(pipe, log->last_index());
    }
    const Status again = log->append({make_batch(log->last_index() + 1, 1, 1)});
    report(pipe, status.kind() == ErrorKind::kIo && again.kind() == ErrorKind::kIo ? 1'000'000 : 0);
  });
  core::Index confirmed = 0;
  std::uint64_t value = 0;
  while (child.next(value) && value != 0 && value != 1'000'000) confirmed = value;
  EXPECT_EQ(value, 1'000'000U) << "the failure has to be kIo, and to stay";
  EXPECT_GT(confirmed, 0U);
  child.kill_and_reap();
  EXPECT_TRUE(std::filesystem::exists(path + "-failed"));
  const auto log = open_log(path, confirmed);
  ASSERT_NE(log, nullptr);
  EXPECT_FALSE(std::filesystem::exists(path + "-failed"));
  expect_ok(log->append({make_batch(log->last_index() + 1, 1, 2)}));
}

TEST(DiskFull, OfTheVoteFileIsAnErrorAndStaysOne) {
  const TempDir dir;
  Child child([&](int pipe) {
    std::unique_ptr<VoteFile> vote;
    if (!VoteFile::open(dir.file("vote"), vote).ok()) ::_exit(2);
    const rlimit limit{1, 1};
    if (std::signal(SIGXFSZ, SIG_IGN) == SIG_ERR) ::_exit(2);
    if (::setrlimit(RLIMIT_FSIZE, &limit) != 0) ::_exit(2);
    const Status first = vote->write({1, 1});
    const Status second = vote->write({1, 1});
    report(pipe, !first.ok() && !second.ok() && vote->value() == core::HardState{} ? 1 : 0);
  });
  std::uint64_t right = 0;
  ASSERT_TRUE(child.next(right));
  EXPECT_EQ(right, 1U);
}

}  // namespace
}  // namespace starling::storage
