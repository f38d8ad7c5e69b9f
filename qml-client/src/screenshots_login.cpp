// Pictures of logging in and signing up. See screenshots_families.h.
#include <QCoreApplication>
#include <QDateTime>
#include <QEvent>

#include "qml-client/src/screenshots_families.h"
#include "qml-client/src/screenshots_story.h"

namespace starling_app {
namespace {

bool connected(Photographer& photographer) {
  const ClusterStatus& cluster = *photographer.client().cluster();
  return photographer.wait("a server", [&] { return cluster.state() == ClusterStatus::Connected; });
}

bool large(Photographer& photographer) {
  photographer.settings().set_font_scale(150);
  bool taken = photographer.shot(QStringLiteral("login-large"));
  photographer.settings().set_font_scale(AppSettings::kLargestFont);
  taken = taken && photographer.dark(QStringLiteral("login-largest"));
  photographer.settings().set_font_scale(100);
  return taken;
}

// Where the servers are: an address that is none, and servers on this computer that do not start.
bool servers(Photographer& photographer) {
  photographer.click("serversLink");
  if (!photographer.both(QStringLiteral("servers"))) return false;
  photographer.type("serverAddress", QStringLiteral("chat.example.org"));
  photographer.click("serverUse");
  if (!photographer.both(QStringLiteral("servers-error"))) return false;
  photographer.click("serverBack");
  photographer.click("serversLink");
  photographer.click("serverLocal");
  const LocalCluster& local = photographer.local_cluster();
  if (!local.running() || !photographer.both(QStringLiteral("local-progress"))) return false;
  photographer.let_clusterctl_fail();
  const bool taken = photographer.wait("clusterctl has failed", [&] {
    return !local.error().isEmpty();
  }) && photographer.both(QStringLiteral("local-error"));
  photographer.click("serverBack");
  return taken;
}

bool refused(Photographer& photographer) {
  photographer.type("loginName", QStringLiteral("ada"));
  photographer.type("loginPassword", QStringLiteral("wrong"));
  photographer.click("loginButton");
  const ChatClient& client = photographer.client();
  return photographer.wait("the refusal", [&] { return !client.error().isEmpty(); }) &&
         photographer.both(QStringLiteral("login-error"));
}

// Somebody new, who has no conversation, begins one and logs out. Each time another account.
bool newcomer(Photographer& photographer) {
  ChatClient& client = photographer.client();
  photographer.click("loginSwitch");
  photographer.type("loginName", QStringLiteral("vera"));
  photographer.type("loginDisplayName", QStringLiteral("Vera Lindqvist"));
  photographer.type("loginPassword", QString::fromLatin1(kStoryPassword));
  if (!photographer.both(QStringLiteral("sign-up"))) return false;
  const qint64 now = QDateTime::currentMSecsSinceEpoch();
  photographer.type("loginName", QStringLiteral("vera.") + QString::number(now, 36));
  photographer.click("loginButton");
  if (!photographer.wait("the account", [&] { return client.state() == ChatClient::Ready; }) ||
      !photographer.wait("its list", [&] { return client.conversations()->loaded(); }) ||
      !photographer.both(QStringLiteral("list-empty"))) {
    return false;
  }
  client.openDirect(QStringLiteral("ben.okafor"));
  if (!photographer.wait("its conversation", [&] { return client.timeline()->loaded(); }) ||
      !photographer.both(QStringLiteral("chat-empty"))) {
    return false;
  }
  client.logOut();
  photographer.settle();
  return true;
}

// Takes the picture at the moment in which the list is asked for.
bool log_in(Photographer& photographer) {
  ChatClient& client = photographer.client();
  bool photographed = false;
  const auto watch = QObject::connect(&client, &ChatClient::state_changed, &client, [&] {
    if (photographed || client.state() != ChatClient::Ready) return;
    QCoreApplication::sendPostedEvents(nullptr, QEvent::DeferredDelete);  // The log-in page.
    photographed = photographer.both_now(QStringLiteral("list-loading"));
  });
  photographer.type("loginName", QStringLiteral("ada"));
  photographer.type("loginPassword", QString::fromLatin1(kStoryPassword));
  photographer.click("loginButton");
  const bool ready =
      photographer.wait("the log-in", [&] { return client.state() == ChatClient::Ready; });
  QObject::disconnect(watch);
  return ready && photographed && photographer.wait("the conversations", [&] {
    return client.conversations()->count() >= 5;
  });
}

}  // namespace

bool take_login_pictures(Photographer& photographer) {
  photographer.theme(Photographer::Light);
  photographer.client().start();
  return connected(photographer) && photographer.both(QStringLiteral("login")) &&
         large(photographer) && servers(photographer) && refused(photographer) &&
         newcomer(photographer) && log_in(photographer);
}

}  // namespace starling_app
