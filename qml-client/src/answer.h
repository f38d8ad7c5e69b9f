// Answers of the SDK on the GUI thread.
#pragma once

#include <QPointer>
#include <utility>

#include "qml-client/src/worker.h"
#include "starling/session.h"

namespace starling_app {

// `then(owner, result)` on the GUI thread; dropped when the owner is gone, or when the account has
// logged out since, which `generation`, a member of the owner's, tells.
template <typename T, typename Owner, typename Then>
starling::Done<T> answer(const QPointer<Owner>& self, const int& generation, Then then) {
  return [self, &generation, asked = generation, then](const starling::Result<T>& result) {
    to_gui(self, [&generation, asked, then, result](Owner& owner) {
      if (generation == asked) then(owner, result);
    });
  };
}

}  // namespace starling_app
