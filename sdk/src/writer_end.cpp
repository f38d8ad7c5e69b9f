// The sends of one session: how each ends, and how an unknown end is settled.
#include <iterator>

#include "sdk/src/operation.h"
#include "sdk/src/random.h"
#include "sdk/src/writer.h"

namespace starling::sdk {
namespace {

constexpr milliseconds kSettleTimeout{10'000};
constexpr milliseconds kSettlePause{250};

}  // namespace

// Takes the send out of every list, and answers.
void Writer::finish(PendingList::iterator pending, const Result<Message>& result) {
  const std::string id = pending->request->write().request_id();
  const auto found = places_.find(id);
  deadlines_.erase({pending->deadline, id});
  const std::map<std::uint64_t, SendDone> done = std::move(pending->done);
  (found->second.on_stream ? offered_ : waiting_).erase(pending);
  places_.erase(found);
  for (const auto& [caller, one] : done) one(result);
}

void Writer::fail_all(const Error& error) {
  for (PendingList* list : {&offered_, &waiting_}) {
    while (!list->empty()) {
      const PendingList::iterator first = list->begin();
      Error own = error;
      own.may_have_happened = first->may_have_happened;
      // Of a session that has ended no late copy is taken, and no Void either.
      if (closed_ || error.code == ErrorCode::kUnauthenticated) {
        forget(first->request->conversation_id(), first->order);
      } else {
        give_up(first);
      }
      finish(first, own);
    }
  }
}

void Writer::arm_deadline() {
  env_.home->loop.cancel(deadline_timer_);
  if (deadlines_.empty() || closed_) return;
  const std::weak_ptr<Writer> weak = weak_from_this();
  deadline_timer_ = env_.home->loop.at(deadlines_.begin()->first, [weak] {
    const auto self = weak.lock();
    if (self == nullptr) return;
    self->deadline_timer_ = 0;
    self->expire();
  });
}

Error Writer::expired_error(const Pending& pending) const {
  const std::string within = " within " + std::to_string(pending.timeout.count()) + " ms";
  Error error;
  if (pending.may_have_happened) {
    error = make_error(ErrorCode::kDeadlineExceeded,
                       "The message was not acknowledged" + within +
                           "; it may be stored or not. Only a send with a request_id of your own "
                           "can be repeated safely.");
  } else if (last_error_.empty()) {
    error = unreached_error(env_.view.candidates(), pending.timeout, env_.view.others());
  } else {
    error = make_error(ErrorCode::kUnavailable,
                       "The message could not be sent" + within + ": " + last_error_);
  }
  error.may_have_happened = pending.may_have_happened;
  error.retryable = true;
  return error;
}

// Nobody waits for it any more; what follows it may have to.
void Writer::give_up(PendingList::iterator pending) {
  const std::int64_t conversation = pending->request->conversation_id();
  const std::string id = pending->request->write().request_id();
  // It was given to a connection that stood, and nothing takes it back.
  if (places_.find(id)->second.on_stream) pending->may_have_happened = true;
  if (pending->may_have_happened) {
    settle(conversation, pending->order, id);
  } else if (pending->named) {
    // It reached nobody, but a successor may name it.
    const Lane& lane = lanes_[conversation];
    if (!lane.unanswered.empty() && lane.unanswered.rbegin()->first != pending->order) {
      settle(conversation, pending->order, id);
    } else {
      forget(conversation, pending->order);
    }
  }
}

void Writer::cancel(const std::string& request_id, std::uint64_t caller) {
  const std::shared_ptr<Writer> self = shared_from_this();
  const auto found = places_.find(request_id);
  if (closed_ || found == places_.end()) return;
  const PendingList::iterator pending = found->second.at;
  const auto own = pending->done.find(caller);
  if (own == pending->done.end()) return;
  if (pending->done.size() > 1) {
    // Others wait for the same send: it goes on, and so may happen yet.
    const SendDone done = std::move(own->second);
    pending->done.erase(own);
    done(cancelled_error(true));
    return;
  }
  give_up(pending);
  finish(pending, cancelled_error(pending->may_have_happened));
  pump();
  update_busy();
}

void Writer::expire() {
  const std::shared_ptr<Writer> self = shared_from_this();
  const TimePoint now = SteadyClock::now();
  while (!deadlines_.empty() && deadlines_.begin()->first <= now) {
    const PendingList::iterator pending = places_.find(deadlines_.begin()->second)->second.at;
    give_up(pending);
    finish(pending, expired_error(*pending));
  }
  arm_deadline();
  pump();
  update_busy();
}

void Writer::forget(std::int64_t conversation, std::uint64_t order) {
  const auto lane = lanes_.find(conversation);
  if (lane == lanes_.end()) return;
  lane->second.unanswered.erase(order);
  lane->second.settling.erase(order);
  if (lane->second.voiding == order) lane->second.voiding = 0;
  if (lane->second.unanswered.empty()) {
    lanes_.erase(lane);
  } else {
    void_oldest(conversation);
  }
}

// Records "never" for a send whose outcome nobody waits for any more, so that its successors may go
// on and no late copy can appear behind them (R4.3). Until then the lane waits.
void Writer::settle(std::int64_t conversation, std::uint64_t order, const std::string& request_id) {
  Lane& lane = lanes_[conversation];
  lane.unanswered.emplace(order, request_id);
  lane.settling.insert(order);
  void_oldest(conversation);
}

// A Void lets everything pass that names the voided send. It would let it pass an older, unanswered
// one as well, so the oldest must be answered or voided first.
void Writer::void_oldest(std::int64_t conversation) {
  const auto found = lanes_.find(conversation);
  if (closed_ || found == lanes_.end() || found->second.voiding != 0) return;
  Lane& lane = found->second;
  const auto [order, request_id] = *lane.unanswered.begin();
  if (!lane.settling.contains(order)) return;
  lane.voiding = order;
  v1::VoidRequest request;
  request.set_request_id(request_id);
  const std::weak_ptr<Writer> weak = weak_from_this();
  const ChatMethod<v1::VoidRequest, v1::VoidResponse> method = &ChatAsync::Void;
  auto operation = std::make_shared<UnaryOperation<v1::VoidRequest, v1::VoidResponse>>(
      method, std::move(request),
      [weak, conversation, order = order](const Result<v1::VoidResponse>& result) {
        const auto self = weak.lock();
        if (self == nullptr || self->closed_) return;
        // Of a session that has ended no late copy is taken; nothing else is as good as a Void.
        if (result.ok() || result.error().code == ErrorCode::kUnauthenticated) {
          self->settled(conversation, order);
          return;
        }
        self->env_.home->loop.after(kSettlePause, [weak, conversation, order] {
          const auto again = weak.lock();
          if (again == nullptr) return;
          const auto lane = again->lanes_.find(conversation);
          if (lane == again->lanes_.end() || lane->second.voiding != order) return;
          lane->second.voiding = 0;
          again->void_oldest(conversation);
        });
      });
  operation->timeout = kSettleTimeout;
  operation->deadline = SteadyClock::now() + kSettleTimeout;
  operation->token = token_;
  env_.caller.submit(operation);
}

void Writer::settled(std::int64_t conversation, std::uint64_t order) {
  forget(conversation, order);
  pump();
  update_busy();
}

void Writer::update_busy() {
  const bool busy = !closed_ && (!places_.empty() || !lanes_.empty());
  if (busy == busy_) return;
  busy_ = busy;
  if (!busy) env_.idle(this);
}

}  // namespace starling::sdk
