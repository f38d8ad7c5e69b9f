// See first_start.h. The identity file is the witness of how far a first start came: with the
// joining mark and no cluster a join is under way, with the mark and a cluster a bootstrap is,
// without the mark the directory is a member's and never bootstraps or joins again (R3.3).
#include "server/node/first_start.h"

#include <filesystem>
#include <random>
#include <sstream>
#include <system_error>
#include <utility>

#include "server/node/clock.h"
#include "server/node/join.h"
#include "spdlog/spdlog.h"

namespace starling::node {
namespace {

bool failed(const storage::Status& status, std::string& error) {
  if (status.ok()) return false;
  if (!status.statement().empty()) spdlog::debug("the statement: {}", status.statement());
  error = status.message();
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

bool begin_empty(const StartRequest& request, Opened& out, std::string& error) {
  return wipe(*out.directory, error) && open_log(request, out, error) &&
         open_store(request, out, error);
}

bool bootstrap(const StartRequest& request, Opened& out, std::string& error) {
  if (!begin_empty(request, out, error)) return false;
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

std::vector<std::string> addresses_in(const std::string& list) {
  std::vector<std::string> addresses;
  std::istringstream words(list);
  for (std::string address; std::getline(words, address, ',');) addresses.push_back(address);
  return addresses;
}

}  // namespace

std::string list_of(const std::vector<std::string>& addresses) {
  std::string list;
  for (const std::string& address : addresses) {
    if (!list.empty() && list.size() + 1 + address.size() > storage::kAddressLimit) break;
    list += (list.empty() ? "" : ",") + address;
  }
  return list;
}

std::uint64_t random_id() {
  std::random_device random;
  std::uint64_t id = 0;
  while (id == 0) id = (std::uint64_t{random()} << 32) | random();
  return id;
}

bool join_cluster(const StartRequest& request, Opened& out, std::string& error) {
  if (!begin_empty(request, out, error)) return false;
  if (!fetch_log(request, out, error)) return false;
  storage::Identity member = out.identity;
  member.joining = false;
  member.join.clear();
  member.wanted_cluster = 0;
  member.least_epoch = 0;
  if (failed(out.directory->write_identity(member), error)) {
    out.fatal = true;  // Which of the two is on the disk now, nobody knows.
    return false;
  }
  out.identity = member;
  spdlog::info("joined the cluster {:016x} as {:016x}, with {} log entries", out.identity.cluster,
               out.identity.id, out.log->last_index());
  return true;
}

bool first_start(const StartRequest& request, Opened& out, std::string& error) {
  out.identity.id = random_id();
  out.identity.joining = true;
  out.identity.address = request.address;
  out.identity.join = list_of(request.join);  // So that it goes on without being told again.
  if (request.join.empty()) {
    out.identity.cluster = random_id();
    out.identity.epoch = 1;
  }
  // Durable before anybody hears of this id.
  if (failed(out.directory->write_identity(out.identity), error)) return false;
  return request.join.empty() ? bootstrap(request, out, error) : join_cluster(request, out, error);
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
  return join_cluster(again, out, error);
}

}  // namespace starling::node
