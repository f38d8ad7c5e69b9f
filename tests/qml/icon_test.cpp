// Every icon has a drawing of its own, which takes the colour and the pixels that it is given.
#include "qml-client/src/icon.h"

#include <gtest/gtest.h>

#include <QDir>
#include <QImage>
#include <QMetaEnum>
#include <QPainter>
#include <QSet>
#include <QSvgRenderer>

namespace starling_app {
namespace {

QList<Icon::Name> names() {
  const QMetaEnum all = QMetaEnum::fromType<Icon::Name>();
  QList<Icon::Name> found;
  for (int n = 0; n < all.keyCount(); ++n) {
    if (all.value(n) != Icon::None) found.append(static_cast<Icon::Name>(all.value(n)));
  }
  return found;
}

std::string called(Icon::Name name) { return QMetaEnum::fromType<Icon::Name>().valueToKey(name); }

struct Look {
  Icon::Name name = Icon::Back;
  QSizeF size{16, 16};
  qreal ratio = 1;
  QColor color = Qt::red;
  bool mirrored = false;
};

QImage picture(const Look& look) {
  Icon icon;
  icon.set_name(look.name);
  icon.set_color(look.color);
  icon.set_mirrored(look.mirrored);
  icon.setSize(look.size);
  QImage image((look.size * look.ratio).toSize(), QImage::Format_ARGB32_Premultiplied);
  image.setDevicePixelRatio(look.ratio);
  image.fill(Qt::transparent);
  QPainter painter(&image);
  icon.paint(&painter);
  painter.end();
  image.setDevicePixelRatio(1);
  return image;
}

int painted(const QImage& image) {
  int pixels = 0;
  for (int y = 0; y < image.height(); ++y) {
    for (int x = 0; x < image.width(); ++x) pixels += image.pixelColor(x, y).alpha() > 128 ? 1 : 0;
  }
  return pixels;
}

TEST(AppIcon, EveryNameHasAFileThatIsADrawing) {
  ASSERT_FALSE(names().isEmpty());
  for (const Icon::Name name : names()) {
    const QSvgRenderer renderer(Icon::file(name));
    EXPECT_TRUE(renderer.isValid()) << called(name);
    EXPECT_EQ(renderer.viewBoxF(), QRectF(0, 0, 16, 16)) << called(name);
    EXPECT_GT(painted(picture({name})), 3) << called(name);
  }
}

TEST(AppIcon, EveryFileHasAName) {
  QSet<QString> files;
  for (const QString& file : QDir(QStringLiteral(":/icons")).entryList()) {
    files.insert(QStringLiteral(":/icons/") + file);
  }
  for (const Icon::Name name : names()) EXPECT_TRUE(files.remove(Icon::file(name))) << called(name);
  EXPECT_TRUE(files.isEmpty()) << files.values().join(u' ').toStdString();
}

TEST(AppIcon, NoTwoAreTheSame) {
  QList<QImage> seen;
  for (const Icon::Name name : names()) {
    const QImage image = picture({name});
    EXPECT_FALSE(seen.contains(image)) << called(name);
    seen.append(image);
  }
}

TEST(AppIcon, HasTheColourThatItIsGivenAndNoOther) {
  const QColor color(10, 120, 200);
  for (const Icon::Name name : names()) {
    const QImage image = picture({name, {64, 64}, 1, color});
    int full = 0;
    for (int y = 0; y < image.height(); ++y) {
      for (int x = 0; x < image.width(); ++x) {
        if (image.pixelColor(x, y).alpha() < 255) continue;
        ++full;
        ASSERT_EQ(image.pixelColor(x, y), color) << called(name);
      }
    }
    EXPECT_GT(full, 0) << called(name);
  }
}

TEST(AppIcon, IsDrawnAtThePixelsOfTheScreen) {
  for (const Icon::Name name : names()) {
    const QImage sharp = picture({name, {24, 24}});
    EXPECT_EQ(picture({name, {16, 16}, 1.5}), sharp) << called(name);
  }
}

TEST(AppIcon, StandsInTheMiddleOfWhatIsNoSquare) {
  const QImage wide = picture({Icon::Plus, {32, 16}});
  EXPECT_EQ(wide.copy(8, 0, 16, 16), picture({Icon::Plus}));
  EXPECT_EQ(painted(wide), painted(picture({Icon::Plus})));
}

TEST(AppIcon, IsMirroredWhereItShowsAWay) {
  const QSet<Icon::Name> ways{Icon::Back, Icon::Exit, Icon::Reply, Icon::Send};
  for (const Icon::Name name : names()) {
    const QImage plain = picture({name, {32, 32}});
    const QImage mirrored = picture({name, {32, 32}, 1, Qt::red, true});
    EXPECT_EQ(mirrored == plain, !ways.contains(name)) << called(name);
  }
}

TEST(AppIcon, OfNoNamePaintsNothing) { EXPECT_EQ(painted(picture({Icon::None})), 0); }

}  // namespace
}  // namespace starling_app
