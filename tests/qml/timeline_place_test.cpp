// Where one is in the timeline: what was unread, what has come below, and what leads elsewhere.
#include <gtest/gtest.h>

#include <QSignalSpy>

#include "qml-client/src/timeline_model.h"

namespace starling_app {
namespace {

constexpr qint64 kChat = 7;
constexpr qint64 kSelf = 1;
constexpr qint64 kPeer = 2;

starling::Message message(qint64 seq, qint64 sender, const std::string& body = "words") {
  starling::Message made;
  made.conversation_id = kChat;
  made.seq = seq;
  made.sender_id = sender;
  made.sender = sender == kSelf ? "ada" : "bob";
  made.body = body;
  made.sent_at_ms = 1'700'000'000'000 + seq;
  return made;
}

class TimelinePlace : public testing::Test {
 protected:
  void open(qint64 unread_after) { model_.open(kChat, kSelf, {}, unread_after); }
  void page(std::vector<starling::Message> items, bool more = false, qint64 before = 0) {
    model_.apply_page(kChat, model_.era(), before, {std::move(items), more});
  }
  // The seqs above which the divider stands.
  std::vector<qint64> dividers() const {
    std::vector<qint64> found;
    for (int row = 0; row < model_.count(); ++row) {
      const QModelIndex index = model_.index(row);
      if (!model_.data(index, TimelineModel::UnreadAboveRole).toBool()) continue;
      found.push_back(model_.data(index, TimelineModel::SeqRole).toLongLong());
    }
    return found;
  }

  TimelineModel model_;
};

using Seqs = std::vector<qint64>;

TEST_F(TimelinePlace, TheDividerStandsAboveTheFirstUnreadMessage) {
  open(2);
  page({message(1, kPeer), message(2, kSelf), message(3, kPeer), message(4, kPeer)});
  EXPECT_EQ(dividers(), Seqs{3});
  model_.apply_message(message(5, kPeer));
  EXPECT_EQ(dividers(), Seqs{3});
}

TEST_F(TimelinePlace, NothingUnreadHasNoDivider) {
  open(-1);
  page({message(1, kPeer), message(2, kPeer)});
  EXPECT_EQ(dividers(), Seqs{});
}

TEST_F(TimelinePlace, WhenNothingWasReadItStandsAboveTheOldestOfAll) {
  open(0);
  page({message(51, kPeer), message(52, kPeer)}, true);
  EXPECT_EQ(dividers(), Seqs{});  // There is more above.
  model_.fetchMore({});
  page({message(49, kPeer), message(50, kPeer)}, false, 51);
  EXPECT_EQ(dividers(), Seqs{49});
}

TEST_F(TimelinePlace, AnOwnMessageTakesTheDividerAway) {
  open(1);
  page({message(1, kPeer), message(2, kPeer)});
  ASSERT_EQ(dividers(), Seqs{2});
  starling::OutboxEntry entry;
  entry.id = 1;
  entry.conversation_id = kChat;
  entry.body = "an answer";
  model_.apply_outbox(entry, true);
  EXPECT_EQ(dividers(), Seqs{});
}

TEST_F(TimelinePlace, WhatComesWhileOneReadsElsewhereIsCounted) {
  open(-1);
  page({message(1, kPeer)});
  model_.apply_message(message(2, kPeer));
  EXPECT_EQ(model_.newer(), 0);
  model_.set_at_newest(false);
  model_.apply_message(message(3, kPeer));
  model_.apply_message(message(4, kSelf));
  model_.apply_message(message(3, kPeer));  // Told twice.
  model_.apply_message(message(5, kPeer));
  EXPECT_EQ(model_.newer(), 2);
  QSignalSpy back(&model_, &TimelineModel::at_newest_changed);
  model_.set_at_newest(true);
  EXPECT_EQ(model_.newer(), 0);
  EXPECT_EQ(back.count(), 1);
  model_.set_at_newest(false);
  model_.close();
  EXPECT_TRUE(model_.at_newest());
}

TEST_F(TimelinePlace, AlsoWhileTheWindowIsElsewhere) {
  open(-1);
  page({message(100, kPeer)}, true);
  model_.set_at_newest(false);
  starling::MessageWindow window;
  window.items = {message(10, kPeer)};
  window.more_before = window.more_after = true;
  QSignalSpy asked(&model_, &TimelineModel::around_wanted);
  model_.jumpTo(10);
  model_.apply_around(kChat, asked.at(0)[2].toInt(), window);
  ASSERT_TRUE(model_.detached());
  model_.apply_message(message(101, kPeer));
  EXPECT_EQ(model_.newer(), 1);
  QSignalSpy wanted(&model_, &TimelineModel::older_wanted);
  model_.toNewest();
  ASSERT_EQ(wanted.count(), 1);
  EXPECT_EQ(wanted[0][1].toLongLong(), 0);
}

TEST_F(TimelinePlace, LinksAreTold) {
  open(-1);
  starling::Message gone = message(2, kPeer, "https://b.example");
  gone.deleted = true;
  page({message(1, kPeer, "see https://a.example/x."), gone});
  const auto links = [&](int row) {
    return model_.data(model_.index(row), TimelineModel::LinksRole).toList();
  };
  ASSERT_EQ(links(1).size(), 1);
  const QVariantMap link = links(1)[0].toMap();
  EXPECT_EQ(link["start"].toInt(), 4);
  EXPECT_EQ(link["length"].toInt(), 19);
  EXPECT_EQ(link["url"].toString(), QStringLiteral("https://a.example/x"));
  EXPECT_EQ(links(0).size(), 0);
}

}  // namespace
}  // namespace starling_app
