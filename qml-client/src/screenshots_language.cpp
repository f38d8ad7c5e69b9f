// Pictures of the app in German, and from right to left. See screenshots_families.h.
#include "qml-client/src/screenshots_families.h"

namespace starling_app {
namespace {

bool panel(Photographer& photographer, const char* name, const QString& picture) {
  if (!photographer.open_panel(name)) return false;
  const bool taken = photographer.both(picture);
  return photographer.close_panel(name) && taken;
}

bool german(Photographer& photographer) {
  photographer.settings().set_language(QStringLiteral("de"));
  const bool taken =
      photographer.both(QStringLiteral("german-chat")) && photographer.open("Cluster night") &&
      photographer.both(QStringLiteral("german-group")) && photographer.open("grace") &&
      panel(photographer, "accountPanel", QStringLiteral("german-account")) &&
      panel(photographer, "settingsPanel", QStringLiteral("german-settings")) &&
      panel(photographer, "keysPanel", QStringLiteral("german-keys")) &&
      panel(photographer, "palettePanel", QStringLiteral("german-palette")) &&
      panel(photographer, "newGroupDialog", QStringLiteral("german-new-group"));
  photographer.settings().set_language(QStringLiteral("en"));
  return taken;
}

bool mirrored(Photographer& photographer) {
  photographer.mirror(true);
  const bool taken =
      photographer.both(QStringLiteral("mirrored-chat")) && photographer.open("Cluster night") &&
      photographer.both(QStringLiteral("mirrored-group")) && photographer.open("grace") &&
      panel(photographer, "settingsPanel", QStringLiteral("mirrored-settings")) &&
      panel(photographer, "accountPanel", QStringLiteral("mirrored-account"));
  photographer.mirror(false);
  return taken;
}

}  // namespace

bool take_language_pictures(Photographer& photographer) {
  return german(photographer) && mirrored(photographer);
}

}  // namespace starling_app
