// How an icon's file becomes a picture in a colour. See icon.h.
#include "qml-client/src/icon.h"

#include <QCache>
#include <QImage>
#include <QMetaEnum>
#include <QPainter>
#include <QSvgRenderer>
#include <cmath>

namespace starling_app {
namespace {

constexpr int kCacheBytes = 1 << 20;  // Some thousand icons of the usual size.

bool shows_way(Icon::Name name) {
  return name == Icon::Back || name == Icon::Exit || name == Icon::Reply || name == Icon::Send;
}

// In device pixels, so that nothing is scaled later: `side` of the square, in the middle of `size`.
struct Picture {
  Icon::Name name = Icon::None;
  QSize size;
  qreal side = 0;
  bool turned = false;
  QRgb color = 0;

  bool operator==(const Picture&) const = default;
};

size_t qHash(const Picture& picture, size_t seed = 0) {
  return qHashMulti(seed, static_cast<int>(picture.name), picture.size.width(),
                    picture.size.height(), picture.side, picture.turned, picture.color);
}

QImage draw(const Picture& picture) {
  QImage image(picture.size, QImage::Format_ARGB32_Premultiplied);
  image.fill(Qt::transparent);
  QPainter painter(&image);
  painter.setRenderHint(QPainter::Antialiasing);
  if (picture.turned) {
    painter.translate(picture.size.width(), 0);
    painter.scale(-1, 1);
  }
  QRectF square(0, 0, picture.side, picture.side);
  square.moveCenter(QRectF(QPointF(), picture.size).center());
  QSvgRenderer(Icon::file(picture.name)).render(&painter, square);
  painter.resetTransform();
  painter.setCompositionMode(QPainter::CompositionMode_SourceIn);
  painter.fillRect(image.rect(), QColor::fromRgba(picture.color));
  return image;
}

// Rows of the timeline come and go with the same few icons: each is read and drawn once. Items are
// painted one at a time, while the GUI thread waits.
QImage drawn(const Picture& picture) {
  static QCache<Picture, QImage> cache(kCacheBytes);
  if (const QImage* known = cache.object(picture)) return *known;
  QImage image = draw(picture);
  cache.insert(picture, new QImage(image), static_cast<int>(image.sizeInBytes()));
  return image;
}

}  // namespace

Icon::Icon(QQuickItem* parent) : QQuickPaintedItem(parent) { setImplicitSize(16, 16); }

QString Icon::file(Name name) {
  const char* key = QMetaEnum::fromType<Name>().valueToKey(name);
  return QStringLiteral(":/icons/%1.svg").arg(QLatin1String(key));
}

void Icon::set_name(Name name) {
  if (name == name_) return;
  name_ = name;
  update();
  emit changed();
}

void Icon::set_mirrored(bool mirrored) {
  if (mirrored == mirrored_) return;
  mirrored_ = mirrored;
  update();
  emit changed();
}

void Icon::set_color(const QColor& color) {
  if (color == color_) return;
  color_ = color;
  update();
  emit changed();
}

void Icon::paint(QPainter* painter) {
  const qreal scale = painter->deviceTransform().m11();  // Of the screen: 1, 1.5, …
  Picture picture;
  picture.name = name_;
  picture.size = {static_cast<int>(std::ceil(width() * scale)),
                  static_cast<int>(std::ceil(height() * scale))};
  if (name_ == None || picture.size.isEmpty()) return;
  picture.side = qMin(width(), height()) * scale;
  picture.turned = mirrored_ && shows_way(name_);
  picture.color = color_.rgba();
  QImage image = drawn(picture);
  image.setDevicePixelRatio(scale);
  painter->drawImage(QPointF(), image);
}

}  // namespace starling_app
