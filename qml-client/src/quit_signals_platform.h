// SIGTERM, SIGINT and SIGHUP as a request to quit: the app ends as by its menu, with all that it
// keeps. A second one of the same kind ends the process at once.
#pragma once

#include <QSocketNotifier>
#include <memory>

namespace starling_app {

// One at a time, while there is a QCoreApplication. A signal that comes before its event loop runs
// ends the loop as soon as it does.
class QuitSignals {
 public:
  QuitSignals();
  ~QuitSignals();
  QuitSignals(const QuitSignals&) = delete;
  QuitSignals& operator=(const QuitSignals&) = delete;

 private:
  std::unique_ptr<QSocketNotifier> heard_;
};

}  // namespace starling_app
