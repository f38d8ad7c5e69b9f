// What Ctrl+K offers: conversations, people and actions that fit what is typed, the best first. The
// people of the directory come later than the rest, from the servers. Roles:
//   kind        Kind
//   title       what it is called; detail: the account's name, or nothing
//   keys        the keys that do the same, or nothing
//   initials, colorIndex  of a conversation or a person
//   isGroup     it is a group
// Lives on the GUI thread.
#pragma once

#include <QAbstractListModel>
#include <QQmlEngine>
#include <QTimer>
#include <vector>

#include "qml-client/src/app_action.h"
#include "qml-client/src/conversations_model.h"
#include "starling/types.h"

namespace starling_app {

class PaletteModel : public QAbstractListModel {
  Q_OBJECT
  QML_ELEMENT
  QML_UNCREATABLE("Belongs to ChatClient")
  Q_PROPERTY(int count READ count NOTIFY count_changed)
  Q_PROPERTY(QString query READ query WRITE set_query NOTIFY query_changed)

 public:
  enum Kind { Conversation, Person, Action };
  Q_ENUM(Kind)
  enum Role {
    KindRole = Qt::UserRole + 1,
    TitleRole,
    DetailRole,
    KeysRole,
    InitialsRole,
    ColorRole,
    GroupRole
  };
  static constexpr int kRecent = 6;     // Conversations before anything is typed.
  static constexpr int kMost = 12;      // Rows.
  static constexpr int kPauseMs = 150;  // Between the last key and the question to the servers.

  explicit PaletteModel(const ConversationsModel& conversations, QObject* parent = nullptr);

  int rowCount(const QModelIndex& parent = {}) const override;
  QVariant data(const QModelIndex& index, int role) const override;
  QHash<int, QByteArray> roleNames() const override;

  int count() const { return static_cast<int>(rows_.size()); }
  QString query() const { return query_; }
  void set_query(const QString& query);
  // The answer to people_wanted(); one to an older question counts for nothing.
  void apply_people(int question, const std::vector<starling::Account>& people);
  void set_self_name(const QString& account_name) { self_name_ = account_name; }
  void reset();

  Q_INVOKABLE void begin();          // Anew, with nothing typed.
  Q_INVOKABLE void choose(int row);  // Answers with one of the three signals.

 signals:
  void count_changed();
  void query_changed();
  void people_wanted(int question, const QString& pattern);
  void conversationChosen(qint64 id);
  void personChosen(const QString& name);
  void actionChosen(int action);  // Of AppAction.

 private:
  struct Row {
    Kind kind = Action;
    QString title;
    QString detail;
    QString keys;
    QString name;  // Of an account: for its colour.
    bool group = false;
    qint64 id = 0;  // A conversation, or an AppAction.
    int score = 0;
  };

  void rank();
  void add_conversations(std::vector<Row>& rows) const;
  void add_people(std::vector<Row>& rows) const;
  void add_actions(std::vector<Row>& rows) const;

  const ConversationsModel& conversations_;
  std::vector<Row> rows_;
  std::vector<starling::Account> people_;
  QString query_;
  QString self_name_;
  QTimer pause_;
  int question_ = 0;
};

}  // namespace starling_app
