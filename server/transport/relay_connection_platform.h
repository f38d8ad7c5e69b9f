// One connection on its way through the relay; used by relay_platform.cpp only.
#pragma once

#include <poll.h>

#include <chrono>
#include <deque>
#include <memory>
#include <string>
#include <utility>
#include <vector>

#include "server/transport/link_faults.h"

namespace starling::transport {

using RelayClock = std::chrono::steady_clock;

class Socket {
 public:
  Socket() = default;
  explicit Socket(int fd) : fd_(fd) {}
  Socket(Socket&& other) noexcept : fd_(std::exchange(other.fd_, -1)) {}
  Socket& operator=(Socket&& other) noexcept {
    std::swap(fd_, other.fd_);
    return *this;
  }
  ~Socket() { close(); }
  void close();
  int get() const { return fd_; }
  bool open() const { return fd_ >= 0; }

 private:
  int fd_ = -1;
};

struct RelayTarget {
  const std::string address;
  LinkFault fault;
};

// What goes one way: read from one socket, written to the other when it is due.
class RelayPipe {
 public:
  // Takes what has come. The sender's end, or its error, ends the pipe.
  void fill(const Socket& from);
  // Passes on what is due: read so long ago, or so long after `begun`.
  void drain(const Socket& to, RelayClock::time_point begun, std::chrono::milliseconds delay);
  void drop();  // What is held, and all that comes.

  bool empty() const { return chunks_.empty(); }
  bool ended() const { return ended_; }
  bool takes_more() const { return !ended_ && bytes_ < kMaxHeld; }
  bool blocked() const { return blocked_; }  // The receiver takes no more at the moment.
  RelayClock::time_point oldest() const { return chunks_.front().read_at; }

 private:
  struct Chunk {
    RelayClock::time_point read_at;
    std::string bytes;
    std::size_t sent = 0;
  };
  static constexpr std::size_t kMaxHeld = 8u << 20;

  std::deque<Chunk> chunks_;
  std::size_t bytes_ = 0;
  bool ended_ = false;
  bool blocked_ = false;
  bool dropping_ = false;
};

// Near is this process's gRPC, far the other server. Used by one thread.
class RelayConnection {
 public:
  RelayConnection(Socket near, std::shared_ptr<RelayTarget> target);

  // Adds two: near and far.
  void want(std::vector<pollfd>& polled) const;
  // When step() has to be called if nothing happens; the past when it should be now.
  RelayClock::time_point due() const;
  // Goes on with what has come and what is due. False when it has ended.
  bool step(short near_events, short far_events);

 private:
  enum class State { kWaiting, kConnecting, kOpen };

  bool cut() const { return target_->fault.cut_out || target_->fault.cut_in; }
  bool connect_now();
  bool connected(short far_events);
  bool pass();
  // As TCP gives up what nobody acknowledges: the near side hears of it, the far side does not.
  void give_up();

  std::shared_ptr<RelayTarget> target_;
  State state_ = State::kWaiting;
  RelayClock::time_point since_;  // Of the state.
  Socket near_;
  Socket far_;
  RelayPipe out_;
  RelayPipe in_;
};

}  // namespace starling::transport
