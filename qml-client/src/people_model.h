// People found by name with wildcards, page by page, with the roles of person_row.h. It asks for
// pages by a signal and is given them; an answer to an older question is dropped. Lives on the GUI
// thread.
#pragma once

#include <QAbstractListModel>
#include <QQmlEngine>
#include <QTimer>
#include <vector>

#include "qml-client/src/person_row.h"
#include "qml-client/src/presence_book.h"
#include "starling/types.h"

namespace starling_app {

class PeopleModel : public QAbstractListModel {
  Q_OBJECT
  QML_ELEMENT
  QML_UNCREATABLE("Belongs to ChatClient")
  Q_PROPERTY(QString query READ query WRITE set_query NOTIFY query_changed)
  Q_PROPERTY(bool busy READ busy NOTIFY status_changed)
  Q_PROPERTY(int count READ count NOTIFY status_changed)
  Q_PROPERTY(QString notice READ notice NOTIFY status_changed)

 public:
  static constexpr int kPage = 50;

  explicit PeopleModel(QObject* parent = nullptr);

  int rowCount(const QModelIndex& parent = {}) const override;
  QVariant data(const QModelIndex& index, int role) const override;
  QHash<int, QByteArray> roleNames() const override;
  bool canFetchMore(const QModelIndex& parent) const override;
  void fetchMore(const QModelIndex& parent) override;

  QString query() const { return query_; }
  void set_query(const QString& query);  // Asks a moment after the last change.
  bool busy() const { return busy_; }
  int count() const { return static_cast<int>(people_.size()); }
  const std::vector<starling::Account>& people() const { return people_; }
  QString notice() const { return notice_; }  // Why the list is empty, if it is.
  // A query without wildcards finds names that begin with it.
  static QString pattern(const QString& query);

  Q_INVOKABLE void refresh();
  void set_presence(const PresenceBook* book);  // From here on; it outlives the model.
  void set_self(qint64 account_id) { self_ = account_id; }
  void apply_page(int question, const starling::Page<starling::Account>& page);
  void apply_error(int question, const QString& sentence);
  void reset();

 signals:
  void query_changed();
  void status_changed();
  // Answer with apply_page() or apply_error().
  void page_wanted(int question, const QString& pattern, const QString& after_name);

 private:
  void ask(const QString& after_name);

  std::vector<starling::Account> people_;
  const PresenceBook* presence_ = nullptr;
  QString query_;
  QString notice_;
  QTimer pause_;
  qint64 self_ = 0;
  int question_ = 0;
  bool busy_ = false;
  bool more_ = false;
  std::string last_name_;
};

}  // namespace starling_app
