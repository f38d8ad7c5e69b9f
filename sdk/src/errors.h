// From gRPC codes and the typed ErrorDetail to the SDK's Error, and whether to try again. Nothing
// is decided by the text of a message.
#pragma once

#include <grpcpp/grpcpp.h>

#include <chrono>
#include <string>
#include <vector>

#include "starling/result.h"
#include "starling/v1/chat.pb.h"

namespace starling::sdk {

// What a failed attempt means.
struct Failure {
  grpc::StatusCode code = grpc::StatusCode::UNKNOWN;
  std::string message;
  v1::ErrorDetail detail;  // Default when the server sent none.
  bool typed = false;      // The server sent a detail: it was reached, and it decided.
  bool retryable = false;
  bool may_have_happened = false;
};

// `reached`: the attempt was handed to a live connection, so that the server may have seen it.
// A status without a detail was made on the way: by gRPC, a proxy, or a program that is no Starling
// server. It says nothing of what became of the call, and another server may do better.
Failure classify(const grpc::Status& status, bool reached);
Failure classify(int code, const std::string& message, const v1::ErrorDetail& detail);

// Whether a refusal is itself the recorded outcome, so that no earlier attempt did anything else.
bool is_outcome(v1::Reason reason);

// What broken connections and expired attempts look like.
bool broken_connection(const Failure& failure);
// The host's name could not be looked up.
bool unknown_host(const Failure& failure);
// No program that knows the call is there.
bool unknown_call(const Failure& failure);
// For the last answer of an untyped kind that is neither of the two.
Error strange_error(const std::string& address, const Failure& failure);

// Why nothing came of a call until its deadline, as the end of a sentence: of servers that have no
// primary what that means, else what the server said.
constexpr const char* kNoPrimary = "the servers have no primary, which takes a majority of them";
std::string reason_text(const Failure& failure);
// The error that a person sees when the failure is final.
Error to_error(const Failure& failure);

Error make_error(ErrorCode code, std::string message);
// More calls than the client keeps.
Error too_many_calls();
// Addresses as a sentence has them: the first few, and how many more.
std::string name_addresses(const std::vector<std::string>& addresses);
// None of the servers could be reached in time; at `others` another cluster's answered.
Error unreached_error(const std::vector<std::string>& addresses, std::chrono::milliseconds timeout,
                      const std::vector<std::string>& others = {});
// " within 10 s": how a sentence tells of a deadline that passed; "250 ms", "4 min 4 s".
std::string within(std::chrono::milliseconds timeout);
// When the caller took the call back.
Error cancelled_error(bool may_have_happened);
// When a client was closed with the call under way, or before it.
Error closed_error(bool may_have_happened);

}  // namespace starling::sdk
