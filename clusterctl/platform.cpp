// The operating system's side of clusterctl; see platform.h.
#include "clusterctl/platform.h"

#include <arpa/inet.h>
#include <fcntl.h>
#include <netdb.h>
#include <poll.h>
#include <sys/file.h>
#include <sys/ioctl.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <unistd.h>

#include <array>
#include <atomic>
#include <cerrno>
#include <climits>
#include <csignal>
#include <cstring>
#include <fstream>
#include <sstream>
#include <thread>

#include "clusterctl/failure.h"

namespace starling::ctl {
namespace {

std::atomic<bool> interrupt_seen{false};
static_assert(std::atomic<bool>::is_always_lock_free, "set inside a signal handler");

std::string error_text(int error) { return std::strerror(error); }

[[noreturn]] void fail(const std::string& what) {
  const int error = errno;
  throw Failure(kFailed, what + ": " + error_text(error));
}

struct ProcStat {
  char state = 'X';
  long threads = 0;
  std::uint64_t start_time = 0;
};

std::optional<ProcStat> read_proc_stat(int pid) {
  std::ifstream file("/proc/" + std::to_string(pid) + "/stat");
  std::string line;
  if (!std::getline(file, line)) return std::nullopt;
  // The second field is the name in parentheses and may itself hold spaces and parentheses.
  const auto name_end = line.rfind(')');
  if (name_end == std::string::npos) return std::nullopt;
  std::istringstream fields(line.substr(name_end + 1));
  ProcStat stat;
  fields >> stat.state;
  std::string skipped;
  for (int field = 4; field <= 19; ++field) fields >> skipped;
  fields >> stat.threads >> skipped >> stat.start_time;
  if (!fields) return std::nullopt;
  return stat;
}

// What the first child tells the caller: the daemon's pid, then (only if exec failed) an errno.
struct SpawnReport {
  int pid = 0;
  int error = 0;
};

void write_report(int fd, const SpawnReport& report) {
  const auto written = ::write(fd, &report, sizeof report);
  if (written != static_cast<ssize_t>(sizeof report)) ::_exit(127);
}

// Runs in the forked child: only async-signal-safe calls from here on.
[[noreturn]] void become_daemon(char* const* argv, int log_fd, int null_fd, int report_fd) {
  ::setsid();
  const pid_t daemon = ::fork();
  if (daemon != 0) {
    if (daemon < 0) write_report(report_fd, {0, errno});
    ::_exit(0);
  }
  sigset_t none;
  ::sigemptyset(&none);
  ::sigprocmask(SIG_SETMASK, &none, nullptr);
  for (int signal : {SIGINT, SIGTERM, SIGHUP, SIGPIPE}) ::signal(signal, SIG_DFL);
  write_report(report_fd, {::getpid(), 0});
  ::dup2(null_fd, 0);
  ::dup2(log_fd, 1);
  ::dup2(log_fd, 2);
  // Nothing of ours may live on in the daemon: above all not the lock of the cluster's directory.
  ::close_range(3, ~0U, CLOSE_RANGE_CLOEXEC);
  ::execv(argv[0], argv);
  write_report(report_fd, {::getpid(), errno});
  ::_exit(127);
}

}  // namespace

const char* to_string(ProcessState state) {
  switch (state) {
    case ProcessState::kRunning:
      return "running";
    case ProcessState::kPaused:
      return "paused";
    case ProcessState::kExited:
      break;
  }
  return "exited";
}

ProcessState process_state(const ProcessId& process) {
  if (process.pid <= 0) return ProcessState::kExited;
  const auto stat = read_proc_stat(process.pid);
  if (!stat || stat->start_time != process.start_time) return ProcessState::kExited;
  const bool leader_ended = stat->state == 'Z' || stat->state == 'X' || stat->state == 'x';
  if (leader_ended && stat->threads <= 1) return ProcessState::kExited;
  if (stat->state == 'T' || stat->state == 't') return ProcessState::kPaused;
  return ProcessState::kRunning;
}

ProcessId spawn_daemon(const std::vector<std::string>& argv, const std::string& log_path) {
  std::vector<char*> arguments;
  for (const auto& word : argv) arguments.push_back(const_cast<char*>(word.c_str()));
  arguments.push_back(nullptr);

  const int log_fd = ::open(log_path.c_str(), O_WRONLY | O_CREAT | O_APPEND | O_CLOEXEC, 0600);
  if (log_fd < 0) fail("cannot write " + log_path);
  const int null_fd = ::open("/dev/null", O_RDONLY | O_CLOEXEC);
  std::array<int, 2> report{-1, -1};
  if (null_fd < 0 || ::pipe2(report.data(), O_CLOEXEC) != 0) {
    const int error = errno;
    ::close(log_fd);
    if (null_fd >= 0) ::close(null_fd);
    errno = error;
    fail("cannot start " + argv[0]);
  }
  const pid_t child = ::fork();
  if (child == 0) become_daemon(arguments.data(), log_fd, null_fd, report[1]);
  const int fork_error = errno;
  ::close(report[1]);
  ::close(log_fd);
  ::close(null_fd);

  SpawnReport last{0, child < 0 ? fork_error : 0};
  ProcessId process;
  while (child > 0) {  // Ends when exec closed the pipe, or the daemon ended.
    SpawnReport next;
    const auto got = ::read(report[0], &next, sizeof next);
    if (got < 0 && errno == EINTR) continue;
    if (got != static_cast<ssize_t>(sizeof next)) break;
    last = next;
    const auto stat = read_proc_stat(next.pid);
    if (stat) process = {next.pid, stat->start_time};
  }
  ::close(report[0]);
  int ignored = 0;
  while (child > 0 && ::waitpid(child, &ignored, 0) < 0 && errno == EINTR) {
  }
  if (last.error != 0)
    throw Failure(kFailed, "cannot start " + argv[0] + ": " + error_text(last.error));
  if (last.pid == 0) throw Failure(kFailed, "cannot start " + argv[0]);
  if (process.pid == 0) process.pid = last.pid;  // It ended at once: reads as exited.
  return process;
}

bool send_signal(const ProcessId& process, int signal) {
  if (process_state(process) == ProcessState::kExited) return false;
  if (::kill(process.pid, signal) == 0) return true;
  if (errno == ESRCH) return false;
  fail("cannot signal process " + std::to_string(process.pid));
}

bool wait_until_exited(const ProcessId& process, Clock::time_point deadline) {
  while (process_state(process) != ProcessState::kExited) {
    if (Clock::now() >= deadline) return false;
    pause_between_polls(milliseconds(2));
  }
  return true;
}

std::optional<int> fatal_signal(const std::string& name) {
  static constexpr std::array<std::pair<const char*, int>, 8> kSignals{{{"KILL", SIGKILL},
                                                                        {"TERM", SIGTERM},
                                                                        {"INT", SIGINT},
                                                                        {"HUP", SIGHUP},
                                                                        {"QUIT", SIGQUIT},
                                                                        {"ABRT", SIGABRT},
                                                                        {"SEGV", SIGSEGV},
                                                                        {"BUS", SIGBUS}}};
  for (const auto& [word, number] : kSignals) {
    if (name == word || name == std::string("SIG") + word || name == std::to_string(number)) {
      return number;
    }
  }
  return std::nullopt;
}

FileLock::FileLock(const std::string& path, Clock::time_point deadline) {
  fd_ = ::open(path.c_str(), O_RDWR | O_CREAT | O_CLOEXEC, 0600);
  if (fd_ < 0) fail("cannot open " + path);
  while (::flock(fd_, LOCK_EX | LOCK_NB) != 0) {
    const bool busy = errno == EWOULDBLOCK || errno == EINTR;
    if (busy && Clock::now() < deadline && !interrupted()) {
      std::this_thread::sleep_for(milliseconds(20));
      continue;
    }
    const int error = errno;
    ::close(fd_);
    if (interrupted()) throw Interrupted();
    if (busy) throw Failure(kFailed, "another clusterctl is changing this cluster (" + path + ")");
    errno = error;
    fail("cannot lock " + path);
  }
}

FileLock::~FileLock() { ::close(fd_); }

void write_file_atomically(const std::string& path, const std::string& content) {
  const std::string fresh = path + ".new";
  const int fd = ::open(fresh.c_str(), O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC, 0600);
  if (fd < 0) fail("cannot write " + fresh);
  std::size_t done = 0;
  bool good = true;
  while (good && done < content.size()) {
    const auto written = ::write(fd, content.data() + done, content.size() - done);
    if (written > 0) done += static_cast<std::size_t>(written);
    good = written > 0 || (written < 0 && errno == EINTR);
  }
  good = good && ::fsync(fd) == 0;
  const int error = errno;
  good = ::close(fd) == 0 && good;
  if (!good) {
    errno = error;
    fail("cannot write " + fresh);
  }
  if (::rename(fresh.c_str(), path.c_str()) != 0) fail("cannot replace " + path);
}

std::string executable_dir() {
  std::array<char, PATH_MAX> path{};
  const auto length = ::readlink("/proc/self/exe", path.data(), path.size() - 1);
  if (length <= 0) return ".";
  const std::string full(path.data(), static_cast<std::size_t>(length));
  return full.substr(0, full.rfind('/'));
}

bool is_executable(const std::string& path) {
  struct stat info {};
  return ::stat(path.c_str(), &info) == 0 && S_ISREG(info.st_mode) &&
         ::access(path.c_str(), X_OK) == 0;
}

bool is_any_address(const std::string& host) {
  in_addr v4{};
  if (::inet_aton(host.c_str(), &v4) != 0) return v4.s_addr == INADDR_ANY;
  in6_addr v6{};
  return ::inet_pton(AF_INET6, host.c_str(), &v6) == 1 && IN6_IS_ADDR_UNSPECIFIED(&v6);
}

bool is_loopback(const std::string& host) {
  return host == "localhost" || host == "::1" || host.rfind("127.", 0) == 0;
}

bool can_listen(const std::string& host, int port, std::string* why) {
  addrinfo hints{};
  hints.ai_family = AF_UNSPEC;
  hints.ai_socktype = SOCK_STREAM;
  hints.ai_flags = AI_PASSIVE | AI_NUMERICSERV;
  addrinfo* found = nullptr;
  const int looked_up = ::getaddrinfo(host.c_str(), std::to_string(port).c_str(), &hints, &found);
  if (looked_up != 0) {
    if (why != nullptr) *why = ::gai_strerror(looked_up);
    return false;
  }
  const int fd = ::socket(found->ai_family, found->ai_socktype | SOCK_CLOEXEC, 0);
  bool free = false;
  int error = errno;
  if (fd >= 0) {
    const int yes = 1;  // As a server does: connections in TIME_WAIT are no obstacle.
    free = ::setsockopt(fd, SOL_SOCKET, SO_REUSEADDR, &yes, sizeof yes) == 0 &&
           ::bind(fd, found->ai_addr, found->ai_addrlen) == 0 && ::listen(fd, 1) == 0;
    error = errno;
    ::close(fd);
  }
  ::freeaddrinfo(found);
  if (!free && why != nullptr) *why = error_text(error);
  return free;
}

void hold_standard_streams() {
  for (int fd : {STDIN_FILENO, STDOUT_FILENO, STDERR_FILENO}) {
    if (::fcntl(fd, F_GETFD) >= 0) continue;
    // open() takes the lowest free number: this one.
    const int flags = fd == STDERR_FILENO ? O_WRONLY : O_RDONLY;
    if (::open("/dev/null", flags) != fd) return;
  }
}

bool stdout_reader_gone() {
  pollfd out{STDOUT_FILENO, 0, 0};
  return ::poll(&out, 1, 0) == 1 && (out.revents & (POLLERR | POLLHUP)) != 0;
}

bool is_terminal_stdout() { return ::isatty(STDOUT_FILENO) == 1; }

int terminal_columns() {
  winsize size{};
  const bool known = ::ioctl(STDOUT_FILENO, TIOCGWINSZ, &size) == 0 && size.ws_col > 0;
  return known ? size.ws_col : 80;
}
bool is_terminal_stderr() { return ::isatty(STDERR_FILENO) == 1; }
int current_pid() { return ::getpid(); }

void catch_interrupts() {
  struct sigaction action {};
  action.sa_handler = [](int) { interrupt_seen.store(true); };
  for (int signal : {SIGINT, SIGTERM, SIGHUP}) {
    if (::sigaction(signal, &action, nullptr) != 0) fail("cannot catch signals");
  }
  // A reader that went away (clusterctl status | head) ends us quietly through a failed write.
  ::signal(SIGPIPE, SIG_IGN);
}

bool interrupted() { return interrupt_seen.load(); }

void pause_between_polls(milliseconds length) {
  if (interrupted()) throw Interrupted();
  std::this_thread::sleep_for(length);
}

}  // namespace starling::ctl
