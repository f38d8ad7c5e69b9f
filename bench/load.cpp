// Keeps a number of sends in flight in a cluster.
#include "bench/load.h"

#include <condition_variable>
#include <mutex>
#include <random>
#include <utility>

namespace starling::bench {
namespace {

// A wrong set-up fails every send at once: this many in a row end the loop.
constexpr int kMaxFailuresInARow = 100;

std::string random_name(const std::string& prefix) {
  std::random_device device;
  static constexpr char kLetters[] = "abcdefghijklmnopqrstuvwxyz0123456789";
  std::string name = prefix;
  for (int i = 0; i < 12; ++i) name += kLetters[device() % (sizeof(kLetters) - 1)];
  return name;
}

template <typename T>
T expect(Result<T> result, const std::string& what) {
  if (!result) throw BenchError{what + ": " + result.error().message};
  return std::move(result.value());
}

}  // namespace

std::vector<Sender> make_senders(const std::vector<std::string>& servers, int senders,
                                 int conversations, std::size_t max_queued_writes) {
  ClientOptions options;
  options.client_name = "starling-bench";
  options.max_queued_writes = max_queued_writes;
  const std::string password = random_name("pw-");
  const std::string name = random_name("bench-");
  std::vector<Sender> all;
  for (int i = 0; i < senders; ++i) {
    Sender sender;
    sender.client =
        std::make_unique<Client>(expect(Client::connect(servers, options), "Could not connect"));
    if (i == 0) {
      expect(sender.client->create_account(name, password), "Could not create an account");
    }
    sender.session = expect(sender.client->log_in(name, password, "bench"), "Could not log in");
    all.push_back(std::move(sender));
  }
  std::vector<std::int64_t> ids;
  for (int i = 0; i < conversations; ++i) {
    const std::string peer = random_name("peer-");
    expect(all[0].client->create_account(peer, password), "Could not create an account");
    ids.push_back(expect(all[0].session.open_direct(peer), "Could not open a conversation").id);
  }
  for (Sender& sender : all) sender.conversations = ids;
  return all;
}

struct Load::State {
  Session session;
  std::vector<std::int64_t> conversations;
  std::string body;
  OnAnswer on_answer;
  std::atomic<bool> stopping{false};
  std::atomic<std::uint64_t> next{0};
  std::atomic<int> failures_in_a_row{0};
  std::mutex mutex;
  std::condition_variable idle;
  int in_flight = 0;  // Under the mutex.
};

Load::Load(Sender& sender, int in_flight, std::size_t size, OnAnswer on_answer)
    : state_(std::make_shared<State>()), in_flight_(in_flight) {
  state_->session = sender.session;
  state_->conversations = sender.conversations;
  state_->body = std::string(size, 'x');
  state_->on_answer = std::move(on_answer);
}

Load::~Load() { stop(std::chrono::milliseconds(0)); }

void Load::start() {
  for (int i = 0; i < in_flight_; ++i) send_one(state_, true);
}

void Load::send_extra() { send_one(state_, false); }

void Load::send_one(const std::shared_ptr<State>& state, bool again) {
  {
    const std::lock_guard lock(state->mutex);
    ++state->in_flight;
  }
  const std::uint64_t number = state->next++;
  const std::int64_t conversation = state->conversations[number % state->conversations.size()];
  const Clock::time_point begun = Clock::now();
  state->session.send_async(conversation, state->body,
                            [state, begun, again](const Result<Message>& result) {
                              state->on_answer(begun, Clock::now(), result);
                              const int failures = result.ok() ? 0 : state->failures_in_a_row + 1;
                              state->failures_in_a_row = failures;
                              if (again && !state->stopping && failures < kMaxFailuresInARow)
                                send_one(state, true);
                              const std::lock_guard lock(state->mutex);
                              if (--state->in_flight == 0) state->idle.notify_all();
                            });
}

bool Load::stop(std::chrono::milliseconds timeout) {
  state_->stopping = true;
  std::unique_lock lock(state_->mutex);
  return state_->idle.wait_for(lock, timeout, [this] { return state_->in_flight == 0; });
}

}  // namespace starling::bench
