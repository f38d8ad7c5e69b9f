// The session that outlives the app: its token in a file that nobody else can read.
#pragma once

#include <QString>
#include <QStringList>
#include <optional>

#include "starling/types.h"

namespace starling_app {

struct KeptSession {
  QString token;  // A secret.
  starling::Account account;
  QStringList servers;  // Where it is good.
};

class SessionFile {
 public:
  static constexpr int kVersion = 1;

  explicit SessionFile(QString path) : path_(std::move(path)) {}

  // Nothing when there is none, or none that can be used: `error` says what to do, then.
  std::optional<KeptSession> load(QString& error) const;
  // As a whole or not at all, for its owner only. A sentence when it cannot be written.
  QString save(const KeptSession& session) const;
  void remove() const;

 private:
  QString path_;
};

}  // namespace starling_app
