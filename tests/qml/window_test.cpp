// Where the window was, and where it goes on the screens of today.
#include <gtest/gtest.h>

#include <QGuiApplication>
#include <QScreen>
#include <QTemporaryDir>

#include "qml-client/src/main_window.h"
#include "qml-client/src/window_place.h"

namespace starling_app {
namespace {

const QRect kLaptop(0, 30, 1280, 770);  // Below a panel.
const QRect kDesk(1280, 0, 1920, 1080);

TEST(WindowPlace, WhatMakesSenseIsKept) {
  const QRect small(100, 100, 600, 500);
  EXPECT_EQ(window_place(small, {kLaptop}), small);
  EXPECT_EQ(window_place(kLaptop, {kLaptop}), kLaptop);
  const QRect over_there(1400, 100, 1200, 900);
  EXPECT_EQ(window_place(over_there, {kLaptop, kDesk}), over_there);
  const QRect half_out(900, 400, 600, 500);  // As somebody has put it.
  EXPECT_EQ(window_place(half_out, {kLaptop}), half_out);
}

TEST(WindowPlace, OneLargerThanTheScreenIsAsLargeAsItAndInItsMiddle) {
  EXPECT_EQ(window_place(QRect(0, 30, 3000, 2000), {kLaptop}).size(), kLaptop.size());
  const QRect wide = window_place(QRect(-500, 100, 2000, 500), {kLaptop});
  EXPECT_EQ(wide.size(), QSize(1280, 500));
  EXPECT_EQ(wide.center(), QRect(0, 165, 1280, 500).center());
  // The screen that it was on, not another.
  EXPECT_EQ(window_place(QRect(1300, 10, 2500, 700), {kLaptop, kDesk}).width(), kDesk.width());
}

TEST(WindowPlace, OneOutOfReachComesBack) {
  const QSize size(600, 500);
  const QList<QPoint> lost = {{1500, 100}, {-900, 100}, {100, 900},
                              {100, -600}, {100, -100}, {2'000'000'000, 2'000'000'000}};
  for (const QPoint& at : lost) {
    const QRect place = window_place(QRect(at, size), {kLaptop});
    EXPECT_TRUE(kLaptop.contains(place)) << at.x() << " " << at.y();
    EXPECT_EQ(place.size(), size);
    EXPECT_EQ(place.center(), kLaptop.center());
  }
  const QRect large = window_place(QRect(5'000, 5'000, 4'000, 4'000), {kLaptop, kDesk});
  EXPECT_EQ(large, kLaptop);
}

TEST(WindowPlace, NothingKeptOrNowhereToGo) {
  EXPECT_TRUE(window_place(QRect(), {kLaptop}).isEmpty());
  EXPECT_TRUE(window_place(QRect(10, 10, -5, 100), {kLaptop}).isEmpty());
  EXPECT_TRUE(window_place(QRect(10, 10, 500, 500), {}).isEmpty());
}

class AppWindow : public testing::Test {
 protected:
  AppWindow()
      : settings_(folder_.filePath(QStringLiteral("settings.ini"))), client_({}, folder_.path()) {
    settings_.set_language(QStringLiteral("en"));
  }
  QTemporaryDir folder_;
  AppSettings settings_;
  ChatClient client_;
};

TEST_F(AppWindow, IsOnTheScreenWhateverWasKept) {
  const QRect screen = QGuiApplication::primaryScreen()->availableGeometry();
  settings_.set_window(QRect(screen.right() + 500, 0, 4'000, 3'000), false);
  const MainWindow main(client_, settings_);
  ASSERT_NE(main.window(), nullptr);
  const QRect place = main.window()->geometry();
  EXPECT_EQ(place.size(), screen.size());
  constexpr int kFrame = 8;  // Less than that: of the window that is in the middle with its frame.
  EXPECT_LT((place.center() - screen.center()).manhattanLength(), kFrame);
}

TEST_F(AppWindow, IsWhereItWas) {
  const QRect kept(100, 120, 500, 600);
  settings_.set_window(kept, false);
  {
    const MainWindow main(client_, settings_);
    ASSERT_NE(main.window(), nullptr);
    EXPECT_EQ(main.window()->geometry(), kept);
    main.window()->setGeometry(kept.translated(20, 0));
  }
  EXPECT_EQ(settings_.window(), kept.translated(20, 0));
  EXPECT_FALSE(settings_.window_maximized());
}

TEST_F(AppWindow, AMaximizedOneThatIsClosedWasMaximized) {
  const QRect kept(100, 120, 500, 600);
  settings_.set_window(kept, true);
  {
    const MainWindow main(client_, settings_);
    ASSERT_NE(main.window(), nullptr);
    EXPECT_EQ(main.window()->visibility(), QWindow::Maximized);
    EXPECT_TRUE(main.window()->close());
  }
  EXPECT_TRUE(settings_.window_maximized());
  EXPECT_EQ(settings_.window(), kept);
}

}  // namespace
}  // namespace starling_app
