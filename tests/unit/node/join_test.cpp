// A server that joins, or joins again, and the other side of it: a server of the transport's over a
// made-up node.
#include <filesystem>
#include <fstream>

#include "server/chat/snapshot.h"
#include "server/storage/snapshot_file.h"
#include "tests/unit/node/cluster.h"
#include "tests/unit/transport/fake_backend.h"

namespace starling::node::testing {
namespace {

constexpr core::ClusterId kCluster = 7;  // The made-up node's.
constexpr core::NodeId kSelf = 42;
constexpr const char* kAddress = "127.0.0.1:5109";

// A cluster of one server, which lets everybody in.
class JoinTest : public ::testing::Test {
 protected:
  JoinTest() { data_ = directory_.file("d"); }

  void serve(core::Epoch epoch) {
    transport::ServerOptions options;
    options.listen = "127.0.0.1:0";
    options.cluster = kCluster;
    options.epoch = epoch;
    options.id = 11;
    backend_.epoch = epoch;
    backend_.set_status([&](transport::NodeStatus& status) { status.base_index = base_index_; });
    std::string error;
    server_ = transport::Server::start(options, backend_, error);
    ASSERT_TRUE(server_) << error;
    at_ = server_->bound_address();
    backend_.address = at_;
  }
  ~JoinTest() override {
    if (server_) server_->shutdown(std::chrono::steady_clock::now());
  }

  // What an earlier life of this server has left.
  void begin_with(const storage::Identity& identity) {
    std::unique_ptr<storage::DataDirectory> data;
    ASSERT_TRUE(storage::DataDirectory::open(data_, data).ok());
    ASSERT_TRUE(data->write_identity(identity).ok());
  }
  storage::Identity joining() const {
    storage::Identity identity;
    identity.id = kSelf;
    identity.joining = true;
    identity.address = kAddress;
    identity.join = at_;
    return identity;
  }
  storage::Identity left() const {
    std::unique_ptr<storage::DataDirectory> data;
    storage::Identity identity;
    EXPECT_TRUE(storage::DataDirectory::open(data_, data).ok());
    EXPECT_TRUE(data->read_identity(identity).ok());
    return identity;
  }
  // A member at 127.0.0.1:5109 of the made-up node's cluster, epoch 1, which that node leads.
  void make_member() {
    Opened opened;
    std::string error;
    StartRequest request = this->request();
    ASSERT_TRUE(open_data(request, opened, error)) << error;
    opened.identity.cluster = kCluster;
    ASSERT_TRUE(opened.directory->write_identity(opened.identity).ok());
    core::Configuration members;
    members.members = {{11, at_, true}, {opened.identity.id, kAddress, true}};
    core::Entry made;
    made.term = 1;
    made.index = 2;
    made.kind = core::EntryKind::kConfiguration;
    made.data = core::encode(members);
    core::PersistEntries batch;
    batch.accepting_term = 1;
    batch.entries = {std::make_shared<const core::Entry>(std::move(made))};
    ASSERT_TRUE(opened.log->append({batch}).ok());
  }

  StartRequest request() const {
    StartRequest request;
    request.data = data_;
    request.address = kAddress;
    request.chat_cache_kib = 1'024;
    request.join_timeout_ms = 200;
    return request;
  }

  TempDirectory directory_;
  std::string data_;
  transport::FakeBackend backend_;
  core::Index base_index_ = 0;
  std::unique_ptr<transport::Server> server_;
  std::string at_;
};

class JoinsAgain : public JoinTest {
 protected:
  void expect_kept_out(core::ClusterId wanted, core::Epoch least) {
    storage::Identity before = joining();
    before.wanted_cluster = wanted;
    before.least_epoch = least;
    begin_with(before);
    for (int start = 0; start < 2; ++start) {
      Opened opened;
      std::string error;
      EXPECT_FALSE(open_data(request(), opened, error));
      EXPECT_NE(error.find("none of " + at_), std::string::npos) << error;
    }
    const storage::Identity after = left();
    EXPECT_TRUE(after.joining);
    EXPECT_EQ(after.cluster, 0u);
    EXPECT_EQ(after.wanted_cluster, wanted);
    EXPECT_TRUE(backend_.changes().empty()) << "the other cluster has taken it in";
  }
};

// R3.2, R3.6: what was set aside belongs to one cluster; whoever answers at the address by now.
TEST_F(JoinsAgain, NoOtherCluster) {
  ASSERT_NO_FATAL_FAILURE(serve(3));
  expect_kept_out(kCluster + 1, 2);
}

TEST_F(JoinsAgain, NoEpochThatHasEnded) {
  ASSERT_NO_FATAL_FAILURE(serve(2));
  expect_kept_out(kCluster, 3);
}

// --min-epoch: an epoch between its own and that one has ended, too.
TEST_F(JoinsAgain, NothingIsSetAsideForAnEpochBelowTheLeast) {
  ASSERT_NO_FATAL_FAILURE(serve(2));
  ASSERT_NO_FATAL_FAILURE(make_member());
  const storage::Identity before = left();
  const std::atomic<bool> stop{true};
  StartRequest late = request();
  late.min_epoch = 3;
  late.stop = &stop;
  Opened opened;
  std::string error;
  EXPECT_FALSE(open_data(late, opened, error));
  EXPECT_NE(error.find("no server of epoch 3"), std::string::npos) << error;
  opened = {};
  EXPECT_EQ(left().id, before.id);
  EXPECT_FALSE(std::filesystem::exists(data_ + "/epoch-1"));
}

using Joins = JoinTest;

// One that the members have let go meanwhile would else vote as soon as it has caught up (R3.4).
TEST_F(Joins, OneThatTellsOfItsAddressComesBackAsOneThatWasAway) {
  ASSERT_NO_FATAL_FAILURE(serve(1));
  ASSERT_NO_FATAL_FAILURE(make_member());
  StartRequest moved = request();
  moved.address = "127.0.0.1:5110";
  Opened opened;
  std::string error;
  ASSERT_TRUE(open_data(moved, opened, error)) << error;
  EXPECT_EQ(backend_.changes(), std::vector{core::MembershipOp::kAddReturning});
}

// R2.6: a copy that came and cannot be put in place is no copy that did not come.
TEST_F(Joins, ADiskThatTakesNoCopyEndsIt) {
  const std::string copy = directory_.file("copy.db");
  chat::CopyInfo info;
  {
    std::unique_ptr<chat::Store> store;
    ASSERT_TRUE(chat::Store::open(directory_.file("chat.db"), 1'024, store).ok());
    const chat::Committed entry{1, 1'000'000, false, {}};
    chat::ApplyResult result;
    ASSERT_TRUE(store->apply({&entry, 1}, result).ok());
    ASSERT_TRUE(chat::copy_store(
                    directory_.file("chat.db"), copy, [] { return true; }, info)
                    .ok());
  }
  transport::SnapshotHeader header;
  header.id = 77;
  header.index = header.configuration_index = info.applied_index;
  header.term = 1;
  header.stamp_ms = 1'000'000;
  header.configuration = core::encode({{{11, "127.0.0.1:5101", true}}});
  header.state_hash = info.state_hash;
  backend_.set_snapshot(header, std::string(std::filesystem::file_size(copy), 'x'), 1 << 18);
  storage::SnapshotFile file;
  ASSERT_TRUE(storage::SnapshotFile::open(copy, header.id, file).ok());
  backend_.on_read_snapshot = [&](std::uint64_t offset, std::size_t max_bytes,
                                  transport::SnapshotChunk& out) {
    // From here on no chat store can be opened there: a folder in the way is not removed.
    std::filesystem::create_directories(data_ + "/chat-in-the-way/for-good");
    out.offset = offset;
    return file.read(offset, max_bytes, out.data, out.checksum).ok();
  };
  backend_.add_listed(
      {kSelf, kAddress, transport::ServerRole::kLearner, transport::ServerHealth::kUp, false});
  base_index_ = info.applied_index;
  ASSERT_NO_FATAL_FAILURE(serve(1));
  begin_with(joining());
  Opened opened;
  std::string error;
  EXPECT_FALSE(open_data(request(), opened, error));
  EXPECT_NE(error.find("chat-in-the-way"), std::string::npos) << error;
  opened = {};
  EXPECT_TRUE(left().joining);
}

}  // namespace
}  // namespace starling::node::testing
