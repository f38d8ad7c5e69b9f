// See servers_model.h.
#include "qml-client/src/servers_model.h"

#include <algorithm>
#include <utility>

#include "qml-client/src/cluster_events.h"

namespace starling_app {

using starling::ServerState;

void ServersModel::set_list(const starling::ServerList& list) {
  std::vector<Row> rows;
  for (const starling::Server& server : list.servers) {
    Row row;
    row.server = server;
    for (Row& known : rows_) {
      if (known.server.address != server.address) continue;
      row.status = std::move(known.status);
      row.silent = known.silent;
    }
    rows.push_back(std::move(row));
  }
  std::sort(rows.begin(), rows.end(),
            [](const Row& a, const Row& b) { return a.server.address < b.server.address; });
  if (list.term >= term_) {
    primary_id_ = list.primary_id;
    term_ = list.term;
  }
  const bool same =
      rows.size() == rows_.size() &&
      std::equal(rows.begin(), rows.end(), rows_.begin(),
                 [](const auto& a, const auto& b) { return a.server.address == b.server.address; });
  if (same) {
    rows_ = std::move(rows);
    return told();
  }
  beginResetModel();
  rows_ = std::move(rows);
  endResetModel();
  emit changed();
}

void ServersModel::apply_status(const std::string& address,
                                const starling::Result<starling::admin::ServerStatus>& status) {
  for (Row& row : rows_) {
    if (row.server.address != address) continue;
    row.silent = !status.ok();
    row.status.reset();
    if (status.ok()) row.status = status.value();
    if (status.ok() && status->primary_id != 0 && status->term >= term_) {
      primary_id_ = status->primary_id;
      term_ = status->term;
    }
  }
  told();
}

void ServersModel::forget_statuses() {
  for (Row& row : rows_) {
    row.status.reset();
    row.silent = false;
  }
  told();
}

void ServersModel::told() {
  if (!rows_.empty()) emit dataChanged(index(0), index(count() - 1));
  emit changed();
}

std::vector<std::string> ServersModel::addresses() const {
  std::vector<std::string> all;
  for (const Row& row : rows_) all.push_back(row.server.address);
  return all;
}

bool ServersModel::primary(const Row& row) const {
  return row.server.id == primary_id_ && primary_id_ != 0 && !row.silent;
}

QString ServersModel::role_text(const Row& row) const {
  if (primary(row)) return tr("primary");
  if (row.server.id == primary_id_ && row.silent) return tr("was primary");
  return row.server.voter ? tr("backup") : tr("joining");
}

QString ServersModel::state_text(const Row& row) const {
  if (row.silent) return tr("no answer");
  if (row.status) {
    if (row.status->draining) return tr("going to stop");
    return row.status->has_quorum ? tr("up") : tr("no majority");
  }
  switch (row.server.state) {
    case ServerState::kUp:
      return tr("up");
    case ServerState::kSuspect:
      return tr("suspect");
    case ServerState::kDown:
      break;
  }
  return tr("down");
}

QString ServersModel::lag_text(const Row& row) const {
  if (!row.status) return {};
  std::uint64_t newest = 0;
  for (const Row& other : rows_) {
    if (other.status) newest = std::max(newest, other.status->applied_index);
  }
  const std::uint64_t lag = newest - row.status->applied_index;
  return lag == 0 ? tr("level") : tr("%1 behind").arg(lag);
}

int ServersModel::rowCount(const QModelIndex& parent) const {
  return parent.isValid() ? 0 : count();
}

QVariant ServersModel::data(const QModelIndex& index, int role) const {
  if (!index.isValid() || index.row() >= count()) return {};
  const Row& row = rows_[static_cast<std::size_t>(index.row())];
  switch (role) {
    case AddressRole:
      return QString::fromStdString(row.server.address);
    case RoleTextRole:
      return role_text(row);
    case StateTextRole:
      return state_text(row);
    case IsPrimaryRole:
      return primary(row);
    case ToneRole:
      return state_text(row) == tr("up") ? ClusterEvents::Good : ClusterEvents::Warning;
    case TermTextRole:
      return row.status ? tr("term %1").arg(row.status->term) : QString();
    case LagTextRole:
      return lag_text(row);
    default:
      return {};
  }
}

QHash<int, QByteArray> ServersModel::roleNames() const {
  return {{AddressRole, "address"},     {RoleTextRole, "roleText"}, {StateTextRole, "stateText"},
          {IsPrimaryRole, "isPrimary"}, {ToneRole, "tone"},         {TermTextRole, "termText"},
          {LagTextRole, "lagText"}};
}

}  // namespace starling_app
