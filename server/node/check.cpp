// See check.h.
#include "server/node/check.h"

#include <cstdlib>

#include "spdlog/spdlog.h"

namespace starling::node {

void check_failed(const char* what, const char* file, int line) {
  spdlog::critical("a rule of the program itself does not hold: {} ({}:{})", what, file, line);
  spdlog::default_logger()->flush();
  std::abort();
}

}  // namespace starling::node
