// Names inside sentences: they turn nothing around them, and none is a pattern.
#include "qml-client/src/sentences.h"

#include <gtest/gtest.h>

namespace starling_app {
namespace {

const QString kArabic = QStringLiteral("\u0639\u0644\u064A");
const QString kTurning = QStringLiteral("b\u202eob");

TEST(AppSentences, ANameKeepsItsDirectionToItself) {
  EXPECT_EQ(isolated(QStringLiteral("e\u202evil\u2069\u2066")), QStringLiteral("\u2068evil\u2069"));
  EXPECT_EQ(isolated(kArabic), QStringLiteral("\u2068\u0639\u0644\u064A\u2069"));
  EXPECT_EQ(isolated(QStringLiteral("\U0001F426")), QStringLiteral("\u2068\U0001F426\u2069"));
  // The end of a paragraph would be the end of the isolate.
  EXPECT_EQ(isolated(QStringLiteral("a\nb\u2029c\rd\u0085e")),
            QStringLiteral("\u2068a b c d e\u2069"));
}

// A Text of QML breaks lines at some, and takes what is behind U+009C for a shorter text.
TEST(AppSentences, ALineHasNoControlCharacters) {
  const QString name =
      QStringLiteral("a\nb\u2028c\u2029d\u0085e\u009cf\u001bg\th") + QChar(0) + u'i';
  EXPECT_EQ(in_one_line(name), QStringLiteral("a b c d e f g h i"));
  EXPECT_EQ(isolated(name), isolated(QStringLiteral("a b c d e f g h i")));
  const QString kept = QStringLiteral("<b>\u202e\u0639\U0001F426\u200d&amp;");
  EXPECT_EQ(in_one_line(kept), kept);
}

// The words of the sentence say where it runs, not the name that it begins with.
TEST(AppSentences, ASentenceRunsAsItsOwnWordsDo) {
  const Sentences sentences;
  const QString sentence = QStringLiteral("%1 (you)");
  EXPECT_TRUE(sentences.spoken(sentence, {kArabic}).isRightToLeft());
  EXPECT_FALSE(sentences.shown(sentence, {kArabic}).isRightToLeft());
}

TEST(AppSentences, TextsStandWhereTheSentenceHasThem) {
  const Sentences sentences;
  EXPECT_EQ(sentences.shown(QStringLiteral("%2 and %1"), {kArabic, kTurning}),
            isolated(QStringLiteral("bob")) + " and " + isolated(kArabic));
  EXPECT_EQ(sentences.spoken(QStringLiteral("%2 and %1"), {kArabic, kTurning}),
            kTurning + " and " + kArabic);
  // No text is a pattern, and what the sentence has no text for stays.
  EXPECT_EQ(sentences.spoken(QStringLiteral("%1: %2"), {"%2 %1", "%%1"}), "%2 %1: %%1");
  EXPECT_EQ(sentences.spoken(QStringLiteral("%1, %2, %0, 100 %"), {"a"}), "a, %2, %0, 100 %");
}

}  // namespace
}  // namespace starling_app
