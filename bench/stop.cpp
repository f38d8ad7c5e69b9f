// Ctrl-C and SIGTERM ask for an end.
#include "bench/stop.h"

#include <csignal>

namespace starling::bench {
namespace {

volatile std::sig_atomic_t g_stop = 0;

void on_signal(int signal) {
  g_stop = 1;
  std::signal(signal, SIG_DFL);  // The second one ends the program at once.
}

}  // namespace

void catch_stop_signals() {
  std::signal(SIGINT, on_signal);
  std::signal(SIGTERM, on_signal);
}

bool stop_asked() { return g_stop != 0; }

}  // namespace starling::bench
