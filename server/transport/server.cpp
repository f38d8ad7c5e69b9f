// Implements server/transport/server.h: listening, wiring, shutdown.
#include "server/transport/server.h"

#include <google/protobuf/stubs/logging.h>
#include <grpc/support/log.h>
#include <grpcpp/ext/proto_server_reflection_plugin.h>
#include <grpcpp/health_check_service_interface.h>
#include <grpcpp/resource_quota.h>
#include <grpcpp/server.h>
#include <grpcpp/server_builder.h>
#include <spdlog/spdlog.h>

#include <mutex>

#include "server/transport/chat_service.h"
#include "server/transport/cluster_service.h"
#include "server/transport/link_faults.h"
#include "server/transport/peer_service.h"

namespace starling::transport {

namespace {

constexpr char kWritesService[] = "starling.v1.Chat";
constexpr std::chrono::seconds kLastWait{10};
constexpr std::size_t kMetadataBytes = 16u << 10;

// gRPC's own log goes where ours goes; what it calls errors (a refused connection) is our daily
// bread.
void log_grpc(gpr_log_func_args* args) {
  if (args->severity == GPR_LOG_SEVERITY_ERROR) {
    spdlog::debug("grpc: {}", args->message);
  } else {
    spdlog::trace("grpc: {}", args->message);
  }
}

// protobuf's complaint about a caller's bad text is answered to the caller, not written down.
void log_protobuf(google::protobuf::LogLevel, const char*, int, const std::string& message) {
  spdlog::trace("protobuf: {}", message);
}

void prepare_process() {
  static std::once_flag once;
  std::call_once(once, [] {
    gpr_set_log_function(log_grpc);
    google::protobuf::SetLogHandler(log_protobuf);
    grpc::EnableDefaultHealthCheckService(true);
    grpc::reflection::InitProtoReflectionServerBuilderPlugin();
  });
}

void configure(grpc::ServerBuilder& builder, const ServerOptions& options) {
  // Without this two servers would share one port, and each get some of the calls.
  builder.AddChannelArgument(GRPC_ARG_ALLOW_REUSEPORT, 0);
  builder.AddChannelArgument(GRPC_ARG_MAX_CONCURRENT_STREAMS, options.max_streams_per_connection);
  builder.AddChannelArgument(GRPC_ARG_MAX_METADATA_SIZE, static_cast<int>(kMetadataBytes));
  // Peers and clients ask for signs of life often; answer them. And find the dead ones.
  builder.AddChannelArgument(GRPC_ARG_HTTP2_MIN_RECV_PING_INTERVAL_WITHOUT_DATA_MS, 200);
  builder.AddChannelArgument(GRPC_ARG_HTTP2_MAX_PING_STRIKES, 0);
  builder.AddChannelArgument(GRPC_ARG_KEEPALIVE_TIME_MS, 5000);
  builder.AddChannelArgument(GRPC_ARG_KEEPALIVE_TIMEOUT_MS, 5000);
  builder.AddChannelArgument(GRPC_ARG_KEEPALIVE_PERMIT_WITHOUT_CALLS, 1);
  builder.SetMaxReceiveMessageSize(static_cast<int>(options.max_request_bytes));
  builder.SetMaxSendMessageSize(static_cast<int>(8u << 20));
  grpc::ResourceQuota quota("starling");
  quota.Resize(options.memory_quota_bytes);
  builder.SetResourceQuota(quota);
  // Only reflection is served synchronously.
  builder.SetSyncServerOption(grpc::ServerBuilder::SyncServerOption::NUM_CQS, 1);
  builder.SetSyncServerOption(grpc::ServerBuilder::SyncServerOption::MIN_POLLERS, 1);
  builder.SetSyncServerOption(grpc::ServerBuilder::SyncServerOption::MAX_POLLERS, 2);
}

}  // namespace

struct Server::Impl {
  Impl(const ServerOptions& options, Backend& backend)
      : services(options, backend),
        links(services),
        votes(services),
        chat(services),
        cluster(services),
        peer(services, links, votes) {}

  void look_at_status();
  void renew_connections();

  Services services;
  PeerLinks links;
  VoteDesk votes;
  ChatService chat;
  ClusterService cluster;
  PeerService peer;
  std::unique_ptr<grpc::Server> server;
  std::string bound_address;
  std::unique_ptr<RenewHook> renew_hook;
  // Only on the watch hub's thread.
  core::NodeId last_primary = core::kNoNode;
  int last_serving = -1;
};

// Who is the primary, and whether writes can go on: told to the health service, and to the streams
// that are relayed to a primary that is none any more.
void Server::Impl::look_at_status() {
  const NodeStatus status = services.backend.status();
  const bool known = status.primary != core::kNoNode && status.has_quorum;
  const bool serving = known && !status.draining && !services.draining.load();
  if (static_cast<int>(serving) != last_serving && !services.ending.load()) {
    last_serving = static_cast<int>(serving);
    server->GetHealthCheckService()->SetServingStatus(kWritesService, serving);
  }
  if (status.primary != core::kNoNode && status.primary != last_primary) {
    last_primary = status.primary;
    services.streams.primary_changed(status.primary);
    services.forwarder.primary_changed(status.primary_address);
  }
}

// All that is under way to other servers breaks off, as when a router in between starts anew.
void Server::Impl::renew_connections() {
  links.renew();
  services.forwarder.renew();
  services.streams.primary_changed(core::kNoNode);
}

Server::Server() = default;

std::unique_ptr<Server> Server::start(const ServerOptions& options, Backend& backend,
                                      std::string& error) {
  if (!init_secrets()) {
    error = "libsodium cannot start";
    return nullptr;
  }
  const std::size_t colon = options.listen.rfind(':');
  if (colon == std::string::npos || colon == 0 || colon + 1 == options.listen.size()) {
    error = "the address to listen on must be HOST:PORT, not \"" + options.listen + "\"";
    return nullptr;
  }
  prepare_process();
  std::unique_ptr<Server> made(new Server);
  made->impl_ = std::make_unique<Impl>(options, backend);
  Impl& impl = *made->impl_;
  grpc::ServerBuilder builder;
  configure(builder, options);
  int port = 0;
  builder.AddListeningPort(options.listen, grpc::InsecureServerCredentials(), &port);
  builder.RegisterService(&impl.chat);
  builder.RegisterService(&impl.cluster);
  builder.RegisterService(&impl.peer);
  impl.server = builder.BuildAndStart();
  if (!impl.server || port == 0) {
    error = "cannot listen on " + options.listen +
            ": the port is in use, or the address is not one of this machine's";
    return nullptr;
  }
  impl.bound_address = options.listen.substr(0, colon + 1) + std::to_string(port);
  impl.server->GetHealthCheckService()->SetServingStatus(kWritesService, false);
  impl.renew_hook = std::make_unique<RenewHook>([&impl] { impl.renew_connections(); },
                                                [&impl] { return impl.links.unreached().empty(); });
  impl.services.presence.start(impl.links);
  impl.services.watchers.on_news([&impl] { impl.look_at_status(); });
  return made;
}

Server::~Server() {
  if (impl_) shutdown(std::chrono::steady_clock::now());
}

std::string Server::bound_address() const { return impl_->bound_address; }

void Server::shutdown(std::chrono::steady_clock::time_point deadline) {
  Impl& impl = *impl_;
  if (impl.services.ending.exchange(true)) return;
  impl.services.draining.store(true);
  impl.renew_hook.reset();
  if (impl.server) {
    impl.services.streams.end_all(draining());
    impl.links.close();
    impl.votes.fail_all(draining());
    // What other servers still answer for us goes first: grpc::Server::Shutdown waits for the calls
    // that wait for them, and must be the last to let go of gRPC's callback queue (see Pending).
    if (!impl.services.pending.wait(deadline)) {
      impl.services.forwarder.stop();
      if (!impl.services.pending.wait(std::chrono::steady_clock::now() + kLastWait)) {
        spdlog::error("calls to other servers did not end");
      }
    }
    impl.services.forwarder.stop();
    const auto left = deadline - std::chrono::steady_clock::now();
    impl.server->Shutdown(std::chrono::system_clock::now() +
                          std::chrono::duration_cast<std::chrono::system_clock::duration>(left));
    impl.server->Wait();
    if (const std::size_t open = impl.services.streams.size(); open != 0) {
      spdlog::error("{} streams did not end", open);
    }
  }
  impl.services.presence.stop();
  impl.services.watchers.stop();
  impl.services.hub.stop();
  impl.services.scheduler.stop();
  impl.services.hashers.stop();
  impl.services.disk.stop();
  impl.services.searchers.stop();
}

void Server::send(const core::Message& message) {
  if (std::holds_alternative<core::VoteResponse>(message.body) && impl_->votes.answer(message)) {
    return;
  }
  impl_->links.send(message);
}

void Server::set_peers(const std::vector<core::Member>& peers) { impl_->links.set_peers(peers); }

std::vector<core::NodeId> Server::unreached() { return impl_->links.unreached(); }

void Server::publish_events(const std::vector<chat::Event>& events, std::uint64_t applied_index) {
  impl_->services.hub.publish(events, applied_index);
  impl_->services.presence.applied(events);
}

void Server::publish_list(const ServerList& list, bool to_peers) {
  impl_->services.watchers.publish_list(list);
  if (to_peers) impl_->links.send_list(list);
}

void Server::beat(const Beat& beat) { impl_->services.watchers.publish_beat(beat); }

void Server::set_draining() {
  impl_->services.draining.store(true);
  impl_->services.watchers.repeat_beat();
}

}  // namespace starling::transport
