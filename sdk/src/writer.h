// The sends of one session: one ordered pipeline that survives its streams. Unanswered sends are
// kept, in order, and offered again to whatever server comes next; request ids make that harmless
// (R4.1) and each names its unanswered predecessor, so that order holds too (R4.3).
#pragma once

#include <cstdint>
#include <functional>
#include <list>
#include <map>
#include <memory>
#include <set>
#include <string>
#include <unordered_map>
#include <utility>
#include <vector>

#include "sdk/src/caller.h"
#include "sdk/src/send_stream.h"
#include "sdk/src/view.h"
#include "starling/result.h"
#include "starling/types.h"

namespace starling::sdk {

using SendDone = std::function<void(Result<Message>)>;

// Everything runs on the loop's thread.
class Writer : public std::enable_shared_from_this<Writer> {
 public:
  struct Env {
    CallHomePtr home;
    ChannelPool& channels;
    View& view;
    Caller& caller;
    std::function<void(Writer*)> idle;  // Nothing is unanswered any more.
  };
  Writer(Env env, std::string token);

  bool busy() const { return busy_; }
  // `done` runs on the loop's thread, exactly once.
  struct Caller {
    std::uint64_t id = 0;  // The caller's own, not 0.
    TimePoint deadline{};
    milliseconds timeout{0};
    SendDone done;
  };
  // Sends with one request id share its outcome; each waits, and is taken back, by itself.
  // `repeatable`: the caller knows the request id and may ask with it again.
  void send(std::shared_ptr<v1::SendRequest> request, bool repeatable, Caller caller);
  // Nothing happens when it has its answer already.
  void cancel(const std::string& request_id, std::uint64_t caller);
  void view_changed();
  void server_lost(const std::string& address);
  void tick();
  void close();

 private:
  struct Pending {
    std::uint64_t order = 0;
    std::shared_ptr<v1::SendRequest> request;
    TimePoint deadline{};  // The next of its callers'.
    std::vector<Caller> callers;
    bool named = false;  // Offered once: its after_request_id stands.
    bool repeatable = false;
    bool may_have_happened = false;
    int refusals = 0;  // OUT_OF_ORDER answers in a row.
  };
  using PendingList = std::list<Pending>;
  struct Place {
    PendingList::iterator at;
    bool on_stream = false;
  };
  // Given up by its callers, who may repeat it.
  struct Repeatable {
    TimePoint since{};
    bool may_have_happened = false;
  };
  // Offered and unanswered, or being settled, by order: whom the next one names.
  struct Lane {
    std::map<std::uint64_t, std::string> unanswered;
    std::set<std::uint64_t> settling;  // Part of the above; what follows the first one waits.
    std::map<std::uint64_t, Repeatable> repeatable;  // Part of settling.
    std::uint64_t voiding = 0;  // The one whose Void is on its way; always the oldest.
  };

  void pump();
  void offer(PendingList::iterator pending);
  bool open_stream();
  bool connected(const std::string& address);
  void look_elsewhere();
  void drop_stream();
  void answers(std::vector<v1::SendStreamResponse>& batch);
  void answer(v1::SendStreamResponse& response);
  void refused(PendingList::iterator pending, const Failure& failure);
  void stream_ended(const Failure& failure);
  void requeue(PendingList::iterator pending);
  void retry_after(milliseconds delay);
  void retry_with_backoff();
  void finish(PendingList::iterator pending, const Result<Message>& result);
  void fail_all(const Error& error);
  void give_up(PendingList::iterator pending);
  void expire();
  void arm_deadline();
  void settle(const Pending& pending);
  bool left_alone(std::int64_t conversation, const Lane& lane, std::uint64_t order) const;
  bool take_up(Pending& pending);
  void watch_deadline(PendingList::iterator pending);
  void expire_callers(PendingList::iterator pending, TimePoint now);
  void void_oldest(std::int64_t conversation);
  void settled(std::int64_t conversation, std::uint64_t order);
  void forget(std::int64_t conversation, std::uint64_t order);
  void update_busy();
  Error expired_error(const Pending& pending, milliseconds timeout) const;

  Env env_;
  const std::string token_;
  std::uint64_t last_order_ = 0;
  PendingList waiting_;                            // To be offered, in order.
  PendingList offered_;                            // On the stream, as they were offered.
  std::unordered_map<std::string, Place> places_;  // By request id.
  std::set<std::pair<TimePoint, std::string>> deadlines_;
  std::map<std::int64_t, Lane> lanes_;  // By conversation.
  std::shared_ptr<SendStream> stream_;
  EndpointPtr endpoint_;     // Where the next stream goes, while its connection is being made.
  std::string last_failed_;  // The server to avoid at the next opening.
  std::string last_error_;
  TimePoint progress_at_{};  // When the stream last answered or was opened.
  bool cautious_ = false;    // No primary answers: only the first one is offered, to find out.
  int attempts_ = 0;         // Since the last success.
  Loop::TimerId retry_timer_ = 0;
  TimePoint retry_at_{};
  Loop::TimerId deadline_timer_ = 0;
  bool busy_ = false;
  bool closed_ = false;
};

}  // namespace starling::sdk
