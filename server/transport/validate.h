// What every field of every client call may hold. Ok, or the failure that names the field.
#pragma once

#include <optional>
#include <string>

#include "server/transport/errors.h"
#include "server/transport/wire.h"

namespace starling::transport {

using Invalid = std::optional<Failure>;

Invalid validate(const pb::CreateAccountRequest& request);
Invalid validate(const pb::LogInRequest& request);
Invalid validate(const pb::LogOutRequest& request);
Invalid validate(const pb::ListAccountsRequest& request);
Invalid validate(const pb::DeleteAccountRequest& request);
Invalid validate(const pb::OpenDirectRequest& request);
Invalid validate(const pb::ListConversationsRequest& request);
Invalid validate(const pb::SendRequest& request);
Invalid validate(const pb::ListMessagesRequest& request);
Invalid validate(const pb::ReadUnreadRequest& request);
Invalid validate(const pb::MarkReadRequest& request);
Invalid validate(const pb::DeleteMessagesRequest& request);
Invalid validate(const pb::SubscribeRequest& request);
Invalid validate(const pb::VoidRequest& request);
Invalid validate(const pb::HealthCheckRequest& request);
Invalid validate(const pb::WatchServersRequest& request);
Invalid validate(const pb::JoinNetworkRequest& request);
Invalid validate(const pb::LeaveNetworkRequest& request);
Invalid validate(const pb::TransferPrimaryRequest& request);

// "host:port" with a host and a port from 1 to 65535.
bool valid_address(const std::string& address);

// The page that was asked for: 50 when none was.
int page_limit(int asked);

}  // namespace starling::transport
