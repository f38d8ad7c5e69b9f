// See bench.h.
#include "qml-client/src/bench.h"

#include <QCoreApplication>
#include <QDateTime>
#include <QElapsedTimer>
#include <QFile>
#include <QKeyEvent>
#include <QProcess>
#include <QTemporaryDir>
#include <atomic>
#include <cstdio>
#include <thread>

#include "qml-client/src/bench_figures.h"
#include "qml-client/src/bench_stage.h"
#include "qml-client/src/bench_writer.h"

namespace starling_app {
namespace {

constexpr int kTrials = 5;
constexpr int kScrollMs = 3'000;
constexpr int kTypingMs = 5'000;
constexpr int kRate = 1'000;  // Messages a second that come in while one types.
constexpr int kStartMs = 30'000;
constexpr char kPassword[] = "correct horse battery";

int fail(const char* what) {
  std::fprintf(stderr, "starling-app: the bench cannot go on: %s\n", what);
  return 1;
}

// From the program's start until its window has been drawn and has taken a key.
bool bench_start(const Options& options) {
  std::vector<double> trials;
  for (int trial = 0; trial < kTrials; ++trial) {
    const QTemporaryDir data;
    QProcess program;
    QElapsedTimer timer;
    timer.start();
    program.start(QCoreApplication::applicationFilePath(),
                  {QStringLiteral("--bench"), QStringLiteral("ready"), QStringLiteral("--servers"),
                   options.servers.join(u','), QStringLiteral("--data"), data.path()});
    while (!program.canReadLine() && program.waitForReadyRead(kStartMs)) {
    }
    trials.push_back(static_cast<double>(timer.elapsed()));
    if (program.readLine().trimmed() != "ready" || !program.waitForFinished(kStartMs)) {
      program.kill();
      program.waitForFinished();
      return false;
    }
  }
  print_trials("start to interactive", "ms", trials);
  return true;
}

void print_memory(const char* when) {
  std::printf("%-44s %8.1f MB now, %.1f MB at most\n", when, BenchStage::memory("VmRSS"),
              BenchStage::memory("VmHWM"));
  std::fflush(stdout);
}

// Five stretches of the history, from the newest messages to the first ones.
bool bench_scrolling(BenchStage& stage, int messages) {
  std::vector<double> rates;
  std::vector<double> slow;
  for (int trial = 0; trial < kTrials; ++trial) {
    const int from = messages - trial * (messages / kTrials);
    if (!stage.jump(from)) return false;
    const std::vector<double> frames = stage.scroll(kScrollMs);
    double all = 0;
    for (const double frame : frames) all += frame;
    rates.push_back(1'000.0 * static_cast<double>(frames.size()) / all);
    slow.push_back(quantile(frames, 0.99));
  }
  print_trials("scrolling at 3,000 pixels a second", "frames/s", rates);
  print_trials("  the slowest of a hundred frames", "ms", slow);
  return true;
}

// From the newest message to the first one, as fast as the pages come.
bool bench_whole_way(BenchStage& stage, int messages) {
  if (!stage.jump(messages)) return false;
  QElapsedTimer timer;
  timer.start();
  const std::vector<double> frames = stage.scroll_to_first();
  if (frames.empty()) return false;
  const double seconds = static_cast<double>(timer.elapsed()) / 1'000;
  std::printf("%-44s %8.1f s, %.0f messages/s, %.1f frames/s\n", "from the newest to the first one",
              seconds, messages / seconds, static_cast<double>(frames.size()) / seconds);
  std::printf("%-44s %8d of %d\n", "  rows in memory at the end", stage.rows(), messages);
  return true;
}

bool bench_typing(BenchStage& stage, BenchWriter& writer) {
  std::vector<double> median;
  std::vector<double> slow;
  std::vector<double> dropped;
  std::vector<double> rate;
  for (int trial = 0; trial < kTrials; ++trial) {
    std::atomic<bool> stop{false};
    int sent = 0;
    std::thread sender([&] { sent = writer.write(kRate, stop); });
    const BenchStage::Typing typed = stage.type_for(kTypingMs);
    stop = true;
    sender.join();
    median.push_back(quantile(typed.latencies, 0.5));
    slow.push_back(quantile(typed.latencies, 0.99));
    dropped.push_back(typed.dropped);
    rate.push_back(typed.incoming);
  }
  print_trials("incoming while one types", "messages/s", rate);
  print_trials("key to picture, median", "ms", median);
  print_trials("  the slowest of a hundred", "ms", slow);
  print_trials("  dropped keys", "keys", dropped);
  return true;
}

}  // namespace

int run_bench(const Options& options) {
  std::printf("Without a display, drawn in software; trials in the order in which they ran.\n");
  if (!bench_start(options)) return fail("it does not start");
  if (options.bench == QStringLiteral("start")) return 0;
  const std::string tag = std::to_string(QDateTime::currentMSecsSinceEpoch());
  const std::string reader = "reader." + tag;
  BenchWriter writer(options.servers, "writer." + tag, reader, kPassword);
  if (!writer.error().empty()) return fail(writer.error().c_str());
  std::fprintf(stderr, "filling the cluster with %d messages\n", options.messages);
  if (!writer.fill(options.messages)) return fail(writer.error().c_str());

  const QTemporaryDir data;
  BenchStage stage(options, data.path());
  if (!stage.good()) return fail("the window cannot be made");
  QElapsedTimer timer;
  timer.start();
  if (!stage.log_in(reader, kPassword) || !stage.open_first()) return fail("no messages");
  print_trials("log-in to the newest messages", "ms", {static_cast<double>(timer.elapsed())});
  print_memory("memory with the conversation open");
  if (!bench_scrolling(stage, options.messages)) return fail("scrolling");
  if (!bench_whole_way(stage, options.messages)) return fail("the whole way");
  print_memory("memory after all of it");
  if (!stage.jump(options.messages) || !bench_typing(stage, writer)) return fail("typing");
  print_memory("memory after the typing");
  return 0;
}

int run_start(const Options& options) {
  BenchStage stage(options, options.data_directory);
  if (!stage.good() || !stage.takes_a_key()) return 1;
  std::puts("ready");
  std::fflush(stdout);
  return 0;
}

}  // namespace starling_app
