// Pictures of the search. See screenshots_families.h.
#include "qml-client/src/screenshots_families.h"

namespace starling_app {

bool take_search_pictures(Photographer& photographer) {
  const SearchModel& search = *photographer.client().search();
  if (!photographer.open_panel("searchPanel") ||
      !photographer.both(QStringLiteral("search-empty"))) {
    return false;
  }
  photographer.type("searchField", QStringLiteral("tonight"));
  if (!photographer.wait("what a search finds", [&] { return search.count() >= 3; }) ||
      !photographer.both(QStringLiteral("search"))) {
    return false;
  }
  photographer.type("searchField", QStringLiteral("nothing like this"));
  const auto said = [&] {
    return search.count() == 0 && !search.busy() && !search.notice().isEmpty();
  };
  return photographer.wait("a search that finds nothing", said) &&
         photographer.both(QStringLiteral("search-nothing")) &&
         photographer.close_panel("searchPanel");
}

}  // namespace starling_app
