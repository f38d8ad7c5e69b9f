// Another person as one sees them: the profile, and whether one blocks them. Lives on the GUI
// thread.
#pragma once

#include <QObject>
#include <QQmlEngine>
#include <optional>

#include "qml-client/src/presence_book.h"
#include "starling/session.h"

namespace starling_app {

class PersonDesk : public QObject {
  Q_OBJECT
  QML_ELEMENT
  QML_UNCREATABLE("Belongs to ChatClient")
  Q_PROPERTY(QString name READ name NOTIFY changed)
  Q_PROPERTY(QString displayName READ display_name NOTIFY changed)
  Q_PROPERTY(QString about READ about NOTIFY changed)
  Q_PROPERTY(QString since READ since NOTIFY changed)
  Q_PROPERTY(QString initials READ person_initials NOTIFY changed)
  Q_PROPERTY(int colorIndex READ color_index NOTIFY changed)
  Q_PROPERTY(bool blocked READ blocked NOTIFY changed)
  Q_PROPERTY(bool isSelf READ is_self NOTIFY changed)
  Q_PROPERTY(bool loaded READ loaded NOTIFY changed)
  Q_PROPERTY(bool busy READ busy NOTIFY changed)
  Q_PROPERTY(bool online READ online NOTIFY changed)
  Q_PROPERTY(bool away READ away NOTIFY changed)
  Q_PROPERTY(QString presence READ presence NOTIFY changed)  // In words, or nothing.
  Q_PROPERTY(QString error READ error NOTIFY changed)

 public:
  explicit PersonDesk(QObject* parent = nullptr) : QObject(parent) {}

  QString name() const { return name_; }
  QString display_name() const;
  QString about() const { return QString::fromStdString(profile_.account.about); }
  QString since() const;
  QString person_initials() const;
  int color_index() const;
  bool blocked() const { return profile_.blocked; }
  bool is_self() const { return session_ && session_->account().name == name_.toStdString(); }
  bool loaded() const { return loaded_; }
  bool busy() const { return busy_; }  // A question, or a change, is under way.
  QString error() const { return error_; }
  bool online() const { return presence_ != nullptr && presence_->online(account_id()); }
  bool away() const { return presence_ != nullptr && presence_->away(account_id()); }
  QString presence() const {
    return presence_ == nullptr ? QString() : presence_->text(account_id());
  }
  qint64 account_id() const { return profile_.account.id; }  // 0: not known yet.

  void set_presence(const PresenceBook* book);  // From here on; it outlives the desk.
  void begin(const starling::Session& session);
  void reset();
  void changed_elsewhere(
      qint64 account_id);  // If it is this person, the profile is asked for again.

  // Whose profile; what is known of the name stands there until the answer is here.
  Q_INVOKABLE void show(const QString& name, const QString& display_name);
  Q_INVOKABLE void reload();
  Q_INVOKABLE void setBlocked(bool blocked);

 signals:
  void changed();
  void block_changed();

 private:
  void end(const QString& sentence);

  const PresenceBook* presence_ = nullptr;
  std::optional<starling::Session> session_;
  QString name_;
  QString known_as_;
  starling::Profile profile_;
  QString error_;
  bool loaded_ = false;
  bool busy_ = false;
  int generation_ = 0;  // One more at each log-out and each other person.
};

}  // namespace starling_app
