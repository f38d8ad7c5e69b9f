// See screen_audit.h.
#include <QAccessible>

#include "tests/qml/screen_audit.h"
#include "tests/qml/screen_items.h"

namespace starling_app {
namespace {

constexpr double kSlack = 1.0;

bool overlap(const ShownItem& one, const ShownItem& other) {
  const QRectF both = one.seen.intersected(other.seen);
  return both.width() > kSlack && both.height() > kSlack;
}

// A part of a control that is known by the control's name, as the words of a link in a bubble.
bool part_of_named(const QQuickItem& item) {
  return !item.activeFocusOnTab() && !item.inherits("QQuickAbstractButton") &&
         !item.inherits("QQuickTextInput") && !item.inherits("QQuickTextEdit");
}

std::string unknown_to_readers(QQuickItem& item) {
  QAccessibleInterface* face = QAccessible::queryAccessibleInterface(&item);
  if (face == nullptr || !face->isValid()) return "is unknown to screen readers";
  if (face->text(QAccessible::Name).trimmed().isEmpty()) return "has no accessible name";
  const QAccessible::Role role = face->role();
  if (role == QAccessible::NoRole || role == QAccessible::Client) return "has no accessible role";
  return {};
}

}  // namespace

Findings audit_controls(QQuickWindow& window) {
  Findings findings;
  std::vector<ShownItem> clicked;
  for (const ShownItem& shown : shown_items(window)) {
    if (shown.seen.isEmpty() || !shown.enabled) continue;
    const bool click = clickable(*shown.item);
    if (click) clicked.push_back(shown);
    if (!click && !shown.item->activeFocusOnTab()) continue;
    if (part_of_named(*shown.item)) continue;
    const std::string trouble = unknown_to_readers(*shown.item);
    if (!trouble.empty()) findings.push_back(named(*shown.item) + " " + trouble);
  }
  for (std::size_t a = 0; a < clicked.size(); ++a) {
    for (std::size_t b = a + 1; b < clicked.size(); ++b) {
      if (stands_in(clicked[b].item, clicked[a].item) || !overlap(clicked[a], clicked[b])) continue;
      if (floats_over(clicked[b], clicked[a])) continue;
      findings.push_back(named(*clicked[b].item) + " lies on " + named(*clicked[a].item));
    }
  }
  return findings;
}

}  // namespace starling_app
