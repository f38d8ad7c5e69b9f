// Whether somebody uses the app: no key, pointer or touch for a while means that nobody does. It
// sees the events of the whole application object, which must outlive it. Lives on the GUI thread.
#pragma once

#include <QObject>
#include <QTimer>

namespace starling_app {

class IdleWatch : public QObject {
  Q_OBJECT

 public:
  static constexpr int kIdleMs = 5 * 60'000;

  explicit IdleWatch(int idle_ms = kIdleMs, QObject* parent = nullptr);

  bool idle() const { return idle_; }
  bool eventFilter(QObject* object, QEvent* event) override;  // Never takes an event away.

 signals:
  void idle_changed(bool idle);

 private:
  void set(bool idle);

  QTimer timer_;
  bool idle_ = false;
};

}  // namespace starling_app
