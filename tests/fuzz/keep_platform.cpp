// Implements tests/fuzz/keep_platform.h: what a signal handler may call, and nothing else.
#include "tests/fuzz/keep_platform.h"

#include <fcntl.h>
#include <signal.h>
#include <unistd.h>

#include <filesystem>
#include <string_view>

namespace starling::fuzz {
namespace {

std::string path_kept;
std::string sentence;
const char* data_kept = nullptr;
std::size_t size_kept = 0;

void write_all(int file, std::string_view bytes) {
  while (!bytes.empty()) {
    const ssize_t written = ::write(file, bytes.data(), bytes.size());
    if (written <= 0) return;
    bytes.remove_prefix(static_cast<std::size_t>(written));
  }
}

void on_signal(int signal) {
  const int file = ::open(path_kept.c_str(), O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC, 0600);
  if (file >= 0 && data_kept != nullptr) {
    write_all(file, std::string_view(data_kept, size_kept));
    write_all(STDERR_FILENO, sentence);
  }
  ::raise(signal);  // Its own way again: SA_RESETHAND.
}

}  // namespace

void keep_on_a_crash(const std::string& name) {
  std::error_code error;
  std::filesystem::path folder = std::filesystem::temp_directory_path(error);
  if (error) folder = "/tmp";
  path_kept = (folder / (name + ".crash")).string();
  sentence =
      "fuzz: the input is in " + path_kept + "; run it again with " + name + " " + path_kept + "\n";
  struct sigaction action {};
  action.sa_handler = on_signal;
  action.sa_flags = static_cast<int>(SA_RESETHAND | SA_NODEFER);
  for (const int signal : {SIGABRT, SIGSEGV, SIGBUS, SIGFPE, SIGILL}) {
    ::sigaction(signal, &action, nullptr);
  }
}

void keep(const std::string& input) {
  data_kept = input.data();
  size_kept = input.size();
}

}  // namespace starling::fuzz
