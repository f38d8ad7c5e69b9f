// Pictures of a group and of what one does to its messages. See screenshots_families.h.
#include <utility>

#include "qml-client/src/screenshots_families.h"

namespace starling_app {
namespace {

// The menu of the newest message, as the keyboard opens it.
bool menu(Photographer& photographer) {
  QObject* list = photographer.item("timelineList");
  if (list == nullptr) return false;
  list->setProperty("currentIndex", 0);
  QMetaObject::invokeMethod(list, "forceActiveFocus");
  photographer.press(Qt::Key_Return);
  const bool taken = photographer.both(QStringLiteral("message-menu"));
  photographer.press(Qt::Key_Escape);
  return taken;
}

bool compose(Photographer& photographer) {
  ComposeModel& compose = *photographer.client().compose();
  compose.beginReply(photographer.seq_of("On my way"));
  photographer.type("composerField", QStringLiteral("With extra chili for @"));
  if (!photographer.both(QStringLiteral("reply"))) return false;
  photographer.type("composerField", QString());
  compose.cancel();
  compose.beginEdit(photographer.seq_of("I take the second"));
  if (!photographer.both(QStringLiteral("edit"))) return false;
  compose.cancel();
  return true;
}

bool history(Photographer& photographer) {
  QObject* popup = photographer.item("historyPopup");
  if (popup == nullptr) return false;
  const qint64 seq = photographer.seq_of("I take the second");
  QMetaObject::invokeMethod(popup, "show", Q_ARG(QVariant, QVariant::fromValue(seq)));
  const MessageActions& actions = *photographer.client().actions();
  return photographer.wait("the history", [&] { return actions.history().size() == 2; }) &&
         photographer.both(QStringLiteral("history")) && photographer.close_panel("historyPopup");
}

bool making_one(Photographer& photographer) {
  ChatClient& client = photographer.client();
  if (!photographer.open_panel("newGroupDialog")) return false;
  photographer.settle();
  photographer.type("groupTitle", QStringLiteral("Noodles on Thursday"));
  for (const auto& [name, shown] : {std::pair("mei-lin", "Mei-Lin Zhao"),
                                    {"tomas", "Tomás Fernández"},
                                    {"noor", "Noor Haddad"}}) {
    client.groups()->choose(QString::fromUtf8(name), QString::fromUtf8(shown));
  }
  return photographer.wait("people", [&] { return client.people()->count() > 0; }) &&
         photographer.both(QStringLiteral("new-group")) &&
         photographer.close_panel("newGroupDialog");
}

// What the owner of a group is asked and may do.
bool owning_one(Photographer& photographer) {
  const MembersModel& members = *photographer.client().groups()->members();
  if (!photographer.open("Reading circle") ||
      !photographer.wait("the members", [&] { return members.count() == 4; })) {
    return false;
  }
  photographer.click("membersButton");
  photographer.settle();
  QObject* list = photographer.item("memberList");
  if (list == nullptr) return false;
  list->setProperty("unfolded", members.data(members.index(1), MembersModel::AccountIdRole));
  if (!photographer.both(QStringLiteral("member-unfolded"))) return false;
  list->setProperty("unfolded", 0);
  photographer.click("renameButton");
  if (!photographer.both(QStringLiteral("group-rename"))) return false;
  photographer.press(Qt::Key_Escape);
  photographer.click("leaveButton");
  if (!photographer.both(QStringLiteral("group-leave")) ||
      !photographer.close_panel("membersPanel")) {
    return false;
  }
  photographer.click("membersButton");
  photographer.settle();
  photographer.click("dissolveButton");
  return photographer.both(QStringLiteral("group-dissolve")) &&
         photographer.close_panel("membersPanel");
}

}  // namespace

bool take_group_pictures(Photographer& photographer) {
  const MembersModel& members = *photographer.client().groups()->members();
  if (!photographer.open("Cluster night") ||
      !photographer.wait("the members", [&] { return members.count() == 5; }) ||
      !photographer.both(QStringLiteral("group")) || !menu(photographer) ||
      !compose(photographer) || !history(photographer)) {
    return false;
  }
  photographer.click("membersButton");
  return photographer.both(QStringLiteral("members")) && photographer.close_panel("membersPanel") &&
         making_one(photographer) && owning_one(photographer) && photographer.open("grace");
}

}  // namespace starling_app
