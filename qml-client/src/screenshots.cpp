// See screenshots.h. A family of screens more is a line in kFamilies.
#include "qml-client/src/screenshots.h"

#include <QDir>
#include <QTemporaryDir>
#include <algorithm>
#include <cstdio>
#include <iterator>

#include "qml-client/src/screenshots_families.h"
#include "qml-client/src/screenshots_story.h"

namespace starling_app {
namespace {

using Family = bool (*)(Photographer&);

constexpr Family kFamilies[] = {
    take_login_pictures,     //
    take_chat_pictures,      //
    take_group_pictures,     //
    take_people_pictures,    //
    take_account_pictures,   //
    take_timeline_pictures,  //
    take_large_pictures,     // Before the next: a panel out of sight stays mirrored.
    take_language_pictures,  //
    take_palette_pictures,   //
    take_search_pictures,    //
    take_small_pictures,     //
    take_world_pictures,     //
    take_presence_pictures,  //
    take_failover_pictures,
};

int complain(const QString& sentence) {
  std::fprintf(stderr, "starling-app: %s\n", qPrintable(sentence));
  return 1;
}

}  // namespace

int take_screenshots(const Options& options, const Photographer::Viewer& viewer) {
  if (!QDir().mkpath(options.screenshots_directory)) {
    return complain(QStringLiteral("%1 cannot be made.").arg(options.screenshots_directory));
  }
  const QString nobody = look_for_server(options.servers);
  if (!nobody.isEmpty()) return complain(nobody);
  const QString trouble = tell_story(options.servers);
  if (!trouble.isEmpty()) return complain(trouble);
  const QTemporaryDir data;
  Photographer photographer(options, data.path(), viewer);
  if (!photographer.good()) return complain(QStringLiteral("The window cannot be made."));
  const bool taken = std::all_of(std::begin(kFamilies), std::end(kFamilies),
                                 [&](Family family) { return family(photographer); });
  return taken ? 0 : 1;
}

}  // namespace starling_app
