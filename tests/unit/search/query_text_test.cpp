// What people type into a search field.
#include "server/search/query_text.h"

#include <gtest/gtest.h>

#include "server/search/words.h"

namespace starling::search {
namespace {

using Strings = std::vector<std::string>;

std::string expression(std::string_view text) {
  const QueryText query = parse_query(text);
  EXPECT_EQ(query.error, "") << text;
  return query.expression;
}

TEST(QueryTextTest, AllWordsAreWanted) {
  EXPECT_EQ(expression("red  Fox "), "\"red\" AND \"Fox\"");
}

TEST(QueryTextTest, TheLastWordMayGoOnWhileNothingFollowsIt) {
  EXPECT_EQ(expression("red fo"), "\"red\" AND \"fo\" *");
  EXPECT_EQ(expression("red f"), "\"red\" AND \"f\"");
  EXPECT_EQ(expression("f*"), "\"f\" *");
  EXPECT_EQ(expression("fo* red "), "\"fo\" * AND \"red\"");
}

TEST(QueryTextTest, PhrasesStayTogether) {
  EXPECT_EQ(expression("\"red fox\" ran "), "\"red fox\" AND \"ran\"");
  EXPECT_EQ(expression("\"red fo\"*"), "\"red fo\" *");
  EXPECT_EQ(expression("\"red fox"), "\"red fox\"");  // Still being typed.
}

TEST(QueryTextTest, NothingOfTheExpressionLanguageGetsThrough) {
  EXPECT_EQ(expression("a OR NOT b "), "\"a\" AND \"OR\" AND \"NOT\" AND \"b\"");
  EXPECT_EQ(expression("x^2 {a}:(b) "), "\"x^2\" AND \"{a}:(b)\"");
  EXPECT_EQ(expression("say\"hi\" "), "\"say\" AND \"hi\"");
  EXPECT_EQ(expression(std::string_view("a\0b ", 4)), "\"a b\"");
}

TEST(QueryTextTest, ChineseIsAPhraseOfItsCharacters) {
  EXPECT_EQ(expression("你好 "), "\"" + index_form("你好") + "\"");
}

TEST(QueryTextTest, FiltersAreTakenOut) {
  const QueryText query = parse_query("from:@Ada from:bob in:\"Weekend trip\" in:carol hi ");
  EXPECT_EQ(query.error, "");
  EXPECT_EQ(query.from, (Strings{"ada", "bob"}));
  EXPECT_EQ(query.in, (Strings{"Weekend trip", "carol"}));
  EXPECT_EQ(query.expression, "\"hi\"");
}

TEST(QueryTextTest, DaysAreOfUtcAndExcludeThemselves) {
  const QueryText query = parse_query("after:2024-02-28 before:2024-03-01");
  EXPECT_EQ(query.error, "");
  EXPECT_EQ(query.since, 1'709'164'800'000);  // 2024-02-29: a leap year.
  EXPECT_EQ(query.until, 1'709'251'200'000);  // 2024-03-01
  EXPECT_EQ(query.expression, "");
}

TEST(QueryTextTest, OfSeveralDaysTheNarrowestCount) {
  const QueryText query =
      parse_query("after:2024-01-01 after:2023-01-01 before:2025-01-01 before:2026-01-01");
  EXPECT_EQ(query.since, parse_query("after:2024-01-01").since);
  EXPECT_EQ(query.until, parse_query("before:2025-01-01").until);
}

TEST(QueryTextTest, WhatIsWrongIsSaid) {
  EXPECT_EQ(parse_query("before:tomorrow").error, "before: wants a day, such as 2026-11-26");
  EXPECT_EQ(parse_query("after:2023-02-29").error, "after: wants a day, such as 2026-11-26");
  EXPECT_EQ(parse_query("after:2023-13-01 x").error, "after: wants a day, such as 2026-11-26");
  EXPECT_EQ(parse_query("from: ada").error, "from: needs something behind it");
  EXPECT_EQ(parse_query("  ").error, "there is no word to search for");
  EXPECT_EQ(parse_query("?!").error, "there is no word to search for");
  EXPECT_EQ(parse_query(std::string(513, 'a')).error, "a search has at most 512 bytes");
  std::string many;
  for (int i = 0; i < 17; ++i) many += "w ";
  EXPECT_EQ(parse_query(many).error, "a search has at most 16 words and filters");
}

TEST(QueryTextTest, OtherColonsAreText) {
  EXPECT_EQ(expression("http://a.b from "), "\"http://a.b\" AND \"from\"");
}

}  // namespace
}  // namespace starling::search
