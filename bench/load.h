// Keeps a number of sends in flight in a cluster, and tells of each answer.
#pragma once

#include <atomic>
#include <chrono>
#include <cstdint>
#include <functional>
#include <memory>
#include <string>
#include <vector>

#include "starling/client.h"

namespace starling::bench {

using Clock = std::chrono::steady_clock;

// Why a benchmark cannot go on, for people. `usage`: the command line is at fault.
struct BenchError {
  std::string message;
  bool usage = false;
};

// A sender's place: an account of its own making, logged in, with conversations to send to.
struct Sender {
  std::unique_ptr<Client> client;
  Session session;
  std::vector<std::int64_t> conversations;
};

// Makes two accounts (one peer more for each further conversation) and `senders` sessions of the
// first one, each over a client of its own. Throws BenchError.
std::vector<Sender> make_senders(const std::vector<std::string>& servers, int senders,
                                 int conversations, std::size_t max_queued_writes);

// One sender's closed loop: each answer is followed by the next send. `on_answer` runs on the
// client's callback thread, one call at a time.
class Load {
 public:
  using OnAnswer =
      std::function<void(Clock::time_point begun, Clock::time_point ended, const Result<Message>&)>;

  Load(Sender& sender, int in_flight, std::size_t size, OnAnswer on_answer);
  ~Load();
  Load(const Load&) = delete;
  Load& operator=(const Load&) = delete;

  void start();
  // One send more than the loop's own.
  void send_extra();
  // No further sends; waits until all are answered, or `timeout`.
  bool stop(std::chrono::milliseconds timeout);

 private:
  struct State;
  static void send_one(const std::shared_ptr<State>& state, bool again);

  const std::shared_ptr<State> state_;
  const int in_flight_;
};

}  // namespace starling::bench
