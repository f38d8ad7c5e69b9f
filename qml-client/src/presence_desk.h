// The session's presence watch: who is there, by PresenceBook; that the account is there, is away,
// types. What the SDK's threads tell waits in a bounded inbox for the GUI's. Lives on the GUI
// thread; nothing here waits, but for the end of a watch, which is the worker's.
#pragma once

#include <QObject>
#include <QTimer>
#include <memory>
#include <vector>

#include "qml-client/src/idle_watch.h"
#include "qml-client/src/presence_book.h"
#include "starling/session.h"

namespace starling_app {

class PresenceDesk : public QObject {
  Q_OBJECT

 public:
  // Away after `idle_ms` without input.
  explicit PresenceDesk(int idle_ms = IdleWatch::kIdleMs, QObject* parent = nullptr);
  ~PresenceDesk() override;

  PresenceBook* book() { return &book_; }
  const PresenceBook* book() const { return &book_; }

  void begin(starling::Session session);
  // The account is not there any more by this session, and nothing is known of others. What is
  // given back is to be let go on the worker: a callback that runs is waited for.
  [[nodiscard]] std::shared_ptr<void> end();
  // Whose presence is shown, the most wanted first: of more than the SDK's limit the first count.
  void set_watched(std::vector<qint64> accounts);
  void typing(qint64 conversation);  // As often as one likes.

 private:
  struct Inbox;

  void take(const std::shared_ptr<Inbox>& from);

  PresenceBook book_;
  IdleWatch idle_;
  std::shared_ptr<starling::PresenceWatch> watch_;
  std::shared_ptr<Inbox> inbox_;  // Of this session: what an earlier one told is nobody's.
  std::vector<qint64> watched_;   // In order, each once; at most the SDK's limit.
  qint64 self_ = 0;
};

}  // namespace starling_app
