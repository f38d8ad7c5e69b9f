// See screenshots.h. The steps run one after the other; each waits for what it needs to see.
#include "qml-client/src/screenshots.h"

#include <QCoreApplication>
#include <QDir>
#include <QElapsedTimer>
#include <QEventLoop>
#include <QImage>
#include <QKeyEvent>
#include <QProcess>
#include <QTemporaryDir>
#include <QTimer>
#include <cstdio>
#include <functional>
#include <memory>

#include "qml-client/src/chat_client.h"
#include "qml-client/src/main_window.h"
#include "qml-client/src/screenshots_story.h"

namespace starling_app {
namespace {

constexpr int kPatienceMs = 20'000;
constexpr int kSettleMs = 350;  // Longer than any animation.

class Photographer {
 public:
  Photographer(const Options& options, const QString& data)
      : options_(options), client_(options.servers, data), main_(client_) {}

  bool run() {
    return main_.window() != nullptr && login() && chat() && group() && people() && small() &&
           without_majority();
  }

 private:
  bool wait(const char* what, const std::function<bool()>& there) {
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

  void settle() {
    QEventLoop loop;
    QTimer::singleShot(kSettleMs, &loop, &QEventLoop::quit);
    loop.exec();
  }

  bool grab(const char* name) {
    const QString path =
        QDir(options_.screenshots_directory).filePath(QStringLiteral("%1.png").arg(name));
    const bool saved = main_.window()->grabWindow().save(path);
    std::fprintf(saved ? stdout : stderr, saved ? "%s\n" : "cannot write %s\n", qPrintable(path));
    std::fflush(stdout);
    return saved;
  }

  bool shot(const char* name) {
    settle();
    return grab(name);
  }

  QObject* item(const char* name) {
    QObject* found = main_.window()->findChild<QObject*>(name);
    if (found == nullptr) std::fprintf(stderr, "starling-app: nothing is called %s\n", name);
    return found;
  }

  void click(const char* name) {
    if (QObject* button = item(name)) QMetaObject::invokeMethod(button, "clicked");
  }

  void type(const char* name, const QString& text) {
    QObject* field = item(name);
    if (field == nullptr) return;
    field->setProperty("text", text);
    field->setProperty("cursorPosition", text.size());
  }

  // Theme.Mode: 1 is light, 2 is dark.
  void theme(int mode) { main_.window()->setProperty("themeMode", mode); }

  bool login() {
    theme(1);
    client_.start();
    if (!wait("a server",
              [this] { return client_.cluster()->state() == ClusterStatus::Connected; })) {
      return false;
    }
    if (!shot("login")) return false;
    type("loginName", QStringLiteral("ada"));
    type("loginPassword", QStringLiteral("wrong"));
    click("loginButton");
    if (!wait("the refusal", [this] { return !client_.error().isEmpty(); })) return false;
    if (!shot("login-error")) return false;
    click("loginSwitch");
    if (!shot("sign-up")) return false;
    click("loginSwitch");
    type("loginPassword", QString::fromLatin1(kStoryPassword));
    click("loginButton");
    return wait("the log-in", [this] { return client_.state() == ChatClient::Ready; }) &&
           wait("the conversations", [this] { return client_.conversations()->count() >= 5; });
  }

  qint64 conversation_with(const char* name) {
    ConversationsModel* model = client_.conversations();
    for (int row = 0; row < model->count(); ++row) {
      const qint64 id = model->data(model->index(row), ConversationsModel::IdRole).toLongLong();
      if (model->peer_name(id) == QLatin1String(name)) return id;
    }
    return 0;
  }

  bool open(const char* name) {
    client_.openConversation(conversation_with(name));
    return wait("the messages", [this] { return client_.timeline()->count() > 0; });
  }

  bool chat() {
    if (!shot("nothing-open") || !open("grace")) return false;
    return kill("primary", "switching") && shot("chat-light") && dark("chat-dark");
  }

  // One picture in light, one in dark.
  bool both(const char* name) {
    return shot(name) && dark(qPrintable(QString::fromLatin1(name) + QStringLiteral("-dark")));
  }

  qint64 seq_of(const char* words) {
    const TimelineModel& model = *client_.timeline();
    for (int row = 0; row < model.count(); ++row) {
      if (!model.data(model.index(row), TimelineModel::BodyRole).toString().startsWith(words))
        continue;
      return model.data(model.index(row), TimelineModel::SeqRole).toLongLong();
    }
    return 0;
  }

  // The menu of the newest message, as the keyboard opens it.
  bool menu() {
    QObject* list = item("timelineList");
    if (list == nullptr) return false;
    list->setProperty("currentIndex", 0);
    QMetaObject::invokeMethod(list, "forceActiveFocus");
    press(Qt::Key_Return);
    const bool taken = both("message-menu");
    press(Qt::Key_Escape);
    return taken;
  }

  void press(Qt::Key key) {
    for (const QEvent::Type type : {QEvent::KeyPress, QEvent::KeyRelease}) {
      QKeyEvent event(type, key, Qt::NoModifier);
      QCoreApplication::sendEvent(main_.window(), &event);
    }
  }

  bool close(const char* name) {
    QObject* panel = item(name);
    return panel != nullptr && QMetaObject::invokeMethod(panel, "close");
  }

  bool group() {
    if (!open("Cluster night")) return false;
    if (!wait("the members", [this] { return client_.groups()->members()->count() == 5; }) ||
        !both("group") || !menu()) {
      return false;
    }
    client_.compose()->beginReply(seq_of("On my way"));
    type("composerField", QStringLiteral("With extra chili for @"));
    if (!both("reply")) return false;
    type("composerField", QString());
    client_.compose()->cancel();
    client_.compose()->beginEdit(seq_of("I take the second"));
    if (!both("edit")) return false;
    client_.compose()->cancel();
    if (QObject* history = item("historyPopup")) {
      const qint64 seq = seq_of("I take the second");
      QMetaObject::invokeMethod(history, "show", Q_ARG(QVariant, QVariant::fromValue(seq)));
    }
    if (!wait("the history", [this] { return client_.actions()->history().size() == 2; }) ||
        !both("history") || !close("historyPopup")) {
      return false;
    }
    click("membersButton");
    if (!both("members") || !close("membersPanel")) return false;
    QObject* dialog = item("newGroupDialog");
    if (dialog == nullptr || !QMetaObject::invokeMethod(dialog, "open")) return false;
    settle();
    type("groupTitle", QStringLiteral("Noodles on Thursday"));
    for (const auto& [name, shown] : {std::pair("mei-lin", "Mei-Lin Zhao"),
                                      {"tomas", "Tomás Fernández"},
                                      {"noor", "Noor Haddad"}}) {
      client_.groups()->choose(QString::fromUtf8(name), QString::fromUtf8(shown));
    }
    if (!wait("people", [this] { return client_.people()->count() > 0; })) return false;
    return both("new-group") && close("newGroupDialog") && open("grace");
  }

  bool dark(const char* name) {
    theme(2);
    const bool saved = shot(name);
    theme(1);
    return saved;
  }

  // Kills a server of the cluster that may be hurt, and takes the picture `during` while the app
  // looks for the next primary.
  bool kill(const char* which, const char* during) {
    if (options_.cluster.isEmpty()) return true;
    bool grabbed = false;
    const auto watch =
        QObject::connect(client_.cluster(), &ClusterStatus::changed, client_.cluster(), [&] {
          if (grabbed || client_.cluster()->state() != ClusterStatus::Switching) return;
          grabbed = grab(during);
        });
    const bool killed = clusterctl({QStringLiteral("kill"), QString::fromLatin1(which)});
    const bool settled = killed && wait("the new primary", [this] {
                           return client_.cluster()->state() == ClusterStatus::Connected &&
                                  client_.cluster()->last_failover_ms() >= 0;
                         });
    QObject::disconnect(watch);
    return settled;
  }

  bool clusterctl(QStringList words) {
    QProcess process;
    process.setProcessChannelMode(QProcess::ForwardedErrorChannel);
    words << QStringLiteral("--name") << options_.cluster;
    process.start(QCoreApplication::applicationDirPath() + QStringLiteral("/clusterctl"), words);
    return wait("clusterctl", [&] { return process.state() == QProcess::NotRunning; }) &&
           process.exitStatus() == QProcess::NormalExit;
  }

  bool people() {
    click("peopleButton");
    settle();
    type("peopleSearch", QStringLiteral("b*"));
    if (!wait("people", [this] { return client_.people()->count() == 4; })) return false;
    if (!shot("people")) return false;
    type("peopleSearch", QStringLiteral("zed"));
    if (!wait("nobody", [this] { return client_.people()->count() == 0; })) return false;
    if (!shot("people-nobody")) return false;
    return close("peoplePanel");
  }

  bool small() {
    main_.window()->resize(400, 640);
    if (!shot("small-chat")) return false;
    client_.closeConversation();
    if (!shot("small-list")) return false;
    main_.window()->resize(1'040, 720);
    return open("grace");
  }

  bool without_majority() {
    if (options_.cluster.isEmpty()) return true;
    // Of five, with the primary that is gone already: three, and that is the majority.
    for (int more = 0; more < 2; ++more) {
      if (!clusterctl({QStringLiteral("kill"), QStringLiteral("backup")})) return false;
    }
    type("composerField", QStringLiteral("The coffee is on its way ☕"));
    click("sendButton");
    type("composerField",
         QStringLiteral("Three servers are gone and I can still write. It just waits."));
    click("sendButton");
    const auto state = [this] { return client_.cluster()->state(); };
    if (!wait("read-only", [&] { return state() == ClusterStatus::ReadOnly; })) return false;
    if (!shot("read-only")) return false;
    for (const char* server : {"n1", "n2", "n3", "n4", "n5"}) {  // Those that are left.
      if (!clusterctl({QStringLiteral("kill"), QString::fromLatin1(server)})) return false;
    }
    if (!wait("offline", [&] { return state() == ClusterStatus::Offline; })) return false;
    return shot("offline") && dark("offline-dark");
  }

  const Options& options_;
  ChatClient client_;
  MainWindow main_;
};

}  // namespace

int take_screenshots(const Options& options) {
  if (!QDir().mkpath(options.screenshots_directory)) {
    std::fprintf(stderr, "starling-app: %s cannot be made.\n",
                 qPrintable(options.screenshots_directory));
    return 1;
  }
  const QString nobody = look_for_server(options.servers);
  if (!nobody.isEmpty()) {
    std::fprintf(stderr, "starling-app: %s\n", qPrintable(nobody));
    return 1;
  }
  const QString trouble = tell_story(options.servers);
  if (!trouble.isEmpty()) {
    std::fprintf(stderr, "starling-app: %s\n", qPrintable(trouble));
    return 1;
  }
  const QTemporaryDir data;
  Photographer photographer(options, data.path());
  return photographer.run() ? 0 : 1;
}

}  // namespace starling_app
