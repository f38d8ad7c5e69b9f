// The gRPC server of a node and its links to the peers, behind the Transport interface. No gRPC
// type shows here, so that server/node needs none.
#pragma once

#include <chrono>
#include <cstddef>
#include <cstdint>
#include <memory>
#include <string>
#include <vector>

#include "server/transport/backend.h"
#include "server/transport/hash.h"
#include "server/transport/history.h"
#include "server/transport/stream_limits.h"

namespace starling::transport {

struct ServerOptions {
  std::string listen;     // host:port; port 0 picks a free one.
  std::string advertise;  // host:port where others reach this server; empty: bound_address().
  core::ClusterId cluster = 0;
  core::Epoch epoch = 1;
  core::NodeId id = core::kNoNode;
  History history() const { return {cluster, epoch}; }

  HashSettings hash;            // The cost of a password hash; tests make it cheap.
  int hash_threads = 2;         // Passwords hashed at once,
  std::size_t hash_queue = 64;  // and waiting; beyond that a call is OVERLOADED.
  int login_burst = 10;         // Log-in attempts at once for one account,
  double login_per_second = 1.0;
  int login_peer_burst = 200;  // and from one peer address.
  double login_peer_per_second = 50.0;

  int catch_ups_per_second = 200;  // For session tokens that are unknown here.
  int read_threads = 4;            // Reads of the store at once,
  std::size_t read_queue = 4096;   // and waiting; beyond that a call is OVERLOADED.
  int search_threads = 1;          // And searches.
  std::size_t search_queue = 64;
  std::size_t searches_per_account = 2;  // Waiting or under way; beyond that they are OVERLOADED.

  std::size_t max_request_bytes = 4u << 20;  // Also bounds what a peer sends in one message.
  std::size_t memory_quota_bytes = 512u << 20;
  int max_streams_per_connection = 4096;
  std::size_t max_watchers = 10'000;
  StreamLimits subscribers{10'000, 256};
  StreamLimits presence_streams{10'000, 32};
  std::size_t subscriber_queue = 1024;  // Events; a slower stream falls back to catch-up.
  std::size_t send_window = 4096;       // Unanswered sends on one SendStream.
  std::size_t link_queue_messages = 4096;
  std::size_t link_queue_bytes = 32u << 20;
  std::chrono::milliseconds peer_call_timeout{1000};  // For a vote or a list.
};

// Thread contract: every call is thread-safe. The Backend must outlive the Server, and must not be
// asked to call into it after shutdown() returned.
class Server final : public Transport {
 public:
  // Listens and serves at once; nullptr with a sentence in `error` when it cannot (a port in use,
  // an address that is none).
  static std::unique_ptr<Server> start(const ServerOptions& options, Backend& backend,
                                       std::string& error);
  ~Server() override;  // shutdown(now) when it was not called.

  // The host of options.listen with the port that was bound.
  std::string bound_address() const;

  // Ends every stream and call, those that are still open after the deadline by force; closes the
  // links; waits for all handlers. The Backend must still answer its callbacks meanwhile.
  void shutdown(std::chrono::steady_clock::time_point deadline);

  void send(const core::Message& message) override;
  void set_peers(const std::vector<core::Member>& peers) override;
  std::vector<core::NodeId> unreached() override;
  void publish_events(const std::vector<chat::Event>& events, std::uint64_t applied_index) override;
  void publish_list(const ServerList& list, bool to_peers) override;
  void beat(const Beat& beat) override;
  void set_draining() override;

 private:
  Server();
  struct Impl;
  std::unique_ptr<Impl> impl_;
};

// The version of the protocol among servers and joiners; told in PeerHello and HealthCheck.
inline constexpr std::uint32_t kProtocolVersion = 4;

}  // namespace starling::transport
