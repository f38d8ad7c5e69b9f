// See snapshot_client.h.
#include "server/transport/snapshot_client.h"

#include <grpcpp/client_context.h>

#include "server/transport/forwarder.h"
#include "server/transport/link_faults.h"
#include "server/transport/snapshot_answers.h"
#include "starling/v1/peer.grpc.pb.h"

namespace starling::transport {

namespace {

constexpr std::size_t kMaxMessageBytes = 4u << 20;

}  // namespace

struct SnapshotClient::Impl {
  grpc::ClientContext context;
};

SnapshotClient::SnapshotClient() : impl_(std::make_unique<Impl>()) {}
SnapshotClient::~SnapshotClient() = default;

void SnapshotClient::cancel() { impl_->context.TryCancel(); }

bool SnapshotClient::run(const SnapshotRequest& request, const SnapshotCallbacks& callbacks,
                         std::string& error) {
  pb::FetchSnapshotRequest ask;
  ask.set_cluster_id(request.cluster);
  ask.set_epoch(request.epoch);
  ask.set_from_id(request.from);
  ask.set_to_id(request.to);
  ask.set_at_least(request.at_least);
  ask.set_snapshot_id(request.id);
  ask.set_offset(request.offset);
  impl_->context.set_deadline(std::chrono::system_clock::now() +
                              std::chrono::duration_cast<std::chrono::microseconds>(
                                  request.deadline - std::chrono::steady_clock::now()));
  const RenewHook renew([this] { cancel(); });
  const auto stub =
      pb::Peer::NewStub(make_server_channel(request.target, kMaxMessageBytes, ChannelUse::kBulk));
  const auto reader = stub->FetchSnapshot(&impl_->context, ask);
  pb::FetchSnapshotResponse response;
  SnapshotAnswers answers(callbacks);
  bool good = true;
  while (good && reader->Read(&response)) {
    good = answers.take(response);
    response.Clear();
  }
  if (!good) impl_->context.TryCancel();
  const grpc::Status status = reader->Finish();
  if (status.ok() && answers.whole()) return true;
  error = !good ? request.target + " sent what is no snapshot"
                : request.target + ": " + status.error_message();
  return false;
}

}  // namespace starling::transport
