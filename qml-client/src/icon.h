// Small line icons, own drawings in theme/icons (one SVG file for each name, on a square of 16
// units), painted in a colour of the theme at the pixels of the screen.
#pragma once

#include <QColor>
#include <QQmlEngine>
#include <QQuickPaintedItem>

namespace starling_app {

class Icon : public QQuickPaintedItem {
  Q_OBJECT
  QML_ELEMENT
  Q_PROPERTY(Name name READ name WRITE set_name NOTIFY changed)
  Q_PROPERTY(QColor color READ color WRITE set_color NOTIFY changed)
  // Where the language runs from right to left, the signs that show a way show the other one.
  Q_PROPERTY(bool mirrored READ mirrored WRITE set_mirrored NOTIFY changed)

 public:
  enum Name {
    None,
    Action,
    Back,
    Bird,
    Block,
    Check,
    ChecksTwo,
    Clock,
    Close,
    Device,
    Down,
    Exit,
    Gear,
    Keyboard,
    More,
    Pencil,
    People,
    Person,
    Plus,
    Reply,
    Search,
    Send,
    Sending,
    Warning
  };
  Q_ENUM(Name)

  explicit Icon(QQuickItem* parent = nullptr);
  static QString file(Name name);  // Of the resources.
  Name name() const { return name_; }
  QColor color() const { return color_; }
  bool mirrored() const { return mirrored_; }
  void set_mirrored(bool mirrored);
  void set_name(Name name);
  void set_color(const QColor& color);
  void paint(QPainter* painter) override;

 signals:
  void changed();

 private:
  Name name_ = None;
  QColor color_ = Qt::black;
  bool mirrored_ = false;
};

}  // namespace starling_app
