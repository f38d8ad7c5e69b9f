// Finding, making and locking the cluster that a command names.
#include <filesystem>

#include "clusterctl/commands.h"
#include "clusterctl/failure.h"

namespace starling::ctl {
namespace {

namespace fs = std::filesystem;
constexpr std::chrono::seconds kLockTimeout{60};
constexpr int kDefaultBasePort = 5'101;

std::unique_ptr<FileLock> take_lock(const std::string& dir) {
  return std::make_unique<FileLock>(lock_path(dir), Clock::now() + kLockTimeout);
}

Failure gone(const std::string& name, const std::string& dir) {
  return {kFailed,
          "cluster " + name + " was in " + dir +
              ", which is gone; give its new place with: " + advised(name, "up --dir DIR") +
              ", or forget it with: " + advised(name, "down --purge")};
}

std::string dir_of(const Options& options) {
  const auto dir = registered_dir(options.name);
  if (dir && fs::exists(manifest_path(*dir))) return *dir;
  if (dir) throw gone(options.name, *dir);
  const auto names = registered_names();
  const bool ending = options.command == "down";
  throw Failure(
      kFailed,
      "there is no cluster " + options.name +
          (names.empty() ? "" : " (there are: " + join_words(names, ", ") + ")") +
          (ending ? "; nothing to stop" : "; start it with: " + advised(options.name, "up")));
}

Manifest must_load(const std::string& dir) {
  auto manifest = load_manifest(dir);
  if (!manifest) throw Failure(kFailed, "there is no cluster in " + dir + " any more");
  return *std::move(manifest);
}

std::string absolute(const std::string& path) {
  std::string full = fs::absolute(path).lexically_normal().string();
  while (full.size() > 1 && full.back() == '/') full.pop_back();
  return full;
}

std::string dir_for_up(const Options& options) {
  const auto registered = registered_dir(options.name);
  const bool lives = registered && fs::exists(manifest_path(*registered));
  if (options.dir.empty()) {
    if (registered && !lives) throw gone(options.name, *registered);
    return registered.value_or(state_root() + "/" + options.name);
  }
  const std::string asked = absolute(options.dir);
  if (lives && *registered != asked) {
    throw Failure(kFailed, "cluster " + options.name + " lives in " + *registered +
                               "; choose another --name, or remove it with: " +
                               advised(options.name, "down --purge"));
  }
  // What was moved is looked for in its new place; a new cluster would hide that it is not there.
  if (registered && !lives && !fs::exists(manifest_path(asked))) {
    throw Failure(kFailed, "there is no cluster in " + asked + "; " +
                               std::string(gone(options.name, *registered).what()));
  }
  return asked;
}

// Refuses directories with somebody else's files. True when the directory was made here.
bool make_cluster_dir(const std::string& dir) {
  std::error_code error;
  if (fs::exists(dir)) {
    if (!fs::is_directory(dir)) throw Failure(kFailed, dir + " is not a directory");
    for (const auto& item : fs::directory_iterator(dir, error)) {
      if (item.path().filename() == ".lock") continue;
      throw Failure(kFailed, dir + " is not empty and holds no cluster (" +
                                 item.path().filename().string() + " is in it)");
    }
    if (error) throw Failure(kFailed, "cannot read " + dir + ": " + error.message());
    return false;
  }
  fs::create_directories(dir, error);
  if (error) throw Failure(kFailed, "cannot make " + dir + ": " + error.message());
  fs::permissions(dir, fs::perms::owner_all, error);  // Messages are nobody else's business.
  if (error) throw Failure(kFailed, "cannot protect " + dir + ": " + error.message());
  return true;
}

}  // namespace

OpenCluster open_for_change(const Options& options) {
  const std::string dir = dir_of(options);
  auto lock = take_lock(dir);
  return {std::move(lock), Cluster(must_load(dir)), false, {}};
}

Cluster open_for_reading(const Options& options) { return Cluster(must_load(dir_of(options))); }

std::optional<std::string> gone_dir(const std::string& name) {
  auto dir = registered_dir(name);
  if (dir && fs::exists(manifest_path(*dir))) dir.reset();
  return dir;
}

OpenCluster open_or_create(const Options& options) {
  const std::string dir = dir_for_up(options);
  const bool there = fs::exists(manifest_path(dir));
  if (!there) {  // What is wrong is said before anything is made.
    server_program(options.starlingd);
    check_server_flags(options.server_flags);
  }
  const bool made = !there && make_cluster_dir(dir);
  auto lock = take_lock(dir);
  auto found = load_manifest(dir);
  if (found && found->name != options.name) {
    throw Failure(kFailed, dir + " holds the cluster \"" + found->name + "\"");
  }
  const bool fresh = !found;
  Manifest manifest = std::move(found).value_or(Manifest{});
  const Manifest before = manifest;
  if (fresh) {
    manifest.name = options.name;
    manifest.dir = dir;
    manifest.made_dir = made;
    manifest.base_port = options.base_port.value_or(kDefaultBasePort);
    if (manifest.base_port == 0) manifest.base_port = pick_base_port(options.count.value_or(5));
  } else if (options.base_port.value_or(0) != 0 && *options.base_port != manifest.base_port) {
    throw Failure(kFailed, "cluster " + options.name + " has its ports from " +
                               std::to_string(manifest.base_port) +
                               " up and keeps them; --base-port is for a new cluster: choose "
                               "another --name, or remove this one with: " +
                               manifest.command("down --purge"));
  }
  manifest.flags = merged_flags(manifest.flags, options.server_flags);
  check_server_flags(manifest.flags);
  if (!options.starlingd.empty()) manifest.starlingd = absolute(options.starlingd);
  return {std::move(lock), Cluster(std::move(manifest)), fresh, before};
}

}  // namespace starling::ctl
