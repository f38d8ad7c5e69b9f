// Drives the app's real window for the end-to-end tests. Commands come as lines on stdin, each is
// answered by one line of JSON:
//   sign-up NAME PASSWORD | log-in NAME PASSWORD | log-out | open NAME | look | quit
//   send TEXT, where a bar begins a new line
//   scroll top|bottom: the messages, as far as they go; scroll PIXELS: up when it is negative
//   mark ROW: the keyboard is at that message, 0 is the newest
//   press NAME: the button of that name
//   fill NAME TEXT: the field of that name
//   key SEQUENCE: to whatever has the focus; keys TEXT: each of its letters
//   group TITLE NAME...: makes one
//   show TITLE: opens the conversation of that title
//   reply SEQ | edit SEQ | react SEQ EMOJI | admin ACCOUNT: as the menus do
//   person NAME: shows the profile | block, unblock: that person
//   resend, remove: the message that failed
//   resize WIDTH HEIGHT
//   flood TEXT: sends until a message is refused, and logs out in the same breath
// Fields are filled and buttons pressed by the names that the QML gives them; `look` tells what the
// window shows. Usage: app_driver SERVERS DATA_DIR; empty SERVERS: as at the first start, when
// nobody has said where they are.
#include <QGuiApplication>
#include <QJsonArray>
#include <QJsonDocument>
#include <QJsonObject>
#include <QKeyEvent>
#include <QKeySequence>
#include <QQuickItem>
#include <QTest>
#include <cstdio>
#include <iostream>
#include <string>
#include <thread>

#include "qml-client/src/chat_client.h"
#include "qml-client/src/main_window.h"
#include "tests/qml/driver_sight.h"

namespace {

using starling_app::AppSettings;
using starling_app::ChatClient;
using starling_app::ClusterStatus;
using starling_app::MainWindow;
using starling_app::TimelineModel;

class Driver : public QObject {
 public:
  Driver(const QString& servers, const QString& data)
      : client_(servers.split(u',', Qt::SkipEmptyParts), data),
        settings_(data + QStringLiteral(".ini")),  // The folder may be what is in the way.
        main_(client_, settings_) {
    settings_.set_language(QStringLiteral("en"));
    settings_.set_stay_logged_in(false);  // Each window begins with the login page.
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
      bool by = false;
      const int pixels = rest.toInt(&by);
      if (list == nullptr) {
        error = QStringLiteral("no messages");
      } else if (by) {
        QMetaObject::invokeMethod(list, "scroll", Q_ARG(QVariant, pixels));
      } else {  // It fills from the bottom: its end is at the top.
        const bool top = rest == u"top";
        if (top) list->setProperty("following", false);
        QMetaObject::invokeMethod(list, top ? "positionViewAtEnd" : "positionViewAtBeginning");
      }
    } else if (command == u"mark") {
      auto* list = qobject_cast<QQuickItem*>(item("timelineList"));
      if (list == nullptr || !list->setProperty("currentIndex", rest.toInt())) {
        error = QStringLiteral("no messages");
      } else {
        list->forceActiveFocus(Qt::TabFocusReason);
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
    } else if (!of_groups(command, rest, error) && !of_people(command, rest, error) &&
               command != u"look") {
      error = QStringLiteral("unknown command");
    }
    answer(error);
  }

 private:
  QObject* item(const char* name) { return main_.window()->findChild<QObject*>(name); }

  // False: it is none of these.
  bool of_groups(const QString& command, const QString& rest, QString& error) {
    const QString first = rest.section(u' ', 0, 0);
    const QString behind = rest.section(u' ', 1);
    if (command == u"fill") {
      type(first.toLatin1().constData(), behind, error);
    } else if (command == u"key") {
      press(QKeySequence::fromString(rest));
    } else if (command == u"keys") {
      for (const QChar letter : rest) press(letter);
    } else if (command == u"group") {
      for (const QString& name : behind.split(u' ')) client_.groups()->choose(name, {});
      client_.groups()->create(first);
    } else if (command == u"show") {
      show(rest, error);
    } else if (command == u"reply") {
      client_.compose()->beginReply(rest.toLongLong());
    } else if (command == u"edit") {
      client_.compose()->beginEdit(rest.toLongLong());
    } else if (command == u"react") {
      client_.actions()->react(first.toLongLong(), behind);
    } else if (command == u"admin") {
      client_.groups()->setAdmin(rest.toLongLong(), true);
    } else {
      return false;
    }
    return true;
  }

  void press(QChar letter) {
    for (const QEvent::Type type : {QEvent::KeyPress, QEvent::KeyRelease}) {
      QKeyEvent event(type, letter.toUpper().unicode(), Qt::NoModifier, letter);
      QCoreApplication::sendEvent(main_.window(), &event);
    }
  }

  bool of_people(const QString& command, const QString& rest, QString& error) {
    starling_app::PersonDesk& person = *client_.person();
    if (command == u"person") {
      person.show(rest, {});
    } else if (command == u"block" || command == u"unblock") {
      person.setBlocked(command == u"block");
    } else if (command == u"resend" || command == u"remove") {
      const TimelineModel& model = *client_.timeline();
      for (int row = 0; row < model.count(); ++row) {
        const QModelIndex index = model.index(row);
        if (model.data(index, TimelineModel::StateRole).toInt() != TimelineModel::Failed) continue;
        const qint64 id = model.data(index, TimelineModel::OutboxIdRole).toLongLong();
        command == u"resend" ? client_.resendMessage(id) : client_.cancelMessage(id);
        return true;
      }
      error = QStringLiteral("no message has failed");
    } else {
      return false;
    }
    return true;
  }

  // As from the keyboard: shortcuts see it too.
  void press(const QKeySequence& sequence) {
    const QKeyCombination key = sequence[0];
    QTest::keyClick(main_.window(), key.key(), key.keyboardModifiers());
  }

  void show(const QString& title, QString& error) {
    const starling_app::ConversationsModel& model = *client_.conversations();
    using Role = starling_app::ConversationsModel::Role;
    for (int row = 0; row < model.count(); ++row) {
      if (model.data(model.index(row), Role::TitleRole) != title) continue;
      return client_.openConversation(model.data(model.index(row), Role::IdRole).toLongLong());
    }
    error = QStringLiteral("no conversation is called %1").arg(title);
  }

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
      return;
    }
    field->setProperty("cursorPosition", text.size());
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

  // Of each conversation: whether the other side is online or away, and what is typed there.
  QJsonArray dots() {
    QJsonArray list;
    const starling_app::ConversationsModel& model = *client_.conversations();
    for (int row = 0; row < model.count(); ++row) {
      using Role = starling_app::ConversationsModel::Role;
      const auto role = [&](Role which) { return model.data(model.index(row), which); };
      list.append(QJsonArray{role(Role::TitleRole).toString(), role(Role::OnlineRole).toBool(),
                             role(Role::AwayRole).toBool(), role(Role::TypingRole).toString()});
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

  // What is more to each message than its words, the oldest first.
  QJsonArray messages() {
    QJsonArray list;
    const TimelineModel& model = *client_.timeline();
    for (int row = model.count() - 1; row >= 0; --row) {
      const auto role = [&](int which) { return model.data(model.index(row), which); };
      QJsonObject reactions;
      for (const QVariant& one : role(TimelineModel::ReactionsRole).toList()) {
        reactions[one.toMap()["emoji"].toString()] = one.toMap()["count"].toInt();
      }
      list.append(QJsonObject{{"seq", role(TimelineModel::SeqRole).toLongLong()},
                              {"body", role(TimelineModel::BodyRole).toString()},
                              {"system", role(TimelineModel::SystemTextRole).toString()},
                              {"reply", role(TimelineModel::ReplyBodyRole).toString()},
                              {"edited", role(TimelineModel::EditedRole).toBool()},
                              {"mentions_me", role(TimelineModel::MentionsMeRole).toBool()},
                              {"state", role(TimelineModel::StateRole).toInt()},
                              {"reactions", reactions}});
    }
    return list;
  }

  QJsonArray members() {
    QJsonArray list;
    const starling_app::MembersModel& model = *client_.groups()->members();
    using Role = starling_app::MembersModel::Role;
    for (int row = 0; row < model.count(); ++row) {
      list.append(QJsonArray{model.data(model.index(row), Role::AccountIdRole).toLongLong(),
                             model.data(model.index(row), Role::NameRole).toString(),
                             model.data(model.index(row), Role::RoleTextRole).toString()});
    }
    return list;
  }

  // The panels that are open.
  QJsonArray panels() {
    QJsonArray list;
    for (const char* name :
         {"peoplePanel", "newGroupDialog", "membersPanel", "messageMenu", "historyPopup",
          "clusterPanel", "accountPanel", "settingsPanel", "personPanel", "palettePanel",
          "keysPanel", "mainMenu", "searchPanel"}) {
      const QObject* panel = item(name);
      if (panel != nullptr && panel->property("opened").toBool()) list.append(name);
    }
    return list;
  }

  // Of the panel of the cluster: each server in words.
  QJsonArray servers() {
    QJsonArray list;
    const starling_app::ServersModel& model = *client_.cluster()->servers();
    for (int row = 0; row < model.count(); ++row) {
      using Role = starling_app::ServersModel::Role;
      const auto text = [&](int role) { return model.data(model.index(row), role).toString(); };
      list.append(QJsonArray{text(Role::AddressRole), text(Role::RoleTextRole),
                             text(Role::StateTextRole), text(Role::TermTextRole),
                             text(Role::LagTextRole)});
    }
    return list;
  }

  QString text_of(const char* name) {
    const QObject* field = item(name);
    return field == nullptr ? QString() : field->property("text").toString();
  }

  // The sentences in sight, by the names of their places.
  QJsonObject notices() {
    QJsonObject shown;
    for (const char* name : {"serverError", "serverProgress", "loginError", "loginNote"}) {
      const auto* notice = qobject_cast<QQuickItem*>(item(name));
      if (notice != nullptr && notice->isVisible()) shown[QLatin1String(name)] = text_of(name);
    }
    return shown;
  }

  double opacity_of(const char* name) {
    const QObject* shown = item(name);
    return shown == nullptr ? 0 : shown->property("opacity").toDouble();
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
    const QQuickItem* focus = main_.window()->activeFocusItem();
    const QObject* password = item("loginPassword");
    const QJsonObject told{
        {"error", error},
        {"state", static_cast<int>(client_.state())},
        {"busy", client_.busy()},
        {"sentence", client_.error()},
        {"notices", notices()},
        {"send_sentence", client_.send_error()},
        {"focus", focus == nullptr ? QString() : focus->objectName()},
        {"password", password == nullptr ? QString() : password->property("text").toString()},
        {"conversation", client_.current_conversation()},
        {"rows", rows},
        {"bubbles", starling_app::bubbles(*main_.window())},
        {"words", starling_app::words(*main_.window())},
        {"markup", starling_app::markup(*main_.window())},
        {"pills", pills()},
        {"shown", list == nullptr ? -1 : list->property("count").toInt()},
        {"list_height", list == nullptr ? 0 : list->property("height").toDouble()},
        {"places", starling_app::places(*main_.window())},
        {"loading", timeline.loading() || timeline.loading_newer()},
        {"hits", starling_app::hits(*client_.search())},
        {"marked", starling_app::marked(*main_.window())},
        {"cancel_text", text_of("menuCancel")},
        {"cancelling", starling_app::cancelling(*main_.window())},
        {"pill", client_.cluster()->title() + u' ' + client_.cluster()->detail()},
        {"failover_ms", client_.cluster()->last_failover_ms()},
        {"switches", switches_},
        {"taken", taken_},
        {"waiting", client_.waiting_text()},
        {"messages", messages()},
        {"members", members()},
        {"panels", panels()},
        {"servers", servers()},
        {"events", client_.cluster()->events()->text()},
        {"failover_line", opacity_of("failoverLine")},
        {"mode", static_cast<int>(client_.compose()->mode())},
        {"field", text_of("composerField")},
        {"header", text_of("headerDetail")},
        {"suggestions", QJsonArray::fromStringList(client_.compose()->suggestions()->names())},
        {"group_sentence", client_.groups()->error()},
        {"person", client_.person()->loaded() ? client_.person()->name() : QString()},
        {"blocked", client_.person()->blocked()},
        {"list", list_of_conversations()},
        {"dots", dots()},
        {"unread", client_.conversations()->unread_total()}};
    std::puts(QJsonDocument(told).toJson(QJsonDocument::Compact).constData());
    std::fflush(stdout);
  }

  ChatClient client_;
  AppSettings settings_;
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
