// The Starling client: give it one address (or several) and it finds the rest, watches the servers'
// health and hides every failover. Writes take effect exactly once and in the order in which they
// were called.
//
//   auto client = starling::Client::connect({"127.0.0.1:5101"});
//   auto session = client->log_in("ada", "correct horse");
//   auto chat = session->open_direct("bob");
//   auto sent = session->send(chat->id, "hello");
#pragma once

#include <chrono>
#include <cstdint>
#include <functional>
#include <memory>
#include <string>
#include <vector>

#include "starling/export.h"
#include "starling/result.h"
#include "starling/session.h"
#include "starling/types.h"

namespace starling {

struct ClientOptions {
  std::chrono::milliseconds timeout{
      10'000};  // One deadline for each operation, over all its retries.
  std::size_t max_queued_writes =
      4'096;  // Unanswered sends; one more fails with kResourceExhausted.
  std::string client_name = "starling-sdk";  // Shown in the servers' active-client list.
  bool discover = true;                      // False: talk to the given addresses only.
  // False: connect() returns at once, and the client goes on looking for a server by itself.
  bool wait_for_server = true;
  // Runs on the client's callback thread, one call at a time, in order; must not block for long.
  std::function<void(const ClusterEvent&)> on_cluster_event;
};

// A connection to a cluster. Thread contract: every call is thread-safe. Callbacks run on one
// thread that the client owns; they may call the client's asynchronous calls, not its blocking
// ones.
class STARLING_API Client {
 public:
  // Returns at once when a server answers, kUnavailable (naming the addresses tried) when none did
  // in time. With wait_for_server off there need be none yet: operations wait for one as long as
  // their own deadline lets them, resume() and Outbox work without, and kConnected tells of the
  // first that answers.
  static Result<Client> connect(std::vector<std::string> addresses, ClientOptions options = {});
  ~Client();
  Client(Client&&) noexcept;
  Client& operator=(Client&&) noexcept;

  Result<Account> create_account(const std::string& name, const std::string& password,
                                 const std::string& display_name = "",
                                 const CallOptions& options = {});
  Call create_account_async(const std::string& name, const std::string& password,
                            const std::string& display_name, Done<Account> done,
                            const CallOptions& options = {});
  // `device`: a name by which people tell their sessions apart. An unknown name and a wrong
  // password are the same kUnauthenticated.
  Result<Session> log_in(const std::string& name, const std::string& password,
                         const std::string& device = "", const CallOptions& options = {});
  Call log_in_async(const std::string& name, const std::string& password, const std::string& device,
                    Done<Session> done, const CallOptions& options = {});
  // Takes up a session by the token of an earlier one, without a round trip.
  Session resume(const std::string& token, const Account& account);

  // Waits until a first server has answered; what connect() does unless it is told not to. It ends
  // early when the client is closed (kCancelled), and, with kFailed, when what answers is no
  // Starling server. The client goes on looking in any case.
  Status wait_for_server(std::chrono::milliseconds timeout);

  ServerList servers() const;
  // Address of the primary as last heard; empty when none is known.
  std::string primary() const;
  // Waits until a primary is known.
  Result<std::string> wait_for_primary(std::chrono::milliseconds timeout);
  // Ends every call under way with kCancelled, and waits for the callback that runs (not when
  // called from one). Destroying the client does the same; its sessions are of no use any more.
  void close();

 private:
  struct STARLING_LOCAL Impl;
  explicit Client(std::shared_ptr<Impl> impl);
  std::shared_ptr<Impl> impl_;
};

}  // namespace starling
