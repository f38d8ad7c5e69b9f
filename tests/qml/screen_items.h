// What a window shows at this moment, item by item: what the checks of screen_audit.h look at.
#pragma once

#include <QQuickItem>
#include <QQuickWindow>
#include <QRectF>
#include <string>
#include <vector>

namespace starling_app {

struct ShownItem {
  QQuickItem* item = nullptr;
  QRectF box;          // In the window, in its units.
  QRectF seen;         // Of it, what no edge cuts off; empty when it is out of sight.
  double opacity = 1;  // With all that it stands in.
  bool enabled = true;
  bool scrolls = false;  // It stands in something that scrolls.
  bool across = false;   // In something that scrolls sideways.
};

// The items that can be used and read, as they are painted, one over the other: those of the panel
// on top when one is open, else all. A parent stands before its children but for what lies behind
// it (a z below 0).
std::vector<ShownItem> shown_items(QQuickWindow& window);

bool stands_in(const QQuickItem* item, const QQuickItem* ancestor);
bool clickable(const QQuickItem& item);  // A button, a field, or something with a handler of taps.
bool is_text(const QQuickItem& item);
// Made to hover over what scrolls (a property `floats`): one can bring that out from below.
bool floats_over(const ShownItem& over, const ShownItem& under);

// "peopleButton", else the type and the words.
std::string named(const QQuickItem& item);

}  // namespace starling_app
