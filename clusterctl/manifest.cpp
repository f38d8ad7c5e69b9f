// The cluster's manifest and the registry of clusters; see manifest.h.
#include "clusterctl/manifest.h"

#include <algorithm>
#include <charconv>
#include <cstdlib>
#include <filesystem>
#include <fstream>
#include <nlohmann/json.hpp>
#include <sstream>

#include "clusterctl/failure.h"

namespace starling::ctl {
namespace {

using nlohmann::json;
namespace fs = std::filesystem;

constexpr int kManifestVersion = 1;

std::optional<json> read_json(const std::string& path) {
  std::ifstream file(path);
  if (!file) return std::nullopt;
  std::ostringstream text;
  text << file.rdbuf();
  json parsed = json::parse(text.str(), nullptr, false);
  if (parsed.is_discarded() || !parsed.is_object()) {
    throw Failure(kFailed, path + " is damaged: it is not a JSON object");
  }
  return parsed;
}

std::string registry_path() { return state_root() + "/.registry.json"; }

json read_registry() { return read_json(registry_path()).value_or(json::object()); }

template <typename Change>
void change_registry(Change change) {
  std::error_code error;
  fs::create_directories(state_root(), error);
  if (error) throw Failure(kFailed, "cannot make " + state_root() + ": " + error.message());
  const FileLock lock(state_root() + "/.registry.lock", Clock::now() + std::chrono::seconds(10));
  json registry = read_registry();
  change(registry);
  write_file_atomically(registry_path(), registry.dump(2) + "\n");
}

json to_json(const ServerEntry& server) {
  return {{"name", server.name},
          {"address", server.address},
          {"pid", server.process.pid},
          {"start_time", server.process.start_time},
          {"id", server.id}};
}

ServerEntry server_from_json(const json& from) {
  ServerEntry server;
  server.name = from.at("name");
  server.address = from.at("address");
  server.process = {from.at("pid"), from.at("start_time")};
  server.id = from.at("id");
  return server;
}

}  // namespace

ServerEntry* Manifest::find(const std::string& server) {
  for (auto& entry : servers) {
    if (entry.name == server) return &entry;
  }
  return nullptr;
}

std::string manifest_path(const std::string& dir) { return dir + "/cluster.json"; }
std::string lock_path(const std::string& dir) { return dir + "/.lock"; }

std::optional<Manifest> load_manifest(const std::string& dir) {
  const auto found = read_json(manifest_path(dir));
  if (!found) return std::nullopt;
  try {
    if (found->at("version") != kManifestVersion) {
      throw Failure(kFailed, manifest_path(dir) + " was written by another version of clusterctl");
    }
    Manifest manifest;
    manifest.name = found->at("name");
    manifest.dir = dir;
    manifest.made_dir = found->at("made_dir");
    manifest.base_port = found->at("base_port");
    manifest.cluster_id = found->at("cluster_id");
    manifest.epoch = found->value("epoch", std::uint64_t{1});
    manifest.recovering.server = found->value("recovering", std::string());
    manifest.recovering.epoch =
        manifest.recovering.server.empty() ? 0 : found->value("recovering_epoch", manifest.epoch);
    manifest.bootstrapped = found->at("bootstrapped");
    manifest.starlingd = found->at("starlingd");
    manifest.flags = found->at("flags").get<std::vector<std::string>>();
    manifest.kept_aside = found->at("kept_aside").get<std::vector<std::string>>();
    if (found->contains("faults")) manifest.faults = from_manifest(found->at("faults"));
    for (const auto& server : found->at("servers")) {
      manifest.servers.push_back(server_from_json(server));
    }
    return manifest;
  } catch (const json::exception& error) {
    throw Failure(kFailed, manifest_path(dir) + " is damaged: " + error.what());
  }
}

void save_manifest(const Manifest& manifest) {
  json servers = json::array();
  for (const auto& server : manifest.servers) servers.push_back(to_json(server));
  const json content = {{"version", kManifestVersion},
                        {"name", manifest.name},
                        {"made_dir", manifest.made_dir},
                        {"base_port", manifest.base_port},
                        {"cluster_id", manifest.cluster_id},
                        {"epoch", manifest.epoch},
                        {"recovering", manifest.recovering.server},
                        {"recovering_epoch", manifest.recovering.epoch},
                        {"bootstrapped", manifest.bootstrapped},
                        {"starlingd", manifest.starlingd},
                        {"flags", manifest.flags},
                        {"servers", servers},
                        {"faults", to_manifest(manifest.faults)},
                        {"kept_aside", manifest.kept_aside}};
  write_file_atomically(manifest_path(manifest.dir), content.dump(2) + "\n");
}

std::string state_root() {
  const char* state = std::getenv("XDG_STATE_HOME");
  if (state != nullptr && *state == '/') return std::string(state) + "/starling";
  const char* home = std::getenv("HOME");
  if (home == nullptr || *home == '\0') {
    throw Failure(
        kFailed,
        "neither XDG_STATE_HOME nor HOME says where to keep the clusters: set one of them "
        "(an absolute path)");
  }
  return std::string(home) + "/.local/state/starling";
}

std::optional<std::string> registered_dir(const std::string& name) {
  const json registry = read_registry();
  const auto found = registry.find(name);
  if (found == registry.end() || !found->is_string()) return std::nullopt;
  return found->get<std::string>();
}

void register_dir(const std::string& name, const std::string& dir) {
  change_registry([&](json& registry) { registry[name] = dir; });
}

void forget_dir(const std::string& name) {
  change_registry([&](json& registry) { registry.erase(name); });
}

std::vector<std::string> registered_names() {
  std::vector<std::string> names;
  const json registry = read_registry();
  for (const auto& item : registry.items()) names.push_back(item.key());
  return names;
}

bool is_cluster_name(const std::string& name) {
  static const std::string kAllowed =
      "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789._-";
  return !name.empty() && name.size() <= 64 && name.front() != '.' && name.front() != '-' &&
         name.find_first_not_of(kAllowed) == std::string::npos;
}

int server_number(const std::string& name) {
  if (name.size() < 2 || name.front() != 'n' || name[1] == '0') return 0;
  int number = 0;
  const char* end = name.data() + name.size();
  const auto parsed = std::from_chars(name.data() + 1, end, number);
  return parsed.ec == std::errc() && parsed.ptr == end && number > 0 ? number : 0;
}

std::optional<HostPort> parse_address(const std::string& text) {
  const auto colon = text.rfind(':');
  if (colon == std::string::npos || colon == 0) return std::nullopt;
  HostPort address{text.substr(0, colon), 0};
  if (address.host.front() == '[') {
    if (address.host.size() < 3 || address.host.back() != ']') return std::nullopt;
    address.host = address.host.substr(1, address.host.size() - 2);
  } else if (address.host.find(':') != std::string::npos) {
    return std::nullopt;
  }
  if (address.host.find_first_of(" /,\t") != std::string::npos) return std::nullopt;
  const char* end = text.data() + text.size();
  const auto parsed = std::from_chars(text.data() + colon + 1, end, address.port);
  if (parsed.ec != std::errc() || parsed.ptr != end) return std::nullopt;
  if (address.port < 1 || address.port > 65'535) return std::nullopt;
  return address;
}

}  // namespace starling::ctl
