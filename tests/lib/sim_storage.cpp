// See sim_storage.h.
#include "tests/lib/sim_storage.h"

#include <algorithm>
#include <cerrno>
#include <utility>
#include <vector>

#include "server/storage/platform.h"
#include "tests/lib/fault_vfs.h"
#include "tests/lib/invariants.h"

namespace starling::sim {
namespace {

constexpr std::uint64_t kManySteps = 40;  // More than most operations take.
constexpr core::Index kCheckpointEvery = 60;

void must(const storage::Status& status, const char* what) {
  if (!status.ok()) violated("shipping storage", std::string(what) + ": " + status.message());
}

bool same_log(const SimLog& found, const SimLog& model) {
  if (found.base_index > model.base_index || found.last_index() != model.last_index()) return false;
  if (found.term_at(model.base_index) != model.base_term) return false;
  for (core::Index i = model.base_index + 1; i <= model.last_index(); ++i) {
    const core::Entry& a = *found.at(i);
    const core::Entry& b = *model.at(i);
    if (a.term != b.term || a.kind != b.kind || a.stamp_ms != b.stamp_ms || a.data != b.data) {
      return false;
    }
  }
  return true;
}

std::string chat_name(core::Index index) { return "chat-" + std::to_string(index) + ".db"; }

bool same_vote(const core::HardState& a, const core::HardState& b) {
  return a.term == b.term && a.vote == b.vote;
}

}  // namespace

void DiskImage::apply(const core::Persist& operation) {
  if (const auto* state = std::get_if<core::PersistHardState>(&operation)) {
    hard_state = state->hard_state;
    return;
  }
  const auto& entries = std::get<core::PersistEntries>(operation).entries;
  log.cut_from(entries.front()->index);
  for (const core::EntryPtr& entry : entries) log.append(entry);
}

SimStorage::SimStorage(int number, std::uint64_t seed)
    : directory_("/simulated/n" + std::to_string(number)),
      random_(mix(seed, static_cast<std::uint64_t>(number))) {
  faults::register_vfs();
  faults::mount(directory_ + "/", &disk_);
}

SimStorage::~SimStorage() {
  close();
  faults::unmount(directory_ + "/");
}

void SimStorage::close() {
  vote_.reset();
  log_.reset();
}

storage::Status SimStorage::open() {
  close();
  storage::Status status = storage::VoteFile::open(directory_ + "/vote", vote_);
  if (status.ok()) status = storage::LogStore::open(directory_ + "/log.db", 0, log_);
  return status;
}

void SimStorage::install(const DiskImage& image) {
  must(open(), "a first disk");
  must(vote_->write(image.hard_state), "a first vote");
  if (image.log.base_index > 0) {
    must(put_snapshot(image.log, image.hard_state.term), "a first snapshot");
  }
  if (image.log.entries.empty()) return;
  core::PersistEntries all;
  all.accepting_term = image.log.entries.back()->term;
  all.entries = image.log.entries;
  must(log_->append({all}), "a first log");
}

storage::Status SimStorage::carry_out(const Operations& operations) {
  std::vector<core::PersistEntries> group;
  storage::Status status;
  const auto write_group = [&] {
    if (group.empty() || !status.ok()) return;
    status = log_->append(group);
    group.clear();
    if (status.ok() && random_.below(kCheckpointEvery) == 0) status = log_->checkpoint();
  };
  for (const core::Persist& operation : operations) {
    if (const auto* entries = std::get_if<core::PersistEntries>(&operation)) {
      group.push_back(*entries);
      continue;
    }
    write_group();
    if (status.ok()) status = vote_->write(std::get<core::PersistHardState>(operation).hard_state);
  }
  write_group();
  return status;
}

void SimStorage::persist(const Operations& operations) { must(carry_out(operations), "a write"); }

void SimStorage::compact_to(core::Index index) {
  if (dead_ || !log_) return;
  log_->compact_to(index);
  for (bool more = true; more;) must(log_->compact_some(more), "compaction");
}

void SimStorage::end_process(bool power_loss) {
  if (disk_.struck()) ++ends_in_the_middle_;
  disk_.stop_now();  // The dead move no WAL and remove no file when they are closed.
  if (close_chat_) close_chat_();
  close();
  dead_ = false;
  dying_ = false;
  if (power_loss) {
    disk_.power_loss([this](std::uint64_t below) { return random_.below(below); });
  } else {
    disk_.crash();
  }
}

void SimStorage::end(const Operations& operations, bool power_loss) {
  if (log_ && !dead_ && !dying_ && !operations.empty()) {
    disk_.stop_after(random_.below(kManySteps));
    (void)carry_out(operations);  // Its caller is dead.
  }
  end_process(power_loss);
}

void SimStorage::fail(const Operations& operations) {
  if (!log_ || dead_) return;
  const std::uint64_t more = random_.below(kManySteps / 2);
  const int error = random_.per_mille(300) ? ENOSPC : EIO;
  if (random_.per_mille(500)) {
    disk_.fail_after(more, error);
  } else {
    disk_.break_after(more, error);
  }
  const storage::Status status = carry_out(operations);
  if (status.ok() && disk_.struck()) {
    violated("shipping storage", "an error of the disk went unnoticed");
  }
  dead_ = true;
}

std::string SimStorage::chat_path() const { return directory_ + "/" + log_->chat_file(); }

void SimStorage::put_chat(core::Index index, const std::string& image) {
  const std::string path = directory_ + "/" + chat_name(index);
  storage::platform::File file;
  must(storage::platform::File::open_empty(path, file), "a snapshot's file");
  must(file.write_at(0, image), "a snapshot's file");
  must(file.sync(), "a snapshot's file");
  must(storage::platform::sync_directory(directory_), "a snapshot's name");
}

bool SimStorage::dies_now() {
  if (!log_ || dead_ || !random_.per_mille(400)) return false;
  dying_ = true;
  disk_.stop_after(random_.below(kManySteps));
  return true;
}

DiskImage SimStorage::boot() {
  // Killed while it starts, now and then.
  while (random_.per_mille(150)) {
    disk_.stop_after(random_.below(kManySteps));
    (void)open();
    end_process(random_.per_mille(500));
  }
  must(open(), "opening");
  return image();
}

DiskImage SimStorage::image() {
  core::Restored all;
  must(log_->restore(log_->last_index(), all), "restoring");
  must(log_->restore(all.base_index, all), "restoring");
  DiskImage result;
  result.hard_state = vote_->value();
  SimLog& log = result.log;
  log.base_index = all.base_index;
  log.base_term = all.base_term;
  log.entries = all.tail;
  if (log.base_index == 0) return result;
  storage::Base base;
  must(log_->base_at(log.base_index, base), "the base");
  log.base_stamp_ms = base.stamp_ms;
  log.configuration_index = base.configuration_index;
  log.configuration = *core::decode_configuration(base.configuration);
  return result;
}

storage::Status SimStorage::put_snapshot(const SimLog& base, core::Term hard_state_term) {
  storage::Status status;
  // The term that it shows counts as seen, and is written first.
  if (hard_state_term < base.base_term) status = vote_->write({base.base_term, core::kNoNode});
  if (!status.ok()) return status;
  const storage::Base found{base.base_index, base.base_term, base.base_stamp_ms,
                            base.configuration_index, core::encode(base.configuration)};
  return log_->install(found, chat_name(base.base_index));
}

void SimStorage::install_snapshot(const SimLog& base, core::Term hard_state_term) {
  while (random_.per_mille(300)) {
    disk_.stop_after(random_.below(kManySteps));
    const bool done = put_snapshot(base, hard_state_term).ok();
    end_process(random_.per_mille(500));
    must(open(), "opening after a snapshot that was interrupted");
    const DiskImage now = image();
    if (now.log.base_index >= base.base_index) return;
    if (done) violated("shipping storage", "a snapshot that was in place is gone");
    hard_state_term = now.hard_state.term;
  }
  must(put_snapshot(base, hard_state_term), "a snapshot");
}

bool SimStorage::fits(const DiskImage& found, const DiskImage& before,
                      const Operations& operations) {
  DiskImage model = before;
  bool log = same_log(found.log, model.log);
  bool vote = same_vote(found.hard_state, model.hard_state);
  for (const core::Persist& operation : operations) {
    if (log && vote) break;
    model.apply(operation);
    log = log || same_log(found.log, model.log);
    vote = vote || same_vote(found.hard_state, model.hard_state);
  }
  return log && vote;
}

}  // namespace starling::sim
