// starling-sim: the deterministic simulator. A seed tells the whole story and replays it.
#include <cstdio>
#include <cstdlib>
#include <optional>
#include <string>
#include <string_view>

#include "tests/sim/platform.h"
#include "tests/sim/power.h"
#include "tests/sim/run_seed.h"
#include "tests/sim/scenario.h"
#include "tests/sim/sweep.h"

namespace starling::sim {
namespace {

constexpr const char* kUsage =
    "usage: starling-sim --seed S [--trace]       one seed; its trace hash at the end\n"
    "       starling-sim --seeds A..B [--jobs N] [-o json|text] [--limit SECONDS]\n"
    "       starling-sim --replay A..B            each seed twice: the traces must be the same\n"
    "       starling-sim --scenario FILE [--trace]\n"
    "       starling-sim --power-losses N [--from SEED]   all servers at once, N times, under "
    "load\n"
    "of seeds:\n"
    "  --mode safety|liveness|drawn  drawn (default): three seeds of ten run in safety mode\n"
    "  --faults KIND,...             only these; each seed draws from them. none: no faults\n"
    "  --seed-limit SECONDS          a seed that runs longer is a finding (120; 0: no limit)\n"
    "  --limit SECONDS               of a sweep: seeds left by then are a finding (0: no limit)\n"
    "modes:\n"
    "  liveness  faults for some time, then all is healed: open membership changes end within 60 "
    "s\n"
    "            of virtual time, then every client has its answers and one write more within 20 "
    "s,\n"
    "            then all members agree within 10 s.\n"
    "  safety    faults never end and nothing has to get done. At the end all power is lost at "
    "once:\n"
    "            whichever majority of the members comes back, its best disk holds all that had\n"
    "            committed, and what it applies gives the state of then.\n";
constexpr const char* kJsonHelp =
    "-o json, one object of a sweep: seeds (run), first, last, median_steps; steps, elections,\n"
    "  commits, acknowledged and other sums; rare_paths {name: how often it was taken};\n"
    "  modes {mode: seeds, steps, commits, acknowledged, violations}; faults {kind: how often it\n"
    "  struck}; missing [fault kinds that never struck and, from 1,000 seeds on, rare paths that\n"
    "  were never taken]; violations [{seed, invariant}]; left (seeds that --limit left out);\n"
    "  seconds (on the wall).\n"
    "exit code: 0 all held, 1 something did not or is missing, 2 usage, 4 ended by --seed-limit.\n";

void print_names() {
  std::string line = "fault kinds:";
  const auto flush = [&line](const std::string& next) {
    if (line.size() + next.size() > 96) {
      std::printf("%s\n", line.c_str());
      line = " ";
    }
    line += " " + next;
  };
  for (std::size_t i = 0; i < kFaults; ++i) flush(std::string(fault_name(static_cast<Fault>(i))));
  std::printf("%s\n", line.c_str());
  line = "rare paths:";
  for (const StatName& stat : kStatNames) {
    if (stat.rare) flush(stat.name);
  }
  std::printf("%s\n", line.c_str());
}

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

bool faults_in(std::string_view text, FaultMask& mask) {
  mask = 0;
  if (text == "none") return true;
  while (!text.empty()) {
    const std::size_t comma = text.find(',');
    const std::string_view name = text.substr(0, comma);
    bool known = false;
    for (std::size_t i = 0; i < kFaults; ++i) {
      if (name != fault_name(static_cast<Fault>(i))) continue;
      mask |= FaultMask{1} << i;
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

void guard_seed(const SweepOptions& options, std::uint64_t seed) {
  guard(options.seed_limit_s, "SEED=" + std::to_string(seed) + " ran longer than " +
                                  std::to_string(options.seed_limit_s) + " s on the wall");
}

int run_one(const SweepOptions& options, bool trace) {
  guard_seed(options, options.first);
  const SeedResult result = run_seed(options.first, options.seeds, trace);
  std::printf("SEED=%llu %s mode\n", static_cast<unsigned long long>(options.first),
              std::string(mode_name(result.mode)).c_str());
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
    guard_seed(options, seed);
    const SeedResult first = run_seed(seed, options.seeds, false);
    guard_seed(options, seed);
    const SeedResult second = run_seed(seed, options.seeds, false);
    std::printf("SEED=%llu hash: %s %s\n", static_cast<unsigned long long>(seed),
                hex(first.hash).c_str(), hex(second.hash).c_str());
    if (first.hash != second.hash || !first.violation.empty()) return 1;
  }
  return 0;
}

int usage(const std::string& wrong) {
  std::fprintf(stderr, "%s\nstarling-sim: %s\n", kUsage, wrong.c_str());
  return 2;
}

struct Asked {
  SweepOptions options;
  std::string what;  // --seed, --seeds, --replay or --scenario.
  std::string scenario;
  std::optional<std::uint64_t> losses;
  bool trace = false;
};

bool mode_in(std::string_view text, std::optional<Mode>& mode) {
  for (std::size_t i = 0; i < kModes; ++i) {
    if (text == mode_name(static_cast<Mode>(i))) mode = static_cast<Mode>(i);
  }
  return mode.has_value() || text == "drawn";
}

bool seconds_in(std::string_view text, unsigned& seconds) {
  const auto number = number_in(text);
  if (!number || *number > 1'000'000) return false;
  seconds = static_cast<unsigned>(*number);
  return true;
}

// One flag with its value; false: there is no such flag, or its value makes no sense.
bool take(std::string_view flag, std::string_view value, Asked& asked) {
  SweepOptions& options = asked.options;
  const bool one = flag == "--seed";
  if (one || flag == "--seeds" || flag == "--replay" || flag == "--scenario") asked.what = flag;
  if (one) return value.find("..") == std::string_view::npos && range_in(value, options);
  if (flag == "--seeds" || flag == "--replay") return range_in(value, options);
  if (flag == "--from") return range_in(value, options);
  if (flag == "--power-losses") {
    asked.what = flag;
    asked.losses = number_in(value);
    return asked.losses && *asked.losses > 0;
  }
  if (flag == "--faults") return faults_in(value, options.seeds.faults);
  if (flag == "--mode") return mode_in(value, options.seeds.mode);
  if (flag == "--seed-limit") return seconds_in(value, options.seed_limit_s);
  if (flag == "--limit") return seconds_in(value, options.sweep_limit_s);
  if (flag == "--scenario") {
    asked.scenario = value;
    return true;
  }
  if (flag == "--jobs") {
    const auto jobs = number_in(value);
    if (!jobs || *jobs < 1 || *jobs > 256) return false;
    options.jobs = static_cast<int>(*jobs);
    return true;
  }
  options.json = value == "json";
  return flag == "-o" && (value == "json" || value == "text");
}

int run(int argc, char** argv) {
  Asked asked;
  for (int i = 1; i < argc; ++i) {
    const std::string_view flag = argv[i];
    if (flag == "--trace") {
      asked.trace = true;
      continue;
    }
    if (flag == "--help" || flag == "-h") {
      std::fputs(kUsage, stdout);
      print_names();
      std::fputs(kJsonHelp, stdout);
      return 0;
    }
    if (i + 1 >= argc) return usage(std::string(flag) + " needs a value, or is no option");
    if (!take(flag, argv[i + 1], asked)) {
      return usage(std::string(flag) + " " + argv[i + 1] + ": no such option, or no such value");
    }
    ++i;
  }
  if (asked.what == "--seed" && asked.options.json) return sweep(asked.options);
  if (asked.what == "--seed") return run_one(asked.options, asked.trace);
  if (asked.what == "--seeds") return sweep(asked.options);
  if (asked.what == "--replay") return replay(asked.options);
  if (asked.what == "--power-losses") return power_losses(asked.options.first, *asked.losses);
  if (asked.what == "--scenario") {
    guard(asked.options.seed_limit_s, asked.scenario + " ran too long on the wall");
    return run_scenario(asked.scenario, asked.trace);
  }
  return usage("say what to run: --seed, --seeds, --replay, --scenario or --power-losses");
}

}  // namespace
}  // namespace starling::sim

int main(int argc, char** argv) { return starling::sim::run(argc, argv); }
