// One cluster's processes: starting, stopping and asking its servers. The commands and the demo are
// made of these.
#pragma once

#include <functional>
#include <map>
#include <optional>
#include <string>
#include <vector>

#include "clusterctl/manifest.h"
#include "clusterctl/platform.h"
#include "starling/admin.h"

namespace starling::ctl {

inline constexpr milliseconds kStatusTimeout{500};
inline constexpr milliseconds kPrimaryTimeout{10'000};

// One server as its process and its own word show it.
struct ServerView {
  ServerEntry entry;
  ProcessState process = ProcessState::kExited;
  std::optional<admin::ServerStatus> answer;
  std::string error;     // Why there is no answer from a running process.
  bool cut_off = false;  // From the primary, by the faults that clusterctl makes.
};

// All servers, asked at the same time.
struct Survey {
  std::vector<ServerView> servers;      // In the manifest's order.
  const ServerView* primary = nullptr;  // Leads in the highest term heard of, with a quorum.
  ServerList list;                      // The primary's, or the newest that was heard.
  int voters = 0;
  int up = 0;         // Voters that answer and that the primary (if any) does not count as down.
  int answering = 0;  // Voters that answer.
  int needed = 0;
  bool quorum_ok = false;

  Survey() = default;
  Survey(const Survey&) = delete;  // `primary` points into `servers`.
  Survey& operator=(const Survey&) = delete;
  Survey(Survey&& other) noexcept = default;
  Survey& operator=(Survey&& other) noexcept = default;

  const ServerView* find(const std::string& server) const;
  // The member there: of several the one that answers, or that was the last to do so.
  const Server* listed(const std::string& address) const;
  // Members at addresses of servers here that are somebody else there by now: what a server was
  // before its data was lost (R3.4).
  std::vector<Server> former() const;
};

Survey survey(const Manifest& manifest, milliseconds timeout = kStatusTimeout);
// Fills in what follows from the answers, and from the faults before the servers have noticed them;
// apart from survey() for the tests.
void conclude(Survey& survey, const Faults& faults = {});

// All running servers answer with the same applied index and state hash, and there is a quorum.
bool converged(const Survey& survey);

class Cluster {
 public:
  explicit Cluster(Manifest manifest) : manifest_(std::move(manifest)) {}

  Manifest& manifest() { return manifest_; }
  const Manifest& manifest() const { return manifest_; }

  // A new entry: the lowest free number; the address given, or the next free port.
  ServerEntry& add_server(const std::string& address = "");

  // Throws when the address is taken by somebody else.
  void check_address_free(const ServerEntry& server) const;
  // Starts a process and notes it in the manifest. A server that is not known to be a member is
  // told where the others are: one whose data was wiped must join and not found a second cluster.
  void start(ServerEntry& server, bool not_a_member = false);
  // Takes out what servers were before their data was lost, once their replacements vote (R3.4).
  // What cannot be taken out now is left to the healing. Returns the names of those servers.
  std::vector<std::string> retire_former(Clock::time_point deadline);
  // Has the cluster a primary that does not count this server among its members?
  bool is_no_member(const ServerEntry& server, const Survey& survey) const;
  // Until it answers as a server of this cluster. Throws, with the end of its log, when its process
  // ends.
  void wait_until_serving(ServerEntry& server, Clock::time_point deadline);
  // Until every running server answers, votes and has applied what the primary had committed.
  // Servers that have ended are not waited for: they are added to `ended` with the end of their
  // log. Throws at the deadline, and as soon as too few are left for a quorum.
  void wait_until_ready(Clock::time_point deadline, std::map<std::string, std::string>& ended,
                        const std::function<void(const Survey&)>& on_progress = {});

  // SIGTERM to all of them at once, ten seconds later SIGKILL. How many of them ran.
  std::size_t stop(const std::vector<ServerEntry*>& servers);
  std::size_t stop(const std::vector<std::string>& names);
  std::size_t stop_all();

  // Takes a server that is stopped out of the manifest, with its directory, if it never became a
  // member: it had asked nobody, or the primary agrees. False when it may be one.
  bool forget_if_no_member(const std::string& server);

  // `name` may be primary or backup, which are waited for. Throws for one that does not exist.
  ServerEntry& resolve(const std::string& name);
  // Throws at once when no server of the cluster runs.
  Survey wait_for_primary(Clock::time_point deadline);
  // Why there is no primary, and what to do about it.
  std::string no_primary(const Survey& survey) const;
  void learn(const Survey& survey);  // Notes ids, the cluster id and its latest epoch.

  // "n3 ended while starting", and the end of its log.
  std::string ended_text(const std::string& server, const std::string& doing) const;

 private:
  std::string log_tail(const std::string& server) const;
  int next_free_port() const;

  Manifest manifest_;
};

// The server program: as configured, else $STARLINGD, else the one beside clusterctl. Throws when
// there is none.
std::string server_program(const std::string& configured);

// For --base-port 0: a port below the ephemeral range from which `count` in a row are free.
int pick_base_port(int count);

void remove_tree(const std::string& path);

}  // namespace starling::ctl
