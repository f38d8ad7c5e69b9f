// What happened to the connection, newest first, kMax events at most: what came before falls out.
// Lives on the GUI thread.
//
// Roles: time (the clock's, "14:03:27.512"), sentence, tone (Tone: how much it matters).
#pragma once

#include <QAbstractListModel>
#include <QDateTime>
#include <QQmlEngine>
#include <deque>

#include "starling/types.h"

namespace starling_app {

class ClusterEvents : public QAbstractListModel {
  Q_OBJECT
  QML_ELEMENT
  QML_UNCREATABLE("Belongs to ClusterStatus")
  Q_PROPERTY(int count READ count NOTIFY changed)

 public:
  enum Tone { Plain, Good, Warning };
  Q_ENUM(Tone)
  enum Role { TimeRole = Qt::UserRole + 1, SentenceRole, ToneRole };
  static constexpr int kMax = 200;

  explicit ClusterEvents(QObject* parent = nullptr) : QAbstractListModel(parent) {}

  int rowCount(const QModelIndex& parent = {}) const override;
  QVariant data(const QModelIndex& index, int role) const override;
  QHash<int, QByteArray> roleNames() const override;
  int count() const { return static_cast<int>(rows_.size()); }

  // A list of servers that says nothing new is no event.
  void add(const starling::ClusterEvent& event, const QDateTime& at);
  QString text() const;           // A line for each event, the oldest first.
  Q_INVOKABLE void copy() const;  // That, to the clipboard.

 signals:
  void changed();

 private:
  struct Row {
    QDateTime at;
    QString sentence;
    Tone tone = Plain;
  };
  QString sentence_of(const starling::ClusterEvent& event) const;

  std::deque<Row> rows_;
  QString last_list_;
};

}  // namespace starling_app
