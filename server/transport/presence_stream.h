// Presence: one client's stream. While it lives its session is online; it tells how the watched
// accounts are and who types. A slow reader gets the latest of each account, and no old typing.
#pragma once

#include <grpcpp/support/server_callback.h>

#include <chrono>
#include <cstdint>
#include <memory>
#include <unordered_map>
#include <unordered_set>
#include <vector>

#include "server/transport/services.h"
#include "server/transport/session_watch.h"
#include "server/transport/typing_notices.h"

namespace starling::transport {

// Owns itself from start() to OnDone. Locks are taken in the order stream, then hub.
class PresenceStream final : public grpc::ServerBidiReactor<grpc::ByteBuffer, grpc::ByteBuffer>,
                             public SessionStream,
                             public PresenceListener,
                             public Looker,
                             public std::enable_shared_from_this<PresenceStream> {
 public:
  PresenceStream(Services& services, grpc::CallbackServerContext* context);

  void start();

  void end(const Failure& failure) override;
  bool over() override;
  void touched(const std::vector<chat::AccountId>& accounts) override;
  void typing(chat::ConversationId conversation, chat::AccountId account,
              std::chrono::steady_clock::time_point at, std::uint64_t sight) override;
  void sight_changed(const SightChange& change) override;
  void look_again(std::uint64_t sight) override;
  void look() override;
  void beat() override;

  void OnReadDone(bool ok) override;
  void OnWriteDone(bool ok) override;
  void OnCancel() override;
  void OnDone() override;

 private:
  using Clock = std::chrono::steady_clock;

  void begin(const std::optional<Failure>& failure, const Identity& identity);
  void read_on();
  void take();
  void take_watch();
  void take_typing(chat::ConversationId conversation);
  // A look finds out which of the suspects this account may see. One at a time, and a stream's
  // looks are never close together, whatever it asks and whatever happens.
  bool look_due() STARLING_REQUIRES(mutex_);
  void await_look();
  void pump() STARLING_REQUIRES(mutex_);
  void fill(pb::PresenceResponse& response) STARLING_REQUIRES(mutex_);
  void finish(const grpc::Status& status) STARLING_REQUIRES(mutex_);

  Services& services_;
  grpc::CallbackServerContext* context_;
  Credential credential_;
  std::shared_ptr<PresenceStream> self_;
  // Of the one read at a time:
  grpc::ByteBuffer incoming_;
  pb::PresenceRequest request_;
  std::unordered_map<chat::ConversationId, Clock::time_point> typed_at_;

  Mutex mutex_;
  Identity identity_ STARLING_GUARDED_BY(mutex_);
  presence::SessionKey key_ STARLING_GUARDED_BY(mutex_) = 0;  // With the hub, until OnDone.
  std::vector<chat::AccountId> watched_ STARLING_GUARDED_BY(mutex_);
  std::unordered_set<chat::AccountId> visible_ STARLING_GUARDED_BY(mutex_);
  std::uint64_t list_ STARLING_GUARDED_BY(mutex_) = 0;  // How many lists it has watched.
  bool looked_ STARLING_GUARDED_BY(mutex_) = false;     // `visible_` is of the present list.
  // To be looked up, and being so. Until that is done nothing is told of them.
  std::unordered_set<chat::AccountId> suspects_ STARLING_GUARDED_BY(mutex_);
  std::unordered_set<chat::AccountId> looked_at_now_ STARLING_GUARDED_BY(mutex_);
  bool looking_ STARLING_GUARDED_BY(mutex_) = false;  // Or about to.
  Clock::time_point looked_at_ STARLING_GUARDED_BY(mutex_);
  bool read_after_look_ STARLING_GUARDED_BY(mutex_) = false;
  std::unordered_map<chat::AccountId, presence::Info> told_ STARLING_GUARDED_BY(mutex_);
  std::unordered_set<chat::AccountId> dirty_ STARLING_GUARDED_BY(mutex_);
  TypingNotices typing_ STARLING_GUARDED_BY(mutex_);
  bool beat_due_ STARLING_GUARDED_BY(mutex_) = false;
  grpc::ByteBuffer writing_bytes_ STARLING_GUARDED_BY(mutex_);
  bool writing_ STARLING_GUARDED_BY(mutex_) = false;
  bool half_closed_ STARLING_GUARDED_BY(mutex_) = false;
  bool finished_ STARLING_GUARDED_BY(mutex_) = false;
};

grpc::ServerBidiReactor<grpc::ByteBuffer, grpc::ByteBuffer>* start_presence(
    Services& services, grpc::CallbackServerContext* context);

}  // namespace starling::transport
