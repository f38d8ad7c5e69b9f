// Which name a few letters mean.
#include "qml-client/src/fuzzy.h"

#include <gtest/gtest.h>

namespace starling_app {
namespace {

TEST(Fuzzy, TheLettersHaveToBeThereInTheirOrder) {
  EXPECT_GE(fuzzy_score("gh", "Grace Hopper"), 0);
  EXPECT_EQ(fuzzy_score("hg", "Grace Hopper"), -1);
  EXPECT_EQ(fuzzy_score("graces", "Grace"), -1);
  EXPECT_EQ(fuzzy_score("a", ""), -1);
  EXPECT_EQ(fuzzy_score("", "Grace"), 0);
  EXPECT_EQ(fuzzy_score("  ", ""), 0);
}

TEST(Fuzzy, CaseAccentsAndBlanksDoNotMatter) {
  EXPECT_EQ(fuzzy_score("GRACE", "grace"), fuzzy_score("grace", "Grace"));
  EXPECT_GE(fuzzy_score("fernandez", QString::fromUtf8("Tomás Fernández")), 0);
  EXPECT_GE(fuzzy_score(QString::fromUtf8("béla"), "Bela"), 0);
  EXPECT_GE(fuzzy_score("new gr", "New group"), 0);
}

TEST(Fuzzy, LettersInARowAndAtTheBeginningOfWordsCountMore) {
  EXPECT_GT(fuzzy_score("ben", "Ben Okafor"), fuzzy_score("ben", "Bela Kovacs Nora"));
  EXPECT_GT(fuzzy_score("gh", "Grace Hopper"), fuzzy_score("gh", "Weigh in"));
  EXPECT_GT(fuzzy_score("ho", "Grace Hopper"), fuzzy_score("ho", "Thomas"));
  EXPECT_GT(fuzzy_score("gra", "Grace"), fuzzy_score("gra", "Photography"));
  EXPECT_GT(fuzzy_score("ada", "ada"), fuzzy_score("ada", "ada and the others"));
  // The first letter that fits is not always the best one.
  EXPECT_EQ(fuzzy_score("set", "Easter Settings"), fuzzy_score("set", "Eabber Settings"));
}

}  // namespace
}  // namespace starling_app
