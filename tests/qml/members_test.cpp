// Who is in a group, and what each role may do with whom.
#include "qml-client/src/members_model.h"

#include <gtest/gtest.h>

#include <QSignalSpy>

namespace starling_app {
namespace {

using starling::MemberRole;

constexpr qint64 kGroup = 7;
constexpr qint64 kSelf = 2;

starling::Member member(qint64 id, const std::string& name, MemberRole role) {
  starling::Member made;
  made.account.id = id;
  made.account.name = name;
  made.role = role;
  return made;
}

class Members : public testing::Test {
 protected:
  Members() {
    model_.open(kGroup, kSelf);
    model_.apply_page(kGroup, 0,
                      {{member(1, "bob", MemberRole::kMember), member(2, "me", MemberRole::kMember),
                        member(3, "zoe", MemberRole::kOwner), member(4, "amy", MemberRole::kAdmin),
                        member(5, "al", MemberRole::kMember)},
                       false});
  }
  std::vector<std::string> names(int role = 0) const {
    std::vector<std::string> found;
    for (int row = 0; row < model_.count(); ++row) {
      if (role != 0 && !model_.data(model_.index(row), role).toBool()) continue;
      found.push_back(
          model_.data(model_.index(row), MembersModel::NameRole).toString().toStdString());
    }
    return found;
  }

  MembersModel model_;
};

using Names = std::vector<std::string>;

TEST_F(Members, TheOwnerComesFirstThenAdminsThenNames) {
  EXPECT_EQ(names(), (Names{"zoe", "amy", "al", "bob", "me"}));
  EXPECT_EQ(names(MembersModel::SelfRole), Names{"me"});
  EXPECT_TRUE(model_.complete());
}

TEST_F(Members, AMemberMayDoNothingToOthers) {
  for (const int role : {MembersModel::CanRemoveRole, MembersModel::CanMakeAdminRole,
                         MembersModel::CanTakeAdminRole, MembersModel::CanMakeOwnerRole}) {
    EXPECT_EQ(names(role), Names{});
  }
}

TEST_F(Members, AnAdminMayRemoveMembersOnly) {
  model_.set_own_role(MemberRole::kAdmin);
  EXPECT_EQ(names(MembersModel::CanRemoveRole), (Names{"al", "bob"}));
  EXPECT_EQ(names(MembersModel::CanMakeAdminRole), Names{});
  EXPECT_EQ(names(MembersModel::CanMakeOwnerRole), Names{});
}

TEST_F(Members, TheOwnerGivesAndTakesRoles) {
  model_.open(kGroup, 3);
  model_.apply_page(kGroup, 0,
                    {{member(1, "bob", MemberRole::kMember), member(3, "zoe", MemberRole::kOwner),
                      member(4, "amy", MemberRole::kAdmin)},
                     false});
  model_.set_own_role(MemberRole::kOwner);
  EXPECT_EQ(names(MembersModel::CanRemoveRole), (Names{"amy", "bob"}));
  EXPECT_EQ(names(MembersModel::CanMakeAdminRole), Names{"bob"});
  EXPECT_EQ(names(MembersModel::CanTakeAdminRole), Names{"amy"});
  EXPECT_EQ(names(MembersModel::CanMakeOwnerRole), (Names{"amy", "bob"}));
}

TEST_F(Members, PagesFollowEachOtherAndLateOnesDoNotCount) {
  QSignalSpy wanted(&model_, &MembersModel::page_wanted);
  model_.open(8, kSelf);
  model_.apply_page(kGroup, 0, {{member(9, "late", MemberRole::kMember)}, false});
  EXPECT_EQ(names(), Names{});
  model_.apply_page(8, 0, {{member(1, "bob", MemberRole::kMember)}, true});
  EXPECT_FALSE(model_.complete());
  ASSERT_TRUE(model_.canFetchMore({}));
  model_.fetchMore({});
  ASSERT_EQ(wanted.size(), 2);
  EXPECT_EQ(wanted[1][1].toLongLong(), 1);
  model_.apply_page(8, 1, {{member(2, "amy", MemberRole::kMember)}, false});
  EXPECT_EQ(names(), (Names{"amy", "bob"}));
  model_.reload();
  EXPECT_EQ(names(), (Names{"amy", "bob"}));  // Until the answer is here.
  model_.apply_page(8, 0, {{member(2, "amy", MemberRole::kOwner)}, false});
  EXPECT_EQ(names(), Names{"amy"});
  model_.reload();
  model_.apply_error(8, "why");
  EXPECT_EQ(model_.notice(), "why");
}

}  // namespace
}  // namespace starling_app
