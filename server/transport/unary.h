// What every unary call goes through before its handler: parsing, validation, and the question
// whether this server may answer or the primary must.
#pragma once

#include <memory>
#include <string>

#include "server/transport/call.h"
#include "server/transport/errors.h"
#include "server/transport/raw_service.h"
#include "server/transport/services.h"
#include "server/transport/validate.h"

namespace starling::transport {

// Registers nothing by itself: the services' add() hands each call here. `handle(call)` runs on the
// calling thread, only for a well-formed request, and sees to it that the call is answered.
template <typename Request, typename Handle>
grpc::ServerUnaryReactor* start_unary(const char* path, RawService::Context* context,
                                      const RawService::Bytes* in, RawService::Bytes* out,
                                      Handle handle) {
  auto call = std::make_shared<Call<Request>>(path, context, in, out);
  std::string field;
  if (!parse(*in, call->request, field)) {
    call->fail(malformed(field));
  } else if (const Invalid invalid = validate(call->request)) {
    call->fail(*invalid);
  } else {
    call->credential = credential_of(*context);
    call->forwarded = is_forwarded(*context);
    handle(call);
  }
  return call->reactor();
}

// True when this server is the primary. Otherwise the call is on its way there (one hop), or
// refused.
bool at_primary(Services& services, const std::shared_ptr<UnaryCall>& call);

}  // namespace starling::transport
