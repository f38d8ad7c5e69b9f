// See links.h.
#include "qml-client/src/links.h"

#include <QRegularExpression>

namespace starling_app {
namespace {

constexpr int kMaxLength = 2'048;

// The end of the address that begins the text: what ends a sentence is none of it.
qsizetype trimmed(const QString& text) {
  qsizetype length = text.size();
  while (length > 0) {
    const QChar last = text.at(length - 1);
    if (QStringLiteral(".,;:!?'\"*_~…’”»").contains(last)) {
      --length;
    } else if (last == u')' && text.left(length).count(u'(') < text.left(length).count(u')')) {
      --length;
    } else if (last == u']' && text.left(length).count(u'[') < text.left(length).count(u']')) {
      --length;
    } else {
      break;
    }
  }
  return length;
}

}  // namespace

bool is_web_link(const QUrl& url) {
  return url.isValid() && !url.host().isEmpty() && url.userInfo().isEmpty() &&
         (url.scheme() == u"http" || url.scheme() == u"https");
}

std::vector<Link> links_in(const QString& body) {
  // Up to a blank, a quote or a bracket that no address has; a letter before it makes it no
  // address.
  static const QRegularExpression form(
      QStringLiteral("(?<![\\p{L}\\p{N}])https?://[^\\s<>\"`{}|\\\\^\\x{200b}-\\x{200f}"
                     "\\x{202a}-\\x{202e}\\x{2066}-\\x{2069}]+"),
      QRegularExpression::CaseInsensitiveOption);
  std::vector<Link> links;
  auto matches = form.globalMatch(body);
  while (matches.hasNext()) {
    const QRegularExpressionMatch match = matches.next();
    const qsizetype length = trimmed(match.captured());
    const QUrl url(match.captured().left(length), QUrl::StrictMode);
    if (length > kMaxLength || !is_web_link(url)) continue;
    links.push_back({static_cast<int>(match.capturedStart()), static_cast<int>(length), url});
  }
  return links;
}

QUrl link_at(const QString& body, int position) {
  for (const Link& link : links_in(body)) {
    if (position >= link.start && position < link.start + link.length) return link.url;
  }
  return {};
}

}  // namespace starling_app
