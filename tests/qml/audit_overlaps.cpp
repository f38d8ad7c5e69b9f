// See screen_audit.h.
#include <QColor>
#include <QFontMetricsF>
#include <QVariant>
#include <algorithm>

#include "tests/qml/screen_audit.h"
#include "tests/qml/screen_items.h"

namespace starling_app {
namespace {

constexpr double kSlack = 1.0;    // Of a pixel: text is laid out in fractions.
constexpr double kAccents = 1.1;  // How far above a capital letter there still is ink.

enum class Kind { Nothing, Text, Icon, Control };

// What a person looks at or clicks.
struct Piece {
  const ShownItem* shown = nullptr;
  Kind kind = Kind::Nothing;
  QRectF whole;  // In the window, also where it cannot be seen.
  QRectF ink;    // Of it, what can be seen and has colour.
  bool opaque = false;

  bool has_ink() const { return kind == Kind::Text || kind == Kind::Icon; }
};

bool meet(const QRectF& one, const QRectF& other) {
  const QRectF both = one.intersected(other);
  return both.width() > kSlack && both.height() > kSlack;
}

bool holds(const QRectF& outer, const QRectF& inner) {
  return outer.adjusted(-kSlack, -kSlack, kSlack, kSlack).contains(inner);
}

double number(const QQuickItem& item, const char* name) { return item.property(name).toDouble(); }

// Where in its item the words stand.
QRectF words_of(const QQuickItem& item) {
  const double left = number(item, "leftPadding");
  const double top = number(item, "topPadding");
  const double room = item.width() - left - number(item, "rightPadding");
  const double height = item.height() - top - number(item, "bottomPadding");
  QSizeF size(number(item, "contentWidth"), number(item, "contentHeight"));
  QPointF at(left, top);
  if (item.inherits("QQuickTextInput")) size.setWidth(std::min(size.width(), room));  // It scrolls.
  const int across = item.property("effectiveHorizontalAlignment").toInt();
  if (across == Qt::AlignRight) at.rx() += room - size.width();
  if (across == Qt::AlignHCenter) at.rx() += (room - size.width()) / 2;
  const int down = item.property("verticalAlignment").toInt();
  if (down == Qt::AlignBottom) at.ry() += height - size.height();
  if (down == Qt::AlignVCenter) at.ry() += (height - size.height()) / 2;
  return {at, size};
}

Kind kind_of(const QQuickItem& item) {
  if (is_text(item)) {
    return item.property("text").toString().trimmed().isEmpty() ? Kind::Nothing : Kind::Text;
  }
  if (item.inherits("starling_app::Icon")) {
    return item.property("name").toInt() == 0 ? Kind::Nothing : Kind::Icon;
  }
  return clickable(item) ? Kind::Control : Kind::Nothing;
}

// Without the room above and below the letters of one line, and above the first one of several.
QRectF ink_of(const QQuickItem& item, const QRectF& words) {
  const QFontMetricsF font(item.property("font").value<QFont>());
  if (item.property("lineCount").toInt() > 1) {
    return words.adjusted(0, std::max(0.0, font.ascent() - kAccents * font.capHeight()), 0, 0);
  }
  const QRectF ink = font.tightBoundingRect(item.property("text").toString());
  const double baseline = words.top() + font.ascent();
  return QRectF(words.left(), baseline + ink.top(), words.width(), ink.height()).intersected(words);
}

bool filled(const QQuickItem& item) {
  if (!item.inherits("QQuickRectangle")) return false;
  return item.property("color").value<QColor>().alpha() > 0;
}

bool opaque(const ShownItem& shown) {
  return filled(*shown.item) && shown.item->property("color").value<QColor>().alpha() == 255 &&
         shown.opacity > 0.99;
}

Piece piece_of(const ShownItem& shown) {
  Piece piece;
  piece.shown = &shown;
  piece.kind = kind_of(*shown.item);
  piece.whole = shown.box;
  piece.ink = shown.seen;
  piece.opaque = opaque(shown);
  if (piece.kind != Kind::Text) return piece;
  const QRectF words = words_of(*shown.item);
  piece.whole = shown.item->mapRectToScene(words);
  piece.ink = shown.item->mapRectToScene(ink_of(*shown.item, words)).intersected(shown.seen);
  return piece;
}

// The surface that it stands on, as far as it does not scroll there; nullptr: none.
const QQuickItem* surface_of(const QQuickItem& item) {
  for (const QQuickItem* at = item.parentItem(); at != nullptr; at = at->parentItem()) {
    if (at->clip() || at->inherits("QQuickFlickable")) return nullptr;
    const auto* behind = at->property("background").value<QQuickItem*>();
    if (filled(*at) || (behind != nullptr && behind->isVisible() && filled(*behind))) return at;
  }
  return nullptr;
}

// The row of a list that it stands in; nullptr: none.
const QQuickItem* row_of(const QQuickItem& item) {
  for (const QQuickItem* at = &item; at->parentItem() != nullptr; at = at->parentItem()) {
    const QQuickItem* list = at->parentItem()->parentItem();
    if (list == nullptr || !list->inherits("QQuickListView")) continue;
    if (list->property("contentItem").value<QQuickItem*>() == at->parentItem()) return at;
  }
  return nullptr;
}

std::string sticks_out(const Piece& piece) {
  const QQuickItem& item = *piece.shown->item;
  for (const QQuickItem* around : {row_of(item), surface_of(item)}) {
    if (around == nullptr || around == &item) continue;
    const QRectF room = around->mapRectToScene(QRectF(0, 0, around->width(), around->height()));
    if (!holds(room, piece.whole)) return "sticks out of " + named(*around);
  }
  return {};
}

// Of a text that does not scroll audit_texts says it.
std::string cut_off(const Piece& piece) {
  const ShownItem& shown = *piece.shown;
  if (piece.kind == Kind::Text) {
    const bool lost = piece.whole.width() - piece.whole.intersected(shown.seen).width() > kSlack;
    return shown.scrolls && !shown.across && lost ? "is cut off at the side" : std::string();
  }
  const bool across = !shown.across && shown.box.width() - shown.seen.width() > kSlack;
  const bool down = !shown.scrolls && shown.box.height() - shown.seen.height() > kSlack;
  return across || down ? "is cut off at the edge of what it stands in" : std::string();
}

bool related(const ShownItem& one, const ShownItem& other) {
  return stands_in(one.item, other.item) || stands_in(other.item, one.item);
}

// `later`, which has something `there`, is painted over the ink of `piece`, and not meant to.
bool over(const Piece& later, const QRectF& there, const Piece& piece) {
  return meet(there, piece.ink) && !related(*later.shown, *piece.shown) &&
         !floats_over(*later.shown, *piece.shown);
}

// The first thing that hides a part of the ink of all[own], or is written across it.
std::string laid_over(const std::vector<Piece>& all, std::size_t own) {
  if (!all[own].has_ink()) return {};
  for (std::size_t n = own + 1; n < all.size(); ++n) {
    const Piece& later = all[n];
    if (later.opaque && over(later, later.shown->seen, all[own])) {
      return "is covered by " + named(*later.shown->item);
    }
    if (later.has_ink() && over(later, later.ink, all[own])) {
      return "has " + named(*later.shown->item) + " across it";
    }
  }
  return {};
}

}  // namespace

Findings audit_overlaps(QQuickWindow& window) {
  Findings findings;
  const std::vector<ShownItem> items = shown_items(window);
  std::vector<Piece> all;
  for (const ShownItem& shown : items) all.push_back(piece_of(shown));
  for (std::size_t n = 0; n < all.size(); ++n) {
    if (all[n].kind == Kind::Nothing || all[n].ink.isEmpty()) continue;
    for (const std::string& trouble : {sticks_out(all[n]), cut_off(all[n]), laid_over(all, n)}) {
      if (!trouble.empty()) findings.push_back(named(*all[n].shown->item) + " " + trouble);
    }
  }
  return findings;
}

}  // namespace starling_app
