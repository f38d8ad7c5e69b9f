// See excerpt.h.
#include "qml-client/src/excerpt.h"

#include <algorithm>

namespace starling_app {
namespace {

constexpr int kBefore = 40;  // Characters that lead up to the first hit.

bool breaks_line(QChar c) { return c.isSpace() || c.category() == QChar::Other_Control; }

// Not between the halves of a character outside the basic plane.
qsizetype whole(const QString& text, qsizetype at) {
  return at > 0 && at < text.size() && text[at].isLowSurrogate() ? at - 1 : at;
}

}  // namespace

Excerpt excerpt_of(const starling::SearchHit& hit, int length) {
  const std::string& body = hit.message.body;
  const auto units = [&body](std::int64_t bytes) {
    const auto end = std::clamp<std::int64_t>(bytes, 0, static_cast<std::int64_t>(body.size()));
    return QString::fromUtf8(body.data(), static_cast<qsizetype>(end)).size();
  };
  QString text = QString::fromStdString(body);
  std::replace_if(text.begin(), text.end(), breaks_line, u' ');  // As long as before.
  const qsizetype first = hit.ranges.empty() ? 0 : units(hit.ranges.front().begin);
  const qsizetype begin = whole(text, first <= kBefore ? 0 : first - kBefore);
  const qsizetype end = whole(text, std::min<qsizetype>(text.size(), begin + length));
  const QString lead = begin > 0 ? QStringLiteral("…") : QString();
  Excerpt out;
  out.text =
      lead + text.mid(begin, end - begin) + (end < text.size() ? QStringLiteral("…") : QString());
  for (const starling::TextRange& range : hit.ranges) {
    const qsizetype from = std::max(units(range.begin), begin);
    const qsizetype to = std::min(units(range.end), end);
    if (from >= to) continue;
    out.hits << static_cast<int>(from - begin + lead.size()) << static_cast<int>(to - from);
  }
  return out;
}

}  // namespace starling_app
