// Implements server/transport/forwarder.h.
#include "server/transport/forwarder.h"

#include <grpcpp/create_channel.h>
#include <grpcpp/generic/generic_stub.h>
#include <grpcpp/security/credentials.h>

#include <utility>
#include <vector>

#include "server/transport/link_faults.h"

namespace starling::transport {

namespace {

constexpr std::size_t kMaxForwardBytes = 8u << 20;
constexpr std::chrono::seconds kLongest{60};
constexpr int kBulkBytes = 1 << 20;

}  // namespace

std::shared_ptr<grpc::Channel> make_server_channel(const std::string& address,
                                                   std::size_t max_message_bytes, ChannelUse use) {
  grpc::ChannelArguments args;
  args.SetInt(GRPC_ARG_INITIAL_RECONNECT_BACKOFF_MS, 20);
  args.SetInt(GRPC_ARG_MIN_RECONNECT_BACKOFF_MS, 200);
  args.SetInt(GRPC_ARG_MAX_RECONNECT_BACKOFF_MS, 200);
  args.SetInt(GRPC_ARG_USE_LOCAL_SUBCHANNEL_POOL, 1);
  args.SetInt(GRPC_ARG_ENABLE_HTTP_PROXY, 0);
  // A half-open connection is found in about two seconds (also sets TCP_USER_TIMEOUT).
  args.SetInt(GRPC_ARG_KEEPALIVE_TIME_MS, 1000);
  args.SetInt(GRPC_ARG_KEEPALIVE_TIMEOUT_MS, 1000);
  args.SetInt(GRPC_ARG_KEEPALIVE_PERMIT_WITHOUT_CALLS, 1);
  args.SetInt(GRPC_ARG_HTTP2_MAX_PINGS_WITHOUT_DATA, 0);
  args.SetMaxReceiveMessageSize(static_cast<int>(max_message_bytes));
  args.SetMaxSendMessageSize(static_cast<int>(max_message_bytes));
  if (use == ChannelUse::kBulk) {
    args.SetInt(GRPC_ARG_HTTP2_BDP_PROBE, 0);
    args.SetInt(GRPC_ARG_HTTP2_STREAM_LOOKAHEAD_BYTES, kBulkBytes);
  }
  LinkFaults* const faults = LinkFaults::installed();
  const std::string way = faults == nullptr ? address : faults->route(address);
  if (way != address) args.SetString(GRPC_ARG_DEFAULT_AUTHORITY, address);
  return grpc::CreateCustomChannel(way, grpc::InsecureChannelCredentials(), args);
}

std::shared_ptr<grpc::Channel> Forwarder::channel(const std::string& address) {
  MutexLock lock(mutex_);
  if (!channel_ || address_ != address) {
    channel_ = make_server_channel(address, kMaxForwardBytes);
    address_ = address;
  }
  return channel_;
}

void Forwarder::forward(const std::shared_ptr<UnaryCall>& call, const std::string& address,
                        bool write) {
  auto flight = std::make_shared<InFlight>();
  flight->call = call;
  flight->address = address;
  flight->write = write;
  flight->context.AddMetadata(kForwardedKey, "1");
  if (call->credential.present) {
    flight->context.AddMetadata("authorization", call->credential.bearer);
  }
  flight->context.set_deadline(
      std::chrono::system_clock::now() +
      (deadline_of(call->context(), kLongest) - std::chrono::steady_clock::now()));
  InFlight* const key = flight.get();
  bool stopped = false;
  {
    MutexLock lock(mutex_);
    stopped = stopped_;
    if (!stopped) {
      flight->token = pending_.token();
      in_flight_[key] = flight;
    }
  }
  if (stopped) {
    call->fail(draining());
    return;
  }
  grpc::GenericStub stub(channel(address));
  stub.UnaryCall(&flight->context, call->path(), grpc::StubOptions(), call->request_bytes(),
                 &flight->response, [this, key](const grpc::Status& status) { done(key, status); });
}

void Forwarder::done(InFlight* key, const grpc::Status& status) {
  std::shared_ptr<InFlight> flight;
  {
    MutexLock lock(mutex_);
    const auto found = in_flight_.find(key);
    if (found == in_flight_.end()) return;
    flight = std::move(found->second);
    in_flight_.erase(found);
  }
  if (status.ok()) {
    flight->call->answer_bytes(flight->response);
    return;
  }
  const bool lost = status.error_code() == grpc::StatusCode::UNAVAILABLE ||
                    status.error_code() == grpc::StatusCode::CANCELLED;
  if (!status.error_details().empty() || !lost) {
    flight->call->finish(status);
    return;
  }
  flight->call->fail(flight->write ? primary_lost("") : no_primary());
}

void Forwarder::cancel_others(const std::string* address) {
  std::vector<std::shared_ptr<InFlight>> lost;
  {
    MutexLock lock(mutex_);
    for (const auto& [key, flight] : in_flight_) {
      if (address == nullptr || flight->address != *address) lost.push_back(flight);
    }
  }
  for (const auto& flight : lost) flight->context.TryCancel();
}

void Forwarder::primary_changed(const std::string& address) { cancel_others(&address); }

void Forwarder::renew() {
  {
    MutexLock lock(mutex_);
    channel_.reset();
  }
  cancel_others(nullptr);
}

void Forwarder::stop() {
  {
    MutexLock lock(mutex_);
    stopped_ = true;
  }
  cancel_others(nullptr);
}

}  // namespace starling::transport
