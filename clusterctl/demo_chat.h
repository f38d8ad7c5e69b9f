// Two users who chat through the SDK as fast as the cluster lets them, each with many sends in
// flight and each listening to the conversation. Everything is written into a ledger.
#pragma once

#include <atomic>
#include <mutex>
#include <optional>
#include <string>
#include <vector>

#include "clusterctl/ledger.h"
#include "clusterctl/platform.h"
#include "starling/client.h"

namespace starling::ctl {

// One user with a client of its own. Thread-safe.
class ChatUser {
 public:
  ChatUser(std::string name, Ledger& ledger, std::size_t window);
  ~ChatUser();
  ChatUser(const ChatUser&) = delete;
  ChatUser& operator=(const ChatUser&) = delete;

  // Each throws Failure with what the SDK said.
  void connect(const std::vector<std::string>& addresses);
  void open(const std::string& peer);  // The conversation, and the subscription to it.

  void start_sending();
  void stop_sending();

  std::size_t in_flight() const { return in_flight_.load(); }
  std::size_t failed() const { return failed_.load(); }
  // Writes that are submitted from now on are told apart: when was the first of them acknowledged?
  void mark();
  std::optional<Clock::time_point> first_ack_after_mark() const;

  // The first event of the kind at or after `since`.
  std::optional<Clock::time_point> seen(ClusterEvent::Kind kind, Clock::time_point since) const;

  std::vector<Observed> received() const;  // What the subscription gave, in its order.
  std::size_t received_count() const;
  // The whole conversation as one server stores it.
  Result<std::vector<Observed>> stored_at(const std::string& server);

  const std::string& name() const { return name_; }
  void close();

 private:
  void send_next();  // One more, if there is room; called again by each answer.
  void on_answer(const std::string& body, bool after_mark, const Result<Message>& answer);
  void on_cluster_event(const ClusterEvent& event);
  void on_event(const Event& event);

  const std::string name_;
  Ledger& ledger_;
  const std::size_t window_;
  std::optional<Client> client_;
  Session session_;
  std::optional<Subscription> subscription_;
  std::int64_t conversation_ = 0;

  std::atomic<bool> sending_{false};
  std::atomic<std::size_t> in_flight_{0};
  std::atomic<std::size_t> failed_{0};

  std::mutex send_mutex_;  // Held over numbering and handing over, so that the order called is the
                           // order noted.
  std::uint64_t next_number_ = 0;
  bool marked_ = false;  // Under send_mutex_.

  mutable std::mutex mutex_;
  std::optional<Clock::time_point> first_ack_;
  std::vector<std::pair<ClusterEvent::Kind, Clock::time_point>> cluster_events_;
  std::vector<Observed> received_;
};

}  // namespace starling::ctl
