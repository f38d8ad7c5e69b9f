// See options.h.
#include "qml-client/src/options.h"

#include <QtGlobal>

#include "qml-client/src/addresses.h"

namespace starling_app {
namespace {

void take(Options& options, const QString& name, const QString& value) {
  if (name == u"--data") {
    options.data_directory = value;
  } else if (name == u"--screenshots") {
    options.screenshots_directory = value;
  } else if (name == u"--cluster") {
    options.cluster = value;
  } else if (name == u"--language") {
    options.language = value;
  } else if (name == u"--bench") {
    options.bench = value;
    if (value != u"all" && value != u"start" && value != u"ready") {
      options.error = QStringLiteral("--bench takes all or start.");
    }
  } else if (name == u"--messages") {
    options.messages = value.toInt();
    if (options.messages < 1'000) {
      options.error = QStringLiteral("--messages needs a number from 1000 on.");
    }
  } else {
    options.servers = addresses_in(value, options.error);
    options.servers_given = true;
  }
}

}  // namespace

Options parse_options(const QStringList& arguments) {
  static const QStringList with_value = {
      QStringLiteral("--servers"), QStringLiteral("--data"),  QStringLiteral("--screenshots"),
      QStringLiteral("--cluster"), QStringLiteral("--bench"), QStringLiteral("--messages"),
      QStringLiteral("--language")};
  Options options;
  for (qsizetype i = 0; i < arguments.size() && options.error.isEmpty(); ++i) {
    const QString name = arguments[i].section(u'=', 0, 0);
    if (name == u"--help" || name == u"-h") {
      options.help = true;
    } else if (name == u"--version") {
      options.version = true;
    } else if (name == u"-reverse" || name == u"--reverse") {
      options.reverse = true;
    } else if (!with_value.contains(name)) {
      options.error = QStringLiteral("Unknown argument: %1").arg(arguments[i]);
    } else if (arguments[i].contains(u'=')) {
      take(options, name, arguments[i].section(u'=', 1));
    } else if (i + 1 < arguments.size()) {
      take(options, name, arguments[++i]);
    } else {
      options.error = QStringLiteral("%1 needs a value.").arg(name);
    }
  }
  if (options.error.isEmpty() && !options.cluster.isEmpty() &&
      options.screenshots_directory.isEmpty()) {
    options.error = QStringLiteral("--cluster goes with --screenshots only.");
  }
  return options;
}

QString help_text() {
  return QStringLiteral(
      "usage: starling-app [--servers HOST:PORT[,HOST:PORT…]] [--data DIR]\n"
      "       starling-app --screenshots DIR [--servers …] [--cluster NAME]\n"
      "       starling-app --bench all|start [--servers …] [--messages 100000]\n"
      "\n"
      "  --servers      servers of the cluster, one is enough (those of the last time, else the\n"
      "                 window asks; with --screenshots and --bench 127.0.0.1:5101)\n"
      "  --data         where waiting messages are kept (the account's usual place for data)\n"
      "  --screenshots  render the screens into DIR as PNG files, without a display; makes the\n"
      "                 accounts of its story in the cluster, for good\n"
      "  --cluster      the clusterctl cluster behind --servers: its servers are killed for the\n"
      "                 pictures of failovers\n"
      "  --language     de, en or any other code: its words if there are any, its dates and its\n"
      "                 direction (what is set, else the system's)\n"
      "  --reverse      from right to left, whatever the language\n"
      "  --bench        measure how fast the app starts, scrolls and takes keys, without a "
      "display;\n"
      "                 all writes --messages messages into the cluster, for good; start tells "
      "the\n"
      "                 milliseconds from the program's start until its window has taken a key\n"
      "  --help, --version\n");
}

bool display_available(QString& sentence) {
#if defined(Q_OS_LINUX)
  for (const char* name : {"DISPLAY", "WAYLAND_DISPLAY", "QT_QPA_PLATFORM"}) {
    if (!qEnvironmentVariableIsEmpty(name)) return true;
  }
  sentence = QStringLiteral(
      "There is no display here (neither DISPLAY nor WAYLAND_DISPLAY is set). "
      "To see the app all the same: `./run app --screenshots DIR` renders its screens as PNG "
      "files.");
  return false;
#else
  Q_UNUSED(sentence)
  return true;
#endif
}

QString unusable_display() {
  QStringList named;
  for (const char* name : {"DISPLAY", "WAYLAND_DISPLAY", "QT_QPA_PLATFORM"}) {
    if (qEnvironmentVariableIsEmpty(name)) continue;
    named.append(QStringLiteral("%1=%2").arg(QLatin1String(name), qEnvironmentVariable(name)));
  }
  return QStringLiteral(
             "The display cannot be used (%1). Set DISPLAY or WAYLAND_DISPLAY to one that runs, "
             "or see the app without: `./run app --screenshots DIR` renders its screens as PNG "
             "files.")
      .arg(named.join(QStringLiteral(", ")));
}

}  // namespace starling_app
