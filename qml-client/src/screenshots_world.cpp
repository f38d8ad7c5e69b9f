// Pictures of names and words that are long, of other scripts, or all emoji. See
// screenshots_families.h.
#include "qml-client/src/screenshots_families.h"

namespace starling_app {
namespace {

struct Talk {
  const char* with;
  QString picture;
};

}  // namespace

bool take_world_pictures(Photographer& photographer) {
  const Talk talks[] = {{"maximiliana", QStringLiteral("long-names")},
                        {"yuki", QStringLiteral("cjk")},
                        {"layla", QStringLiteral("rtl")},
                        {"party.crew", QStringLiteral("emoji")}};
  const QSize size = photographer.window().size();
  for (const Talk& talk : talks) {
    if (!photographer.open(talk.with) || !photographer.both(talk.picture)) return false;
  }
  photographer.window().resize(400, 640);
  if (!photographer.open("maximiliana") || !photographer.both(QStringLiteral("small-long-names"))) {
    return false;
  }
  if (!photographer.open("layla") || !photographer.both(QStringLiteral("small-rtl"))) return false;
  photographer.window().resize(size);
  return photographer.open("grace");
}

}  // namespace starling_app
