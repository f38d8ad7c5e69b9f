// See screen_items.h.
#include "tests/qml/screen_items.h"

#include <QVariant>
#include <algorithm>

namespace starling_app {
namespace {

struct Around {
  QRectF clip;
  double opacity = 1;
  bool scrolls = false;
};

void walk(QQuickItem* item, Around around, std::vector<ShownItem>& found) {
  if (!item->isVisible() || item->opacity() == 0) return;
  ShownItem shown;
  shown.item = item;
  shown.box = item->mapRectToScene(QRectF(0, 0, item->width(), item->height()));
  shown.seen = shown.box.intersected(around.clip);
  shown.opacity = around.opacity * item->opacity();
  shown.enabled = item->isEnabled();
  shown.scrolls = around.scrolls;
  found.push_back(shown);
  if (item->clip()) around.clip = shown.seen;
  around.opacity = shown.opacity;
  around.scrolls = around.scrolls || item->inherits("QQuickFlickable");
  for (QQuickItem* child : item->childItems()) walk(child, around, found);
}

// The last panel that is open, or all.
QQuickItem* top_layer(QQuickItem* content) {
  for (const QQuickItem* child : content->childItems()) {
    if (!child->inherits("QQuickOverlay")) continue;
    const QList<QQuickItem*> panels = child->childItems();
    for (auto panel = panels.rbegin(); panel != panels.rend(); ++panel) {
      if ((*panel)->inherits("QQuickPopupItem") && (*panel)->isVisible()) return *panel;
    }
  }
  return content;
}

}  // namespace

std::vector<ShownItem> shown_items(QQuickWindow& window) {
  std::vector<ShownItem> found;
  Around around;
  around.clip = QRectF(0, 0, window.width(), window.height());
  walk(top_layer(window.contentItem()), around, found);
  return found;
}

bool stands_in(const QQuickItem* item, const QQuickItem* ancestor) {
  while (item != nullptr && item != ancestor) item = item->parentItem();
  return item != nullptr;
}

bool clickable(const QQuickItem& item) {
  if (item.inherits("QQuickScrollBar")) return false;  // It floats over its list.
  if (item.inherits("QQuickAbstractButton") || item.inherits("QQuickTextInput")) return true;
  if (item.inherits("QQuickTextEdit")) return !item.property("readOnly").toBool();
  const QObjectList& parts = item.children();
  return std::any_of(parts.begin(), parts.end(), [](const QObject* part) {
    return part->inherits("QQuickTapHandler") || part->inherits("QQuickMouseArea");
  });
}

std::string named(const QQuickItem& item) {
  QString type = QString::fromLatin1(item.metaObject()->className());
  type = type.section(QStringLiteral("_QML"), 0, 0);
  QString name = item.objectName().isEmpty() ? type : item.objectName();
  const QString words = item.property("text").toString().left(40);
  if (!words.isEmpty()) name += QStringLiteral(" \"%1\"").arg(words);
  return name.toStdString();
}

}  // namespace starling_app
