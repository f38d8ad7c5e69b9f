// See screen_audit.h.
#include <QFont>
#include <QGlyphRun>
#include <QRawFont>
#include <QTextLayout>
#include <QVariant>
#include <algorithm>
#include <cmath>
#include <map>
#include <set>

#include "tests/qml/contrast.h"
#include "tests/qml/screen_audit.h"
#include "tests/qml/screen_items.h"

namespace starling_app {
namespace {

constexpr int kSmallest = 11;  // Pixels.
constexpr double kReadable = 4.5;
constexpr double kLargeReadable = 3.0;
constexpr double kSlack = 0.6;  // Of a pixel: text is laid out in fractions.

std::string text(double number) { return QString::number(number, 'f', 1).toStdString(); }

// Words and numbers; an emoji has colours of its own.
bool has_words(const QString& words) {
  return std::any_of(words.begin(), words.end(),
                     [](QChar sign) { return sign.isLetterOrNumber() || sign.isPunct(); });
}

std::string cut_off(const ShownItem& shown) {
  const QQuickItem& item = *shown.item;
  if (item.inherits("QQuickTextInput")) return {};  // A field scrolls.
  const double wanted = item.property("contentWidth").toDouble();
  if (wanted > item.width() + kSlack) {
    return "is cut off: " + text(wanted) + " wide in " + text(item.width());
  }
  const double tall = item.property("contentHeight").toDouble();
  const bool scrolls = item.inherits("QQuickTextEdit") && shown.scrolls;
  if (tall > item.height() + kSlack && !scrolls) {
    return "is cut off: " + text(tall) + " high in " + text(item.height());
  }
  const QQuickItem* button = item.parentItem();
  if (item.property("truncated").toBool() && button != nullptr &&
      button->inherits("QQuickAbstractButton") &&
      button->property("text") == item.property("text")) {
    return "is a button's and has to be elided";
  }
  if (!shown.scrolls && (shown.box.width() - shown.seen.width() > kSlack ||
                         shown.box.height() - shown.seen.height() > kSlack)) {
    return "goes beyond the edge of what it stands in";
  }
  return {};
}

// The colour that most of the text's own place has.
QColor behind(const ShownItem& shown, const QImage& picture) {
  const double scale = static_cast<double>(picture.width()) / shown.item->window()->width();
  const QRectF place(shown.seen.topLeft() * scale, shown.seen.size() * scale);
  const QRect pixels = place.toAlignedRect().intersected(picture.rect());
  std::map<QRgb, int> count;
  for (int y = pixels.top(); y <= pixels.bottom(); ++y) {
    for (int x = pixels.left(); x <= pixels.right(); ++x) ++count[picture.pixel(x, y)];
  }
  const auto most = std::max_element(
      count.begin(), count.end(), [](const auto& a, const auto& b) { return a.second < b.second; });
  return most == count.end() ? QColor() : QColor(most->first);
}

QColor mixed(const QColor& over, const QColor& under, double opacity) {
  const double part = opacity * over.alphaF();
  const auto mix = [part](double a, double b) { return a * part + b * (1 - part); };
  return QColor::fromRgbF(static_cast<float>(mix(over.redF(), under.redF())),
                          static_cast<float>(mix(over.greenF(), under.greenF())),
                          static_cast<float>(mix(over.blueF(), under.blueF())));
}

std::string too_faint(const ShownItem& shown, const QImage& picture) {
  if (!shown.enabled || !has_words(shown.item->property("text").toString())) return {};
  const QColor ground = behind(shown, picture);
  if (!ground.isValid()) return {};
  const QFont font = shown.item->property("font").value<QFont>();
  const bool large =
      font.pixelSize() >= 24 || (font.pixelSize() >= 19 && font.weight() >= QFont::Bold);
  const QColor color = mixed(shown.item->property("color").value<QColor>(), ground, shown.opacity);
  const double found = contrast(color, ground);
  if (found >= (large ? kLargeReadable : kReadable)) return {};
  return "has a contrast of " + text(found) + ":1, " + color.name().toStdString() + " on " +
         ground.name().toStdString();
}

bool invisible(char32_t sign) {
  if (QChar::isSpace(sign) || (sign >= 0xFE00 && sign <= 0xFE0F)) return true;  // Variations.
  const QChar::Category category = QChar::category(sign);
  return category == QChar::Other_Control || category == QChar::Other_Format;
}

// Whether the text engine, with all the fonts that it falls back on, draws a glyph for it. A sign
// that none of them has is drawn as glyph 0, the box.
bool has_glyph(char32_t sign, const QFont& font) {
  static std::map<std::pair<QString, char32_t>, bool> known;
  const auto key = std::pair(font.key(), sign);
  const auto found = known.find(key);
  if (found != known.end()) return found->second;
  QTextLayout layout(QString::fromUcs4(&sign, 1), font);
  layout.beginLayout();
  layout.createLine();
  layout.endLayout();
  bool drawn = false;
  for (const QGlyphRun& run : layout.glyphRuns()) {
    const QList<quint32> glyphs = run.glyphIndexes();
    drawn = !glyphs.isEmpty() &&
            std::none_of(glyphs.begin(), glyphs.end(), [](quint32 glyph) { return glyph == 0; });
    if (!drawn) break;
  }
  return known[key] = drawn;
}

std::string without_glyph(const QQuickItem& item) {
  const QFont font = item.property("font").value<QFont>();
  for (const char32_t sign : item.property("text").toString().toStdU32String()) {
    if (invisible(sign) || has_glyph(sign, font)) continue;
    return "has U+" + QString::number(sign, 16).toUpper().toStdString() + ", which no font has";
  }
  return {};
}

std::string too_small(const QQuickItem& item) {
  const int size = item.property("font").value<QFont>().pixelSize();
  if (size >= kSmallest) return {};
  return "is " + std::to_string(size) + " pixels small";
}

}  // namespace

Findings audit_texts(QQuickWindow& window, const QImage& picture) {
  Findings findings;
  for (const ShownItem& shown : shown_items(window)) {
    const QQuickItem& item = *shown.item;
    if (!is_text(item) || item.property("text").toString().isEmpty()) continue;
    if (shown.seen.width() < 2 || shown.seen.height() < 2) continue;  // Scrolled out of sight.
    for (const std::string& trouble :
         {cut_off(shown), too_small(item), too_faint(shown, picture), without_glyph(item)}) {
      if (!trouble.empty()) findings.push_back(named(item) + " " + trouble);
    }
  }
  return findings;
}

}  // namespace starling_app
