// Invariants that hold in release builds too: going on after a broken one could break the promises
// of the cluster, so the process ends with a clear message instead.
#pragma once

#include <cstdio>
#include <cstdlib>

namespace starling::core {

[[noreturn]] inline void check_failed(const char* what, const char* file, int line) {
  std::fprintf(stderr, "starling core: invariant broken: %s (%s:%d)\n", what, file, line);
  std::abort();
}

}  // namespace starling::core

#define STARLING_CORE_CHECK(condition, what)                                        \
  do {                                                                              \
    if (!(condition)) {                                                             \
      ::starling::core::check_failed(what " [" #condition "]", __FILE__, __LINE__); \
    }                                                                               \
  } while (false)
