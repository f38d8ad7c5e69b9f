// The operators' calls: one short-lived channel, one question, one answer.
#include "starling/admin.h"

#include <grpcpp/grpcpp.h>

#include <algorithm>
#include <thread>

#include "sdk/src/channels.h"
#include "sdk/src/convert.h"
#include "sdk/src/errors.h"
#include "sdk/src/fields.h"
#include "starling/v1/cluster.grpc.pb.h"

namespace starling::admin {
namespace {

using Clock = std::chrono::steady_clock;
using std::chrono::milliseconds;

constexpr milliseconds kPause{25};
// Of one attempt: the server that was asked may hang, while the others have a new primary.
constexpr milliseconds kAttempt{3'000};

void set_deadline(grpc::ClientContext& context, Clock::time_point deadline) {
  const auto left = std::max(deadline - Clock::now(), Clock::duration::zero());
  context.set_deadline(std::chrono::system_clock::now() + left);
}

Error error_at(const std::string& address, const grpc::Status& status, bool reached) {
  Error error = sdk::to_error(sdk::classify(status, reached));
  if (status.error_code() == grpc::StatusCode::UNIMPLEMENTED) {
    error.code = ErrorCode::kFailed;
    error.message = "What answers at " + address + " is not a Starling server.";
  } else if (status.error_code() == grpc::StatusCode::UNAVAILABLE && !reached) {
    error.code = ErrorCode::kUnavailable;
    error.message = "No Starling server answers at " + address + ".";
  } else if (status.error_code() == grpc::StatusCode::DEADLINE_EXCEEDED &&
             status.error_details().empty()) {
    error.code = ErrorCode::kUnavailable;
    error.message = "The server at " + address + " did not answer in time.";
  }
  return error;
}

ServerStatus from_wire(const v1::HealthCheckResponse& response) {
  ServerStatus out;
  out.cluster_id = response.cluster_id();
  out.epoch = response.epoch();
  out.server_id = response.server_id();
  out.address = response.address();
  out.role = sdk::from_wire(response.role());
  out.term = response.term();
  out.primary_id = response.primary_id();
  out.primary_address = response.primary_address();
  out.last_index = response.last_index();
  out.last_term = response.last_term();
  out.commit_index = response.commit_index();
  out.applied_index = response.applied_index();
  out.state_hash = response.state_hash();
  out.clients = response.clients();
  out.data_bytes = response.data_bytes();
  out.uptime_ms = response.uptime_ms();
  out.quorum_contact_age_ms = response.quorum_contact_age_ms();
  out.has_quorum = response.has_quorum();
  out.draining = response.draining();
  out.servers = sdk::from_wire(response.servers());
  return out;
}

// Asks `address` and then whatever primary the refusals name, until the deadline.
template <typename Response, typename Ask>
Result<Response> ask_primary(const std::string& address, milliseconds timeout, Ask ask) {
  if (!sdk::is_address(address)) return sdk::not_an_address("address", address);
  const Clock::time_point deadline = Clock::now() + timeout;
  std::string target = address;
  bool may_have_happened = false;
  while (true) {
    const std::unique_ptr<v1::Cluster::Stub> stub = v1::Cluster::NewStub(sdk::make_channel(target));
    grpc::ClientContext context;
    set_deadline(context, std::min(deadline, Clock::now() + kAttempt));
    Response response;
    const grpc::Status status = ask(*stub, context, response);
    if (status.ok()) return response;
    const bool reached = sdk::reached_server(context, status);
    const sdk::Failure failure = sdk::classify(status, reached);
    may_have_happened = may_have_happened || failure.may_have_happened;
    if (!failure.retryable || sdk::unknown_call(failure) || Clock::now() + kPause >= deadline) {
      Error error = error_at(target, status, reached);
      error.may_have_happened = may_have_happened;
      return error;
    }
    const std::string& hint = failure.detail.primary_address();
    target = sdk::is_address(hint) && hint != target ? hint : address;
    std::this_thread::sleep_for(kPause);
  }
}

}  // namespace

Result<ServerStatus> status(const std::string& address, milliseconds timeout) {
  if (!sdk::is_address(address)) return sdk::not_an_address("address", address);
  const std::unique_ptr<v1::Cluster::Stub> stub = v1::Cluster::NewStub(sdk::make_channel(address));
  grpc::ClientContext context;
  set_deadline(context, Clock::now() + timeout);
  v1::HealthCheckResponse response;
  const grpc::Status status = stub->HealthCheck(&context, v1::HealthCheckRequest(), &response);
  if (!status.ok()) return error_at(address, status, sdk::reached_server(context, status));
  return from_wire(response);
}

Result<ServerList> leave(const std::string& address, std::uint64_t server_id,
                         milliseconds timeout) {
  v1::LeaveNetworkRequest request;
  request.set_server_id(server_id);
  auto answer = ask_primary<v1::LeaveNetworkResponse>(
      address, timeout, [&request](auto& stub, auto& context, auto& response) {
        return stub.LeaveNetwork(&context, request, &response);
      });
  if (answer.ok()) return sdk::from_wire(answer->servers());
  // Gone, and it may well have been an earlier attempt whose answer was lost.
  const Error& error = answer.error();
  if (error.code != ErrorCode::kNotFound || !error.may_have_happened) return error;
  auto now = status(address, timeout);
  if (!now.ok()) return error;
  return now->servers;
}

Result<std::uint64_t> transfer(const std::string& address, std::uint64_t server_id,
                               milliseconds timeout) {
  v1::TransferPrimaryRequest request;
  request.set_server_id(server_id);
  auto answer = ask_primary<v1::TransferPrimaryResponse>(
      address, timeout, [&request](auto& stub, auto& context, auto& response) {
        return stub.TransferPrimary(&context, request, &response);
      });
  if (!answer) return answer.error();
  return answer->primary_id();
}

}  // namespace starling::admin
