// Reading a scenario file and running it line by line.
#include "tests/sim/scenario.h"

#include <cstdio>
#include <fstream>
#include <map>
#include <sstream>

#include "tests/lib/sim_client.h"
#include "tests/sim/scenario_runner.h"

namespace starling::sim {

std::uint64_t scenario_number(const std::string& word) {
  if (word.empty() || word.size() > 18 ||
      word.find_first_not_of("0123456789") != std::string::npos) {
    throw ScenarioError("'" + word + "' is no number");
  }
  return std::stoull(word);
}

core::TimeUs scenario_duration_us(const std::string& word) {
  const std::size_t end = word.find_first_not_of("0123456789");
  if (end == std::string::npos || end == 0) throw ScenarioError("'" + word + "' is no duration");
  const auto count = static_cast<core::TimeUs>(scenario_number(word.substr(0, end)));
  const std::string unit = word.substr(end);
  if (unit == "us") return count;
  if (unit == "ms") return count * 1'000;
  if (unit == "s") return count * 1'000'000;
  throw ScenarioError("'" + unit + "' is no unit of time (us, ms, s)");
}

ScenarioRunner::ScenarioRunner(bool trace) : trace_(trace) {
  settings_.plain_ids = true;
  settings_.faults = 0;
  settings_.forwarding = false;
  settings_.voters = 3;
  settings_.net_low_us = settings_.net_high_us = 1'000;
  settings_.disk_low_us = settings_.disk_high_us = 200;
  settings_.timer_late_us = 0;
  settings_.gather_us = 0;
  settings_.clients = 2;
  settings_.pipeline = 64;
}

ScenarioRunner::Command ScenarioRunner::find(const std::string& name) {
  using S = ScenarioRunner;
  static const std::map<std::string, Command> kCommands = {{"nodes", &S::nodes},
                                                           {"seed", &S::seed},
                                                           {"option", &S::option},
                                                           {"must-fail", &S::expect_failure},
                                                           {"log", &S::log},
                                                           {"term", &S::term},
                                                           {"start", &S::start},
                                                           {"crash", &S::crash},
                                                           {"powerloss", &S::power_loss},
                                                           {"restart", &S::restart},
                                                           {"pause", &S::pause},
                                                           {"resume", &S::resume},
                                                           {"advance", &S::advance},
                                                           {"timers", &S::timers},
                                                           {"clock", &S::clock},
                                                           {"clocks", &S::clocks},
                                                           {"elect", &S::elect},
                                                           {"partition", &S::partition},
                                                           {"cut", &S::cut},
                                                           {"mend", &S::mend},
                                                           {"heal", &S::heal},
                                                           {"break", &S::sever},
                                                           {"repair", &S::repair},
                                                           {"hold", &S::hold},
                                                           {"release", &S::release},
                                                           {"drop", &S::drop},
                                                           {"disk", &S::disk},
                                                           {"propose", &S::propose},
                                                           {"read", &S::read},
                                                           {"clients", &S::clients},
                                                           {"client", &S::client},
                                                           {"copy", &S::copy},
                                                           {"send", &S::send},
                                                           {"change", &S::change},
                                                           {"compact", &S::compact},
                                                           {"join", &S::join},
                                                           {"leave", &S::leave},
                                                           {"remove", &S::remove},
                                                           {"rejoin", &S::rejoin},
                                                           {"wipe", &S::wipe},
                                                           {"replace", &S::replace},
                                                           {"install", &S::install},
                                                           {"transfer", &S::transfer},
                                                           {"expect", &S::expect},
                                                           {"within", &S::within},
                                                           {"remember", &S::remember},
                                                           {"rest", &S::rest},
                                                           {"examine", &S::examine}};
  const auto found = kCommands.find(name);
  if (found == kCommands.end()) throw ScenarioError("unknown command '" + name + "'");
  return found->second;
}

void ScenarioRunner::one(const Line& line) {
  if (world_ && trace_) {
    std::string text;
    for (const auto& word : line.words) text += " " + word;
    std::printf("%d:%s\n", line.number, text.c_str());
  }
  try {
    (this->*find(line.words[0]))(line.words);
  } catch (const ScenarioError& error) {
    throw ScenarioError("line " + std::to_string(line.number) + ": " + error.what());
  }
}

void ScenarioRunner::run(const std::vector<Line>& lines, std::size_t from, std::size_t to) {
  for (std::size_t i = from; i < to; ++i) {
    if (lines[i].words[0] != "repeat") {
      one(lines[i]);
      continue;
    }
    if (lines[i].words.size() != 2) throw ScenarioError("repeat COUNT");
    std::size_t end = i + 1;
    for (int depth = 1; end < to; ++end) {
      if (lines[end].words[0] == "repeat") ++depth;
      if (lines[end].words[0] == "end" && --depth == 0) break;
    }
    if (end == to) throw ScenarioError("repeat without end");
    for (std::uint64_t n = scenario_number(lines[i].words[1]); n > 0; --n) run(lines, i + 1, end);
    i = end;
  }
}

int run_scenario(const std::string& path, bool trace) {
  std::ifstream file(path);
  if (!file) {
    std::fprintf(stderr, "cannot read %s\n", path.c_str());
    return 2;
  }
  std::vector<Line> lines;
  std::string text;
  for (int number = 1; std::getline(file, text); ++number) {
    std::istringstream words(text.substr(0, text.find('#')));
    Line line{number, {}};
    for (std::string word; words >> word;) line.words.push_back(word);
    if (!line.words.empty()) lines.push_back(line);
  }
  ScenarioRunner runner(trace);
  std::string ended;
  try {
    runner.run(lines, 0, lines.size());
  } catch (const Violation& violation) {
    ended = violation.what();
  } catch (const ScenarioError& error) {
    std::printf("%s: %s\n", path.c_str(), error.what());
    return 1;
  }
  if (!runner.must_fail().empty()) {
    if (ended.find(runner.must_fail()) == std::string::npos) {
      std::printf("%s: should have failed with '%s', but: %s\n", path.c_str(),
                  runner.must_fail().c_str(), ended.empty() ? "all held" : ended.c_str());
      return 1;
    }
  } else if (!ended.empty()) {
    std::printf("%s: VIOLATION %s\n", path.c_str(), ended.c_str());
    return 1;
  }
  std::printf("%s: as expected\nhash: %s\n", path.c_str(), hex(runner.hash()).c_str());
  return 0;
}

}  // namespace starling::sim
