// The public Client: connecting, accounts, sessions, what is known of the servers.
#include "starling/client.h"

#include <algorithm>

#include "sdk/src/call_impl.h"
#include "sdk/src/convert.h"
#include "sdk/src/core.h"
#include "sdk/src/fields.h"
#include "sdk/src/session_impl.h"

namespace starling {

struct STARLING_LOCAL Client::Impl {
  explicit Impl(std::shared_ptr<sdk::Core> client_core) : core(std::move(client_core)) {}
  ~Impl() { core->close(); }
  Error unanswered(std::chrono::milliseconds timeout) const;
  const std::shared_ptr<sdk::Core> core;
};

// No server of those that were given has told anything.
Error Client::Impl::unanswered(std::chrono::milliseconds timeout) const {
  Error error = sdk::make_error(ErrorCode::kUnavailable,
                                "No Starling server answered" + sdk::within(timeout) + " at " +
                                    sdk::name_addresses(core->seeds()) + ".");
  if (const auto unknown = core->view().unknown_hosts(); !unknown.empty()) {
    error.message += " The host name is not known: " + sdk::name_addresses(unknown) + ".";
  }
  error.retryable = true;
  return error;
}

Result<Client> Client::connect(std::vector<std::string> addresses, ClientOptions options) {
  if (addresses.empty()) {
    Error error = sdk::make_error(ErrorCode::kInvalidArgument, "No server address was given.");
    error.field = "addresses";
    return error;
  }
  std::vector<std::string> seeds;
  for (std::string& address : addresses) {
    if (!sdk::is_address(address)) {
      return sdk::not_an_address("addresses", address);
    }
    if (std::find(seeds.begin(), seeds.end(), address) == seeds.end()) {
      seeds.push_back(std::move(address));
    }
  }
  if (auto bad = sdk::check_text("client_name", options.client_name, sdk::kMaxClientNameBytes)) {
    return *bad;
  }
  const auto timeout = options.timeout;
  const bool wait_for_server = options.wait_for_server;
  Client client(
      std::make_shared<Impl>(std::make_shared<sdk::Core>(std::move(seeds), std::move(options))));
  client.impl_->core->start();
  if (!wait_for_server) return client;
  if (Status met = client.wait_for_server(timeout); !met) return met.error();
  return client;
}

Status Client::wait_for_server(std::chrono::milliseconds timeout) {
  const sdk::Core& core = *impl_->core;
  sdk::View& view = impl_->core->view();
  if (view.wait_for_list(sdk::SteadyClock::now() + timeout)) return Unit{};
  if (view.closed()) return sdk::closed_error(false);
  const std::string at = sdk::name_addresses(core.seeds());
  if (const std::string refusal = view.refusal(); !refusal.empty()) {
    return sdk::make_error(ErrorCode::kFailed, "Could not connect to " + at + ": " + refusal);
  }
  return impl_->unanswered(timeout);
}

Client::Client(std::shared_ptr<Impl> impl) : impl_(std::move(impl)) {}
Client::~Client() = default;
Client::Client(Client&&) noexcept = default;
Client& Client::operator=(Client&&) noexcept = default;

namespace {

sdk::Ask<Account> create_account_ask(const std::string& name, const std::string& password,
                                     const std::string& display_name, const CallOptions& options) {
  if (auto bad = sdk::check_text("name", name, sdk::kMaxNameBytes)) return *bad;
  if (auto bad = sdk::check_text("password", password, sdk::kMaxPasswordBytes)) return *bad;
  if (auto bad = sdk::check_text("display_name", display_name, sdk::kMaxLabelBytes)) return *bad;
  v1::CreateAccountRequest request;
  request.set_name(name);
  request.set_password(password);
  request.set_display_name(display_name);
  return sdk::ask<Account>(
      &sdk::ChatAsync::CreateAccount, std::move(request), {options.timeout, "", "", nullptr},
      [](v1::CreateAccountResponse& answer) { return sdk::from_wire(answer.account()); });
}

// What the answer to a log-in says; the session is made of it.
sdk::Ask<v1::LogInResponse> log_in_ask(const std::string& name, const std::string& password,
                                       const std::string& device, const CallOptions& options) {
  if (auto bad = sdk::check_text("name", name, sdk::kMaxNameBytes)) return *bad;
  if (auto bad = sdk::check_text("password", password, sdk::kMaxPasswordBytes)) return *bad;
  if (auto bad = sdk::check_text("device", device, sdk::kMaxLabelBytes)) return *bad;
  v1::LogInRequest request;
  request.set_name(name);
  request.set_password(password);
  request.set_device(device);
  return sdk::ask<v1::LogInResponse>(&sdk::ChatAsync::LogIn, std::move(request),
                                     {options.timeout, "", "", nullptr},
                                     [](v1::LogInResponse& answer) { return std::move(answer); });
}

}  // namespace

Result<Account> Client::create_account(const std::string& name, const std::string& password,
                                       const std::string& display_name,
                                       const CallOptions& options) {
  return impl_->core->wait(create_account_ask(name, password, display_name, options));
}

Call Client::create_account_async(const std::string& name, const std::string& password,
                                  const std::string& display_name, Done<Account> done,
                                  const CallOptions& options) {
  return Call::Impl::make(impl_->core->start(
      create_account_ask(name, password, display_name, options), std::move(done)));
}

Result<Session> Client::log_in(const std::string& name, const std::string& password,
                               const std::string& device, const CallOptions& options) {
  const Result<v1::LogInResponse> answer =
      impl_->core->wait(log_in_ask(name, password, device, options));
  if (!answer) return answer.error();
  return Session::Impl::make(impl_->core, answer.value());
}

Call Client::log_in_async(const std::string& name, const std::string& password,
                          const std::string& device, Done<Session> done,
                          const CallOptions& options) {
  auto opened = [core = impl_->core,
                 done = std::move(done)](const Result<v1::LogInResponse>& answer) {
    if (answer) {
      done(Session::Impl::make(core, answer.value()));
    } else {
      done(answer.error());
    }
  };
  return Call::Impl::make(impl_->core->start<v1::LogInResponse>(
      log_in_ask(name, password, device, options), std::move(opened)));
}

Session Client::resume(const std::string& token, const Account& account) {
  return Session::Impl::make(impl_->core, token, account, 0);
}

ServerList Client::servers() const { return impl_->core->view().list(); }

std::string Client::primary() const { return impl_->core->view().primary(); }

Result<std::string> Client::wait_for_primary(std::chrono::milliseconds timeout) {
  sdk::View& view = impl_->core->view();
  if (view.wait_for_primary(sdk::SteadyClock::now() + timeout)) return view.primary();
  if (!view.wait_for_list(sdk::SteadyClock::now())) {
    return impl_->unanswered(timeout);
  }
  return sdk::make_error(ErrorCode::kUnavailable,
                         "No primary was found" + sdk::within(timeout) + ".");
}

void Client::close() { impl_->core->close(); }

}  // namespace starling
