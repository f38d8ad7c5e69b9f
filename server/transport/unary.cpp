// Implements server/transport/unary.h.
#include "server/transport/unary.h"

namespace starling::transport {

bool at_primary(Services& services, const std::shared_ptr<UnaryCall>& call) {
  const NodeStatus status = services.backend.status();
  if (status.role == ServerRole::kPrimary) return true;
  if (call->forwarded) {
    call->fail(not_primary(status.primary_address));
  } else if (status.primary == core::kNoNode || status.primary_address.empty() ||
             status.primary == services.options.id) {
    call->fail(no_primary());
  } else {
    services.forwarder.forward(call, status.primary_address, true);
  }
  return false;
}

}  // namespace starling::transport
