// Colours the mentions and the links of a plain text in its own document: the text itself is never
// read as rich text.
#pragma once

#include <QColor>
#include <QQmlEngine>
#include <QQuickTextDocument>
#include <QString>
#include <QSyntaxHighlighter>

namespace starling_app {

class MentionHighlighter : public QObject {
  Q_OBJECT
  QML_ELEMENT
  Q_PROPERTY(QQuickTextDocument* document READ document WRITE set_document NOTIFY changed)
  Q_PROPERTY(QColor color READ color WRITE set_color NOTIFY changed)
  Q_PROPERTY(qreal lineHeight READ line_height WRITE set_line_height NOTIFY changed)

 public:
  explicit MentionHighlighter(QObject* parent = nullptr);

  QQuickTextDocument* document() const { return document_; }
  QColor color() const { return color_; }
  qreal line_height() const { return line_height_; }
  void set_document(QQuickTextDocument* document);
  void set_color(const QColor& color);
  void set_line_height(qreal factor);

 signals:
  void changed();

 private:
  class Painter;

  void space_lines();  // After each change: a new text has lines of the plain height.

  QQuickTextDocument* document_ = nullptr;
  Painter* painter_ = nullptr;  // Belongs to the document.
  QColor color_ = Qt::blue;
  qreal line_height_ = 1;
  bool spacing_ = false;
};

}  // namespace starling_app
