// A terminal with one line being edited at its bottom.
#include "examples/terminal_platform.h"

#include <fcntl.h>
#include <poll.h>
#include <sys/ioctl.h>
#include <unistd.h>

#include <cerrno>
#include <csignal>
#include <cstring>

namespace {

int wake[2] = {-1, -1};  // Signals write here, so that they end a wait.

// Of the one terminal, for signals that come before anybody reads.
termios before_all{};
volatile std::sig_atomic_t is_raw = 0;
volatile std::sig_atomic_t starting = 1;

// What it calls is safe in a handler: signal-safety(7).
void on_signal(int number) {
  if (starting != 0 && number != SIGWINCH) {
    if (is_raw != 0) {
      (void)!::write(STDOUT_FILENO, "\r\x1b[K", 4);
      ::tcsetattr(STDIN_FILENO, TCSANOW, &before_all);
    }
    ::_exit(128 + number);
  }
  const int kept = errno;
  const char byte = number == SIGWINCH ? 'w' : 'q';
  (void)!::write(wake[1], &byte, 1);
  errno = kept;
}

void put(const std::string& text) {
  for (std::size_t done = 0; done < text.size();) {
    const ssize_t wrote = ::write(STDOUT_FILENO, text.data() + done, text.size() - done);
    if (wrote < 0 && errno != EINTR) return;  // Nobody looks any more.
    if (wrote > 0) done += static_cast<std::size_t>(wrote);
  }
}

int columns() {
  winsize size{};
  return ::ioctl(STDOUT_FILENO, TIOCGWINSZ, &size) == 0 && size.ws_col > 0 ? size.ws_col : 80;
}

}  // namespace

Terminal::Terminal() : interactive_(::isatty(STDIN_FILENO) != 0 && ::isatty(STDOUT_FILENO) != 0) {
  if (::pipe2(wake, O_CLOEXEC | O_NONBLOCK) != 0) over_ = true;
  struct sigaction action {};
  action.sa_handler = on_signal;
  for (const int number : {SIGINT, SIGTERM, SIGHUP, SIGWINCH})
    ::sigaction(number, &action, nullptr);
  ::signal(SIGPIPE, SIG_IGN);
  if (!interactive_ || ::tcgetattr(STDIN_FILENO, &before_) != 0) return;
  termios raw = before_;
  raw.c_lflag &= ~static_cast<tcflag_t>(ICANON | ECHO | IEXTEN);
  raw.c_iflag &= ~static_cast<tcflag_t>(ICRNL | INLCR | IXON);
  before_all = before_;
  is_raw = 1;
  ::tcsetattr(STDIN_FILENO, TCSADRAIN, &raw);
}

void Terminal::begin() {
  starting = 0;
  termios raw{};
  if (!interactive_ || ::tcgetattr(STDIN_FILENO, &raw) != 0) return;
  raw.c_lflag &= ~static_cast<tcflag_t>(ISIG);  // Ctrl-C is a key from here on.
  ::tcsetattr(STDIN_FILENO, TCSADRAIN, &raw);
}

void Terminal::leave() {
  const std::lock_guard lock(mutex_);
  if (!interactive_.exchange(false)) return;
  put("\r\x1b[K");
  is_raw = 0;
  ::tcsetattr(STDIN_FILENO, TCSADRAIN, &before_);
}

std::size_t Terminal::columns() const {
  return interactive_ ? static_cast<std::size_t>(::columns()) : 1'000'000;
}

void Terminal::draw() { put(editor_.draw(prompt_, ::columns())); }

void Terminal::print(const std::string& line) {
  const std::lock_guard lock(mutex_);
  put((interactive_ ? "\r\x1b[K" : "") + line + "\n");
  if (interactive_) draw();
}

void Terminal::set_prompt(const std::string& prompt) {
  const std::lock_guard lock(mutex_);
  prompt_ = prompt;
  if (interactive_) draw();
}

bool Terminal::stopped(std::chrono::milliseconds timeout) {
  pollfd waiting{wake[0], POLLIN, 0};
  char byte = 0;
  if (::poll(&waiting, 1, static_cast<int>(timeout.count())) <= 0) return false;
  return ::read(wake[0], &byte, 1) == 1 && byte == 'q';
}

Terminal::Got Terminal::read(std::string& line, std::chrono::milliseconds timeout) {
  if (const Got got = take_bytes(line); got != Got::kNothing) return got;
  if (over_) return Got::kEnd;
  pollfd waiting[2] = {{STDIN_FILENO, POLLIN, 0}, {wake[0], POLLIN, 0}};
  if (::poll(waiting, 2, static_cast<int>(timeout.count())) <= 0) return Got::kNothing;
  char bytes[1'024];
  if (waiting[1].revents != 0) {
    const ssize_t count = ::read(wake[0], bytes, sizeof(bytes));
    if (count > 0 && std::memchr(bytes, 'q', static_cast<std::size_t>(count)) != nullptr) {
      over_ = true;
      return Got::kEnd;
    }
    const std::lock_guard lock(mutex_);
    if (interactive_) draw();
  }
  if (waiting[0].revents == 0) return Got::kNothing;
  const ssize_t count = ::read(STDIN_FILENO, bytes, sizeof(bytes));
  if (count < 0 && (errno == EINTR || errno == EAGAIN)) return Got::kNothing;
  if (count <= 0) over_ = true;  // What stands without its line's end is a line too.
  if (count > 0) pending_.append(bytes, static_cast<std::size_t>(count));
  const Got got = take_bytes(line);
  return got == Got::kNothing && over_ ? Got::kEnd : got;
}

bool Terminal::edited() {
  const std::lock_guard lock(mutex_);
  return std::exchange(edited_, false);
}

Terminal::Got Terminal::take_bytes(std::string& line) {
  if (!interactive_) {
    const std::size_t end = pending_.find('\n');
    if (end == std::string::npos && (!over_ || pending_.empty())) return Got::kNothing;
    line = pending_.substr(0, end);
    pending_.erase(0, end == std::string::npos ? end : end + 1);
    return Got::kLine;
  }
  const std::lock_guard lock(mutex_);
  Got got = Got::kNothing;
  std::size_t used = 0;
  while (used < pending_.size() && got == Got::kNothing) got = key(pending_[used++]);
  pending_.erase(0, used);
  if (got == Got::kLine) line = editor_.take();
  if (used > 0) {
    edited_ = editor_.holds_text();
    draw();
  }
  return got;
}

Terminal::Got Terminal::key(char byte) {
  const auto b = static_cast<unsigned char>(byte);
  if (!sequence_.empty()) {
    sequence_ += byte;
    const bool is_escape = sequence_[0] == '\x1b';
    if (is_escape ? sequence_.size() > 2 && b >= 0x40 : !to_text(sequence_).empty()) {
      is_escape ? editor_.key(sequence_.substr(2)) : editor_.insert(to_text(sequence_)[0]);
      sequence_.clear();
    } else if (sequence_.size() > 8 ||
               (is_escape && sequence_.size() == 2 && b != '[' && b != 'O')) {
      sequence_.clear();
    }
    return Got::kNothing;
  }
  if (b == 0x1b || b >= 0x80) sequence_ = byte;
  if (b == '\r' || b == '\n') return Got::kLine;
  if (b == 0x03 || (b == 0x04 && editor_.empty())) return Got::kEnd;  // Ctrl-C, Ctrl-D
  editor_.key(b);
  return Got::kNothing;
}
