// See app_language.h.
#include "qml-client/src/app_language.h"

#include <QGuiApplication>
#include <QLocale>
#include <QtGlobal>

namespace starling_app {

AppLanguage::~AppLanguage() { QCoreApplication::removeTranslator(&words_); }

void AppLanguage::use(const QString& code) {
  const QLocale locale = code.isEmpty() ? QLocale::system() : QLocale(code);
  QLocale::setDefault(locale);
  QCoreApplication::removeTranslator(&words_);
  const QString folder = QStringLiteral(":/i18n");
  const QString stem = QStringLiteral("starling");
  const QString sign = QStringLiteral("_");
  // English has a file too: its plural forms.
  if (words_.load(locale, stem, sign, folder) ||
      words_.load(QStringLiteral("starling_en"), folder)) {
    QCoreApplication::installTranslator(&words_);
  }
  QGuiApplication::setLayoutDirection(locale.textDirection());
}

}  // namespace starling_app
