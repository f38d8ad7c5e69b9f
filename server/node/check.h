// Programming errors end the process, in release builds too, with a sentence that names the place.
#pragma once

namespace starling::node {

[[noreturn]] void check_failed(const char* what, const char* file, int line);

}  // namespace starling::node

#define NODE_CHECK(condition, what) \
  ((condition) ? void(0) : ::starling::node::check_failed(what, __FILE__, __LINE__))
