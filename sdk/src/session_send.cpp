// The public Session: sending, and event subscriptions.
#include <algorithm>
#include <atomic>

#include "sdk/src/call_impl.h"
#include "sdk/src/convert.h"
#include "sdk/src/fields.h"
#include "sdk/src/session_impl.h"

namespace starling {
namespace {

using SendDone = Done<Message>;

constexpr std::size_t kRequestIdBytes = 16;

Error bad_request_id() {
  Error error = sdk::make_error(ErrorCode::kInvalidArgument, "A request_id has 16 bytes.");
  error.field = "request_id";
  return error;
}

Error queue_full(std::size_t limit) {
  Error error = sdk::make_error(
      ErrorCode::kResourceExhausted,
      "There are " + std::to_string(limit) + " unanswered sends already; wait for some of them.");
  error.retryable = true;
  return error;
}

// Offered to one server only, by an attempt of its own.
std::function<void()> send_pinned(const std::shared_ptr<sdk::Core>& core,
                                  const std::shared_ptr<v1::SendRequest>& request,
                                  const std::string& token, const std::string& server,
                                  sdk::TimePoint deadline, std::chrono::milliseconds timeout,
                                  SendDone done) {
  const sdk::ChatMethod<v1::SendRequest, v1::SendResponse> method = &sdk::ChatAsync::Send;
  auto operation = std::make_shared<sdk::UnaryOperation<v1::SendRequest, v1::SendResponse>>(
      method, *request, [done = std::move(done)](Result<v1::SendResponse> result) {
        if (!result) {
          done(result.error());
        } else {
          done(sdk::from_wire(result->message()));
        }
      });
  operation->timeout = timeout;
  operation->deadline = deadline;
  operation->token = token;
  operation->pinned = server;
  core->submit(operation);
  return [weak_core = std::weak_ptr<sdk::Core>(core), operation] {
    if (const auto alive = weak_core.lock()) alive->cancel(operation);
  };
}

}  // namespace

std::function<void()> begin_send(const std::shared_ptr<sdk::Core>& core,
                                 const std::shared_ptr<sdk::Writer>& writer,
                                 const std::string& token, std::int64_t conversation_id,
                                 std::string body, const SendOptions& options, SendDone done) {
  if (!options.request_id.empty() && options.request_id.size() != kRequestIdBytes) {
    done(bad_request_id());
    return nullptr;
  }
  if (auto bad = sdk::check_text("body", body, sdk::kMaxBodyBytes)) {
    done(*bad);
    return nullptr;
  }
  if (auto bad = sdk::check_not_negative("reply_to", options.reply_to)) {
    done(*bad);
    return nullptr;
  }
  if (!sdk::is_token(token)) {
    done(sdk::not_a_token());
    return nullptr;
  }
  auto request = std::make_shared<v1::SendRequest>();
  const std::string id = options.request_id.empty() ? sdk::new_request_id() : options.request_id;
  request->mutable_write()->set_request_id(id);
  request->set_conversation_id(conversation_id);
  request->set_body(std::move(body));
  request->set_reply_to(options.reply_to);
  const auto timeout = options.timeout.value_or(core->options().timeout);
  const sdk::TimePoint deadline = sdk::SteadyClock::now() + timeout;
  if (!options.server.empty()) {
    return send_pinned(core, request, token, options.server, deadline, timeout, std::move(done));
  }
  auto shared = std::make_shared<SendDone>(std::move(done));
  static std::atomic<std::uint64_t> callers{0};
  const std::uint64_t caller = ++callers;
  const bool repeatable = !options.request_id.empty();
  const bool posted =
      core->loop().post([writer, request, repeatable, deadline, timeout, caller, shared, token,
                         weak_core = std::weak_ptr<sdk::Core>(core)] {
        if (const auto alive = weak_core.lock()) alive->sends(token, request->conversation_id());
        writer->send(request, repeatable, {caller, deadline, timeout, std::move(*shared)});
      });
  if (!posted) (*shared)(sdk::closed_error(false));
  return [weak_core = std::weak_ptr<sdk::Core>(core), writer, id, caller] {
    if (const auto alive = weak_core.lock())
      alive->loop().post([writer, id, caller] { writer->cancel(id, caller); });
  };
}

Result<Message> Session::send(std::int64_t conversation_id, const std::string& body,
                              const SendOptions& options) {
  if (!impl_) return Impl::missing();
  const std::shared_ptr<sdk::Core> core = impl_->core;
  if (!core->take_send_place()) return queue_full(core->options().max_queued_writes);
  auto waiter = std::make_shared<sdk::Waiter<Message>>();
  begin_send(core, impl_->writer, impl_->token, conversation_id, body, options,
             [waiter](Result<Message> result) { waiter->set(std::move(result)); });
  const auto timeout = options.timeout.value_or(core->options().timeout);
  Result<Message> result = waiter->wait(sdk::SteadyClock::now() + timeout + sdk::Core::kGuard);
  core->give_send_place();
  return result;
}

Call Session::send_async(std::int64_t conversation_id, std::string body, Done<Message> done,
                         const SendOptions& options) {
  if (!impl_) return done(Impl::missing()), Call();
  const std::shared_ptr<sdk::Core> core = impl_->core;
  if (!core->take_send_place()) {
    core->deliver_refusal(std::move(done), queue_full(core->options().max_queued_writes));
    return Call();
  }
  // The place is free again once the callback ran: a slow callback holds back the sends, and
  // nothing piles up between.
  auto shared = std::make_shared<SendDone>(std::move(done));
  return Call::Impl::make(
      begin_send(core, impl_->writer, impl_->token, conversation_id, std::move(body), options,
                 [core, shared](Result<Message> result) {
                   auto deliver = [core, shared, result = std::move(result)]() mutable {
                     const auto callback = std::move(*shared);
                     callback(std::move(result));
                     core->give_send_place();
                   };
                   core->deliver(std::move(deliver));
                 }));
}

Result<Subscription> Session::subscribe(std::optional<Cursor> after) {
  return subscribe(after, nullptr);
}

Result<Subscription> Session::subscribe(std::optional<Cursor> after,
                                        std::function<void(const Event&)> on_event,
                                        const std::string& server) {
  if (!impl_) return Impl::missing();
  if (!sdk::is_token(impl_->token)) return sdk::not_a_token();
  Subscription subscription;
  const auto stream =
      impl_->core->make_subscriber(impl_->token, after, std::move(on_event), server);
  subscription.impl_ = std::make_shared<Subscription::Impl>(impl_->core, stream);
  if (after.has_value()) return subscription;
  // "From now" is a promise once this returns: whatever happens later is an event.
  const Status standing =
      stream->wait_until_standing(sdk::SteadyClock::now() + impl_->core->options().timeout);
  if (standing.ok()) return subscription;
  Error error = standing.error();
  if (error.code == ErrorCode::kUnavailable && impl_->core->view().list().servers.empty()) {
    error = sdk::unreached_error(impl_->core->seeds(), impl_->core->options().timeout);
  }
  return error;
}

void Subscription::Impl::close() {
  subscriber->end(sdk::make_error(ErrorCode::kCancelled, "The subscription was closed."));
  core->release_subscriber(subscriber);
}

Subscription::Subscription() = default;
Subscription::~Subscription() = default;
Subscription::Subscription(Subscription&&) noexcept = default;
Subscription& Subscription::operator=(Subscription&&) noexcept = default;

Result<Event> Subscription::next(std::chrono::milliseconds timeout) {
  if (!impl_) return sdk::make_error(ErrorCode::kCancelled, "The subscription is empty.");
  return impl_->subscriber->next(timeout);
}

Cursor Subscription::cursor() const { return impl_ ? impl_->subscriber->cursor() : Cursor{}; }

void Subscription::close() {
  if (impl_) impl_->close();
}

}  // namespace starling
