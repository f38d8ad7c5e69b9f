// See join.h.
#include "server/node/join.h"

#include <algorithm>
#include <atomic>
#include <chrono>
#include <memory>
#include <thread>
#include <utility>

#include "server/transport/join_client.h"
#include "server/transport/probe.h"
#include "spdlog/spdlog.h"

namespace starling::node {
namespace {

constexpr auto kProbeTime = std::chrono::milliseconds(1'500);
constexpr auto kAskBackTime = std::chrono::seconds(10);
constexpr auto kTellTime = std::chrono::seconds(1);  // One server; then the next.
constexpr auto kTellPause = std::chrono::milliseconds(100);
constexpr auto kSayEvery = std::chrono::seconds(5);
constexpr auto kSayFirst = std::chrono::milliseconds(500);
constexpr auto kLook = std::chrono::milliseconds(10);
// For a copy of which nothing comes: it takes the other server its time to make it.
constexpr auto kCopyPatience = std::chrono::minutes(5);

// Takes the streamed log in: durable first, then applied (it is committed, whatever comes).
class LogSink {
 public:
  explicit LogSink(Opened& out) : out_(out) {}

  bool header(const transport::ServerList& list) {
    primary_ = list.primary;
    address_.clear();
    for (const transport::ListedServer& server : list.servers) {
      if (server.id == primary_) address_ = server.address;
    }
    storage::Identity& identity = out_.identity;
    if (identity.wanted_cluster != 0 &&
        (list.cluster != identity.wanted_cluster || list.epoch < identity.least_epoch)) {
      problem_ = "it is another cluster, or an epoch of this one that has ended";
      return false;
    }
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

  // Of the last header.
  core::NodeId primary() const { return primary_; }
  const std::string& primary_address() const { return address_; }
  // A snapshot is in place: the log goes on behind it.
  void begin_behind(const storage::Base& base) { term_ = base.term; }

  core::Term term() const { return term_; }
  const std::string& problem() const { return problem_; }

 private:
  Opened& out_;
  core::Term term_ = 0;
  core::NodeId primary_ = core::kNoNode;
  std::string address_;
  std::string problem_;
};

std::string joined(const std::vector<std::string>& addresses) {
  std::string text;
  for (const std::string& address : addresses) text += (text.empty() ? "" : ", ") + address;
  return text;
}

// Says what a join waits for, soon and then every few seconds, until the cluster has let it in.
class WaitTeller {
 public:
  explicit WaitTeller(const std::vector<std::string>& targets) : targets_(targets) {
    thread_ = std::thread([this] { run(); });
  }
  ~WaitTeller() {
    end_ = true;
    thread_.join();
  }
  WaitTeller(const WaitTeller&) = delete;
  WaitTeller& operator=(const WaitTeller&) = delete;

  void done() { end_ = true; }

 private:
  void run() {
    auto next = std::chrono::steady_clock::now() + kSayFirst;
    while (!end_) {
      std::this_thread::sleep_for(kLook);
      if (std::chrono::steady_clock::now() < next) continue;
      const std::string what = reason();
      if (!end_) spdlog::info("waiting: {}", what);
      next = std::chrono::steady_clock::now() + kSayEvery;
    }
  }

  std::string reason() const {
    for (const std::string& target : targets_) {
      transport::ProbeResult found;
      const auto deadline = std::chrono::steady_clock::now() + kLookTime;
      if (end_ || !transport::probe_server(target, deadline, found)) continue;
      return "the cluster at " + target +
             " has no primary, and takes nobody in before it has a quorum again; start more of its "
             "servers";
    }
    return "none of " + joined(targets_) + " answers; are they running?";
  }

  static constexpr auto kLookTime = std::chrono::milliseconds(300);

  const std::vector<std::string>& targets_;
  std::atomic<bool> end_{false};
  std::thread thread_;
};

transport::Deadline deadline_from_now(const StartRequest& request) {
  return std::chrono::steady_clock::now() + std::chrono::milliseconds(request.join_timeout_ms);
}

// What to do about it.
std::string hint(transport::JoinError error) {
  switch (error) {
    case transport::JoinError::kUnreachable:
      return ". Start that server, or name another one of the cluster with --join";
    case transport::JoinError::kNotStarling:
      return ". Name the address of a Starling server with --join";
    case transport::JoinError::kWrongVersion:
      return ". Use the program of the version that the cluster runs";
    case transport::JoinError::kNoPrimary:
    case transport::JoinError::kBroken:
      return ". It takes nobody in without a quorum: start more of its servers, then this one "
             "again";
    case transport::JoinError::kNone:
    case transport::JoinError::kRefused:
    case transport::JoinError::kStopped:
    case transport::JoinError::kSnapshot:
      break;
  }
  return "";
}

enum class Copy {
  kInPlace,
  kAskAgain,  // It did not come.
  kFailed,    // It came and could not be put in place: nothing here is to be relied on (R2.6).
};

// `error` says what is worth telling.
Copy fetch_snapshot(const StartRequest& request, LogSink& sink, SnapshotFetch& fetch, Opened& out,
                    std::string& error) {
  FetchedSnapshot fetched;
  // What is here already was not enough: the log began behind it by then.
  const core::Index wanted = out.log->last_index() + 1;
  if (!fetch.attempt(sink.primary_address(), sink.primary(), wanted, fetched, error)) {
    return Copy::kAskAgain;
  }
  if (!install(fetched, out, error) || !open_store(request, out, error)) return Copy::kFailed;
  if (out.store->applied_index() != fetched.base.index) {
    error = "the snapshot that came is not the state that it was sent as";
    return Copy::kFailed;
  }
  sink.begin_behind(fetched.base);
  return Copy::kInPlace;
}

// One that joins again asks nobody but its own cluster: being let in changes the other one, too.
bool aim(const StartRequest& request, const storage::Identity& self, transport::JoinRequest& join,
         std::string& error) {
  if (self.wanted_cluster == 0) return true;
  const auto found = find_wanted_epoch(request, self, join.deadline);
  if (!found) {
    error =
        fmt::format("none of {} answers as a server of the cluster {:016x} in epoch {} or later",
                    joined(request.join), self.wanted_cluster, self.least_epoch);
    return false;
  }
  join.targets = found->addresses;
  join.cluster = self.wanted_cluster;
  join.epoch = found->epoch;
  join.deadline = deadline_from_now(request);
  return true;
}

}  // namespace

bool fetch_log(const StartRequest& request, Opened& out, std::string& error) {
  spdlog::info("joining the cluster at {}", joined(request.join));
  LogSink sink(out);
  transport::JoinCallbacks callbacks;
  WaitTeller teller(request.join);
  callbacks.on_header = [&](const transport::ServerList& list, core::Index through) {
    teller.done();
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
  join.deadline = deadline_from_now(request);
  join.stop = request.stop;
  std::unique_ptr<SnapshotFetch> fetch;
  transport::Deadline copy_until{};
  std::string no_copy;
  const auto cannot = [&](const std::string& why) {
    error = "cannot join the cluster at " + joined(request.join) + ": " + why;
    return false;
  };
  if (!aim(request, out.identity, join, error)) return false;
  for (;;) {
    std::string why;
    join.from = out.log->last_index() + 1;
    if (out.identity.cluster != 0) {
      join.cluster = out.identity.cluster;
      join.epoch = out.identity.epoch;
    }
    const transport::JoinError result = transport::join_network(join, callbacks, why);
    if (result == transport::JoinError::kNone) break;
    const auto now = std::chrono::steady_clock::now();
    if (result == transport::JoinError::kSnapshot && (!fetch || now < copy_until)) {
      if (!fetch) {
        fetch = std::make_unique<SnapshotFetch>(*out.directory, out.identity);
        copy_until = now + kCopyPatience;
      }
      const std::uint64_t before = fetch->received();
      const Copy copy = fetch_snapshot(request, sink, *fetch, out, no_copy);
      if (copy == Copy::kFailed) {
        out.fatal = true;
        return cannot(no_copy);
      }
      if (copy == Copy::kAskAgain) {
        spdlog::warn("waiting: {}", no_copy);
        std::this_thread::sleep_for(kTellPause);
      }
      // However long a big one takes, as long as some of it comes.
      if (fetch->received() != before) {
        copy_until = std::chrono::steady_clock::now() + kCopyPatience;
      }
      join.deadline = deadline_from_now(request);
      continue;
    }
    if (result == transport::JoinError::kSnapshot) why = no_copy;
    const bool in_time = now < join.deadline;
    if (result == transport::JoinError::kBroken && in_time) continue;
    return cannot(sink.problem().empty() ? why + hint(result) : sink.problem());
  }
  if (out.log->last_index() == 0 || out.identity.cluster == 0) return cannot("it sent no log");
  // The log's terms count as seen.
  const storage::Status status = out.vote->write({sink.term(), core::kNoNode});
  if (!status.ok()) error = status.message();
  return status.ok();
}

std::vector<std::string> others(const StartRequest& request, const Opened& opened) {
  std::vector<std::string> targets = request.join;
  if (!request.heard_at.empty()) targets.push_back(request.heard_at);
  if (opened.restored.configurations.empty()) return targets;
  for (const core::Member& member : opened.restored.configurations.back().second.members) {
    if (member.id != opened.identity.id) targets.push_back(member.address);
  }
  return targets;
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

namespace {

// True when the cluster has written the address down.
transport::JoinError tell(transport::JoinRequest ask, const storage::Identity& self,
                          std::string& why) {
  bool right = false;
  transport::JoinCallbacks callbacks;
  // The header comes once the change has committed; the log itself comes the usual way.
  callbacks.on_header = [&](const transport::ServerList& list, core::Index) {
    right = list.cluster == self.cluster && list.epoch == self.epoch;
    if (!right) why = "it is another cluster, or another epoch of this one";
    return false;
  };
  callbacks.on_entries = [](const std::vector<core::EntryPtr>&) { return false; };
  std::string said;
  const transport::JoinError result = transport::join_network(ask, callbacks, said);
  if (right) return transport::JoinError::kNone;
  if (why.empty()) why = said;
  return result;
}

const core::Member* self_in(const Opened& opened) {
  if (opened.restored.configurations.empty()) return nullptr;
  return opened.restored.configurations.back().second.find(opened.identity.id);
}

}  // namespace

bool ask_back_in(const StartRequest& request, const Opened& opened, std::string& error) {
  if (request.join.empty() || opened.restored.configurations.empty()) return true;
  if (self_in(opened) != nullptr) return true;
  spdlog::info("the cluster has let this server go: asking {} to take it in again",
               joined(request.join));
  transport::JoinRequest ask;
  ask.targets = others(request, opened);
  ask.id = opened.identity.id;
  ask.address = request.address;
  ask.deadline = std::chrono::steady_clock::now() + kAskBackTime;
  ask.stop = request.stop;
  ask.cluster = opened.identity.cluster;
  ask.epoch = opened.identity.epoch;
  std::string why;
  const transport::JoinError result = tell(ask, opened.identity, why);
  if (result == transport::JoinError::kNone) return true;
  error = "the cluster has let this server go and did not take it in again: " + why + hint(result);
  return false;
}

bool tell_address(const StartRequest& request, const Opened& opened,
                  std::optional<NewerEpoch>& newer, std::string& error) {
  const core::Member* self = self_in(opened);
  if (self == nullptr || self->address == request.address) return true;
  const std::vector<std::string> targets = others(request, opened);
  const bool alone = opened.restored.configurations.back().second.voter_count() == 1;
  if ((self->voter && alone) || targets.empty()) return true;
  spdlog::info("the cluster knows this server at {} and has to be told of {} first: asking {}",
               self->address, request.address, joined(targets));
  auto say_next = std::chrono::steady_clock::now() + kSayFirst;
  for (std::size_t next = 0; request.stop == nullptr || !*request.stop; ++next) {
    transport::JoinRequest ask;
    ask.targets = {targets[next % targets.size()]};
    ask.id = opened.identity.id;
    ask.address = request.address;
    // Of a member only the address changes; one that was removed meanwhile comes back as such.
    ask.returning = true;
    ask.deadline = std::chrono::steady_clock::now() + kTellTime;
    ask.stop = request.stop;
    ask.cluster = opened.identity.cluster;
    ask.epoch = opened.identity.epoch;
    std::string why;
    if (tell(ask, opened.identity, why) == transport::JoinError::kNone) {
      spdlog::info("the cluster knows this server at {} now", request.address);
      return true;
    }
    if (std::chrono::steady_clock::now() >= say_next) {
      // The primary that it waits for may be one of a later epoch.
      newer = find_newer_epoch(targets, opened.identity, request.min_epoch);
      if (newer) return true;
      spdlog::info("waiting for a primary to tell of {}: {}", request.address, why);
      say_next = std::chrono::steady_clock::now() + kSayEvery;
    }
    std::this_thread::sleep_for(kTellPause);
  }
  error = "the cluster was not told of " + request.address;
  return false;
}

}  // namespace starling::node
