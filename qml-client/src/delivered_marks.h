// What this device has received, gathered and told to the servers at most once a second. Marks are
// told only where somebody is shown them. Lives on the GUI thread.
#pragma once

#include <QObject>
#include <QTimer>
#include <functional>
#include <map>
#include <optional>
#include <vector>

#include "starling/types.h"

namespace starling_app {

class DeliveredMarks : public QObject {
  Q_OBJECT

 public:
  static constexpr int kPauseMs = 1'000;
  static constexpr std::size_t kMaxMarks = 200;  // Of one call.
  // How often one waits for a conversation that is not known yet.
  static constexpr int kPatience = 10;

  // Whether a conversation's marks are shown to anybody; nothing: that is not known yet.
  using Shown = std::function<std::optional<bool>(qint64 conversation)>;

  explicit DeliveredMarks(Shown shown, QObject* parent = nullptr);

  void add(qint64 conversation, qint64 seq);
  void reset();

 signals:
  void marks_wanted(const std::vector<starling::DeliveredMark>& marks);

 private:
  struct Mark {
    qint64 seq = 0;
    int waited = 0;
  };

  void tell();

  const Shown shown_;
  std::map<qint64, Mark> marks_;
  QTimer pause_;  // Runs for a second after each call.
};

}  // namespace starling_app
