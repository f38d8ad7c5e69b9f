// Pictures of what the timeline shows beside messages: what is new, a link, a message that was
// refused, and the way back down. See screenshots_families.h.
#include "qml-client/src/screenshots_families.h"

namespace starling_app {
namespace {

// Of one who has scrolled away while a message came.
bool far_up(Photographer& photographer) {
  QObject* list = photographer.item("timelineList");
  if (list == nullptr) return false;
  list->setProperty("following", false);
  QMetaObject::invokeMethod(list, "positionViewAtEnd");
  const bool taken = photographer.both(QStringLiteral("scrolled"));
  photographer.click("jumpButton");
  return taken;
}

// Of one who is blocked there.
bool refused(Photographer& photographer) {
  if (!photographer.open("bianca")) return false;
  photographer.type("composerField", QStringLiteral("Hello?"));
  photographer.click("sendButton");
  const TimelineModel& timeline = *photographer.client().timeline();
  return photographer.wait("the refusal", [&] {
    return timeline.count() > 0 &&
           timeline.data(timeline.index(0), TimelineModel::StateRole).toInt() ==
               TimelineModel::Failed;
  }) && photographer.both(QStringLiteral("refused"));
}

}  // namespace

bool take_timeline_pictures(Photographer& photographer) {
  return far_up(photographer) && photographer.open("mei-lin") &&
         photographer.both(QStringLiteral("unread")) && photographer.open("noor") &&
         photographer.both(QStringLiteral("link")) && refused(photographer) &&
         photographer.open("grace");
}

}  // namespace starling_app
