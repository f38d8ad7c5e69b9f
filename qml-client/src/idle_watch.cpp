// See idle_watch.h.
#include "qml-client/src/idle_watch.h"

#include <QCoreApplication>
#include <QEvent>

namespace starling_app {
namespace {

bool is_input(QEvent::Type type) {
  switch (type) {
    case QEvent::KeyPress:
    case QEvent::InputMethod:
    case QEvent::MouseButtonPress:
    case QEvent::MouseMove:
    case QEvent::Wheel:
    case QEvent::TouchBegin:
    case QEvent::TouchUpdate:
    case QEvent::TabletPress:
    case QEvent::TabletMove:
      return true;
    default:
      return false;
  }
}

}  // namespace

IdleWatch::IdleWatch(int idle_ms, QObject* parent) : QObject(parent) {
  timer_.setSingleShot(true);
  timer_.setInterval(idle_ms);
  connect(&timer_, &QTimer::timeout, this, [this] { set(true); });
  timer_.start();
  if (auto* app = QCoreApplication::instance()) app->installEventFilter(this);
}

bool IdleWatch::eventFilter(QObject* object, QEvent* event) {
  // An event goes to several objects; the first one is the window, and for the timer all are one.
  if (is_input(event->type())) {
    timer_.start();
    set(false);
  }
  return QObject::eventFilter(object, event);
}

void IdleWatch::set(bool idle) {
  if (idle == idle_) return;
  idle_ = idle;
  emit idle_changed(idle);
}

}  // namespace starling_app
