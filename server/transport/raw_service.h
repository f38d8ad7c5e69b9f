// A gRPC service whose methods take and give raw bytes, registered one by one: what protoc's
// "raw callback" classes do, without a class for each method.
#pragma once

#include <grpcpp/impl/codegen/rpc_service_method.h>
#include <grpcpp/impl/codegen/server_callback_handlers.h>
#include <grpcpp/impl/codegen/service_type.h>
#include <grpcpp/support/byte_buffer.h>
#include <grpcpp/support/server_callback.h>

#include <functional>

namespace starling::transport {

class RawService : public grpc::Service {
 public:
  using Context = grpc::CallbackServerContext;
  using Bytes = grpc::ByteBuffer;

 protected:
  // `path` is a literal such as "/starling.v1.Chat/Send".
  void add_unary(const char* path,
                 std::function<grpc::ServerUnaryReactor*(Context*, const Bytes*, Bytes*)> call) {
    add(path, grpc::internal::RpcMethod::NORMAL_RPC,
        new grpc::internal::CallbackUnaryHandler<Bytes, Bytes>(std::move(call)));
  }
  void add_server_stream(
      const char* path,
      std::function<grpc::ServerWriteReactor<Bytes>*(Context*, const Bytes*)> call) {
    add(path, grpc::internal::RpcMethod::SERVER_STREAMING,
        new grpc::internal::CallbackServerStreamingHandler<Bytes, Bytes>(std::move(call)));
  }
  void add_bidi(const char* path,
                std::function<grpc::ServerBidiReactor<Bytes, Bytes>*(Context*)> call) {
    add(path, grpc::internal::RpcMethod::BIDI_STREAMING,
        new grpc::internal::CallbackBidiHandler<Bytes, Bytes>(std::move(call)));
  }

 private:
  void add(const char* path, grpc::internal::RpcMethod::RpcType type,
           grpc::internal::MethodHandler* handler) {
    auto* method = new grpc::internal::RpcServiceMethod(path, type, handler);
    method->SetServerApiType(grpc::internal::RpcServiceMethod::ApiType::RAW_CALL_BACK);
    AddMethod(method);  // Owns it.
  }
};

}  // namespace starling::transport
