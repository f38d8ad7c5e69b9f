// Pictures of the menu, the palette and the page of keys. See screenshots_families.h.
#include "qml-client/src/screenshots_families.h"

namespace starling_app {

bool take_palette_pictures(Photographer& photographer) {
  const PaletteModel& palette = *photographer.client().palette();
  if (!photographer.open_panel("palettePanel") || !photographer.both(QStringLiteral("palette"))) {
    return false;
  }
  photographer.type("paletteField", QStringLiteral("be"));
  const auto people = [&] {
    for (int row = 0; row < palette.count(); ++row) {
      const QVariant kind = palette.data(palette.index(row), PaletteModel::KindRole);
      if (kind.toInt() == PaletteModel::Person) return true;
    }
    return false;
  };
  if (!photographer.wait("people of the directory", people) ||
      !photographer.both(QStringLiteral("palette-typed"))) {
    return false;
  }
  photographer.type("paletteField", QStringLiteral("qqq"));
  if (!photographer.both(QStringLiteral("palette-nothing")) ||
      !photographer.close_panel("palettePanel") || !photographer.open_panel("keysPanel") ||
      !photographer.both(QStringLiteral("keys")) || !photographer.close_panel("keysPanel")) {
    return false;
  }
  photographer.click("menuButton");
  return photographer.both(QStringLiteral("menu")) && photographer.close_panel("mainMenu");
}

}  // namespace starling_app
