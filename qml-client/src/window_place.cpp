// See window_place.h.
#include "qml-client/src/window_place.h"

#include <algorithm>

namespace starling_app {

QRect window_place(const QRect& kept, const QList<QRect>& screens) {
  if (kept.isEmpty() || screens.isEmpty()) return {};
  const auto has = [](const QPoint& point) {
    return [point](const QRect& screen) { return screen.contains(point); };
  };
  const auto home = std::find_if(screens.begin(), screens.end(), has(kept.center()));
  const QRect room = home == screens.end() ? screens.first() : *home;
  // What one takes hold of to move it is above the middle of its upper edge.
  const QPoint handle(kept.center().x(), kept.top());
  const bool in_reach = std::any_of(screens.begin(), screens.end(), has(handle));
  const QSize size = kept.size().boundedTo(room.size());
  if (home != screens.end() && in_reach && size == kept.size()) return kept;
  QRect place({}, size);
  place.moveCenter(room.center());
  return place;
}

}  // namespace starling_app
