// From gRPC codes and the typed ErrorDetail to the SDK's Error, and whether to try again.
#include "sdk/src/errors.h"

namespace starling {

const char* to_string(ErrorCode code) {
  switch (code) {
    case ErrorCode::kInvalidArgument:
      return "invalid argument";
    case ErrorCode::kNotFound:
      return "not found";
    case ErrorCode::kAlreadyExists:
      return "already exists";
    case ErrorCode::kUnauthenticated:
      return "unauthenticated";
    case ErrorCode::kPermissionDenied:
      return "permission denied";
    case ErrorCode::kUnavailable:
      return "unavailable";
    case ErrorCode::kDeadlineExceeded:
      return "deadline exceeded";
    case ErrorCode::kResourceExhausted:
      return "resource exhausted";
    case ErrorCode::kCancelled:
      return "cancelled";
    case ErrorCode::kResync:
      return "resync needed";
    case ErrorCode::kFailed:
      return "failed";
    case ErrorCode::kInternal:
      return "internal error";
  }
  return "unknown error";
}

}  // namespace starling

namespace starling::sdk {
namespace {

ErrorCode code_of(grpc::StatusCode code) {
  switch (code) {
    case grpc::StatusCode::INVALID_ARGUMENT:
    case grpc::StatusCode::OUT_OF_RANGE:
      return ErrorCode::kInvalidArgument;
    case grpc::StatusCode::NOT_FOUND:
      return ErrorCode::kNotFound;
    case grpc::StatusCode::ALREADY_EXISTS:
      return ErrorCode::kAlreadyExists;
    case grpc::StatusCode::UNAUTHENTICATED:
      return ErrorCode::kUnauthenticated;
    case grpc::StatusCode::PERMISSION_DENIED:
      return ErrorCode::kPermissionDenied;
    case grpc::StatusCode::UNAVAILABLE:
      return ErrorCode::kUnavailable;
    case grpc::StatusCode::DEADLINE_EXCEEDED:
      return ErrorCode::kDeadlineExceeded;
    case grpc::StatusCode::RESOURCE_EXHAUSTED:
      return ErrorCode::kResourceExhausted;
    case grpc::StatusCode::CANCELLED:
      return ErrorCode::kCancelled;
    case grpc::StatusCode::INTERNAL:
    case grpc::StatusCode::DATA_LOSS:
      return ErrorCode::kInternal;
    default:
      return ErrorCode::kFailed;
  }
}

ErrorCode code_of(const Failure& failure) {
  switch (failure.detail.reason()) {
    case v1::REASON_INVALID_FIELD:
    case v1::REASON_REQUEST_REUSED:
      return ErrorCode::kInvalidArgument;
    case v1::REASON_NOT_FOUND:
      return ErrorCode::kNotFound;
    case v1::REASON_ALREADY_EXISTS:
      return ErrorCode::kAlreadyExists;
    case v1::REASON_UNAUTHENTICATED:
    case v1::REASON_BAD_CREDENTIALS:
      return ErrorCode::kUnauthenticated;
    case v1::REASON_PERMISSION_DENIED:
      return ErrorCode::kPermissionDenied;
    case v1::REASON_NO_PRIMARY:
    case v1::REASON_NOT_PRIMARY:
    case v1::REASON_PRIMARY_LOST:
    case v1::REASON_OUT_OF_ORDER:
    case v1::REASON_DRAINING:
    case v1::REASON_LAGGING:
      return ErrorCode::kUnavailable;
    case v1::REASON_OVERLOADED:
      return ErrorCode::kResourceExhausted;
    case v1::REASON_RESYNC:
      return ErrorCode::kResync;
    case v1::REASON_REQUEST_EXPIRED:
    case v1::REASON_VOIDED:
    case v1::REASON_CONFLICT:
    case v1::REASON_WRONG_CLUSTER:
    case v1::REASON_MEMBERS_REFUSED:
      return ErrorCode::kFailed;
    case v1::REASON_MEMBERS_TIMEOUT:
      return ErrorCode::kDeadlineExceeded;
    case v1::REASON_INTERNAL:
      return ErrorCode::kInternal;
    default:
      return code_of(failure.code);
  }
}

// A stream's answer carries its code as a number; one that gRPC does not have says no more than
// UNKNOWN.
grpc::StatusCode known_code(int code) {
  const bool known = code >= grpc::StatusCode::OK && code <= grpc::StatusCode::UNAUTHENTICATED;
  return known ? static_cast<grpc::StatusCode>(code) : grpc::StatusCode::UNKNOWN;
}

}  // namespace

Failure classify(const grpc::Status& status, bool reached) {
  Failure failure;
  if (!status.error_details().empty() && failure.detail.ParseFromString(status.error_details()) &&
      failure.detail.reason() != v1::REASON_UNSPECIFIED) {
    failure = classify(status.error_code(), status.error_message(), failure.detail);
    return failure;
  }
  failure.detail.Clear();
  failure.code = status.error_code();
  failure.message = status.error_message();
  failure.retryable = !status.ok();
  failure.may_have_happened = reached && failure.retryable;
  return failure;
}

Failure classify(int code, const std::string& message, const v1::ErrorDetail& detail) {
  Failure failure;
  failure.code = known_code(code);
  failure.message = message;
  failure.detail = detail;
  failure.typed = detail.reason() != v1::REASON_UNSPECIFIED;
  failure.retryable = failure.typed ? detail.retryable() : code != 0;
  failure.may_have_happened = failure.typed ? detail.may_have_happened() : failure.retryable;
  return failure;
}

bool broken_connection(const Failure& failure) {
  if (failure.typed) return false;
  switch (failure.code) {
    case grpc::StatusCode::UNAVAILABLE:
    case grpc::StatusCode::CANCELLED:
    case grpc::StatusCode::DEADLINE_EXCEEDED:
    case grpc::StatusCode::UNKNOWN:
    case grpc::StatusCode::INTERNAL:
    case grpc::StatusCode::ABORTED:
      return true;
    default:
      return false;
  }
}

// gRPC has no code of its own for it.
bool unknown_host(const Failure& failure) {
  return !failure.typed && failure.message.find("DNS resolution failed") != std::string::npos;
}

bool unknown_call(const Failure& failure) {
  return !failure.typed && failure.code == grpc::StatusCode::UNIMPLEMENTED;
}

Error strange_error(const std::string& address, const Failure& failure) {
  Error error = make_error(ErrorCode::kUnavailable,
                           "What answers at " + address + " does not answer as a Starling server");
  error.message += failure.message.empty() ? "." : ": " + failure.message;
  error.retryable = true;
  return error;
}

Error to_error(const Failure& failure) {
  Error error;
  error.code = code_of(failure);
  error.message = failure.message.empty()
                      ? std::string("The server refused the call: ") + to_string(error.code) + "."
                      : failure.message;
  if (unknown_call(failure)) {
    error.message = "The server at that address is not a Starling server that knows this call.";
  }
  error.may_have_happened = failure.may_have_happened;
  error.retryable = failure.retryable && !unknown_call(failure);
  error.field = failure.detail.field();
  if (failure.detail.reason() == v1::REASON_REQUEST_REUSED) error.field = "request_id";
  if (failure.detail.reason() == v1::REASON_VOIDED) {
    error.message =
        "A send with this request_id was given up, and never happens; send the message under a "
        "new one.";
    error.field = "request_id";
  }
  return error;
}

Error make_error(ErrorCode code, std::string message) {
  Error error;
  error.code = code;
  error.message = std::move(message);
  return error;
}

Error too_many_calls() {
  Error error = make_error(ErrorCode::kResourceExhausted,
                           "Too many calls are under way in this client; wait for some of them and "
                           "try again.");
  error.retryable = true;
  return error;
}

std::string name_addresses(const std::vector<std::string>& addresses) {
  constexpr std::size_t kMost = 8;
  std::string all;
  for (std::size_t i = 0; i < addresses.size() && i < kMost; ++i) {
    all += (all.empty() ? "" : ", ") + addresses[i];
  }
  if (addresses.size() <= kMost) return all;
  return all + " and " + std::to_string(addresses.size() - kMost) + " more";
}

std::string within(std::chrono::milliseconds timeout) {
  constexpr std::int64_t kSecond = 1'000;
  constexpr std::int64_t kMinute = 60 * kSecond;
  const std::int64_t ms = timeout.count();
  if (ms >= kMinute) {
    const std::int64_t rest = ms % kMinute / kSecond;
    const std::string seconds = rest == 0 ? "" : " " + std::to_string(rest) + " s";
    return " within " + std::to_string(ms / kMinute) + " min" + seconds;
  }
  if (ms >= kSecond && ms % kSecond == 0) return " within " + std::to_string(ms / kSecond) + " s";
  return " within " + std::to_string(ms) + " ms";
}

std::string reason_text(const Failure& failure) {
  switch (failure.detail.reason()) {
    case v1::REASON_NO_PRIMARY:
    case v1::REASON_NOT_PRIMARY:
    case v1::REASON_PRIMARY_LOST:
      return kNoPrimary;
    default:
      return failure.message;
  }
}

Error unreached_error(const std::vector<std::string>& addresses, std::chrono::milliseconds timeout,
                      const std::vector<std::string>& others) {
  Error error =
      make_error(ErrorCode::kUnavailable, "No server could be reached" + within(timeout) +
                                              "; tried " + name_addresses(addresses) + ".");
  if (!others.empty()) {
    error.message += " What answers at " + name_addresses(others) +
                     " is another cluster than the one that this client knew.";
  }
  error.retryable = true;
  return error;
}

Error cancelled_error(bool may_have_happened) {
  Error error =
      make_error(ErrorCode::kCancelled,
                 may_have_happened ? "The call was cancelled; what it asked for may have happened."
                                   : "The call was cancelled.");
  error.may_have_happened = may_have_happened;
  return error;
}

Error closed_error(bool may_have_happened) {
  Error error =
      make_error(ErrorCode::kCancelled,
                 may_have_happened ? "The client was closed; what was asked for may have happened."
                                   : "The client was closed.");
  error.may_have_happened = may_have_happened;
  return error;
}

bool is_outcome(v1::Reason reason) {
  switch (reason) {
    case v1::REASON_INVALID_FIELD:
    case v1::REASON_NOT_FOUND:
    case v1::REASON_ALREADY_EXISTS:
    case v1::REASON_PERMISSION_DENIED:
    case v1::REASON_VOIDED:
      return true;
    default:
      return false;
  }
}

}  // namespace starling::sdk
