// Drives the app's real window for the end-to-end tests. Commands come as lines on stdin, each is
// answered by one line of JSON:
//   sign-up NAME PASSWORD | log-in NAME PASSWORD | log-out | open NAME | look | quit
//   send TEXT, where a bar begins a new line
//   scroll top|bottom: the messages, as far as they go
//   press NAME: the button of that name
//   resize WIDTH HEIGHT
//   flood TEXT: sends until a message is refused, and logs out in the same breath
// Fields are filled and buttons pressed by the names that the QML gives them; `look` tells what the
// window shows. Usage: app_driver SERVERS DATA_DIR
#include <QGuiApplication>
#include <QJsonArray>
#include <QJsonDocument>
#include <QJsonObject>
#include <QQuickItem>
#include <cstdio>
#include <iostream>
#include <string>
#include <thread>

#include "qml-client/src/chat_client.h"
#include "qml-client/src/main_window.h"

namespace {

using starling_app::ChatClient;
using starling_app::ClusterStatus;
using starling_app::MainWindow;
using starling_app::TimelineModel;

class Driver : public QObject {
 public:
  Driver(const QString& servers, const QString& data)
      : client_(servers.split(u','), data), main_(client_) {
    QObject::connect(client_.cluster(), &ClusterStatus::changed, this, [this] {
      if (client_.cluster()->state() == ClusterStatus::Switching) ++switches_;
    });
    client_.start();
  }
  bool good() const { return main_.window() != nullptr; }

  void take(const QString& line) {
    const QString command = line.section(u' ', 0, 0);
    const QString rest = line.section(u' ', 1);
    QString error;
    if (command == u"sign-up" || command == u"log-in") {
      const QString wanted =
          command == u"sign-up" ? QStringLiteral("Sign up") : QStringLiteral("Log in");
      if (item("loginButton") != nullptr && item("loginButton")->property("text") != wanted) {
        click("loginSwitch", error);
      }
      type("loginName", rest.section(u' ', 0, 0), error);
      type("loginPassword", rest.section(u' ', 1), error);
      click("loginButton", error);
    } else if (command == u"open") {
      client_.openDirect(rest);
    } else if (command == u"send") {
      type("composerField", QString(rest).replace(u'|', u'\n'), error);
      click("sendButton", error);
    } else if (command == u"press") {
      click(rest.toLatin1().constData(), error);
    } else if (command == u"scroll") {
      QObject* list = item("timelineList");
      if (list == nullptr) {
        error = QStringLiteral("no messages");
      } else {  // It fills from the bottom: its end is at the top.
        const bool top = rest == u"top";
        if (top) list->setProperty("following", false);
        QMetaObject::invokeMethod(list, top ? "positionViewAtEnd" : "positionViewAtBeginning");
      }
    } else if (command == u"resize") {
      main_.window()->resize(rest.section(u' ', 0, 0).toInt(), rest.section(u' ', 1).toInt());
    } else if (command == u"log-out") {
      click("logOutButton", error);
    } else if (command == u"flood") {
      constexpr int kEnough = 20'000;
      taken_ = 0;
      while (taken_ < kEnough && client_.sendMessage(rest + QString::number(taken_))) ++taken_;
      click("logOutButton", error);
    } else if (command == u"quit") {
      QCoreApplication::quit();
    } else if (command != u"look") {
      error = QStringLiteral("unknown command");
    }
    answer(error);
  }

 private:
  QObject* item(const char* name) { return main_.window()->findChild<QObject*>(name); }

  void click(const char* name, QString& error) {
    QObject* button = item(name);
    if (button == nullptr || !button->property("enabled").toBool() ||
        !QMetaObject::invokeMethod(button, "clicked")) {
      error = QStringLiteral("cannot press %1").arg(QLatin1String(name));
    }
  }

  void type(const char* name, const QString& text, QString& error) {
    QObject* field = item(name);
    if (field == nullptr || !field->setProperty("text", text)) {
      error = QStringLiteral("cannot type into %1").arg(QLatin1String(name));
    }
  }

  QJsonArray list_of_conversations() {
    QJsonArray list;
    const starling_app::ConversationsModel& model = *client_.conversations();
    for (int row = 0; row < model.count(); ++row) {
      using Role = starling_app::ConversationsModel::Role;
      list.append(QJsonArray{model.data(model.index(row), Role::TitleRole).toString(),
                             model.data(model.index(row), Role::PreviewRole).toString()});
    }
    return list;
  }

  // The words of each pill in sight.
  QJsonArray pills() {
    QJsonArray list;
    for (const char* name : {"statusPill", "narrowStatusPill"}) {
      const auto* pill = qobject_cast<QQuickItem*>(item(name));
      if (pill != nullptr && pill->isVisible()) list.append(pill->property("text").toString());
    }
    return list;
  }

  // The width of each message by its words.
  static void find_bubbles(const QQuickItem* in, QJsonObject& found) {
    for (const QQuickItem* child : in->childItems()) {
      if (child->objectName() == u"messageBubble") {
        found[child->property("body").toString()] = child->width();
      }
      find_bubbles(child, found);
    }
  }

  void answer(const QString& error) {
    QJsonArray rows;
    const TimelineModel& timeline = *client_.timeline();
    for (int row = timeline.count() - 1; row >= 0; --row) {  // The oldest first, as one reads.
      const QModelIndex index = timeline.index(row);
      rows.append(QJsonArray{timeline.data(index, TimelineModel::SeqRole).toLongLong(),
                             timeline.data(index, TimelineModel::BodyRole).toString(),
                             timeline.data(index, TimelineModel::OwnRole).toBool(),
                             timeline.data(index, TimelineModel::StateRole).toInt()});
    }
    const QObject* list = item("timelineList");
    QJsonObject bubbles;
    find_bubbles(main_.window()->contentItem(), bubbles);
    const QQuickItem* focus = main_.window()->activeFocusItem();
    const QObject* password = item("loginPassword");
    const QJsonObject told{
        {"error", error},
        {"state", static_cast<int>(client_.state())},
        {"busy", client_.busy()},
        {"sentence", client_.error()},
        {"send_sentence", client_.send_error()},
        {"focus", focus == nullptr ? QString() : focus->objectName()},
        {"password", password == nullptr ? QString() : password->property("text").toString()},
        {"conversation", client_.current_conversation()},
        {"rows", rows},
        {"bubbles", bubbles},
        {"pills", pills()},
        {"shown", list == nullptr ? -1 : list->property("count").toInt()},
        {"pill", client_.cluster()->title() + u' ' + client_.cluster()->detail()},
        {"failover_ms", client_.cluster()->last_failover_ms()},
        {"switches", switches_},
        {"taken", taken_},
        {"waiting", client_.waiting_text()},
        {"list", list_of_conversations()},
        {"unread", client_.conversations()->unread_total()}};
    std::puts(QJsonDocument(told).toJson(QJsonDocument::Compact).constData());
    std::fflush(stdout);
  }

  ChatClient client_;
  MainWindow main_;
  int switches_ = 0;
  int taken_ = 0;  // Of the last flood.
};

}  // namespace

int main(int argc, char** argv) {
  const QGuiApplication app(argc, argv);
  if (argc != 3) return 2;
  Driver driver(QString::fromLocal8Bit(argv[1]), QString::fromLocal8Bit(argv[2]));
  if (!driver.good()) return 1;
  // Ends with the process: a read from stdin cannot be called back.
  std::thread([&driver] {
    std::string line;
    while (std::getline(std::cin, line)) {
      const QString text = QString::fromStdString(line);
      QMetaObject::invokeMethod(
          &driver, [&driver, text] { driver.take(text); }, Qt::QueuedConnection);
    }
    QMetaObject::invokeMethod(
        &driver, [] { QCoreApplication::quit(); }, Qt::QueuedConnection);
  }).detach();
  return QGuiApplication::exec();
}
