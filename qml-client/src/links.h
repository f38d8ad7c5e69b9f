// The web addresses in a plain text. Only http and https are links here, and nothing in a message
// can hide where one leads: what is shown is what is opened.
#pragma once

#include <QString>
#include <QUrl>
#include <vector>

namespace starling_app {

struct Link {
  int start = 0;
  int length = 0;
  QUrl url;
};

// In their order. Without what ends the sentence: "see https://a.example/b." has no dot, and a
// closing bracket counts when one was opened in the address.
std::vector<Link> links_in(const QString& body);
// The one at that place of the text; an empty url when there is none.
QUrl link_at(const QString& body, int position);
// Whether it may be opened: http or https, with a host.
bool is_web_link(const QUrl& url);

}  // namespace starling_app
