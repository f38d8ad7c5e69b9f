// fork, pipe, poll and alarm for the sweep.
#include "tests/sim/platform.h"

#include <poll.h>
#include <signal.h>
#include <sys/wait.h>
#include <unistd.h>

#include <algorithm>
#include <cerrno>
#include <cstdio>
#include <cstdlib>
#include <cstring>
#include <ctime>

namespace starling::sim {

namespace {
struct Worker {
  pid_t pid = -1;
  int pipe = -1;
  std::string buffer;
};

void say_line(int pipe, const std::string& line) {
  const std::string text = line + "\n";
  std::size_t done = 0;
  while (done < text.size()) {
    const ssize_t count = ::write(pipe, text.data() + done, text.size() - done);
    if (count < 0 && errno == EINTR) continue;
    if (count <= 0) std::_Exit(3);
    done += static_cast<std::size_t>(count);
  }
}

// For the handler, which may call write, alarm, clock_gettime and _exit, and little else.
char last_words[256];
std::size_t last_words_bytes = 0;

unsigned limit_s_now = 0;
int periods = 0;
double cpu_at_start_s = 0;

double cpu_s() {
  timespec used = {};
  ::clock_gettime(CLOCK_PROCESS_CPUTIME_ID, &used);
  return static_cast<double>(used.tv_sec) + static_cast<double>(used.tv_nsec) / 1e9;
}

extern "C" void time_is_up(int) {
  if (++periods < 10 && cpu_s() - cpu_at_start_s < limit_s_now / 10.0) {
    ::alarm(limit_s_now);
    return;
  }
  const ssize_t written = ::write(STDERR_FILENO, last_words, last_words_bytes);
  (void)written;
  ::_exit(kGuardExit);
}

[[noreturn]] void fail(const char* what) {
  std::perror(what);
  std::exit(1);
}
}  // namespace

void guard(unsigned limit_s, const std::string& last_line) {
  ::alarm(0);
  const std::size_t count = std::min(last_line.size(), sizeof last_words - 2);
  last_words_bytes = count + 1;
  std::memcpy(last_words, last_line.data(), count);
  last_words[count] = '\n';
  limit_s_now = limit_s;
  periods = 0;
  cpu_at_start_s = cpu_s();
  if (limit_s == 0) return;
  struct sigaction action = {};
  action.sa_handler = time_is_up;
  ::sigaction(SIGALRM, &action, nullptr);
  ::alarm(limit_s);
}

std::vector<WorkerEnd> run_workers(
    int jobs,
    const std::function<void(int job, const std::function<void(const std::string&)>&)>& work,
    const std::function<void(int job, const std::string& line)>& heard) {
  std::vector<Worker> workers(static_cast<std::size_t>(jobs));
  std::fflush(nullptr);
  for (int job = 0; job < jobs; ++job) {
    int ends[2];
    if (::pipe(ends) != 0) fail("pipe");
    const pid_t pid = ::fork();
    if (pid < 0) fail("fork");
    if (pid == 0) {
      ::close(ends[0]);
      work(job, [&](const std::string& line) { say_line(ends[1], line); });
      std::_Exit(0);
    }
    ::close(ends[1]);
    workers[static_cast<std::size_t>(job)] = {pid, ends[0], {}};
  }
  int open = jobs;
  while (open > 0) {
    std::vector<pollfd> wanted;
    for (const Worker& worker : workers) wanted.push_back({worker.pipe, POLLIN, 0});
    if (::poll(wanted.data(), wanted.size(), -1) < 0 && errno != EINTR) fail("poll");
    for (std::size_t job = 0; job < workers.size(); ++job) {
      Worker& worker = workers[job];
      if (worker.pipe < 0 || (wanted[job].revents & (POLLIN | POLLHUP | POLLERR)) == 0) continue;
      char chunk[4'096];
      const ssize_t count = ::read(worker.pipe, chunk, sizeof chunk);
      if (count < 0 && errno == EINTR) continue;
      if (count <= 0) {
        ::close(worker.pipe);
        worker.pipe = -1;
        --open;
        continue;
      }
      worker.buffer.append(chunk, static_cast<std::size_t>(count));
      for (std::size_t end; (end = worker.buffer.find('\n')) != std::string::npos;) {
        heard(static_cast<int>(job), worker.buffer.substr(0, end));
        worker.buffer.erase(0, end + 1);
      }
    }
  }
  std::vector<WorkerEnd> ends;
  for (const Worker& worker : workers) {
    int status = 0;
    while (::waitpid(worker.pid, &status, 0) < 0 && errno == EINTR) {
    }
    const int code = WIFEXITED(status) ? WEXITSTATUS(status) : -1;
    ends.push_back(code == 0            ? WorkerEnd::kDone
                   : code == kGuardExit ? WorkerEnd::kGuarded
                                        : WorkerEnd::kDied);
  }
  return ends;
}

}  // namespace starling::sim
