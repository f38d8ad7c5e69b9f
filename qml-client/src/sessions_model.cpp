// See sessions_model.h.
#include "qml-client/src/sessions_model.h"

#include <QDateTime>
#include <algorithm>
#include <utility>

#include "qml-client/src/format.h"

namespace starling_app {

int SessionsModel::rowCount(const QModelIndex& parent) const {
  return parent.isValid() ? 0 : count();
}

QVariant SessionsModel::data(const QModelIndex& index, int role) const {
  if (!checkIndex(index, CheckIndexOption::IndexIsValid)) return {};
  const starling::SessionInfo& session = sessions_.at(static_cast<std::size_t>(index.row()));
  switch (role) {
    case IdRole:
      return QVariant::fromValue<qint64>(session.id);
    case DeviceRole:
      return session.device.empty() ? tr("Unnamed device") : QString::fromStdString(session.device);
    case SinceRole:
      return moment_text(QDateTime::fromMSecsSinceEpoch(session.created_at_ms),
                         QDateTime::currentDateTime());
    case CurrentRole:
      return session.current;
    default:
      return {};
  }
}

QHash<int, QByteArray> SessionsModel::roleNames() const {
  return {{IdRole, "sessionId"},
          {DeviceRole, "device"},
          {SinceRole, "since"},
          {CurrentRole, "isCurrent"}};
}

int SessionsModel::others() const {
  return static_cast<int>(std::count_if(sessions_.begin(), sessions_.end(),
                                        [](const auto& one) { return !one.current; }));
}

void SessionsModel::set(std::vector<starling::SessionInfo> sessions) {
  beginResetModel();
  sessions_ = std::move(sessions);
  // This one first, then the newest.
  std::stable_sort(sessions_.begin(), sessions_.end(), [](const auto& a, const auto& b) {
    if (a.current != b.current) return a.current;
    return a.created_at_ms > b.created_at_ms;
  });
  endResetModel();
  emit count_changed();
}

void SessionsModel::remove(qint64 id) {
  const auto at = std::find_if(sessions_.begin(), sessions_.end(),
                               [id](const auto& one) { return one.id == id; });
  if (at == sessions_.end()) return;
  const auto row = static_cast<int>(at - sessions_.begin());
  beginRemoveRows({}, row, row);
  sessions_.erase(at);
  endRemoveRows();
  emit count_changed();
}

}  // namespace starling_app
