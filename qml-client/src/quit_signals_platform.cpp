// See quit_signals_platform.h. A handler may do next to nothing: it writes into a pipe, which the
// event loop reads.
#include "qml-client/src/quit_signals_platform.h"

#include <fcntl.h>
#include <signal.h>
#include <unistd.h>

#include <QCoreApplication>
#include <array>
#include <atomic>
#include <cerrno>

namespace starling_app {
namespace {

constexpr std::array kSignals = {SIGTERM, SIGINT, SIGHUP};

std::array<int, 2> ends = {-1, -1};  // What is read, and what is written.
std::atomic<int> told = -1;          // What is written, to the handler.
static_assert(std::atomic<int>::is_always_lock_free);

void tell(int) {
  const int before = errno;
  const char one = 1;
  if (write(told, &one, 1) < 0) {  // The pipe is full of them.
  }
  errno = before;
}

void hear(int number) {
  struct sigaction now {};
  // Whoever starts a program in the background or under nohup wants none of them to count.
  if (sigaction(number, nullptr, &now) != 0 || now.sa_handler == SIG_IGN) return;
  struct sigaction wanted {};
  wanted.sa_handler = tell;
  wanted.sa_flags = SA_RESTART | static_cast<int>(SA_RESETHAND);
  sigemptyset(&wanted.sa_mask);
  (void)sigaction(number, &wanted, nullptr);
}

}  // namespace

QuitSignals::QuitSignals() {
  if (pipe2(ends.data(), O_CLOEXEC | O_NONBLOCK) != 0) return;  // They end the process, as ever.
  told = ends[1];
  heard_ = std::make_unique<QSocketNotifier>(ends[0], QSocketNotifier::Read);
  QObject::connect(heard_.get(), &QSocketNotifier::activated, heard_.get(), [this] {
    heard_->setEnabled(false);
    QCoreApplication::quit();
  });
  for (const int number : kSignals) hear(number);
}

QuitSignals::~QuitSignals() {
  for (const int number : kSignals) {
    struct sigaction now {};
    if (sigaction(number, nullptr, &now) == 0 && now.sa_handler == tell) {
      (void)signal(number, SIG_DFL);
    }
  }
  heard_.reset();
  for (int& end : ends) {
    if (end >= 0) (void)close(end);
    end = -1;
  }
}

}  // namespace starling_app
