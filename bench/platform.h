// What the benchmark needs of the system: to run clusterctl, and to kill a server and see it dead.
#pragma once

#include <chrono>
#include <string>
#include <vector>

namespace starling::bench {

// The folder of this program.
std::string own_directory();

struct RunResult {
  int exit_code = -1;  // -1: not run, or ended by a signal.
  std::string output;  // What it wrote to its standard output.
};
// Runs a program to its end, its standard error passed through. It is not disturbed by Ctrl-C.
RunResult run(const std::vector<std::string>& arguments);

// Puts something in the place of standard streams that the caller has closed, so that no socket of
// ours gets their numbers; and a reader of our output that goes away does not end us.
void hold_standard_streams();
// Whoever read our output has gone away, as head does.
bool stdout_reader_gone();

// Sends SIGKILL and returns once the process is gone (or a zombie: it runs no more and its sockets
// are closed). False when it still lived at the end of the timeout, or could not be signalled.
bool kill_and_wait(int pid, std::chrono::milliseconds timeout);

}  // namespace starling::bench
