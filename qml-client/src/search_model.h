// What a search found, page by page. It asks for pages by a signal and is given them; an answer to
// an older question is dropped. Lives on the GUI thread.
#pragma once

#include <QAbstractListModel>
#include <QQmlEngine>
#include <QTimer>
#include <functional>
#include <vector>

#include "qml-client/src/excerpt.h"
#include "starling/types.h"

namespace starling_app {

class SearchModel : public QAbstractListModel {
  Q_OBJECT
  QML_ELEMENT
  QML_UNCREATABLE("Belongs to ChatClient")
  Q_PROPERTY(QString query READ query WRITE set_query NOTIFY query_changed)
  // In the open conversation only.
  Q_PROPERTY(bool here READ here WRITE set_here NOTIFY query_changed)
  Q_PROPERTY(bool busy READ busy NOTIFY status_changed)
  Q_PROPERTY(int count READ count NOTIFY status_changed)
  Q_PROPERTY(QString notice READ notice NOTIFY status_changed)

 public:
  enum Role {
    ConversationRole = Qt::UserRole + 1,  // "conversation": its id
    SeqRole,                              // "seq"
    TitleRole,                            // "title" of the conversation
    SenderRole,                           // "sender"
    InitialsRole,                         // "initials" of the conversation
    ColorRole,                            // "colorIndex"
    TimeRole,                             // "time"
    ExcerptRole,                          // "excerpt": plain text of one line
    HitsRole                              // "hits": list of int, see Excerpt
  };
  static constexpr int kPage = 30;
  // What a conversation is called.
  struct Names {
    QString title;  // As shown.
    QString name;   // The account's, for its colour; of a group the title.
  };
  using NamesOf = std::function<Names(qint64 conversation)>;
  // Whether the stream has told of another form of a message, or of its end, since it was found.
  using Outdated = std::function<bool(const starling::Message&)>;

  SearchModel(NamesOf names_of, Outdated outdated, QObject* parent = nullptr);

  int rowCount(const QModelIndex& parent = {}) const override;
  QVariant data(const QModelIndex& index, int role) const override;
  QHash<int, QByteArray> roleNames() const override;
  bool canFetchMore(const QModelIndex& parent) const override;
  void fetchMore(const QModelIndex& parent) override;

  QString query() const { return query_; }
  void set_query(const QString& query);  // Asks a moment after the last change.
  bool here() const { return here_; }
  void set_here(bool here);
  bool busy() const { return busy_; }
  int count() const { return static_cast<int>(rows_.size()); }
  QString notice() const { return notice_; }  // Why the list is empty, if it is.

  void apply_page(int question, const starling::SearchPage& page);
  void apply_error(int question, const QString& sentence);
  // The message was deleted, hidden or edited: it goes, and the servers are asked anew.
  void amend(qint64 conversation, qint64 seq);
  void drop_conversation(qint64 conversation);  // One is not in it any more.
  void reset();

 signals:
  void query_changed();
  void status_changed();
  // Answer with apply_page() or apply_error(). `here`: in the open conversation only.
  void page_wanted(int question, const QString& query, bool here, const QString& page);
  void nothing_wanted();  // No page that was asked for: the field is empty.

 private:
  struct Row {
    starling::Message message;
    Excerpt excerpt;
  };

  void refresh();
  void ask(const QString& page);
  void show(const QString& notice);
  bool drop(const std::function<bool(const starling::Message&)>& which);  // Whether any was there.

  const NamesOf names_of_;
  const Outdated outdated_;
  std::vector<Row> rows_;
  QString query_;
  QString notice_;
  QString next_page_;
  QTimer pause_;
  int question_ = 0;
  bool here_ = false;
  bool busy_ = false;
  bool first_ = true;  // The page under way begins the list.
};

}  // namespace starling_app
