// The strokes of each icon, on a square of 16 units. See icon.h.
#include "qml-client/src/icon.h"

#include <QPainter>
#include <QPainterPath>
#include <cmath>
#include <utility>

namespace starling_app {
namespace {

QPainterPath lines(std::initializer_list<std::initializer_list<QPointF>> strokes) {
  QPainterPath path;
  for (const auto& stroke : strokes) {
    bool first = true;
    for (const QPointF& point : stroke) {
      first ? path.moveTo(point) : path.lineTo(point);
      first = false;
    }
  }
  return path;
}

QPainterPath round_with(QPointF centre, qreal radius, const QPainterPath& more) {
  QPainterPath path;
  path.addEllipse(centre, radius, radius);
  path.addPath(more);
  return path;
}

// A wheel of eight teeth.
QPainterPath gear() {
  constexpr int kTeeth = 8;
  constexpr double kTurn = 2 * 3.14159265358979 / kTeeth;
  const QPointF centre(8, 8);
  const auto at = [&](double radius, double turn) {
    return centre + radius * QPointF(std::cos(turn), std::sin(turn));
  };
  QPainterPath path(at(6.9, -0.18));
  for (int tooth = 0; tooth < kTeeth; ++tooth) {
    const double turn = tooth * kTurn;
    for (const auto& [radius, by] :
         {std::pair(6.9, -0.18), {6.9, 0.18}, {5.2, 0.27}, {5.2, 0.52}}) {
      path.lineTo(at(radius, turn + by));
    }
  }
  path.closeSubpath();
  path.addEllipse(centre, 2.1, 2.1);
  return path;
}

QPainterPath strokes(Icon::Name name) {
  switch (name) {
    case Icon::Action:
      return lines(
          {{{8.8, 1.8}, {3.5, 9.2}, {7.4, 9.2}, {6.8, 14.2}, {12.5, 6.6}, {8.4, 6.6}, {8.8, 1.8}}});
    case Icon::Back:
      return lines({{{9.5, 3}, {4.5, 8}, {9.5, 13}}});
    case Icon::Bird:
      return lines({{{1.5, 5}, {6, 7}, {8, 10.5}},
                    {{1.5, 5},
                     {4.5, 11.5},
                     {8, 13},
                     {11.5, 11},
                     {12.8, 6.5},
                     {14.8, 5.6},
                     {12.6, 4.2},
                     {10.4, 4.6},
                     {9, 7.2},
                     {6, 7}}});
    case Icon::Block:
      return round_with({8, 8}, 6, lines({{{3.8, 3.8}, {12.2, 12.2}}}));
    case Icon::Check:
      return lines({{{3, 8.5}, {6.5, 12}, {13, 4.5}}});
    case Icon::ChecksTwo:
      return lines({{{0.8, 8.5}, {4.3, 12}, {10.3, 4.5}}, {{7.6, 11.6}, {8, 12}, {15, 4.5}}});
    case Icon::Clock:
      return round_with({8, 8}, 5.5, lines({{{8, 4.8}, {8, 8}, {10.2, 9.4}}}));
    case Icon::Sending:
      return lines({{{8, 13}, {8, 3.5}}, {{4, 7.5}, {8, 3.5}, {12, 7.5}}});
    case Icon::Close:
      return lines({{{4, 4}, {12, 12}}, {{12, 4}, {4, 12}}});
    case Icon::Device:
      return lines({{{3, 3}, {13, 3}, {13, 10.5}, {3, 10.5}, {3, 3}}, {{1.2, 13}, {14.8, 13}}});
    case Icon::Down:
      return lines({{{3, 6}, {8, 11}, {13, 6}}});
    case Icon::Exit:
      return lines({{{6.5, 2.5}, {3, 2.5}, {3, 13.5}, {6.5, 13.5}},
                    {{6.5, 8}, {13.5, 8}},
                    {{10.5, 5}, {13.5, 8}, {10.5, 11}}});
    case Icon::Gear:
      return gear();
    case Icon::Keyboard:
      return lines({{{1.2, 4}, {14.8, 4}, {14.8, 12}, {1.2, 12}, {1.2, 4}},
                    {{4, 6.6}, {4.1, 6.6}},
                    {{6.6, 6.6}, {6.7, 6.6}},
                    {{9.3, 6.6}, {9.4, 6.6}},
                    {{11.9, 6.6}, {12, 6.6}},
                    {{5, 9.4}, {11, 9.4}}});
    case Icon::More:
      return lines({{{3, 8}, {3.2, 8}}, {{7.9, 8}, {8.1, 8}}, {{12.8, 8}, {13, 8}}});
    case Icon::Pencil:
      return lines({{{3, 13}, {3.6, 10.2}, {11, 2.8}, {13.2, 5}, {5.8, 12.4}, {3, 13}}});
    case Icon::People:
      return round_with(
          {6, 5.2}, 2.5,
          lines({{{1.5, 13}, {2.2, 10.6}, {4.2, 9.6}, {7.8, 9.6}, {9.8, 10.6}, {10.5, 13}},
                 {{10.3, 2.9}, {12, 3.6}, {12.4, 5.2}, {11.8, 6.7}, {10.3, 7.4}},
                 {{12, 9.8}, {13.8, 10.8}, {14.5, 13}}}));
    case Icon::Person:
      return round_with(
          {8, 5.2}, 2.8,
          lines({{{2.6, 13.6}, {3.4, 10.8}, {5.6, 9.8}, {10.4, 9.8}, {12.6, 10.8}, {13.4, 13.6}}}));
    case Icon::Plus:
      return lines({{{8, 3}, {8, 13}}, {{3, 8}, {13, 8}}});
    case Icon::Reply:
      return lines({{{6.5, 3.5}, {2.5, 7.5}, {6.5, 11.5}},
                    {{2.5, 7.5}, {9.5, 7.5}, {12.5, 9}, {13.5, 12.5}}});
    case Icon::Search:
      return round_with({7, 7}, 4.2, lines({{{10.2, 10.2}, {13.5, 13.5}}}));
    case Icon::Warning:
      return round_with({8, 8}, 6.2, lines({{{8, 4.6}, {8, 8.8}}, {{8, 11.1}, {8, 11.2}}}));
    case Icon::Send:
    case Icon::None:
      break;
  }
  return {};
}

bool shows_way(Icon::Name name) {
  return name == Icon::Back || name == Icon::Exit || name == Icon::Reply || name == Icon::Send;
}

}  // namespace

Icon::Icon(QQuickItem* parent) : QQuickPaintedItem(parent) {
  setAntialiasing(true);
  setImplicitSize(16, 16);
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
  const qreal side = qMin(width(), height());
  painter->setRenderHint(QPainter::Antialiasing);
  painter->translate((width() - side) / 2, (height() - side) / 2);
  painter->scale(side / 16, side / 16);
  if (mirrored_ && shows_way(name_)) {
    painter->translate(16, 0);
    painter->scale(-1, 1);
  }
  if (name_ == Send) {  // The one that is filled: a paper plane.
    QPainterPath plane;
    plane.addPolygon(QPolygonF({{1.5, 2}, {15, 8}, {1.5, 14}, {1.5, 9.4}, {9, 8}, {1.5, 6.6}}));
    painter->fillPath(plane, color_);
    return;
  }
  painter->strokePath(strokes(name_),
                      QPen(color_, 1.6, Qt::SolidLine, Qt::RoundCap, Qt::RoundJoin));
}

}  // namespace starling_app
