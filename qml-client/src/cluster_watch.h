// Asks every server for its status once a second, for as long as somebody watches; on a thread of
// its own, since a server that hangs is waited for. Lives on the GUI thread.
#pragma once

#include <QObject>
#include <QTimer>
#include <atomic>
#include <memory>

#include "qml-client/src/servers_model.h"
#include "qml-client/src/worker.h"

namespace starling_app {

class ClusterWatch : public QObject {
 public:
  explicit ClusterWatch(ServersModel& servers);
  // Waits for the one question that is out: for a third of a second.
  ~ClusterWatch() override;

  void start();
  void stop();
  bool active() const { return timer_.isActive(); }

 private:
  void ask_all();
  void ask(const std::string& address);

  ServersModel& servers_;
  QTimer timer_;
  int waiting_ = 0;  // Questions of the round that runs: the next one begins with none.
  const std::shared_ptr<std::atomic<bool>> stopped_ = std::make_shared<std::atomic<bool>>(true);
  Worker worker_;
};

}  // namespace starling_app
