// Pictures of the account, of other people and of the settings. See screenshots_families.h.
#include "qml-client/src/screenshots_families.h"
#include "qml-client/src/screenshots_story.h"

namespace starling_app {
namespace {

// The tab of that number, with its picture.
bool tab(Photographer& photographer, int number, const QString& name) {
  QObject* tabs = photographer.item("accountTabs");
  return tabs != nullptr && tabs->setProperty("currentIndex", number) &&
         photographer.wait("an answer",
                           [&] {
                             const AccountDesk& desk = *photographer.client().account();
                             return !desk.sessions_loading() && !desk.blocked_loading();
                           }) &&
         photographer.both(name);
}

bool own_account(Photographer& photographer) {
  AccountDesk& desk = *photographer.client().account();
  if (!photographer.open_panel("accountPanel") ||
      !tab(photographer, 0, QStringLiteral("account-profile"))) {
    return false;
  }
  QObject* tabs = photographer.item("accountTabs");
  if (tabs == nullptr || !tabs->setProperty("currentIndex", 1)) return false;
  photographer.type("passwordPresent", QStringLiteral("a guess, no more"));
  photographer.type("passwordNew", QStringLiteral("something long"));
  photographer.type("passwordAgain", QStringLiteral("something long"));
  photographer.click("passwordSave");
  if (!photographer.wait("the refusal", [&] { return !desk.error().isEmpty(); }) ||
      !photographer.both(QStringLiteral("account-password")) ||
      !tab(photographer, 2, QStringLiteral("account-devices")) ||
      !tab(photographer, 3, QStringLiteral("account-blocked")) ||
      !tabs->setProperty("currentIndex", 0)) {
    return false;
  }
  photographer.click("profileEnd");
  return photographer.both(QStringLiteral("account-delete")) &&
         photographer.close_panel("accountPanel");
}

bool somebody(Photographer& photographer) {
  const PersonDesk& person = *photographer.client().person();
  photographer.click("headerButton");
  return photographer.wait("the profile", [&] { return person.loaded(); }) &&
         photographer.both(QStringLiteral("person")) && photographer.close_panel("personPanel");
}

bool settings(Photographer& photographer) {
  return photographer.open_panel("settingsPanel") &&
         photographer.both(QStringLiteral("settings")) && photographer.close_panel("settingsPanel");
}

}  // namespace

bool take_account_pictures(Photographer& photographer) {
  return own_account(photographer) && somebody(photographer) && settings(photographer);
}

}  // namespace starling_app
