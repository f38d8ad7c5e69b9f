// What a Call holds, and how one is started.
#pragma once

#include <functional>
#include <memory>
#include <utility>

#include "sdk/src/core.h"
#include "starling/client.h"

namespace starling {

struct STARLING_LOCAL Call::Impl {
  std::function<void()> cancel;  // From any thread, any number of times.

  static Call make(std::function<void()> cancel) {
    if (cancel == nullptr) return Call();
    return Call(std::make_shared<Impl>(Impl{std::move(cancel)}));
  }
};

}  // namespace starling
