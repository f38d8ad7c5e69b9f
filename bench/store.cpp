// See store.h.
#include "bench/store.h"

#include <algorithm>
#include <cmath>
#include <condition_variable>
#include <cstdio>
#include <cstdlib>
#include <mutex>
#include <nlohmann/json.hpp>
#include <random>

#include "bench/histogram.h"
#include "bench/limits.h"
#include "bench/load.h"
#include "bench/stop.h"

namespace starling::bench {
namespace {

constexpr int kVocabulary = 20'000;
constexpr int kWordsPerMessage = 12;
constexpr int kPageSize = 50;
constexpr std::chrono::minutes kCatchUp{10};
constexpr std::chrono::minutes kRestartPatience{1};

template <typename T>
T need(Result<T> result, const std::string& what) {
  if (!result) throw BenchError{what + ": " + result.error().message};
  return std::move(*result);
}

double ms_since(Clock::time_point begun) {
  return std::chrono::duration<double, std::milli>(Clock::now() - begun).count();
}

// Text in which, as in languages, the n-th commonest word is about 1/n as common as the first.
class Writer {
 public:
  std::string next() {
    std::string body;
    for (int i = 0; i < kWordsPerMessage; ++i) {
      if (i > 0) body += ' ';
      body += word(draw());
    }
    if (++made_ % 50 == 0) body += " 会议改到下周三";
    return body;
  }
  static std::string word(int rank) {
    static constexpr const char* kSyllables[] = {"ba", "ke", "li", "mo", "nu", "ra", "si", "to"};
    std::string out;
    for (int rest = rank + 8; rest > 0; rest /= 8) out += kSyllables[rest % 8];
    return out;
  }

 private:
  // The inverse of the distribution's integral.
  int draw() {
    const double u = std::uniform_real_distribution<double>(0, 1)(random_);
    return static_cast<int>(std::pow(kVocabulary, u)) - 1;
  }

  std::mt19937_64 random_{20'261'126};
  int made_ = 0;
};

// Keeps sends in flight until all are acknowledged.
class Filler {
 public:
  Filler(Sender& sender, int in_flight) : sender_(sender), in_flight_(in_flight) {}

  void run(int messages, bool tell) {
    Writer writer;
    for (int i = 0; i < messages && !stop_asked(); ++i) {
      const std::size_t at = static_cast<std::size_t>(i) % sender_.conversations.size();
      std::unique_lock lock(mutex_);
      changed_.wait(lock, [this] { return under_way_ < in_flight_; });
      if (!error_.empty()) break;
      ++under_way_;
      lock.unlock();
      sender_.session.send_async(sender_.conversations[at], writer.next(),
                                 [this](const Result<Message>& sent) { answered(sent); });
      if (tell && (i + 1) % 100'000 == 0) std::fprintf(stderr, "  %d messages\n", i + 1);
    }
    std::unique_lock lock(mutex_);
    changed_.wait(lock, [this] { return under_way_ == 0; });
    if (!error_.empty()) throw BenchError{"A send failed: " + error_};
    if (stop_asked()) throw BenchError{"Interrupted before anything was measured."};
  }

 private:
  void answered(const Result<Message>& sent) {
    const std::lock_guard lock(mutex_);
    --under_way_;
    if (!sent && error_.empty()) error_ = sent.error().message;
    changed_.notify_all();
  }

  Sender& sender_;
  const int in_flight_;
  std::mutex mutex_;
  std::condition_variable changed_;
  int under_way_ = 0;
  std::string error_;
};

class StoreBench {
 public:
  explicit StoreBench(const StoreOptions& options) : options_(options) {}

  int run() {
    senders_ = make_senders(options_.servers, 1, options_.conversations,
                            2 * static_cast<std::size_t>(options_.in_flight));
    say("sending " + std::to_string(options_.messages) + " messages");
    Clock::time_point begun = Clock::now();
    Filler(senders_[0], options_.in_flight).run(options_.messages, !options_.json);
    figures_["messages"] = options_.messages;
    figures_["sends_per_second"] = options_.messages / (ms_since(begun) / 1'000);
    begun = Clock::now();
    catch_up();
    figures_["index_caught_up_s"] = ms_since(begun) / 1'000;
    pages();
    searches();
    if (!options_.restart.empty()) restarts();
    if (stop_asked()) throw BenchError{"Interrupted."};
    print_figures(figures_, options_.json);
    std::vector<Limit> limits = {{"page_p95_ms", options_.max_page_ms},
                                 {"search_p95_ms", options_.max_search_ms}};
    if (!options_.restart.empty()) {
      limits.push_back({"restart_to_serving_ms", options_.max_restart_ms});
    }
    return within(figures_, limits) ? 0 : 1;
  }

 private:
  void say(const std::string& what) const {
    if (!options_.json) std::fprintf(stderr, "%s\n", what.c_str());
  }
  Session& session() { return senders_[0].session; }
  ReadOptions pinned() const {
    ReadOptions options;
    options.server = options_.servers.front();
    return options;
  }

  // Until a search of that server has everything.
  void catch_up() {
    say("waiting for the search index");
    const auto deadline = Clock::now() + kCatchUp;
    for (;;) {
      Result<SearchPage> found = session().search(Writer::word(0), {}, pinned());
      if (found) return;
      if (!found.error().retryable || Clock::now() > deadline || stop_asked()) {
        throw BenchError{"The search index did not catch up: " + found.error().message};
      }
    }
  }

  void keep(const std::string& name, const Histogram& times) {
    figures_[name + "_p50_ms"] = times.quantile_ms(0.5);
    figures_[name + "_p95_ms"] = times.quantile_ms(0.95);
    figures_[name + "_max_ms"] = times.max_ms();
  }

  void pages() {
    say("reading pages");
    std::mt19937_64 random(7);
    Histogram times;
    const std::int64_t last = options_.messages / options_.conversations;
    for (int i = 0; i < options_.pages && !stop_asked(); ++i) {
      const std::vector<std::int64_t>& all = senders_[0].conversations;
      const std::int64_t conversation = all[random() % all.size()];
      const std::int64_t before =
          1 + static_cast<std::int64_t>(random() % std::max<std::int64_t>(last, 1));
      const Clock::time_point begun = Clock::now();
      need(session().messages(conversation, before, kPageSize, pinned()), "reading a page");
      times.add(static_cast<std::uint64_t>(ms_since(begun) * 1'000));
    }
    keep("page", times);
  }

  void searches() {
    say("searching");
    Histogram all;
    const auto kind = [&](const std::string& name, auto query, std::int64_t conversation) {
      Histogram times;
      for (int i = 0; i < options_.searches && !stop_asked(); ++i) {
        SearchOptions where;
        where.conversation_id = conversation;
        const Clock::time_point begun = Clock::now();
        need(session().search(query(i), where, pinned()), "searching");
        const auto us = static_cast<std::uint64_t>(ms_since(begun) * 1'000);
        times.add(us);
        all.add(us);
      }
      keep("search_" + name, times);
    };
    kind(
        "common", [](int i) { return Writer::word(i % 10) + " "; }, 0);
    kind(
        "rare", [](int i) { return Writer::word(5'000 + 97 * i) + " "; }, 0);
    kind(
        "two_words", [](int i) { return Writer::word(i % 20) + " " + Writer::word(40 + i) + " "; },
        0);
    kind(
        "phrase",
        [](int i) { return "\"" + Writer::word(i % 5) + " " + Writer::word(i % 7) + "\""; }, 0);
    kind(
        "beginning", [](int i) { return Writer::word(100 + i).substr(0, 4); }, 0);
    kind(
        "chinese", [](int) { return std::string("下周"); }, 0);
    kind(
        "one_chat", [](int i) { return Writer::word(i % 10) + " "; }, senders_[0].conversations[0]);
    keep("search", all);
  }

  // From the command's start, its own time included, until that server answers a read.
  void restarts() {
    nlohmann::ordered_json times = nlohmann::ordered_json::array();
    for (int i = 0; i < options_.restarts && !stop_asked(); ++i) {
      say("restarting " + options_.servers.front());
      const Clock::time_point begun = Clock::now();
      if (std::system(options_.restart.c_str()) != 0) {
        throw BenchError{"The command failed: " + options_.restart};
      }
      const auto deadline = Clock::now() + kRestartPatience;
      ReadOptions options = pinned();
      options.timeout = std::chrono::milliseconds(100);
      while (!session().messages(senders_[0].conversations[0], 0, kPageSize, options)) {
        if (Clock::now() > deadline) throw BenchError{"It did not serve again."};
      }
      times.push_back(ms_since(begun));
    }
    figures_["restart_to_serving_ms"] = times;
  }

  const StoreOptions options_;
  std::vector<Sender> senders_;
  nlohmann::ordered_json figures_;
};

}  // namespace

int run_store(const StoreOptions& options) { return StoreBench(options).run(); }

}  // namespace starling::bench
