// Where the window goes that was somewhere when the app ended: the screens may be others today.
#pragma once

#include <QList>
#include <QRect>

namespace starling_app {

// `screens`: the room on each, the primary one first. What was kept when it still makes sense, else
// at most as large as the screen and in its middle. Empty: nothing was kept, or there is no screen.
QRect window_place(const QRect& kept, const QList<QRect>& screens);

}  // namespace starling_app
