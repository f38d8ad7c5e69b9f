// One client under load that writes down what it saw. Thread contract: the public functions are
// called by one thread; the load has a thread of its own.
#pragma once

#include <atomic>
#include <deque>
#include <map>
#include <mutex>
#include <optional>
#include <random>
#include <string>
#include <thread>
#include <vector>

#include "starling/client.h"
#include "starling/outbox.h"
#include "tests/torture/history.h"

namespace starling::torture {

// Who there is to chat: made once, before the load.
struct Setup {
  struct Person {
    Account account;
    std::string token;
    std::vector<std::int64_t> conversations;
  };
  std::vector<Person> people;
};
Setup make_setup(const std::vector<std::string>& servers, int people);
Line to_json(const Setup& setup);
Setup setup_from(const Line& line);

struct LoadOptions {
  std::vector<std::string> servers;
  Setup::Person person;
  std::string history;  // The file, to go on from its cursor.
  std::string client;   // This client's name in the history.
  std::string stream;   // Its subscription's; empty: none.
  std::uint64_t seed = 1;
  double sends_per_s = 100;
};

// What all clients here do: their subscription, and its end.
class Listener {
 public:
  Listener(const LoadOptions& options, History& history);
  virtual ~Listener() = default;
  // Waits until the subscription has given everything that there is. Empty: it has.
  std::string catch_up(std::chrono::milliseconds timeout);
  void close();

 protected:
  void subscribe();  // From where it was, or where the history ends.
  Client& client() { return *client_; }
  Session& session() { return session_; }

  const LoadOptions options_;
  History& history_;

 private:
  void on_event(const Event& event);

  std::optional<Client> client_;
  Session session_;
  Subscription subscription_;
  std::mutex mutex_;
  Place place_;
};

// Sends, reads, deletes, marks; and repeats sends that were answered or given up.
class Load : public Listener {
 public:
  Load(const LoadOptions& options, History& history);
  ~Load() override;
  void stop();  // No new operation; those under way go on.
  long open() const { return open_; }
  long acked() const { return acked_; }

 private:
  struct Sent {
    std::int64_t conversation = 0;
    std::int64_t seq = 0;
    std::string body;
    std::string request_id;  // Empty: chosen by the SDK.
    bool repeat = false;     // Not its first call.
  };

  void run();
  void act();
  void send_burst();
  void send(Sent sent);
  void sent(const std::string& operation, Sent sent, const Result<Message>& answer);
  void read();
  void remove();
  void mark();
  void repeat();
  std::optional<Sent> recent();
  std::int64_t any_conversation();
  std::uint64_t draw(std::uint64_t below);
  Line call(const std::string& operation, const char* function) const;
  void answered(const std::string& operation, const Error& error);

  std::mt19937_64 random_;
  std::atomic<bool> stopping_{false};
  std::atomic<long> open_{0};
  std::atomic<long> acked_{0};
  std::mutex recent_mutex_;
  std::deque<Sent> recent_;
  std::thread thread_;
};

// Queues messages in a durable outbox. The process may be killed at any time and started again.
class OutboxLoad : public Listener {
 public:
  OutboxLoad(const LoadOptions& options, const std::string& file, History& history);
  ~OutboxLoad() override;
  void stop();
  void note_left();  // Into the history: what is still to be sent.
  long open() const;
  long acked() const { return acked_; }

 private:
  void run();

  std::mt19937_64 random_;
  std::optional<Outbox> outbox_;
  std::atomic<bool> stopping_{false};
  std::atomic<long> acked_{0};
  std::thread thread_;
};

}  // namespace starling::torture
