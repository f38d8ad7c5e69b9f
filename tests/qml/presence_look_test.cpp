// How presence looks: told apart by form as well as by colour, and by words for a screen reader.
#include <gtest/gtest.h>

#include <QAccessible>
#include <QQmlComponent>
#include <QQmlEngine>
#include <QQuickItem>
#include <memory>
#include <string>

#include "qml-client/src/main_window.h"

namespace starling_app {
namespace {

class PresenceLook : public testing::Test {
 protected:
  PresenceLook() { engine_.addImportPath(QStringLiteral("qrc:/qt/qml")); }

  std::unique_ptr<QQuickItem> make(const std::string& qml) {
    QQmlComponent component(&engine_);
    component.setData(QByteArray::fromStdString("import QtQuick\nimport Starling.Theme\n"
                                                "import Starling.Conversations\n" +
                                                qml),
                      QUrl());
    std::unique_ptr<QObject> made(component.create());
    EXPECT_NE(made, nullptr) << component.errorString().toStdString();
    return std::unique_ptr<QQuickItem>(qobject_cast<QQuickItem*>(made.release()));
  }
  std::unique_ptr<QQuickItem> avatar(const std::string& more) {
    return make("StAvatar { initials: \"A\"; colorIndex: 1; " + more + " }");
  }
  std::unique_ptr<QQuickItem> row(const std::string& more) {
    return make(
        "ConversationDelegate { width: 300; conversationId: 1; title: \"Bob\"; preview: \"hello\"\n"
        "time: \"\"; unread: 0; initials: \"B\"; colorIndex: 1; isCurrent: false; isGroup: false\n"
        "memberCount: 0; mentions: 0\n" +
        more + " }");
  }
  static QQuickItem* mark(const QQuickItem& item) {
    return item.findChild<QQuickItem*>(QStringLiteral("presenceMark"));
  }
  // As a screen reader says it.
  static std::string name(QQuickItem& item) {
    QAccessibleInterface* face = QAccessible::queryAccessibleInterface(&item);
    return face == nullptr ? "nothing" : face->text(QAccessible::Name).toStdString();
  }
  static std::string line(const QQuickItem& item) {
    const auto* text = item.findChild<QQuickItem*>(QStringLiteral("previewLine"));
    return text == nullptr ? "nothing" : text->property("text").toString().toStdString();
  }

  QQmlEngine engine_;
};

TEST_F(PresenceLook, OnlineIsAFullDotAndAwayARing) {
  const auto online = avatar("online: true; away: false");
  ASSERT_NE(mark(*online), nullptr);
  EXPECT_TRUE(mark(*online)->parentItem()->property("visible").toBool());
  EXPECT_FALSE(mark(*online)->property("ring").toBool());
  EXPECT_EQ(mark(*online)->property("color").value<QColor>().alpha(), 255);
  const auto away = avatar("online: false; away: true");
  EXPECT_TRUE(mark(*away)->property("ring").toBool());
  EXPECT_EQ(mark(*away)->property("color").value<QColor>().alpha(), 0);
  EXPECT_NE(mark(*away)->property("color"), mark(*online)->property("color"));
  const auto offline = avatar("");
  EXPECT_FALSE(mark(*offline)->parentItem()->property("visible").toBool());
}

TEST_F(PresenceLook, TheDotStandsAtTheEdgeInBothDirections) {
  for (const char* mirrored : {"false", "true"}) {
    const auto item = avatar(std::string("online: true; LayoutMirroring.childrenInherit: true; "
                                         "LayoutMirroring.enabled: ") +
                             mirrored);
    const QQuickItem& dot = *mark(*item)->parentItem();
    const bool right = dot.x() + dot.width() / 2 > item->width() / 2;
    EXPECT_EQ(right, std::string(mirrored) == "false");
    EXPECT_EQ(dot.y() + dot.height(), item->height());
  }
}

TEST_F(PresenceLook, ARowSaysItInWordsToo) {
  QAccessible::setActive(true);
  const auto plain = row("online: false; away: false; presence: \"\"; typing: \"\"");
  EXPECT_EQ(name(*plain), "Bob");
  EXPECT_EQ(line(*plain), "hello");
  const auto away = row("online: false; away: true; presence: \"away\"; typing: \"\"");
  EXPECT_EQ(name(*away), "Bob, away");
  EXPECT_TRUE(mark(*away)->property("ring").toBool());
  const auto typing = row("online: true; away: false; presence: \"online\"; typing: \"typing…\"");
  EXPECT_EQ(name(*typing), "Bob, online, typing…");
  EXPECT_EQ(line(*typing), "typing…");
}

}  // namespace
}  // namespace starling_app
