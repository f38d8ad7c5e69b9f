// Implements server/transport/session_watch.h.
#include "server/transport/session_watch.h"

namespace starling::transport {

namespace {

constexpr std::chrono::milliseconds kAskEvery{400};

void ask(Services& services, const chat::TokenHash& token,
         const std::shared_ptr<SessionStream>& stream) {
  if (stream->over()) return;
  Identity same;
  const AuthResult result = services.auth.check(token, same);
  if (result == AuthResult::kUnknown || result == AuthResult::kExpired) {
    stream->end(failure_of(result));
  } else {
    watch_session(services, token, stream);
  }
}

}  // namespace

void watch_session(Services& services, const chat::TokenHash& token,
                   const std::weak_ptr<SessionStream>& stream) {
  services.scheduler.after(kAskEvery, [&services, token, stream] {
    const std::shared_ptr<SessionStream> self = stream.lock();
    if (!self || self->over()) return;
    const bool queued =
        services.disk.submit([&services, token, self] { ask(services, token, self); });
    if (!queued) watch_session(services, token, self);
  });
}

}  // namespace starling::transport
