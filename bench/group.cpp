// See group.h.
#include "bench/group.h"

#include <algorithm>
#include <atomic>
#include <condition_variable>
#include <cstdio>
#include <functional>
#include <memory>
#include <mutex>
#include <nlohmann/json.hpp>
#include <thread>

#include "bench/histogram.h"
#include "bench/limits.h"
#include "bench/load.h"
#include "bench/stop.h"

namespace starling::bench {
namespace {

constexpr int kClients = 8;  // Connections that the listeners share.
constexpr int kWindow = 16;  // Accounts made, or sessions opened, at the same time.
constexpr int kBatch = 200;  // Members added in one call.
constexpr std::chrono::seconds kDrain{30};
constexpr std::chrono::seconds kPatience{60};
const std::string kPassword = "correct horse battery";

std::uint64_t us_between(Clock::time_point from, Clock::time_point to) {
  return static_cast<std::uint64_t>(
      std::chrono::duration_cast<std::chrono::microseconds>(to - from).count());
}

// Runs start(i, done) for each of `count`, a window of them at a time; throws the first error.
class Window {
 public:
  explicit Window(bool tell) : tell_(tell) {}

  void run(int count, const std::function<void(int, std::function<void(const Status&)>)>& start) {
    for (int i = 0; i < count; ++i) {
      {
        std::unique_lock<std::mutex> lock(mutex_);
        wake_.wait(lock, [this] { return under_way_ < kWindow; });
        if (!error_.empty() || stop_asked()) break;
        ++under_way_;
      }
      if (tell_ && (i + 1) % 500 == 0) std::fprintf(stderr, "  %d\n", i + 1);
      start(i, [this](const Status& status) {
        const std::lock_guard<std::mutex> lock(mutex_);
        --under_way_;
        if (!status.ok() && error_.empty()) error_ = status.error().message;
        wake_.notify_all();
      });
    }
    std::unique_lock<std::mutex> lock(mutex_);
    wake_.wait(lock, [this] { return under_way_ == 0; });
    if (!error_.empty()) throw BenchError{error_};
    if (stop_asked()) throw BenchError{"Interrupted before anything was measured."};
  }

 private:
  const bool tell_;  // How far it is.
  std::mutex mutex_;
  std::condition_variable wake_;
  int under_way_ = 0;
  std::string error_;
};

template <typename T>
T need(Result<T> result, const std::string& what) {
  if (!result.ok()) throw BenchError{what + ": " + result.error().message};
  return std::move(*result);
}

// Acknowledgements of one of the two kinds of sends.
struct Acks {
  std::mutex mutex;
  Histogram latencies;
  std::uint64_t sent = 0;
  std::uint64_t failed = 0;
  std::string last_error;
};

struct Deliveries {
  std::atomic<std::uint64_t> count{0};
  std::vector<std::atomic<std::int64_t>> sent_us;  // By number of the send; steady clock.
  std::mutex mutex;
  Histogram latencies;
};

class GroupBench {
 public:
  explicit GroupBench(const GroupOptions& options)
      : options_(options), rounds_(static_cast<int>(options.rate * options.seconds)) {
    deliveries_.sent_us = std::vector<std::atomic<std::int64_t>>(static_cast<std::size_t>(rounds_));
  }

  int run() {
    connect();
    make_people();
    listen();
    measure();
    return report();
  }

 private:
  std::string name(int i) const { return prefix_ + std::to_string(i); }
  Client& client(int i) { return clients_[static_cast<std::size_t>(i % kClients)]; }
  void say(const std::string& what) const {
    if (!options_.json) std::fprintf(stderr, "%s\n", what.c_str());
  }

  void connect() {
    prefix_ = "g" + std::to_string(Clock::now().time_since_epoch().count() % 1'000'000'000) + ".";
    ClientOptions client_options;
    client_options.timeout = kPatience;
    for (int i = 0; i < kClients; ++i) {
      clients_.push_back(need(Client::connect(options_.servers, client_options), "connecting"));
    }
  }

  void make_people() {
    say("making " + std::to_string(options_.members) + " accounts");
    Window(!options_.json)
        .run(options_.members, [this](int i, std::function<void(const Status&)> done) {
          client(i).create_account_async(name(i), kPassword, "", [done](Result<Account> result) {
            done(result.ok() ? Status(Unit{}) : Status(result.error()));
          });
        });
    owner_ = need(client(0).log_in(name(0), kPassword, "bench"), "logging in");
    group_ = need(owner_.create_group("a large group", {}), "making the group").id;
    std::vector<std::string> batch;
    for (int i = 1; i < options_.members; ++i) {
      batch.push_back(name(i));
      if (static_cast<int>(batch.size()) < kBatch && i + 1 < options_.members) continue;
      need(owner_.add_members(group_, batch), "adding members");
      batch.clear();
    }
    direct_ = need(owner_.open_direct(name(1)), "opening a direct conversation").id;
  }

  void listen() {
    say("connecting " + std::to_string(options_.connected) + " of them");
    sessions_.resize(static_cast<std::size_t>(options_.connected));
    Window(!options_.json)
        .run(options_.connected, [this](int i, std::function<void(const Status&)> done) {
          client(i).log_in_async(name(i), kPassword, "bench",
                                 [this, i, done](Result<Session> result) {
                                   if (!result.ok()) return done(Status(result.error()));
                                   sessions_[static_cast<std::size_t>(i)] = *result;
                                   done(Status(Unit{}));
                                 });
        });
    for (Session& session : sessions_) {
      subscriptions_.push_back(
          need(session.subscribe(std::nullopt, [this](const Event& event) { heard(event); }),
               "subscribing"));
    }
    // A stream from "now" begins when its server says so: a first message that all have heard.
    const std::int64_t before = warm_up();
    if (before != options_.connected) {
      throw BenchError{"Only " + std::to_string(before) + " of the streams have begun."};
    }
  }

  std::int64_t warm_up() {
    const auto deadline = Clock::now() + kDrain;
    while (Clock::now() < deadline && !stop_asked()) {
      deliveries_.count = 0;
      need(owner_.send(group_, "warm-up"), "the first send");
      const auto soon = Clock::now() + std::chrono::seconds(2);
      while (Clock::now() < soon && deliveries_.count < sessions_.size()) {
        std::this_thread::sleep_for(std::chrono::milliseconds(20));
      }
      if (deliveries_.count >= sessions_.size()) break;
    }
    return static_cast<std::int64_t>(deliveries_.count.exchange(0));
  }

  void heard(const Event& event) {
    if (event.kind != EventKind::kMessage || event.message.conversation_id != group_) return;
    const std::int64_t now =
        std::chrono::duration_cast<std::chrono::microseconds>(Clock::now().time_since_epoch())
            .count();
    const std::size_t number = static_cast<std::size_t>(std::atoi(event.message.body.c_str()));
    if (event.message.body.rfind("warm-up", 0) != 0 && number < deliveries_.sent_us.size()) {
      const std::lock_guard<std::mutex> lock(deliveries_.mutex);
      deliveries_.latencies.add(
          static_cast<std::uint64_t>(std::max<std::int64_t>(0, now - deliveries_.sent_us[number])));
    }
    ++deliveries_.count;
  }

  void send(std::int64_t conversation, Acks& acks, int round) {
    std::string body = std::to_string(round) + " ";
    body.resize(static_cast<std::size_t>(std::max<int>(options_.size, 8)), 'x');
    const Clock::time_point begun = Clock::now();
    if (conversation == group_) {
      deliveries_.sent_us[static_cast<std::size_t>(round)] =
          std::chrono::duration_cast<std::chrono::microseconds>(begun.time_since_epoch()).count();
    }
    ++under_way_;
    owner_.send_async(conversation, std::move(body), [this, &acks, begun](Result<Message> result) {
      {
        const std::lock_guard<std::mutex> lock(acks.mutex);
        if (result.ok()) {
          ++acks.sent;
          acks.latencies.add(us_between(begun, Clock::now()));
        } else {
          ++acks.failed;
          acks.last_error = result.error().message;
        }
      }
      --under_way_;
    });
  }

  // One to the group, half a period later one to the direct conversation, and so on.
  void measure() {
    say("sending");
    const auto half = std::chrono::duration_cast<Clock::duration>(
        std::chrono::duration<double>(0.5 / options_.rate));
    begun_ = Clock::now();
    Clock::time_point next = begun_;
    for (int round = 0; round < rounds_ && !stop_asked(); ++round) {
      send(group_, group_acks_, round);
      std::this_thread::sleep_until(next += half);
      send(direct_, direct_acks_, round);
      std::this_thread::sleep_until(next += half);
    }
    const auto deadline = Clock::now() + kDrain;
    while (Clock::now() < deadline &&
           (under_way_ > 0 || deliveries_.count < acknowledged() * sessions_.size())) {
      std::this_thread::sleep_for(std::chrono::milliseconds(20));
    }
    ended_ = Clock::now();
    for (Subscription& subscription : subscriptions_) subscription.close();
    for (Client& one : clients_) one.close();
  }

  std::uint64_t acknowledged() {
    const std::lock_guard<std::mutex> lock(group_acks_.mutex);
    return group_acks_.sent;
  }

  // Every client is closed: no callback runs any more.
  int report() {
    const std::uint64_t expected = group_acks_.sent * sessions_.size();
    const double seconds = std::chrono::duration<double>(ended_ - begun_).count();
    const double group_ms = group_acks_.latencies.quantile_ms(0.5);
    const double direct_ms = direct_acks_.latencies.quantile_ms(0.5);
    nlohmann::ordered_json figures;
    figures["members"] = options_.members;
    figures["connected"] = options_.connected;
    figures["sends_of_each"] = group_acks_.sent;
    figures["failed"] = group_acks_.failed + direct_acks_.failed;
    figures["group_p50_ms"] = group_ms;
    figures["group_p95_ms"] = group_acks_.latencies.quantile_ms(0.95);
    figures["direct_p50_ms"] = direct_ms;
    figures["direct_p95_ms"] = direct_acks_.latencies.quantile_ms(0.95);
    figures["ratio"] = direct_ms > 0 ? group_ms / direct_ms : 0.0;
    figures["deliveries"] = deliveries_.count.load();
    figures["missing"] = expected - std::min(expected, deliveries_.count.load());
    figures["deliveries_per_second"] = static_cast<double>(deliveries_.count) / seconds;
    figures["delivery_p50_ms"] = deliveries_.latencies.quantile_ms(0.5);
    figures["delivery_p95_ms"] = deliveries_.latencies.quantile_ms(0.95);
    print_figures(figures, options_.json);
    for (const Acks* acks : {&group_acks_, &direct_acks_}) {
      if (!acks->last_error.empty()) {
        std::fprintf(stderr, "Last failure: %s\n", acks->last_error.c_str());
      }
    }
    const bool all_there = figures["failed"] == 0 && figures["missing"] == 0 && !stop_asked();
    return within(figures, {{"ratio", options_.max_ratio}}) && all_there ? 0 : 1;
  }

  const GroupOptions options_;
  const int rounds_;
  std::string prefix_;
  std::vector<Client> clients_;
  Session owner_;
  std::int64_t group_ = 0;
  std::int64_t direct_ = 0;
  std::vector<Session> sessions_;
  Deliveries deliveries_;
  Acks group_acks_;
  Acks direct_acks_;
  std::atomic<int> under_way_{0};
  Clock::time_point begun_;
  Clock::time_point ended_;
  std::vector<Subscription> subscriptions_;  // Ends first: its callbacks use the rest.
};

}  // namespace

int run_group(const GroupOptions& options) {
  if (options.connected > options.members || options.members < 2) {
    throw BenchError{"--connected must be at most --members, and there must be two", true};
  }
  return GroupBench(options).run();
}

}  // namespace starling::bench
