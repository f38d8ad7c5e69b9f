// Pictures of finding people. See screenshots_families.h.
#include "qml-client/src/screenshots_families.h"

namespace starling_app {

bool take_people_pictures(Photographer& photographer) {
  const PeopleModel& people = *photographer.client().people();
  photographer.click("peopleButton");
  photographer.settle();
  photographer.type("peopleSearch", QStringLiteral("b*"));
  if (!photographer.wait("people", [&] { return people.count() == 4; }) ||
      !photographer.both(QStringLiteral("people"))) {
    return false;
  }
  photographer.type("peopleSearch", QStringLiteral("zed"));
  return photographer.wait("nobody", [&] { return people.count() == 0; }) &&
         photographer.both(QStringLiteral("people-nobody")) &&
         photographer.close_panel("peoplePanel");
}

}  // namespace starling_app
