// DataDirectory: identity and the states that a directory can be found in.
#include "server/storage/checksum.h"
#include "tests/unit/storage/support.h"

namespace starling::storage {
namespace {

using testing::AllOf;
using testing::HasSubstr;

std::unique_ptr<DataDirectory> open_directory(const std::string& path) {
  std::unique_ptr<DataDirectory> directory;
  const Status status = DataDirectory::open(path, directory);
  EXPECT_TRUE(status.ok()) << status.message();
  return directory;
}

Identity sample() { return {0x0123456789abcdefULL, 0xfedcba9876543210ULL, 3, true, "[::1]:5101"}; }

TEST(DataDirectory, IsMadeWithItsParents) {
  const TempDir dir;
  const auto directory = open_directory(dir.file("a/b/c/"));
  EXPECT_TRUE(std::filesystem::is_directory(dir.file("a/b/c")));
  EXPECT_TRUE(directory->empty());
  EXPECT_FALSE(directory->has_identity());
  EXPECT_GT(directory->bytes(), 0U);  // The lock with its pid.
}

TEST(DataDirectory, KeepsAnIdentity) {
  const TempDir dir;
  Identity wanted = sample();
  {
    const auto directory = open_directory(dir.path());
    Identity none;
    EXPECT_EQ(directory->read_identity(none).kind(), ErrorKind::kInvalid);
    expect_ok(directory->write_identity(wanted));
    wanted.joining = false;
    wanted.address.clear();
    expect_ok(directory->write_identity(wanted));
  }
  const auto directory = open_directory(dir.path());
  EXPECT_TRUE(directory->has_identity());
  EXPECT_FALSE(directory->empty());
  Identity got;
  expect_ok(directory->read_identity(got));
  EXPECT_EQ(got.id, wanted.id);
  EXPECT_EQ(got.cluster, wanted.cluster);
  EXPECT_EQ(got.epoch, wanted.epoch);
  EXPECT_EQ(got.joining, wanted.joining);
  EXPECT_EQ(got.address, wanted.address);
}

TEST(DataDirectory, RefusesAnIdentityThatCannotBe) {
  const TempDir dir;
  const auto directory = open_directory(dir.path());
  Identity identity = sample();
  identity.id = core::kNoNode;
  EXPECT_EQ(directory->write_identity(identity).kind(), ErrorKind::kInvalid);
  identity = sample();
  identity.address = "a\nchecksum b";
  EXPECT_EQ(directory->write_identity(identity).kind(), ErrorKind::kInvalid);
  identity = sample();
  identity.cluster = 0;
  expect_ok(directory->write_identity(identity));
  identity.joining = false;
  EXPECT_EQ(directory->write_identity(identity).kind(), ErrorKind::kInvalid);
}

// The witness of a log that has lost its end (R2.7).
TEST(DataDirectory, SeesAnotherChatStoreWhereOneIsMissing) {
  const TempDir dir;
  const auto directory = open_directory(dir.path());
  std::string other;
  expect_ok(directory->find_another_store("chat.db", other));
  EXPECT_EQ(other, "");
  for (const char* no_store :
       {"chat.db-wal", "chat-7.db.damaged", "snapshot-0001.db", "incoming-2.db"}) {
    std::ofstream(dir.file(no_store)) << "x";
  }
  expect_ok(directory->find_another_store("chat.db", other));
  EXPECT_EQ(other, "");
  std::ofstream(dir.file("chat-7.db")) << "x";
  expect_ok(directory->find_another_store("chat.db", other));
  EXPECT_EQ(other, "chat-7.db");
  std::ofstream(dir.file("chat.db")) << "x";
  for (const char* there : {"chat.db", "chat-7.db"}) {
    expect_ok(directory->find_another_store(there, other));
    EXPECT_EQ(other, "");
  }
}

// What cannot be listed bears witness to nothing.
TEST(DataDirectory, AListingThatFailsIsNoAbsence) {
  const TempDir dir;
  const std::string path = dir.file("data");
  const auto directory = open_directory(path);
  std::filesystem::rename(path, dir.file("elsewhere"));
  std::string other;
  EXPECT_EQ(directory->find_another_store("chat.db", other).kind(), ErrorKind::kIo);
}

// R3.6: a server whose epoch has ended becomes a new one; what it had stays beside, whole.
TEST(DataDirectory, SetsAsideWhatAnEarlierEpochLeft) {
  const TempDir dir;
  const auto directory = open_directory(dir.path());
  Identity old = sample();
  old.joining = false;
  Identity fresh;
  fresh.id = 42;
  fresh.joining = true;
  fresh.address = old.address;
  fresh.join = "[::1]:5102";
  fresh.wanted_cluster = old.cluster;
  fresh.least_epoch = 4;
  for (const char* expected : {"epoch-3", "epoch-3-2"}) {
    expect_ok(directory->write_identity(old));
    for (const char* name : {"vote", "log.db", "log.db-wal", "chat-77.db", "chat-77.db-shm"}) {
      spill(dir.file(name), std::string("of ") + name);
    }
    expect_ok(directory->set_aside(fresh));
    Identity now;
    expect_ok(directory->read_identity(now));
    EXPECT_EQ(now.id, 42u);
    EXPECT_TRUE(now.joining);
    EXPECT_EQ(now.join, fresh.join);
    EXPECT_EQ(now.wanted_cluster, old.cluster);
    EXPECT_EQ(now.least_epoch, 4u);
    EXPECT_EQ(now.aside, "");
    const std::string folder = std::string(expected) + "/";
    EXPECT_EQ(slurp(dir.file(folder + "vote")), "of vote");
    EXPECT_EQ(slurp(dir.file(folder + "log.db")), "of log.db");
    EXPECT_EQ(slurp(dir.file(folder + "log.db-wal")), "of log.db-wal");
    EXPECT_EQ(slurp(dir.file(folder + "chat-77.db")), "of chat-77.db");
    EXPECT_FALSE(std::filesystem::exists(dir.file("log.db")));
    EXPECT_FALSE(std::filesystem::exists(dir.file("chat-77.db")));
    const auto kept = open_directory(dir.file(expected));
    Identity before;
    expect_ok(kept->read_identity(before));
    EXPECT_EQ(before.id, old.id);
    EXPECT_EQ(before.epoch, 3u);
  }
}

// Killed between the new identity and the last file.
TEST(DataDirectory, GoesOnWithAnInterruptedSettingAside) {
  const TempDir dir;
  const auto directory = open_directory(dir.path());
  Identity fresh;
  fresh.id = 42;
  fresh.joining = true;
  fresh.aside = "epoch-3";
  std::filesystem::create_directories(dir.file("epoch-3"));
  spill(dir.file("epoch-3/vote"), "of vote");
  spill(dir.file("log.db"), "of log.db");
  expect_ok(directory->write_identity(fresh));
  Identity found;
  expect_ok(directory->read_identity(found));
  EXPECT_EQ(found.aside, "epoch-3");
  expect_ok(directory->finish_set_aside(found));
  EXPECT_EQ(slurp(dir.file("epoch-3/log.db")), "of log.db");
  EXPECT_EQ(slurp(dir.file("epoch-3/vote")), "of vote");
  Identity now;
  expect_ok(directory->read_identity(now));
  EXPECT_EQ(now.aside, "");
  EXPECT_EQ(now.id, 42u);
  fresh.aside = "../elsewhere";
  EXPECT_EQ(directory->write_identity(fresh).kind(), ErrorKind::kInvalid);
}

TEST(DataDirectory, AnyFlippedBitOfTheIdentityIsSeen) {
  const TempDir dir;
  const auto directory = open_directory(dir.path());
  expect_ok(directory->write_identity(sample()));
  const std::string path = dir.file("identity");
  const std::string whole = slurp(path);
  for (std::size_t at = 0; at < whole.size(); ++at) {
    spill(path, whole);
    flip(path, at, static_cast<unsigned char>(1U << (at % 8)));
    Identity got;
    const Status status = directory->read_identity(got);
    if (status.ok()) {
      // A checksum's own digit may change its case: the same number.
      EXPECT_EQ(got.id, sample().id) << "byte " << at;
      EXPECT_GT(at, whole.rfind("checksum")) << "byte " << at;
      continue;
    }
    EXPECT_EQ(status.kind(), ErrorKind::kCorrupt);
    EXPECT_THAT(status.message(), AllOf(HasSubstr(path), HasSubstr("damaged")));
  }
}

TEST(DataDirectory, SaysWhatIsWrongWithAnIdentity) {
  const TempDir dir;
  const auto directory = open_directory(dir.path());
  const auto with_sum = [](const std::string& body) {
    Checksum sum;
    sum.add(body);
    std::ostringstream out;
    out << body << "\nchecksum " << std::hex << sum.value() << "\n";
    return out.str();
  };
  const std::string id = "\nid 00000000000000aa";
  const std::vector<std::pair<std::string, std::string>> cases = {
      {"", "no checksum line"},
      {"\nchecksum 12zz\n", "checksum line cannot be read"},
      {"\nchecksum 1234\nmore\n", "checksum line cannot be read"},
      {"starling identity v1\nchecksum 1234\n", "checksum is wrong"},
      {with_sum("starling identity v2" + id), "does not begin with"},
      {with_sum("starling identity v1\nid x"), "id cannot be read"},
      {with_sum("starling identity v1" + id), "cluster cannot be read"},
      {with_sum("starling identity v1" + id + "\ncluster 1\nepoch x"), "epoch cannot be read"},
      {with_sum("starling identity v1" + id + "\ncluster 1\nepoch 1\njoining maybe"), "joining"},
      {with_sum("starling identity v1" + id + "\ncluster 1\nepoch 1\njoining no"), "address"},
      // What no Starling writes, though the checksum is right.
      {with_sum("starling identity v1\nid 0\ncluster 1\nepoch 1\njoining no\naddress h:1"),
       "needs an id"},
      {with_sum("starling identity v1" + id + "\ncluster 0\nepoch 1\njoining no\naddress h:1"),
       "needs a cluster"},
      {with_sum("starling identity v1" + id + "\ncluster 1\nepoch 1\njoining no\naddress \x1b"),
       "printable"},
      {std::string(10'000, 'l'), "too long"},
  };
  for (const auto& [text, wanted] : cases) {
    spill(dir.file("identity"), text);
    Identity got;
    const Status status = directory->read_identity(got);
    EXPECT_EQ(status.kind(), ErrorKind::kCorrupt) << text;
    EXPECT_THAT(status.message(), HasSubstr(wanted)) << text;
  }
}

TEST(DataDirectory, ALeftOverTemporaryFileDoesNoHarm) {
  const TempDir dir;
  spill(dir.file("identity.tmp"), "half of an ident");
  const auto directory = open_directory(dir.path());
  EXPECT_TRUE(directory->empty());
  expect_ok(directory->write_identity(sample()));
  EXPECT_FALSE(std::filesystem::exists(dir.file("identity.tmp")));
}

TEST(DataDirectory, DataWithoutAnIdentityIsCorrupt) {
  for (const char* name : {"vote", "log.db", "chat.db", "log.db-wal", "chat-40-0000abcd.db"}) {
    const TempDir dir;
    spill(dir.file(name), "something");
    std::unique_ptr<DataDirectory> directory;
    const Status status = DataDirectory::open(dir.path(), directory);
    EXPECT_EQ(status.kind(), ErrorKind::kCorrupt) << name;
    EXPECT_THAT(status.message(), AllOf(HasSubstr(name), HasSubstr("no identity")));
  }
}

TEST(DataDirectory, ACondemnedOneNeverOpensAgain) {
  const TempDir dir;
  {
    const auto directory = open_directory(dir.path());
    ASSERT_TRUE(directory->condemn("its log is too short").ok());
  }
  std::unique_ptr<DataDirectory> directory;
  const Status status = DataDirectory::open(dir.path(), directory);
  EXPECT_EQ(status.kind(), ErrorKind::kCorrupt);
  EXPECT_THAT(status.message(), AllOf(HasSubstr("too short"), HasSubstr("join as a new server")));
}

TEST(DataDirectory, SomethingThatIsNoDirectoryIsAnError) {
  const TempDir dir;
  spill(dir.file("file"), "");
  std::unique_ptr<DataDirectory> directory;
  for (const std::string& path : {dir.file("file"), dir.file("file/below"), std::string()}) {
    const Status status = DataDirectory::open(path, directory);
    EXPECT_FALSE(status.ok()) << path;
    EXPECT_FALSE(status.message().empty());
  }
}

TEST(DataDirectory, NamesItsFiles) {
  const TempDir dir;
  const auto directory = open_directory(dir.path());
  EXPECT_EQ(directory->log_path(), dir.file("log.db"));
  EXPECT_EQ(directory->chat_path(), dir.file("chat.db"));
  EXPECT_EQ(directory->vote_path(), dir.file("vote"));
}

}  // namespace
}  // namespace starling::storage
