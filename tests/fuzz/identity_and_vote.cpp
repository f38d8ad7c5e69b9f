// The two small files of a data directory. Of damaged bytes either nothing is believed, or what was
// once written: a vote that was confirmed is not forgotten to one spoiled place (R2.7), and an
// identity that can be read can be written again.
#include "server/storage/checksum.h"
#include "server/storage/storage.h"
#include "tests/fuzz/files.h"

namespace starling::fuzz {
namespace {

std::string hex(std::uint64_t value) {
  char text[17];
  std::snprintf(text, sizeof text, "%016llx", static_cast<unsigned long long>(value));
  return text;
}

storage::DataDirectory& data_directory() {
  static const std::unique_ptr<storage::DataDirectory> directory = [] {
    std::unique_ptr<storage::DataDirectory> made;
    FUZZ_HOLDS(storage::DataDirectory::open(Directory::get().file("data"), made).ok());
    return made;
  }();
  return *directory;
}

void identity(std::string text, bool mend_checksum) {
  storage::DataDirectory& directory = data_directory();
  if (mend_checksum) {
    storage::Checksum sum;
    sum.add(text);
    text += "\nchecksum " + hex(sum.value()) + "\n";
  }
  spill(directory.file_path("identity"), text);
  storage::Identity read;
  const storage::Status status = directory.read_identity(read);
  if (!status.ok()) {
    FUZZ_HOLDS(status.kind() == storage::ErrorKind::kCorrupt && !status.message().empty());
    return;
  }
  FUZZ_HOLDS(read.id != core::kNoNode);
  FUZZ_HOLDS(directory.write_identity(read).ok());
  storage::Identity again;
  FUZZ_HOLDS(directory.read_identity(again).ok());
  FUZZ_HOLDS(again.id == read.id && again.cluster == read.cluster && again.epoch == read.epoch &&
             again.joining == read.joining && again.address == read.address);
}

void written_identity(Bytes& in) {
  storage::DataDirectory& directory = data_directory();
  storage::Identity made;
  made.id = in.u64();
  made.cluster = in.upto(2);
  made.epoch = in.upto(2);
  made.joining = in.flag();
  made.address = std::string(in.take(in.u16() % 600));
  if (!directory.write_identity(made).ok()) return;
  storage::Identity read;
  FUZZ_HOLDS(directory.read_identity(read).ok());
  FUZZ_HOLDS(read.id == made.id && read.cluster == made.cluster && read.epoch == made.epoch &&
             read.joining == made.joining && read.address == made.address);
  std::string bytes = slurp(directory.file_path("identity"));
  const std::string before = bytes;
  damage(in, bytes);
  if (bytes == before) return;
  spill(directory.file_path("identity"), bytes);
  FUZZ_HOLDS(!directory.read_identity(read).ok());
}

void any_vote_file(std::string_view bytes) {
  const std::string path = Directory::get().file("vote");
  spill(path, bytes);
  std::unique_ptr<storage::VoteFile> vote;
  const storage::Status status = storage::VoteFile::open(path, vote);
  if (!status.ok()) {
    FUZZ_HOLDS(status.kind() == storage::ErrorKind::kCorrupt && !status.message().empty());
    return;
  }
  const core::HardState value = vote->value();
  FUZZ_HOLDS(storage::VoteFile::open(path, vote).ok());
  FUZZ_HOLDS(vote->value() == value);
}

// Copies of the record that a damaged file differs from the whole one in.
int spoiled_copies(const std::string& whole, const std::string& damaged) {
  constexpr std::size_t kCopyBytes = 2048;
  int spoiled = 0;
  for (std::size_t at = 0; at < whole.size(); at += kCopyBytes) {
    const std::string_view copy = std::string_view(damaged).substr(std::min(at, damaged.size()));
    spoiled += copy.substr(0, kCopyBytes) != std::string_view(whole).substr(at, kCopyBytes);
  }
  return spoiled;
}

void damaged_vote_file(Bytes& in) {
  const std::string path = Directory::get().file("vote");
  std::filesystem::remove(path);
  std::unique_ptr<storage::VoteFile> vote;
  FUZZ_HOLDS(storage::VoteFile::open(path, vote).ok());
  core::HardState before = vote->value();
  core::HardState last = before;
  for (std::uint64_t writes = in.upto(3); writes > 0; --writes) {
    before = last;
    last.term += in.u8();
    last.vote = in.u8();
    FUZZ_HOLDS(vote->write(last).ok());
    FUZZ_HOLDS(vote->value() == last);
  }
  const std::string whole = slurp(path);
  std::string damaged = whole;
  damage(in, damaged);
  spill(path, damaged);
  const storage::Status status = storage::VoteFile::open(path, vote);
  if (spoiled_copies(whole, damaged) <= 1) {
    FUZZ_HOLDS(status.ok() && vote->value() == last);
  } else if (status.ok()) {
    FUZZ_HOLDS(vote->value() == last || vote->value() == before);
  } else {
    FUZZ_HOLDS(status.kind() == storage::ErrorKind::kCorrupt);
  }
}

}  // namespace
}  // namespace starling::fuzz

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  using namespace starling::fuzz;
  Bytes in(data, size);
  switch (in.upto(4)) {
    case 0:
      identity(std::string(in.rest()), false);
      break;
    case 1:
      identity(std::string(in.rest()), true);
      break;
    case 2:
      written_identity(in);
      break;
    case 3:
      any_vote_file(in.rest());
      break;
    default:
      damaged_vote_file(in);
  }
  return 0;
}
