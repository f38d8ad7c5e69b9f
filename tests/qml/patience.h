// Waiting for what a window or its models come to show.
#pragma once

#include <QCoreApplication>
#include <QElapsedTimer>
#include <QEventLoop>
#include <functional>

namespace starling_app {

inline constexpr int kPatienceMs = 20'000;

// Handles events until `there`, for kPatienceMs at most. False: it is not there.
inline bool until(const std::function<bool()>& there) {
  QElapsedTimer timer;
  timer.start();
  while (!there() && timer.elapsed() < kPatienceMs) {
    QCoreApplication::processEvents(QEventLoop::AllEvents, 20);
  }
  return there();
}

}  // namespace starling_app
