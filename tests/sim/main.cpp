// starling-sim: the deterministic simulator. A seed tells the whole story and replays it.
#include <cstdio>
#include <cstdlib>
#include <optional>
#include <string>
#include <string_view>

#include "tests/sim/run_seed.h"
#include "tests/sim/scenario.h"
#include "tests/sim/sweep.h"

namespace starling::sim {
namespace {

constexpr const char* kUsage =
    "usage: starling-sim --seed S [--trace] [--faults KIND,...]\n"
    "       starling-sim --seeds A..B [--jobs N] [-o json] [--faults KIND,...]\n"
    "       starling-sim --replay A..B       each seed twice: the traces must be the same\n"
    "       starling-sim --scenario FILE [--trace]\n"
    "fault kinds: crash power-loss restart pause partition one-way loss duplication reordering "
    "delay\n"
    "             slow-disk clock-jump link-break join leave transfer disk-error; none: no "
    "faults\n";

std::optional<std::uint64_t> number_in(std::string_view text) {
  if (text.empty() || text.size() > 19) return std::nullopt;
  std::uint64_t value = 0;
  for (const char c : text) {
    if (c < '0' || c > '9') return std::nullopt;
    value = value * 10 + static_cast<std::uint64_t>(c - '0');
  }
  return value;
}

bool range_in(std::string_view text, SweepOptions& options) {
  const std::size_t dots = text.find("..");
  const auto first = number_in(text.substr(0, dots));
  const auto last = dots == std::string_view::npos ? first : number_in(text.substr(dots + 2));
  if (!first || !last || *first > *last) return false;
  options.first = *first;
  options.last = *last;
  return true;
}

bool faults_in(std::string_view text, std::uint32_t& mask) {
  mask = 0;
  if (text == "none") return true;
  while (!text.empty()) {
    const std::size_t comma = text.find(',');
    const std::string_view name = text.substr(0, comma);
    bool known = false;
    for (std::size_t i = 0; i < kFaults; ++i) {
      if (name != fault_name(static_cast<Fault>(i))) continue;
      mask |= 1U << i;
      known = true;
    }
    if (!known) {
      std::fprintf(stderr, "unknown fault kind '%s'\n", std::string(name).c_str());
      return false;
    }
    text.remove_prefix(comma == std::string_view::npos ? text.size() : comma + 1);
  }
  return true;
}

int run_one(const SweepOptions& options, bool trace) {
  std::printf("SEED=%llu\n", static_cast<unsigned long long>(options.first));
  const SeedResult result = run_seed(options.first, options.faults, trace);
  const Stats& stats = result.stats;
  for (const StatName& stat : kStatNames) {
    std::printf("%s%s %llu", &stat == kStatNames ? "" : ", ", stat.name,
                static_cast<unsigned long long>(stats.*stat.value));
  }
  std::printf("\nfaults:");
  for (std::size_t i = 0; i < kFaults; ++i) {
    std::printf(" %s %llu", std::string(fault_name(static_cast<Fault>(i))).c_str(),
                static_cast<unsigned long long>(stats.faults[i]));
  }
  std::printf(
      "\n%s\nhash: %s\n",
      result.violation.empty() ? "all invariants held" : ("VIOLATION " + result.violation).c_str(),
      hex(result.hash).c_str());
  return result.violation.empty() ? 0 : 1;
}

int replay(const SweepOptions& options) {
  for (std::uint64_t seed = options.first; seed <= options.last; ++seed) {
    const SeedResult first = run_seed(seed, options.faults, false);
    const SeedResult second = run_seed(seed, options.faults, false);
    std::printf("SEED=%llu hash: %s %s\n", static_cast<unsigned long long>(seed),
                hex(first.hash).c_str(), hex(second.hash).c_str());
    if (first.hash != second.hash || !first.violation.empty()) return 1;
  }
  return 0;
}

int usage() {
  std::fputs(kUsage, stderr);
  return 2;
}

int run(int argc, char** argv) {
  SweepOptions options;
  options.faults = kAllFaults;
  std::string mode;
  std::string scenario;
  bool trace = false;
  for (int i = 1; i < argc; ++i) {
    const std::string_view flag = argv[i];
    if (flag == "--trace") {
      trace = true;
      continue;
    }
    if (flag == "--help" || flag == "-h") {
      std::fputs(kUsage, stdout);
      return 0;
    }
    if (i + 1 >= argc) return usage();
    const std::string_view value = argv[++i];
    bool good = true;
    if (flag == "--seed") {
      mode = flag;
      good = value.find("..") == std::string_view::npos && range_in(value, options);
    } else if (flag == "--seeds" || flag == "--replay") {
      mode = flag;
      good = range_in(value, options);
    } else if (flag == "--scenario") {
      mode = flag;
      scenario = value;
    } else if (flag == "--jobs") {
      const auto jobs = number_in(value);
      good = jobs && *jobs >= 1 && *jobs <= 256;
      if (good) options.jobs = static_cast<int>(*jobs);
    } else if (flag == "-o") {
      good = value == "json" || value == "text";
      options.json = value == "json";
    } else if (flag == "--faults") {
      good = faults_in(value, options.faults);
    } else {
      good = false;
    }
    if (!good) return usage();
  }
  if (mode == "--seed") return run_one(options, trace);
  if (mode == "--seeds") return sweep(options);
  if (mode == "--replay") return replay(options);
  if (mode == "--scenario") return run_scenario(scenario, trace);
  return usage();
}

}  // namespace
}  // namespace starling::sim

int main(int argc, char** argv) { return starling::sim::run(argc, argv); }
