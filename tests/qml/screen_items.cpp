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
  bool across = false;
};

bool scrolls_across(const QQuickItem& item) {
  return item.property("contentWidth").toDouble() > item.width() + 1;
}

// A row that a list has made ahead of time and not yet put into its place: it is not painted, and
// seems to stand where another row does.
bool not_placed(QQuickItem* item) {
  QQuickItem* list = item->parentItem() == nullptr ? nullptr : item->parentItem()->parentItem();
  if (list == nullptr || !list->inherits("QQuickListView") ||
      list->property("contentItem").value<QQuickItem*>() != item->parentItem()) {
    return false;
  }
  QQuickItem* there = nullptr;
  QMetaObject::invokeMethod(list, "itemAt", Q_RETURN_ARG(QQuickItem*, there),
                            Q_ARG(double, item->x() + item->width() / 2),
                            Q_ARG(double, item->y() + item->height() / 2));
  return there != nullptr && there != item && there->position() == item->position();
}

void walk(QQuickItem* item, Around around, std::vector<ShownItem>& found) {
  if (!item->isVisible() || item->opacity() == 0 || not_placed(item)) return;
  ShownItem shown;
  shown.item = item;
  shown.box = item->mapRectToScene(QRectF(0, 0, item->width(), item->height()));
  shown.seen = shown.box.intersected(around.clip);
  shown.opacity = around.opacity * item->opacity();
  shown.enabled = item->isEnabled();
  shown.scrolls = around.scrolls;
  shown.across = around.across;
  if (item->clip()) around.clip = shown.seen;
  around.opacity = shown.opacity;
  if (item->inherits("QQuickFlickable")) {
    around.scrolls = true;
    around.across = around.across || scrolls_across(*item);
  }
  QList<QQuickItem*> children = item->childItems();
  std::stable_sort(children.begin(), children.end(),
                   [](const QQuickItem* a, const QQuickItem* b) { return a->z() < b->z(); });
  const auto behind = std::stable_partition(children.begin(), children.end(),
                                            [](const QQuickItem* child) { return child->z() < 0; });
  std::for_each(children.begin(), behind, [&](QQuickItem* child) { walk(child, around, found); });
  found.push_back(shown);
  std::for_each(behind, children.end(), [&](QQuickItem* child) { walk(child, around, found); });
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

bool is_text(const QQuickItem& item) {
  return item.inherits("QQuickText") || item.inherits("QQuickTextEdit") ||
         item.inherits("QQuickTextInput");
}

bool floats_over(const ShownItem& over, const ShownItem& under) {
  if (over.scrolls || !under.scrolls) return false;
  const QQuickItem* item = over.item;
  while (item != nullptr && !item->property("floats").toBool()) item = item->parentItem();
  return item != nullptr;
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
