// What `status` prints; see render.h.
#include "clusterctl/render.h"

#include <algorithm>
#include <array>
#include <cstdio>

namespace starling::ctl {
namespace {

const char* role_name(Role role) {
  switch (role) {
    case Role::kPrimary:
      return "primary";
    case Role::kBackup:
      return "backup";
    case Role::kLearner:
      return "learner";
    case Role::kNone:
      break;
  }
  return "none";
}

// The primary's word; with no primary, whether the server answers.
const char* state_name(const Survey& survey, const ServerView& view) {
  if (view.process == ProcessState::kExited || view.cut_off) return "down";
  const Server* member = survey.primary ? survey.listed(view.entry.address) : nullptr;
  if (member == nullptr) return view.answer ? "up" : "down";
  switch (member->state) {
    case ServerState::kUp:
      return "up";
    case ServerState::kSuspect:
      return "suspect";
    case ServerState::kDown:
      break;
  }
  return "down";
}

// A backup that still thinks it leads is told apart by the survey: it shows as having no role.
Role shown_role(const Survey& survey, const ServerView& view) {
  if (!view.answer) return Role::kNone;
  if (view.answer->role == Role::kPrimary && &view != survey.primary) return Role::kNone;
  return view.answer->role;
}

bool votes(const Survey& survey, const ServerView& view) {
  const Server* member = survey.listed(view.entry.address);
  return member != nullptr && member->voter;
}

// The table's word: one that the cluster goes on without is told apart from one that is only down.
std::string role_text(const Survey& survey, const ServerView& view) {
  if (survey.primary != nullptr && survey.listed(view.entry.address) == nullptr) return "no member";
  return role_name(shown_role(survey, view));
}

// The number of a process that has ended may be another's by now.
int shown_pid(const ServerView& view) {
  return view.process == ProcessState::kExited ? 0 : view.entry.process.pid;
}

std::uint64_t lag(const Survey& survey, const admin::ServerStatus& answer) {
  std::uint64_t committed = answer.commit_index;
  if (survey.primary != nullptr) committed = survey.primary->answer->commit_index;
  return committed > answer.applied_index ? committed - answer.applied_index : 0;
}

std::uint64_t term_of(const Survey& survey) {
  std::uint64_t term = 0;
  for (const auto& view : survey.servers) {
    if (view.answer) term = std::max(term, view.answer->term);
  }
  return term;
}

std::uint64_t epoch_of(const Survey& survey) {
  std::uint64_t epoch = 0;
  for (const auto& view : survey.servers) {
    if (view.answer) epoch = std::max(epoch, view.answer->epoch);
  }
  return epoch;
}

std::string cluster_id(const Manifest& manifest, const Survey& survey) {
  const std::uint64_t id = manifest.cluster_id != 0 ? manifest.cluster_id : survey.list.cluster_id;
  return id == 0 ? "" : hex(id);
}

bool anybody_runs(const Survey& survey) {
  return std::any_of(survey.servers.begin(), survey.servers.end(),
                     [](const auto& view) { return view.process != ProcessState::kExited; });
}

std::string bytes(std::uint64_t count) {
  static constexpr std::array<const char*, 4> kUnits{"B", "KiB", "MiB", "GiB"};
  auto size = static_cast<double>(count);
  std::size_t unit = 0;
  for (; size >= 1024 && unit + 1 < kUnits.size(); ++unit) size /= 1024;
  std::array<char, 32> text{};
  std::snprintf(text.data(), text.size(), unit == 0 ? "%.0f %s" : "%.1f %s", size, kUnits[unit]);
  return text.data();
}

std::string duration(std::uint64_t seconds) {
  if (seconds < 120) return std::to_string(seconds) + "s";
  if (seconds < 7'200) return std::to_string(seconds / 60) + "m";
  if (seconds < 172'800) return std::to_string(seconds / 3'600) + "h";
  return std::to_string(seconds / 86'400) + "d";
}

}  // namespace

std::string hex(std::uint64_t number) {
  std::array<char, 17> text{};
  std::snprintf(text.data(), text.size(), "%016llx", static_cast<unsigned long long>(number));
  return text.data();
}

std::string grouped(std::int64_t number) {
  std::string digits = std::to_string(number);
  const std::size_t first = digits.front() == '-' ? 1 : 0;
  for (auto place = static_cast<std::ptrdiff_t>(digits.size()) - 3;
       place > static_cast<std::ptrdiff_t>(first); place -= 3) {
    digits.insert(static_cast<std::size_t>(place), ",");
  }
  return digits;
}

nlohmann::ordered_json to_json(const Manifest& manifest, const Survey& survey) {
  nlohmann::ordered_json servers = nlohmann::ordered_json::array();
  for (const auto& view : survey.servers) {
    const admin::ServerStatus nothing;
    const auto& answer = view.answer ? *view.answer : nothing;
    const std::uint64_t id = answer.server_id != 0 ? answer.server_id : view.entry.id;
    servers.push_back({{"name", view.entry.name},
                       {"id", id == 0 ? "" : hex(id)},
                       {"address", view.entry.address},
                       {"pid", shown_pid(view)},
                       {"process", to_string(view.process)},
                       {"role", role_name(shown_role(survey, view))},
                       {"state", state_name(survey, view)},
                       {"term", answer.term},
                       {"last_index", answer.last_index},
                       {"commit_index", answer.commit_index},
                       {"applied_index", answer.applied_index},
                       {"lag", view.answer ? lag(survey, answer) : 0},
                       {"clients", answer.clients},
                       {"state_hash", view.answer ? hex(answer.state_hash) : ""},
                       {"data_bytes", answer.data_bytes},
                       {"uptime_s", answer.uptime_ms / 1'000},
                       {"member", survey.listed(view.entry.address) != nullptr},
                       {"voter", votes(survey, view)}});
  }
  nlohmann::ordered_json status = {{"cluster", manifest.name},
                                   {"cluster_id", cluster_id(manifest, survey)},
                                   {"term", term_of(survey)},
                                   {"primary", survey.primary ? survey.primary->entry.name : ""},
                                   {"quorum",
                                    {{"voters", survey.voters},
                                     {"up", survey.up},
                                     {"needed", survey.needed},
                                     {"ok", survey.quorum_ok}}},
                                   {"servers", servers},
                                   {"epoch", std::max(epoch_of(survey), manifest.epoch)}};
  auto former = nlohmann::ordered_json::array();
  for (const auto& server : survey.former()) {
    former.push_back({{"id", hex(server.id)}, {"address", server.address}});
  }
  if (!former.empty()) status["former_members"] = former;
  if (manifest.faults.any()) status["faults"] = to_json(manifest.faults);
  return status;
}

std::string aligned(const std::vector<std::vector<std::string>>& rows) {
  std::vector<std::size_t> widths;
  for (const auto& row : rows) {
    widths.resize(std::max(widths.size(), row.size()), 0);
    for (std::size_t i = 0; i < row.size(); ++i) widths[i] = std::max(widths[i], row[i].size());
  }
  std::string text;
  for (const auto& row : rows) {
    std::string line;
    for (std::size_t i = 0; i < row.size(); ++i) {
      line += row[i];
      if (i + 1 < row.size()) line.append(widths[i] - row[i].size() + 2, ' ');
    }
    text += line + "\n";
  }
  return text;
}

std::string to_table(const Manifest& manifest, const Survey& survey) {
  const int survives = std::max(0, survey.up - survey.needed);
  const std::uint64_t epoch = epoch_of(survey);
  std::string text = "cluster " + manifest.name +
                     (epoch > 1 ? "  epoch " + std::to_string(epoch) : "") + "  term " +
                     std::to_string(term_of(survey)) + "  primary " +
                     (survey.primary ? survey.primary->entry.name : "none") + "  voters " +
                     std::to_string(survey.up) + " of " + std::to_string(survey.voters) + " up\n";
  if (survey.quorum_ok) {
    text += "quorum ok: survives the loss of " + std::to_string(survives) + " more\n\n";
  } else if (!anybody_runs(survey)) {
    text += "NO QUORUM: no server runs; start them: " + manifest.command("up") + "\n\n";
  } else {
    text += "NO QUORUM: read-only until ";
    if (survey.answering < survey.needed) {
      text += counted(static_cast<std::size_t>(survey.needed), "voter") +
              (survey.needed == 1 ? " is" : " are") +
              " up; if they are lost for good: " + manifest.command("recover");
    } else {
      text += std::to_string(survey.needed) + " of the " + std::to_string(survey.answering) +
              " that run agree on a primary";
    }
    text += "\n\n";
  }
  if (manifest.faults.any()) {
    text.pop_back();
    text +=
        "FAULTS: " + describe(manifest.faults) + "; end them: " + manifest.command("heal") + "\n\n";
  }
  std::vector<std::vector<std::string>> rows = {{"NAME", "ADDRESS", "PID", "PROCESS", "ROLE",
                                                 "STATE", "APPLIED", "LAG", "CLIENTS", "DATA",
                                                 "UP"}};
  for (const auto& view : survey.servers) {
    std::vector<std::string> row = {
        view.entry.name,
        view.entry.address,
        shown_pid(view) == 0 ? "-" : std::to_string(shown_pid(view)),
        to_string(view.process),
        role_text(survey, view),
        view.process == ProcessState::kPaused ? "paused" : state_name(survey, view)};
    if (view.answer) {
      row.insert(row.end(),
                 {std::to_string(view.answer->applied_index),
                  std::to_string(lag(survey, *view.answer)), std::to_string(view.answer->clients),
                  bytes(view.answer->data_bytes), duration(view.answer->uptime_ms / 1'000)});
    } else {
      row.insert(row.end(), {"-", "-", "-", "-", "-"});
    }
    rows.push_back(row);
  }
  text += aligned(rows);
  if (survey.primary != nullptr && !survey.former().empty()) {
    text += "\n";
    for (const auto& server : survey.former()) {
      text += "still a member: " + hex(server.id) + " at " + server.address +
              ", whose data is gone and whose address another has; to take it out: " +
              manifest.command("up") + "\n";
    }
  }
  return text;
}

}  // namespace starling::ctl
