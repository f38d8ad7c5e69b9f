// `starling-bench failover`. Each trial kills the primary with load running; the time goes from the
// victim seen dead to the acknowledgement of the first write that was submitted after that.
#include "bench/failover.h"

#include <algorithm>
#include <condition_variable>
#include <cstdio>
#include <mutex>
#include <nlohmann/json.hpp>
#include <optional>
#include <thread>
#include <vector>

#include "bench/cluster.h"
#include "bench/load.h"
#include "bench/platform.h"
#include "bench/stop.h"

namespace starling::bench {
namespace {

constexpr std::chrono::milliseconds kKillTimeout{5'000};
constexpr std::chrono::milliseconds kTrialTimeout{30'000};
constexpr std::chrono::milliseconds kDrain{30'000};
// Load that runs before each kill, so that it hits a busy cluster.
constexpr std::uint64_t kAcksBeforeKill = 200;

// What the answers tell the trials.
class Watch {
 public:
  void answered(Clock::time_point begun, Clock::time_point ended, const Result<Message>& result) {
    const std::lock_guard lock(mutex_);
    if (!result.ok()) {
      ++failed_;
      last_error_ = result.error().message;
    } else {
      ++acked_;
      if (since_.has_value() && begun >= *since_ && !first_.has_value()) first_ = ended;
    }
    changed_.notify_all();
  }
  bool wait_for_acks(std::uint64_t more, std::chrono::milliseconds timeout) {
    std::unique_lock lock(mutex_);
    const std::uint64_t goal = acked_ + more;
    return changed_.wait_for(lock, timeout, [&] { return acked_ >= goal; });
  }
  // From now on the first acknowledged write counts that begins at `when` or later.
  void begin(Clock::time_point when) {
    const std::lock_guard lock(mutex_);
    since_ = when;
    first_.reset();
  }
  std::optional<double> wait_ms(std::chrono::milliseconds timeout) {
    std::unique_lock lock(mutex_);
    changed_.wait_for(lock, timeout, [&] { return first_.has_value(); });
    if (!first_.has_value()) return std::nullopt;
    return std::chrono::duration<double, std::milli>(*first_ - *since_).count();
  }
  std::uint64_t acked() {
    const std::lock_guard lock(mutex_);
    return acked_;
  }
  std::uint64_t failed() {
    const std::lock_guard lock(mutex_);
    return failed_;
  }
  std::string last_error() {
    const std::lock_guard lock(mutex_);
    return last_error_;
  }

 private:
  std::mutex mutex_;
  std::condition_variable changed_;
  std::optional<Clock::time_point> since_;
  std::optional<Clock::time_point> first_;
  std::uint64_t acked_ = 0;
  std::uint64_t failed_ = 0;
  std::string last_error_;
};

double at_fraction(const std::vector<double>& sorted, double fraction) {
  const auto index =
      static_cast<std::size_t>(fraction * static_cast<double>(sorted.size() - 1) + 0.5);
  return sorted[std::min(index, sorted.size() - 1)];
}

double run_trial(const Cluster& cluster, Load& load, Watch& watch, const Victim& victim) {
  if (!watch.wait_for_acks(kAcksBeforeKill, kTrialTimeout)) {
    throw BenchError{"No load reaches the cluster: " + watch.last_error()};
  }
  if (!kill_and_wait(victim.pid, kKillTimeout)) {
    throw BenchError{"Could not kill " + victim.name + " of " + cluster.name() + "."};
  }
  watch.begin(Clock::now());
  // The loop's own sends may all be waiting: this one is certainly submitted after the death.
  load.send_extra();
  const std::optional<double> ms = watch.wait_ms(kTrialTimeout);
  if (!ms.has_value())
    throw BenchError{"No write was acknowledged after the kill of " + victim.name};
  return *ms;
}

nlohmann::ordered_json summary(std::vector<double> times) {
  std::sort(times.begin(), times.end());
  nlohmann::ordered_json figures;
  figures["min_ms"] = times.front();
  figures["median_ms"] = at_fraction(times, 0.5);
  figures["p90_ms"] = at_fraction(times, 0.9);
  figures["max_ms"] = times.back();
  return figures;
}

void print(const FailoverOptions& options, const std::vector<double>& times,
           const nlohmann::ordered_json& trials, double seconds, Watch& watch) {
  const nlohmann::ordered_json figures = summary(times);
  if (options.json) {
    nlohmann::ordered_json all;
    all["kills"] = times.size();
    all["trials"] = trials;
    all.update(figures);
    all["acked"] = watch.acked();
    all["failed"] = watch.failed();
    all["seconds"] = seconds;
    all["interrupted"] = stop_asked();
    std::printf("%s\n", all.dump().c_str());
    return;
  }
  std::printf("\n%zu kill%s: min %.1f ms, median %.1f ms, p90 %.1f ms, max %.1f ms\n", times.size(),
              times.size() == 1 ? "" : "s", figures["min_ms"].get<double>(),
              figures["median_ms"].get<double>(), figures["p90_ms"].get<double>(),
              figures["max_ms"].get<double>());
  std::printf("Sends: %llu acknowledged, %llu failed\n",
              static_cast<unsigned long long>(watch.acked()),
              static_cast<unsigned long long>(watch.failed()));
}

}  // namespace

int run_failover(const FailoverOptions& options) {
  const Cluster cluster(options.clusterctl, options.name, options.servers);
  std::vector<Sender> senders = make_senders(cluster.addresses(), 1, 1, 4'096);
  const Clock::time_point started = Clock::now();
  Watch watch;
  bool drained = true;
  std::vector<double> times;
  nlohmann::ordered_json trials = nlohmann::ordered_json::array();
  for (int i = 1; i <= options.kills && !stop_asked() && std::ferror(stdout) == 0; ++i) {
    const Victim victim = cluster.primary();
    Load load(senders[0], options.in_flight, static_cast<std::size_t>(options.size),
              [&watch](Clock::time_point begun, Clock::time_point ended,
                       const Result<Message>& result) { watch.answered(begun, ended, result); });
    load.start();
    const double ms = run_trial(cluster, load, watch, victim);
    // "Converged" means equal state everywhere: the load rests until then.
    drained = load.stop(kDrain) && drained;
    times.push_back(ms);
    trials.push_back({{"kill", i}, {"victim", victim.name}, {"ms", ms}});
    if (!options.json) {
      std::printf("kill %2d  %-4s %-21s  %8.1f ms\n", i, victim.name.c_str(),
                  victim.address.c_str(), ms);
      std::fflush(stdout);
    }
    cluster.restart(victim.name);
    cluster.wait_converged();
  }
  senders[0].client->close();
  const double seconds = std::chrono::duration<double>(Clock::now() - started).count();
  if (times.empty()) throw BenchError{"interrupted before the first kill"};
  print(options, times, trials, seconds, watch);
  if (stop_asked()) {
    std::fprintf(stderr, "starling-bench: interrupted after %.1f s\n", seconds);
  }
  if (!drained) throw BenchError{"Some sends were never answered."};
  if (watch.failed() > 0) {
    std::fprintf(stderr, "Last failure: %s\n", watch.last_error().c_str());
    return 1;
  }
  return stop_asked() ? 1 : 0;
}

}  // namespace starling::bench
