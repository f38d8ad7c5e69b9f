// Notifications of the desktop (org.freedesktop.Notifications): one for each conversation, replaced
// by the next message's. Where no such service runs nothing happens. Lives on the GUI thread; every
// call of the bus is asynchronous.
#pragma once

#include <QDBusConnection>
#include <QObject>
#include <QString>
#include <map>

#include "qml-client/src/app_settings.h"

namespace starling_app {

// A message of somebody else, as a notification tells of it. Plain texts.
struct Notice {
  qint64 conversation = 0;
  qint64 seq = 0;
  QString title;   // Of the conversation.
  QString sender;  // Empty in a direct conversation: the title has it.
  QString body;
  bool mentions_me = false;
  bool in_view = false;  // Its conversation is open in a window that is being used.
};

class Notifier : public QObject {
  Q_OBJECT

 public:
  Notifier(const QDBusConnection& bus, const AppSettings& settings, QObject* parent = nullptr);

  // Muted, only mentions are told. So they are of a conversation that is in view. When the settings
  // turn notifications off, nothing is.
  bool muted() const { return muted_; }
  void set_muted(bool muted) { muted_ = muted; }

  void show(const Notice& notice);
  void withdraw(qint64 conversation);                      // It was read.
  void withdraw_message(qint64 conversation, qint64 seq);  // If it is the one that is told.
  void withdraw_all();

 signals:
  void clicked(qint64 conversation);

 private slots:
  void action_invoked(uint id, const QString& action);
  void notification_closed(uint id, uint reason);

 private:
  struct Shown {
    qint64 seq = 0;  // Of the message that it tells.
    uint id = 0;     // The service's; 0: not answered yet.
    bool asked = false;
    bool withdrawn = false;  // Before there was an id.
    bool changed = false;    // `summary` and `body` are newer than what was asked for.
    QString summary;
    QString body;
  };
  void ask(qint64 conversation, Shown& shown);
  void answered(qint64 conversation, uint id);
  void close(uint id);
  qint64 conversation_of(uint id) const;  // 0: none.

  QDBusConnection bus_;
  const AppSettings& settings_;
  bool muted_ = false;
  std::map<qint64, Shown> shown_;
};

}  // namespace starling_app
