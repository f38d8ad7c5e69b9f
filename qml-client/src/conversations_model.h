// The conversations of the account, the one with the newest message first. It is given what the
// servers say; what it lacks it asks for by signals. It holds all of them, one line of text each,
// since only the whole list has an order; a log-out empties it. Lives on the GUI thread.
#pragma once

#include <QAbstractListModel>
#include <QDateTime>
#include <QQmlEngine>
#include <map>
#include <optional>
#include <set>
#include <vector>

#include "qml-client/src/amendments.h"
#include "qml-client/src/presence_book.h"
#include "starling/types.h"

namespace starling_app {

class ConversationsModel : public QAbstractListModel {
  Q_OBJECT
  QML_ELEMENT
  QML_UNCREATABLE("Belongs to ChatClient")
  Q_PROPERTY(int count READ count NOTIFY count_changed)
  Q_PROPERTY(int unreadTotal READ unread_total NOTIFY unread_changed)
  Q_PROPERTY(bool loaded READ loaded NOTIFY count_changed)

 public:
  enum Role {
    IdRole = Qt::UserRole + 1,
    TitleRole,
    PreviewRole,
    TimeRole,
    UnreadRole,
    InitialsRole,
    ColorRole,
    CurrentRole,
    GroupRole,        // "isGroup": it has a title and members, not another side.
    MemberCountRole,  // "memberCount"
    MentionsRole,     // "mentions": how many unread messages name the account.
    MemberRoleRole,   // "memberRole": of the account in it, "Owner", "Admin" or nothing.
    OnlineRole,       // "online", "away": how the other side of a direct conversation is.
    AwayRole,
    PresenceRole,  // "presence": the same in a word, or nothing.
    TypingRole     // "typing": in place of the preview while somebody types there, or nothing.
  };

  explicit ConversationsModel(QObject* parent = nullptr) : QAbstractListModel(parent) {}

  int rowCount(const QModelIndex& parent = {}) const override;
  QVariant data(const QModelIndex& index, int role) const override;
  QHash<int, QByteArray> roleNames() const override;

  int count() const { return static_cast<int>(rows_.size()); }
  int unread_total() const;
  bool loaded() const { return loaded_; }
  qint64 current() const { return current_; }
  QString title(qint64 id) const;      // The display name once known, else the account's name.
  QString peer_name(qint64 id) const;  // The account's name.
  bool contains(qint64 id) const { return find(id) >= 0; }
  qint64 last_seq(qint64 id) const;
  qint64 read_seq(qint64 id) const;
  qint64 peer_read_seq(qint64 id) const;
  const starling::Conversation* get(qint64 id) const;  // nullptr: it is not here.
  bool group(qint64 id) const;
  std::vector<starling::Conversation> with_peer(qint64 account_id) const;  // One, or none.
  void add_peers(std::vector<qint64>& accounts) const;  // The other sides, from the top.
  // Whether its members are told of each other's marks. Nothing: it is not here yet.
  std::optional<bool> shows_marks(qint64 id) const;
  static constexpr qint64 kMaxMarkAudience = 64;  // The servers' own limit.

  // The conversation `by` rows below this one in the list, or the last one that way; 0: none.
  qint64 neighbour(qint64 id, int by) const;

  // The list is asked for, from its first page on.
  void begin_list();
  // The next page of it. At the last one: what is here and was told of by none since begin_list(),
  // nor otherwise; it stays until remove().
  std::vector<qint64> apply_page(const starling::Page<starling::Conversation>& page);
  void upsert(const starling::Conversation& conversation);
  // The stream began anew: what happened meanwhile was not told, and the history may be another one
  // (`clusterctl recover`). Previews are asked for again, and marks may go back once.
  void renew();
  // A message, from a preview or from the stream. Only what is newer than the row counts.
  void apply_message(const starling::Message& message, qint64 self, bool unread) {
    apply_messages({message}, self, unread);
  }
  // The same for all of them in their order; each row that they change is told once.
  void apply_messages(const std::vector<starling::Message>& messages, qint64 self, bool unread);
  void apply_deleted(qint64 id, qint64 seq);
  void apply_edited(const starling::Message& message);
  void apply_hidden(qint64 id, qint64 seq);
  void apply_draft(qint64 id, const QString& body, qint64 reply_to);
  void apply_read(qint64 id, qint64 seq);
  void apply_peer_read(qint64 id, qint64 seq);
  void apply_delivered(qint64 id, qint64 seq);
  void set_display_name(const QString& account_name, const QString& display_name);
  void set_current(qint64 id);
  void remove(qint64 id);  // The account is not in it any more.
  // The account, from the log-in on: for "You" and for mentions.
  void set_self_name(const QString& account_name) { self_name_ = account_name; }
  // Whether somebody looks at the window: what arrives in the open conversation is seen, then.
  void set_watched(bool watched);
  // An own message that waits stands for the conversation: it comes after all that is stored.
  void set_waiting(qint64 id, const QString& body, qint64 queued_at_ms);
  void clear_waiting(qint64 id);
  void retranslate();  // Every row is told anew, in the language that is used now.
  void set_presence(const PresenceBook* book);  // From here on; it outlives the model.
  void reset();

 signals:
  void count_changed();
  void unread_changed();
  void currentChanged();
  void preview_wanted(qint64 id);
  void name_wanted(const QString& account_name);
  void count_wanted(qint64 id);  // How many are unread: upsert() is told.
  // The account was out of it meanwhile: what is from before is not for it any more.
  void joined_again(qint64 id);

 private:
  struct Row {
    starling::Conversation conversation;
    QString display_name;
    QString preview;
    qint64 preview_seq = 0;
    qint64 preview_edits = 0;
    bool preview_own = false;
    bool preview_doubted = false;
    bool marks_doubted = false;
    bool preview_deleted = false;
    qint64 time_ms = 0;
  };

  struct Waiting {
    QString text;
    qint64 time_ms = 0;
  };

  static bool is_group(const starling::Conversation& conversation) {
    return conversation.kind == starling::ConversationKind::kGroup;
  }
  static bool keep_marks(starling::Conversation& now, const starling::Conversation& known);
  int find(qint64 id) const;
  bool seen(const Row& row) const { return watched_ && row.conversation.id == current_; }
  QString preview(const Row& row) const;
  QString preview_of(const Row& row, const starling::Message& message) const;
  QString name_in_sentence(const QString& account_name, bool begins) const;
  qint64 time(const Row& row) const;
  // False: it changes no row. `counted` becomes true when it is one more that is unread.
  bool take(const starling::Message& message, qint64 self, bool unread, bool& counted);
  void waiting_changed(qint64 id);
  void touch(int row);
  void touch_all();
  void touch_peer(qint64 account);  // 0: every one.
  void move_to_place(int row);      // By time.

  std::vector<Row> rows_;
  std::set<qint64> listed_;            // Told of since begin_list().
  std::map<qint64, Waiting> waiting_;  // By conversation, also of those that are not here yet.
  Amendments amendments_;
  QString self_name_;
  const PresenceBook* presence_ = nullptr;
  bool watched_ = false;
  qint64 current_ = 0;
  bool loaded_ = false;
};

}  // namespace starling_app
