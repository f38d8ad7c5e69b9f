// `starling-bench send`.
#include "bench/send.h"

#include <algorithm>
#include <cstdio>
#include <nlohmann/json.hpp>
#include <thread>

#include "bench/histogram.h"
#include "bench/load.h"
#include "bench/stop.h"

namespace starling::bench {
namespace {

constexpr std::chrono::milliseconds kDrain{15'000};

// Filled by one client's callback thread; read once all its sends are answered.
struct Tally {
  Histogram latencies;
  std::uint64_t acked = 0;
  std::uint64_t failed = 0;
  std::string last_error;
};

Clock::duration in_seconds(double seconds) {
  return std::chrono::duration_cast<Clock::duration>(std::chrono::duration<double>(seconds));
}

void print_table(const SendOptions& options, const nlohmann::ordered_json& figures) {
  const auto plural = [](int count) { return count == 1 ? "" : "s"; };
  std::printf("%d in flight, %d byte%s, %d conversation%s, %d sender%s, %.1f s\n\n",
              options.in_flight, options.size, plural(options.size), options.conversations,
              plural(options.conversations), options.senders, plural(options.senders),
              figures["seconds"].get<double>());
  std::printf("  %12s %10s %12s %9s %9s %9s %9s\n", "acked", "failed", "per second", "p50 ms",
              "p95 ms", "p99 ms", "max ms");
  std::printf("  %12llu %10llu %12.0f %9.3f %9.3f %9.3f %9.3f\n",
              figures["acked"].get<unsigned long long>(),
              figures["failed"].get<unsigned long long>(), figures["per_second"].get<double>(),
              figures["p50_ms"].get<double>(), figures["p95_ms"].get<double>(),
              figures["p99_ms"].get<double>(), figures["max_ms"].get<double>());
}

}  // namespace

int run_send(const SendOptions& options) {
  std::vector<Sender> senders =
      make_senders(options.servers, options.senders, options.conversations,
                   static_cast<std::size_t>(options.in_flight) + 16);
  std::vector<Tally> tallies(senders.size());
  const Clock::time_point started = Clock::now();
  const Clock::time_point begin = Clock::now() + in_seconds(options.warm_up_seconds);
  const Clock::time_point end = begin + in_seconds(options.seconds);
  std::vector<std::unique_ptr<Load>> loads;
  for (std::size_t i = 0; i < senders.size(); ++i) {
    const int share = options.in_flight / options.senders +
                      (static_cast<int>(i) < options.in_flight % options.senders ? 1 : 0);
    Tally& tally = tallies[i];
    loads.push_back(std::make_unique<Load>(
        senders[i], share, static_cast<std::size_t>(options.size),
        [&tally, begin, end](Clock::time_point begun, Clock::time_point ended,
                             const Result<Message>& result) {
          if (!result.ok()) {
            ++tally.failed;
            tally.last_error = result.error().message;
            return;
          }
          if (ended < begin || ended > end) return;
          ++tally.acked;
          tally.latencies.add(static_cast<std::uint64_t>(
              std::chrono::duration_cast<std::chrono::microseconds>(ended - begun).count()));
        }));
  }
  for (const auto& load : loads) load->start();
  while (Clock::now() < end && !stop_asked()) {
    std::this_thread::sleep_until(std::min(end, Clock::now() + std::chrono::milliseconds(50)));
  }
  const Clock::time_point stopped = std::min(Clock::now(), end);
  const bool interrupted = stopped < end;
  // Nothing is measured while it warms up.
  const double seconds = std::max(0.0, std::chrono::duration<double>(stopped - begin).count());
  for (const auto& load : loads) {
    if (!load->stop(kDrain)) throw BenchError{"Some sends were never answered."};
  }
  for (Sender& sender : senders) sender.client->close();

  Tally all;
  for (const Tally& tally : tallies) {
    all.latencies.merge(tally.latencies);
    all.acked += tally.acked;
    all.failed += tally.failed;
    if (!tally.last_error.empty()) all.last_error = tally.last_error;
  }
  nlohmann::ordered_json figures;
  figures["acked"] = all.acked;
  figures["failed"] = all.failed;
  figures["per_second"] = seconds > 0 ? static_cast<double>(all.acked) / seconds : 0.0;
  figures["seconds"] = seconds;
  figures["interrupted"] = interrupted;
  figures["p50_ms"] = all.latencies.quantile_ms(0.50);
  figures["p95_ms"] = all.latencies.quantile_ms(0.95);
  figures["p99_ms"] = all.latencies.quantile_ms(0.99);
  figures["max_ms"] = all.latencies.max_ms();
  if (options.json) {
    std::printf("%s\n", figures.dump().c_str());
  } else {
    print_table(options, figures);
  }
  if (!all.last_error.empty()) std::fprintf(stderr, "Last failure: %s\n", all.last_error.c_str());
  if (interrupted) {
    std::fprintf(stderr, "starling-bench: interrupted after %.1f s\n",
                 std::chrono::duration<double>(stopped - started).count());
  }
  return all.acked > 0 && all.failed == 0 && !interrupted ? 0 : 1;
}

}  // namespace starling::bench
