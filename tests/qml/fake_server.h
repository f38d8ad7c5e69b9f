// A pretended cluster of one server, which answers an app as a test's script says.
#pragma once

#include <grpcpp/grpcpp.h>

#include <atomic>
#include <condition_variable>
#include <functional>
#include <map>
#include <memory>
#include <mutex>
#include <string>
#include <vector>

#include "starling/v1/chat.grpc.pb.h"
#include "starling/v1/cluster.grpc.pb.h"

namespace starling_app {

inline constexpr std::int64_t kFakeAccount = 1;

class FakeServer final : public starling::v1::Chat::Service, public starling::v1::Cluster::Service {
 public:
  FakeServer();
  ~FakeServer() override;

  std::string address() const { return "127.0.0.1:" + std::to_string(port_); }
  // As a SIGKILL looks from outside.
  void kill();

  // One message of a conversation, which is made with its first one. No event tells of it.
  void store(std::int64_t conversation, std::int64_t seq, const std::string& body,
             bool deleted = false);
  void tell(starling::v1::Event event);  // To the streams, after the events that were told.
  // Streams end; who comes back with a cursor is told to begin anew.
  void forget_events();
  // Lists of conversations are not answered until they are let go.
  void hold_lists(bool held);
  int lists() const { return lists_; }    // How many were asked for.
  int probes() const { return probes_; }  // Lists that somebody without a session asked for.
  std::atomic<bool> quorum{true};

 private:
  using Context = grpc::ServerContext;

  grpc::Status LogIn(Context* context, const starling::v1::LogInRequest* request,
                     starling::v1::LogInResponse* response) override;
  grpc::Status ListConversations(Context* context,
                                 const starling::v1::ListConversationsRequest* request,
                                 starling::v1::ListConversationsResponse* response) override;
  grpc::Status ListMessages(Context* context, const starling::v1::ListMessagesRequest* request,
                            starling::v1::ListMessagesResponse* response) override;
  grpc::Status Subscribe(Context* context, const starling::v1::SubscribeRequest* request,
                         grpc::ServerWriter<starling::v1::SubscribeResponse>* writer) override;
  grpc::Status HealthCheck(Context* context, const starling::v1::HealthCheckRequest* request,
                           starling::v1::HealthCheckResponse* response) override;
  grpc::Status WatchServers(
      Context* context, const starling::v1::WatchServersRequest* request,
      grpc::ServerWriter<starling::v1::WatchServersResponse>* writer) override;

  starling::v1::ServerList list() const;
  void header(starling::v1::ResponseHeader* header) const;
  // Until `there`, at most so long; false when the call or the server ends.
  bool wait(Context* context, std::unique_lock<std::mutex>& lock, int ms,
            const std::function<bool()>& there);

  std::mutex mutex_;
  std::condition_variable changed_;
  std::map<std::int64_t, std::map<std::int64_t, starling::v1::Message>> messages_;
  std::vector<starling::v1::Event> events_;
  std::uint64_t history_ = 0;  // One more at each forget_events().
  bool held_ = false;
  bool stopping_ = false;
  std::atomic<int> lists_{0};
  std::atomic<int> probes_{0};
  int port_ = 0;
  std::unique_ptr<grpc::Server> server_;
};

}  // namespace starling_app
