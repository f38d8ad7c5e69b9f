// See screen_audit.h.
#include <QCoreApplication>
#include <QGuiApplication>
#include <QKeyEvent>
#include <QPointer>
#include <algorithm>

#include "tests/qml/screen_audit.h"
#include "tests/qml/screen_items.h"

namespace starling_app {
namespace {

constexpr int kMost = 300;  // Presses, before Tab counts as lost.

void press_tab(QQuickWindow& window) {
  for (const QEvent::Type type : {QEvent::KeyPress, QEvent::KeyRelease}) {
    QKeyEvent event(type, Qt::Key_Tab, Qt::NoModifier, QStringLiteral("\t"));
    QCoreApplication::sendEvent(&window, &event);
  }
}

// As if one read from left to right: turned round where the language runs the other way.
QRectF place(const QQuickItem* item) {
  const QRectF there = item->mapRectToScene(QRectF(0, 0, item->width(), item->height()));
  if (QGuiApplication::layoutDirection() != Qt::RightToLeft) return there;
  return {-there.right(), there.top(), there.width(), there.height()};
}

// One reads down, then goes on at the top of the next column: back up is for a column to the right
// only, and to the left for a row below only.
bool backwards(const QQuickItem* from, const QQuickItem* to) {
  if (stands_in(from, to) || stands_in(to, from)) return false;
  const QRectF a = place(from);
  const QRectF b = place(to);
  if (b.bottom() <= a.top() + 1) return b.left() < a.right() - 1;
  return b.top() < a.bottom() - 1 && b.right() <= a.left() + 1;
}

// What Tab stopped at: a list has the focus in one of its rows.
QQuickItem* stop_of(QQuickItem* focus) {
  for (QQuickItem* item = focus; item != nullptr; item = item->parentItem()) {
    if (item->activeFocusOnTab()) return item;
  }
  return focus;
}

// From the first control on, until it comes again.
std::vector<QQuickItem*> walk(QQuickWindow& window, QQuickItem* first, Findings& findings) {
  std::vector<QQuickItem*> order;
  first->forceActiveFocus(Qt::TabFocusReason);
  for (QQuickItem* at = stop_of(window.activeFocusItem()); order.size() < kMost;
       at = stop_of(window.activeFocusItem())) {
    if (at == nullptr) {
      findings.push_back("Tab loses the focus after " + named(*order.back()));
      return order;
    }
    if (!order.empty() && at == order.front()) return order;
    if (std::find(order.begin(), order.end(), at) != order.end()) {
      findings.push_back("Tab never comes back to " + named(*order.front()) + ": it is stuck at " +
                         named(*at));
      return order;
    }
    order.push_back(at);
    press_tab(window);
  }
  findings.push_back("Tab never comes back to " + named(*first));
  return order;
}

}  // namespace

Findings audit_tab_order(QQuickWindow& window) {
  Findings findings;
  std::vector<QQuickItem*> wanted;
  for (const ShownItem& shown : shown_items(window)) {
    if (!shown.item->activeFocusOnTab() || !shown.enabled || shown.seen.isEmpty()) continue;
    wanted.push_back(shown.item);
  }
  if (wanted.empty()) return findings;
  const QPointer<QQuickItem> before = window.activeFocusItem();
  const std::vector<QQuickItem*> order = walk(window, wanted.front(), findings);
  if (before) before->forceActiveFocus(Qt::OtherFocusReason);
  for (const QQuickItem* item : wanted) {
    if (std::find(order.begin(), order.end(), item) != order.end()) continue;
    findings.push_back("Tab does not go to " + named(*item));
  }
  for (std::size_t n = 0; n < order.size(); ++n) {
    if (std::find(wanted.begin(), wanted.end(), order[n]) == wanted.end()) {
      findings.push_back("Tab goes out of sight to " + named(*order[n]));
    }
    if (n > 0 && backwards(order[n - 1], order[n])) {
      findings.push_back("Tab goes back from " + named(*order[n - 1]) + " to " + named(*order[n]));
    }
  }
  return findings;
}

}  // namespace starling_app
