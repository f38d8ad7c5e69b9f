// Implements server/transport/wire.h.
#include "server/transport/wire.h"

#include <google/protobuf/descriptor.h>
#include <grpcpp/impl/codegen/proto_utils.h>

#include <cstdio>
#include <cstdlib>

#include "server/chat/utf8.h"

namespace starling::transport {

namespace {

using google::protobuf::FieldDescriptor;
using google::protobuf::Message;
using google::protobuf::Reflection;

// The path of the first text field that is no UTF-8; empty when there is none. The parser keeps
// what it read up to and with the offending field.
std::string first_bad_text(const Message& message) {
  const Reflection& reflection = *message.GetReflection();
  const google::protobuf::Descriptor& type = *message.GetDescriptor();
  for (int i = 0; i < type.field_count(); ++i) {
    const FieldDescriptor* field = type.field(i);
    const bool text = field->type() == FieldDescriptor::TYPE_STRING;
    const bool nested = field->cpp_type() == FieldDescriptor::CPPTYPE_MESSAGE;
    if (!text && !nested) continue;
    const bool many = field->is_repeated();
    const int count = many ? reflection.FieldSize(message, field)
                           : (text || reflection.HasField(message, field) ? 1 : 0);
    for (int k = 0; k < count; ++k) {
      if (text) {
        const std::string value = many ? reflection.GetRepeatedString(message, field, k)
                                       : reflection.GetString(message, field);
        if (!chat::is_valid_utf8(value)) return field->name();
        continue;
      }
      const std::string inner =
          first_bad_text(many ? reflection.GetRepeatedMessage(message, field, k)
                              : reflection.GetMessage(message, field));
      if (!inner.empty()) return field->name() + "." + inner;
    }
  }
  return {};
}

}  // namespace

bool parse(const grpc::ByteBuffer& bytes, Message& message, std::string& field) {
  // The reader takes a mutable pointer but leaves the buffer as it is.
  grpc::ProtoBufferReader reader(const_cast<grpc::ByteBuffer*>(&bytes));
  if (!reader.status().ok()) {
    field.clear();
    return false;
  }
  if (message.ParseFromZeroCopyStream(&reader)) return true;
  field = first_bad_text(message);
  return false;
}

void serialize(const Message& message, grpc::ByteBuffer& out) {
  bool own = false;
  const grpc::Status status = grpc::SerializationTraits<Message>::Serialize(message, &out, &own);
  if (!status.ok()) {
    std::fprintf(stderr, "transport: a message of type %s could not be serialized: %s\n",
                 message.GetTypeName().c_str(), status.error_message().c_str());
    std::abort();
  }
}

}  // namespace starling::transport
