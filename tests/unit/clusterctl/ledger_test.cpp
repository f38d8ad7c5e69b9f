// The demo's checker must find what the demo claims not to happen: it is fed lost, doubled,
// reordered and invented histories here.
#include "clusterctl/ledger.h"

#include <gtest/gtest.h>

namespace starling::ctl {
namespace {

// ada and bob take turns: "ada 1", "bob 1", "ada 2", ... all acknowledged, at seq 1, 2, 3, ...
class LedgerTest : public ::testing::Test {
 protected:
  LedgerTest() {
    for (int i = 1; i <= 10; ++i) {
      const std::string sender = i % 2 == 1 ? "ada" : "bob";
      const std::string body = sender + " " + std::to_string((i + 1) / 2);
      ledger_.sent(sender, body);
      ledger_.acknowledged(body, i, 100 + i);
      history_.push_back({i, 100 + i, sender, body});
    }
  }

  void expect(std::size_t lost, std::size_t doubled, std::size_t reordered, std::size_t invented) {
    const Verdict verdict = ledger_.check(history_);
    EXPECT_EQ(verdict.messages, history_.size());
    EXPECT_EQ(verdict.lost, lost);
    EXPECT_EQ(verdict.doubled, doubled);
    EXPECT_EQ(verdict.reordered, reordered);
    EXPECT_EQ(verdict.invented, invented);
    EXPECT_EQ(verdict.clean(), lost + doubled + reordered + invented == 0);
    EXPECT_EQ(verdict.examples.empty(), verdict.clean());
  }

  Ledger ledger_;
  std::vector<Observed> history_;
};

TEST_F(LedgerTest, AFaithfulHistoryIsClean) {
  EXPECT_EQ(ledger_.acknowledged_count(), 10U);
  EXPECT_EQ(ledger_.sent_count(), 10U);
  expect(0, 0, 0, 0);
}

TEST_F(LedgerTest, AnAckIsCountedOnce) {
  ledger_.acknowledged("ada 1", 1, 101);
  EXPECT_EQ(ledger_.acknowledged_count(), 10U);
}

TEST_F(LedgerTest, FindsALostMessageInTheMiddle) {
  history_.erase(history_.begin() + 4);
  expect(1, 0, 0, 0);
}

TEST_F(LedgerTest, FindsALostTail) {
  history_.resize(7);
  expect(3, 0, 0, 0);
}

TEST_F(LedgerTest, FindsThatEverythingIsLost) {
  history_.clear();
  expect(10, 0, 0, 0);
}

TEST_F(LedgerTest, FindsAGapThatNobodyWasAcknowledgedFor) {
  ledger_.sent("ada", "late");
  history_.push_back({12, 112, "ada", "late"});
  expect(1, 0, 0, 0);
}

TEST_F(LedgerTest, FindsAMessageDeliveredTwice) {
  history_.push_back(history_[3]);
  expect(0, 1, 0, 0);
}

TEST_F(LedgerTest, FindsAMessageStoredTwice) {
  history_.push_back({11, 111, "bob", "bob 2"});
  expect(0, 1, 0, 0);
}

TEST_F(LedgerTest, FindsTwoMessagesWithOneNumber) {
  ledger_.sent("ada", "twin");
  history_.push_back({10, 120, "ada", "twin"});
  expect(0, 1, 0, 0);
}

TEST_F(LedgerTest, FindsDeliveryOutOfSequence) {
  std::swap(history_[2], history_[3]);
  expect(0, 0, 1, 0);
}

TEST_F(LedgerTest, FindsASenderWhoseCallsChangedPlaces) {
  Ledger ledger;
  ledger.sent("ada", "first");
  ledger.sent("ada", "second");
  const Verdict verdict = ledger.check({{1, 11, "ada", "second"}, {2, 12, "ada", "first"}});
  EXPECT_EQ(verdict.reordered, 1U);
  EXPECT_EQ(verdict.lost + verdict.doubled + verdict.invented, 0U);
}

TEST_F(LedgerTest, FindsAMessageElsewhereThanAcknowledged) {
  history_[9].id = 999;
  expect(0, 0, 1, 0);
}

TEST_F(LedgerTest, FindsAMessageThatNobodySent) {
  history_.push_back({11, 111, "ada", "out of thin air"});
  expect(0, 0, 0, 1);
}

TEST_F(LedgerTest, FindsAMessageUnderAnothersName) {
  history_[5].sender = "ada";
  expect(0, 0, 0, 1);
}

TEST_F(LedgerTest, FindsARefusedMessageThatIsThere) {
  ledger_.sent("bob", "refused");
  ledger_.refused("refused");
  expect(0, 0, 0, 0);
  history_.push_back({11, 111, "bob", "refused"});
  expect(0, 0, 0, 1);
}

TEST_F(LedgerTest, AnUnansweredSendMayBeThereOrNot) {
  ledger_.sent("bob", "who knows");
  expect(0, 0, 0, 0);
  history_.push_back({11, 111, "bob", "who knows"});
  expect(0, 0, 0, 0);
}

TEST_F(LedgerTest, FindsSeveralFaultsAtOnceAndNamesThem) {
  history_.erase(history_.begin() + 8);  // Lost: "ada 5".
  history_.push_back(history_.front());  // Doubled: "ada 1".
  std::swap(history_[1], history_[2]);   // Reordered.
  history_.push_back({11, 111, "eve", "invented"});
  expect(1, 1, 1, 1);
  EXPECT_EQ(ledger_.check(history_).examples.size(), 4U);
}

}  // namespace
}  // namespace starling::ctl
