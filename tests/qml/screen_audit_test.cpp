// The checks of the gallery find what they are for, and say nothing of a screen that is well.
#include <gtest/gtest.h>

#include <QAccessible>
#include <QCoreApplication>
#include <QGuiApplication>
#include <QQmlComponent>
#include <QQmlEngine>
#include <QQuickWindow>
#include <memory>

#include "tests/qml/screen_audit.h"

namespace starling_app {
namespace {

constexpr char kHead[] =
    "import QtQuick\nimport QtQuick.Templates as T\n"
    "Window { width: 400; height: 300; visible: true; color: \"white\"\n"
    "  component Press: T.Button { width: 80; height: 30; Accessible.name: \"Press\" }\n";

// Of the window with those items.
Findings look(const std::string& items) {
  QAccessible::setActive(true);
  QQmlEngine engine;
  QQmlComponent component(&engine);
  component.setData(QByteArray::fromStdString(kHead + items + "\n}"),
                    QUrl(QStringLiteral("file:///screen.qml")));
  const std::unique_ptr<QObject> made(component.create());
  EXPECT_NE(made, nullptr) << component.errorString().toStdString();
  auto* window = qobject_cast<QQuickWindow*>(made.get());
  if (window == nullptr) return {"no window"};
  window->requestActivate();
  for (int turn = 0; turn < 10; ++turn) QCoreApplication::processEvents();
  Findings findings = audit_texts(*window, window->grabWindow());
  for (const Findings& more : {audit_controls(*window), audit_tab_order(*window)}) {
    findings.insert(findings.end(), more.begin(), more.end());
  }
  return findings;
}

struct Flaw {
  const char* name;
  const char* items;
  const char* finding;
};

class ScreenAudit : public testing::TestWithParam<Flaw> {};

TEST_P(ScreenAudit, Finds) {
  const Findings found = look(GetParam().items);
  ASSERT_EQ(found.size(), 1U) << testing::PrintToString(found);
  EXPECT_NE(found[0].find(GetParam().finding), std::string::npos) << found[0];
}

constexpr char kTwo[] = "Press {} Press { x: 100 }";

constexpr Flaw kFlaws[] = {
    {"CutOffWidth", "Text { width: 40; font.pixelSize: 14; text: \"much too long\" }",
     "is cut off"},
    {"CutOffHeight",
     "Text { width: 80; height: 20; wrapMode: Text.Wrap; font.pixelSize: 14; text: \"these are "
     "words for three lines\" }",
     "is cut off"},
    {"BeyondTheEdge", "Text { x: 390; font.pixelSize: 14; text: \"over\" }", "beyond the edge"},
    {"ElidedButton",
     "Press { id: b; text: \"far too long for it\"; contentItem: Text { text: b.text; elide: "
     "Text.ElideRight; font.pixelSize: 14 } }",
     "has to be elided"},
    {"Small", "Text { font.pixelSize: 9; text: \"small\" }", "9 pixels small"},
    {"Faint", "Text { font.pixelSize: 14; color: \"#999999\"; text: \"faint\" }", "has a contrast"},
    {"FaintOnWhatIsBehind",
     "Rectangle { width: 100; height: 40; color: \"#666666\"; Text { font.pixelSize: 14; text: "
     "\"faint\" } }",
     "has a contrast"},
    {"FaintByOpacity", "Item { opacity: 0.4; Text { font.pixelSize: 14; text: \"faint\" } }",
     "has a contrast"},
    {"NoGlyph", "Text { font.pixelSize: 14; text: \"no font has \\uE123\" }", "has U+E123"},
    {"Overlap", "Press {} Press { x: 40 }", "lies on"},
    {"FloatsOverWhatStands", "Press {} Press { x: 40; readonly property bool floats: true }",
     "lies on"},
    {"NoName", "Press { Accessible.name: \"\" }", "has no accessible name"},
    {"NoRole", "Item { width: 9; height: 9; activeFocusOnTab: true; Accessible.name: \"x\" }",
     "has no accessible role"},
    {"TabIsStuck",
     "Press {} Press { x: 100; Keys.onTabPressed: {} } Press { x: 200; focusPolicy: Qt.NoFocus }",
     "it is stuck at"},
    {"TabGoesBack", "Press { y: 100 } Press { y: 10 }", "Tab goes back"},
    {"TabGoesLeft", "Press { x: 100 } Press {}", "Tab goes back"},
    {"TabGoesOutOfSight",
     "Press {} Item { y: 40; width: 100; height: 50; clip: true; Press {} "
     "Press { y: 70 } }",
     "Tab goes out of sight"},
};

INSTANTIATE_TEST_SUITE_P(AppGallery, ScreenAudit, testing::ValuesIn(kFlaws),
                         [](const auto& info) { return std::string(info.param.name); });

TEST(AppGallery, AScreenThatIsWellHasNoFindings) {
  const Findings found = look(
      std::string(kTwo) +
      "Press { y: 50 }\n"
      "Text { y: 100; font.pixelSize: 14; text: \"ada 山田 שלום مرحبا 🐦 "
      "👩‍👩‍👧\" "
      "}\n"
      "Text { y: 130; width: 60; elide: Text.ElideRight; font.pixelSize: 14; text: \"much too "
      "long\" }\n"
      "Text { y: 160; font.pixelSize: 30; color: \"#888888\"; text: \"large\" }\n"
      "Item { y: 200; width: 100; height: 20; clip: true\n"
      "  Flickable { anchors.fill: parent; contentHeight: 90; Text { y: 10; font.pixelSize: 14; "
      "text: \"scrolls\" } } }");
  EXPECT_EQ(found, Findings{});
}

TEST(AppGallery, AButtonMayFloatOverWhatScrolls) {
  const Findings found = look(
      "Flickable { width: 200; height: 100; contentHeight: 200; Press {} }\n"
      "Press { x: 40; readonly property bool floats: true }");
  EXPECT_EQ(found, Findings{});
}

// From right to left the order is the other way round.
TEST(AppGallery, TabRunsAsOneReads) {
  QGuiApplication::setLayoutDirection(Qt::RightToLeft);
  const Findings mirrored = look("Press { x: 100 } Press {}");
  const Findings plain = look(kTwo);
  QGuiApplication::setLayoutDirection(Qt::LeftToRight);
  EXPECT_EQ(mirrored, Findings{});
  ASSERT_EQ(plain.size(), 1U) << testing::PrintToString(plain);
  EXPECT_NE(plain[0].find("Tab goes back"), std::string::npos) << plain[0];
}

// What lies under a panel is out of reach.
TEST(AppGallery, OnlyThePanelOnTopCounts) {
  const Findings found = look(
      "Press {} Press { x: 40 } Text { y: 60; font.pixelSize: 5; text: \"small\" }\n"
      "T.Popup { modal: true; focus: true; visible: true; width: 200; height: 200\n"
      "  contentItem: Item { Press {} } }");
  EXPECT_EQ(found, Findings{});
}

}  // namespace
}  // namespace starling_app
