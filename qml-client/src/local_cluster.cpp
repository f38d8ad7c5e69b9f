// See local_cluster.h.
#include "qml-client/src/local_cluster.h"

#include <QCoreApplication>
#include <QFileInfo>
#include <QJsonArray>
#include <QJsonDocument>
#include <QJsonObject>
#include <QStandardPaths>
#include <QStringList>
#include <utility>

namespace starling_app {
namespace {

constexpr int kKillMs = 1'000;
constexpr int kMaxSaid = 65'536;

}  // namespace

QString LocalCluster::find_program() {
  const QString name = QStringLiteral("clusterctl");
  const QString beside =
      QStandardPaths::findExecutable(name, {QCoreApplication::applicationDirPath()});
  return beside.isEmpty() ? QStandardPaths::findExecutable(name) : beside;
}

LocalCluster::LocalCluster(QString program, QObject* parent)
    : QObject(parent), program_(std::move(program)) {
  deadline_.setSingleShot(true);
  deadline_.setInterval(kDeadlineMs);
  connect(&deadline_, &QTimer::timeout, &process_, &QProcess::kill);
  connect(&process_, &QProcess::readyReadStandardError, this, &LocalCluster::listen);
  connect(&process_, &QProcess::readyReadStandardOutput, this, [this] {
    said_ += QString::fromUtf8(process_.readAllStandardOutput());
    said_.truncate(kMaxSaid);
  });
  connect(&process_, &QProcess::finished, this, &LocalCluster::end);
  connect(&process_, &QProcess::errorOccurred, this, [this](QProcess::ProcessError error) {
    if (error == QProcess::FailedToStart) fail(tr("%1 cannot be started.").arg(program_));
  });
}

LocalCluster::~LocalCluster() {
  process_.disconnect(this);
  if (!running()) return;
  process_.kill();  // What it has started goes on.
  (void)process_.waitForFinished(kKillMs);
}

void LocalCluster::start() {
  if (!available() || running()) return;
  said_.clear();
  error_.clear();
  complaint_.clear();
  progress_ = tr("Starting servers on this computer…");
  deadline_.start();
  process_.start(program_, {QStringLiteral("up"), QStringLiteral("-o"), QStringLiteral("json")});
  emit changed();
}

void LocalCluster::listen() {
  const QStringList lines =
      QString::fromUtf8(process_.readAllStandardError()).split(u'\n', Qt::SkipEmptyParts);
  if (lines.isEmpty()) return;
  progress_ = lines.last().simplified();
  if (complaint_.isEmpty())
    complaint_ = lines.first().simplified().remove(QStringLiteral("clusterctl: "));
  emit changed();
}

void LocalCluster::fail(const QString& sentence) {
  deadline_.stop();
  progress_.clear();
  error_ = sentence;
  emit changed();
}

void LocalCluster::end(int code, QProcess::ExitStatus status) {
  const bool late = !deadline_.isActive();
  deadline_.stop();
  if (status != QProcess::NormalExit || code != 0) {
    listen();
    return fail(
        late ? tr("The servers did not start within %n second(s).", nullptr, kDeadlineMs / 1'000)
             : tr("The servers cannot be started: %1").arg(complaint_));
  }
  QStringList addresses;
  const QJsonObject all = QJsonDocument::fromJson(said_.toUtf8()).object();
  for (const auto& server : all[u"servers"].toArray()) {
    const QString address = server.toObject()[u"address"].toString();
    if (!address.isEmpty()) addresses << address;
  }
  if (addresses.isEmpty()) return fail(tr("%1 did not say where the servers are.").arg(program_));
  progress_.clear();
  emit changed();
  emit started(addresses.join(u','));
}

}  // namespace starling_app
