// See sentences.h.
#include "qml-client/src/sentences.h"

namespace starling_app {
namespace {

constexpr QChar kFirstStrongIsolate(0x2068);
constexpr QChar kPopIsolate(0x2069);

// What says where text runs: embeddings, overrides and isolates.
bool steers_direction(QChar c) {
  return (c >= QChar(0x202A) && c <= QChar(0x202E)) || (c >= QChar(0x2066) && c <= kPopIsolate);
}

}  // namespace

QString in_one_line(const QString& name) {
  QString line = name;
  for (QChar& c : line) {
    const QChar::Category category = c.category();
    if (category == QChar::Other_Control || category == QChar::Separator_Line ||
        category == QChar::Separator_Paragraph) {
      c = u' ';
    }
  }
  return line;
}

QString isolated(const QString& name) {
  QString kept = in_one_line(name);  // The end of a paragraph would end the isolate, too.
  kept.removeIf(steers_direction);
  return kFirstStrongIsolate + kept + kPopIsolate;
}

QString Sentences::shown(const QString& sentence, const QStringList& texts) const {
  QStringList apart;
  for (const QString& text : texts) apart << isolated(text);
  return spoken(sentence, apart);
}

QString Sentences::spoken(const QString& sentence, const QStringList& texts) const {
  QString made;
  for (qsizetype at = 0; at < sentence.size(); ++at) {
    const bool place = sentence.at(at) == u'%' && at + 1 < sentence.size();
    const int number = place ? sentence.at(at + 1).unicode() - u'0' : 0;
    if (number < 1 || number > texts.size() || number > 9) {
      made += sentence.at(at);
      continue;
    }
    made += texts.at(number - 1);
    ++at;
  }
  return made;
}

}  // namespace starling_app
