// Result<T> and Error: how every call of the SDK answers. No exception crosses the API.
#pragma once

#include <cstdlib>
#include <optional>
#include <string>
#include <utility>
#include <variant>

#include "starling/export.h"

namespace starling {

enum class ErrorCode {
  kInvalidArgument,  // `field` names the offending one.
  kNotFound,
  kAlreadyExists,
  kUnauthenticated,  // No session, or it ended; also a wrong name or password.
  kPermissionDenied,
  kUnavailable,  // No server, or no primary, could be reached before the deadline.
  kDeadlineExceeded,
  kResourceExhausted,  // A bounded queue is full.
  kCancelled,
  kResync,  // The cursor is too old or of another history: start from the present and reload.
  kFailed,  // Refused for another reason; the message says which.
  kInternal,
};

// Why a call failed.
struct Error {
  ErrorCode code = ErrorCode::kInternal;
  std::string message;             // One sentence for people.
  bool may_have_happened = false;  // A write whose outcome is not known.
  bool retryable = false;          // The same call may succeed later.
  std::string field;
};

STARLING_API const char* to_string(ErrorCode code);

// A value or an Error. value() without one ends the program: look at ok() first.
template <typename T>
class [[nodiscard]] Result {
 public:
  Result(T value) : state_(std::move(value)) {}
  Result(Error error) : state_(std::move(error)) {}
  bool ok() const { return std::holds_alternative<T>(state_); }
  explicit operator bool() const { return ok(); }
  T& value() { return require<T>(); }
  const T& value() const { return const_cast<Result*>(this)->template require<T>(); }
  const Error& error() const { return const_cast<Result*>(this)->template require<Error>(); }
  T& operator*() { return value(); }
  T* operator->() { return &value(); }
  const T& operator*() const { return value(); }
  const T* operator->() const { return &value(); }

 private:
  template <typename U>
  U& require() {
    U* held = std::get_if<U>(&state_);
    if (held == nullptr) std::abort();
    return *held;
  }
  std::variant<T, Error> state_;
};

struct Unit {};
using Status = Result<Unit>;

}  // namespace starling
