// See session_file.h.
#include "qml-client/src/session_file.h"

#include <QCoreApplication>
#include <QDir>
#include <QFile>
#include <QFileInfo>
#include <QJsonArray>
#include <QJsonDocument>
#include <QJsonObject>
#include <QSaveFile>

namespace starling_app {
namespace {

struct Words {
  Q_DECLARE_TR_FUNCTIONS(SessionFile)
};

constexpr qint64 kMaxBytes = 65'536;

}  // namespace

std::optional<KeptSession> SessionFile::load(QString& error) const {
  error.clear();
  QFile file(path_);
  if (!file.exists()) return std::nullopt;
  if (!file.open(QIODevice::ReadOnly)) {
    error = Words::tr("%1 cannot be read. Log in again.").arg(path_);
    return std::nullopt;
  }
  const QJsonObject all = QJsonDocument::fromJson(file.read(kMaxBytes)).object();
  const int version = all[u"version"].toInt();
  if (version > kVersion) {
    error = Words::tr(
                "%1 was written by a newer Starling. Update this one, or log in again, which "
                "replaces it.")
                .arg(path_);
    return std::nullopt;
  }
  const QJsonObject account = all[u"account"].toObject();
  KeptSession kept;
  kept.token = all[u"token"].toString();
  kept.account.id = account[u"id"].toString().toLongLong();
  kept.account.name = account[u"name"].toString().toStdString();
  kept.account.display_name = account[u"display_name"].toString().toStdString();
  kept.account.created_at_ms = account[u"created_at_ms"].toString().toLongLong();
  for (const auto& server : all[u"servers"].toArray()) kept.servers << server.toString();
  if (version != kVersion || kept.token.isEmpty() || kept.account.id <= 0 ||
      kept.account.name.empty()) {
    error = Words::tr("%1 is damaged. Log in again, which replaces it.").arg(path_);
    return std::nullopt;
  }
  return kept;
}

QString SessionFile::save(const KeptSession& session) const {
  // Numbers of 64 bits are texts: JSON's have 53.
  const QJsonObject account{
      {QStringLiteral("id"), QString::number(session.account.id)},
      {QStringLiteral("name"), QString::fromStdString(session.account.name)},
      {QStringLiteral("display_name"), QString::fromStdString(session.account.display_name)},
      {QStringLiteral("created_at_ms"), QString::number(session.account.created_at_ms)}};
  const QJsonObject all{{QStringLiteral("version"), kVersion},
                        {QStringLiteral("token"), session.token},
                        {QStringLiteral("account"), account},
                        {QStringLiteral("servers"), QJsonArray::fromStringList(session.servers)}};
  const QString refused =
      Words::tr("%1 cannot be written: the next start asks for the password.").arg(path_);
  if (!QDir().mkpath(QFileInfo(path_).path())) return refused;
  QSaveFile file(path_);
  const QByteArray bytes = QJsonDocument(all).toJson();
  if (!file.open(QIODevice::WriteOnly) ||
      !file.setPermissions(QFileDevice::ReadOwner | QFileDevice::WriteOwner) ||
      file.write(bytes) != bytes.size() || !file.commit()) {
    return refused;
  }
  return {};
}

void SessionFile::remove() const { (void)QFile::remove(path_); }

}  // namespace starling_app
