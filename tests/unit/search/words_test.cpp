// The index form of texts, and the way back from a hit to the text's bytes.
#include "server/search/words.h"

#include <gtest/gtest.h>

namespace starling::search {
namespace {

// `form` with marks around each occurrence of `part` in it.
std::string marked(std::string form, const std::string& part) {
  for (std::size_t at = form.find(part); at != std::string::npos; at = form.find(part, at)) {
    form.insert(at + part.size(), kHitEnd);
    form.insert(at, kHitBegin);
    at += part.size() + 2;
  }
  return form;
}

std::vector<std::string> hits(const std::string& text, const std::string& marked_form) {
  std::vector<Range> ranges;
  EXPECT_TRUE(hits_in(text, marked_form, ranges));
  std::vector<std::string> out;
  for (const Range& range : ranges)
    out.push_back(text.substr(range.begin, range.end - range.begin));
  return out;
}

using Strings = std::vector<std::string>;

TEST(WordsTest, PlainTextStaysAsItIs) {
  EXPECT_EQ(index_form("Hello, wörld!"), "Hello, wörld!");
  EXPECT_EQ(index_form(""), "");
}

TEST(WordsTest, ControlCharactersBecomeSpaces) {
  EXPECT_EQ(index_form(std::string("a\0b\x01"
                                   "c\x1b[0m\x7f",
                                   10)),
            "a b c [0m ");
}

TEST(WordsTest, UnspacedScriptsStandAlone) {
  const std::string gap = "\xe2\x80\x8b";
  EXPECT_EQ(index_form("a你好"), "a" + gap + "你" + gap + gap + "好" + gap);
  EXPECT_EQ(index_form("カ한ก"), gap + "カ" + gap + gap + "한" + gap + gap + "ก" + gap);
}

TEST(WordsTest, EmojiAreDisguisedAndFoundAgain) {
  const std::string text = "so \U0001F600!";
  const std::string form = index_form(text);
  EXPECT_EQ(form.find("\U0001F600"), std::string::npos);
  EXPECT_EQ(hits(text, marked(form, "\U000FF600")), Strings{"\U0001F600"});
}

TEST(WordsTest, HitsComeBackAsBytesOfTheText) {
  const std::string text = "née at 5, née again";
  EXPECT_EQ(hits(text, marked(index_form(text), "née")), (Strings{"née", "née"}));
}

TEST(WordsTest, HitsSideBySideAreOne) {
  const std::string text = "说你好吗";
  std::string form = marked(index_form(text), "你");
  EXPECT_EQ(hits(text, marked(form, "好")), Strings{"你好"});
  std::vector<Range> ranges;
  ASSERT_TRUE(hits_in(text, marked(form, "好"), ranges));
  EXPECT_EQ(ranges, (std::vector<Range>{{3, 9}}));
}

TEST(WordsTest, AHitAcrossGapsReachesFromCharacterToCharacter) {
  const std::string text = "你好";
  std::string form = index_form(text);
  form.insert(form.find("你"), kHitBegin);
  form.insert(form.find("好") + 3, kHitEnd);
  EXPECT_EQ(hits(text, form), Strings{"你好"});
}

TEST(WordsTest, TheFormOfAnotherTextIsRefused) {
  std::vector<Range> ranges;
  EXPECT_FALSE(hits_in("hello", index_form("hallo"), ranges));
  EXPECT_FALSE(hits_in("hello", index_form("hello there"), ranges));
  EXPECT_FALSE(hits_in("hello there", index_form("hello"), ranges));
  EXPECT_FALSE(hits_in("hello", "hel\x01lo", ranges));  // A hit without an end.
}

TEST(WordsTest, PunctuationIsNoWord) {
  for (const char* text : {"", " ", "!?", "…", "—", "。", "、「」", "\xe2\x80\x8b"}) {
    EXPECT_FALSE(has_words(text)) << text;
  }
  for (const char* text : {"a", "7", "é", "你", "\U0001F600", "-x", "…y"}) {
    EXPECT_TRUE(has_words(text)) << text;
  }
}

TEST(WordsTest, BrokenBytesDoNoHarm) {
  std::vector<Range> ranges;
  for (const std::string text : {"\xff", "a\xe4\xbd", "\xf0\x9f", "\xc3"}) {
    EXPECT_TRUE(hits_in(text, index_form(text), ranges));
  }
}

}  // namespace
}  // namespace starling::search
