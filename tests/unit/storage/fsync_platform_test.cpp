// One fsync for each append call, counted from outside by strace: not one less (P1), not one more.
#include <sys/wait.h>
#include <unistd.h>

#include <cstdio>

#include "tests/unit/storage/support.h"

namespace starling::storage {
namespace {

constexpr const char* kCount = "STARLING_TEST_WRITES";
constexpr const char* kDirectory = "STARLING_TEST_DIRECTORY";

int writes_wanted() {
  const char* text = std::getenv(kCount);
  return text == nullptr ? 5 : std::atoi(text);
}

// Runs by itself as well as under strace. Each call carries three batches of eight entries.
TEST(Traced, Appends) {
  const TempDir own;
  const char* given = std::getenv(kDirectory);
  const auto log = open_log((given == nullptr ? own.path() : std::string(given)) + "/log.db");
  for (int i = 0; i < writes_wanted(); ++i) {
    const core::Index next = log->last_index() + 1;
    expect_ok(log->append(
        {make_batch(next, 8, 1), make_batch(next + 8, 8, 1), make_batch(next + 16, 8, 1)}));
  }
  EXPECT_EQ(log->last_index(), static_cast<core::Index>(24 * writes_wanted()));
}

TEST(Traced, Votes) {
  const TempDir own;
  const char* given = std::getenv(kDirectory);
  std::unique_ptr<VoteFile> vote;
  expect_ok(VoteFile::open((given == nullptr ? own.path() : std::string(given)) + "/vote", vote));
  for (int i = 0; i < writes_wanted(); ++i) {
    expect_ok(vote->write({static_cast<core::Term>(i + 1), 9}));
  }
}

std::string own_program() {
  char path[4096] = {};
  const ssize_t size = ::readlink("/proc/self/exe", path, sizeof(path) - 1);
  EXPECT_GT(size, 0);
  return path;
}

// The fsync and fdatasync calls of one run of this program; -1 with a test failure when strace
// cannot do its work.
int count_syncs(const std::string& test, int writes) {
  const TempDir dir;
  const std::string trace = dir.file("trace");
  // The leak checker of a sanitized build cannot work under ptrace, and says so by failing.
  const std::string command = "ASAN_OPTIONS=detect_leaks=0 " + std::string(kCount) + "=" +
                              std::to_string(writes) + " " + kDirectory + "='" + dir.path() +
                              "' strace -f -e trace=fsync,fdatasync -o '" + trace + "' '" +
                              own_program() + "' --gtest_filter=" + test + " 2>&1";
  FILE* pipe = ::popen(command.c_str(), "r");
  if (pipe == nullptr) {
    ADD_FAILURE() << "no shell to run strace with";
    return -1;
  }
  std::string output;
  char chunk[4096];
  for (std::size_t got; (got = std::fread(chunk, 1, sizeof(chunk), pipe)) > 0;) {
    output.append(chunk, got);
  }
  const int how = ::pclose(pipe);
  if (!WIFEXITED(how) || WEXITSTATUS(how) != 0) {
    ADD_FAILURE() << "This test counts fsyncs with strace, which has to be installed (package "
                     "strace) and allowed to ptrace its own child; in a container that needs "
                     "--cap-add=SYS_PTRACE. It ended with "
                  << how << " and said:\n"
                  << output;
    return -1;
  }
  std::istringstream lines(slurp(trace));
  int count = 0;
  for (std::string line; std::getline(lines, line);) {
    const bool call = line.find("sync(") != std::string::npos;
    EXPECT_TRUE(!call || line.find("= 0") != std::string::npos) << line;
    if (call) ++count;
  }
  return count;
}

TEST(Fsync, OneForEachAppendHoweverManyBatches) {
  const int few = count_syncs("Traced.Appends", 10);
  ASSERT_GE(few, 0);
  const int many = count_syncs("Traced.Appends", 110);
  ASSERT_GE(many, 0);
  EXPECT_EQ(many - few, 100) << few << " for 10 calls, " << many << " for 110";
  EXPECT_LT(few, 30) << "opening and closing cost too many";
}

TEST(Fsync, OneForEachVote) {
  const int few = count_syncs("Traced.Votes", 10);
  ASSERT_GE(few, 0);
  const int many = count_syncs("Traced.Votes", 110);
  ASSERT_GE(many, 0);
  EXPECT_EQ(many - few, 100) << few << " for 10 calls, " << many << " for 110";
}

}  // namespace
}  // namespace starling::storage
