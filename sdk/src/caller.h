// Unary operations: one deadline over all attempts, each at the server that the view thinks best.
#pragma once

#include <functional>
#include <memory>
#include <optional>
#include <set>
#include <string>

#include "sdk/src/calls.h"
#include "sdk/src/channels.h"
#include "sdk/src/view.h"
#include "starling/v1/chat.pb.h"

namespace starling::sdk {

// One operation, from its call to its answer. Filled in by the caller's thread, then the loop's.
class Operation {
 public:
  virtual ~Operation() = default;

  bool write = false;  // Its outcome matters when it stays unknown.
  // This refusal says that it has succeeded, once an attempt may have: what it ends is gone.
  v1::Reason done_when = v1::REASON_UNSPECIFIED;
  TimePoint deadline{};
  milliseconds timeout{0};
  std::string token;   // Of the session; empty: none needed.
  std::string pinned;  // This server only, one attempt.
  std::string first;   // Where to begin, when given.

 protected:
  friend class Caller;
  // Puts as_of and the read token in, once, before the first attempt.
  virtual void prepare(const View& view) = 0;
  virtual void issue(Endpoint& endpoint, grpc::ClientContext* context,
                     std::function<void(grpc::Status)> done) = 0;
  virtual const v1::ResponseHeader* header() const = 0;
  // After a good answer: whether there is another step, for the same deadline, before succeed().
  virtual bool next() { return false; }
  virtual void succeed() = 0;
  virtual void fail(Error error) = 0;

 private:
  std::unique_ptr<grpc::ClientContext> context_;  // Of the attempt under way.
  EndpointPtr endpoint_;
  std::string last_tried_;
  int attempts_ = 0;
  int waits_ = 0;
  int looks_ = 0;                     // At the connection that its attempt would go by.
  std::set<std::string> unknown_at_;  // Servers that do not know the call.
  bool unreached_ = false;            // The last attempt found no connection.
  bool may_have_happened_ = false;
  bool prepared_ = false;
  bool cancelled_ = false;  // By its caller.
  bool abandoned_ = false;  // The attempt was cancelled since its server is lost.
  Failure last_failure_;
  Loop::TimerId timer_ = 0;
};
using OperationPtr = std::shared_ptr<Operation>;

// Everything but submit runs on the loop's thread.
class Caller {
 public:
  static constexpr std::size_t kMaxOperations = 4'096;

  Caller(CallHomePtr home, ChannelPool& channels, View& view,
         std::function<void(const std::string&)> suspect);

  // From any thread.
  void submit(const OperationPtr& operation);
  // From any thread. Nothing happens when it has its answer already.
  void cancel(const OperationPtr& operation);
  // The view may pick differently now: those who wait try at once.
  void kick();
  void server_lost(const std::string& address);
  void close();

 private:
  void begin(const OperationPtr& operation);
  void attempt(const OperationPtr& operation);
  bool connected(const OperationPtr& operation, const std::string& address);
  void finished(const OperationPtr& operation, const grpc::Status& status);
  bool unknown_everywhere(const Operation& operation) const;
  void answered(const OperationPtr& operation);
  void retry(const OperationPtr& operation, const Failure& failure);
  void wait(const OperationPtr& operation, milliseconds delay);
  void fail_pinned(const OperationPtr& operation, const Failure& failure, bool reached);
  void out_of_time(const OperationPtr& operation);
  TimePoint attempt_deadline(const Operation& operation, const std::string& address);

  const CallHomePtr home_;
  ChannelPool& channels_;
  View& view_;
  const std::function<void(const std::string&)> suspect_;
  std::set<OperationPtr> running_;
  std::set<OperationPtr> waiting_;
  bool closed_ = false;
};

}  // namespace starling::sdk
