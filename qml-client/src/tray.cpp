// See tray.h.
#include "qml-client/src/tray.h"

#include <QEvent>
#include <QPainter>
#include <QPainterPath>
#include <QPixmap>

namespace starling_app {
namespace {

// As starling-app.svg: a bird in a speech bubble, on 64 units.
void paint_bird(QPainter& painter) {
  QPainterPath bubble;
  bubble.addRoundedRect(QRectF(4, 4, 56, 48), 16, 16);
  QPainterPath tail;
  tail.addPolygon(QPolygonF({{16, 46}, {16, 62}, {32, 50}}));
  painter.fillPath(bubble.united(tail), QColor(0x27, 0x63, 0xd9));
  QPainterPath bird;
  bird.moveTo(14, 36);
  bird.cubicTo(22, 36, 24, 16, 38, 16);
  bird.cubicTo(44, 16, 47, 20, 47, 23);
  bird.lineTo(54, 26);
  bird.lineTo(47, 29);
  bird.cubicTo(45, 38, 36, 43, 26, 42);
  bird.closeSubpath();
  painter.fillPath(bird, Qt::white);
  painter.setBrush(QColor(0x27, 0x63, 0xd9));
  painter.setPen(Qt::NoPen);
  painter.drawEllipse(QPointF(40, 23), 2.4, 2.4);
}

void paint_badge(QPainter& painter, int unread) {
  const QString words = unread > 99 ? QStringLiteral("99+") : QString::number(unread);
  const QRectF place(64 - 16 - 10.0 * static_cast<double>(words.size()), 0,
                     16 + 10.0 * static_cast<double>(words.size()), 30);
  painter.setPen(QPen(Qt::white, 2));
  painter.setBrush(QColor(0xc0, 0x30, 0x30));
  painter.drawRoundedRect(place.adjusted(1, 1, -1, -1), 14, 14);
  QFont font;
  font.setPixelSize(22);
  font.setBold(true);
  painter.setFont(font);
  painter.setPen(Qt::white);
  painter.drawText(place, Qt::AlignCenter, words);
}

}  // namespace

QIcon app_icon(int unread) {
  QIcon icon;
  for (const int side : {22, 32, 64, 128}) {
    QPixmap pixmap(side, side);
    pixmap.fill(Qt::transparent);
    QPainter painter(&pixmap);
    painter.setRenderHint(QPainter::Antialiasing);
    painter.scale(side / 64.0, side / 64.0);
    paint_bird(painter);
    if (unread > 0) paint_badge(painter, unread);
    painter.end();
    icon.addPixmap(pixmap);
  }
  return icon;
}

Tray::Tray(QObject* parent) : QObject(parent) {
  open_ = menu_.addAction(QString());
  connect(open_, &QAction::triggered, this, &Tray::openWanted);
  mute_ = menu_.addAction(QString());
  mute_->setCheckable(true);
  connect(mute_, &QAction::toggled, this, &Tray::muteWanted);
  menu_.addSeparator();
  quit_ = menu_.addAction(QString());
  connect(quit_, &QAction::triggered, this, &Tray::quitWanted);
  menu_.installEventFilter(this);
  icon_.setContextMenu(&menu_);
  connect(&icon_, &QSystemTrayIcon::activated, this, [this](auto reason) {
    if (reason == QSystemTrayIcon::Trigger) emit openWanted();
  });
  set_unread(0);
}

bool Tray::eventFilter(QObject* watched, QEvent* event) {
  if (event->type() == QEvent::LanguageChange) retranslate();
  return QObject::eventFilter(watched, event);
}

void Tray::retranslate() {
  open_->setText(tr("Open Starling"));
  mute_->setText(tr("Mute notifications"));
  quit_->setText(tr("Quit"));
  icon_.setToolTip(unread_ > 0 ? tr("Starling, %1 unread").arg(unread_) : tr("Starling"));
}

void Tray::set_unread(int unread) {
  if (unread == unread_) return;
  unread_ = unread;
  icon_.setIcon(app_icon(unread));
  retranslate();
}

}  // namespace starling_app
