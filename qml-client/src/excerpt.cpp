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

// Counts the UTF-16 units before a byte of a text, going on from the byte asked for before: a text
// may hold thousands of hits.
class Place {
 public:
  explicit Place(const std::string& body) : body_(body) {}

  qsizetype units(std::int64_t bytes) {
    const auto end = std::clamp<std::int64_t>(bytes, 0, static_cast<std::int64_t>(body_.size()));
    if (end < bytes_) bytes_ = units_ = 0;
    units_ += QString::fromUtf8(body_.data() + bytes_, static_cast<qsizetype>(end - bytes_)).size();
    bytes_ = end;
    return units_;
  }

 private:
  const std::string& body_;
  std::int64_t bytes_ = 0;
  qsizetype units_ = 0;
};

}  // namespace

Excerpt excerpt_of(const starling::SearchHit& hit, int length) {
  const std::string& body = hit.message.body;
  Place place(body);
  QString text = QString::fromStdString(body);
  std::replace_if(text.begin(), text.end(), breaks_line, u' ');  // As long as before.
  const qsizetype first = hit.ranges.empty() ? 0 : place.units(hit.ranges.front().begin);
  const qsizetype begin = whole(text, first <= kBefore ? 0 : first - kBefore);
  const qsizetype end = whole(text, std::min<qsizetype>(text.size(), begin + length));
  const QString lead = begin > 0 ? QStringLiteral("…") : QString();
  Excerpt out;
  out.text =
      lead + text.mid(begin, end - begin) + (end < text.size() ? QStringLiteral("…") : QString());
  for (const starling::TextRange& range : hit.ranges) {
    const qsizetype from = std::max(place.units(range.begin), begin);
    if (from >= end) break;  // They are in order.
    const qsizetype to = std::min(place.units(range.end), end);
    if (from >= to) continue;
    out.hits << static_cast<int>(from - begin + lead.size()) << static_cast<int>(to - from);
  }
  return out;
}

}  // namespace starling_app
