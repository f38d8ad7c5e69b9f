// Pictures with large text: at 150 percent in light, and at the largest in dark. See
// screenshots_families.h.
#include "qml-client/src/screenshots_families.h"

namespace starling_app {
namespace {

// The same screens in one size of text.
class Size {
 public:
  Size(Photographer& photographer, const QString& ending)
      : photographer_(photographer), ending_(ending) {}

  bool take() {
    return shot("chat") && panel("settingsPanel", "settings") && cluster() && people() &&
           search() && account() && group() && palette() && panel("keysPanel", "keys") &&
           photographer_.open("grace");
  }

 private:
  bool shot(const char* name) { return photographer_.shot(QString::fromUtf8(name) + ending_); }

  bool panel(const char* panel, const char* name) {
    return photographer_.open_panel(panel) && shot(name) && photographer_.close_panel(panel);
  }

  bool cluster() {
    return take_cluster_panel(photographer_, kAllServers, [&] { return shot("cluster"); });
  }

  bool people() {
    const PeopleModel& people = *photographer_.client().people();
    photographer_.click("peopleButton");
    photographer_.settle();
    photographer_.type("peopleSearch", QStringLiteral("b*"));
    return photographer_.wait("people", [&] { return people.count() == 4; }) && shot("people") &&
           photographer_.close_panel("peoplePanel");
  }

  bool search() {
    const SearchModel& search = *photographer_.client().search();
    if (!photographer_.open_panel("searchPanel")) return false;
    photographer_.type("searchField", QStringLiteral("tonight"));
    const bool taken = photographer_.wait("what a search finds", [&] {
      return search.count() >= 3;
    }) && shot("search");
    photographer_.type("searchField", QString());  // It is kept until the next time.
    return photographer_.close_panel("searchPanel") && taken;
  }

  bool account() {
    const AccountDesk& desk = *photographer_.client().account();
    QObject* tabs = photographer_.item("accountTabs");
    return photographer_.open_panel("accountPanel") && shot("account-profile") && tabs != nullptr &&
           tabs->setProperty("currentIndex", 2) &&
           photographer_.wait("the devices", [&] { return !desk.sessions_loading(); }) &&
           shot("account-devices") && photographer_.close_panel("accountPanel");
  }

  bool group() {
    const MembersModel& members = *photographer_.client().groups()->members();
    if (!photographer_.open("Cluster night") ||
        !photographer_.wait("the members", [&] { return members.count() == 5; }) ||
        !shot("group")) {
      return false;
    }
    photographer_.click("membersButton");
    return shot("members") && photographer_.close_panel("membersPanel") &&
           panel("newGroupDialog", "new-group");
  }

  bool palette() {
    const PaletteModel& palette = *photographer_.client().palette();
    if (!photographer_.open_panel("palettePanel")) return false;
    photographer_.settle();
    photographer_.type("paletteField", QStringLiteral("be"));
    return photographer_.wait("what fits", [&] { return palette.count() > 2; }) &&
           shot("palette") && photographer_.close_panel("palettePanel");
  }

  Photographer& photographer_;
  const QString ending_;
};

}  // namespace

bool take_large_pictures(Photographer& photographer) {
  AppSettings& settings = photographer.settings();
  settings.set_font_scale(150);
  bool taken = Size(photographer, QStringLiteral("-large")).take();
  settings.set_font_scale(AppSettings::kLargestFont);
  photographer.theme(Photographer::Dark);
  taken = taken && Size(photographer, QStringLiteral("-largest")).take();
  photographer.theme(Photographer::Light);
  settings.set_font_scale(100);
  return taken;
}

}  // namespace starling_app
