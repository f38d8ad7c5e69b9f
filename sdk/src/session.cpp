// The public Session itself. What it does is in session_accounts.cpp, session_groups.cpp,
// session_messages.cpp and session_send.cpp.
#include "sdk/src/session_impl.h"

namespace starling {

Session::Session() = default;
Session::~Session() = default;
Session::Session(const Session&) = default;
Session& Session::operator=(const Session&) = default;
Session::Session(Session&&) noexcept = default;
Session& Session::operator=(Session&&) noexcept = default;

const Account& Session::account() const {
  static const Account none;
  return impl_ ? impl_->account : none;
}

const std::string& Session::token() const {
  static const std::string none;
  return impl_ ? impl_->token : none;
}

std::int64_t Session::expires_at_ms() const { return impl_ ? impl_->expires_at_ms : 0; }

Error Session::Impl::missing() {
  return sdk::make_error(ErrorCode::kUnauthenticated,
                         "This session is empty: log in through a client first.");
}

}  // namespace starling
