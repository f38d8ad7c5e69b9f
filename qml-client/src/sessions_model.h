// The log-ins of the account, this one first. Roles:
//   sessionId  64 bits
//   device     the name that the app gave itself there
//   since      when it logged in, "Today, 14:05"
//   isCurrent  the one that this window uses
// Lives on the GUI thread.
#pragma once

#include <QAbstractListModel>
#include <QQmlEngine>
#include <vector>

#include "starling/types.h"

namespace starling_app {

class SessionsModel : public QAbstractListModel {
  Q_OBJECT
  QML_ELEMENT
  QML_UNCREATABLE("Belongs to AccountDesk")
  Q_PROPERTY(int count READ count NOTIFY count_changed)
  Q_PROPERTY(int others READ others NOTIFY count_changed)  // Without this one.

 public:
  enum Role { IdRole = Qt::UserRole + 1, DeviceRole, SinceRole, CurrentRole };

  explicit SessionsModel(QObject* parent = nullptr) : QAbstractListModel(parent) {}

  int rowCount(const QModelIndex& parent = {}) const override;
  QVariant data(const QModelIndex& index, int role) const override;
  QHash<int, QByteArray> roleNames() const override;

  int count() const { return static_cast<int>(sessions_.size()); }
  int others() const;
  void set(std::vector<starling::SessionInfo> sessions);
  void remove(qint64 id);

 signals:
  void count_changed();

 private:
  std::vector<starling::SessionInfo> sessions_;
};

}  // namespace starling_app
