// What the tests of the components show: the app's own models with invented data, behind them a
// pretended server that notes what it is asked. In QML it is `stage`, anew for each file.
#pragma once

#include <QObject>
#include <QStringList>
#include <QTemporaryDir>
#include <memory>
#include <vector>

#include "qml-client/src/app_language.h"
#include "qml-client/src/app_settings.h"
#include "qml-client/src/chat_client.h"
#include "qml-client/src/local_cluster.h"
#include "tests/qml/fake_server.h"

namespace starling_app {

class Stage : public QObject {
  Q_OBJECT
  Q_PROPERTY(QString address READ address CONSTANT)                      // Of the server.
  Q_PROPERTY(starling_app::ChatClient* client READ client CONSTANT)      // Of that server.
  Q_PROPERTY(starling_app::ChatClient* stranger READ stranger CONSTANT)  // Knows no server.
  Q_PROPERTY(starling_app::AppSettings* settings READ settings CONSTANT)
  Q_PROPERTY(starling_app::ClusterStatus* cluster READ cluster CONSTANT)  // Of nobody.
  Q_PROPERTY(starling_app::PeopleList* people READ people CONSTANT)       // Empty at first.

 public:
  Stage();
  ~Stage() override;

  QString address() const { return QString::fromStdString(server_.address()); }
  ChatClient* client() { return &client_; }
  ChatClient* stranger() { return &stranger_; }
  AppSettings* settings() { return &settings_; }
  ClusterStatus* cluster() { return &cluster_; }
  PeopleList* people() { return &people_; }

  // The client looks for the server; nobody is logged in, and "bob" is taken.
  Q_INVOKABLE void start() { client_.start(); }
  // ada is logged in: three devices, bob and carl in the directory, carl blocked, and the open
  // group "Lunch" of ada and bob, in which ada has that role ("owner", "admin" or "member"). ada's
  // message 2 there answers bob's message 1; bob's 3 was edited. False: it did not come to that.
  Q_INVOKABLE bool logIn(const QString& role = QStringLiteral("owner"));
  Q_INVOKABLE void logOut() { client_.logOut(); }
  // What the server was asked to change: "rename 20 Tea". See FakeServer.
  Q_INVOKABLE QStringList writes();
  Q_INVOKABLE void refuse(const QString& name, const QString& words);

  Q_INVOKABLE void setPeople(const QStringList& names);  // Of `people`.
  // Of `cluster`: what the SDK tells.
  Q_INVOKABLE void connected(const QString& to);
  Q_INVOKABLE void failoverStarted(const QString& from);
  Q_INVOKABLE void failedOver(const QString& to, int ms);
  Q_INVOKABLE void servers(int count);
  Q_INVOKABLE void noMajority();

  // One that starts its servers with the text as a shell script; an empty one: no clusterctl here.
  Q_INVOKABLE starling_app::LocalCluster* localCluster(const QString& script);
  Q_INVOKABLE QString clipboard() const;

 private:
  AppLanguage language_;  // English, with its plurals.
  QTemporaryDir folder_;
  FakeServer server_;
  AppSettings settings_;
  ChatClient client_;
  ChatClient stranger_;
  ClusterStatus cluster_;
  PeopleList people_;
  int programs_ = 0;
};

}  // namespace starling_app
