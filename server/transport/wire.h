// Bytes to messages and back. The services take raw bytes: so invalid UTF-8 can be answered with
// INVALID_ARGUMENT and the field's name (gRPC's own answer is UNIMPLEMENTED), and a forwarded call
// is passed on as it came.
#pragma once

#include <google/protobuf/message.h>
#include <grpcpp/support/byte_buffer.h>

#include <string>

#include "starling/v1/chat.pb.h"
#include "starling/v1/cluster.pb.h"
#include "starling/v1/peer.pb.h"

namespace starling::transport {

namespace pb = ::starling::v1;

// Ok, or INVALID_ARGUMENT that names the field whose text is no UTF-8 ("" when the message itself
// is malformed). `field` is a path such as "name" or "servers.address".
bool parse(const grpc::ByteBuffer& bytes, google::protobuf::Message& message, std::string& field);

// Never fails for messages below 2 GiB.
void serialize(const google::protobuf::Message& message, grpc::ByteBuffer& out);

}  // namespace starling::transport
