// The language of the app: its words, its dates, and which way it runs. Lives on the GUI thread, as
// long as the application.
#pragma once

#include <QString>
#include <QTranslator>

namespace starling_app {

class AppLanguage {
 public:
  AppLanguage() = default;
  ~AppLanguage();
  AppLanguage(const AppLanguage&) = delete;
  AppLanguage& operator=(const AppLanguage&) = delete;

  // "de", "en", "ar_EG"; empty: the system's. One that the app has no words in has English ones,
  // and its own dates and direction.
  void use(const QString& code);

 private:
  QTranslator words_;
};

}  // namespace starling_app
