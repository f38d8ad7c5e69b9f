// The sends of one session: how each ends, and how an unknown end is settled.
#include <algorithm>
#include <iterator>

#include "sdk/src/operation.h"
#include "sdk/src/random.h"
#include "sdk/src/writer.h"

namespace starling::sdk {
namespace {

constexpr milliseconds kSettleTimeout{10'000};
constexpr milliseconds kSettlePause{250};
// A send that its caller may repeat is not voided at once: the repeat comes soon, or never. Those
// that wait behind it do so for the shorter time.
constexpr milliseconds kRepeatSoon{1'000};
constexpr milliseconds kRepeatLate{60'000};

}  // namespace

// Takes the send out of every list, and answers.
void Writer::finish(PendingList::iterator pending, const Result<Message>& result) {
  const std::string id = pending->request->write().request_id();
  const auto found = places_.find(id);
  deadlines_.erase({pending->deadline, id});
  const std::vector<Caller> callers = std::move(pending->callers);
  (found->second.on_stream ? offered_ : waiting_).erase(pending);
  places_.erase(found);
  for (const Caller& caller : callers) caller.done(result);
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

Error Writer::expired_error(const Pending& pending, milliseconds timeout) const {
  Error error;
  if (pending.may_have_happened) {
    error = make_error(
        ErrorCode::kDeadlineExceeded,
        "The message was not acknowledged" + within(timeout) + "; it may be stored or not: " +
            (pending.repeatable ? "send it again with the same request_id to find out."
                                : "look into the conversation before you send it again."));
  } else if (last_error_.empty()) {
    error = unreached_error(env_.view.candidates(), timeout, env_.view.others());
  } else {
    error = make_error(ErrorCode::kUnavailable,
                       "The message was not sent" + within(timeout) + ": " + last_error_);
    if (error.message.back() != '.') error.message += '.';
  }
  error.may_have_happened = pending.may_have_happened;
  error.retryable = true;
  return error;
}

// Nobody waits for it any more; what follows it may have to.
void Writer::give_up(PendingList::iterator pending) {
  const std::int64_t conversation = pending->request->conversation_id();
  // It was given to a connection that stood, and nothing takes it back.
  const std::string& id = pending->request->write().request_id();
  if (places_.find(id)->second.on_stream) pending->may_have_happened = true;
  if (pending->may_have_happened) {
    settle(*pending);
  } else if (pending->named) {
    // It reached nobody, but a successor may name it.
    const Lane& lane = lanes_[conversation];
    if (!lane.unanswered.empty() && lane.unanswered.rbegin()->first != pending->order) {
      settle(*pending);
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
  std::vector<Caller>& callers = pending->callers;
  const auto own = std::find_if(callers.begin(), callers.end(),
                                [caller](const Caller& one) { return one.id == caller; });
  if (own == callers.end()) return;
  if (callers.size() > 1) {
    // Others wait for the same send: it goes on, and so may happen yet.
    const SendDone done = std::move(own->done);
    callers.erase(own);
    watch_deadline(pending);
    done(cancelled_error(true));
    return;
  }
  give_up(pending);
  finish(pending, cancelled_error(pending->may_have_happened));
  pump();
  update_busy();
}

// Keeps the place in deadlines_ of whichever caller's time is over first.
void Writer::watch_deadline(PendingList::iterator pending) {
  const std::string& id = pending->request->write().request_id();
  deadlines_.erase({pending->deadline, id});
  pending->deadline =
      std::min_element(pending->callers.begin(), pending->callers.end(),
                       [](const Caller& a, const Caller& b) { return a.deadline < b.deadline; })
          ->deadline;
  deadlines_.emplace(pending->deadline, id);
  if (deadlines_.begin()->second == id) arm_deadline();
}

void Writer::expire_callers(PendingList::iterator pending, TimePoint now) {
  std::vector<Caller>& callers = pending->callers;
  const auto late = std::stable_partition(callers.begin(), callers.end(),
                                          [now](const Caller& one) { return one.deadline > now; });
  std::vector<Caller> expired(std::make_move_iterator(late),
                              std::make_move_iterator(callers.end()));
  callers.erase(late, callers.end());
  const bool last = callers.empty();
  if (last) {
    give_up(pending);
  } else {
    watch_deadline(pending);
  }
  Pending shown;  // For the others it goes on, and so may happen yet.
  shown.repeatable = pending->repeatable;
  shown.may_have_happened = !last || pending->may_have_happened;
  if (last) finish(pending, closed_error(false));  // Nobody is left to be told.
  for (const Caller& one : expired) one.done(expired_error(shown, one.timeout));
}

void Writer::expire() {
  const std::shared_ptr<Writer> self = shared_from_this();
  const TimePoint now = SteadyClock::now();
  while (!deadlines_.empty() && deadlines_.begin()->first <= now) {
    expire_callers(places_.find(deadlines_.begin()->second)->second.at, now);
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
  lane->second.repeatable.erase(order);
  if (lane->second.voiding == order) lane->second.voiding = 0;
  if (lane->second.unanswered.empty()) {
    lanes_.erase(lane);
  } else {
    void_oldest(conversation);
  }
}

// Records "never" for a send whose outcome nobody waits for any more, so that its successors may go
// on and no late copy can appear behind them (R4.3). Until then the lane waits.
void Writer::settle(const Pending& pending) {
  const std::int64_t conversation = pending.request->conversation_id();
  Lane& lane = lanes_[conversation];
  lane.unanswered.emplace(pending.order, pending.request->write().request_id());
  lane.settling.insert(pending.order);
  if (pending.repeatable) {
    lane.repeatable[pending.order] = {SteadyClock::now(), pending.may_have_happened};
  }
  void_oldest(conversation);
}

// Whether its Void would come too early for a caller who repeats it.
bool Writer::left_alone(std::int64_t conversation, const Lane& lane, std::uint64_t order) const {
  const auto found = lane.repeatable.find(order);
  if (found == lane.repeatable.end()) return false;
  const auto follows = [&](const Pending& one) {
    return one.order > order && one.request->conversation_id() == conversation;
  };
  const bool followed = std::any_of(waiting_.begin(), waiting_.end(), follows) ||
                        std::any_of(offered_.begin(), offered_.end(), follows);
  const TimePoint now = SteadyClock::now();
  return now - found->second.since < (followed ? kRepeatSoon : kRepeatLate);
}

// The caller repeats what was given up: it goes on where it was. Too late once its Void is on its
// way; then the servers say which came first.
bool Writer::take_up(Pending& pending) {
  const auto found = lanes_.find(pending.request->conversation_id());
  if (found == lanes_.end()) return false;
  Lane& lane = found->second;
  const std::string& id = pending.request->write().request_id();
  const auto earlier =
      std::find_if(lane.repeatable.begin(), lane.repeatable.end(),
                   [&](const auto& one) { return lane.unanswered.at(one.first) == id; });
  if (earlier == lane.repeatable.end() || lane.voiding == earlier->first) return false;
  pending.order = earlier->first;
  pending.may_have_happened = earlier->second.may_have_happened;
  pending.named = true;
  const auto place = lane.unanswered.find(pending.order);
  if (place != lane.unanswered.begin()) {
    pending.request->set_after_request_id(std::prev(place)->second);
  }
  lane.settling.erase(pending.order);
  lane.repeatable.erase(earlier);
  return true;
}

// A Void lets everything pass that names the voided send. It would let it pass an older, unanswered
// one as well, so the oldest must be answered or voided first.
void Writer::void_oldest(std::int64_t conversation) {
  const auto found = lanes_.find(conversation);
  if (closed_ || found == lanes_.end() || found->second.voiding != 0) return;
  Lane& lane = found->second;
  const auto [order, request_id] = *lane.unanswered.begin();
  if (!lane.settling.contains(order) || left_alone(conversation, lane, order)) return;
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
