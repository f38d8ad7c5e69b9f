// Term and vote (R2.7): a file of two 4 KiB slots that are written in turn, so that a power cut in
// the middle of a write spoils only the slot that nobody has vouched for yet.
//
// Each slot holds its record twice, at its beginning and at its middle. A slot of which both copies
// are damaged looks the same whether a power cut tore its write (then it was never confirmed, and
// the older slot is the truth) or the disk spoiled it later (then the older slot forgets a vote).
// The copies make the second case need damage in two places of one slot at once: a single flipped
// bit, or a single bad sector, never takes a confirmed vote back.
#include <array>
#include <optional>
#include <utility>

#include "server/storage/checksum.h"
#include "server/storage/platform.h"
#include "server/storage/storage.h"

namespace starling::storage {
namespace {

constexpr std::size_t kSlotBytes = 4096;
constexpr std::size_t kCopyBytes = kSlotBytes / 2;
constexpr std::size_t kFileBytes = 2 * kSlotBytes;
constexpr std::uint64_t kMagic = 0x31544f5645545354ULL;
constexpr std::size_t kWords = 5;  // Magic, counter, term, vote, checksum.

struct Record {
  std::uint64_t counter = 0;
  core::HardState value;
};

using Words = std::array<std::uint64_t, kWords>;

std::uint64_t sum_of(const Words& words) {
  Checksum sum;
  for (std::size_t i = 0; i + 1 < kWords; ++i) sum.add(words[i]);
  return sum.value();
}

std::string encode_slot(const Record& record) {
  Words words = {kMagic, record.counter, record.value.term, record.value.vote, 0};
  words.back() = sum_of(words);
  std::string slot(kSlotBytes, '\0');
  for (std::size_t copy = 0; copy < kSlotBytes; copy += kCopyBytes) {
    for (std::size_t i = 0; i < kWords; ++i) {
      for (std::size_t byte = 0; byte < 8; ++byte) {
        slot[copy + i * 8 + byte] = static_cast<char>(words[i] >> (8 * byte));
      }
    }
  }
  return slot;
}

std::optional<Record> decode_copy(std::string_view bytes) {
  Words words = {};
  if (bytes.size() < kWords * 8) return std::nullopt;
  for (std::size_t i = 0; i < kWords * 8; ++i) {
    words[i / 8] |= std::uint64_t{static_cast<unsigned char>(bytes[i])} << (8 * (i % 8));
  }
  if (words[0] != kMagic || words.back() != sum_of(words)) return std::nullopt;
  return Record{words[1], core::HardState{words[2], words[3]}};
}

// The newest whole copy in the file.
std::optional<Record> newest(std::string_view bytes) {
  std::optional<Record> best;
  for (std::size_t at = 0; at < bytes.size(); at += kCopyBytes) {
    const std::optional<Record> record = decode_copy(bytes.substr(at, kCopyBytes));
    if (record && (!best || record->counter > best->counter)) best = record;
  }
  return best;
}

std::size_t slot_of(std::uint64_t counter) { return counter % 2 * kSlotBytes; }

}  // namespace

struct VoteFile::Impl {
  platform::File file;
  Record record;
  bool failed = false;
};

VoteFile::VoteFile() : impl_(std::make_unique<Impl>()) {}
VoteFile::~VoteFile() = default;

Status VoteFile::open(const std::string& path, std::unique_ptr<VoteFile>& out) {
  std::unique_ptr<VoteFile> vote(new VoteFile);
  Record& record = vote->impl_->record;
  bool there = false;
  if (Status status = platform::exists(path, there); !status.ok()) return status;
  if (there) {
    std::string bytes;
    Status status = platform::read_file(path, kFileBytes, bytes);
    if (status.kind() == ErrorKind::kIo) return status;
    const std::optional<Record> found = status.ok() ? newest(bytes) : std::nullopt;
    if (!found) {
      return Status(ErrorKind::kCorrupt,
                    "the term and vote in " + path +
                        " are damaged: no copy has a right checksum. This server may have voted "
                        "and must not vote again under its id; set the data directory aside and "
                        "join the cluster as a new server");
    }
    record = *found;
  }
  // What was read may be in the page cache only, and after an fsync that failed it may be marked
  // clean without being on the disk; so it goes into a fresh file before anyone vouches for it
  // (R2.6). Both slots get it: from here on there is no older vote to fall back to.
  std::string image(kFileBytes, '\0');
  for (int i = 0; i < 2; ++i) {
    ++record.counter;
    image.replace(slot_of(record.counter), kSlotBytes, encode_slot(record));
  }
  if (Status status = platform::replace_file(path, image); !status.ok()) return status;
  if (Status status = platform::File::open(path, vote->impl_->file); !status.ok()) return status;
  out = std::move(vote);
  return {};
}

core::HardState VoteFile::value() const { return impl_->record.value; }

Status VoteFile::write(const core::HardState& value) {
  if (impl_->failed) return Status(ErrorKind::kIo, "the vote file failed before");
  const Record record{impl_->record.counter + 1, value};
  Status status = impl_->file.write_at(slot_of(record.counter), encode_slot(record));
  if (status.ok()) status = impl_->file.sync_data();
  impl_->failed = !status.ok();
  if (status.ok()) impl_->record = record;
  return status;
}

}  // namespace starling::storage
