// Implements server/transport/errors.h.
#include "server/transport/errors.h"

namespace starling::transport {

namespace {

using grpc::StatusCode;

Failure make(StatusCode code, pb::Reason reason, std::string message) {
  Failure failure;
  failure.code = code;
  failure.reason = reason;
  failure.message = std::move(message);
  return failure;
}

Failure retryable(StatusCode code, pb::Reason reason, std::string message) {
  Failure failure = make(code, reason, std::move(message));
  failure.retryable = true;
  return failure;
}

Failure unknown(const char* what) {
  Failure failure = make(StatusCode::INTERNAL, pb::REASON_INTERNAL, what);
  failure.may_have_happened = true;
  return failure;
}

// The outcome's own sentence, or this one.
std::string sentence(const chat::Outcome& outcome, const char* otherwise) {
  return outcome.text.empty() ? otherwise : outcome.text;
}

Failure outcome_failure(const chat::Outcome& outcome) {
  switch (outcome.code) {
    case chat::Code::kOk:
      break;
    case chat::Code::kInvalid:
      return make(StatusCode::INVALID_ARGUMENT, pb::REASON_INVALID_FIELD,
                  sentence(outcome, "the request was refused as invalid"));
    case chat::Code::kNotFound:
      return make(StatusCode::NOT_FOUND, pb::REASON_NOT_FOUND, sentence(outcome, "not found"));
    case chat::Code::kAlreadyExists:
      return make(StatusCode::ALREADY_EXISTS, pb::REASON_ALREADY_EXISTS,
                  sentence(outcome, "it exists already"));
    case chat::Code::kUnauthenticated:
      return unauthenticated(sentence(outcome, "the session has ended"));
    case chat::Code::kPermissionDenied:
      return make(StatusCode::PERMISSION_DENIED, pb::REASON_PERMISSION_DENIED,
                  sentence(outcome, "that is not allowed for this account"));
    case chat::Code::kOutOfOrder:
      return retryable(StatusCode::ABORTED, pb::REASON_OUT_OF_ORDER,
                       sentence(outcome, "the send before this one is not there yet"));
    case chat::Code::kRequestExpired:
      return make(StatusCode::FAILED_PRECONDITION, pb::REASON_REQUEST_EXPIRED,
                  sentence(outcome, "the request is older than the retry window"));
    case chat::Code::kRequestReused:
      return make(StatusCode::FAILED_PRECONDITION, pb::REASON_REQUEST_REUSED,
                  sentence(outcome, "the request id was used before for another request"));
    case chat::Code::kVoided:
      return make(StatusCode::FAILED_PRECONDITION, pb::REASON_VOIDED,
                  sentence(outcome, "the request was voided and never ran"));
    case chat::Code::kConflict:
      return retryable(StatusCode::ABORTED, pb::REASON_CONFLICT,
                       sentence(outcome, "the account changed meanwhile"));
  }
  return unknown("an unknown outcome");
}

}  // namespace

void fill_detail(const Failure& failure, pb::ErrorDetail& detail) {
  detail.set_reason(failure.reason);
  detail.set_retryable(failure.retryable);
  detail.set_may_have_happened(failure.may_have_happened);
  detail.set_primary_address(failure.primary_address);
  detail.set_field(failure.field);
}

grpc::Status to_status(const Failure& failure) {
  pb::ErrorDetail detail;
  fill_detail(failure, detail);
  return grpc::Status(failure.code, failure.message, detail.SerializeAsString());
}

Failure invalid_field(const std::string& field, const std::string& why) {
  Failure failure =
      make(StatusCode::INVALID_ARGUMENT, pb::REASON_INVALID_FIELD, field + ": " + why);
  failure.field = field;
  return failure;
}

Failure malformed(const std::string& field) {
  if (!field.empty()) return invalid_field(field, "is not valid UTF-8");
  return make(StatusCode::INVALID_ARGUMENT, pb::REASON_INVALID_FIELD,
              "the request is not a well-formed message");
}

Failure unauthenticated(const std::string& why) {
  return make(StatusCode::UNAUTHENTICATED, pb::REASON_UNAUTHENTICATED, why);
}

Failure bad_credentials() {
  Failure failure = unauthenticated("the name or the password is wrong");
  failure.reason = pb::REASON_BAD_CREDENTIALS;
  return failure;
}

Failure no_primary() {
  return retryable(StatusCode::UNAVAILABLE, pb::REASON_NO_PRIMARY,
                   "no primary is known here now; nothing happened");
}

Failure not_primary(const std::string& primary_address) {
  Failure failure = retryable(StatusCode::UNAVAILABLE, pb::REASON_NOT_PRIMARY,
                              "this server is not the primary; nothing happened");
  failure.primary_address = primary_address;
  return failure;
}

Failure primary_lost(const std::string& primary_address) {
  Failure failure = retryable(StatusCode::UNAVAILABLE, pb::REASON_PRIMARY_LOST,
                              "the primary was lost; the write may have happened");
  failure.may_have_happened = true;
  failure.primary_address = primary_address;
  return failure;
}

Failure overloaded(const std::string& what) {
  return retryable(StatusCode::RESOURCE_EXHAUSTED, pb::REASON_OVERLOADED,
                   what + "; nothing happened");
}

Failure too_many_reads() { return overloaded("too many reads are waiting"); }

Failure no_place(Place place, const std::string& streams) {
  return overloaded(place == Place::kAccountFull
                        ? "this account has too many " + streams + " at this server"
                        : "this server has too many " + streams);
}

Failure draining() {
  return retryable(StatusCode::UNAVAILABLE, pb::REASON_DRAINING,
                   "this server is shutting down; nothing happened");
}

Failure client_gone() {
  Failure failure;
  failure.code = StatusCode::CANCELLED;
  failure.message = "the client is gone";
  return failure;
}

Failure too_late() {
  Failure failure;
  failure.code = StatusCode::DEADLINE_EXCEEDED;
  failure.message = "the deadline of the call has passed";
  return failure;
}

Failure lagging() {
  return retryable(StatusCode::UNAVAILABLE, pb::REASON_LAGGING,
                   "this server did not reach the asked state in time");
}

Failure resync(const std::string& why) {
  return make(StatusCode::FAILED_PRECONDITION, pb::REASON_RESYNC, why);
}

Failure not_found(const std::string& what) {
  return make(StatusCode::NOT_FOUND, pb::REASON_NOT_FOUND, what);
}

Failure wrong_cluster(const std::string& why) {
  return make(StatusCode::PERMISSION_DENIED, pb::REASON_WRONG_CLUSTER, why);
}

Failure store_failed(const std::string& message) {
  return retryable(StatusCode::UNAVAILABLE, pb::REASON_LAGGING,
                   "this server could not read its store: " + message);
}

bool failure_of(const ProposeResult& result, const std::string& primary_address, Failure& failure) {
  switch (result.error) {
    case ProposeError::kNone:
      if (result.outcome.code == chat::Code::kOk) return false;
      failure = outcome_failure(result.outcome);
      return true;
    case ProposeError::kNotPrimary:
      failure = not_primary(primary_address);
      return true;
    case ProposeError::kPrimaryLost:
      failure = primary_lost(primary_address);
      return true;
    case ProposeError::kOverloaded:
      failure = overloaded("the server has too many writes under way");
      return true;
    case ProposeError::kDraining:
      failure = draining();
      return true;
  }
  failure = unknown("an unknown result");
  return true;
}

Failure failure_of(const MembershipResult& result, const std::string& primary_address) {
  const auto said = [&result](const char* otherwise) {
    return result.message.empty() ? otherwise : result.message;
  };
  switch (result.error) {
    case MembershipError::kNone:
      break;
    case MembershipError::kInvalid:
      return make(StatusCode::FAILED_PRECONDITION, pb::REASON_MEMBERS_REFUSED,
                  said("the members cannot be changed so"));
    case MembershipError::kNotPrimary:
      return not_primary(primary_address);
    case MembershipError::kPrimaryLost:
      return primary_lost(primary_address);
    case MembershipError::kTimeout:
    case MembershipError::kNotTaken: {
      const bool again = result.error == MembershipError::kTimeout;
      Failure failure =
          make(again ? StatusCode::DEADLINE_EXCEEDED : StatusCode::FAILED_PRECONDITION,
               pb::REASON_MEMBERS_TIMEOUT, said("the change did not go through in time"));
      failure.retryable = again;
      failure.may_have_happened = true;
      return failure;
    }
    case MembershipError::kDraining:
      return draining();
  }
  return unknown("an unknown result");
}

Failure failure_of(WaitError error) {
  switch (error) {
    case WaitError::kNoPrimary:
      return no_primary();
    case WaitError::kDraining:
      return draining();
    case WaitError::kNone:
    case WaitError::kTimeout:
      break;
  }
  return lagging();
}

}  // namespace starling::transport
