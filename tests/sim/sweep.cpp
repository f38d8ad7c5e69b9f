// The sweep: deals the seeds out to worker processes, adds up, reports.
#include "tests/sim/sweep.h"

#include <algorithm>
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

struct Totals {
  std::vector<std::uint64_t> steps;
  Stats sum;
  std::vector<Bad> bad;
};

std::string line_of(const SeedResult& result) {
  std::ostringstream line;
  line << "done " << result.seed;
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
  line >> word >> result.seed;
  for (const StatName& stat : kStatNames) line >> stats.*stat.value;
  for (std::uint64_t& count : stats.faults) line >> count;
  line.ignore(1);
  std::getline(line, result.violation);
  totals.steps.push_back(stats.steps);
  for (const StatName& stat : kStatNames) totals.sum.*stat.value += stats.*stat.value;
  for (std::size_t i = 0; i < kFaults; ++i) totals.sum.faults[i] += stats.faults[i];
  if (!result.violation.empty()) totals.bad.push_back({result.seed, result.violation});
}

// Runs what `seeds` are left; a worker that dies gives up its seed, the rest goes on.
void run_all(const SweepOptions& options, Totals& totals) {
  const int jobs = options.jobs;
  std::vector<std::uint64_t> next(static_cast<std::size_t>(jobs));
  for (int job = 0; job < jobs; ++job) next[job] = options.first + static_cast<std::uint64_t>(job);
  bool left = true;
  while (left) {
    const std::vector<std::uint64_t> from = next;
    const int dead = run_workers(
        jobs,
        [&](int job, const std::function<void(const std::string&)>& say) {
          for (std::uint64_t seed = from[job]; seed <= options.last; seed += jobs) {
            say(line_of(run_seed(seed, options.faults, false)));
          }
        },
        [&](int job, const std::string& line) {
          add(line, totals);
          next[job] += static_cast<std::uint64_t>(jobs);
        });
    left = false;
    if (dead == 0) break;
    for (auto& seed : next) {
      if (seed > options.last) continue;
      totals.bad.push_back({seed, "the process died (an assertion of the core or the store)"});
      seed += static_cast<std::uint64_t>(jobs);
      left = left || seed <= options.last;
    }
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
    std::printf("\"%s\":%llu,", stat.name, static_cast<unsigned long long>(totals.sum.*stat.value));
  }
  std::printf("\"faults\":{");
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
  std::printf("],\"seconds\":%.1f}\n", seconds);
}

void print_text(const Totals& totals, std::uint64_t median, double seconds) {
  std::printf("seeds %zu, median steps %llu, %.1f s\n", totals.steps.size(),
              static_cast<unsigned long long>(median), seconds);
  for (const StatName& stat : kStatNames) {
    std::printf("%s%s %llu", &stat == kStatNames ? "" : ", ", stat.name,
                static_cast<unsigned long long>(totals.sum.*stat.value));
  }
  std::printf("\n");
  std::printf("faults:");
  for (std::size_t i = 0; i < kFaults; ++i) {
    std::printf(" %s %llu", std::string(fault_name(static_cast<Fault>(i))).c_str(),
                static_cast<unsigned long long>(totals.sum.faults[i]));
  }
  std::printf("\nviolations: %zu\n", totals.bad.size());
}
}  // namespace

int sweep(const SweepOptions& options) {
  const auto begun = std::chrono::steady_clock::now();
  Totals totals;
  run_all(options, totals);
  const double seconds =
      std::chrono::duration<double>(std::chrono::steady_clock::now() - begun).count();
  std::sort(totals.steps.begin(), totals.steps.end());
  std::sort(totals.bad.begin(), totals.bad.end(),
            [](const Bad& a, const Bad& b) { return a.seed < b.seed; });
  const std::uint64_t median = totals.steps.empty() ? 0 : totals.steps[totals.steps.size() / 2];
  std::vector<std::string> missing;
  for (std::size_t i = 0; i < kFaults; ++i) {
    if ((options.faults >> i & 1) != 0 && totals.sum.faults[i] == 0) {
      missing.emplace_back(fault_name(static_cast<Fault>(i)));
    }
  }
  // A short sweep may miss a rare path by chance, a long one only when nothing leads there any
  // more.
  if (totals.steps.size() >= kLongSweep && options.faults == kAllFaults) {
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
  if (options.json) {
    print_json(options, totals, median, seconds, missing);
  } else {
    print_text(totals, median, seconds);
  }
  return totals.bad.empty() && missing.empty() ? 0 : 1;
}

}  // namespace starling::sim
