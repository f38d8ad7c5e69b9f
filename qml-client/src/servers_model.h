// The servers of the cluster, by address: what the client heard of them, and what each says of
// itself while somebody watches. Lives on the GUI thread.
//
// Roles:
//   address    host and port
//   roleText   "primary", "backup", "joining"; "was primary": the last one, which does not answer
//   stateText  "up", "suspect", "down", "no answer", "going to stop", "no majority"
//   isPrimary  the primary as last heard
//   tone       ClusterEvents::Tone of the state: Good or Warning
//   termText   "term 7"; empty when the server was not asked, or does not answer
//   lagText    "level" or "12 behind": how many entries of the log it has not applied that the most
//              advanced server has; empty as above
#pragma once

#include <QAbstractListModel>
#include <QQmlEngine>
#include <QString>
#include <QStringList>
#include <optional>
#include <vector>

#include "starling/admin.h"
#include "starling/types.h"

namespace starling_app {

class ServersModel : public QAbstractListModel {
  Q_OBJECT
  QML_ELEMENT
  QML_UNCREATABLE("Belongs to ClusterStatus")
  Q_PROPERTY(int count READ count NOTIFY changed)

 public:
  enum Role {
    AddressRole = Qt::UserRole + 1,
    RoleTextRole,
    StateTextRole,
    IsPrimaryRole,
    ToneRole,
    TermTextRole,
    LagTextRole
  };

  explicit ServersModel(QObject* parent = nullptr) : QAbstractListModel(parent) {}

  int rowCount(const QModelIndex& parent = {}) const override;
  QVariant data(const QModelIndex& index, int role) const override;
  QHash<int, QByteArray> roleNames() const override;
  int count() const { return static_cast<int>(rows_.size()); }
  std::vector<std::string> addresses() const;

  void set_list(const starling::ServerList& list);
  // What the server there answered when it was asked for its status.
  void apply_status(const std::string& address,
                    const starling::Result<starling::admin::ServerStatus>& status);
  void forget_statuses();  // Nobody watches any more: they would be old.

 signals:
  void changed();

 private:
  struct Row {
    starling::Server server;
    std::optional<starling::admin::ServerStatus> status;
    bool silent = false;  // Did not answer when it was asked last.
  };
  bool primary(const Row& row) const;
  QString role_text(const Row& row) const;
  QString state_text(const Row& row) const;
  QString lag_text(const Row& row) const;
  void told();  // Every row may look different: the lag depends on all of them.

  std::vector<Row> rows_;
  std::uint64_t primary_id_ = 0;
  std::uint64_t term_ = 0;  // In which that is the primary.
};

}  // namespace starling_app
