// The messages of the open conversation, newest first (row 0 is at the bottom of the screen): own
// sends that wait, then what the servers have stored, each once and in the order of seq. It is
// given pages, events and outbox changes in any order and asks by signals for what it lacks. It is
// a window on the history, of kMaxStored messages at most: what falls out at one end comes again
// when one scrolls there. Lives on the GUI thread.
#pragma once

#include <QAbstractListModel>
#include <QDateTime>
#include <QQmlEngine>
#include <QTimer>
#include <functional>
#include <map>
#include <set>
#include <vector>

#include "qml-client/src/deletions.h"
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

 public:
  // The life of an own message. The servers do not tell of Delivered yet.
  enum MessageState { Incoming, Queued, Sent, Replicated, Delivered, Read, Failed };
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
    ColorRole
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
  qint64 conversation() const { return conversation_; }
  qint64 newest_seq() const;

  // Empties the list and asks for the newest page. `self`: whose messages are one's own. Names are
  // those of the open conversation: two at most.
  void open(qint64 conversation, qint64 self, const std::vector<starling::OutboxEntry>& waiting);
  // After the stream began anew: what happened meanwhile, deletions among it, was not told. What is
  // shown stays until the newest page is here; then what has not come again goes.
  void reload();
  void close();
  void reset();  // Closes it and forgets the account.
  void apply_page(qint64 conversation, qint64 before,
                  const starling::Page<starling::Message>& page);
  void apply_newer(qint64 conversation, const starling::Page<starling::Message>& page);
  void retry_gap(qint64 conversation);  // The question for a hole was not answered.
  void apply_page_error(qint64 conversation, const QString& sentence);
  void apply_message(const starling::Message& message);
  // Of any conversation: it may be opened while a page from before is on its way.
  void apply_deleted(qint64 conversation, qint64 seq);
  void apply_peer_read(qint64 conversation, qint64 seq);  // The other side has read up to there.
  // `answer`: what queue() or entries() returned; an older word than the changes that arrived.
  void apply_outbox(const starling::OutboxEntry& entry, bool answer);
  void set_display_name(const QString& account_name, const QString& display_name);
  Q_INVOKABLE void retryPage();
  Q_INVOKABLE void fetchNewer();

 signals:
  void status_changed();
  void older_wanted(qint64 conversation, qint64 before);  // 0: the newest page.
  void newer_wanted(qint64 conversation, qint64 after);

 private:
  struct Row {
    starling::Message message;  // seq 0: not acknowledged.
    qint64 outbox_id = 0;
    MessageState state = Incoming;
    QString error;
    bool stale = false;  // Of before the reload that is under way.
  };

  MessageState state_of_row(const Row& row) const;
  const Row* older_than(int row) const;
  const Row* newer_than(int row) const;
  bool starts_day(int row) const;
  static bool same_group(const Row& a, const Row& b);
  QVariant text_of(int at, const Row& row, int role) const;
  int pending_row(qint64 outbox_id) const;
  bool stored(const std::string& request_id) const;
  void drop_pending(const std::string& request_id);
  void finish(qint64 outbox_id);
  int stored_row(qint64 seq) const;  // Where seq is, or where it belongs.
  void insert_row(int at, Row row);
  void remove_row(int at);
  void touch_around(int at);
  void store(const starling::Message& message);
  void drop_stale();
  void drop_rows(int first, int last);
  int first_stored() const;
  void drop_oldest();  // What is more than kMaxStored, at the end where nothing was added.
  void drop_newest();
  bool out_of_window(qint64 seq);  // Newer than a detached window: kept in mind only.
  void check_gap();

  std::vector<Row> rows_;
  Deletions deletions_;
  std::map<QString, QString> names_;
  std::set<qint64> finished_;  // Outbox ids that ended; the newest kMaxFinished of them.
  qint64 conversation_ = 0;
  qint64 self_ = 0;
  qint64 peer_read_ = 0;
  QString notice_;
  QTimer gap_timer_;
  bool loading_ = false;
  bool loaded_ = false;
  bool more_ = false;
  bool stale_ = false;  // A reload has not been answered yet.
  bool detached_ = false;
  bool asking_newer_ = false;  // By fetchNewer().
  bool newer_failed_ = false;  // It may ask again after a pause.
  qint64 latest_ = 0;          // Detached: the newest that was heard of.
  qint64 asked_before_ = 0;    // Of the last question for a page; other answers are late.
};

}  // namespace starling_app
