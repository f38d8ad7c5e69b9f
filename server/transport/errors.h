// Failed calls: a gRPC code, a sentence, and the typed ErrorDetail that clients decide by.
#pragma once

#include <grpcpp/support/status.h>

#include <string>

#include "server/transport/backend.h"
#include "server/transport/stream_limits.h"
#include "server/transport/wire.h"

namespace starling::transport {

// What is known of a failure besides its reason.
struct Failure {
  grpc::StatusCode code = grpc::StatusCode::INTERNAL;
  pb::Reason reason = pb::REASON_UNSPECIFIED;
  std::string message;
  bool retryable = false;
  bool may_have_happened = false;
  std::string primary_address;
  std::string field;
};

grpc::Status to_status(const Failure& failure);
void fill_detail(const Failure& failure, pb::ErrorDetail& detail);

Failure invalid_field(const std::string& field, const std::string& why);
Failure malformed(const std::string& field);  // What parse() found.
Failure unauthenticated(const std::string& why);
Failure bad_credentials();  // Of a log-in: unknown name and wrong password are not told apart.
Failure no_primary();
Failure not_primary(const std::string& primary_address);
Failure primary_lost(const std::string& primary_address);
Failure overloaded(const std::string& what);
Failure too_many_reads();
// Not for kGiven. `streams`: what there are too many of.
Failure no_place(Place place, const std::string& streams);
Failure draining();
Failure lagging();
Failure client_gone();  // Nobody hears it.
Failure too_late();     // The call's deadline has passed; the client may know that already.
Failure resync(const std::string& why);
Failure not_found(const std::string& what);
Failure wrong_cluster(const std::string& why);
Failure store_failed(const std::string& message);

// False when there is none: then the outcome stands.
bool failure_of(const ProposeResult& result, const std::string& primary_address, Failure& failure);
Failure failure_of(const MembershipResult& result, const std::string& primary_address);
Failure failure_of(WaitError error);  // Not for kNone.

}  // namespace starling::transport
