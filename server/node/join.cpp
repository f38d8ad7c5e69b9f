// See join.h.
#include "server/node/join.h"

#include <algorithm>
#include <chrono>
#include <utility>

#include "server/transport/join_client.h"
#include "server/transport/probe.h"
#include "spdlog/spdlog.h"

namespace starling::node {
namespace {

constexpr auto kProbeTime = std::chrono::milliseconds(1'500);
constexpr auto kTellTime = std::chrono::seconds(10);

// Takes the streamed log in: durable first, then applied (it is committed, whatever comes).
class LogSink {
 public:
  explicit LogSink(Opened& out) : out_(out) {}

  bool header(const transport::ServerList& list) {
    storage::Identity& identity = out_.identity;
    if (identity.cluster == 0) {
      identity.cluster = list.cluster;
      identity.epoch = list.epoch;
    }
    if (list.cluster == 0 || identity.cluster != list.cluster || identity.epoch != list.epoch) {
      problem_ = "the servers named by --join belong to different clusters";
      return false;
    }
    return true;
  }

  bool entries(const std::vector<core::EntryPtr>& entries) {
    core::PersistEntries batch;
    std::vector<chat::Committed> committed;
    core::Index next = out_.log->last_index() + 1;
    for (const core::EntryPtr& entry : entries) {
      if (entry->index < next) continue;  // Streamed again after the primary changed.
      if (entry->index > next || entry->term < term_) {
        problem_ = "the log that was sent has a gap";
        return false;
      }
      ++next;
      term_ = entry->term;
      batch.entries.push_back(entry);
      committed.push_back(
          {entry->index, entry->stamp_ms, entry->kind == core::EntryKind::kCommand, entry->data});
    }
    if (batch.entries.empty()) return true;
    batch.accepting_term = term_;
    const storage::Status status = out_.log->append({batch});
    if (!status.ok()) {
      problem_ = status.message();
      return false;
    }
    chat::ApplyResult ignored;
    const sqlite::Status applied = out_.store->apply(committed, ignored);
    if (!applied.ok()) problem_ = applied.message();
    return applied.ok();
  }

  core::Term term() const { return term_; }
  const std::string& problem() const { return problem_; }

 private:
  Opened& out_;
  core::Term term_ = 0;
  std::string problem_;
};

std::string joined(const std::vector<std::string>& addresses) {
  std::string text;
  for (const std::string& address : addresses) text += (text.empty() ? "" : ", ") + address;
  return text;
}

}  // namespace

bool fetch_log(const StartRequest& request, Opened& out, std::string& error) {
  spdlog::info("joining the cluster at {}", joined(request.join));
  LogSink sink(out);
  transport::JoinCallbacks callbacks;
  callbacks.on_header = [&](const transport::ServerList& list, core::Index through) {
    spdlog::info("the cluster {:016x} has {} servers and {} log entries", list.cluster,
                 list.servers.size(), through);
    return sink.header(list);
  };
  callbacks.on_entries = [&](const std::vector<core::EntryPtr>& entries) {
    return sink.entries(entries);
  };
  transport::JoinRequest join;
  join.targets = request.join;
  join.id = out.identity.id;
  join.address = request.address;
  join.deadline =
      std::chrono::steady_clock::now() + std::chrono::milliseconds(request.join_timeout_ms);
  join.stop = request.stop;
  for (;;) {
    std::string why;
    const transport::JoinError result = transport::join_network(join, callbacks, why);
    if (result == transport::JoinError::kNone) break;
    const bool again =
        result == transport::JoinError::kBroken && std::chrono::steady_clock::now() < join.deadline;
    if (again) continue;
    error = "cannot join the cluster at " + joined(request.join) + ": " +
            (sink.problem().empty() ? why : sink.problem());
    return false;
  }
  if (out.log->last_index() == 0 || out.identity.cluster == 0) {
    error = "cannot join the cluster at " + joined(request.join) + ": it sent no log";
    return false;
  }
  // The log's terms count as seen.
  const storage::Status status = out.vote->write({sink.term(), core::kNoNode});
  if (!status.ok()) error = status.message();
  return status.ok();
}

bool same_cluster(const StartRequest& request, const storage::Identity& identity,
                  std::string& error) {
  for (const std::string& target : request.join) {
    transport::ProbeResult found;
    if (!transport::probe_server(target, std::chrono::steady_clock::now() + kProbeTime, found)) {
      continue;
    }
    if (found.cluster == identity.cluster) break;
    error = fmt::format(
        "the data directory {} belongs to the cluster {:016x}, but {} is of the cluster {:016x}: "
        "choose an empty directory to join that one",
        request.data, identity.cluster, target, found.cluster);
    return false;
  }
  spdlog::info("the data directory {} is a member's already: --join is not needed", request.data);
  return true;
}

bool tell_address(const StartRequest& request, const Opened& opened, std::string& error) {
  if (opened.restored.configurations.empty()) return true;
  const core::Configuration& known = opened.restored.configurations.back().second;
  const core::Member* self = known.find(opened.identity.id);
  if (self != nullptr &&
      (self->address == request.address || (self->voter && known.voter_count() == 1))) {
    return true;
  }
  if (self == nullptr && request.join.empty()) return true;
  transport::JoinRequest join;
  join.targets = request.join;
  for (const core::Member& member : known.members) {
    if (member.id != opened.identity.id) join.targets.push_back(member.address);
  }
  join.id = opened.identity.id;
  join.address = request.address;
  join.deadline = std::chrono::steady_clock::now() + kTellTime;
  join.stop = request.stop;
  bool right = false;
  transport::JoinCallbacks callbacks;
  // The header comes once the change has committed; the log itself comes the usual way.
  callbacks.on_header = [&](const transport::ServerList& list, core::Index) {
    right = list.cluster == opened.identity.cluster;
    return false;
  };
  callbacks.on_entries = [](const std::vector<core::EntryPtr>&) { return false; };
  std::string why;
  const transport::JoinError result = transport::join_network(join, callbacks, why);
  if (result == transport::JoinError::kStopped && right) {
    spdlog::info("the cluster knows this server at {} now", request.address);
    return true;
  }
  error = "the cluster knows this server at " + (self == nullptr ? "no address" : self->address) +
          " and could not be told of " + request.address + ": " + why;
  return false;
}

}  // namespace starling::node
