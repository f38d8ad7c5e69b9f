// starling-app: the desktop app.
#include <QApplication>
#include <QDBusConnection>
#include <QStandardPaths>
#include <QtGlobal>
#include <cstdio>
#include <cstdlib>

#include "qml-client/src/addresses.h"
#include "qml-client/src/bench.h"
#include "qml-client/src/chat_client.h"
#include "qml-client/src/desktop.h"
#include "qml-client/src/main_window.h"
#include "qml-client/src/options.h"
#include "qml-client/src/quit_signals_platform.h"
#include "qml-client/src/screenshots.h"

namespace {

int complain(const QString& sentence, int code) {
  std::fprintf(stderr, "starling-app: %s\n", qPrintable(sentence));
  return code;
}

// Qt ends the process by abort() when the display that is named cannot be used, with advice on its
// plugins. The handler is asked before: it says what one can do, and ends the program as a failure.
void without_display(QtMsgType type, const QMessageLogContext&, const QString& text) {
  if (type != QtFatalMsg) {
    if (!text.startsWith(u"qt.qpa") && !text.contains(u"platform plugin") &&
        !text.contains(u"connect to display")) {
      std::fprintf(stderr, "%s\n", qPrintable(text));
    }
    return;
  }
  std::exit(complain(starling_app::unusable_display(), 1));
}

// With --data DIR all that the app keeps is in DIR.
QString settings_file(const starling_app::Options& options) {
  const QString folder = options.data_directory.isEmpty()
                             ? QStandardPaths::writableLocation(QStandardPaths::AppConfigLocation)
                             : options.data_directory;
  return folder + QStringLiteral("/settings.ini");
}

int show(const starling_app::Options& options) {
  const QString data = options.data_directory.isEmpty()
                           ? QStandardPaths::writableLocation(QStandardPaths::AppDataLocation)
                           : options.data_directory;
  const starling_app::QuitSignals signals_that_quit;
  starling_app::AppSettings settings(settings_file(options));
  // What was given, else what is remembered; else the window asks.
  QString unused;
  starling_app::ChatClient client(options.servers_given
                                      ? options.servers
                                      : starling_app::addresses_in(settings.servers(), unused),
                                  data);
  const starling_app::MainWindow main(client, settings, options.language, options.reverse);
  if (main.window() == nullptr) return complain(QStringLiteral("The window cannot be made."), 1);
  const starling_app::Desktop desktop(client, settings, *main.window(),
                                      QDBusConnection::sessionBus(),
                                      starling_app::Tray::available());
  client.start();
  return QApplication::exec();
}

}  // namespace

int main(int argc, char** argv) {
  QStringList arguments;
  for (int i = 1; i < argc; ++i) arguments.append(QString::fromLocal8Bit(argv[i]));
  const starling_app::Options options = starling_app::parse_options(arguments);
  if (!options.error.isEmpty()) {
    return complain(options.error + QStringLiteral(" (--help lists what there is)"), 2);
  }
  if (options.help) return std::fputs(qPrintable(starling_app::help_text()), stdout) < 0;
  if (options.version) return std::puts("starling-app " STARLING_APP_VERSION) < 0;
  const bool pictures = !options.screenshots_directory.isEmpty();
  QString sentence;
  if (pictures || !options.bench.isEmpty()) {
    qputenv("QT_QPA_PLATFORM", "offscreen");
  } else if (!starling_app::display_available(sentence)) {
    return complain(sentence, 1);
  }
  QGuiApplication::setApplicationName(QStringLiteral("starling-app"));
  QGuiApplication::setApplicationDisplayName(QStringLiteral("Starling"));
  QGuiApplication::setDesktopFileName(QStringLiteral("starling-app"));
  QGuiApplication::setApplicationVersion(QStringLiteral(STARLING_APP_VERSION));
  const QtMessageHandler usual = qInstallMessageHandler(without_display);
  const QApplication app(argc, argv);
  qInstallMessageHandler(usual);
  if (options.bench == QStringLiteral("ready")) return starling_app::run_start(options);
  if (!options.bench.isEmpty()) return starling_app::run_bench(options);
  return pictures ? starling_app::take_screenshots(options) : show(options);
}
