// The app's one connection: the SDK's client, session and outbox on threads beside the GUI's, and
// the models that QML shows. Every SDK call that may wait runs on a worker; every answer comes back
// through to_gui(), which drops it when this object is gone. Lives on the GUI thread.
#pragma once

#include <QObject>
#include <QQmlEngine>
#include <QStringList>
#include <QTimer>
#include <memory>
#include <optional>
#include <vector>

#include "qml-client/src/cluster_status.h"
#include "qml-client/src/compose_model.h"
#include "qml-client/src/conversations_model.h"
#include "qml-client/src/delivered_marks.h"
#include "qml-client/src/event_pump.h"
#include "qml-client/src/group_desk.h"
#include "qml-client/src/lookups.h"
#include "qml-client/src/message_actions.h"
#include "qml-client/src/one_at_a_time.h"
#include "qml-client/src/people_model.h"
#include "qml-client/src/timeline_model.h"
#include "qml-client/src/waiting_entries.h"
#include "qml-client/src/worker.h"
#include "starling/client.h"
#include "starling/outbox.h"

namespace starling_app {

class ChatClient : public QObject {
  Q_OBJECT
  QML_ELEMENT
  QML_UNCREATABLE("Made by the program")
  Q_PROPERTY(State state READ state NOTIFY state_changed)
  Q_PROPERTY(bool busy READ busy NOTIFY state_changed)
  Q_PROPERTY(QString error READ error NOTIFY state_changed)
  Q_PROPERTY(QString sendError READ send_error NOTIFY send_error_changed)
  Q_PROPERTY(QString accountName READ account_name NOTIFY state_changed)
  Q_PROPERTY(QString displayName READ display_name NOTIFY state_changed)
  Q_PROPERTY(QString initials READ own_initials NOTIFY state_changed)
  Q_PROPERTY(int colorIndex READ own_color NOTIFY state_changed)
  Q_PROPERTY(QString serverText READ server_text CONSTANT)
  Q_PROPERTY(bool chatting READ chatting NOTIFY currentChanged)
  Q_PROPERTY(QString currentTitle READ current_title NOTIFY currentChanged)
  Q_PROPERTY(QString currentName READ current_name NOTIFY currentChanged)
  Q_PROPERTY(QString currentInitials READ current_initials NOTIFY currentChanged)
  Q_PROPERTY(int currentColor READ current_color NOTIFY currentChanged)
  Q_PROPERTY(QString waitingText READ waiting_text NOTIFY waiting_changed)
  Q_PROPERTY(starling_app::ClusterStatus* cluster READ cluster CONSTANT)
  Q_PROPERTY(starling_app::ConversationsModel* conversations READ conversations CONSTANT)
  Q_PROPERTY(starling_app::TimelineModel* timeline READ timeline CONSTANT)
  Q_PROPERTY(starling_app::PeopleModel* people READ people CONSTANT)
  Q_PROPERTY(starling_app::GroupDesk* groups READ groups CONSTANT)
  Q_PROPERTY(starling_app::ComposeModel* compose READ compose CONSTANT)
  Q_PROPERTY(starling_app::MessageActions* actions READ actions CONSTANT)

 public:
  // Whether there is a server is the cluster's matter: one may log in before any has answered.
  enum State { Login, Ready };
  Q_ENUM(State)

  ChatClient(QStringList servers, QString data_directory, QObject* parent = nullptr);
  ~ChatClient() override;

  State state() const { return state_; }
  bool busy() const { return busy_; }
  QString error() const { return error_; }  // Of logging in, or opening.
  QString send_error() const { return send_error_; }
  QString account_name() const;
  QString display_name() const;
  QString own_initials() const;
  int own_color() const;
  QString server_text() const { return servers_.join(QStringLiteral(", ")); }
  bool chatting() const { return current_conversation() > 0; }  // A conversation is open.
  qint64 current_conversation() const { return timeline_.conversation(); }
  QString current_title() const;
  QString current_name() const;
  QString current_initials() const;
  int current_color() const;
  QString waiting_text() const;
  ClusterStatus* cluster() { return &cluster_; }
  ConversationsModel* conversations() { return &conversations_; }
  TimelineModel* timeline() { return &timeline_; }
  PeopleModel* people() { return &people_; }
  GroupDesk* groups() { return &groups_; }
  ComposeModel* compose() { return &compose_; }
  MessageActions* actions() { return &actions_; }

  void start();  // Begins to look for a server, and returns at once.

  Q_INVOKABLE void logIn(const QString& name, const QString& password);
  Q_INVOKABLE void signUp(const QString& name, const QString& display_name,
                          const QString& password);
  Q_INVOKABLE void logOut();
  Q_INVOKABLE void clearError();
  Q_INVOKABLE void openConversation(qint64 id);
  Q_INVOKABLE void closeConversation();
  Q_INVOKABLE void openDirect(const QString& name);
  // What is written, as the composer's mode says: a message, an answer, or new words for one's own.
  // False when there is nothing to send or nowhere to send it.
  Q_INVOKABLE bool sendMessage(const QString& text);
  // Takes an own message that waits, or that failed, out of the outbox.
  Q_INVOKABLE void cancelMessage(qint64 outbox_id);

 signals:
  void state_changed();
  void currentChanged();
  void opened();  // Another conversation.
  void waiting_changed();
  void send_error_changed();
  void sendRefused(const QString& text);  // The composer shows it again.

 private:
  void connect_models();
  void log_in(const QString& name, const QString& password);
  void open_outbox(starling::Session session);
  void ready(const std::shared_ptr<starling::Outbox>& outbox,
             const std::vector<starling::OutboxEntry>& waiting);
  void start_pump();
  void reload_conversations();  // Once for all who want it meanwhile.
  void conversations_loaded();
  void load_conversations(qint64 after_id);
  void show_waiting(qint64 id);
  void want_preview(qint64 id);
  void want_name(const QString& account_name);
  void refresh_conversation(qint64 id);  // Something about it may have changed.
  void load_preview(qint64 id);
  void load_conversation(qint64 id);
  void load_name(const QString& account_name);
  void load_older(qint64 id, qint64 before);
  void load_newer(qint64 id, qint64 after);
  void load_around(qint64 id, qint64 seq);
  void load_message(qint64 id, qint64 seq);
  void load_people(int question, const QString& pattern, const QString& after_name);
  void apply(const starling::Event& event);
  void apply_new(const starling::Message& message);
  void apply_profile(qint64 account_id);
  void show_current();  // The open conversation, to all who show something of it.
  void show_members();
  void gone(qint64 id, bool said);  // The account is not in that conversation any more.
  void save_draft(qint64 id, const QString& body, qint64 reply_to);
  void mark_delivered(const std::vector<starling::DeliveredMark>& marks);
  void apply_change(const starling::OutboxEntry& entry);
  void mark_read();
  void probe();  // While there is no majority: does anybody answer?
  void end_session();
  void fail(const QString& sentence);
  void fail_send(const QString& sentence);
  void set_state(State state);
  bool run(std::function<void()> job);  // False, and it is said, when too much waits.

  const QStringList servers_;
  const QString data_directory_;
  ClusterStatus cluster_;
  ConversationsModel conversations_;
  TimelineModel timeline_;
  PeopleModel people_;
  GroupDesk groups_;
  ComposeModel compose_{timeline_};
  MessageActions actions_{timeline_};
  DeliveredMarks delivered_{[this](qint64 id) { return conversations_.shows_marks(id); }};
  State state_ = Login;
  bool busy_ = false;
  QString error_;
  QString send_error_;
  QTimer read_timer_;
  QTimer probe_timer_;
  WaitingEntries waiting_;
  Lookups lookups_;
  OneAtATime list_;                         // Its pages count as one question.
  std::optional<starling::Client> client_;  // From start() on.
  std::optional<starling::Session> session_;
  std::shared_ptr<starling::Outbox> outbox_;
  std::shared_ptr<EventPump> pump_;
  int generation_ = 0;  // One more at each log-out: answers of an earlier one are dropped.
  std::unique_ptr<Worker> worker_;
};

}  // namespace starling_app
