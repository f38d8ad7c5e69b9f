// The app's one connection: the SDK's client, session and outbox on threads beside the GUI's, and
// the models that QML shows. Every SDK call that may wait runs on a worker; every answer comes back
// through to_gui(), which drops it when this object is gone. Lives on the GUI thread.
#pragma once

#include <QObject>
#include <QQmlEngine>
#include <QStringList>
#include <QTimer>
#include <map>
#include <memory>
#include <optional>
#include <set>
#include <vector>

#include "qml-client/src/account_desk.h"
#include "qml-client/src/cluster_status.h"
#include "qml-client/src/compose_model.h"
#include "qml-client/src/conversations_model.h"
#include "qml-client/src/delivered_marks.h"
#include "qml-client/src/event_pump.h"
#include "qml-client/src/event_rest.h"
#include "qml-client/src/group_desk.h"
#include "qml-client/src/lookups.h"
#include "qml-client/src/message_actions.h"
#include "qml-client/src/one_at_a_time.h"
#include "qml-client/src/palette_model.h"
#include "qml-client/src/people_model.h"
#include "qml-client/src/person_desk.h"
#include "qml-client/src/presence_desk.h"
#include "qml-client/src/search_model.h"
#include "qml-client/src/session_file.h"
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
  Q_PROPERTY(QString note READ note NOTIFY state_changed)
  Q_PROPERTY(QString sendError READ send_error NOTIFY send_error_changed)
  Q_PROPERTY(QString accountName READ account_name NOTIFY state_changed)
  Q_PROPERTY(QString displayName READ display_name NOTIFY state_changed)
  Q_PROPERTY(QString initials READ own_initials NOTIFY state_changed)
  Q_PROPERTY(int colorIndex READ own_color NOTIFY state_changed)
  Q_PROPERTY(QString serverText READ server_text NOTIFY servers_changed)  // Empty: nobody has said.
  Q_PROPERTY(bool chatting READ chatting NOTIFY currentChanged)
  Q_PROPERTY(QString currentTitle READ current_title NOTIFY currentChanged)
  Q_PROPERTY(QString currentName READ current_name NOTIFY currentChanged)
  Q_PROPERTY(QString currentInitials READ current_initials NOTIFY currentChanged)
  Q_PROPERTY(int currentColor READ current_color NOTIFY currentChanged)
  // What stands under the title: how the other side is, how many members there are, who types.
  Q_PROPERTY(QString currentDetail READ current_detail NOTIFY detail_changed)
  Q_PROPERTY(bool currentTyping READ current_typing NOTIFY detail_changed)
  Q_PROPERTY(bool currentOnline READ current_online NOTIFY detail_changed)
  Q_PROPERTY(bool currentAway READ current_away NOTIFY detail_changed)
  Q_PROPERTY(QString waitingText READ waiting_text NOTIFY waiting_changed)
  Q_PROPERTY(starling_app::ClusterStatus* cluster READ cluster CONSTANT)
  Q_PROPERTY(starling_app::ConversationsModel* conversations READ conversations CONSTANT)
  Q_PROPERTY(starling_app::TimelineModel* timeline READ timeline CONSTANT)
  Q_PROPERTY(starling_app::PeopleModel* people READ people CONSTANT)
  Q_PROPERTY(starling_app::SearchModel* search READ search CONSTANT)
  Q_PROPERTY(starling_app::GroupDesk* groups READ groups CONSTANT)
  Q_PROPERTY(starling_app::AccountDesk* account READ account CONSTANT)
  Q_PROPERTY(starling_app::PersonDesk* person READ person CONSTANT)
  Q_PROPERTY(starling_app::PaletteModel* palette READ palette CONSTANT)
  Q_PROPERTY(starling_app::ComposeModel* compose READ compose CONSTANT)
  Q_PROPERTY(starling_app::MessageActions* actions READ actions CONSTANT)

 public:
  // Whether there is a server is the cluster's matter: one may log in before any has answered.
  enum State { Login, Ready };
  Q_ENUM(State)

  // `servers`: none until useServers().
  ChatClient(QStringList servers, QString data_directory, QObject* parent = nullptr);
  ~ChatClient() override;

  State state() const { return state_; }
  bool busy() const { return busy_; }
  QString error() const { return error_; }  // Of logging in, or opening.
  QString note() const {
    return note_;
  }  // On the login page: why one is there, if that is no error.
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
  QString current_detail() const;
  bool current_typing() const;
  bool current_online() const;
  bool current_away() const;
  QString waiting_text() const;
  ClusterStatus* cluster() { return &cluster_; }
  ConversationsModel* conversations() { return &conversations_; }
  TimelineModel* timeline() { return &timeline_; }
  PeopleModel* people() { return &people_; }
  SearchModel* search() { return &search_; }
  GroupDesk* groups() { return &groups_; }
  AccountDesk* account() { return &account_; }
  PersonDesk* person() { return &person_; }
  PaletteModel* palette() { return &palette_; }
  ComposeModel* compose() { return &compose_; }
  MessageActions* actions() { return &actions_; }

  // Begins to look for a server, and takes up a session that was kept; returns at once.
  void start();
  void retranslate();  // The language is another one: what is on the screen is told anew.

  // `stay`: the next start takes the session up again.
  Q_INVOKABLE void logIn(const QString& name, const QString& password, bool stay = false);
  Q_INVOKABLE void signUp(const QString& name, const QString& display_name, const QString& password,
                          bool stay = false);
  // On the login page: other servers from now on. A sentence when these are none.
  Q_INVOKABLE QString useServers(const QString& addresses);
  Q_INVOKABLE void logOut();
  Q_INVOKABLE void clearError();
  Q_INVOKABLE void openConversation(qint64 id);
  Q_INVOKABLE void closeConversation();
  Q_INVOKABLE void step(int by);  // To the conversation so many rows below the open one.
  Q_INVOKABLE void openMessage(qint64 id, qint64 seq);  // The conversation, at that message.
  Q_INVOKABLE void openDirect(const QString& name);
  // What is written, as the composer's mode says: a message, an answer, or new words for one's own.
  // False when there is nothing to send or nowhere to send it.
  Q_INVOKABLE bool sendMessage(const QString& text);
  // Takes an own message that waits, or that failed, out of the outbox. One that is under way is
  // shown as Cancelling until the servers have said which came first; that it was sent is said.
  Q_INVOKABLE void cancelMessage(qint64 outbox_id);
  // Writes one that failed once more, as a new message, in place of it.
  Q_INVOKABLE void resendMessage(qint64 outbox_id);

 signals:
  void state_changed();
  void currentChanged();
  void detail_changed();
  void opened();                                          // Another conversation.
  void messageArrived(const starling::Message& message);  // A text of somebody else, just now.
  void messageErased(qint64 conversation, qint64 seq);    // Or hidden, on whatever device.
  void waiting_changed();
  void send_error_changed();
  void servers_changed();
  void actionWanted(int action);          // Of AppAction: the palette's.
  void sendRefused(const QString& text);  // The composer shows it again.

 private:
  void connect_models();
  void connect_presence();
  void watch_people();  // Those whose presence is on the screen, or may soon be.
  qint64 current_peer() const;
  void log_in(const QString& name, const QString& password);
  void connect_servers();
  void resume_kept();
  void keep_session();
  void open_outbox(starling::Session session);
  void ready(const std::shared_ptr<starling::Outbox>& outbox,
             const std::vector<starling::OutboxEntry>& waiting);
  void start_pump();
  void reload_conversations();  // Once for all who want it meanwhile.
  void conversations_loaded();
  void load_conversations(qint64 after_id);
  void list_failed(const starling::Error& error);
  void apply_list(const starling::Page<starling::Conversation>& page);
  void show_waiting(qint64 id);
  void want_preview(qint64 id);
  void want_name(const QString& account_name);
  void refresh_conversation(qint64 id);  // Something about it may have changed.
  void load_preview(qint64 id);
  void load_conversation(qint64 id);
  void load_name(const QString& account_name);
  void load_older(qint64 id, qint64 before);
  void load_newer(qint64 id, qint64 after);
  void load_around(qint64 id, qint64 seq, int question);
  void load_message(qint64 id, qint64 seq);
  void load_palette(int question, const QString& pattern);
  void load_people(int question, const QString& pattern, const QString& after_name);
  void load_found(int question, const QString& query, bool here, const QString& page);
  void open_at(qint64 id, qint64 seq);        // 0: at its newest message.
  void show_timeline(qint64 id, qint64 seq);  // Empty at first.
  void joined_again(qint64 id);
  void again(const starling::Error& error, std::function<void()> ask);  // After a pause.
  // True: since the account is not in that conversation, which was open.
  bool messages_refused(qint64 id, int era, const starling::Error& error);
  void apply_all(std::vector<starling::Event> events);
  void apply(const starling::Event& event);
  void apply_new(const std::vector<starling::Message>& messages);
  void erased(qint64 id, qint64 seq);
  void apply_profile(qint64 account_id);
  void show_current();  // The open conversation, to all who show something of it.
  void show_members();
  // The account is not in that conversation any more. `said`: if it is open, that is news.
  void gone(qint64 id, bool said);
  void save_draft(qint64 id, const QString& body, qint64 reply_to);
  void mark_delivered(const std::vector<starling::DeliveredMark>& marks);
  void apply_queued(const starling::OutboxEntry& entry);  // The answer of queue().
  void apply_change(const starling::OutboxEntry& entry);
  void fail_cancel(const starling::OutboxEntry& entry);  // It was too late.
  void fail_cancel();                                    // What it was is not known any more.
  void want_read();                                      // mark_read(), soon.
  void mark_read();
  void probe();  // While there is no majority: does anybody answer?
  void end_session();
  void account_deleted(const QString& sentence);
  void fail(const QString& sentence);
  void fail_send(const QString& sentence);
  void set_state(State state);
  bool run(std::function<void()> job);  // False, and it is said, when too much waits.

  QStringList servers_;
  const QString data_directory_;
  ClusterStatus cluster_;
  PresenceDesk presence_;  // The models that follow it look into it.
  ConversationsModel conversations_;
  TimelineModel timeline_;
  PeopleModel people_;
  SearchModel search_{
      [this](qint64 id) {
        return SearchModel::Names{conversations_.title(id), conversations_.peer_name(id)};
      },
      [this](const starling::Message& message) { return timeline_.outdated(message); }};
  GroupDesk groups_;
  AccountDesk account_;
  PersonDesk person_;
  PaletteModel palette_{conversations_};
  ComposeModel compose_{timeline_};
  MessageActions actions_{timeline_};
  DeliveredMarks delivered_{[this](qint64 id) { return conversations_.shows_marks(id); }};
  State state_ = Login;
  bool busy_ = false;
  QString error_;
  QString note_;
  QString list_error_;  // Of the last question for the list; it is said as error_.
  QString send_error_;
  QTimer read_timer_;
  QTimer probe_timer_;
  QTimer people_timer_;
  WaitingEntries waiting_;
  std::set<qint64> resending_;   // Ids, until they are out of the outbox.
  std::map<qint64, bool> left_;  // By the batch of events at hand; whether that is to be said.
  Lookups lookups_;
  OneAtATime list_;                         // Its pages count as one question.
  starling::Call search_call_;              // The last search.
  std::optional<starling::Client> client_;  // From start() on.
  std::optional<starling::Session> session_;
  std::shared_ptr<starling::Outbox> outbox_;
  QString outbox_file_;
  SessionFile session_file_;
  bool stay_ = false;  // What is logged in is kept.
  std::shared_ptr<EventPump> pump_;
  EventRest rest_;      // After each of its batches.
  int connection_ = 0;  // One more at each connect_servers(): what the one before tells is late.
  int generation_ = 0;  // One more at each log-out: answers of an earlier one are dropped.
  std::unique_ptr<Worker> worker_;
};

}  // namespace starling_app
