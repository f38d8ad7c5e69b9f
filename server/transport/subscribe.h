// Subscribe: catch-up from the store by cursor, then live events from the hub, without a gap or a
// double in between (R5.4).
#pragma once

#include <grpcpp/support/server_callback.h>

#include <deque>
#include <memory>
#include <optional>

#include "server/transport/services.h"
#include "server/transport/session_watch.h"

namespace starling::transport {

// Owns itself from start() to OnDone. Events wait in a bounded queue; a stream that is slower than
// its events drops the queue and reads on from the store.
class Subscription final : public grpc::ServerWriteReactor<grpc::ByteBuffer>,
                           public SessionStream,
                           public Subscriber,
                           public std::enable_shared_from_this<Subscription> {
 public:
  Subscription(Services& services, grpc::CallbackServerContext* context);

  void start(const grpc::ByteBuffer* request);

  void end(const Failure& failure) override;
  bool over() override;
  void live(const EventPtr& event) override;
  void missed() override;
  void idle(std::uint64_t applied_index) override;

  void OnWriteDone(bool ok) override;
  void OnCancel() override;
  void OnDone() override;

 private:
  void begin(const std::optional<Failure>& failure, const Identity& identity);
  // On the pool. `confirmed`: all that was committed when confirm() asked is applied here.
  void find_start(bool confirmed);
  void confirm();
  void stand(const chat::Position& position);
  // Reads one page from the store and writes it, on the pool; ends the catch-up when there is no
  // more.
  void catch_up();
  void submit_catch_up();
  void read_page(std::vector<chat::Event>& events, chat::Position& reached, Failure& failure);
  // Decides what is done next while nothing is being written; true: submit_catch_up() is due.
  bool step() STARLING_REQUIRES(mutex_);
  void step_on();
  void write_queue() STARLING_REQUIRES(mutex_);
  void write(pb::SubscribeResponse& response) STARLING_REQUIRES(mutex_);
  void write_position() STARLING_REQUIRES(mutex_);

  Services& services_;
  grpc::CallbackServerContext* context_;
  Credential credential_;
  Identity identity_;  // Written once, under the mutex, before listed_.
  pb::SubscribeRequest request_;
  std::shared_ptr<Subscription> self_;

  Mutex mutex_;
  bool listed_ STARLING_GUARDED_BY(mutex_) = false;  // With the hub, until OnDone.
  std::deque<EventPtr> queue_ STARLING_GUARDED_BY(mutex_);
  chat::Position position_ STARLING_GUARDED_BY(mutex_);  // All up to here is written.
  grpc::ByteBuffer writing_bytes_ STARLING_GUARDED_BY(mutex_);
  bool behind_ STARLING_GUARDED_BY(mutex_) = true;     // The store has to be read.
  bool overflow_ STARLING_GUARDED_BY(mutex_) = false;  // The queue has a gap.
  bool busy_ STARLING_GUARDED_BY(mutex_) = true;       // Writing, or reading the store.
  bool quiet_ STARLING_GUARDED_BY(mutex_) = false;     // Nothing written since the last idle().
  bool ending_ STARLING_GUARDED_BY(mutex_) = false;
  bool finished_ STARLING_GUARDED_BY(mutex_) = false;
  grpc::Status end_status_ STARLING_GUARDED_BY(mutex_);
};

grpc::ServerWriteReactor<grpc::ByteBuffer>* start_subscription(Services& services,
                                                               grpc::CallbackServerContext* context,
                                                               const grpc::ByteBuffer* request);

}  // namespace starling::transport
