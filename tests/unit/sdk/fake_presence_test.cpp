// The Presence call of the pretended servers.
#include <thread>

#include "tests/unit/sdk/fake_cluster.h"

namespace starling::fake {

void Cluster::set_presence(std::int64_t account, v1::PresenceState state,
                           std::int64_t last_seen_ms) {
  const std::lock_guard lock(mutex_);
  v1::PresenceInfo& info = presence_[account];
  info.set_account_id(account);
  info.set_state(state);
  info.set_last_seen_ms(last_seen_ms);
}

v1::PresenceInfo Cluster::presence(std::int64_t account) const {
  const std::lock_guard lock(mutex_);
  v1::PresenceInfo info;
  const auto found = presence_.find(account);
  if (found != presence_.end()) info = found->second;
  info.set_account_id(account);
  return info;
}

grpc::Status Server::Presence(
    grpc::ServerContext* context,
    grpc::ServerReaderWriter<v1::PresenceResponse, v1::PresenceRequest>* stream) {
  const grpc::Status allowed = gate(context, "Presence", false);
  if (!allowed.ok()) return allowed;
  ++presences;
  std::mutex mutex;
  std::map<std::int64_t, std::string> told;  // Of whom it watches.
  std::atomic<bool> over{false};
  std::thread reader([&] {
    v1::PresenceRequest request;
    while (stream->Read(&request)) {
      cluster_.answers.remember(request);
      if (!request.has_watch()) continue;
      const std::lock_guard lock(mutex);
      told.clear();
      for (const std::int64_t id : request.watch().account_ids()) told[id] = "?";
    }
    over = true;
  });
  bool open = stream->Write(v1::PresenceResponse());
  while (open && !over && pause(context, 2)) {
    if (hung) continue;
    v1::PresenceResponse response;
    {
      const std::lock_guard lock(mutex);
      for (auto& [id, last] : told) {
        const v1::PresenceInfo info = cluster_.presence(id);
        if (std::exchange(last, info.SerializeAsString()) != last) *response.add_presence() = info;
      }
    }
    if (const std::int64_t conversation = types.exchange(0); conversation != 0) {
      response.add_typing()->set_conversation_id(conversation);
      response.mutable_typing(0)->set_account_id(9);
    }
    if (response.ByteSizeLong() != 0) open = stream->Write(response);
  }
  if (over && !context->IsCancelled()) ++goodbyes;
  if (!over) context->TryCancel();
  reader.join();
  --presences;
  return grpc::Status::OK;
}

}  // namespace starling::fake
