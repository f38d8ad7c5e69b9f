// The messages of the open conversation, newest first (row 0 is at the bottom of the screen): own
// sends that wait, then what the servers have stored, each once and in the order of seq. It is
// given pages, events and outbox changes in any order and asks by signals for what it lacks. It is
// a window on the history, of kMaxStored messages at most: what falls out at one end comes again
// when one scrolls there, and jumpTo() moves it. Lives on the GUI thread.
//
// Roles beside the plain ones of Role:
//   kind          Kind: a text, or a system message, which has `systemText` in place of a bubble
//   systemText    its sentence, "ada added bob, carl"
//   replyTo       the seq of the message that this one answers, 0: none; replySender and replyBody
//                 are who said what in it, as far as that is known
//   edited        whether its words were changed; editCount: how often
//   reactions     a list of {emoji, count, mine} in the order in which they first came
//   hidden        the account has hidden it: nothing of it is shown
//   mentionsMe    it names the account
//   unreadAbove   it is the first of what was unread when the conversation was opened
//   links         a list of {start, length, url}: the web addresses in its words
//   canEdit, canDelete  the account may change its words; may delete it for everybody
#pragma once

#include <QAbstractListModel>
#include <QDateTime>
#include <QQmlEngine>
#include <QTimer>
#include <functional>
#include <map>
#include <set>
#include <vector>

#include "qml-client/src/amendments.h"
#include "starling/outbox.h"
#include "starling/types.h"

namespace starling_app {

class TimelineModel : public QAbstractListModel {
  Q_OBJECT
  QML_ELEMENT
  QML_UNCREATABLE("Belongs to ChatClient")
  Q_PROPERTY(int count READ count NOTIFY status_changed)
  Q_PROPERTY(int waiting READ waiting NOTIFY status_changed)
  Q_PROPERTY(bool loading READ loading NOTIFY status_changed)
  Q_PROPERTY(bool loaded READ loaded NOTIFY status_changed)
  Q_PROPERTY(bool detached READ detached NOTIFY status_changed)
  Q_PROPERTY(bool loadingNewer READ loading_newer NOTIFY status_changed)
  Q_PROPERTY(QString notice READ notice NOTIFY status_changed)
  // Whether the newest message is in sight, which the view tells.
  Q_PROPERTY(bool atNewest READ at_newest WRITE set_at_newest NOTIFY at_newest_changed)
  // How many messages of others have come since it was not.
  Q_PROPERTY(int newer READ newer NOTIFY newer_changed)

 public:
  enum Kind { Text, System };
  Q_ENUM(Kind)
  // The life of an own message. In a group it is delivered, or read, when it is to all others.
  // Cancelling: taken back, and the servers have not said yet whether it was sent before.
  enum MessageState { Incoming, Queued, Sent, Replicated, Delivered, Read, Failed, Cancelling };
  Q_ENUM(MessageState)
  enum Role {
    SeqRole = Qt::UserRole + 1,
    OutboxIdRole,
    BodyRole,
    SenderRole,
    OwnRole,
    TimeRole,
    StateRole,
    StateTextRole,
    ErrorRole,
    DeletedRole,
    FirstOfGroupRole,  // Begins a run of one sender: shows the name.
    LastOfGroupRole,   // Ends it: shows the avatar and the tail.
    DayRole,           // The separator above this message, or nothing.
    InitialsRole,
    ColorRole,
    KindRole,
    SystemTextRole,
    ReplyToRole,
    ReplySenderRole,
    ReplyBodyRole,
    EditedRole,
    EditCountRole,
    ReactionsRole,
    HiddenRole,
    MentionsMeRole,
    UnreadAboveRole,
    LinksRole,
    CanEditRole,
    CanDeleteRole
  };
  static constexpr int kPage = 50;
  // Twenty pages, where a screen shows half a one: nobody scrolls past them without time to ask for
  // more, and with the longest bodies (16 KiB) they are 16 MB. What waits comes on top, as many as
  // the outbox holds.
  static constexpr int kMaxStored = 1'000;

  explicit TimelineModel(QObject* parent = nullptr);

  int rowCount(const QModelIndex& parent = {}) const override;
  QVariant data(const QModelIndex& index, int role) const override;
  QHash<int, QByteArray> roleNames() const override;
  bool canFetchMore(const QModelIndex& parent) const override;
  void fetchMore(const QModelIndex& parent) override;

  int count() const { return static_cast<int>(rows_.size()); }
  int waiting() const;  // Own messages that no server has acknowledged.
  bool loading() const { return loading_; }
  bool loaded() const { return loaded_; }
  // The newest messages fell out while one read older ones; fetchNewer() goes back to them.
  bool detached() const { return detached_; }
  bool loading_newer() const { return asking_newer_; }
  QString notice() const { return notice_; }
  bool at_newest() const { return at_newest_; }
  int newer() const { return newer_; }
  void set_at_newest(bool there);
  qint64 conversation() const { return conversation_; }
  qint64 newest_seq() const;

  const starling::Message* stored_message(qint64 seq) const;  // nullptr: not in the window.
  const starling::Message* known_message(qint64 seq) const;   // Also one that is quoted.
  void want_quote(qint64 seq);  // Asks for it, once, and keeps it: its row may leave the window.
  // The stream has told that it was deleted or hidden, in whichever conversation.
  bool gone(qint64 conversation, qint64 seq) const { return amendments_.gone(conversation, seq); }
  // The stream has told of another form of it since it was read.
  bool outdated(const starling::Message& message) const;
  qint64 last_editable() const;  // The newest own message that can be edited; 0: none.
  QString shown_name(const QString& account_name) const;

  // The account, from the log-in on: for "You" and for mentions.
  void set_self_name(const QString& account_name) { self_name_ = account_name; }
  // Empties the list and asks for the newest page. `self`: whose messages are one's own.
  // `unread_after`: behind which seq there is something unread; -1: nothing is. `at`: where one
  // wants to be, which is asked for in place of the newest page; 0: there.
  void open(qint64 conversation, qint64 self, const std::vector<starling::OutboxEntry>& waiting,
            qint64 unread_after = -1, qint64 at = 0);
  // After the stream began anew: what happened meanwhile, deletions among it, was not told. What is
  // shown stays until the newest page is here; then what has not come again goes. Who is on the way
  // elsewhere (jumpTo) gets there all the same: that page is asked for in place of the newest.
  void reload();
  // The same when events were missed: of what the stream told before, nothing counts any more. The
  // history may be another one (`clusterctl recover`), whose numbers are used once more.
  void renew();
  // Numbers the windows. What is asked in one and answered in a later one is late: it was read
  // before what the stream has told meanwhile, or lies elsewhere. Answers come with that of their
  // question.
  int era() const { return era_; }
  void close();
  void reset();  // Closes it and forgets the account.
  void apply_page(qint64 conversation, int era, qint64 before,
                  const starling::Page<starling::Message>& page);
  void apply_newer(qint64 conversation, int era, qint64 after,
                   const starling::Page<starling::Message>& page);
  void retry_gap(qint64 conversation, int era);  // The question for a hole was not answered.
  void apply_page_error(qint64 conversation, int era, qint64 before, const QString& sentence);
  void apply_message(const starling::Message& message) { apply_messages({message}); }
  // In the order in which the stream told of them. Those of this conversation that are new come as
  // one change: under a flood the window would be busy with nothing but rows.
  void apply_messages(const std::vector<starling::Message>& messages);
  // These three of any conversation: it may be opened while a page from before is on its way.
  void apply_deleted(qint64 conversation, qint64 seq);
  void apply_edited(const starling::Message& message);
  void apply_hidden(qint64 conversation, qint64 seq);
  // `account` has put `emoji` there, or taken it back. What others do may be counted already by the
  // page that told of the message, so the truth is asked for as well (message_wanted).
  void apply_reaction(qint64 conversation, qint64 seq, qint64 account, const std::string& emoji,
                      bool on);
  // The message as it is now, in answer to message_wanted; nullptr: there is none to be seen.
  void apply_answer(qint64 conversation, qint64 seq, const starling::Message* message);
  // Both with the number of the question.
  void apply_around(qint64 conversation, int question, const starling::MessageWindow& window);
  void apply_around_error(qint64 conversation, int question);
  // How far another member has read, or has the messages. Account 0: the other side of a direct
  // conversation.
  void apply_peer_read(qint64 conversation, qint64 seq, qint64 account = 0);
  void apply_delivered(qint64 conversation, qint64 seq, qint64 account = 0);
  // Of a group: whose marks count, with what they are. None: nobody's, no state goes beyond stored.
  void set_members(qint64 conversation, const std::vector<starling::Member>& others);
  // Of a group: its admins may delete everybody's messages.
  void set_may_delete_all(bool may);
  // `answer`: what queue() or entries() returned; an older word than the changes that arrived.
  void apply_outbox(const starling::OutboxEntry& entry, bool answer);
  void retranslate();  // Every row is told anew, in the language that is used now.
  void set_display_name(const QString& account_name, const QString& display_name);
  Q_INVOKABLE void retryPage();
  Q_INVOKABLE void fetchNewer();
  Q_INVOKABLE void toNewest();  // The window moves there, if it is elsewhere.
  // Answers with jumped(), at once or when the message is here; with the nearest one that is here
  // when it may not be seen. The last wish counts.
  Q_INVOKABLE void jumpTo(qint64 seq);

 signals:
  void status_changed();
  void at_newest_changed();
  // Not status_changed: the view tells atNewest by what depends on that, and would go in circles.
  void newer_changed();
  // A message was deleted, edited or hidden, in whichever conversation.
  void amended(qint64 conversation, qint64 seq);
  void older_wanted(qint64 conversation, qint64 before);  // 0: the newest page.
  void newer_wanted(qint64 conversation, qint64 after);
  // Answer with apply_around() or apply_around_error().
  void around_wanted(qint64 conversation, qint64 seq, int question);
  void message_wanted(qint64 conversation, qint64 seq);  // Answer with apply_answer().
  void name_wanted(const QString& account_name);
  void jumped(int row);

 private:
  struct Row {
    starling::Message message;  // seq 0: not acknowledged.
    qint64 outbox_id = 0;
    MessageState state = Incoming;
    QString error;
    bool stale = false;  // Of before the reload that is under way.
  };

  struct Marks {
    qint64 delivered = 0;
    qint64 read = 0;
  };

  MessageState state_of_row(const Row& row) const;
  const Row* older_than(int row) const;
  const Row* newer_than(int row) const;
  bool starts_day(int row) const;
  bool first_unread(int row) const;
  void forget_unread();  // Who answers has read it.
  static bool same_group(const Row& a, const Row& b);
  QVariant text_of(int at, const Row& row, int role) const;
  QVariant more_of(int at, const Row& row, int role) const;
  QVariant reply_of(const Row& row, int role) const;
  bool can_edit(const Row& row) const;
  bool can_delete(const Row& row) const;
  QString name_in_sentence(const QString& account_name, bool begins) const;
  Row* row_of(qint64 seq, int& at);
  void want_names(const starling::Message& message);
  void all_changed();
  void want_quotes();
  void quote_changed(qint64 seq);
  void marks_changed();
  int pending_row(qint64 outbox_id) const;
  bool stored(const std::string& request_id) const;
  int pending_row(const std::string& request_id) const;
  void settle(int at, Row row);
  void finish(qint64 outbox_id);
  int stored_row(qint64 seq) const;  // Where seq is, or where it belongs.
  Row row_for(const starling::Message& message, bool event);
  void insert_row(int at, Row row);
  void insert_run(std::vector<Row>& run);  // At the newest end; the oldest first; empty afterwards.
  void replace_row(int at, Row row);
  void remove_row(int at);
  void touch_around(int first, int last);
  // `event`: of the stream, which does not tell what the message is to this account.
  void store(const starling::Message& message, bool event = false);
  void drop_stale();
  void drop_rows(int first, int last);
  int first_stored() const;
  void drop_oldest();  // What is more than kMaxStored, at the end where nothing was added.
  void drop_newest();
  void ask_around();
  bool out_of_window(qint64 seq);  // Newer than a detached window: kept in mind only.
  void check_gap();

  std::vector<Row> rows_;
  Amendments amendments_;
  std::map<QString, QString> names_;
  std::set<qint64> finished_;  // Outbox ids that ended; the newest kMaxFinished of them.
  qint64 conversation_ = 0;
  qint64 self_ = 0;
  QString self_name_;
  bool may_delete_all_ = false;
  std::map<qint64, Marks> marks_;               // By account.
  std::vector<qint64> others_;                  // Whose marks count.
  Marks all_;                                   // How far all of them are.
  std::map<qint64, starling::Message> quotes_;  // What is answered here and was said earlier.
  std::set<qint64> quotes_asked_;               // Asked for, or known, since the last reload.
  std::set<qint64> closed_;                     // Behind which the servers have nothing for a hole.
  std::set<QString> names_asked_;
  qint64 jump_ = 0;        // Where one wants to go.
  int jump_question_ = 0;  // Of the last question for it; other answers are late.
  qint64 unread_after_ = -1;
  bool at_newest_ = true;
  int newer_ = 0;
  QString notice_;
  QTimer gap_timer_;
  bool loading_ = false;
  bool loaded_ = false;
  bool more_ = false;
  bool stale_ = false;  // A reload has not been answered yet.
  bool detached_ = false;
  bool asking_newer_ = false;  // By fetchNewer().
  bool newer_failed_ = false;  // It may ask again after a pause.
  int era_ = 0;
  qint64 latest_ = 0;        // Detached: the newest that was heard of.
  qint64 asked_before_ = 0;  // Of the last question for a page; other answers are late.
};

}  // namespace starling_app
