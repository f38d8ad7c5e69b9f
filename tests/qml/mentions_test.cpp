// The names behind an '@', as the servers read them.
#include "qml-client/src/mentions.h"

#include <gtest/gtest.h>

namespace starling_app {
namespace {

std::vector<std::string> names(const QString& body) {
  std::vector<std::string> found;
  for (const Mention& one : mentions_in(body)) found.push_back(one.name.toStdString());
  return found;
}

using Names = std::vector<std::string>;

TEST(AppMentions, BeginAWordAndEndBeforeTheSentenceDoes) {
  EXPECT_EQ(names("@ada"), Names{"ada"});
  EXPECT_EQ(names("ask @bob. Or @mei-lin, (@ben.okafor)!"),
            (Names{"bob", "mei-lin", "ben.okafor"}));
  EXPECT_EQ(names("mail ada@bob.example, @@bob, @ and @Bob"), Names{});
  EXPECT_EQ(names("@" + QString(33, u'x')), Names{});
  const std::vector<Mention> found = mentions_in("hi @bob.");
  ASSERT_EQ(found.size(), 1U);
  EXPECT_EQ(found[0].start, 3);
  EXPECT_EQ(found[0].length, 4);
}

TEST(AppMentions, OneIsNamedOrNot) {
  EXPECT_TRUE(mentions("lunch, @ada?", "ada"));
  EXPECT_FALSE(mentions("lunch, @adam?", "ada"));
  EXPECT_FALSE(mentions("lunch, ada?", "ada"));
  EXPECT_FALSE(mentions("@", ""));
}

TEST(AppMentions, ABeginningIsWhatStandsBeforeTheCursor) {
  EXPECT_EQ(mention_before("hi @bo there", 6).prefix, "bo");
  EXPECT_EQ(mention_before("hi @bo there", 6).start, 3);
  EXPECT_EQ(mention_before("@", 1).start, 0);
  EXPECT_EQ(mention_before("hi @bo there", 9).start, -1);
  EXPECT_EQ(mention_before("a@bo", 4).start, -1);
  EXPECT_EQ(mention_before("", 0).start, -1);
}

}  // namespace
}  // namespace starling_app
