// See mentions.h.
#include "qml-client/src/mentions.h"

#include <algorithm>

namespace starling_app {
namespace {

constexpr int kMaxName = 32;

bool of_a_name(QChar c) {
  return (c >= u'a' && c <= u'z') || (c >= u'0' && c <= u'9') || c == u'.' || c == u'_' ||
         c == u'-';
}

bool begins_word(const QString& text, qsizetype at) {
  return at == 0 || (!of_a_name(text.at(at - 1)) && text.at(at - 1) != u'@');
}

}  // namespace

std::vector<Mention> mentions_in(const QString& body) {
  std::vector<Mention> found;
  for (qsizetype at = body.indexOf(u'@'); at >= 0; at = body.indexOf(u'@', at + 1)) {
    if (!begins_word(body, at)) continue;
    qsizetype end = at + 1;
    while (end < body.size() && of_a_name(body.at(end))) ++end;
    if (end - at - 1 > kMaxName) continue;
    while (end > at + 1 && !body.at(end - 1).isLetterOrNumber()) --end;
    if (end == at + 1) continue;
    found.push_back(
        {static_cast<int>(at), static_cast<int>(end - at), body.mid(at + 1, end - at - 1)});
  }
  return found;
}

bool mentions(const std::string& body, const QString& name) {
  if (name.isEmpty() || body.find('@') == std::string::npos) return false;
  const std::vector<Mention> all = mentions_in(QString::fromStdString(body));
  return std::any_of(all.begin(), all.end(), [&](const Mention& one) { return one.name == name; });
}

MentionPrefix mention_before(const QString& text, int cursor) {
  const qsizetype end = std::clamp<qsizetype>(cursor, 0, text.size());
  qsizetype at = end;
  while (at > 0 && of_a_name(text.at(at - 1))) --at;
  if (at == 0 || text.at(at - 1) != u'@' || !begins_word(text, at - 1)) return {};
  return {static_cast<int>(at - 1), text.mid(at, end - at)};
}

}  // namespace starling_app
