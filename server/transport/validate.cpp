// Implements server/transport/validate.h. Texts are valid UTF-8 already: parse() saw to it.
#include "server/transport/validate_check.h"

namespace starling::transport {

int page_limit(int asked) { return asked == 0 ? kDefaultPage : asked; }

bool valid_address(const std::string& address) {
  const std::size_t colon = address.rfind(':');
  if (colon == std::string::npos || colon == 0 || address.size() > kMaxAddressBytes) return false;
  const std::string port = address.substr(colon + 1);
  if (port.empty() || port.size() > 5) return false;
  int number = 0;
  for (const char c : port) {
    if (c < '0' || c > '9') return false;
    number = number * 10 + (c - '0');
  }
  for (std::size_t i = 0; i < colon; ++i) {
    const auto c = static_cast<unsigned char>(address[i]);
    if (c <= ' ' || c == '/' || c == 0x7F) return false;
  }
  return number >= 1 && number <= 65535;
}

Invalid validate(const pb::CreateAccountRequest& request) {
  return Check()
      .write(request.has_write(), request.write())
      .name(request.name(), "name")
      .size(request.password(), kMinPasswordBytes, kMaxPasswordBytes, "password")
      .size(request.display_name(), 0, chat::kMaxDisplayNameBytes, "display_name")
      .no_nul(request.display_name(), "display_name");
}

Invalid validate(const pb::LogInRequest& request) {
  return Check()
      .name(request.name(), "name")
      .size(request.password(), 1, kMaxPasswordBytes, "password")
      .size(request.device(), 0, kMaxLabelBytes, "device")
      .no_nul(request.device(), "device");
}

Invalid validate(const pb::LogOutRequest&) { return Check(); }

Invalid validate(const pb::ListAccountsRequest& request) {
  return Check()
      .read(request.read())
      .size(request.pattern(), 0, kMaxPatternBytes, "pattern")
      .no_nul(request.pattern(), "pattern")
      .size(request.after_name(), 0, chat::kMaxNameBytes, "after_name")
      .no_nul(request.after_name(), "after_name")
      .limit(request.limit());
}

Invalid validate(const pb::DeleteAccountRequest& request) {
  return Check()
      .write(request.has_write(), request.write())
      .size(request.password(), 1, kMaxPasswordBytes, "password");
}

Invalid validate(const pb::OpenDirectRequest& request) {
  return Check().write(request.has_write(), request.write()).name(request.name(), "name");
}

Invalid validate(const pb::ListConversationsRequest& request) {
  return Check()
      .read(request.read())
      .not_negative(request.after_id(), "after_id")
      .limit(request.limit());
}

Invalid validate(const pb::SendRequest& request) {
  return Check()
      .write(request.has_write(), request.write())
      .positive(request.conversation_id(), "conversation_id")
      .size(request.body(), 1, chat::kMaxBodyBytes, "body")
      .that(request.after_request_id().empty() ||
                request.after_request_id().size() == kRequestIdBytes,
            "after_request_id", "must have 16 bytes, or be empty")
      .that(request.after_request_id().empty() ||
                request.after_request_id() != request.write().request_id(),
            "after_request_id", "must name another request")
      .not_negative(request.reply_to(), "reply_to");
}

Invalid validate(const pb::ReadUnreadRequest& request) {
  return Check()
      .read(request.read())
      .positive(request.conversation_id(), "conversation_id")
      .limit(request.limit());
}

Invalid validate(const pb::MarkReadRequest& request) {
  return Check()
      .positive(request.conversation_id(), "conversation_id")
      .not_negative(request.seq(), "seq");
}

Invalid validate(const pb::SubscribeRequest& request) {
  const pb::Cursor& after = request.after();
  return Check().that(after.epoch() != 0 || (after.index() == 0 && after.ordinal() == 0),
                      "after.epoch", "is missing");
}

Invalid validate(const pb::PresenceRequest& request) {
  Check check;
  check.that(request.watch().account_ids_size() <= kMaxWatched, "watch.account_ids",
             "must name " + std::to_string(kMaxWatched) + " at most");
  for (const std::int64_t id : request.watch().account_ids()) {
    check.positive(id, "watch.account_ids");
  }
  if (request.what_case() == pb::PresenceRequest::kTyping) {
    check.positive(request.typing(), "typing");
  }
  return check;
}

Invalid validate(const pb::VoidRequest& request) {
  return Check().request_id(request.request_id(), "request_id");
}

Invalid validate(const pb::HealthCheckRequest&) { return Check(); }

Invalid validate(const pb::WatchServersRequest& request) {
  return Check().size(request.client(), 0, kMaxClientLabelBytes, "client");
}

Invalid validate(const pb::JoinNetworkRequest& request) {
  return Check()
      .that(request.server_id() != 0, "server_id", "must not be 0")
      .that(valid_address(request.address()), "address", "must be HOST:PORT");
}

Invalid validate(const pb::LeaveNetworkRequest& request) {
  return Check().that(request.server_id() != 0, "server_id", "must not be 0");
}

Invalid validate(const pb::TransferPrimaryRequest&) { return Check(); }

}  // namespace starling::transport
