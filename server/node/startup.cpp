// See startup.h. The identity file is the witness of how far a first start came: with the joining
// mark and no cluster a join is under way, with the mark and a cluster a bootstrap is, without the
// mark the directory is a member's and never bootstraps or joins again (R3.3).
#include "server/node/startup.h"

#include <chrono>
#include <filesystem>
#include <random>
#include <sstream>
#include <system_error>
#include <thread>
#include <utility>

#include "server/node/clock.h"
#include "server/node/epochs.h"
#include "server/node/join.h"
#include "server/node/rebuild.h"
#include "spdlog/spdlog.h"

namespace starling::node {
namespace {

constexpr auto kEpochJoinTime = std::chrono::hours(1);
constexpr auto kEpochJoinPause = std::chrono::seconds(1);

std::uint64_t random_id() {
  std::random_device random;
  std::uint64_t id = 0;
  while (id == 0) id = (std::uint64_t{random()} << 32) | random();
  return id;
}

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

// What an unfinished first start left: nobody has been told anything by it.
bool wipe(storage::DataDirectory& directory, std::string& error) {
  if (failed(directory.remove_strays(storage::kFirstChatFile), error)) return false;
  for (const std::string& file :
       {directory.log_path(), directory.chat_path(), directory.vote_path()}) {
    for (const char* suffix : {"", "-wal", "-shm"}) {
      std::error_code code;
      std::filesystem::remove(file + suffix, code);
      if (code) {
        error = "cannot remove " + file + suffix + ": " + code.message();
        return false;
      }
    }
  }
  return true;
}

// The log first: it says which file is the chat store's (R2.5). That the two fit together is seen
// when the log is restored (R2.7).
bool open_log(const StartRequest& request, Opened& out, std::string& error) {
  if (failed(storage::VoteFile::open(out.directory->vote_path(), out.vote), error) ||
      failed(storage::LogStore::open(out.directory->log_path(), 0, out.log), error)) {
    return false;
  }
  return !request.snapshot || install(*request.snapshot, out, error);
}

bool open_files(const StartRequest& request, Opened& out, std::string& error) {
  return open_log(request, out, error) && open_store(request, out, error);
}

}  // namespace

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

bool bootstrap(const StartRequest& request, Opened& out, std::string& error) {
  if (!wipe(*out.directory, error) || !open_files(request, out, error)) return false;
  core::Configuration configuration;
  configuration.members.push_back({out.identity.id, request.address, true});
  core::Entry entry;
  entry.term = 1;
  entry.index = 1;
  entry.kind = core::EntryKind::kConfiguration;
  entry.stamp_ms = wall_ms();
  entry.data = core::encode(configuration);
  core::PersistEntries batch;
  batch.accepting_term = 1;
  batch.entries.push_back(std::make_shared<const core::Entry>(std::move(entry)));
  if (failed(out.vote->write({1, out.identity.id}), error)) return false;
  if (failed(out.log->append({batch}), error)) return false;
  out.identity.joining = false;
  if (failed(out.directory->write_identity(out.identity), error)) return false;
  spdlog::info("a new cluster {:016x} begins with this server {:016x}", out.identity.cluster,
               out.identity.id);
  return true;
}

bool join(const StartRequest& request, Opened& out, std::string& error) {
  if (!wipe(*out.directory, error) || !open_files(request, out, error)) return false;
  if (!fetch_log(request, out, error)) return false;
  out.identity.joining = false;
  out.identity.join.clear();
  if (failed(out.directory->write_identity(out.identity), error)) return false;
  spdlog::info("joined the cluster {:016x} as {:016x}, with {} log entries", out.identity.cluster,
               out.identity.id, out.log->last_index());
  return true;
}

bool first_start(const StartRequest& request, Opened& out, std::string& error) {
  out.identity.id = random_id();
  out.identity.joining = true;
  out.identity.address = request.address;
  if (request.join.empty()) {
    out.identity.cluster = random_id();
    out.identity.epoch = 1;
  }
  // Durable before anybody hears of this id.
  if (failed(out.directory->write_identity(out.identity), error)) return false;
  return request.join.empty() ? bootstrap(request, out, error) : join(request, out, error);
}

std::vector<std::string> addresses_in(const std::string& list) {
  std::vector<std::string> addresses;
  std::istringstream words(list);
  for (std::string address; std::getline(words, address, ',');) addresses.push_back(address);
  return addresses;
}

bool finish_first_start(const StartRequest& request, Opened& out, std::string& error) {
  out.identity.address = request.address;
  if (out.identity.cluster != 0) {
    if (!request.join.empty()) {
      error = "the data directory " + request.data +
              " is of a first server that has not finished its first start: start it without "
              "--join, or choose another directory";
      return false;
    }
    spdlog::info("finishing an interrupted first start");
    return bootstrap(request, out, error);
  }
  StartRequest again = request;
  if (request.join.empty()) again.join = addresses_in(out.identity.join);
  if (again.join.empty()) {
    error = "the data directory " + request.data +
            " is of a server that was joining a cluster: start it with --join to go on";
    return false;
  }
  spdlog::info("going on with an interrupted join as {:016x}", out.identity.id);
  return join(again, out, error);
}

bool later_start(const StartRequest& request, Opened& out, std::string& error) {
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

}  // namespace

namespace {

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
bool recover_unless_done(const StartRequest& request, Opened& out, std::string& error) {
  if (request.recover == 0 && !out.identity.recovering) return true;
  if (!out.identity.recovering) {
    const auto newer = find_newer_epoch(others(request, out), out.identity);
    if (newer) {
      error = fmt::format(
          "--recover {}: the cluster was recovered before, and goes on in epoch {} at {}. Start "
          "this server without --recover, and it joins that",
          request.recover, newer->epoch, newer->address);
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
    const auto newer = find_newer_epoch(others(request, opened), opened.identity);
    if (newer) return newer;
  }
  error = "no server of epoch " + std::to_string(request.min_epoch) +
          " answers: start one of those that go on, then this one again";
  return std::nullopt;
}

// R3.6: what this server holds is of a history that has ended. It keeps it aside, and comes back as
// a new server; however long that takes, since it cannot go on as the old one.
bool join_newer_epoch(const StartRequest& request, NewerEpoch newer, Opened& out,
                      std::string& error) {
  const storage::Identity ended = out.identity;
  const std::vector<std::string> targets = others(request, out);
  out.store.reset();
  out.log.reset();
  out.vote.reset();
  out.identity = {};
  out.identity.id = random_id();
  out.identity.joining = true;
  out.identity.address = request.address;
  out.identity.join = newer.address;
  if (failed(out.directory->set_aside(out.identity), error)) return false;
  spdlog::warn(
      "the cluster was recovered and goes on in epoch {} at {}: what {:016x} held of epoch {} is "
      "set aside in {}, and this server joins as {:016x}",
      newer.epoch, newer.address, ended.id, ended.epoch, request.data, out.identity.id);
  StartRequest anew = request;
  anew.snapshot.reset();
  const auto until = std::chrono::steady_clock::now() + kEpochJoinTime;
  for (;;) {
    anew.join = {newer.address};
    if (join(anew, out, error)) break;
    const bool stopped = request.stop != nullptr && *request.stop;
    if (stopped || std::chrono::steady_clock::now() >= until) return false;
    spdlog::warn("waiting: {}", error);
    std::this_thread::sleep_for(kEpochJoinPause);
    out.identity.cluster = 0;  // It may have been recovered once more meanwhile.
    out.identity.epoch = 0;
    newer = find_newer_epoch(targets, ended).value_or(newer);
  }
  if (out.identity.cluster != ended.cluster || out.identity.epoch <= ended.epoch) {
    error = "the server at " + newer.address + " let this one into another cluster or epoch";
    return false;
  }
  return restore(request, out, error);
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
  if (!known) {
    if (!first_start(request, out, error)) return false;
  } else {
    if (!out.identity.aside.empty() &&
        failed(out.directory->finish_set_aside(out.identity), error)) {
      return false;
    }
    if (out.identity.joining) {
      if (!finish_first_start(request, out, error)) return false;
    } else if (!later_start(request, out, error)) {
      return false;
    }
  }
  if (!restore(request, out, error)) return false;
  if (known) {
    if (!recover_unless_done(request, out, error)) return false;
    auto newer = find_newer_epoch(others(request, out), out.identity);
    if (!newer && out.identity.epoch < request.min_epoch) {
      newer = wait_for_newer_epoch(request, out, error);
      if (!newer) return false;
    }
    if (newer) return join_newer_epoch(request, *newer, out, error);
  }
  return ask_back_in(request, out, error) && tell_address(request, out, error);
}

}  // namespace starling::node
