// The sweep: deals the seeds out to worker processes, adds up, reports.
#include "tests/sim/sweep.h"

#include <algorithm>
#include <array>
#include <chrono>
#include <cstdio>
#include <map>
#include <sstream>
#include <string>
#include <vector>

#include "tests/sim/platform.h"
#include "tests/sim/run_seed.h"

namespace starling::sim {

namespace {
constexpr std::size_t kLongSweep = 1'000;

struct Bad {
  std::uint64_t seed = 0;
  std::string reason;
};

// Of the seeds of one mode.
struct ModeSum {
  std::uint64_t seeds = 0;
  std::uint64_t steps = 0;
  std::uint64_t commits = 0;
  std::uint64_t acknowledged = 0;
  std::uint64_t violations = 0;
};

struct Totals {
  std::vector<std::uint64_t> steps;
  Stats sum;
  std::array<ModeSum, kModes> modes;
  std::vector<Bad> bad;
  std::uint64_t left = 0;  // Seeds that the limit of the sweep left out.
};

std::string line_of(const SeedResult& result) {
  std::ostringstream line;
  line << "done " << result.seed << ' ' << static_cast<int>(result.mode);
  for (const StatName& stat : kStatNames) line << ' ' << result.stats.*stat.value;
  for (const std::uint64_t count : result.stats.faults) line << ' ' << count;
  line << ' ' << result.violation;
  return line.str();
}

void add(const std::string& text, Totals& totals) {
  std::istringstream line(text);
  std::string word;
  SeedResult result;
  Stats& stats = result.stats;
  std::size_t mode = 0;
  line >> word >> result.seed >> mode;
  for (const StatName& stat : kStatNames) line >> stats.*stat.value;
  for (std::uint64_t& count : stats.faults) line >> count;
  line.ignore(1);
  std::getline(line, result.violation);
  totals.steps.push_back(stats.steps);
  ModeSum& sum = totals.modes[mode % kModes];
  ++sum.seeds;
  sum.steps += stats.steps;
  sum.commits += stats.commits;
  sum.acknowledged += stats.acknowledged;
  sum.violations += result.violation.empty() ? 0 : 1;
  for (const StatName& stat : kStatNames) totals.sum.*stat.value += stats.*stat.value;
  for (std::size_t i = 0; i < kFaults; ++i) totals.sum.faults[i] += stats.faults[i];
  if (!result.violation.empty()) totals.bad.push_back({result.seed, result.violation});
}

using Clock = std::chrono::steady_clock;

double seconds_since(Clock::time_point begun) {
  return std::chrono::duration<double>(Clock::now() - begun).count();
}

// Runs what seeds are left; a worker that dies gives up its seed, the rest goes on.
void run_all(const SweepOptions& options, Clock::time_point begun, Totals& totals) {
  const auto jobs = static_cast<std::size_t>(options.jobs);
  const std::string slow =
      "ran longer than " + std::to_string(options.seed_limit_s) + " s on the wall";
  const auto late = [&] {
    return options.sweep_limit_s > 0 && seconds_since(begun) > options.sweep_limit_s;
  };
  std::vector<std::uint64_t> next(jobs);
  for (std::size_t job = 0; job < jobs; ++job) next[job] = options.first + job;
  for (bool again = true; again;) {
    const std::vector<std::uint64_t> from = next;
    const std::vector<WorkerEnd> ends = run_workers(
        options.jobs,
        [&](int job, const std::function<void(const std::string&)>& say) {
          for (std::uint64_t seed = from[job]; seed <= options.last && !late(); seed += jobs) {
            guard(options.seed_limit_s, "SEED=" + std::to_string(seed) + " " + slow);
            say(line_of(run_seed(seed, options.seeds, false)));
            guard(0, {});
          }
        },
        [&](int job, const std::string& line) {
          add(line, totals);
          next[static_cast<std::size_t>(job)] += jobs;
        });
    again = false;
    for (std::size_t job = 0; job < jobs; ++job) {
      if (ends[job] == WorkerEnd::kDone) continue;
      totals.bad.push_back({next[job], ends[job] == WorkerEnd::kGuarded
                                           ? slow
                                           : "the process died (an assertion of the core or the "
                                             "store)"});
      next[job] += jobs;
      again = true;
    }
  }
  for (const std::uint64_t seed : next) {
    if (seed <= options.last) totals.left += (options.last - seed) / jobs + 1;
  }
}

std::string escaped(const std::string& text) {
  std::string result;
  for (const char c : text) {
    if (c == '"' || c == '\\') result += '\\';
    if (static_cast<unsigned char>(c) >= 0x20) result += c;
  }
  return result;
}

void print_json(const SweepOptions& options, const Totals& totals, std::uint64_t median,
                double seconds, const std::vector<std::string>& missing) {
  std::printf("{\"seeds\":%zu,\"first\":%llu,\"last\":%llu,\"median_steps\":%llu,",
              totals.steps.size(), static_cast<unsigned long long>(options.first),
              static_cast<unsigned long long>(options.last),
              static_cast<unsigned long long>(median));
  for (const StatName& stat : kStatNames) {
    if (stat.rare) continue;
    std::printf("\"%s\":%llu,", stat.name, static_cast<unsigned long long>(totals.sum.*stat.value));
  }
  std::printf("\"rare_paths\":{");
  const char* comma = "";
  for (const StatName& stat : kStatNames) {
    if (!stat.rare) continue;
    std::printf("%s\"%s\":%llu", comma, stat.name,
                static_cast<unsigned long long>(totals.sum.*stat.value));
    comma = ",";
  }
  std::printf("},");
  std::printf("\"modes\":{");
  for (std::size_t i = 0; i < kModes; ++i) {
    const ModeSum& sum = totals.modes[i];
    std::printf(
        "%s\"%s\":{\"seeds\":%llu,\"steps\":%llu,\"commits\":%llu,\"acknowledged\":%llu,"
        "\"violations\":%llu}",
        i == 0 ? "" : ",", std::string(mode_name(static_cast<Mode>(i))).c_str(),
        static_cast<unsigned long long>(sum.seeds), static_cast<unsigned long long>(sum.steps),
        static_cast<unsigned long long>(sum.commits),
        static_cast<unsigned long long>(sum.acknowledged),
        static_cast<unsigned long long>(sum.violations));
  }
  std::printf("},\"faults\":{");
  for (std::size_t i = 0; i < kFaults; ++i) {
    std::printf("%s\"%s\":%llu", i == 0 ? "" : ",",
                std::string(fault_name(static_cast<Fault>(i))).c_str(),
                static_cast<unsigned long long>(totals.sum.faults[i]));
  }
  std::printf("},\"missing\":[");
  for (std::size_t i = 0; i < missing.size(); ++i) {
    std::printf("%s\"%s\"", i == 0 ? "" : ",", missing[i].c_str());
  }
  std::printf("],\"violations\":[");
  for (std::size_t i = 0; i < totals.bad.size(); ++i) {
    std::printf("%s{\"seed\":%llu,\"invariant\":\"%s\"}", i == 0 ? "" : ",",
                static_cast<unsigned long long>(totals.bad[i].seed),
                escaped(totals.bad[i].reason).c_str());
  }
  std::printf("],\"left\":%llu,\"seconds\":%.1f}\n", static_cast<unsigned long long>(totals.left),
              seconds);
}

void print_text(const Totals& totals, std::uint64_t median, double seconds) {
  std::printf("seeds %zu, median steps %llu, %.1f s\n", totals.steps.size(),
              static_cast<unsigned long long>(median), seconds);
  for (const StatName& stat : kStatNames) {
    std::printf("%s%s %llu", &stat == kStatNames ? "" : ", ", stat.name,
                static_cast<unsigned long long>(totals.sum.*stat.value));
  }
  std::printf("\n");
  for (std::size_t i = 0; i < kModes; ++i) {
    const ModeSum& sum = totals.modes[i];
    std::printf(
        "%s mode: seeds %llu, steps %llu, commits %llu, acknowledged %llu, violations %llu\n",
        std::string(mode_name(static_cast<Mode>(i))).c_str(),
        static_cast<unsigned long long>(sum.seeds), static_cast<unsigned long long>(sum.steps),
        static_cast<unsigned long long>(sum.commits),
        static_cast<unsigned long long>(sum.acknowledged),
        static_cast<unsigned long long>(sum.violations));
  }
  std::printf("faults:");
  for (std::size_t i = 0; i < kFaults; ++i) {
    std::printf(" %s %llu", std::string(fault_name(static_cast<Fault>(i))).c_str(),
                static_cast<unsigned long long>(totals.sum.faults[i]));
  }
  std::printf("\nviolations: %zu\n", totals.bad.size());
}
}  // namespace

int sweep(const SweepOptions& options) {
  const auto begun = Clock::now();
  Totals totals;
  run_all(options, begun, totals);
  const double seconds = seconds_since(begun);
  std::sort(totals.steps.begin(), totals.steps.end());
  std::sort(totals.bad.begin(), totals.bad.end(),
            [](const Bad& a, const Bad& b) { return a.seed < b.seed; });
  const std::uint64_t median = totals.steps.empty() ? 0 : totals.steps[totals.steps.size() / 2];
  std::vector<std::string> missing;
  for (std::size_t i = 0; i < kFaults; ++i) {
    if ((options.seeds.faults >> i & 1) != 0 && totals.sum.faults[i] == 0) {
      missing.emplace_back(fault_name(static_cast<Fault>(i)));
    }
  }
  // A short sweep may miss a rare path by chance, a long one only when nothing leads there any
  // more.
  if (totals.steps.size() >= kLongSweep && options.seeds.faults == kAllFaults &&
      !options.seeds.mode) {
    for (const StatName& stat : kStatNames) {
      if (stat.rare && totals.sum.*stat.value == 0) missing.emplace_back(stat.name);
    }
  }
  for (const Bad& bad : totals.bad) {
    std::fprintf(stderr, "SEED=%llu %s\n", static_cast<unsigned long long>(bad.seed),
                 bad.reason.c_str());
  }
  for (const std::string& name : missing) {
    std::fprintf(stderr, "%s never happened, though nothing was switched off\n", name.c_str());
  }
  if (totals.left > 0) {
    std::fprintf(stderr, "%llu seeds were not run: the limit of %u s had passed\n",
                 static_cast<unsigned long long>(totals.left), options.sweep_limit_s);
  }
  if (options.json) {
    print_json(options, totals, median, seconds, missing);
  } else {
    print_text(totals, median, seconds);
  }
  return totals.bad.empty() && missing.empty() && totals.left == 0 ? 0 : 1;
}

}  // namespace starling::sim
