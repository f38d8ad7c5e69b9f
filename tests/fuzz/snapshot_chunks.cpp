// A snapshot on its way, from a peer that may send anything: pieces with wrong places, sizes and
// checksums, messages out of turn. Only what is in order is taken, and a file counts as whole only
// when every byte of it was. A damaged copy of a store never passes for the one that was sent.
#include "server/chat/snapshot.h"
#include "server/storage/checksum.h"
#include "server/storage/snapshot_file.h"
#include "server/transport/snapshot_answers.h"
#include "tests/fuzz/files.h"
#include "tests/fuzz/people.h"
#include "tests/fuzz/wire.h"

namespace starling::fuzz {
namespace {

std::uint64_t sum_of(std::uint64_t id, std::uint64_t offset, std::string_view data) {
  storage::Checksum sum;
  sum.add(id);
  sum.add(offset);
  sum.add(data);
  return sum.value();
}

std::string coming_path() { return Directory::get().file("incoming.db"); }

void pieces(Bytes& in) {
  storage::IncomingSnapshot incoming;
  std::uint64_t id = 0;
  std::uint64_t size = 0;
  std::string model;
  while (!in.empty()) {
    const std::uint8_t what = in.u8();
    if (what < 32 || id == 0) {
      id = in.upto(3);
      size = (what & 1) != 0 ? in.u64() : in.upto(64);
      model.clear();
      FUZZ_HOLDS(incoming.begin(coming_path(), id, size).ok());
    } else {
      const std::uint64_t offset = (what & 1) != 0 ? in.u64() : model.size();
      const std::string data(in.take(in.upto(40)));
      const std::uint64_t of = (what & 4) != 0 ? in.upto(3) : id;
      const std::uint64_t checksum = (what & 2) != 0 ? in.u64() : sum_of(of, offset, data);
      const bool right = offset == model.size() && data.size() <= size - model.size() &&
                         checksum == sum_of(id, offset, data);
      FUZZ_HOLDS(incoming.add(offset, data, checksum).ok() == right);
      if (right) model += data;
    }
    FUZZ_HOLDS(incoming.id() == id && incoming.received() == (id == 0 ? 0 : model.size()));
    FUZZ_HOLDS(incoming.whole() == (id != 0 && model.size() == size));
  }
  if (!incoming.whole()) return;
  const std::string kept = Directory::get().file("kept.db");
  FUZZ_HOLDS(incoming.keep_as(kept).ok());
  FUZZ_HOLDS(slurp(kept) == model);
  FUZZ_HOLDS(incoming.id() == 0 && !incoming.whole());
  // And out again, from any place.
  storage::SnapshotFile file;
  FUZZ_HOLDS(storage::SnapshotFile::open(kept, id, file).ok());
  std::string data;
  std::uint64_t checksum = 0;
  const std::uint64_t from = model.size() / 2;
  FUZZ_HOLDS(file.read(from, 7, data, checksum).ok());
  FUZZ_HOLDS(data == model.substr(from, 7) && checksum == sum_of(id, from, data));
}

transport::pb::FetchSnapshotResponse some_answer(Bytes& in, std::uint64_t& offset) {
  transport::pb::FetchSnapshotResponse answer;
  const std::uint8_t what = in.u8();
  if (what < 16) {
    const std::string_view bytes = in.text();
    answer.ParseFromArray(bytes.data(), static_cast<int>(bytes.size()));
    return answer;
  }
  if (what < 64) {
    transport::pb::SnapshotHeader& header = *answer.mutable_header();
    header.set_snapshot_id(in.upto(2));
    header.set_index(in.u8());
    header.set_size((what & 1) != 0 ? in.u64() : in.upto(64));
    answer.set_offset((what & 2) != 0 ? in.u64() : 0);
    offset = answer.offset();
    return answer;
  }
  answer.set_offset((what & 1) != 0 ? in.u64() : offset);
  answer.set_data(std::string(in.take(in.upto(40))));
  const std::uint64_t of = (what & 4) != 0 ? in.upto(2) : 1;
  answer.set_checksum((what & 2) != 0 ? in.u64() : sum_of(of, answer.offset(), answer.data()));
  offset += answer.data().size();
  return answer;
}

// As the node takes them: what goes into the file is what the callbacks let through.
void answers(Bytes& in) {
  storage::IncomingSnapshot incoming;
  std::string model;
  bool over = false;
  transport::SnapshotCallbacks callbacks;
  callbacks.on_header = [&](const transport::SnapshotHeader& header, std::uint64_t offset) {
    FUZZ_HOLDS(!over && model.empty() && offset <= header.size);
    if (header.id == 0 || header.size == 0 || offset != 0) return false;
    FUZZ_HOLDS(incoming.begin(coming_path(), header.id, header.size).ok());
    return true;
  };
  callbacks.on_chunk = [&](const transport::SnapshotChunk& chunk) {
    FUZZ_HOLDS(!over && incoming.id() != 0 && chunk.offset == model.size());
    if (!incoming.add(chunk.offset, chunk.data, chunk.checksum).ok()) return false;
    model += chunk.data;
    return true;
  };
  transport::SnapshotAnswers taker(callbacks);
  std::uint64_t offset = 0;
  while (!in.empty()) {
    transport::pb::FetchSnapshotResponse answer = some_answer(in, offset);
    const bool taken = taker.take(answer);
    FUZZ_HOLDS(!(taken && over));
    over = over || !taken;
    FUZZ_HOLDS(!taker.whole() || incoming.whole());
  }
  if (taker.whole()) FUZZ_HOLDS(slurp(coming_path()) == model);
}

// What people would see of a store.
std::string shown(chat::Store& store) {
  std::unique_ptr<chat::Reader> reader;
  FUZZ_HOLDS(chat::Reader::open_on(store, reader).ok());
  std::string all;
  bool more = false;
  std::vector<chat::Account> accounts;
  if (!reader->list_accounts("*", "", 200, accounts, more).ok()) return "unreadable";
  for (const chat::Account& one : accounts) all += std::to_string(one.id) + one.name + ";";
  std::vector<chat::Message> messages;
  const chat::ConversationId conversation = People::get().conversation;
  if (!reader->messages_before(conversation, 0, 200, messages, more).ok()) return "unreadable";
  for (const chat::Message& one : messages) {
    all += std::to_string(one.id) + std::to_string(one.sender) + one.body + ";";
  }
  return all;
}

void damaged_copy(Bytes& in) {
  const People& people = People::get();
  static const auto original = [&people] { return people.store(); }();
  static const std::string wanted = shown(*original);
  std::string copy = people.image;
  damage(in, copy);
  const std::string path = Directory::get().file("copy.db");
  for (const char* suffix : {"", "-wal", "-shm"}) std::filesystem::remove(path + suffix);
  spill(path, copy);
  const sqlite::Status status =
      chat::check_copy(path, original->applied_index(), original->state_hash());
  if (!status.ok()) {
    FUZZ_HOLDS(copy != people.image && !status.message().empty());
    return;
  }
  std::unique_ptr<chat::Store> store;
  FUZZ_HOLDS(chat::Store::open(path, 256, store).ok());
  const std::string found = shown(*store);
  // An index that is damaged can still make a read fail, which ends the server; never lie to it.
  FUZZ_HOLDS(found == wanted || found == "unreadable");
}

}  // namespace
}  // namespace starling::fuzz

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  using namespace starling::fuzz;
  Bytes in(data, size);
  switch (in.upto(2)) {
    case 0:
      pieces(in);
      break;
    case 1:
      answers(in);
      break;
    default:
      damaged_copy(in);
  }
  return 0;
}
