// The way that connections to other servers take once link faults are wanted: bytes come in from
// this server's own gRPC over a socket of this process, and go on over TCP, unless they are held.
#pragma once

#include <functional>
#include <memory>
#include <string>

#include "server/transport/link_faults.h"

namespace starling::transport {

// Thread contract: start() once; everything else is thread-safe.
class Relay {
 public:
  static std::unique_ptr<Relay> make(std::string& error);
  ~Relay();  // Drops every connection.

  // `look` is called on the relay's thread every few hundredths of a second, and, when the process
  // was stopped for longer, before anything is passed on.
  void start(std::function<void()> look);
  // A target for gRPC that leads to `address`.
  std::string way_to(const std::string& address);
  void set(const FaultRules& rules);

 private:
  Relay();
  struct Impl;
  std::unique_ptr<Impl> impl_;
};

}  // namespace starling::transport
