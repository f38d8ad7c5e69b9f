// All that clusterctl asks of the operating system: daemons, signals, file locks, ports and
// terminals. The only files of clusterctl that include POSIX headers are this one's.
#pragma once

#include <chrono>
#include <cstdint>
#include <optional>
#include <string>
#include <vector>

namespace starling::ctl {

using Clock = std::chrono::steady_clock;
using std::chrono::milliseconds;

// A process for good: the pid alone may be given to another process later, the pair may not.
struct ProcessId {
  int pid = 0;
  std::uint64_t start_time = 0;  // Clock ticks since boot, from /proc/PID/stat.
};

enum class ProcessState { kRunning, kPaused, kExited };

const char* to_string(ProcessState state);

// A zombie counts as exited once no thread of it is left: it holds no file, lock or socket any
// more.
ProcessState process_state(const ProcessId& process);

// Starts a program in a session of its own, with an empty stdin and its output appended to a file.
// Its parent is not us (a double fork), so that it leaves no zombie under a long-living caller.
ProcessId spawn_daemon(const std::vector<std::string>& argv, const std::string& log_path);

// False when the process is gone already.
bool send_signal(const ProcessId& process, int signal);

// Waits until the process is dead; false at the deadline. Throws Interrupted.
bool wait_until_exited(const ProcessId& process, Clock::time_point deadline);

// "KILL", "SIGTERM" or "9"; nothing for names that are unknown or that do not end a process.
std::optional<int> fatal_signal(const std::string& name);

// An exclusive lock on a file, held until destroyed or the process ends.
class FileLock {
 public:
  // Waits for the present holder until the deadline, then throws Failure.
  FileLock(const std::string& path, Clock::time_point deadline);
  ~FileLock();
  FileLock(const FileLock&) = delete;
  FileLock& operator=(const FileLock&) = delete;

 private:
  int fd_ = -1;
};

// Writes a new file, syncs it and renames it over the old one.
void write_file_atomically(const std::string& path, const std::string& content);

// Where this very program lies.
std::string executable_dir();
bool is_executable(const std::string& path);

// 0.0.0.0, :: and their other spellings: an address to listen on, but not one to be reached at.
bool is_any_address(const std::string& host);
bool is_loopback(const std::string& host);

// Can this address be listened on now? `why` says what stands against it.
bool can_listen(const std::string& host, int port, std::string* why);

// Puts something in the place of standard streams that the caller has closed, so that no file or
// socket of ours gets their numbers; what is then written to stdout fails.
void hold_standard_streams();
// Whoever read our output has gone away, as head does.
bool stdout_reader_gone();

bool is_terminal_stdout();
int terminal_columns();  // 80 when nobody can tell.
bool is_terminal_stderr();
int current_pid();

// From here on SIGINT, SIGTERM and SIGHUP only set a flag, which the waits below look at.
void catch_interrupts();
bool interrupted();
// A short rest between two looks at something. Throws Interrupted.
void pause_between_polls(milliseconds length = milliseconds(15));

}  // namespace starling::ctl
