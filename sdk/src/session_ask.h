// What the operations of a session have in common: how each is asked, and how pages are answered.
#pragma once

#include <string>
#include <utility>

#include "sdk/src/ask.h"
#include "sdk/src/call_impl.h"
#include "sdk/src/convert.h"
#include "sdk/src/fields.h"
#include "sdk/src/session_impl.h"

namespace starling::sdk {

inline void set_read(const ReadOptions& options, v1::ReadHeader* header) {
  switch (options.level) {
    case ReadLevel::kLinearizable:
      header->set_level(v1::READ_LEVEL_LINEARIZABLE);
      return;
    case ReadLevel::kStale:
      header->set_level(v1::READ_LEVEL_STALE);
      header->set_max_staleness_ms(options.max_staleness.count());
      return;
    case ReadLevel::kSession:
      header->set_level(v1::READ_LEVEL_SESSION);
  }
}

// `subject`: as in CallPlan.
inline CallPlan plan(const std::string& token, const CallOptions& options,
                     const char* subject = nullptr) {
  return CallPlan{options.timeout, token, "", subject};
}
inline CallPlan plan(const std::string& token, const ReadOptions& options) {
  return CallPlan{options.timeout, token, options.server, nullptr};
}

template <typename T, typename Wire>
Page<T> to_page(const Wire& items, bool more) {
  return Page<T>{list_from_wire<T>(items), more};
}

}  // namespace starling::sdk
