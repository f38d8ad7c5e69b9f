// Faults of the network among servers, switched by a file while the server runs: partitions,
// one-way cuts and delay on one machine, without root (clusterctl isolate, partition, slow, heal).
// For tests; off unless starlingd is given --fault-file.
//
// They act on bytes, beneath gRPC: once there is a fault file, every connection that this server
// makes to another one goes through a relay in this process (relay_platform.h). What is cut is held
// there as TCP would hold what nobody acknowledges, so streams stay open and silent, reconnects
// hang and are not refused, keepalive works as ever, and after the cut what was held goes on. A cut
// of both directions needs both servers' files: each acts on the connections that its own server
// made.
#pragma once

#include <atomic>
#include <chrono>
#include <functional>
#include <map>
#include <memory>
#include <string>
#include <vector>

#include "server/transport/mutex.h"

namespace starling::transport {

// What is wrong with the way to one server.
struct LinkFault {
  bool cut_out = false;                // Nothing goes there,
  bool cut_in = false;                 // nothing comes from there,
  std::chrono::milliseconds delay{0};  // and what does is so much late, either way.

  bool operator==(const LinkFault&) const = default;
};

// A fault file's content. One rule a line, # begins a comment; ADDR is a server's address as the
// others know it, or * for all of them:
//   version TEXT      told in the file's ".taken" neighbour once all of it is in force
//   cut ADDR          nothing goes there, nothing comes from there
//   cut-out ADDR      nothing goes there
//   cut-in ADDR       nothing comes from there
//   delay ADDR MS     0 to 60000; delays of one address and of * add up
struct FaultRules {
  std::string version;
  LinkFault every;
  std::map<std::string, LinkFault> links;

  LinkFault of(const std::string& address) const;
};

// False with a sentence that names the line.
bool parse_faults(const std::string& text, FaultRules& out, std::string& error);

class Relay;

// Thread contract: every call is thread-safe. One for each process, installed from start() until
// destroyed: connections to other servers ask it the way.
class LinkFaults {
 public:
  // Reads the file, if it is there, before it returns. nullptr with a sentence.
  static std::unique_ptr<LinkFaults> start(const std::string& path, std::string& error);
  ~LinkFaults();
  LinkFaults(const LinkFaults&) = delete;
  LinkFaults& operator=(const LinkFaults&) = delete;

  static LinkFaults* installed();

  // What to connect to in order to reach `address`, as gRPC names it: itself as long as there has
  // been no fault file. A server without faults pays nothing for having this.
  std::string route(const std::string& address);

 private:
  friend class RenewHook;
  explicit LinkFaults(std::string path);
  void look();
  void take(const std::string& text);
  void put_in_force();
  bool settled();

  const std::string path_;
  std::atomic<bool> armed_{false};  // There has been a file: connections go through the relay.
  std::unique_ptr<Relay> relay_;    // Set once, by start().

  // Only on the relay's thread, and in start() before there is one.
  bool started_ = false;
  std::string seen_;
  bool pending_ = false;
  FaultRules rules_;
  std::chrono::steady_clock::time_point settle_from_;
  std::chrono::steady_clock::time_point settle_until_;

  Mutex hooks_mutex_;  // Held while they run.
  std::vector<class RenewHook*> hooks_ STARLING_GUARDED_BY(hooks_mutex_);
};

// While it lives: called, on the relay's thread, when the first fault file appears and connections
// that were made before it have to be made anew. The file's faults come into force when they have
// `settled`, or soon after. Does nothing when no LinkFaults is installed.
class RenewHook {
 public:
  explicit RenewHook(std::function<void()> renew, std::function<bool()> settled = {});
  ~RenewHook();
  RenewHook(const RenewHook&) = delete;
  RenewHook& operator=(const RenewHook&) = delete;

 private:
  friend class LinkFaults;
  LinkFaults* const faults_;
  const std::function<void()> renew_;
  const std::function<bool()> settled_;
};

}  // namespace starling::transport
