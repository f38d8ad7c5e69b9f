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
Invalid validate(const pb::GetAccountRequest& request);
Invalid validate(const pb::SetProfileRequest& request);
Invalid validate(const pb::ChangePasswordRequest& request);
Invalid validate(const pb::ListSessionsRequest& request);
Invalid validate(const pb::EndSessionRequest& request);
Invalid validate(const pb::SetBlockRequest& request);
Invalid validate(const pb::ListBlocksRequest& request);
Invalid validate(const pb::OpenDirectRequest& request);
Invalid validate(const pb::GetConversationRequest& request);
Invalid validate(const pb::CreateGroupRequest& request);
Invalid validate(const pb::AddMembersRequest& request);
Invalid validate(const pb::RemoveMemberRequest& request);
Invalid validate(const pb::SetRoleRequest& request);
Invalid validate(const pb::RenameGroupRequest& request);
Invalid validate(const pb::DissolveGroupRequest& request);
Invalid validate(const pb::ListMembersRequest& request);
Invalid validate(const pb::HideMessagesRequest& request);
Invalid validate(const pb::EditMessageRequest& request);
Invalid validate(const pb::ListEditsRequest& request);
Invalid validate(const pb::ReactRequest& request);
Invalid validate(const pb::MarkDeliveredRequest& request);
Invalid validate(const pb::SetDraftRequest& request);
Invalid validate(const pb::SearchRequest& request);
Invalid validate(const pb::ListConversationsRequest& request);
Invalid validate(const pb::SendRequest& request);
Invalid validate(const pb::ListMessagesRequest& request);
Invalid validate(const pb::ReadUnreadRequest& request);
Invalid validate(const pb::MarkReadRequest& request);
Invalid validate(const pb::DeleteMessagesRequest& request);
Invalid validate(const pb::SubscribeRequest& request);
Invalid validate(const pb::PresenceRequest& request);
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
