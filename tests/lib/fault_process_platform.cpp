// See fault_process_platform.h.
#include "tests/lib/fault_process_platform.h"

#include <fcntl.h>
#include <signal.h>
#include <sys/stat.h>
#include <unistd.h>

#include <cerrno>
#include <chrono>
#include <cstdio>
#include <cstdlib>
#include <filesystem>
#include <fstream>
#include <iterator>
#include <sstream>
#include <string>
#include <system_error>
#include <thread>
#include <utility>
#include <vector>

#include "tests/lib/fault_files.h"
#include "tests/lib/fault_vfs.h"

namespace starling::faults {
namespace {

namespace fs = std::filesystem;
constexpr auto kLook = std::chrono::milliseconds(10);

void must(bool good, const char* what, const std::string& path) {
  if (good) return;
  std::fprintf(stderr, "the disk under the test: cannot %s %s: %s\n", what, path.c_str(),
               std::system_category().message(errno).c_str());
  std::abort();
}

void write_all(int fd, const std::string& path, const std::string& bytes, std::uint64_t offset) {
  std::size_t done = 0;
  while (done < bytes.size()) {
    const ssize_t put =
        ::pwrite(fd, bytes.data() + done, bytes.size() - done, static_cast<off_t>(offset + done));
    must(put > 0, "write", path);
    done += static_cast<std::size_t>(put);
  }
}

// The real files. Whole changes only, and in the order in which they became durable: killed between
// two of them, the process leaves what a power cut between two sectors would.
class RealFiles final : public Mirror {
 public:
  bool load(const std::string& path, std::string& bytes) override {
    std::error_code error;
    if (!fs::is_regular_file(path, error) || error) return false;
    std::ifstream in(path, std::ios::binary);
    bytes.assign(std::istreambuf_iterator<char>(in), std::istreambuf_iterator<char>());
    return true;
  }

  void list(const std::string& directory, std::vector<std::string>& names) override {
    std::error_code error;
    for (fs::directory_iterator at(directory, error), end; !error && at != end;
         at.increment(error)) {
      std::error_code vanished;
      if (at->is_regular_file(vanished)) names.push_back(at->path().filename().string());
    }
  }

  void change(const std::string& path, const Change& change) override {
    const int fd = ::open(path.c_str(), O_RDWR | O_CLOEXEC);
    must(fd >= 0, "open", path);
    if (change.truncation) {
      must(::ftruncate(fd, static_cast<off_t>(change.offset)) == 0, "truncate", path);
    } else {
      write_all(fd, path, change.bytes, change.offset);
    }
    must(::close(fd) == 0, "close", path);
  }

  void put(const std::string& path, const std::string& bytes) override {
    const std::string fresh = path + ".made-durable";
    const int fd = ::open(fresh.c_str(), O_RDWR | O_CREAT | O_TRUNC | O_CLOEXEC, 0600);
    must(fd >= 0, "open", fresh);
    write_all(fd, fresh, bytes, 0);
    must(::close(fd) == 0, "close", fresh);
    rename(fresh, path);
  }

  void rename(const std::string& from, const std::string& to) override {
    must(::rename(from.c_str(), to.c_str()) == 0, "rename to", to);
  }

  void remove(const std::string& path) override {
    must(::unlink(path.c_str()) == 0 || errno == ENOENT, "remove", path);
  }
};

Operation operation_of(const std::string& word) {
  if (word == "read") return Operation::kRead;
  if (word == "sync") return Operation::kSync;
  return word == "name" ? Operation::kName : Operation::kWrite;
}

void take(Disk& disk, const std::string& text) {
  std::vector<Rule> rules;
  std::int64_t slow_ms = 0;
  std::uint64_t room = ~std::uint64_t{0};
  std::istringstream lines(text);
  for (std::string line; std::getline(lines, line);) {
    std::istringstream words(line);
    std::string word;
    words >> word;
    if (word == "slow") words >> slow_ms;
    if (word == "room") words >> room;
    if (word != "fail") continue;
    Rule rule;
    std::string operation;
    std::string error;
    words >> operation >> rule.suffix >> error;
    rule.operation = operation_of(operation);
    rule.error = error == "ENOSPC" ? ENOSPC : EIO;
    rules.push_back(std::move(rule));
  }
  disk.set_rules(std::move(rules));
  disk.set_room(room);
  disk.set_sync_delay_us(slow_ms * 1'000);
}

[[noreturn]] void watch(Disk& disk) {
  std::string known;
  for (;; std::this_thread::sleep_for(kLook)) {
    const std::string directory = disk.data_directory();
    if (directory.empty()) continue;
    std::ifstream in(directory + ".faults", std::ios::binary);
    std::string text((std::istreambuf_iterator<char>(in)), std::istreambuf_iterator<char>());
    if (text == known) continue;
    known = text;
    take(disk, text);
  }
}

// Before main(), so that it is there before the first file is opened. It stays until the process
// ends.
[[maybe_unused]] const bool kStarted = [] {
  auto* disk = new Disk(std::make_unique<RealFiles>());
  if (const char* chance = std::getenv("STARLING_FAULT_WRITE_BACK")) {
    disk->set_write_back(static_cast<std::uint32_t>(std::strtoul(chance, nullptr, 10)));
  }
  mount("/", disk);
  register_vfs();
  // Signals are the program's own business, and for its threads.
  sigset_t all;
  sigset_t before;
  must(sigfillset(&all) == 0 && pthread_sigmask(SIG_BLOCK, &all, &before) == 0, "block", "signals");
  std::thread([disk] { watch(*disk); }).detach();
  must(pthread_sigmask(SIG_SETMASK, &before, nullptr) == 0, "restore", "signals");
  return true;
}();

}  // namespace
}  // namespace starling::faults
