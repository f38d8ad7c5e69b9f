// A timeline over a long history that answers its questions when a test says so.
#pragma once

#include <gtest/gtest.h>

#include <algorithm>

#include "qml-client/src/timeline_model.h"

namespace starling_app {

class TimelineHistory : public testing::Test {
 protected:
  static constexpr qint64 kChat = 7;
  static constexpr qint64 kSelf = 1;
  static constexpr qint64 kPeer = 2;
  static constexpr int kNewerPage = 200;

  explicit TimelineHistory(qint64 last = 2'500) : last_(last) {
    QObject::connect(&model_, &TimelineModel::older_wanted, &model_,
                     [this](qint64, qint64 before) { before_ = before; });
    QObject::connect(&model_, &TimelineModel::newer_wanted, &model_,
                     [this](qint64, qint64 after) { after_ = after; });
  }

  static starling::Message message(qint64 seq) {
    starling::Message made;
    made.conversation_id = kChat;
    made.seq = seq;
    made.sender_id = kPeer;
    made.sender = "bob";
    made.body = std::to_string(seq);
    made.sent_at_ms = 1'700'000'000'000 + seq;
    return made;
  }
  // An own message on its way.
  static starling::OutboxEntry own(starling::OutboxState state, qint64 seq = 0) {
    starling::OutboxEntry made;
    made.id = 1;
    made.conversation_id = kChat;
    made.body = "own";
    made.state = state;
    made.seq = seq;
    return made;
  }
  // The question of the last older_wanted, or of an earlier one.
  void answer_older() { answer_older(before_); }
  void answer_older(qint64 before) {
    const qint64 end = before == 0 ? last_ + 1 : before;
    starling::Page<starling::Message> page;
    page.items = messages(std::max<qint64>(1, end - TimelineModel::kPage), end);
    page.more = page.items.front().seq > 1;
    model_.apply_page(kChat, model_.era(), before, page);
  }
  void answer_newer() { answer_newer(model_.era()); }
  void answer_newer(int era) {
    starling::Page<starling::Message> page;
    page.items = messages(after_ + 1, std::min(last_, after_ + kNewerPage) + 1);
    page.more = after_ + kNewerPage < last_;
    model_.apply_newer(kChat, era, after_, page);
  }
  void answer_around(qint64 seq, int question) {
    constexpr qint64 kHalf = TimelineModel::kPage / 2;
    starling::MessageWindow window;
    window.items = messages(std::max<qint64>(1, seq - kHalf), std::min(last_ + 1, seq + kHalf));
    window.more_before = window.items.front().seq > 1;
    window.more_after = window.items.back().seq < last_;
    model_.apply_around(kChat, question, window);
  }
  void read_back_to_the_first() {
    while (model_.canFetchMore({})) {
      model_.fetchMore({});
      answer_older();
      expect_a_window();
    }
  }
  void expect_a_window() const {
    ASSERT_LE(model_.count(), TimelineModel::kMaxStored);
    for (int row = 1; row < model_.count(); ++row) ASSERT_EQ(seq(row), seq(row - 1) - 1);
  }
  qint64 seq(int row) const {
    return model_.data(model_.index(row), TimelineModel::SeqRole).toLongLong();
  }
  qint64 oldest() const { return seq(model_.count() - 1); }

  qint64 last_;
  qint64 before_ = -1;
  qint64 after_ = -1;
  TimelineModel model_;

 private:
  static std::vector<starling::Message> messages(qint64 begin, qint64 end) {
    std::vector<starling::Message> made;
    for (qint64 seq = begin; seq < end; ++seq) made.push_back(message(seq));
    return made;
  }
};

}  // namespace starling_app
