// What a search shows: excerpts with their hits, pages, and what stands there when nothing does.
#include "qml-client/src/search_model.h"

#include <gtest/gtest.h>

#include <QSignalSpy>
#include <QtTest>

#include "qml-client/src/format.h"

namespace starling_app {
namespace {

starling::SearchHit hit_of(const std::string& body, const std::vector<std::string>& parts) {
  starling::SearchHit hit;
  hit.message.conversation_id = 10;
  hit.message.seq = 3;
  hit.message.sender = "ada";
  hit.message.body = body;
  for (const std::string& part : parts) {
    const auto at = static_cast<std::int64_t>(body.find(part));
    hit.ranges.push_back({at, at + static_cast<std::int64_t>(part.size())});
  }
  return hit;
}

QStringList marked(const Excerpt& excerpt) {
  QStringList out;
  for (qsizetype i = 0; i + 1 < excerpt.hits.size(); i += 2) {
    out << excerpt.text.mid(excerpt.hits[i], excerpt.hits[i + 1]);
  }
  return out;
}

TEST(ExcerptTest, AShortTextIsShownWhole) {
  const Excerpt excerpt = excerpt_of(hit_of("née at the blue boat 🎉 you", {"blue", "you"}));
  EXPECT_EQ(excerpt.text, QStringLiteral("née at the blue boat 🎉 you"));
  EXPECT_EQ(marked(excerpt), (QStringList{"blue", "you"}));
}

TEST(ExcerptTest, ALongTextIsCutAroundTheFirstHit) {
  const std::string filler = std::string(300, 'x') + " ";
  const Excerpt excerpt = excerpt_of(hit_of(filler + "found " + filler, {"found"}), 80);
  EXPECT_TRUE(excerpt.text.startsWith(u'…'));
  EXPECT_TRUE(excerpt.text.endsWith(u'…'));
  EXPECT_LE(excerpt.text.size(), 82);
  EXPECT_EQ(marked(excerpt), QStringList{"found"});
}

// Of thousands those in sight are marked, at their places.
TEST(ExcerptTest, HitsBehindTheExcerptAreLeftOut) {
  std::string body;
  for (int i = 0; i < 5'000; ++i) body += "ä ";
  starling::SearchHit hit = hit_of(body, {});
  for (int i = 0; i < 5'000; ++i) hit.ranges.push_back({i * 3, i * 3 + 2});
  const Excerpt excerpt = excerpt_of(hit, 60);
  EXPECT_EQ(excerpt.hits.size(), 2 * 30);
  for (const QString& part : marked(excerpt)) EXPECT_EQ(part, QStringLiteral("ä"));
}

TEST(ExcerptTest, LinesAndControlsBecomeSpaces) {
  const Excerpt excerpt = excerpt_of(hit_of("one\ntwo\x1b three", {"two"}));
  EXPECT_EQ(excerpt.text, QStringLiteral("one two  three"));
  EXPECT_EQ(marked(excerpt), QStringList{"two"});
}

TEST(ExcerptTest, NoCharacterIsCutInTwo) {
  std::string emoji;
  for (int i = 0; i < 60; ++i) emoji += "🎉";
  for (int length = 60; length < 64; ++length) {
    const Excerpt excerpt = excerpt_of(hit_of(emoji + "end", {"end"}), length);
    EXPECT_TRUE(excerpt.text.isValidUtf16()) << length;
  }
}

class SearchModelTest : public ::testing::Test {
 protected:
  SearchModelTest() {
    QObject::connect(&model_, &SearchModel::page_wanted,
                     [this](int question, const QString& query, bool here, const QString& page) {
                       question_ = question;
                       asked_ << query + (here ? " here " : " ") + page;
                     });
  }
  void type(const QString& query) {
    const qsizetype before = asked_.size();
    model_.set_query(query);
    ASSERT_TRUE(QTest::qWaitFor([&] { return asked_.size() > before; }));
  }
  QVariant value(int row, int role) { return model_.data(model_.index(row), role); }

  std::set<qint64> outdated_;  // By seq.
  SearchModel model_{
      [](qint64 id) {
        return SearchModel::Names{QStringLiteral("chat %1").arg(id),
                                  QStringLiteral("peer.%1").arg(id)};
      },
      [this](const starling::Message& message) { return outdated_.contains(message.seq); }};
  QStringList asked_;
  int question_ = 0;
};

// Deleted, hidden or edited: its words are on no screen any more, also when the answer is older.
TEST_F(SearchModelTest, WhatWasDeletedIsFoundNoMore) {
  ASSERT_NO_FATAL_FAILURE(type("boat"));
  starling::SearchHit other = hit_of("boats", {"boat"});
  other.message.seq = 4;
  model_.apply_page(question_, {{hit_of("a boat", {"boat"}), other}, ""});
  model_.amend(11, 3);  // Of another conversation.
  EXPECT_EQ(model_.count(), 2);
  const qsizetype before = asked_.size();
  model_.amend(10, 3);
  ASSERT_EQ(model_.count(), 1);
  EXPECT_EQ(value(0, SearchModel::SeqRole).toLongLong(), 4);
  ASSERT_TRUE(QTest::qWaitFor([&] { return asked_.size() > before; }));
  outdated_ = {3};
  model_.apply_page(question_, {{hit_of("a boat", {"boat"}), other}, ""});
  ASSERT_EQ(model_.count(), 1);
  model_.drop_conversation(10);
  EXPECT_EQ(model_.count(), 0);
  EXPECT_EQ(model_.notice(), QStringLiteral("Nothing was found."));
}

TEST_F(SearchModelTest, APageOfNothingButOldFormsIsNotTheEnd) {
  ASSERT_NO_FATAL_FAILURE(type("boat"));
  const qsizetype before = asked_.size();
  outdated_ = {3};
  model_.apply_page(question_, {{hit_of("a boat", {"boat"})}, "more"});
  EXPECT_EQ(asked_.size(), before + 1);
  EXPECT_EQ(model_.notice(), QString());
}

TEST_F(SearchModelTest, ShowsWhatWasFound) {
  ASSERT_NO_FATAL_FAILURE(type("boat"));
  EXPECT_TRUE(model_.busy());
  model_.apply_page(question_, {{hit_of("a boat", {"boat"})}, ""});
  ASSERT_EQ(model_.count(), 1);
  EXPECT_EQ(value(0, SearchModel::ConversationRole).toLongLong(), 10);
  EXPECT_EQ(value(0, SearchModel::SeqRole).toLongLong(), 3);
  EXPECT_EQ(value(0, SearchModel::TitleRole).toString(), "chat 10");
  EXPECT_EQ(value(0, SearchModel::InitialsRole).toString(), "C1");
  EXPECT_EQ(value(0, SearchModel::ColorRole).toInt(), avatar_color(QStringLiteral("peer.10")));
  EXPECT_EQ(value(0, SearchModel::ExcerptRole).toString(), "a boat");
  EXPECT_EQ(value(0, SearchModel::HitsRole).value<QList<int>>(), (QList<int>{2, 4}));
  EXPECT_FALSE(model_.busy());
  EXPECT_FALSE(model_.canFetchMore({}));
}

TEST_F(SearchModelTest, GoesOnWhereThePageEnded) {
  ASSERT_NO_FATAL_FAILURE(type("boat"));
  model_.apply_page(question_, {{hit_of("boat one", {"boat"})}, "w9.1"});
  ASSERT_TRUE(model_.canFetchMore({}));
  model_.fetchMore({});
  EXPECT_EQ(asked_.last(), "boat w9.1");
  model_.apply_page(question_, {{}, "o7"});  // Nothing that one may see: it asks on by itself.
  EXPECT_EQ(asked_.last(), "boat o7");
  model_.apply_page(question_, {{hit_of("boat two", {"boat"})}, ""});
  EXPECT_EQ(model_.count(), 2);
}

TEST_F(SearchModelTest, LateAnswersAreDropped) {
  ASSERT_NO_FATAL_FAILURE(type("boat"));
  const int late = question_;
  ASSERT_NO_FATAL_FAILURE(type("boats"));
  model_.apply_page(late, {{hit_of("a boat", {"boat"})}, ""});
  EXPECT_EQ(model_.count(), 0);
  model_.apply_page(question_, {});
  EXPECT_EQ(model_.notice(), "Nothing was found.");
}

TEST_F(SearchModelTest, AnErrorIsSaidInPlace) {
  ASSERT_NO_FATAL_FAILURE(type("boat"));
  model_.apply_page(question_, {{hit_of("a boat", {"boat"})}, ""});
  ASSERT_NO_FATAL_FAILURE(type("before:soon"));
  model_.apply_error(question_, "Before: wants a day.");
  EXPECT_EQ(model_.count(), 0);
  EXPECT_EQ(model_.notice(), "Before: wants a day.");
}

TEST_F(SearchModelTest, AnEmptyFieldFindsNothing) {
  ASSERT_NO_FATAL_FAILURE(type("boat"));
  model_.apply_page(question_, {{hit_of("a boat", {"boat"})}, ""});
  model_.set_query("  ");
  EXPECT_TRUE(QTest::qWaitFor([&] { return model_.count() == 0; }));
  EXPECT_EQ(asked_.size(), 1);
}

TEST_F(SearchModelTest, HereIsAnotherQuestion) {
  ASSERT_NO_FATAL_FAILURE(type("boat"));
  model_.set_here(true);
  EXPECT_TRUE(QTest::qWaitFor([&] { return asked_.size() == 2; }));
  EXPECT_EQ(asked_.last(), "boat here ");
}

}  // namespace
}  // namespace starling_app
