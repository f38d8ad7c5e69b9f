// Texts of other people inside the app's own sentences: names, titles, words. None of them turns
// the words around it, and none is a pattern, whatever it holds.
#pragma once

#include <QObject>
#include <QQmlEngine>
#include <QString>
#include <QStringList>

namespace starling_app {

// A name or a title as a line has it: blanks in place of line breaks and of control characters,
// which a Text of QML takes for more than signs (behind U+009C it expects a shorter text).
QString in_one_line(const QString& name);

// A name inside a sentence that is shown: its direction does not reach the words around it. What
// steers directions is left out of it, and it has no line breaks.
QString isolated(const QString& name);

// The same for QML, where String.arg() would take a "%2" in the first text for a place of the
// second one.
class Sentences : public QObject {
  Q_OBJECT
  QML_ELEMENT
  QML_SINGLETON

 public:
  // `sentence` with `texts` in the places %1 to %9, each isolated.
  Q_INVOKABLE QString shown(const QString& sentence, const QStringList& texts) const;
  // The same for a screen reader, which reads them in their order: there is nothing to isolate.
  Q_INVOKABLE QString spoken(const QString& sentence, const QStringList& texts) const;
};

}  // namespace starling_app
