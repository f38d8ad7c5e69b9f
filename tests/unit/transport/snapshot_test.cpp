// FetchSnapshot: chunks in order, resumed where they broke off, given to members only.
#include "server/transport/snapshot_client.h"
#include "tests/unit/transport/fixture.h"

namespace starling::transport {
namespace {

constexpr core::NodeId kReceiver = 12;

class FetchSnapshot : public TransportTest {
 protected:
  FetchSnapshot() {
    header_.id = 77;
    header_.index = 40;
    header_.term = 3;
    header_.stamp_ms = 123;
    header_.configuration_index = 2;
    header_.configuration = "members";
    header_.state_hash = 99;
    backend_.set_snapshot(header_, bytes_, 100);
    backend_.add_listed({kReceiver, "127.0.0.1:1", ServerRole::kLearner, ServerHealth::kUp, false});
    request_.target = server_->bound_address();
    request_.cluster = 7;
    request_.epoch = 1;
    request_.from = kReceiver;
    request_.to = 11;
    request_.at_least = 30;
    request_.deadline = std::chrono::steady_clock::now() + std::chrono::seconds(20);
  }

  // Takes until `most` bytes have come.
  bool fetch(std::size_t most = ~std::size_t{0}) {
    SnapshotCallbacks callbacks;
    callbacks.on_header = [&](const SnapshotHeader& header, std::uint64_t offset) {
      got_ = header;
      from_ = offset;
      received_.resize(offset);
      return true;
    };
    callbacks.on_chunk = [&](const SnapshotChunk& chunk) {
      EXPECT_EQ(chunk.offset, received_.size());
      EXPECT_EQ(chunk.checksum, chunk.offset + 1);
      received_ += chunk.data;
      return received_.size() < most;
    };
    SnapshotClient client;
    return client.run(request_, callbacks, error_);
  }

  SnapshotHeader header_;
  const std::string bytes_ = std::string(950, 'a') + std::string(1'000, 'b');
  SnapshotRequest request_;
  SnapshotHeader got_;
  std::uint64_t from_ = 0;
  std::string received_;
  std::string error_;
};

TEST_F(FetchSnapshot, ArrivesWholeWithItsHeader) {
  ASSERT_TRUE(fetch()) << error_;
  EXPECT_EQ(received_, bytes_);
  EXPECT_EQ(got_.id, 77u);
  EXPECT_EQ(got_.index, 40u);
  EXPECT_EQ(got_.term, 3u);
  EXPECT_EQ(got_.stamp_ms, 123);
  EXPECT_EQ(got_.configuration_index, 2u);
  EXPECT_EQ(got_.configuration, "members");
  EXPECT_EQ(got_.state_hash, 99u);
  EXPECT_EQ(got_.size, bytes_.size());
}

TEST_F(FetchSnapshot, GoesOnWhereItBrokeOff) {
  EXPECT_FALSE(fetch(500));
  ASSERT_EQ(received_.size(), 500u);
  request_.id = 77;
  request_.offset = received_.size();
  ASSERT_TRUE(fetch()) << error_;
  EXPECT_EQ(from_, 500u);
  EXPECT_EQ(received_, bytes_);
}

TEST_F(FetchSnapshot, AnotherOneBeginsAnew) {
  EXPECT_FALSE(fetch(500));
  header_.id = 78;
  backend_.set_snapshot(header_, bytes_, 100);
  request_.id = 77;
  request_.offset = 500;
  ASSERT_TRUE(fetch()) << error_;
  EXPECT_EQ(from_, 0u);
  EXPECT_EQ(got_.id, 78u);
  EXPECT_EQ(received_, bytes_);
}

TEST_F(FetchSnapshot, AnOffsetBeyondTheEndBeginsAnew) {
  request_.id = 77;
  request_.offset = bytes_.size() + 1;
  ASSERT_TRUE(fetch()) << error_;
  EXPECT_EQ(from_, 0u);
}

TEST_F(FetchSnapshot, OneThatIsBehindSaysSo) {
  request_.at_least = 41;
  EXPECT_FALSE(fetch());
  EXPECT_TRUE(received_.empty());
}

TEST_F(FetchSnapshot, IsForMembersOfThisClusterOnly) {
  request_.from = 13;
  EXPECT_FALSE(fetch());
  EXPECT_NE(error_.find("no member"), std::string::npos) << error_;
  request_.from = kReceiver;
  request_.cluster = 8;
  EXPECT_FALSE(fetch());
  request_.cluster = 7;
  request_.epoch = 2;
  EXPECT_FALSE(fetch());
  request_.epoch = 1;
  request_.to = 14;
  EXPECT_FALSE(fetch());
  EXPECT_TRUE(received_.empty());
}

TEST_F(FetchSnapshot, WhatIsShorterThanAnnouncedIsNotWhole) {
  header_.size = 0;
  backend_.set_snapshot(header_, bytes_, 100);
  backend_.cut_snapshot(1'000);
  EXPECT_FALSE(fetch());
  EXPECT_EQ(received_.size(), 1'000u);
}

}  // namespace
}  // namespace starling::transport
