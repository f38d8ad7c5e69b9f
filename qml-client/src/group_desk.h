// What one does with groups: making one, and to the open one whatever the account's role allows.
// Errors are sentences for the place where one acts. Lives on the GUI thread.
#pragma once

#include <QObject>
#include <QQmlEngine>
#include <optional>

#include "qml-client/src/members_model.h"
#include "qml-client/src/people_list.h"
#include "starling/session.h"

namespace starling_app {

class GroupDesk : public QObject {
  Q_OBJECT
  QML_ELEMENT
  QML_UNCREATABLE("Belongs to ChatClient")
  Q_PROPERTY(bool open READ open NOTIFY changed)
  Q_PROPERTY(QString title READ title NOTIFY changed)
  Q_PROPERTY(QString membersText READ members_sentence NOTIFY changed)
  Q_PROPERTY(bool mayManage READ may_manage NOTIFY changed)
  Q_PROPERTY(bool mayDissolve READ may_dissolve NOTIFY changed)
  Q_PROPERTY(bool busy READ busy NOTIFY status_changed)
  Q_PROPERTY(QString error READ error NOTIFY status_changed)
  Q_PROPERTY(starling_app::MembersModel* members READ members CONSTANT)
  Q_PROPERTY(starling_app::PeopleList* chosen READ chosen CONSTANT)

 public:
  explicit GroupDesk(QObject* parent = nullptr);

  bool open() const { return group_.has_value(); }  // The open conversation is a group.
  QString title() const;
  QString members_sentence() const;  // "12 members"
  bool may_manage() const;           // Add people, and rename it.
  bool may_dissolve() const;
  bool busy() const { return busy_; }
  QString error() const { return error_; }
  MembersModel* members() { return &members_; }
  const MembersModel* members() const { return &members_; }
  PeopleList* chosen() { return &chosen_; }

  void begin(const starling::Session& session);
  void reset();
  // The open conversation, as it is now; nullptr, or a direct one: no group is open.
  void set_conversation(const starling::Conversation* conversation);
  // A system message has come: its members may be others now.
  void changed_in(qint64 conversation);

  // Whom the picker has chosen, for create() and addChosen().
  Q_INVOKABLE void choose(const QString& name, const QString& display_name);
  Q_INVOKABLE void unchoose(const QString& name);
  Q_INVOKABLE void clear();  // What was chosen, and the sentence.
  Q_INVOKABLE void create(const QString& title);
  Q_INVOKABLE void addChosen();
  Q_INVOKABLE void rename(const QString& title);
  Q_INVOKABLE void removeMember(qint64 account_id);
  Q_INVOKABLE void setAdmin(qint64 account_id, bool admin);
  Q_INVOKABLE void makeOwner(qint64 account_id);
  Q_INVOKABLE void leave();
  Q_INVOKABLE void dissolve();

 signals:
  void changed();
  void status_changed();
  void created(const starling::Conversation& conversation);
  void left(qint64 conversation);  // By leave() or dissolve().
  void finished();                 // What one asked for is done.

 private:
  bool start();  // False: nobody is logged in, or something is under way.
  void end(const QString& sentence);
  void load_members(qint64 conversation, qint64 after_id);
  void set_role(qint64 account_id, starling::MemberRole role);

  std::optional<starling::Session> session_;
  std::optional<starling::Conversation> group_;
  MembersModel members_;
  PeopleList chosen_;
  QString error_;
  bool busy_ = false;
  int generation_ = 0;  // One more at each log-out.
};

}  // namespace starling_app
