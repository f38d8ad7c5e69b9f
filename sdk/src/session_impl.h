// What Session and Subscription hold.
#pragma once

#include <functional>
#include <memory>
#include <string>

#include "sdk/src/convert.h"
#include "sdk/src/core.h"
#include "starling/client.h"

namespace starling {

struct STARLING_LOCAL Session::Impl {
  Impl(std::shared_ptr<sdk::Core> session_core, std::string session_token, Account owner,
       std::int64_t expires)
      : core(std::move(session_core)),
        token(std::move(session_token)),
        account(std::move(owner)),
        expires_at_ms(expires),
        writer(core->make_writer(token)) {}
  ~Impl() { core->release_writer(writer); }
  Impl(const Impl&) = delete;
  Impl& operator=(const Impl&) = delete;

  static Session make(std::shared_ptr<sdk::Core> core, std::string token, Account owner,
                      std::int64_t expires_at_ms) {
    Session session;
    session.impl_ =
        std::make_shared<Impl>(std::move(core), std::move(token), std::move(owner), expires_at_ms);
    return session;
  }
  static Session make(std::shared_ptr<sdk::Core> core, const v1::LogInResponse& answer) {
    return make(std::move(core), answer.token(), sdk::from_wire(answer.account()),
                answer.expires_at_ms());
  }
  static Error missing();  // What every call on an empty session gets.

  const std::shared_ptr<sdk::Core> core;
  const std::string token;
  const Account account;
  const std::int64_t expires_at_ms;
  const std::shared_ptr<sdk::Writer> writer;
};

// A send that takes no place in the bounded queue: its caller bounds what it has under way. `done`
// runs on the loop's thread, or here when the send is refused at once. Gives what cancels it.
std::function<void()> begin_send(const std::shared_ptr<sdk::Core>& core,
                                 const std::shared_ptr<sdk::Writer>& writer,
                                 const std::string& token, std::int64_t conversation_id,
                                 std::string body, const SendOptions& options, Done<Message> done);

struct STARLING_LOCAL Subscription::Impl {
  Impl(std::shared_ptr<sdk::Core> subscription_core, std::shared_ptr<sdk::Subscriber> stream)
      : core(std::move(subscription_core)), subscriber(std::move(stream)) {}
  ~Impl() { close(); }
  Impl(const Impl&) = delete;
  Impl& operator=(const Impl&) = delete;
  void close();

  const std::shared_ptr<sdk::Core> core;
  const std::shared_ptr<sdk::Subscriber> subscriber;
};

}  // namespace starling
