// Asking all servers of a cluster at once, and what their answers amount to.
#include <algorithm>
#include <thread>
#include <tuple>
#include <utility>

#include "clusterctl/cluster.h"

namespace starling::ctl {
namespace {

bool newer(const ServerList& a, const ServerList& b) {
  return std::tuple(a.epoch, a.term, a.version) > std::tuple(b.epoch, b.term, b.version);
}

}  // namespace

const ServerView* Survey::find(const std::string& server) const {
  for (const auto& view : servers) {
    if (view.entry.name == server) return &view;
  }
  return nullptr;
}

const Server* Survey::listed(const std::string& address) const {
  std::uint64_t id = 0;
  for (const auto& view : servers) {
    if (view.entry.address == address) id = view.answer ? view.answer->server_id : view.entry.id;
  }
  const Server* found = nullptr;
  for (const auto& server : list.servers) {
    if (server.address != address) continue;
    if (found == nullptr || server.id == id) found = &server;
  }
  return found;
}

std::vector<Server> Survey::former() const {
  std::vector<Server> result;
  for (const auto& view : servers) {
    const Server* present = listed(view.entry.address);
    for (const auto& server : list.servers) {
      if (server.address == view.entry.address && &server != present) result.push_back(server);
    }
  }
  return result;
}

Survey survey(const Manifest& manifest, milliseconds timeout) {
  Survey result;
  for (const auto& entry : manifest.servers) {
    result.servers.push_back({entry, process_state(entry.process), std::nullopt, ""});
  }
  std::vector<std::thread> askers;
  for (auto& view : result.servers) {
    // Another program may have taken a dead server's port: only our own processes are asked.
    if (view.process != ProcessState::kRunning) continue;
    askers.emplace_back([&view, &manifest, timeout] {
      auto answer = admin::status(view.entry.address, timeout);
      if (!answer.ok()) {
        view.error = answer.error().message;
      } else if (manifest.cluster_id != 0 && answer->cluster_id != 0 &&
                 answer->cluster_id != manifest.cluster_id) {
        view.error = "it is a server of another cluster";
      } else {
        view.answer = *answer;
      }
    });
  }
  for (auto& asker : askers) asker.join();
  conclude(result, manifest.faults);
  return result;
}

void conclude(Survey& survey, const Faults& faults) {
  std::pair<std::uint64_t, std::uint64_t> highest;  // Epoch and term.
  survey.primary = nullptr;
  survey.list = {};
  for (const auto& view : survey.servers) {
    if (!view.answer) continue;
    highest = std::max(highest, std::pair(view.answer->epoch, view.answer->term));
    if (survey.list.servers.empty() || newer(view.answer->servers, survey.list)) {
      survey.list = view.answer->servers;
    }
  }
  for (const auto& view : survey.servers) {
    // A deposed leader may not know it yet; the highest term tells them apart.
    if (view.answer && view.answer->role == Role::kPrimary && view.answer->has_quorum &&
        std::pair(view.answer->epoch, view.answer->term) == highest) {
      survey.primary = &view;
      survey.list = view.answer->servers;
    }
  }
  for (auto& view : survey.servers) {
    view.cut_off =
        survey.primary != nullptr && faults.is_cut(survey.primary->entry.name, view.entry.name);
  }
  survey.voters = 0;
  survey.up = 0;
  survey.answering = 0;
  for (const auto& member : survey.list.servers) {
    if (!member.voter) continue;
    ++survey.voters;
    const auto view = std::find_if(
        survey.servers.begin(), survey.servers.end(),
        [&](const auto& one) { return one.answer && one.answer->server_id == member.id; });
    if (view == survey.servers.end()) continue;
    const bool known_down = survey.primary != nullptr && member.state == ServerState::kDown;
    ++survey.answering;
    if (!known_down && !view->cut_off) ++survey.up;
  }
  if (survey.list.servers.empty()) survey.voters = static_cast<int>(survey.servers.size());
  survey.needed = survey.voters / 2 + 1;
  survey.quorum_ok = survey.primary != nullptr && survey.up >= survey.needed;
}

bool converged(const Survey& survey) {
  if (!survey.quorum_ok) return false;
  const auto& model = *survey.primary->answer;
  return std::all_of(survey.servers.begin(), survey.servers.end(), [&](const auto& view) {
    if (view.process == ProcessState::kExited) return true;
    return view.answer && view.answer->applied_index == model.applied_index &&
           view.answer->state_hash == model.state_hash;
  });
}

}  // namespace starling::ctl
