// The links to the other servers: one outgoing stream for each, kept up; votes and lists beside it.
#pragma once

#include <map>
#include <memory>
#include <string>
#include <vector>

#include "server/transport/services.h"

namespace starling::transport {

class PeerLink;

// Thread contract: every call is thread-safe and returns at once.
class PeerLinks final : public PresenceSender {
 public:
  explicit PeerLinks(Services& services) : services_(services) {}

  void set_peers(const std::vector<core::Member>& peers);
  void send(const core::Message& message);
  void send_list(const ServerList& list);
  void send_presence(const PresenceNewsPtr& news) override;
  void send_presence(core::NodeId to, const PresenceNewsPtr& news) override;
  // Something was heard from that peer, or its own stream ended: look now, do not wait out a pause.
  void poke(core::NodeId peer);
  // Makes every connection anew.
  void renew();
  // Peers to which there is no link now.
  std::vector<core::NodeId> unreached();
  void close();

 private:
  std::shared_ptr<PeerLink> find(core::NodeId peer);
  std::vector<std::shared_ptr<PeerLink>> all();

  Services& services_;
  Mutex mutex_;
  std::map<core::NodeId, std::shared_ptr<PeerLink>> links_ STARLING_GUARDED_BY(mutex_);
  bool closed_ STARLING_GUARDED_BY(mutex_) = false;
};

}  // namespace starling::transport
