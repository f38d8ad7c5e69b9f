// See fault_rules.h.
#include "clusterctl/fault_rules.h"

#include <algorithm>
#include <filesystem>
#include <fstream>
#include <set>
#include <sstream>

#include "clusterctl/failure.h"
#include "clusterctl/manifest.h"

namespace starling::ctl {
namespace {

bool has(const std::vector<std::string>& names, const std::string& name) {
  return std::find(names.begin(), names.end(), name) != names.end();
}

std::vector<std::string> split(const std::string& text, char between) {
  std::vector<std::string> parts;
  std::istringstream rest(text);
  for (std::string part; std::getline(rest, part, between);) parts.push_back(part);
  if (!text.empty() && text.back() == between) parts.emplace_back();
  return parts;
}

}  // namespace

bool Faults::is_cut(const std::string& one, const std::string& other) const {
  if (one == other) return false;
  if (has(isolated, one) || has(isolated, other)) return true;
  const auto side_of = [&](const std::string& name) {
    return std::find_if(sides.begin(), sides.end(),
                        [&](const auto& side) { return has(side, name); });
  };
  const auto a = side_of(one);
  const auto b = side_of(other);
  return a != b && a != sides.end() && b != sides.end();
}

int Faults::delay_ms(const std::string& one, const std::string& other) const {
  const auto of = [&](const std::string& name) {
    const auto found = slow_ms.find(name);
    return found == slow_ms.end() ? 0 : found->second;
  };
  return of(one) + of(other);
}

void Faults::forget(const std::string& server) {
  std::erase(isolated, server);
  for (auto& side : sides) std::erase(side, server);
  std::erase_if(sides, [](const auto& side) { return side.empty(); });
  if (sides.size() < 2) sides.clear();
  slow_ms.erase(server);
}

nlohmann::ordered_json to_json(const Faults& faults) {
  auto slow = nlohmann::ordered_json::array();
  for (const auto& [server, ms] : faults.slow_ms) slow.push_back({{"server", server}, {"ms", ms}});
  return {{"isolated", faults.isolated}, {"partition", faults.sides}, {"slow", slow}};
}

nlohmann::json to_manifest(const Faults& faults) {
  return {{"version", faults.version},
          {"isolated", faults.isolated},
          {"sides", faults.sides},
          {"slow_ms", faults.slow_ms}};
}

Faults from_manifest(const nlohmann::json& from) {
  Faults faults;
  faults.version = from.at("version");
  faults.isolated = from.at("isolated").get<std::vector<std::string>>();
  faults.sides = from.at("sides").get<std::vector<std::vector<std::string>>>();
  faults.slow_ms = from.at("slow_ms").get<std::map<std::string, int>>();
  return faults;
}

std::string describe(const Faults& faults) {
  std::vector<std::string> parts;
  for (const auto& name : faults.isolated) parts.push_back(name + " is isolated");
  if (!faults.sides.empty()) {
    std::vector<std::string> sides;
    for (const auto& side : faults.sides) sides.push_back(join_words(side, ","));
    parts.push_back("the network is cut into " + join_words(sides, " / "));
  }
  for (const auto& [name, ms] : faults.slow_ms) {
    parts.push_back(name + " is slowed by " + std::to_string(ms) + " ms");
  }
  return join_words(parts, "; ");
}

std::vector<std::vector<std::string>> parse_sides(const std::string& text) {
  std::vector<std::vector<std::string>> sides;
  std::set<std::string> seen;
  for (const auto& part : split(text, '/')) {
    sides.push_back(split(part, ','));
    if (sides.back().empty()) throw Failure(kUsage, "\"" + text + "\" has a side without a server");
    for (const auto& name : sides.back()) {
      if (name.empty()) throw Failure(kUsage, "\"" + text + "\" has an empty name");
      if (!seen.insert(name).second) throw Failure(kUsage, name + " is named twice");
    }
  }
  if (sides.size() < 2) {
    throw Failure(kUsage,
                  "\"" + text + "\" has no two sides: A,B/C,D,E cuts A and B from the rest");
  }
  return sides;
}

std::string fault_file(const Manifest& manifest, const std::string& server) {
  const Faults& faults = manifest.faults;
  std::string text =
      "# Written by clusterctl: " + (faults.any() ? describe(faults) : std::string("no faults")) +
      "\nversion " + std::to_string(faults.version) + "\n";
  for (const auto& other : manifest.servers) {
    if (other.name == server) continue;
    if (faults.is_cut(server, other.name)) text += "cut " + other.address + "\n";
    const int ms = faults.delay_ms(server, other.name);
    if (ms > 0) text += "delay " + other.address + " " + std::to_string(ms) + "\n";
  }
  return text;
}

void write_fault_files(const Manifest& manifest) {
  if (manifest.faults.version == 0) return;
  for (const auto& server : manifest.servers) {
    std::error_code error;
    std::filesystem::create_directories(manifest.server_dir(server.name), error);
    if (error)
      throw Failure(kFailed,
                    "cannot make " + manifest.server_dir(server.name) + ": " + error.message());
    write_file_atomically(manifest.fault_path(server.name), fault_file(manifest, server.name));
  }
}

std::uint64_t taken_version(const Manifest& manifest, const std::string& server) {
  std::ifstream file(manifest.fault_path(server) + ".taken");
  std::uint64_t version = 0;
  return file >> version ? version : 0;
}

void remove_fault_files(Manifest& manifest) {
  if (manifest.faults.any()) return;
  for (const auto& server : manifest.servers) {
    std::error_code error;  // One that stays does no harm: it says that there are no faults.
    std::filesystem::remove(manifest.fault_path(server.name), error);
    std::filesystem::remove(manifest.fault_path(server.name) + ".taken", error);
  }
  manifest.faults.version = 0;
}

bool takes_faults(const std::string& address) {
  const auto parsed = parse_address(address);
  return parsed && is_loopback(parsed->host);
}

}  // namespace starling::ctl
