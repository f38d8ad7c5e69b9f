// What is a link in a message, and what is none.
#include "qml-client/src/links.h"

#include <gtest/gtest.h>

#include <string>
#include <vector>

namespace starling_app {
namespace {

using Texts = std::vector<std::string>;

Texts found(const char* text) {
  const QString body = QString::fromUtf8(text);
  Texts all;
  for (const Link& link : links_in(body)) {
    all.push_back(body.mid(link.start, link.length).toStdString());
  }
  return all;
}

TEST(Links, AreWebAddressesWithoutTheEndOfTheSentence) {
  EXPECT_EQ(found("see https://a.example/b."), Texts{"https://a.example/b"});
  EXPECT_EQ(found("(http://a.example/x_(y))"), Texts{"http://a.example/x_(y)"});
  EXPECT_EQ(found("HTTPS://A.example?q=1&r=2#top, or http://b.example!"),
            (Texts{"HTTPS://A.example?q=1&r=2#top", "http://b.example"}));
  EXPECT_EQ(found("„https://a.example/ä“"), Texts{"https://a.example/ä“"});
  EXPECT_EQ(found("two\nlines https://a.example\nhere"), Texts{"https://a.example"});
}

TEST(Links, AreNothingElse) {
  for (const char* text : {"javascript:alert(1)", "file:///etc/passwd", "ftp://a.example",
                           "www.a.example", "https://", "http:///path", "xhttps://a.example",
                           "data:text/html,x", "<a href='x'>y</a>", "mailto:a@b.c",
                           // Who stands before the '@' is not who is asked.
                           "https://bank.example@evil.example/"}) {
    EXPECT_EQ(found(text), Texts{}) << text;
  }
  EXPECT_EQ(found(("https://a.example/" + std::string(3'000, 'x')).c_str()), Texts{});
}

TEST(Links, ReorderingMarksEndOne) {
  EXPECT_EQ(found("https://a.example/\u202egpj.exe"), Texts{"https://a.example/"});
}

TEST(Links, AreFoundByTheirPlace) {
  const QString body = QStringLiteral("go https://a.example now");
  EXPECT_TRUE(link_at(body, 2).isEmpty());
  EXPECT_EQ(link_at(body, 3), QUrl(QStringLiteral("https://a.example")));
  EXPECT_EQ(link_at(body, 19), QUrl(QStringLiteral("https://a.example")));
  EXPECT_TRUE(link_at(body, 20).isEmpty());
  EXPECT_TRUE(link_at(body, -1).isEmpty());
}

}  // namespace
}  // namespace starling_app
