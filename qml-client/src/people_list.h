// A few people in a list: who was chosen for a group, who may be meant by a mention. It has the
// roles of person_row.h; how they are is not told here.
#pragma once

#include <QAbstractListModel>
#include <QQmlEngine>
#include <QStringList>
#include <vector>

#include "qml-client/src/person_row.h"
#include "starling/types.h"

namespace starling_app {

class PeopleList : public QAbstractListModel {
  Q_OBJECT
  QML_ELEMENT
  QML_UNCREATABLE("Belongs to its owner")
  Q_PROPERTY(int count READ count NOTIFY count_changed)

 public:
  explicit PeopleList(QObject* parent = nullptr) : QAbstractListModel(parent) {}

  int rowCount(const QModelIndex& parent = {}) const override;
  QVariant data(const QModelIndex& index, int role) const override;
  QHash<int, QByteArray> roleNames() const override;

  int count() const { return static_cast<int>(people_.size()); }
  QStringList names() const;
  Q_INVOKABLE bool has(const QString& name) const { return names().contains(name); }
  Q_INVOKABLE QString nameAt(int row) const;
  void set(std::vector<starling::Account> people);
  void add(const starling::Account& account);
  void remove(const QString& name);

 signals:
  void count_changed();

 private:
  std::vector<starling::Account> people_;
};

}  // namespace starling_app
