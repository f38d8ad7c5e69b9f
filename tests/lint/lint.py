#!/usr/bin/env python3
"""Checks of Starling's own sources that no compiler makes. Usage: lint.py CHECK [--root DIR]

CHECK is one of the names in CHECKS below, or self-test. Each finding is one line
"path:line: what is wrong"; the exit code is 0 when there is none, else 1. Standard library only.
"""

import argparse
import os
import re
import shutil
import subprocess
import sys

import lint_qml

CODE_FOLDERS = ("server", "sdk", "clusterctl", "bench", "examples", "tests", "bindings", "qml-client")
FILE_LINES_MAX = 450

# ---- The arrows between the layers (DESIGN section 3) ---------------------------------------------
# A layer is a folder; the longest prefix that fits a file names its layer. `includes` are the
# prefixes of quoted includes that it may use: itself, then the layers that it may know.
# `targets` are the names in its CMakeLists.txt that it may link.

WIRE = "starling/v1/"
PUBLIC_SDK = ("starling/",)
SERVER = ("server/core/", "server/sqlite/", "server/chat/", "server/search/", "server/presence/", "server/storage/",
          "server/transport/")

LAYERS = {
    "server/core": {"includes": ("server/core/",), "targets": ()},
    "server/sqlite": {"includes": ("server/sqlite/",), "targets": ("SQLite::SQLite3",)},
    "server/chat": {"includes": ("server/chat/", "server/sqlite/"), "targets": ("starling_sqlite",)},
    "server/search": {
        "includes": ("server/search/", "server/chat/", "server/sqlite/"),
        "targets": ("starling_chat", "starling_sqlite"),
    },
    "server/presence": {"includes": ("server/presence/",), "targets": ()},
    "server/storage": {
        "includes": ("server/storage/", "server/core/", "server/sqlite/"),
        "targets": ("starling_core", "starling_sqlite"),
    },
    "server/transport": {
        "includes": ("server/transport/", "server/core/", "server/chat/", "server/search/", "server/presence/", WIRE),
        "targets": ("starling_core", "starling_chat", "starling_search", "starling_presence", "starling_proto", "gRPC::*",
                    "PkgConfig::SODIUM",
                    "spdlog::*", "Threads::Threads"),
    },
    "server/node": {
        "includes": SERVER + ("server/node/",),
        "targets": ("starling_core", "starling_sqlite", "starling_chat", "starling_search", "starling_storage",
                    "starling_transport", "starling_node", "spdlog::*", "CLI11::*", "Threads::Threads"),
    },
    "sdk": {
        "includes": PUBLIC_SDK + ("sdk/src/", "server/sqlite/", WIRE),  # For the outbox's file.
        "targets": ("starling_sqlite", "starling_proto", "gRPC::*", "protobuf::*", "Threads::Threads"),
    },
    "clusterctl": {
        "includes": PUBLIC_SDK + ("clusterctl/",),
        "targets": ("starling_sdk", "starling::sdk", "starling_clusterctl_lib", "CLI11::*",
                    "nlohmann_json::*", "Threads::Threads"),
    },
    "bench": {
        "includes": PUBLIC_SDK + ("bench/",),
        "targets": ("starling_sdk", "starling::sdk", "CLI11::*", "nlohmann_json::*", "Threads::Threads"),
    },
    "examples": {
        "includes": PUBLIC_SDK + ("examples/",),
        "targets": ("starling_sdk", "starling::sdk", "Threads::Threads"),
    },
    "bindings": {
        "includes": PUBLIC_SDK + ("bindings/",),
        "targets": ("starling_sdk", "starling::sdk", "pybind11::*", "Threads::Threads"),
    },
    "qml-client": {
        "includes": PUBLIC_SDK + ("qml-client/",),
        "targets": ("starling_sdk", "starling::sdk", "starling_app_*", "Qt6::*", "Threads::Threads"),
    },
}
# What any target may link: warnings.
COMMON_TARGETS = ("starling_warnings",)
# Headers of libraries and the layers that may use them.
LIBRARIES = {
    "spdlog/": ("server/transport", "server/node"),
    "sodium": ("server/transport",),
    "CLI/": ("server/node", "clusterctl", "bench"),
    "nlohmann/": ("clusterctl", "bench"),
    "pybind11/": ("bindings",),
}

# The deterministic layers may not see time, chance or threads (DESIGN 4.1, R4.6). The core and the presence table
# see no lock and no file either; the chat store has readers on other threads and a database file.
IMPURE = {"thread", "future", "stop_token", "semaphore", "latch", "barrier", "chrono", "ctime", "random",
          "fstream", "iostream", "csignal", "time.h", "signal.h", "stdio.h"}
LOCKS_FILES = {"mutex", "shared_mutex", "condition_variable", "atomic", "filesystem"}
PURE_LAYERS = {
    "server/core": IMPURE | LOCKS_FILES,
    "server/presence": IMPURE | LOCKS_FILES,
    "server/chat": IMPURE,
}

POSIX_HEADER = re.compile(
    r"^(sys/|arpa/|netinet/|net/|linux/|asm/|"
    r"(unistd|fcntl|poll|dirent|dlfcn|pthread|sched|semaphore|spawn|termios|pwd|grp|netdb|ifaddrs|glob|"
    r"fnmatch|ftw|syslog|utime|wordexp|strings|regex|mqueue|aio|signal|pty|execinfo|langinfo|libgen|"
    r"ucontext|sysexits|err|getopt)\.h$)")
SQLITE_HEADER = re.compile(r"^sqlite3(ext)?\.h$")
WIRE_HEADER = re.compile(r"^(grpc|grpc\+\+|grpcpp|google/protobuf|absl)/|^starling/v1/|\.pb\.h$")

INCLUDE = re.compile(r'^\s*#\s*include\s*([<"])([^>"]+)[>"]')

# In two halves, so that this file passes its own check.
MARKS = re.compile(r"\b(" + "|".join(("TO" "DO", "FIX" "ME", "XX" "X", "HA" "CK", "place" "holder", "stu" "b",
                                      "for " "now")) + r")\b", re.IGNORECASE)
# gRPC gives its generated client a name that is such a word; code that uses the wire may say it.
CLIENT_OF_GRPC = re.compile(r"New" r"Stub|\bStu" r"b\b|\bstu" r"b(?=\s*(->|\.\w|[(=,)']|;))")
WIRE_CODE = ("server/transport/", "sdk/src/", "tests/")
SKIPS = re.compile(r"GTEST" r"_SKIP|DISABLED" r"_|pytest\.mark\.(skip|xfail)|unittest\.sk" r"ip|@sk" r"ip\b|"
                   r"PROPERTIES[^)]*\bDISABLED\b")


class Tree:
    """The files of a source tree, as paths relative to its root."""

    def __init__(self, root):
        self.root = os.path.abspath(root)
        self.files = []
        for folder, folders, names in os.walk(self.root):
            relative = os.path.relpath(folder, self.root)
            relative = "" if relative == "." else relative + "/"
            # Build trees, wherever they are, and hidden folders are not ours to judge.
            folders[:] = sorted(
                name for name in folders
                if not name.startswith(".") and name != "__pycache__" and
                not (relative == "" and name.startswith("build")) and
                not os.path.exists(os.path.join(folder, name, "CMakeCache.txt")))
            self.files += [relative + name for name in sorted(names)]

    def code(self):
        return [path for path in self.files
                if path.endswith((".h", ".cpp")) and path.split("/")[0] in CODE_FOLDERS]

    def named(self, name):
        return [path for path in self.files if os.path.basename(path) == name]

    def text(self, path):
        with open(os.path.join(self.root, path), encoding="utf-8") as file:
            return file.read()

    def includes(self, path):
        """(line number, True for <>, name) of each include."""
        for number, line in enumerate(self.text(path).splitlines(), 1):
            match = INCLUDE.match(line)
            if match:
                yield number, match.group(1) == "<", match.group(2)


def layer_of(path):
    fitting = [layer for layer in LAYERS if path.startswith(layer + "/")]
    return max(fitting, key=len) if fitting else None


# ---- The checks: each yields findings -------------------------------------------------------------


def check_format(tree):
    """clang-format changes nothing."""
    program = shutil.which("clang-format") or shutil.which("clang-format-14")
    if program is None:
        yield "clang-format is not installed; ./run setup (or apt-get install clang-format) brings it"
        return
    files = tree.code()
    for start in range(0, len(files), 50):
        run = subprocess.run([program, "--dry-run", "-Werror", "--ferror-limit=1", *files[start:start + 50]],
                             cwd=tree.root, capture_output=True, text=True, check=False)
        if run.returncode == 0:
            continue
        lines = [line for line in run.stderr.splitlines() if "error:" in line]
        for line in lines or run.stderr.splitlines():
            yield line + "  (./run format mends it)"


def check_includes(tree):
    """Quoted includes follow the arrows between the layers; the pure layers see nothing impure."""
    for path in tree.code():
        layer = layer_of(path)
        if layer is None:  # Tests may cross layers.
            continue
        rules = LAYERS[layer]
        for number, angled, name in tree.includes(path):
            if ".." in name.split("/"):
                yield f"{path}:{number}: {name}: includes are written from the repository's root"
            wire = WIRE_HEADER.search(name)
            if wire and WIRE not in rules["includes"]:
                yield f"{path}:{number}: {layer} must not know the wire or gRPC ({name})"
            library = next((prefix for prefix in LIBRARIES if name.startswith(prefix)), None)
            if library and layer not in LIBRARIES[library]:
                yield f"{path}:{number}: {layer} must not use the library of {name}"
            elif not (angled or wire or library or name.startswith(rules["includes"])):
                yield f"{path}:{number}: {layer} must not include {name}; it may: {', '.join(rules['includes'])}"
            if name in PURE_LAYERS.get(layer, ()):
                yield f"{path}:{number}: {layer} is deterministic and must not include <{name}>"
            if path.startswith("sdk/include/") and (wire or "sqlite" in name or name.startswith("sdk/src/")):
                yield f"{path}:{number}: the public SDK headers show nobody {name}"


def may_call_sqlite(path):
    """The wrapper, and the disk with faults that the tests put below SQLite."""
    return path.startswith("server/sqlite/") or path == "tests/lib/fault_vfs.cpp"


def check_platform(tree):
    """sqlite3.h only in server/sqlite; POSIX headers only in files named platform."""
    for path in tree.code():
        base = os.path.basename(path)
        for number, _, name in tree.includes(path):
            if SQLITE_HEADER.match(name) and not may_call_sqlite(path):
                yield f"{path}:{number}: {name} belongs to server/sqlite alone; use its wrapper"
            if POSIX_HEADER.match(name) and "platform" not in base:
                yield f"{path}:{number}: <{name}> is for files with platform in their name"
        if not may_call_sqlite(path):
            for number, line in enumerate(tree.text(path).splitlines(), 1):
                if re.search(r"\bsqlite3_\w+\s*\(", line) and not line.lstrip().startswith("//"):
                    yield f"{path}:{number}: SQLite is called through server/sqlite alone"


def cmake_calls(text):
    """(line number, command, arguments) of each call; comments and quotes taken off."""
    text = re.sub(r"#[^\n]*", "", text)
    for match in re.finditer(r"\b(\w+)\s*\(", text):
        depth, at = 1, match.end()
        while at < len(text) and depth:
            depth += {"(": 1, ")": -1}.get(text[at], 0)
            at += 1
        arguments = re.split(r"\s+", text[match.end():at - 1].replace('"', " ").strip())
        yield text.count("\n", 0, match.start()) + 1, match.group(1), arguments


LINK_WORDS = {"PUBLIC", "PRIVATE", "INTERFACE", "DEPENDS"}


def linked(command, arguments):
    """What a CMake call links, or nothing."""
    if command == "target_link_libraries":
        return [word for word in arguments[1:] if word not in LINK_WORDS]
    if command != "starling_layer":
        return []
    names, taking = [], False
    for word in arguments:
        if word in ("NAME", "EXCLUDE"):
            taking = False
        elif word in LINK_WORDS:
            taking = True
        elif taking:
            names.append(word)
    return names


def check_links(tree):
    """The CMake targets of a layer link only what its arrows allow."""
    for path in tree.named("CMakeLists.txt"):
        layer = layer_of(path)
        if layer is None:
            continue
        allowed = LAYERS[layer]["targets"] + COMMON_TARGETS
        for number, command, arguments in cmake_calls(tree.text(path)):
            if command == "link_libraries":
                yield f"{path}:{number}: link_libraries() hides who links what"
            for name in linked(command, arguments):
                fits = any(name == one or (one.endswith("*") and name.startswith(one[:-1])) for one in allowed)
                if not fits:
                    yield f"{path}:{number}: {layer} must not link {name}; it may: {', '.join(allowed)}"


def judged(tree):
    """Everything that people wrote and that is text."""
    endings = (".h", ".cpp", ".py", ".proto", ".sh", ".txt", ".cmake", ".md", ".qml", ".pyi", ".json", ".yml")
    return [path for path in tree.files if path.endswith(endings) or path in ("run", ".ci/run")]


def check_marks(tree):
    """No words of unfinished work."""
    for path in judged(tree):
        for number, line in enumerate(tree.text(path).splitlines(), 1):
            if path.startswith(WIRE_CODE) and path.endswith((".h", ".cpp", ".py")):
                line = CLIENT_OF_GRPC.sub("", line)
            found = MARKS.search(line)
            if found:
                yield f"{path}:{number}: finish it or file it: \"{found.group(0)}\""


def check_shape(tree):
    """Short files that begin by saying what they are for."""
    for path in tree.code() + [path for path in tree.files if path.endswith((".py", ".proto"))]:
        text = tree.text(path)
        lines = text.splitlines()
        if len(lines) > FILE_LINES_MAX:
            yield f"{path}:{FILE_LINES_MAX}: {len(lines)} lines; at most {FILE_LINES_MAX}: split it"
        if not lines:
            yield f"{path}:1: the file is empty"
            continue
        first = lines[1] if lines[0].startswith("#!") and len(lines) > 1 else lines[0]
        if not first.startswith(("//", "/*", "#", '"""')) or first.startswith(("#include", "#pragma", "#if")):
            yield f"{path}:1: the first line has to say what the file is for"
        if path.endswith(".h") and "#pragma once" not in lines:
            yield f"{path}:1: a header needs #pragma once"
        if not text.endswith("\n"):
            yield f"{path}:{len(lines)}: the last line has no end"


def check_skips(tree):
    """Every test runs."""
    for path in tree.files:
        if not path.startswith(("tests/", "bindings/")) or not path.endswith((".h", ".cpp", ".py", ".txt")):
            continue
        for number, line in enumerate(tree.text(path).splitlines(), 1):
            found = SKIPS.search(line)
            if found:
                yield f"{path}:{number}: no test is skipped or disabled ({found.group(0)})"


CHECKS = {
    "components": lint_qml.check_components,
    "format": check_format,
    "includes": check_includes,
    "platform": check_platform,
    "qml": lint_qml.check_qml,
    "links": check_links,
    "motion": lint_qml.check_motion,
    "marks": check_marks,
    "shape": check_shape,
    "skips": check_skips,
}


def main():
    here = os.path.dirname(os.path.abspath(__file__))
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("check", choices=sorted(CHECKS), help="which check to make")
    parser.add_argument("--root", default=os.path.join(here, "..", ".."), help="the source tree")
    arguments = parser.parse_args()
    tree = Tree(arguments.root)
    if not tree.code():
        print(f"lint: no sources below {tree.root}")
        return 1
    findings = list(CHECKS[arguments.check](tree))
    for finding in findings:
        print(finding)
    print(f"lint {arguments.check}: {len(findings)} finding(s) in {len(tree.files)} files")
    return 1 if findings else 0


if __name__ == "__main__":
    sys.exit(main())
