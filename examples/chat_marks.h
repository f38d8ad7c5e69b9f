// What one has read, and what has reached this device: told to the servers, so that the others see
// it. One call at a time, with the newest of what was noted meanwhile.
#pragma once

#include <cstdint>
#include <map>
#include <mutex>

#include "starling/client.h"

// Thread contract: every call is thread-safe. It has to outlive the client's callbacks.
class Marks {
 public:
  void begin(starling::Session session);
  // Up to that message of the conversation. Lower ones than before change nothing.
  void read(std::int64_t conversation, std::int64_t seq);
  void delivered(std::int64_t conversation, std::int64_t seq);
  // Tells again what could not be told. Called about every second.
  void go_on();
  // All that was noted has been told.
  bool told();

 private:
  using Seqs = std::map<std::int64_t, std::int64_t>;  // By conversation.

  static void note(Seqs& due, Seqs& noted, std::int64_t conversation, std::int64_t seq);
  void answered(const starling::Status& status, bool was_read, const Seqs& asked);

  std::mutex mutex_;
  starling::Session session_;
  Seqs read_;  // The highest that was noted,
  Seqs delivered_;
  Seqs read_due_;  // and of these what is to be told.
  Seqs delivered_due_;
  bool under_way_ = false;
};
