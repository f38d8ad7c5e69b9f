// What waits for the loop. Producers are gRPC threads, the log thread and the applier; the loop
// takes everything that waits in one go.
#pragma once

#include <optional>
#include <string>
#include <vector>

#include "server/core/core.h"
#include "server/node/sync.h"
#include "server/transport/backend.h"

namespace starling::node {

struct ProposeRequest {
  std::string command;
  transport::ProposeCallback done;
};
struct BarrierRequest {
  core::TimeUs max_age_us = 0;  // As in core::Read.
  transport::Deadline deadline;
  transport::WaitCallback done;
};
struct MembershipRequest {
  core::MembershipOp op = core::MembershipOp::kAddLearner;
  core::NodeId node = core::kNoNode;
  std::string address;
  transport::Deadline deadline;
  transport::MembershipCallback done;  // May be empty for the node's own requests.
};
struct TransferRequest {
  core::NodeId target = core::kNoNode;
  transport::Deadline deadline;
  transport::MembershipCallback done;
};

// With the time at which it came: what a peer said in time counts as said in time, however late the
// loop gets to it.
struct TimedEvent {
  core::TimeUs at_us = 0;
  core::Event event;
};

struct Batch {
  std::vector<TimedEvent> events;  // In order of arrival.
  std::vector<ProposeRequest> proposals;
  std::vector<BarrierRequest> barriers;
  std::vector<MembershipRequest> memberships;
  std::vector<TransferRequest> transfers;
  std::optional<transport::ServerList> list;  // The newest that came.
  std::vector<core::NodeId> fetching;         // Who asked for a snapshot, each once.
  bool stop = false;
  void clear();
};

// Thread contract: take() by the loop only; all else by anyone.
class Mailbox {
 public:
  Mailbox(std::size_t max_messages, std::size_t max_requests)
      : max_messages_(max_messages), max_requests_(max_requests) {}

  // A message of a peer: false when the mailbox is full and it was dropped.
  bool push_message(core::Message message);
  void push_event(core::Event event);
  void push_events(std::vector<core::Event>& events);
  // The following are false once the mailbox is closed (or full); the request then comes back.
  bool push(ProposeRequest& request);
  bool push(BarrierRequest& request);
  bool push(MembershipRequest& request);
  bool push(TransferRequest& request);
  void push_list(transport::ServerList list);
  void push_fetching(core::NodeId node);  // Wakes nobody: the next beat is soon enough.
  void stop();                            // The next take() says so.
  void close();                           // Nothing more is taken in.

  // Waits until something is there or the deadline has come; swaps it into `batch` (cleared).
  void take(Batch& batch, SteadyTime deadline);

 private:
  template <typename Request>
  bool push_to(std::vector<Request> Batch::*queue, Request& request, std::size_t limit);
  // True when the caller has to signal the condition after letting go of the mutex.
  bool wake_locked() STARLING_REQUIRES(mutex_);
  bool something_locked() const STARLING_REQUIRES(mutex_);

  const std::size_t max_messages_;
  const std::size_t max_requests_;
  Mutex mutex_;
  Condition condition_;
  Batch batch_ STARLING_GUARDED_BY(mutex_);
  std::size_t messages_ STARLING_GUARDED_BY(mutex_) = 0;
  bool waiting_ STARLING_GUARDED_BY(mutex_) = false;
  bool signalled_ STARLING_GUARDED_BY(mutex_) = false;
  bool closed_ STARLING_GUARDED_BY(mutex_) = false;
};

}  // namespace starling::node
