// The demo's own book of what was sent and what was acknowledged, and the comparison of a history
// that somebody saw (a subscriber, a replica) with it. Knows nothing of servers.
#pragma once

#include <cstddef>
#include <cstdint>
#include <mutex>
#include <string>
#include <unordered_map>
#include <vector>

namespace starling::ctl {

// A message as a subscriber received it or a replica stores it.
struct Observed {
  std::int64_t seq = 0;
  std::int64_t id = 0;
  std::string sender;
  std::string body;
};

struct Verdict {
  std::size_t messages = 0;  // In the history.
  std::size_t lost = 0;      // Acknowledged and not there, or a gap in the sequence.
  std::size_t doubled = 0;   // There more than once.
  std::size_t reordered =
      0;  // Not in the order of the sequence, of the acks or of its sender's calls.
  std::size_t invented = 0;           // Never sent, refused for good, or with another sender.
  std::vector<std::string> examples;  // The first few findings, in words.
  bool clean() const { return lost + doubled + reordered + invented == 0; }
};

// Every body is sent once, so that it identifies its send. Thread-safe.
class Ledger {
 public:
  // In the order of the sender's calls.
  void sent(const std::string& sender, const std::string& body);
  void acknowledged(const std::string& body, std::int64_t seq, std::int64_t id);
  // The send failed, and the error says that it never happened.
  void refused(const std::string& body);

  std::size_t sent_count() const;
  std::size_t acknowledged_count() const;

  // The history of the one conversation, in the order in which it was seen.
  Verdict check(const std::vector<Observed>& history) const;

 private:
  enum class Fate { kOpen, kAcknowledged, kRefused };
  struct Send {
    std::string sender;
    std::size_t number = 0;  // Counts the calls of its sender.
    Fate fate = Fate::kOpen;
    std::int64_t seq = 0;
    std::int64_t id = 0;
  };
  struct Checking;

  void check_one(const Observed& message, Checking& checking) const;
  void check_missing(Checking& checking) const;

  mutable std::mutex mutex_;
  std::unordered_map<std::string, Send> sends_;          // By body.
  std::unordered_map<std::string, std::size_t> counts_;  // Sends of each sender.
  std::size_t acknowledged_ = 0;
  std::vector<std::string> order_;  // Bodies as sent, so that findings come in a stable order.
};

}  // namespace starling::ctl
