// See cluster_events.h.
#include "qml-client/src/cluster_events.h"

#include <QClipboard>
#include <QGuiApplication>
#include <QStringList>
#include <algorithm>

#include "qml-client/src/format.h"

namespace starling_app {
namespace {

using Kind = starling::ClusterEvent::Kind;

ClusterEvents::Tone tone_of(Kind kind) {
  switch (kind) {
    case Kind::kConnected:
    case Kind::kFailedOver:
      return ClusterEvents::Good;
    case Kind::kFailoverStarted:
    case Kind::kDegraded:
    case Kind::kDraining:
      return ClusterEvents::Warning;
    case Kind::kServersChanged:
      break;
  }
  return ClusterEvents::Plain;
}

// The same for the same servers in the same states: what is told of them once.
QString list_sentence(const starling::ServerList& list) {
  QStringList down;
  for (const starling::Server& server : list.servers) {
    if (server.state != starling::ServerState::kUp) {
      down.append(QString::fromStdString(server.address));
    }
  }
  std::sort(down.begin(), down.end());
  const QString count =
      ClusterEvents::tr("%1 servers, term %2").arg(list.servers.size()).arg(list.term);
  if (down.isEmpty()) return ClusterEvents::tr("%1, all up").arg(count);
  return ClusterEvents::tr("%1; no word of %2").arg(count, down.join(QStringLiteral(", ")));
}

QString clock(const QDateTime& at) { return at.toString(QStringLiteral("HH:mm:ss.zzz")); }

}  // namespace

QString ClusterEvents::sentence_of(const starling::ClusterEvent& event) const {
  const QString from = QString::fromStdString(event.from);
  const QString to = QString::fromStdString(event.to);
  switch (event.kind) {
    case Kind::kConnected:
      return to.isEmpty() ? tr("Connected") : tr("Connected; the primary is %1").arg(to);
    case Kind::kFailoverStarted:
      return from.isEmpty() ? tr("Lost the primary") : tr("Lost the primary %1").arg(from);
    case Kind::kFailedOver:
      return tr("The primary is %1 now, after %2").arg(to, lasting(event.ms));
    case Kind::kServersChanged:
      return list_sentence(event.servers);
    case Kind::kDegraded:
      return tr("Too few servers are up: read-only");
    case Kind::kDraining:
      return tr("%1 is going to stop").arg(to);
  }
  return {};
}

void ClusterEvents::add(const starling::ClusterEvent& event, const QDateTime& at) {
  const QString sentence = sentence_of(event);
  if (event.kind == Kind::kServersChanged) {
    if (sentence == last_list_) return;
    last_list_ = sentence;
  }
  if (count() == kMax) {
    beginRemoveRows({}, kMax - 1, kMax - 1);
    rows_.pop_back();
    endRemoveRows();
  }
  beginInsertRows({}, 0, 0);
  rows_.push_front({at, sentence, tone_of(event.kind)});
  endInsertRows();
  emit changed();
}

int ClusterEvents::rowCount(const QModelIndex& parent) const {
  return parent.isValid() ? 0 : count();
}

QVariant ClusterEvents::data(const QModelIndex& index, int role) const {
  if (!index.isValid() || index.row() >= count()) return {};
  const Row& row = rows_[static_cast<std::size_t>(index.row())];
  switch (role) {
    case TimeRole:
      return clock(row.at);
    case SentenceRole:
      return row.sentence;
    case ToneRole:
      return row.tone;
    default:
      return {};
  }
}

QHash<int, QByteArray> ClusterEvents::roleNames() const {
  return {{TimeRole, "time"}, {SentenceRole, "sentence"}, {ToneRole, "tone"}};
}

QString ClusterEvents::text() const {
  QString lines;
  for (auto row = rows_.rbegin(); row != rows_.rend(); ++row) {
    lines += clock(row->at) + u' ' + row->sentence + u'\n';
  }
  return lines;
}

void ClusterEvents::copy() const { QGuiApplication::clipboard()->setText(text()); }

}  // namespace starling_app
