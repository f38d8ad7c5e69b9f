// See driver_sight.h.
#include "tests/qml/driver_sight.h"

#include <QQuickItem>
#include <functional>

namespace starling_app {
namespace {

void each_bubble(const QQuickItem& in, const std::function<void(const QQuickItem&)>& take) {
  for (const QQuickItem* child : in.childItems()) {
    if (child->objectName() == u"messageBubble") take(*child);
    each_bubble(*child, take);
  }
}

}  // namespace

QJsonObject bubbles(const QQuickWindow& window) {
  QJsonObject found;
  each_bubble(*window.contentItem(), [&](const QQuickItem& bubble) {
    found[bubble.property("body").toString()] = bubble.width();
  });
  return found;
}

QJsonObject places(const QQuickWindow& window) {
  QJsonObject found;
  auto* list = window.findChild<QQuickItem*>(QStringLiteral("timelineList"));
  if (list == nullptr) return found;
  QMetaObject::invokeMethod(list, "forceLayout");
  each_bubble(*list, [&](const QQuickItem& bubble) {
    const qint64 seq = bubble.parentItem()->property("seq").toLongLong();
    if (seq <= 0 || !bubble.isVisible()) return;
    found[QString::number(seq)] =
        QJsonArray{bubble.mapToItem(list, QPointF()).y(), bubble.height()};
  });
  return found;
}

QString cancelling(const QQuickWindow& window) {
  for (const auto* line : window.findChildren<QQuickItem*>(QStringLiteral("cancellingLine"))) {
    if (line->isVisible()) return line->property("text").toString();
  }
  return {};
}

QJsonArray hits(const SearchModel& model) {
  QJsonArray list;
  for (int row = 0; row < model.count(); ++row) {
    const auto role = [&](int which) { return model.data(model.index(row), which); };
    list.append(QJsonArray{role(SearchModel::TitleRole).toString(),
                           role(SearchModel::SeqRole).toLongLong(),
                           role(SearchModel::ExcerptRole).toString()});
  }
  return list;
}

}  // namespace starling_app
