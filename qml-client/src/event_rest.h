// How long the window has to itself after a batch of events: until it has drawn what came, and for
// twice as long as all of that took. So a flood takes a third of its time at most, and keys are
// answered in between; a batch that is little work is followed by the next one at once, as one sees
// it. Lives on the GUI thread.
#pragma once

#include <QElapsedTimer>
#include <QObject>
#include <QTimer>
#include <algorithm>
#include <chrono>

namespace starling_app {

class EventRest : public QObject {
  Q_OBJECT

 public:
  using Milliseconds = std::chrono::milliseconds;

  // After the events: the frame that shows them is asked for, and takes the thread, within this.
  static constexpr Milliseconds kFrame{10};
  // What comes is shown so late at most, however slow the machine.
  static constexpr Milliseconds kMost{250};
  static constexpr int kShare = 2;

  explicit EventRest(QObject* parent = nullptr);

  void begin();    // Before the events of a batch,
  void applied();  // and behind them.
  void reset();    // The batch was one of an earlier session: nobody waits for its rest.

  // For a window that was busy so long.
  static constexpr Milliseconds after(Milliseconds busy) { return std::min(busy * kShare, kMost); }

 signals:
  void over();

 private:
  QElapsedTimer busy_;
  QTimer frame_;
  QTimer rest_;
};

}  // namespace starling_app
