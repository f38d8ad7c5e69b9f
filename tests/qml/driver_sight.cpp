// See driver_sight.h.
#include "tests/qml/driver_sight.h"

#include <QQuickItem>
#include <functional>

namespace starling_app {
namespace {

void each_item(const QQuickItem& in, const std::function<void(QQuickItem&)>& take) {
  for (QQuickItem* child : in.childItems()) {
    take(*child);
    each_item(*child, take);
  }
}

void each_bubble(const QQuickItem& in, const std::function<void(QQuickItem&)>& take) {
  each_item(in, [&take](QQuickItem& item) {
    if (item.objectName() == u"messageBubble") take(item);
  });
}

}  // namespace

QJsonObject bubbles(const QQuickWindow& window) {
  QJsonObject found;
  each_bubble(*window.contentItem(), [&](const QQuickItem& bubble) {
    found[bubble.property("body").toString()] = bubble.width();
  });
  return found;
}

QJsonArray words(const QQuickWindow& window) {
  QJsonArray found;
  each_bubble(*window.contentItem(), [&found](const QQuickItem& bubble) {
    each_item(bubble, [&found](QQuickItem& item) {
      if (!item.inherits("QQuickTextEdit")) return;
      QString text;
      QMetaObject::invokeMethod(&item, "getText", Q_RETURN_ARG(QString, text), Q_ARG(int, 0),
                                Q_ARG(int, item.property("length").toInt()));
      found.append(text);
    });
  });
  return found;
}

QJsonArray markup(const QQuickWindow& window) {
  QJsonArray found;
  each_item(*window.contentItem(), [&found](const QQuickItem& item) {
    const QVariant format = item.property("textFormat");
    if (format.isValid() && format.toInt() != Qt::PlainText)
      found.append(item.property("text").toString());
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

QString marked(const QQuickWindow& window) {
  const auto* list = window.findChild<QQuickItem*>(QStringLiteral("timelineList"));
  if (list == nullptr) return {};
  const auto* row = list->property("currentItem").value<QQuickItem*>();
  return row == nullptr ? QString() : row->property("body").toString();
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
