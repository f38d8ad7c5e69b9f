// See startup.h.
#include "server/node/startup.h"

#include <algorithm>
#include <chrono>
#include <filesystem>
#include <system_error>
#include <thread>
#include <utility>

#include "server/node/epochs.h"
#include "server/node/first_start.h"
#include "server/node/join.h"
#include "server/node/rebuild.h"
#include "spdlog/spdlog.h"

namespace starling::node {
namespace {

constexpr auto kEpochJoinTime = std::chrono::hours(1);
constexpr auto kEpochJoinPause = std::chrono::seconds(1);

bool failed(const storage::Status& status, std::string& error) {
  if (status.ok()) return false;
  if (!status.statement().empty()) spdlog::debug("the statement: {}", status.statement());
  error = status.message();
  return true;
}

bool failed(const sqlite::Status& status, std::string& error) {
  if (status.ok()) return false;
  if (!status.statement().empty()) spdlog::debug("the statement: {}", status.statement());
  error = "the chat store cannot be used: " + status.message() +
          ". Set the data directory aside and join the cluster as a new server";
  return true;
}

}  // namespace

bool open_log(const StartRequest& request, Opened& out, std::string& error) {
  if (failed(storage::VoteFile::open(out.directory->vote_path(), out.vote), error) ||
      failed(storage::LogStore::open(out.directory->log_path(), 0, out.log), error)) {
    return false;
  }
  return !request.snapshot || install(*request.snapshot, out, error);
}

bool install(const FetchedSnapshot& snapshot, Opened& out, std::string& error) {
  // The term that it shows counts as seen, and is written first.
  if (out.vote->value().term < snapshot.base.term &&
      failed(out.vote->write({snapshot.base.term, core::kNoNode}), error)) {
    return false;
  }
  if (failed(out.log->install(snapshot.base, snapshot.chat_file), error)) return false;
  spdlog::info("the snapshot of index {} is in place", snapshot.base.index);
  return true;
}

bool open_store(const StartRequest& request, Opened& out, std::string& error) {
  out.store.reset();
  const std::string path = out.directory->file_path(out.log->chat_file());
  if (failed(out.directory->remove_strays(out.log->chat_file()), error)) return false;
  return !failed(chat::Store::open(path, request.chat_cache_kib, out.store), error);
}

namespace {

// Up to the log, which says who is a member: what it holds may be of an epoch that has ended, and
// then nothing else of the directory matters.
bool open_member_log(const StartRequest& request, Opened& out, std::string& error) {
  std::error_code code;
  for (const std::string& file : {out.directory->vote_path(), out.directory->log_path()}) {
    if (!std::filesystem::exists(file, code)) {
      error = "the data directory " + request.data + " is damaged: " + file +
              " is missing. Set the directory aside and join the cluster as a new server";
      return false;
    }
  }
  if (!open_log(request, out, error)) return false;
  if (out.log->last_index() == 0) {
    error = "the data directory " + request.data +
            " is damaged: its log is empty. Set the directory aside and join the cluster as a new "
            "server";
    return false;
  }
  return !failed(out.log->restore(out.log->last_index(), out.restored), error);
}

bool open_member_store(const StartRequest& request, Opened& out, std::string& error) {
  // The log lets go of a chat store only once it names another one that is there.
  const std::string& named = out.log->chat_file();
  std::string other;
  if (failed(out.directory->find_another_store(named, other), error)) return false;
  if (!other.empty()) {
    error = "the data directory " + request.data +
            " is damaged: its log ends early, for it names " + named +
            ", which is not there, and " + other +
            " is. Set the directory aside and join the cluster as a new server";
    return false;
  }
  if (const std::string damage = damage_of_store(request, out); !damage.empty()) {
    if (!rebuild_store(request, out, damage, error)) return false;
  } else if (!open_store(request, out, error)) {
    return false;
  }
  if (!request.join.empty() && !same_cluster(request, out.identity, error)) return false;
  if (out.identity.address != request.address) {
    out.identity.address = request.address;
    if (failed(out.directory->write_identity(out.identity), error)) return false;
  }
  return true;
}

bool restore(const StartRequest& request, Opened& out, std::string& error) {
  out.restored = {};
  if (failed(out.log->restore(out.store->applied_index(), out.restored), error)) return false;
  out.restored.hard_state = out.vote->value();
  if (!out.restored.term_runs.empty() &&
      out.restored.term_runs.back().second > out.restored.hard_state.term) {
    error = "the data directory " + request.data +
            " is damaged: its log is of a later term than its vote. Set the directory aside and "
            "join the cluster as a new server";
    return false;
  }
  return true;
}

// Of two servers that begin the same epoch neither would yield to the other.
bool begin_epoch(const StartRequest& request, Opened& out, std::string& error) {
  if (!out.identity.recovering) {
    const auto newer = find_newer_epoch(others(request, out), out.identity);
    if (newer) {
      error = fmt::format(
          "--recover {}: the cluster was recovered before, and goes on in epoch {} at {}. Start "
          "this server without --recover, and it joins that",
          request.recover, newer->epoch, newer->addresses.front());
      return false;
    }
  }
  return recover(request, out, error) && restore(request, out, error);
}

// Whoever starts it knows that its epoch has ended, and may not be heard of it yet: it serves
// nobody before it has found the later one.
std::optional<NewerEpoch> wait_for_newer_epoch(const StartRequest& request, const Opened& opened,
                                               std::string& error) {
  const auto until = std::chrono::steady_clock::now() + kEpochJoinTime;
  spdlog::warn(
      "this server is of epoch {}, and the cluster goes on in epoch {}: waiting for a server of "
      "that one",
      opened.identity.epoch, request.min_epoch);
  while (std::chrono::steady_clock::now() < until) {
    if (request.stop != nullptr && *request.stop) break;
    std::this_thread::sleep_for(kEpochJoinPause);
    const auto newer =
        find_newer_epoch(others(request, opened), opened.identity, request.min_epoch);
    if (newer) return newer;
  }
  error = "no server of epoch " + std::to_string(request.min_epoch) +
          " answers: start one of those that go on, then this one again";
  return std::nullopt;
}

bool look_for_newer_epoch(const StartRequest& request, const Opened& opened,
                          std::optional<NewerEpoch>& newer, std::string& error) {
  newer = find_newer_epoch(others(request, opened), opened.identity, request.min_epoch);
  if (newer || opened.identity.epoch >= request.min_epoch) return true;
  newer = wait_for_newer_epoch(request, opened, error);
  return newer.has_value();
}

// R3.6: what this server holds is of a history that has ended. It keeps it aside, and comes back as
// a new server; however long that takes, since it cannot go on as the old one.
bool join_newer_epoch(const StartRequest& request, const NewerEpoch& newer, Opened& out,
                      std::string& error) {
  const storage::Identity ended = out.identity;
  StartRequest anew = request;
  anew.snapshot.reset();
  anew.join = others(request, out);
  std::sort(anew.join.begin(), anew.join.end());
  anew.join.erase(std::unique(anew.join.begin(), anew.join.end()), anew.join.end());
  out.store.reset();
  out.log.reset();
  out.vote.reset();
  out.identity = {};
  out.identity.id = random_id();
  out.identity.joining = true;
  out.identity.address = request.address;
  std::vector<std::string> all = newer.addresses;
  all.insert(all.end(), anew.join.begin(), anew.join.end());
  out.identity.join = list_of(all);
  out.identity.wanted_cluster = ended.cluster;
  out.identity.least_epoch = std::max(newer.epoch, request.min_epoch);
  if (failed(out.directory->set_aside(out.identity), error)) return false;
  spdlog::warn(
      "the cluster was recovered and goes on in epoch {} at {}: what {:016x} held of epoch {} is "
      "set aside in {}/epoch-{}, and this server joins as {:016x}",
      newer.epoch, newer.addresses.front(), ended.id, ended.epoch, request.data, ended.epoch,
      out.identity.id);
  const auto until = std::chrono::steady_clock::now() + kEpochJoinTime;
  while (!join_cluster(anew, out, error)) {
    const bool stopped = request.stop != nullptr && *request.stop;
    if (out.fatal || stopped || std::chrono::steady_clock::now() >= until) return false;
    spdlog::warn("waiting: {}", error);
    std::this_thread::sleep_for(kEpochJoinPause);
    out.identity.cluster = 0;  // It may have been recovered once more meanwhile.
    out.identity.epoch = 0;
  }
  return restore(request, out, error);
}

bool open_joiner(const StartRequest& request, Opened& out, std::optional<NewerEpoch>& newer,
                 std::string& error) {
  return finish_first_start(request, out, error) && restore(request, out, error) &&
         look_for_newer_epoch(request, out, newer, error);
}

// The end of an epoch is looked for before the chat store is opened: of one that has ended nobody
// would give a copy to mend it with. `newer`: what is opened counts no more.
bool open_member(const StartRequest& request, Opened& out, std::optional<NewerEpoch>& newer,
                 std::string& error) {
  if (!open_member_log(request, out, error)) return false;
  const bool begins = request.recover != 0 || out.identity.recovering;
  if (!begins) {
    if (!look_for_newer_epoch(request, out, newer, error)) return false;
    if (newer) return true;
  }
  if (!open_member_store(request, out, error) || !restore(request, out, error)) return false;
  if (!begins) return true;
  return begin_epoch(request, out, error) && look_for_newer_epoch(request, out, newer, error);
}

}  // namespace

bool open_data(const StartRequest& request, Opened& out, std::string& error) {
  const storage::Status opened = storage::DataDirectory::open(request.data, out.directory);
  if (failed(opened, error)) {
    if (opened.kind() == storage::ErrorKind::kIo) {
      error = "the data directory " + request.data + " cannot be used: " + error +
              ". Mend that, or choose another with --data";
    }
    return false;
  }
  const bool known = out.directory->has_identity();
  if (known && failed(out.directory->read_identity(out.identity), error)) return false;
  if (request.recover != 0 && (!known || out.identity.joining)) {
    error = "--recover: the data directory " + request.data + " is of no member of a cluster";
    return false;
  }
  std::optional<NewerEpoch> newer;
  if (!known) {
    if (!first_start(request, out, error) || !restore(request, out, error)) return false;
    const bool ended = out.identity.epoch < request.min_epoch;
    if (ended && !look_for_newer_epoch(request, out, newer, error)) return false;
  } else {
    if (!out.identity.aside.empty() &&
        failed(out.directory->finish_set_aside(out.identity), error)) {
      return false;
    }
    const bool opened_it = out.identity.joining ? open_joiner(request, out, newer, error)
                                                : open_member(request, out, newer, error);
    if (!opened_it) return false;
  }
  if (!newer && !(ask_back_in(request, out, error) && tell_address(request, out, newer, error))) {
    return false;
  }
  return !newer || join_newer_epoch(request, *newer, out, error);
}

}  // namespace starling::node
