// Every text can be read: the contrast of each colour of text with each surface that it stands on,
// by WCAG 2, in the light theme and in the dark one.
#include <gtest/gtest.h>

#include <QColor>
#include <QGuiApplication>
#include <QQmlComponent>
#include <QQmlEngine>
#include <QQmlListReference>
#include <map>
#include <memory>
#include <string>
#include <vector>

#include "qml-client/src/chat_client.h"
#include "qml-client/src/format.h"
#include "qml-client/src/main_window.h"
#include "tests/qml/contrast.h"

namespace starling_app {
namespace {

constexpr double kReadable = 4.5;  // WCAG 1.4.3, level AA.

// By the words of the theme: what is written on what. Icons are no text.
const std::map<std::string, std::vector<std::string>> kWrittenOn = {
    {"text",
     {"window", "sidebar", "canvas", "raised", "field", "hover", "selected", "badSurface",
      "warnSurface", "goodSurface", "bubbleOwn", "bubbleOther", "quote"}},
    {"mention", {"bubbleOwn", "bubbleOther"}},
    {"textSoft",
     {"quote", "window", "sidebar", "canvas", "raised", "hover", "selected", "bubbleOwn",
      "bubbleOther", "dayChip"}},
    {"textFaint", {"window", "sidebar", "field", "hover", "selected"}},
    {"accent", {"window", "canvas", "hover"}},
    {"accentText", {"accent", "accentPressed"}},
    {"bad", {"canvas", "raised", "hover"}},
};

class Theme : public testing::TestWithParam<int> {
 protected:
  Theme() {
    engine_.addImportPath(QStringLiteral("qrc:/qt/qml"));
    QQmlComponent component(&engine_);
    component.setData(
        "import QtQuick\nimport Starling.Theme\n"
        "QtObject {\n"
        "  property int mode\n"
        "  onModeChanged: Theme.mode = mode\n"
        "  function named(name) { return Theme[name]; }\n"
        "  function listed(name, at) { return Theme[name][at]; }\n"
        "  function length(name) { return Theme[name].length; }\n"
        "}",
        QUrl());
    theme_.reset(component.create());
    EXPECT_NE(theme_, nullptr) << component.errorString().toStdString();
    theme_->setProperty("mode", GetParam());
  }

  QVariant ask(const char* function, const std::string& name, const QVariant& more = {}) {
    QVariant answer;
    const QVariant asked = QString::fromStdString(name);
    const bool done =
        more.isValid()
            ? QMetaObject::invokeMethod(theme_.get(), function, Q_RETURN_ARG(QVariant, answer),
                                        Q_ARG(QVariant, asked), Q_ARG(QVariant, more))
            : QMetaObject::invokeMethod(theme_.get(), function, Q_RETURN_ARG(QVariant, answer),
                                        Q_ARG(QVariant, asked));
    EXPECT_TRUE(done && answer.isValid()) << name;
    return answer;
  }
  QColor color(const std::string& name) { return ask("named", name).value<QColor>(); }
  QColor listed(const std::string& name, int at) { return ask("listed", name, at).value<QColor>(); }

  QQmlEngine engine_;
  std::unique_ptr<QObject> theme_;
};

TEST_P(Theme, EveryTextCanBeRead) {
  for (const auto& [text, surfaces] : kWrittenOn) {
    for (const std::string& surface : surfaces) {
      EXPECT_GE(contrast(color(text), color(surface)), kReadable) << text << " on " << surface;
    }
  }
}

TEST_P(Theme, NamesAndInitialsCanBeRead) {
  ASSERT_EQ(ask("length", "avatarColors").toInt(), kAvatarColors);
  ASSERT_EQ(ask("length", "nameColors").toInt(), kAvatarColors);
  for (int at = 0; at < kAvatarColors; ++at) {
    EXPECT_GE(contrast(color("avatarText"), listed("avatarColors", at)), kReadable) << at;
    EXPECT_GE(contrast(listed("nameColors", at), color("bubbleOther")), kReadable) << at;
  }
}

// Theme.Mode: light and dark.
INSTANTIATE_TEST_SUITE_P(AppTheme, Theme, testing::Values(1, 2));

}  // namespace
}  // namespace starling_app
