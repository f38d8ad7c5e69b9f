// Colours parts of a plain text in its own document: the text itself is never read as rich text.
#pragma once

#include <QColor>
#include <QList>
#include <QQmlEngine>
#include <QQuickTextDocument>

namespace starling_app {

class HitHighlighter : public QObject {
  Q_OBJECT
  QML_ELEMENT
  Q_PROPERTY(QQuickTextDocument* document READ document WRITE set_document NOTIFY changed)
  Q_PROPERTY(QColor color READ color WRITE set_color NOTIFY changed)
  // Start and length of each part, in turn, in UTF-16 units.
  Q_PROPERTY(QList<int> hits READ hits WRITE set_hits NOTIFY changed)

 public:
  explicit HitHighlighter(QObject* parent = nullptr) : QObject(parent) {}

  QQuickTextDocument* document() const { return document_; }
  QColor color() const { return color_; }
  QList<int> hits() const { return hits_; }
  void set_document(QQuickTextDocument* document);
  void set_color(const QColor& color);
  void set_hits(const QList<int>& hits);

 signals:
  void changed();

 private:
  class Painter;

  QQuickTextDocument* document_ = nullptr;
  Painter* painter_ = nullptr;  // Belongs to the document.
  QColor color_ = Qt::blue;
  QList<int> hits_;
};

}  // namespace starling_app
