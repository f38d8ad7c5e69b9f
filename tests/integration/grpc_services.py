"""The services of gRPC itself that every server answers beside ours: grpc.health.v1 and reflection. Their
stubs are packaged for nobody to import here, so their messages are described as far as the tests need them."""

from google.protobuf import descriptor_pb2, descriptor_pool, message_factory, symbol_database

STRING = descriptor_pb2.FieldDescriptorProto.TYPE_STRING
INT32 = descriptor_pb2.FieldDescriptorProto.TYPE_INT32
MESSAGE = descriptor_pb2.FieldDescriptorProto.TYPE_MESSAGE


def describe(package, messages, service, methods):
    """`messages`: a name and its fields, each a name, a number and a type, or what it repeats. `methods`: a
    name, a request, a response, and whether the client streams, and the server."""
    file = descriptor_pb2.FileDescriptorProto(name=f"{package}.proto", package=package, syntax="proto3")
    for name, fields in messages.items():
        message = file.message_type.add(name=name)
        for field, number, kind in fields:
            made = message.field.add(name=field, number=number, label=1)
            if isinstance(kind, str):
                made.label, made.type, made.type_name = 3, MESSAGE, f".{package}.{kind}"
                continue
            made.type = kind
    made = file.service.add(name=service)
    for name, asked, told, asks, tells in methods:
        made.method.add(name=name, input_type=f".{package}.{asked}", output_type=f".{package}.{told}",
                        client_streaming=asks, server_streaming=tells)
    pool = descriptor_pool.Default()
    pool.AddSerializedFile(file.SerializeToString())
    for name in messages:
        prototype = message_factory.MessageFactory(pool).GetPrototype(
            pool.FindMessageTypeByName(f"{package}.{name}"))
        symbol_database.Default().RegisterMessage(prototype)
    return pool.FindFileByName(file.name)


FILES = [
    describe("grpc.health.v1",
             {"HealthCheckRequest": [("service", 1, STRING)], "HealthCheckResponse": [("status", 1, INT32)]},
             "Health",
             [("Check", "HealthCheckRequest", "HealthCheckResponse", False, False),
              ("Watch", "HealthCheckRequest", "HealthCheckResponse", False, True)]),
    describe("grpc.reflection.v1alpha",
             {"ServerReflectionRequest": [("host", 1, STRING), ("list_services", 7, STRING)],
              "ServiceResponse": [("name", 1, STRING)],
              "ListServiceResponse": [("service", 1, "ServiceResponse")],
              "ServerReflectionResponse": [("services", 6, "ListServiceResponse")]},
             "ServerReflection",
             [("ServerReflectionInfo", "ServerReflectionRequest", "ServerReflectionResponse", True, True)]),
]
