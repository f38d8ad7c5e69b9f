// What the palette offers, and in which order.
#include "qml-client/src/palette_model.h"

#include <gtest/gtest.h>

#include <QSignalSpy>
#include <string>
#include <vector>

namespace starling_app {
namespace {

using Titles = std::vector<std::string>;

starling::Conversation direct(qint64 id, const std::string& name) {
  starling::Conversation made;
  made.id = id;
  made.title = name;
  made.peer_id = 100 + id;
  return made;
}

starling::Account person(const std::string& name, const std::string& shown) {
  starling::Account made;
  made.id = 7;
  made.name = name;
  made.display_name = shown;
  return made;
}

class Palette : public testing::Test {
 protected:
  Palette() {
    for (qint64 id = 1; id <= 8; ++id) {
      conversations_.upsert(direct(id, "peer" + std::to_string(id)));
    }
    conversations_.set_display_name("peer3", "Grace Hopper");
    starling::Conversation group;
    group.id = 20;
    group.title = "Settling in";
    group.kind = starling::ConversationKind::kGroup;
    conversations_.upsert(group);
    model_.set_self_name("ada");
    model_.begin();
  }

  Titles titles() {
    Titles all;
    for (int row = 0; row < model_.count(); ++row) all.push_back(title(row));
    return all;
  }
  std::string title(int row) { return at(row, PaletteModel::TitleRole).toString().toStdString(); }
  QVariant at(int row, int role) { return model_.data(model_.index(row), role); }

  ConversationsModel conversations_;
  PaletteModel model_{conversations_};
};

TEST_F(Palette, BeginsWithTheNewestConversationsAndAllActions) {
  ASSERT_EQ(model_.count(), PaletteModel::kRecent + static_cast<int>(AppAction::all().size()));
  EXPECT_EQ(at(0, PaletteModel::KindRole).toInt(), PaletteModel::Conversation);
  EXPECT_EQ(at(PaletteModel::kRecent, PaletteModel::KindRole).toInt(), PaletteModel::Action);
  EXPECT_EQ(at(PaletteModel::kRecent, PaletteModel::KeysRole).toString(), QStringLiteral("Ctrl+N"));
}

TEST_F(Palette, FindsByTheNameThatIsShownAndByTheAccounts) {
  model_.set_query("gh");
  ASSERT_GE(model_.count(), 1);
  EXPECT_EQ(title(0), "Grace Hopper");
  EXPECT_EQ(at(0, PaletteModel::DetailRole).toString(), QStringLiteral("peer3"));
  model_.set_query("peer3");
  EXPECT_EQ(titles(), Titles{"Grace Hopper"});
  model_.set_query("settings");
  EXPECT_EQ(titles(), Titles{"Settings"});
  model_.set_query("sett");
  ASSERT_GE(model_.count(), 2);  // The shorter one fits better; letters far apart come last.
  EXPECT_EQ(title(0), "Settings");
  EXPECT_EQ(title(1), "Settling in");
  EXPECT_TRUE(at(1, PaletteModel::GroupRole).toBool());
  model_.set_query("xyz");
  EXPECT_EQ(model_.count(), 0);
}

TEST_F(Palette, AddsPeopleOfTheDirectoryOnceAndNotOneself) {
  QSignalSpy wanted(&model_, &PaletteModel::people_wanted);
  model_.set_query("p");
  model_.set_query("pe");
  ASSERT_TRUE(wanted.wait());
  ASSERT_EQ(wanted.count(), 1);  // After a pause, for the last of them.
  EXPECT_EQ(wanted[0][1].toString(), QStringLiteral("pe*"));
  const int question = wanted[0][0].toInt();
  starling::Account deleted = person("perdu", "");
  deleted.deleted = true;
  model_.apply_people(question - 1, {person("petra", "Petra")});
  EXPECT_EQ(at(0, PaletteModel::KindRole).toInt(), PaletteModel::Conversation);
  model_.apply_people(
      question, {person("petra", "Petra"), person("peer1", "One"), person("ada", "Pea"), deleted});
  int people = 0;
  for (int row = 0; row < model_.count(); ++row) {
    if (at(row, PaletteModel::KindRole).toInt() != PaletteModel::Person) continue;
    ++people;
    EXPECT_EQ(title(row), "Petra");
  }
  EXPECT_EQ(people, 1);
}

TEST_F(Palette, SaysWhatWasChosen) {
  QSignalSpy conversations(&model_, &PaletteModel::conversationChosen);
  QSignalSpy people(&model_, &PaletteModel::personChosen);
  QSignalSpy actions(&model_, &PaletteModel::actionChosen);
  QSignalSpy wanted(&model_, &PaletteModel::people_wanted);
  model_.choose(-1);
  model_.choose(model_.count());
  model_.set_query("grace");
  model_.choose(0);
  ASSERT_EQ(conversations.count(), 1);
  EXPECT_EQ(conversations[0][0].toLongLong(), 3);
  model_.set_query("log out");
  model_.choose(0);
  ASSERT_EQ(actions.count(), 1);
  EXPECT_EQ(actions[0][0].toInt(), AppAction::LogOut);
  model_.set_query("zoe");
  ASSERT_TRUE(wanted.wait());
  model_.apply_people(wanted.back()[0].toInt(), {person("zoe", "Zoe")});
  model_.choose(0);
  ASSERT_EQ(people.count(), 1);
  EXPECT_EQ(people[0][0].toString(), QStringLiteral("zoe"));
}

}  // namespace
}  // namespace starling_app
