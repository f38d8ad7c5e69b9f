// How a command of clusterctl ends: the exit codes of the contract, and the exception that carries
// one together with a sentence for people up to main().
#pragma once

#include <stdexcept>
#include <string>

namespace starling::ctl {

inline constexpr int kDone = 0;
inline constexpr int kFailed = 1;
inline constexpr int kUsage = 2;
inline constexpr int kNoQuorum = 3;

class Failure : public std::runtime_error {
 public:
  Failure(int exit_code, const std::string& message)
      : std::runtime_error(message), exit_code_(exit_code) {}
  int exit_code() const { return exit_code_; }

 private:
  int exit_code_;
};

// Ctrl-C, or a polite request to end.
class Interrupted : public Failure {
 public:
  Interrupted() : Failure(kFailed, "interrupted") {}
};

}  // namespace starling::ctl
