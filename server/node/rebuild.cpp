// See rebuild.h.
#include "server/node/rebuild.h"

#include <chrono>
#include <thread>
#include <utility>
#include <vector>

#include "server/node/snapshot_fetch.h"
#include "spdlog/spdlog.h"

namespace starling::node {
namespace {

constexpr auto kPause = std::chrono::milliseconds(300);

// Where the log begins, and who is a member by it.
bool outline_of(const Opened& opened, core::Restored& out, std::string& error) {
  const storage::Status status = opened.log->restore(opened.log->last_index(), out);
  if (!status.ok()) error = status.message();
  return status.ok();
}

std::vector<core::Member> others(const Opened& opened, const core::Restored& outline) {
  std::vector<core::Member> result;
  if (outline.configurations.empty()) return result;
  for (const core::Member& member : outline.configurations.back().second.members) {
    if (member.id != opened.identity.id) result.push_back(member);
  }
  return result;
}

// Any member's copy will do: each has applied what has committed only, and the hash says which
// rows.
bool fetch(const StartRequest& request, Opened& out, const core::Restored& outline,
           FetchedSnapshot& fetched, std::string& error) {
  const std::vector<core::Member> members = others(out, outline);
  SnapshotFetch attempts(*out.directory, out.identity);
  const auto deadline_from_now = [&] {
    return std::chrono::steady_clock::now() + std::chrono::milliseconds(request.join_timeout_ms);
  };
  auto deadline = deadline_from_now();
  std::string why = "there is no other member";
  for (std::size_t next = 0; !members.empty(); ++next) {
    if (request.stop != nullptr && *request.stop) break;
    const core::Member& member = members[next % members.size()];
    const std::uint64_t before = attempts.received();
    if (attempts.attempt(member.address, member.id, outline.base_index + 1, fetched, why)) {
      return true;
    }
    if (attempts.received() > before) {  // It goes on where it broke off, with the same one.
      deadline = deadline_from_now();
      --next;
      continue;
    }
    if (std::chrono::steady_clock::now() >= deadline) break;
    if ((next + 1) % members.size() == 0) std::this_thread::sleep_for(kPause);
  }
  error = "the chat store is damaged, and no other server gave a copy of its own (" + why +
          "). Start more servers of the cluster, then this one again";
  return false;
}

}  // namespace

std::string damage_of_store(const StartRequest& request, const Opened& opened) {
  const std::string& file = opened.log->chat_file();
  std::string reason;
  if (opened.directory->marked_damaged(file, reason)) return reason;
  std::unique_ptr<chat::Store> store;
  const sqlite::Status status =
      chat::Store::open(opened.directory->file_path(file), request.chat_cache_kib, store);
  if (!status.ok()) return status.damage() ? status.message() : std::string();
  core::Restored outline;
  std::string error;
  if (!outline_of(opened, outline, error)) return {};
  if (store->applied_index() >= outline.base_index) return {};
  return "it ends at index " + std::to_string(store->applied_index()) +
         ", and the log begins behind index " + std::to_string(outline.base_index);
}

bool rebuild_store(const StartRequest& request, Opened& out, const std::string& damage,
                   std::string& error) {
  core::Restored outline;
  if (!outline_of(out, outline, error)) return false;
  const bool whole = outline.base_index == 0;
  spdlog::warn("the chat store is damaged ({}): it is rebuilt from {}", damage,
               whole ? "this server's own log" : "another server's copy");
  if (whole) {
    // The one that the log names comes last: another one without it would say that the log is
    // short.
    for (const std::string& kept : {out.log->chat_file(), std::string()}) {
      const storage::Status removed = out.directory->remove_strays(kept);
      if (!removed.ok()) {
        error = removed.message();
        return false;
      }
    }
  } else {
    FetchedSnapshot fetched;
    if (!fetch(request, out, outline, fetched, error) || !install(fetched, out, error))
      return false;
  }
  return open_store(request, out, error);
}

}  // namespace starling::node
