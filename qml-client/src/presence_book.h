// What is known of who is there and who types: of those on whom the servers are asked to tell, and
// of no more than kMaxPlaces conversations with kMaxTypers each. It is given what the servers tell
// and forgets what has lasted too long. Lives on the GUI thread.
#pragma once

#include <QDateTime>
#include <QDeadlineTimer>
#include <QObject>
#include <QTimer>
#include <functional>
#include <map>
#include <set>
#include <vector>

#include "starling/presence.h"

namespace starling_app {

class PresenceBook : public QObject {
  Q_OBJECT

 public:
  struct Times {
    int typing_ms = 6'500;    // A notice is good for six seconds, and then some of the way.
    int refresh_ms = 20'000;  // How often "5 minutes ago" is looked at again.
    std::function<QDateTime()> now = [] { return QDateTime::currentDateTime(); };
  };
  static constexpr std::size_t kMaxPlaces = 64;
  static constexpr std::size_t kMaxTypers = 8;

  explicit PresenceBook(QObject* parent = nullptr) : PresenceBook(Times(), parent) {}
  explicit PresenceBook(Times times, QObject* parent = nullptr);

  // Of an account of which nothing is known: offline, and never seen.
  starling::Presence of(qint64 account) const;
  bool online(qint64 account) const;
  bool away(qint64 account) const;
  QString text(qint64 account) const;  // "online", "last seen 5 minutes ago", or nothing.
  QString word(qint64 account) const;  // "online", "away", or nothing.
  // Who types there, who has begun first in front.
  std::vector<qint64> typing(qint64 conversation) const;

  void set_watched(const std::vector<qint64>& accounts);  // What is known of others is forgotten.
  void apply(const starling::Presence& presence);
  void apply_typing(qint64 conversation, qint64 account);
  void apply_message(qint64 conversation, qint64 sender);  // It is written: nobody types it now.
  void reset();

 signals:
  void presence_changed(qint64 account);  // 0: of all of them.
  void typing_changed(qint64 conversation);
  void time_passed();  // Texts with a time in them may be others now.

 private:
  struct Typer {
    qint64 account = 0;
    QDeadlineTimer until;
  };

  void end_typing(qint64 conversation, const std::function<bool(const Typer&)>& over);
  void expire();
  void arm();  // For whose notice ends next.

  const Times times_;
  std::set<qint64> watched_;
  std::map<qint64, starling::Presence> known_;   // By account; of those watched.
  std::map<qint64, std::vector<Typer>> typing_;  // By conversation; never an empty one.
  QTimer expiry_;
  QTimer refresh_;
};

}  // namespace starling_app
