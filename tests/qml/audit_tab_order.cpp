// See screen_audit.h.
#include <QCoreApplication>
#include <QGuiApplication>
#include <QKeyEvent>
#include <QPointer>
#include <QVariant>
#include <algorithm>
#include <utility>

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

// What scrolls goes back to where it was.
class Scrolled {
 public:
  explicit Scrolled(QQuickWindow& window) {
    for (const ShownItem& shown : shown_items(window)) {
      if (!shown.item->inherits("QQuickFlickable")) continue;
      places_.emplace_back(shown.item, shown.item->property("contentY"));
    }
  }
  ~Scrolled() {
    for (const auto& [item, place] : places_) {
      if (item && item->property("contentY") != place) item->setProperty("contentY", place);
    }
  }
  Scrolled(const Scrolled&) = delete;
  Scrolled& operator=(const Scrolled&) = delete;

 private:
  std::vector<std::pair<QPointer<QQuickItem>, QVariant>> places_;
};

bool in_sight(QQuickWindow& window, const QQuickItem* item) {
  const std::vector<ShownItem> all = shown_items(window);
  return std::any_of(all.begin(), all.end(), [item](const ShownItem& shown) {
    return shown.item == item && !shown.seen.isEmpty();
  });
}

// A field that has completed what is written there by Tab: the next Tab goes on.
class Completed {
 public:
  explicit Completed(QQuickItem* at)
      : at_(at), text_(at->property("text")), cursor_(at->property("cursorPosition")) {}
  bool by_tab() const { return at_ && is_text(*at_) && at_->property("text") != text_; }
  void put_back() const {
    at_->setProperty("text", text_);
    at_->setProperty("cursorPosition", cursor_);
  }

 private:
  QPointer<QQuickItem> at_;
  QVariant text_;
  QVariant cursor_;
};

// From the first control on, until it comes again. What Tab did to a text is undone by `undo`.
std::vector<QQuickItem*> walk(QQuickWindow& window, QQuickItem* first, Findings& findings,
                              std::vector<Completed>& undo) {
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
    if (!in_sight(window, at)) findings.push_back("Tab goes out of sight to " + named(*at));
    const Completed field(window.activeFocusItem());
    press_tab(window);
    if (!field.by_tab()) continue;
    undo.push_back(field);
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
  std::vector<QQuickItem*> order;
  {
    const Scrolled scrolled(window);
    std::vector<Completed> undo;
    order = walk(window, wanted.front(), findings, undo);
    for (const Completed& field : undo) field.put_back();
    if (before) before->forceActiveFocus(Qt::OtherFocusReason);
  }
  for (const QQuickItem* item : wanted) {
    if (std::find(order.begin(), order.end(), item) != order.end()) continue;
    findings.push_back("Tab does not go to " + named(*item));
  }
  const auto shown = [&wanted](const QQuickItem* item) {
    return std::find(wanted.begin(), wanted.end(), item) != wanted.end();
  };
  for (std::size_t n = 0; n < order.size(); ++n) {
    // One that has to be scrolled to has no place in the picture.
    if (n > 0 && shown(order[n - 1]) && shown(order[n]) && backwards(order[n - 1], order[n])) {
      findings.push_back("Tab goes back from " + named(*order[n - 1]) + " to " + named(*order[n]));
    }
  }
  return findings;
}

}  // namespace starling_app
