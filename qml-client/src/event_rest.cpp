// See event_rest.h.
#include "qml-client/src/event_rest.h"

namespace starling_app {

EventRest::EventRest(QObject* parent) : QObject(parent) {
  for (QTimer* timer : {&frame_, &rest_}) {
    timer->setSingleShot(true);
    timer->setTimerType(Qt::PreciseTimer);
  }
  // Late by as much as the frame took.
  connect(&frame_, &QTimer::timeout, this,
          [this] { rest_.start(after(Milliseconds(busy_.elapsed()))); });
  connect(&rest_, &QTimer::timeout, this, &EventRest::over);
}

void EventRest::begin() { busy_.start(); }

void EventRest::applied() { frame_.start(kFrame); }

void EventRest::reset() {
  frame_.stop();
  rest_.stop();
}

}  // namespace starling_app
