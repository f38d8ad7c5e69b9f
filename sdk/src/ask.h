// One operation of the public API before it is asked: which method, with what, and what its answer
// becomes. A new operation is one function that makes an Ask, and two lines that run it.
#pragma once

#include <functional>
#include <optional>
#include <string>
#include <utility>

#include "sdk/src/operation.h"
#include "starling/client.h"

namespace starling::sdk {

// How a call is to be made; the rest is in the request.
struct CallPlan {
  std::optional<milliseconds> timeout;  // None: the client's.
  std::string token;                    // Empty: no session is needed.
  std::string pinned;                   // One server only.
  const char* subject = nullptr;        // The field that a refusal is about when it names none.
};

// A refusal that the state machine decides names no field.
inline Error about(Error error, const char* subject) {
  if (subject == nullptr || error.code != ErrorCode::kInvalidArgument || !error.field.empty()) {
    return error;
  }
  error.field = subject;
  error.message = error.field + ": " + error.message;
  return error;
}

template <typename T>
struct Ask {
  Ask(Error why) : refusal(std::move(why)) {}
  Ask() = default;

  std::optional<Error> refusal;  // Nothing needs to be asked.
  CallPlan plan;
  // The operation; its `done` runs on the loop's thread.
  std::function<OperationPtr(Done<T>)> make;
};

// `convert`: the value of a good answer, T(Response&).
template <typename T, typename Request, typename Response, typename Convert>
Ask<T> ask(ChatMethod<Request, Response> method, Request request, CallPlan plan, Convert convert) {
  Ask<T> made;
  made.plan = std::move(plan);
  made.make = [method, request = std::move(request), subject = made.plan.subject,
               convert = std::move(convert)](Done<T> done) mutable -> OperationPtr {
    return std::make_shared<UnaryOperation<Request, Response>>(
        method, std::move(request),
        [done = std::move(done), convert = std::move(convert), subject](Result<Response> answer) {
          if (answer) {
            done(convert(*answer));
          } else {
            done(about(answer.error(), subject));
          }
        });
  };
  return made;
}

// For calls whose answer says no more than that it is done.
template <typename Request, typename Response>
Ask<Unit> ask_status(ChatMethod<Request, Response> method, Request request, CallPlan plan) {
  return ask<Unit>(method, std::move(request), std::move(plan), [](Response&) { return Unit{}; });
}

}  // namespace starling::sdk
