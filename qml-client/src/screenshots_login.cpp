// Pictures of logging in and signing up. See screenshots_families.h.
#include "qml-client/src/screenshots_families.h"
#include "qml-client/src/screenshots_story.h"

namespace starling_app {

bool take_login_pictures(Photographer& photographer) {
  ChatClient& client = photographer.client();
  photographer.theme(Photographer::Light);
  client.start();
  if (!photographer.wait("a server",
                         [&] { return client.cluster()->state() == ClusterStatus::Connected; })) {
    return false;
  }
  if (!photographer.both(QStringLiteral("login"))) return false;
  photographer.click("serversLink");
  if (!photographer.both(QStringLiteral("servers"))) return false;
  photographer.type("serverAddress", QStringLiteral("chat.example.org"));
  photographer.click("serverUse");
  if (!photographer.shot(QStringLiteral("servers-error"))) return false;
  photographer.click("serverBack");
  photographer.type("loginName", QStringLiteral("ada"));
  photographer.type("loginPassword", QStringLiteral("wrong"));
  photographer.click("loginButton");
  if (!photographer.wait("the refusal", [&] { return !client.error().isEmpty(); }) ||
      !photographer.shot(QStringLiteral("login-error"))) {
    return false;
  }
  photographer.click("loginSwitch");
  if (!photographer.shot(QStringLiteral("sign-up"))) return false;
  photographer.click("loginSwitch");
  photographer.type("loginPassword", QString::fromLatin1(kStoryPassword));
  photographer.click("loginButton");
  return photographer.wait("the log-in", [&] { return client.state() == ChatClient::Ready; }) &&
         photographer.wait("the conversations",
                           [&] { return client.conversations()->count() >= 5; });
}

}  // namespace starling_app
