// The faults of the network that a cluster is under (isolate, partition, slow), and what they mean
// for each of its servers: the file that its starlingd reads them from.
#pragma once

#include <cstdint>
#include <map>
#include <nlohmann/json.hpp>
#include <string>
#include <vector>

namespace starling::ctl {

struct Manifest;

// By name.
struct Faults {
  std::uint64_t version = 0;                    // One more at each change.
  std::vector<std::string> isolated;            // Each cut off from all others.
  std::vector<std::vector<std::string>> sides;  // Cut off from each other; empty: no partition.
  std::map<std::string, int> slow_ms;           // Later by so much, each way.

  bool any() const { return !isolated.empty() || !sides.empty() || !slow_ms.empty(); }
  bool cut() const { return !isolated.empty() || !sides.empty(); }
  bool is_cut(const std::string& one, const std::string& other) const;
  int delay_ms(const std::string& one, const std::string& other) const;
  // Of a server that leaves: one that joins may get its name.
  void forget(const std::string& server);
};

// {"isolated":["n1"],"partition":[["n1","n2"],["n3"]],"slow":[{"server":"n4","ms":200}]}
nlohmann::ordered_json to_json(const Faults& faults);
// As the manifest keeps them: the same, and the version. Throws nlohmann's exceptions.
nlohmann::json to_manifest(const Faults& faults);
Faults from_manifest(const nlohmann::json& from);

// "n1 is isolated; n3 is slowed by 200 ms", or nothing.
std::string describe(const Faults& faults);

// "A,B/C,D,E" as sides of words. Throws Failure(kUsage) when that makes no two sides or names a
// server twice.
std::vector<std::vector<std::string>> parse_sides(const std::string& text);

// What the server's starlingd is to do, as server/transport/link_faults.h describes it.
std::string fault_file(const Manifest& manifest, const std::string& server);
// Every server's file as the manifest has it. A cluster that never had a fault has no files.
void write_fault_files(const Manifest& manifest);
// Which version the server has taken up; 0: none.
std::uint64_t taken_version(const Manifest& manifest, const std::string& server);
// For the servers of a cluster that is not running and is under no fault: they start without.
void remove_fault_files(Manifest& manifest);

// starlingd takes faults on loopback only.
bool takes_faults(const std::string& address);

}  // namespace starling::ctl
