// What stands where in the window that the driver steers.
#pragma once

#include <QJsonArray>
#include <QJsonObject>
#include <QQuickWindow>

#include "qml-client/src/search_model.h"

namespace starling_app {

// The width of each message by its words.
QJsonObject bubbles(const QQuickWindow& window);
// The words of each message as they stand in its document.
QJsonArray words(const QQuickWindow& window);
// The texts in the window that could be read as markup: there are none.
QJsonArray markup(const QQuickWindow& window);
// Where each stored message stands in the list of messages: {seq: [top of its bubble, height]}, as
// the next frame has it.
QJsonObject places(const QQuickWindow& window);
// The words of the message that the keyboard is at.
QString marked(const QQuickWindow& window);
// What is said below the first message that was taken back.
QString cancelling(const QQuickWindow& window);
// What a search has found: [title, seq, words] each.
QJsonArray hits(const SearchModel& model);

}  // namespace starling_app
