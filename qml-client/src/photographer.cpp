// See photographer.h.
#include "qml-client/src/photographer.h"

#include <QCoreApplication>
#include <QDir>
#include <QElapsedTimer>
#include <QEventLoop>
#include <QFile>
#include <QGuiApplication>
#include <QKeyEvent>
#include <QProcess>
#include <QTimer>
#include <cstdio>
#include <utility>

namespace starling_app {
namespace {

constexpr int kPatienceMs = 20'000;
constexpr int kSettleMs = 250;  // Longer than any animation.

// In place of clusterctl: no picture starts servers. Ends once there is a file beside it, as one
// whose port is taken.
constexpr char kNoClusterctl[] =
    "#!/bin/sh\n"
    "while [ ! -e \"$0.go\" ]; do sleep 0.05; done\n"
    "echo 'clusterctl: port 5101 for n1 (127.0.0.1:5101) cannot be used: Address already in use. "
    "Free it, or choose others with --base-port (0 picks free ones)' >&2\n"
    "exit 1\n";

QString make_clusterctl(const QString& directory) {
  QFile file(directory + QStringLiteral("/clusterctl"));
  const auto owner_only = QFile::ReadOwner | QFile::WriteOwner | QFile::ExeOwner;
  const bool made = file.open(QIODevice::WriteOnly) && file.write(kNoClusterctl) > 0 &&
                    file.setPermissions(owner_only);
  return made ? file.fileName() : QString();
}

}  // namespace

Photographer::Photographer(const Options& options, const QString& data, Viewer viewer)
    : options_(options),
      clusterctl_(make_clusterctl(data)),
      viewer_(std::move(viewer)),
      client_(options.servers, data),
      settings_(data + QStringLiteral("/settings.ini")),
      main_(client_, settings_, options.language, options.reverse, clusterctl_) {
  settings_.set_language(QStringLiteral("en"));  // Whoever takes them.
}

bool Photographer::wait(const char* what, const std::function<bool()>& there) {
  QElapsedTimer timer;
  timer.start();
  while (!there()) {
    if (timer.elapsed() > kPatienceMs) {
      std::fprintf(stderr, "starling-app: not within %d s: %s\n", kPatienceMs / 1'000, what);
      return false;
    }
    QCoreApplication::processEvents(QEventLoop::AllEvents, 20);
  }
  return true;
}

void Photographer::settle() {
  QEventLoop loop;
  QTimer::singleShot(kSettleMs, &loop, &QEventLoop::quit);
  loop.exec();
}

bool Photographer::grab(const QString& plain_name) {
  const int percent = qRound(main_.window()->devicePixelRatio() * 100);
  const QString name =
      percent == 100 ? plain_name : QStringLiteral("%1-%2").arg(plain_name).arg(percent);
  const QString path = QDir(options_.screenshots_directory).filePath(name + QStringLiteral(".png"));
  const QImage image = main_.window()->grabWindow();
  const bool saved = image.save(path);
  std::fprintf(saved ? stdout : stderr, saved ? "%s\n" : "cannot write %s\n", qPrintable(path));
  std::fflush(stdout);
  if (saved && viewer_) viewer_(name, *main_.window(), image);
  return saved;
}

bool Photographer::shot(const QString& name) {
  settle();
  return grab(name);
}

bool Photographer::both(const QString& name) {
  return shot(name) && dark(name + QStringLiteral("-dark"));
}

bool Photographer::both_now(const QString& name) {
  if (!grab(name)) return false;
  theme(Dark);
  const bool saved = grab(name + QStringLiteral("-dark"));
  theme(Light);
  return saved;
}

void Photographer::let_clusterctl_fail() {
  QFile(clusterctl_ + QStringLiteral(".go")).open(QIODevice::WriteOnly);
}

bool Photographer::dark(const QString& name) {
  theme(Dark);
  const bool saved = shot(name);
  theme(Light);
  return saved;
}

void Photographer::mirror(bool mirrored) {
  QGuiApplication::setLayoutDirection(mirrored ? Qt::RightToLeft : Qt::LeftToRight);
  main_.window()->setProperty("mirrored", mirrored);
}

QObject* Photographer::item(const char* name) {
  QObject* found = main_.window()->findChild<QObject*>(name);
  if (found == nullptr) std::fprintf(stderr, "starling-app: nothing is called %s\n", name);
  return found;
}

void Photographer::click(const char* name) {
  if (QObject* button = item(name)) QMetaObject::invokeMethod(button, "clicked");
}

void Photographer::type(const char* name, const QString& text) {
  QObject* field = item(name);
  if (field == nullptr) return;
  field->setProperty("text", text);
  field->setProperty("cursorPosition", text.size());
}

void Photographer::press(Qt::Key key) {
  for (const QEvent::Type type : {QEvent::KeyPress, QEvent::KeyRelease}) {
    QKeyEvent event(type, key, Qt::NoModifier);
    QCoreApplication::sendEvent(main_.window(), &event);
  }
}

bool Photographer::open_panel(const char* name) {
  QObject* panel = item(name);
  return panel != nullptr && QMetaObject::invokeMethod(panel, "open");
}

bool Photographer::close_panel(const char* name) {
  QObject* panel = item(name);
  return panel != nullptr && QMetaObject::invokeMethod(panel, "close");
}

qint64 Photographer::id_of(const char* name) {
  const ConversationsModel* model = client_.conversations();
  for (int row = 0; row < model->count(); ++row) {
    const qint64 id = model->data(model->index(row), ConversationsModel::IdRole).toLongLong();
    if (model->peer_name(id) == QString::fromUtf8(name)) return id;
  }
  std::fprintf(stderr, "starling-app: no conversation is called %s\n", name);
  return 0;
}

bool Photographer::open(const char* name) {
  const qint64 id = id_of(name);
  if (id == 0) return false;
  client_.openConversation(id);
  return wait("the messages", [this] { return client_.timeline()->count() > 0; });
}

qint64 Photographer::seq_of(const char* words) {
  const TimelineModel& model = *client_.timeline();
  for (int row = 0; row < model.count(); ++row) {
    const QString body = model.data(model.index(row), TimelineModel::BodyRole).toString();
    if (!body.startsWith(QString::fromUtf8(words))) continue;
    return model.data(model.index(row), TimelineModel::SeqRole).toLongLong();
  }
  return 0;
}

bool Photographer::clusterctl(QStringList words) {
  QProcess process;
  process.setProcessChannelMode(QProcess::ForwardedErrorChannel);
  words << QStringLiteral("--name") << options_.cluster;
  process.start(QCoreApplication::applicationDirPath() + QStringLiteral("/clusterctl"), words);
  return wait("clusterctl", [&] { return process.state() == QProcess::NotRunning; }) &&
         process.exitStatus() == QProcess::NormalExit;
}

}  // namespace starling_app
