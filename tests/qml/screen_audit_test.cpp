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
    "import QtQuick\nimport QtQuick.Templates as T\nimport Starling.Client as C\n"
    "Window { width: 400; height: 300; visible: true; color: \"white\"\n"
    "  component Press: T.Button { width: 80; height: 30; Accessible.name: \"Press\" }\n";

// Of the window with those items.
Findings look(const std::string& items) {
  QAccessible::setActive(true);
  QQmlEngine engine;
  engine.addImportPath(QStringLiteral("qrc:/qt/qml"));
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
  for (const Findings& more :
       {audit_controls(*window), audit_overlaps(*window), audit_tab_order(*window)}) {
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
    {"TextOnText",
     "Text { font.pixelSize: 14; text: \"one\" } Text { y: 8; font.pixelSize: 14; text: \"two\" }",
     "\"one\" has QQuickText \"two\" across it"},
    {"IconOnText",
     "Text { font.pixelSize: 14; text: \"name\" } C.Icon { width: 16; height: 16; name: "
     "C.Icon.Close; color: \"black\" }",
     "across it"},
    {"TextUnderSomething",
     "Text { font.pixelSize: 14; text: \"hidden\" } Rectangle { x: 20; width: 40; height: 30; "
     "color: \"#eeeeee\" }",
     "is covered by QQuickRectangle"},
    {"IconUnderSomething",
     "C.Icon { width: 16; height: 16; name: C.Icon.Close } Rectangle { width: 8; height: 8 }",
     "is covered by"},
    {"TextBehindByItsZ",
     "Rectangle { width: 40; height: 30 } Text { z: -1; font.pixelSize: 14; text: \"behind\" }",
     "is covered by"},
    {"IconCutOff",
     "Item { width: 30; height: 10; clip: true; C.Icon { width: 16; height: 16; name: C.Icon.Close "
     "} "
     "}",
     "is cut off at the edge"},
    {"ControlCutOff", "Press { x: 350 }", "is cut off at the edge"},
    {"CutOffWhereItScrollsDownOnly",
     "Flickable { width: 60; height: 80; contentHeight: 200; clip: true; Press {} }",
     "is cut off at the edge"},
    {"TextSticksOutOfItsPill",
     "Rectangle { y: 20; width: 100; height: 14; color: \"#eeeeee\"; Text { anchors.centerIn: "
     "parent; "
     "font.pixelSize: 20; text: \"pill\" } }",
     "sticks out of QQuickRectangle"},
    {"TextSticksOutOfItsButton",
     "Press { background: Rectangle { color: \"#eeeeee\" } contentItem: Item { Text { y: 20; text: "
     "\"low\"; font.pixelSize: 14 } } }",
     "sticks out of"},
    {"TwoLinesInARowOfOne",
     "ListView { width: 200; height: 200; model: 1; delegate: Item { width: 200; height: 24; "
     "Column { "
     "Text { font.pixelSize: 14; text: \"one\" } Text { font.pixelSize: 14; text: \"two\" } } } }",
     "\"two\" sticks out of QQuickItem"},
    {"FloatsOverWhatStands", "Press {} Press { x: 40; readonly property bool floats: true }",
     "lies on"},
    {"NoName", "Press { Accessible.name: \"\" }", "has no accessible name"},
    {"NoRole", "Item { width: 9; height: 9; activeFocusOnTab: true; Accessible.name: \"x\" }",
     "has no accessible role"},
    {"TabIsStuck",
     "Press {} Press { x: 100; Keys.onTabPressed: {} } Press { x: 200; focusPolicy: Qt.NoFocus }",
     "it is stuck at"},
    {"TabIsWrittenDown",
     "Press {} TextEdit { x: 100; width: 80; height: 30; activeFocusOnTab: true; font.pixelSize: "
     "14; "
     "text: \"Tab\"; Accessible.name: \"x\"; Accessible.role: Accessible.EditableText }",
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

// A form that scrolls to what has the focus; a field that completes a name.
TEST(AppGallery, TabMayScrollAndComplete) {
  const Findings found = look(
      "Flickable { id: f; width: 100; height: 60; contentHeight: 200; clip: true\n"
      "  Press { onActiveFocusChanged: f.contentY = 0 }\n"
      "  Press { y: 150; onActiveFocusChanged: f.contentY = 140 } }\n"
      "TextInput { y: 80; width: 90; height: 20; activeFocusOnTab: true; font.pixelSize: 14; text: "
      "\"@me\"; Accessible.name: \"x\"; Keys.onTabPressed: event => {\n"
      "  event.accepted = text === \"@me\"; if (event.accepted) text = \"@mei-lin\"; } }");
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
