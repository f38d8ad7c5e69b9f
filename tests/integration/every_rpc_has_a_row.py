#!/usr/bin/env python3
"""A step of the build: stops it when an RPC has no row in a table of who may call it, or a row no RPC.

usage: every_rpc_has_a_row.py DESCRIPTORS TABLE...

DESCRIPTORS is what `protoc --descriptor_set_out` makes of the proto files; the tables name their rows
"Service/Method". gRPC's own services, which every server answers too, are not in our proto files: their rows
are wanted as well."""

import re
import sys

from google.protobuf import descriptor_pb2

OF_GRPC = {"Health/Check", "Health/Watch", "ServerReflection/ServerReflectionInfo"}
# Row("Chat/LogIn", ...) in Python, {"Chat/LogIn", {Access::kOpen, ...}} in C++.
ROW = {".py": re.compile(r'\bRow\("(\w+/\w+)"'), ".h": re.compile(r'\{"(\w+/\w+)",\s*\{Access::')}
COMMENT = re.compile(r"^\s*(#(?!include)|//).*$", re.MULTILINE)


def rpcs(path):
    with open(path, "rb") as file:
        files = descriptor_pb2.FileDescriptorSet.FromString(file.read()).file
    return OF_GRPC | {f"{service.name}/{method.name}"
                      for file in files for service in file.service for method in service.method}


def rows(path):
    with open(path, encoding="utf-8") as file:
        return set(ROW[path[path.rindex("."):]].findall(COMMENT.sub("", file.read())))


def main():
    wanted = rpcs(sys.argv[1])
    complaints = []
    for path in sys.argv[2:]:
        have = rows(path)
        complaints += [f"{path}: the RPC {name} has no row. Say there who may call it, and what everybody else "
                       "is to be answered." for name in sorted(wanted - have)]
        complaints += [f"{path}: there is no RPC {name} for its row." for name in sorted(have - wanted)]
    print("\n".join(complaints), end="\n" if complaints else "", file=sys.stderr)
    return 1 if complaints else 0


if __name__ == "__main__":
    sys.exit(main())
