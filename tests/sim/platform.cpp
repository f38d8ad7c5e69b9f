// fork, pipe and poll for the sweep.
#include "tests/sim/platform.h"

#include <poll.h>
#include <sys/wait.h>
#include <unistd.h>

#include <cerrno>
#include <cstdio>
#include <cstdlib>

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

[[noreturn]] void fail(const char* what) {
  std::perror(what);
  std::exit(1);
}
}  // namespace

int run_workers(
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
  int failed = 0;
  for (const Worker& worker : workers) {
    int status = 0;
    while (::waitpid(worker.pid, &status, 0) < 0 && errno == EINTR) {
    }
    if (!WIFEXITED(status) || WEXITSTATUS(status) != 0) ++failed;
  }
  return failed;
}

}  // namespace starling::sim
