// What clusterctl remembers of a cluster between two commands: a JSON file in the cluster's
// directory, and a registry that says which directory belongs to which name.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "clusterctl/fault_rules.h"
#include "clusterctl/platform.h"
#include "clusterctl/words.h"

namespace starling::ctl {

struct ServerEntry {
  std::string name;      // n1, n2, ...
  std::string address;   // host:port
  ProcessId process;     // The last one that was started.
  std::uint64_t id = 0;  // The server's own id, once it was heard.
};

// The server that is to begin an epoch, until somebody is seen in that one or a later one.
struct Recovering {
  std::string server;  // Empty: there is none.
  std::uint64_t epoch = 0;
};

struct Manifest {
  std::string name;
  std::string dir;        // Absolute.
  bool made_dir = false;  // clusterctl made it, so --purge may remove it.
  int base_port = 5101;
  std::uint64_t cluster_id = 0;
  std::uint64_t epoch = 1;  // The latest that was heard of or begun: none of before serves again.
  Recovering recovering;
  bool bootstrapped =
      false;              // The first server has served: nothing here is ever bootstrapped again.
  std::string starlingd;  // As given by --starlingd; empty: the one beside clusterctl.
  std::vector<std::string> flags;       // For every server, after the standard ones.
  std::vector<ServerEntry> servers;     // In the order of their numbers.
  Faults faults;                        // Of the network among the servers.
  std::vector<std::string> kept_aside;  // Directories of servers that left, relative to dir.

  ServerEntry* find(const std::string& server);
  std::string server_dir(const std::string& server) const { return dir + "/" + server; }
  std::string data_dir(const std::string& server) const { return server_dir(server) + "/data"; }
  std::string log_path(const std::string& server) const { return server_dir(server) + "/log"; }
  std::string fault_path(const std::string& server) const { return server_dir(server) + "/faults"; }
  // A command on this cluster, as advice.
  std::string command(const std::string& words) const { return advised(name, words); }
};

std::string manifest_path(const std::string& dir);
std::string lock_path(const std::string& dir);
std::optional<Manifest> load_manifest(const std::string& dir);
void save_manifest(const Manifest& manifest);

// ${XDG_STATE_HOME:-$HOME/.local/state}/starling
std::string state_root();
std::optional<std::string> registered_dir(const std::string& name);
void register_dir(const std::string& name, const std::string& dir);
void forget_dir(const std::string& name);
std::vector<std::string> registered_names();

// 1 to 64 of letters, digits, '.', '_' and '-', and no leading '.'.
bool is_cluster_name(const std::string& name);

// The number in "n12", or 0.
int server_number(const std::string& name);

struct HostPort {
  std::string host;
  int port = 0;
};
// "host:port" or "[v6]:port", with a port from 1 to 65535.
std::optional<HostPort> parse_address(const std::string& text);

}  // namespace starling::ctl
