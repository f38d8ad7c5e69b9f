// One's own account: what others see of it, its password, its log-ins, whom it blocks, and its end.
// What goes wrong, and what was done, are sentences for the place where one acts. Lives on the GUI
// thread.
#pragma once

#include <QObject>
#include <QQmlEngine>
#include <optional>

#include "qml-client/src/people_list.h"
#include "qml-client/src/sessions_model.h"
#include "starling/session.h"

namespace starling_app {

class AccountDesk : public QObject {
  Q_OBJECT
  QML_ELEMENT
  QML_UNCREATABLE("Belongs to ChatClient")
  Q_PROPERTY(QString name READ name NOTIFY changed)
  Q_PROPERTY(QString displayName READ display_name NOTIFY changed)  // As it is set: may be empty.
  Q_PROPERTY(QString about READ about NOTIFY changed)
  Q_PROPERTY(QString since READ since NOTIFY changed)  // The day on which it was made.
  Q_PROPERTY(QString initials READ own_initials NOTIFY changed)
  Q_PROPERTY(int colorIndex READ color_index NOTIFY changed)
  Q_PROPERTY(bool busy READ busy NOTIFY status_changed)
  Q_PROPERTY(QString error READ error NOTIFY status_changed)
  Q_PROPERTY(QString done READ done NOTIFY status_changed)  // What was done, after it was.
  Q_PROPERTY(starling_app::SessionsModel* sessions READ sessions CONSTANT)
  Q_PROPERTY(bool sessionsLoading READ sessions_loading NOTIFY status_changed)
  Q_PROPERTY(starling_app::PeopleList* blocked READ blocked CONSTANT)
  Q_PROPERTY(bool blockedLoading READ blocked_loading NOTIFY status_changed)
  Q_PROPERTY(int maxDisplayName READ max_display_name CONSTANT)  // Bytes of UTF-8, as all four.
  Q_PROPERTY(int maxAbout READ max_about CONSTANT)

 public:
  static constexpr int kMaxDisplayName = 64;
  static constexpr int kMaxAbout = 512;
  static constexpr int kMinPassword = 8;
  static constexpr int kMaxPassword = 1'024;

  explicit AccountDesk(QObject* parent = nullptr) : QObject(parent) {}

  QString name() const { return QString::fromStdString(account_.name); }
  QString display_name() const { return QString::fromStdString(account_.display_name); }
  QString shown_name() const;  // The display name, else the account's.
  QString about() const { return QString::fromStdString(account_.about); }
  QString since() const;
  QString own_initials() const;
  int color_index() const;
  bool busy() const { return busy_; }
  QString error() const { return error_; }
  QString done() const { return done_; }
  SessionsModel* sessions() { return &sessions_; }
  bool sessions_loading() const { return sessions_loading_; }
  PeopleList* blocked() { return &blocked_; }
  bool blocked_loading() const { return blocked_loading_; }
  int max_display_name() const { return kMaxDisplayName; }
  int max_about() const { return kMaxAbout; }

  void begin(const starling::Session& session);
  void reset();
  void reload();          // The profile, which another device may have changed.
  void reload_blocked();  // If anybody has asked for it before.

  Q_INVOKABLE void clear();  // The two sentences.
  Q_INVOKABLE void saveProfile(const QString& display_name, const QString& about);
  Q_INVOKABLE void changePassword(const QString& present, const QString& fresh,
                                  const QString& again);
  Q_INVOKABLE void loadSessions();
  Q_INVOKABLE void endSession(qint64 id);
  Q_INVOKABLE void loadBlocked();
  Q_INVOKABLE void unblock(const QString& name);
  Q_INVOKABLE void deleteAccount(const QString& password);
  // The length that counts, for a field that may not have more.
  Q_INVOKABLE int bytes(const QString& text) const {
    return static_cast<int>(text.toUtf8().size());
  }

 signals:
  void changed();
  void status_changed();
  void passwordChanged();  // The form may be emptied.
  void unblocked(const QString& name);
  void deleted(const QString& sentence);  // The account is gone, and with it the session.

 private:
  bool start();  // False: nobody is logged in, or something is under way.
  void end(const QString& error, const QString& done = {});
  void load_blocked(qint64 after_id);

  std::optional<starling::Session> session_;
  starling::Account account_;
  SessionsModel sessions_;
  PeopleList blocked_;
  std::vector<starling::Account> blocked_pages_;  // Until the last one is here.
  bool blocked_wanted_ = false;
  bool sessions_loading_ = false;
  bool blocked_loading_ = false;
  QString error_;
  QString done_;
  bool busy_ = false;
  int generation_ = 0;  // One more at each log-out.
};

}  // namespace starling_app
