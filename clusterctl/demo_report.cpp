// The demo's report for people (80 columns, colour only where asked) and for programs.
#include <algorithm>
#include <array>
#include <cstdio>

#include "clusterctl/demo.h"
#include "clusterctl/render.h"

namespace starling::ctl {
namespace {

constexpr std::size_t kMinInFlight = 64;

std::string milliseconds_text(double ms) {
  if (ms < 0) return "-";
  std::array<char, 32> text{};
  std::snprintf(text.data(), text.size(), ms < 10 ? "%.1f ms" : "%.0f ms", ms);
  return text.data();
}

std::string seconds_text(double seconds) {
  std::array<char, 32> text{};
  std::snprintf(text.data(), text.size(), "%.1f s", seconds);
  return text.data();
}

std::string count(std::size_t number) { return grouped(static_cast<std::int64_t>(number)); }

std::string indented(const std::string& text) {
  std::string result = "  ";
  for (std::size_t i = 0; i < text.size(); ++i) {
    result += text[i];
    if (text[i] == '\n' && i + 1 < text.size()) result += "  ";
  }
  return result;
}

double rounded(double value) {
  return static_cast<double>(static_cast<std::int64_t>(value * 100)) / 100;
}

nlohmann::ordered_json verdict_json(const Verdict& verdict) {
  return {{"lost", verdict.lost},
          {"doubled", verdict.doubled},
          {"reordered", verdict.reordered},
          {"invented", verdict.invented}};
}

}  // namespace

Verdict DemoReport::worst() const {
  Verdict worst;
  for (const auto& check : checks) {
    worst.lost = std::max(worst.lost, check.verdict.lost);
    worst.doubled = std::max(worst.doubled, check.verdict.doubled);
    worst.reordered = std::max(worst.reordered, check.verdict.reordered);
    worst.invented = std::max(worst.invented, check.verdict.invented);
  }
  return worst;
}

std::vector<std::string> DemoReport::complaints() const {
  std::vector<std::string> found;
  for (const auto& check : checks) {
    if (!check.error.empty()) found.push_back(check.what + " could not be read: " + check.error);
    for (const auto& example : check.verdict.examples) found.push_back(check.what + ": " + example);
    if (!check.verdict.clean() && check.verdict.examples.empty()) {
      found.push_back(check.what + " is not what was acknowledged");
    }
  }
  if (checks.empty()) found.push_back("nothing was compared");
  if (acknowledged < wanted) {
    found.push_back("only " + count(acknowledged) + " of " + count(wanted) + " were acknowledged");
  }
  if (failed > 0) found.push_back(count(failed) + " sends were given up");
  for (const auto& kill : kills) {
    if (kill.in_flight < kMinInFlight) {
      found.push_back("only " + count(kill.in_flight) + " sends were in flight when " +
                      kill.victim + " was killed");
    }
    if (kill.detect_ms < 0) found.push_back("no client noticed the end of " + kill.victim);
    if (kill.elect_ms < 0) found.push_back("no client heard of a primary after " + kill.victim);
    if (kill.first_write_ms < 0) found.push_back("no write after the end of " + kill.victim);
  }
  if (primary.empty()) found.push_back("there is no primary");
  if (!converged) found.push_back("the surviving replicas do not hold the same state");
  return found;
}

nlohmann::ordered_json to_json(const DemoReport& report) {
  const Verdict worst = report.worst();
  nlohmann::ordered_json kills = nlohmann::ordered_json::array();
  for (const auto& kill : report.kills) {
    kills.push_back({{"victim", kill.victim},
                     {"in_flight", kill.in_flight},
                     {"detect_ms", rounded(kill.detect_ms)},
                     {"elect_ms", rounded(kill.elect_ms)},
                     {"first_write_ms", rounded(kill.first_write_ms)},
                     {"new_primary", kill.successor}});
  }
  nlohmann::ordered_json checks = nlohmann::ordered_json::array();
  for (const auto& check : report.checks) {
    nlohmann::ordered_json one = {{"what", check.what}, {"messages", check.verdict.messages}};
    one.update(verdict_json(check.verdict));
    if (!check.error.empty()) one["error"] = check.error;
    checks.push_back(one);
  }
  const auto complaints = report.complaints();
  nlohmann::ordered_json object = {{"ok", complaints.empty()},
                                   {"servers", report.servers},
                                   {"sent", report.sent},
                                   {"acknowledged", report.acknowledged}};
  object.update(verdict_json(worst));
  object["failed"] = report.failed;
  object["kills"] = kills;
  object["compared"] = checks;
  object["primary"] = report.primary;
  object["converged"] = report.converged;
  object["complaints"] = complaints;
  object["chat_seconds"] = rounded(report.chat_seconds);
  object["seconds"] = rounded(report.seconds);
  return object;
}

std::string to_text(const DemoReport& report, bool colour) {
  const Verdict worst = report.worst();
  std::string text = "\n";
  std::vector<std::vector<std::string>> kills = {
      {"PRIMARY KILLED", "IN FLIGHT", "DETECTED", "ELECTED", "FIRST WRITE", "NEW PRIMARY"}};
  for (const auto& kill : report.kills) {
    kills.push_back({kill.victim, count(kill.in_flight), milliseconds_text(kill.detect_ms),
                     milliseconds_text(kill.elect_ms), milliseconds_text(kill.first_write_ms),
                     kill.successor});
  }
  if (report.kills.empty()) kills.push_back({"none"});
  text += indented(aligned(kills));
  text += "  (milliseconds from the SIGKILL, as the slower of the two clients saw it)\n\n";

  std::vector<std::vector<std::string>> checks = {
      {"COMPARED WITH", "MESSAGES", "LOST", "DOUBLED", "REORDERED", "INVENTED"}};
  for (const auto& check : report.checks) {
    if (!check.error.empty()) {
      checks.push_back({check.what, "unreadable"});
      continue;
    }
    const Verdict& verdict = check.verdict;
    checks.push_back({check.what, count(verdict.messages), count(verdict.lost),
                      count(verdict.doubled), count(verdict.reordered), count(verdict.invented)});
  }
  text += indented(aligned(checks)) + "\n";
  text += "  acknowledged " + count(report.acknowledged) + "   lost " + count(worst.lost) +
          "   doubled " + count(worst.doubled) + "   reordered " + count(worst.reordered) +
          "   invented " + count(worst.invented) + "\n";
  text += "  survivors hold " + std::string(report.converged ? "the same" : "DIFFERENT") +
          " state, primary " + (report.primary.empty() ? "NONE" : report.primary) + ", " +
          seconds_text(report.chat_seconds) + " of chat, " + seconds_text(report.seconds) +
          " in all\n\n";

  const auto complaints = report.complaints();
  for (const auto& complaint : complaints) text += "  ! " + complaint + "\n";
  const std::string word = complaints.empty() ? "PASS" : "FAIL";
  const std::string paint = complaints.empty() ? "\033[1;32m" : "\033[1;31m";
  text += "  " + (colour ? paint + word + "\033[0m" : word);
  text += complaints.empty() ? ": no acknowledged message was lost, doubled or reordered.\n"
                             : ": see above.\n";
  return text;
}

}  // namespace starling::ctl
