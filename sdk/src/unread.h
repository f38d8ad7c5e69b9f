// Reading what is unread and marking it, as two steps under one deadline.
//
// The servers' own read-and-mark is no step of this: its mark may stand though its answer got lost,
// and the next attempt would read behind it. So the messages are here before the mark is asked for,
// and whatever becomes of the mark, they are lost in no case:
//   * it stands, or nobody can tell: the messages are the answer, and say which of the two;
//   * it certainly does not stand: the call fails and everything is unread still.
#pragma once

#include <functional>
#include <string>
#include <utility>

#include "sdk/src/convert.h"
#include "sdk/src/operation.h"

namespace starling::sdk {

class UnreadOperation final : public Operation {
 public:
  // `done` runs on the loop's thread, or inside submit() when the client is closed.
  UnreadOperation(v1::ReadUnreadRequest request, bool mark, Done<Unread> done)
      : request_(std::move(request)), mark_(mark), done_(std::move(done)) {}

 private:
  void prepare(const View& view) override {
    if (!write) *request_.mutable_read()->mutable_after() = view.token();
  }
  void issue(Endpoint& endpoint, grpc::ClientContext* context,
             std::function<void(grpc::Status)> done) override {
    if (write) {
      marked_.Clear();
      endpoint.chat->async()->MarkRead(context, &mark_request_, &marked_, std::move(done));
    } else {
      unread_.Clear();
      endpoint.chat->async()->ReadUnread(context, &request_, &unread_, std::move(done));
    }
  }
  const v1::ResponseHeader* header() const override {
    if (write) return marked_.has_header() ? &marked_.header() : nullptr;
    return unread_.has_header() ? &unread_.header() : nullptr;
  }
  bool next() override {
    if (write || !mark_ || unread_.messages().empty()) return false;
    write = true;
    mark_request_.set_conversation_id(request_.conversation_id());
    mark_request_.set_seq(unread_.messages().rbegin()->seq());
    return true;
  }
  void succeed() override { answer(read(write)); }
  void fail(Error error) override {
    if (write && error.may_have_happened) {
      answer(read(false));
    } else {
      answer(std::move(error));
    }
  }

  Unread read(bool marked) const {
    Unread unread;
    unread.messages.reserve(static_cast<std::size_t>(unread_.messages_size()));
    for (const v1::Message& message : unread_.messages()) {
      unread.messages.push_back(from_wire(message));
    }
    unread.still_unread = unread_.still_unread();
    unread.marked = marked;
    return unread;
  }
  void answer(Result<Unread> result) {
    const Done<Unread> done = std::move(done_);
    done_ = nullptr;
    if (done) done(std::move(result));
  }

  v1::ReadUnreadRequest request_;
  const bool mark_;
  Done<Unread> done_;
  v1::ReadUnreadResponse unread_;
  v1::MarkReadRequest mark_request_;  // The second step; `write` tells that it has come to that.
  v1::MarkReadResponse marked_;
};

}  // namespace starling::sdk
