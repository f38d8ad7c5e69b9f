#!/usr/bin/env python3
"""Sees every check of lint.py fail on a small sample, and pass on a clean one."""

import os
import subprocess
import sys
import tempfile
import unittest

LINT = os.path.join(os.path.dirname(os.path.abspath(__file__)), "lint.py")
STYLE = "BasedOnStyle: Google\nColumnLimit: 100\n"
GOOD_HEADER = "// What it is for.\n#pragma once\n"


def split(*halves):
    """Words that lint.py looks for, written so that it does not find them here."""
    return "".join(halves)


class LintTest(unittest.TestCase):

    def run_lint(self, check, files):
        with tempfile.TemporaryDirectory() as root:
            files = {".clang-format": STYLE, "server/core/good.h": GOOD_HEADER, **files}
            for path, text in files.items():
                full = os.path.join(root, path)
                os.makedirs(os.path.dirname(full), exist_ok=True)
                with open(full, "w", encoding="utf-8") as file:
                    file.write(text)
            run = subprocess.run([sys.executable, "-B", LINT, check, "--root", root], capture_output=True,
                                 text=True, check=False)
            return run.returncode, run.stdout + run.stderr

    def expect_clean(self, check, files):
        code, output = self.run_lint(check, files)
        self.assertEqual(code, 0, output)

    def expect_finding(self, check, path, text, wanted):
        code, output = self.run_lint(check, {path: text})
        self.assertEqual(code, 1, f"{path} was let through: {text}")
        self.assertIn(path, output)
        self.assertIn(wanted, output)
        self.assertIn(" 1 finding(s)", output)

    def test_format(self):
        self.expect_clean("format", {"sdk/src/a.cpp": "// A.\nint f() { return 1; }\n"})
        self.expect_finding("format", "sdk/src/a.cpp", "// A.\nint  f( ) {return 1;}\n", "clang-format")
        self.expect_finding("format", "tests/unit/a.h", "// A.\n#pragma once\nint * f();\n", "./run format")

    def test_a_missing_clang_format_is_a_failure(self):
        with tempfile.TemporaryDirectory() as root:
            os.makedirs(os.path.join(root, "server/core"))
            with open(os.path.join(root, "server/core/a.h"), "w", encoding="utf-8") as file:
                file.write(GOOD_HEADER)
            run = subprocess.run([sys.executable, "-B", LINT, "format", "--root", root], capture_output=True,
                                 text=True, check=False, env={"PATH": root})
            self.assertEqual(run.returncode, 1)
            self.assertIn("clang-format is not installed", run.stdout)

    def test_an_empty_tree_is_a_failure(self):
        with tempfile.TemporaryDirectory() as root:
            run = subprocess.run([sys.executable, "-B", LINT, "shape", "--root", root], capture_output=True,
                                 text=True, check=False)
            self.assertEqual(run.returncode, 1)
            self.assertIn("no sources", run.stdout)

    def test_includes_that_follow_the_arrows(self):
        self.expect_clean("includes", {
            "server/core/a.cpp": '#include "server/core/core.h"\n#include <vector>\n',
            "server/chat/a.cpp": '#include "server/sqlite/sqlite.h"\n',
            "server/storage/a.cpp": '#include "server/core/core.h"\n#include "server/sqlite/sqlite.h"\n',
            "server/transport/a.cpp": '#include "starling/v1/chat.pb.h"\n#include <grpcpp/grpcpp.h>\n',
            "server/node/a.cpp": '#include "server/transport/server.h"\n#include "spdlog/spdlog.h"\n',
            "sdk/src/a.cpp": '#include "starling/client.h"\n#include "starling/v1/chat.grpc.pb.h"\n',
            "clusterctl/a.cpp": '#include "starling/client.h"\n#include <CLI/CLI.hpp>\n',
            "tests/sim/a.cpp": '#include "server/core/core.h"\n#include "starling/client.h"\n',
            "build/dev/x.cpp": '#include "anything.h"\n',
        })

    def test_includes_against_the_arrows(self):
        cases = [
            ("server/core/a.h", '"server/chat/store.h"'),
            ("server/core/a.h", '"server/storage/storage.h"'),
            ("server/sqlite/a.h", '"server/core/core.h"'),
            ("server/chat/a.cpp", '"server/core/core.h"'),
            ("server/storage/a.cpp", '"server/chat/store.h"'),
            ("server/transport/a.cpp", '"server/storage/storage.h"'),
            ("server/transport/a.cpp", '"server/sqlite/sqlite.h"'),
            ("server/transport/a.cpp", '"server/node/node.h"'),
            ("server/core/a.cpp", '"starling/v1/peer.pb.h"'),
            ("server/node/a.cpp", '"starling/v1/peer.pb.h"'),
            ("server/node/a.cpp", "<grpcpp/grpcpp.h>"),
            ("server/node/a.cpp", '"sdk/src/outbox.h"'),
            ("sdk/src/a.cpp", '"server/core/core.h"'),
            ("clusterctl/a.cpp", '"sdk/src/outbox.h"'),
            ("clusterctl/a.cpp", '"starling/v1/chat.pb.h"'),
            ("clusterctl/a.cpp", "<google/protobuf/message.h>"),
            ("bench/a.cpp", '"clusterctl/ledger.h"'),
            ("bench/a.cpp", "<grpcpp/grpcpp.h>"),
            ("examples/a.cpp", '"server/core/core.h"'),
            ("server/chat/a.cpp", "<sodium.h>"),
            ("server/storage/a.cpp", "<spdlog/spdlog.h>"),
            ("server/node/a.cpp", '"loop.h"'),
        ]
        for path, name in cases:
            self.expect_finding("includes", path, f"#include {name}\n", name.strip('"<>'))

    def test_pure_layers(self):
        for name in ("thread", "chrono", "random", "fstream", "ctime", "future"):
            for folder in ("server/core", "server/chat"):
                self.expect_finding("includes", f"{folder}/a.cpp", f"#include <{name}>\n", "deterministic")
        for name in ("mutex", "atomic", "condition_variable", "filesystem"):
            self.expect_finding("includes", "server/core/a.cpp", f"#include <{name}>\n", "deterministic")
            self.expect_clean("includes", {"server/chat/a.cpp": f"#include <{name}>\n"})
        self.expect_clean("includes", {"server/node/a.cpp": "#include <thread>\n#include <chrono>\n"})

    def test_public_headers(self):
        for name in ("<grpcpp/channel.h>", '"starling/v1/chat.pb.h"', "<google/protobuf/message.h>",
                     "<sqlite3.h>"):
            self.expect_finding("includes", "sdk/include/starling/a.h", f"#include {name}\n", "public SDK")

    def test_platform(self):
        self.expect_clean("platform", {
            "server/sqlite/a.cpp": "#include <sqlite3.h>\nint f() { return sqlite3_open(0, 0); }\n",
            "tests/lib/fault_vfs.cpp": "#include <sqlite3.h>\nint f() { return sqlite3_open(0, 0); }\n",
            "server/storage/platform.cpp": "#include <unistd.h>\n#include <sys/file.h>\n",
            "tests/unit/lock_platform_test.cpp": "#include <sys/wait.h>\n",
            "server/node/signals.cpp": "#include <csignal>\n",
        })
        for name in ("unistd.h", "fcntl.h", "sys/stat.h", "pthread.h", "arpa/inet.h", "signal.h", "poll.h"):
            for path in ("server/storage/log.cpp", "tests/unit/a_test.cpp", "clusterctl/a.cpp"):
                self.expect_finding("platform", path, f"#include <{name}>\n", name)
        self.expect_finding("platform", "server/chat/a.cpp", "#include <sqlite3.h>\n", "server/sqlite alone")
        self.expect_finding("platform", "tests/unit/a.cpp", "  sqlite3_step(s);\n", "server/sqlite alone")

    def test_qml_texts_are_plain(self):
        plain = "// Text { }\nItem {\n  Text {\n    text: \"}\"\n    textFormat: Text.PlainText\n  }\n"
        self.expect_clean("qml", {
            "qml-client/a/A.qml": plain + "  T.TextArea.flickable: T.TextArea {\n"
                                          "    textFormat: TextEdit.PlainText\n  }\n  StTextField {}\n}\n",
            "tests/qml/A.qml": "Text {}\n",
        })
        for text in ("Text {}", "Item {\n TextEdit { id: a }\n}", "T.Label { text: a }", "contentItem: Text {\n}",
                     "Text { Text { textFormat: Text.PlainText } }", "Text { // textFormat: Text.PlainText\n}",
                     "Text { text: 'textFormat: Text.PlainText' }"):
            self.expect_finding("qml", "qml-client/a/A.qml", text + "\n", "PlainText")
        for name in ("RichText", "StyledText", "AutoText", "MarkdownText"):
            self.expect_finding("qml", "qml-client/a/A.qml",
                                f"Text {{ textFormat: Text.PlainText; onX: textFormat = Text.{name} }}\n", "markup")
        self.expect_finding("qml", "qml-client/a/A.qml", "Item {\n  Image { source: a }\n}\n", "A.qml:2")

    def test_names_in_qml_sentences(self):
        self.expect_clean("qml", {
            "qml-client/a/A.qml": "Item {\n  a: Sentences.shown(qsTr(\"%1 (you)\"), [row.displayName])\n"
                                  "  b: qsTr(\"%1 new\").arg(count)\n}\n",
            "tests/qml/A.qml": "Item { a: b.arg(title) }\n",
        })
        for name in ("title", "row.displayName", "form.account.name", "field.text", "line.reason", "form.hereTitle"):
            self.expect_finding("qml", "qml-client/a/A.qml", f"Item {{ a: qsTr(\"%1\").arg({name}) }}\n", "Sentences")

    def test_links(self):
        self.expect_clean("links", {
            "server/core/CMakeLists.txt": "starling_layer(NAME core)\n",
            "server/storage/CMakeLists.txt":
                "starling_layer(NAME storage DEPENDS starling_core PRIVATE starling_sqlite)\n",
            "server/node/CMakeLists.txt":
                "starling_layer(NAME node EXCLUDE main.cpp DEPENDS starling_core\n  PRIVATE spdlog::spdlog)\n"
                "# target_link_libraries(starlingd PRIVATE starling_sdk)\n",
            "tests/CMakeLists.txt": "target_link_libraries(a PRIVATE starling_core starling_sdk)\n",
        })
        cases = [
            ("server/core", "starling_layer(NAME core DEPENDS starling_sqlite)", "starling_sqlite"),
            ("server/core", "starling_layer(NAME core PRIVATE Threads::Threads)", "Threads::Threads"),
            ("server/chat", "starling_layer(NAME chat DEPENDS\n starling_sqlite starling_core)", "starling_core"),
            ("server/storage", "starling_layer(NAME storage DEPENDS starling_core EXCLUDE a.cpp PRIVATE gRPC::grpc++)",
             "gRPC::grpc++"),
            ("server/node", "target_link_libraries(starlingd PRIVATE starling_proto)", "starling_proto"),
            ("sdk", "target_link_libraries(starling_sdk PUBLIC starling_core)", "starling_core"),
            ("clusterctl", "target_link_libraries(clusterctl PRIVATE starling_node)", "starling_node"),
            ("bench", "target_link_libraries(starling-bench PRIVATE gRPC::grpc++)", "gRPC::grpc++"),
            ("sdk", "link_libraries(x)", "hides"),
        ]
        for layer, text, wanted in cases:
            self.expect_finding("links", f"{layer}/CMakeLists.txt", text + "\n", wanted)

    def test_marks(self):
        words = (split("TO", "DO"), split("FIX", "ME"), split("XX", "X"), split("HA", "CK"),
                 split("place", "holder"), split("stu", "b"), split("for ", "now"))
        for word in words:
            self.expect_finding("marks", "server/core/a.cpp", f"// {word}: later\n", word)
            self.expect_finding("marks", "docs/a.md", f"One {word.lower()} here.\n", word.lower())
        generated = split("Peer::New", "Stub(channel); stu", "b_->Send();")
        self.expect_clean("marks", {"server/transport/a.cpp": f"// A.\nauto s = {generated}\n"})

    def test_shape(self):
        self.expect_clean("shape", {"tests/a.py": '#!/usr/bin/env python3\n"""What."""\n'})
        self.expect_finding("shape", "sdk/src/a.cpp", "#include <vector>\n", "first line")
        self.expect_finding("shape", "sdk/src/a.h", "#pragma once\n// Late.\n", "first line")
        self.expect_finding("shape", "sdk/src/a.h", "// A.\nint f();\n", "#pragma once")
        self.expect_finding("shape", "sdk/src/a.cpp", "", "empty")
        self.expect_finding("shape", "sdk/src/a.cpp", "// A.\nint f();", "no end")
        self.expect_finding("shape", "sdk/src/a.cpp", "// A.\n" * 451, "451 lines")
        self.expect_clean("shape", {"sdk/src/a.cpp": "// A.\n" * 450})

    def test_motion(self):
        theme = {"qml-client/theme/Theme.qml":
                 "QtObject {\n    readonly property int quick: 120\n    readonly property int slow: 201\n"
                 "    readonly property int twice: 120 * 2\n}\n"}
        row = "qml-client/people/Row.qml"
        well = ("Item {\n    NumberAnimation on x { duration: Theme.quick; to: 3 }\n    SequentialAnimation {\n"
                "        PauseAnimation {\n            duration: Theme.slow\n        }\n"
                "        ColorAnimation {\n            duration: 0 // At once.\n        }\n    }\n"
                "    ListView {\n        highlightMoveDuration: Theme.quick\n        delegate: Row {}\n    }\n"
                "    ListView {\n        highlightFollowsCurrentItem: false\n    }\n}\n")
        self.expect_clean("motion", {**theme, row: well})
        for text, wanted in (
                ("NumberAnimation { duration: 150 }", "not 150"),
                ("NumberAnimation { duration: Theme.slow }", "Theme.slow is not a number"),
                ("NumberAnimation { duration: Theme.twice }", "Theme.twice is not a number"),
                ("NumberAnimation { duration: Theme.quick * 9 }", "not Theme.quick * 9"),
                ("Item { onXChanged: fading.duration = 900 }", "not 900"),
                ("Behavior on x { NumberAnimation {} }", "takes 250 ms"),
                ("OpacityAnimator { target: a }", "takes 250 ms"),
                ("PauseAnimation { duration: 900 }", "not 900"),
                ("SmoothedAnimation { velocity: 9 }", "as long as it likes"),
                ("ListView { delegate: Row { ListView { highlightMoveDuration: 0 } } }", "glides"),
                ("ListView { highlightMoveDuration: 250 }", "not 250")):
            code, output = self.run_lint("motion", {**theme, row: text + "\n"})
            self.assertEqual(code, 1, text)
            self.assertIn(wanted, output)
            self.assertIn(" 1 finding(s)", output)

    def test_skips(self):
        self.expect_clean("skips", {"tests/unit/a_test.cpp": "TEST(A, B) {}\n"})
        for text in (split("GTEST", "_SKIP();"), split("TEST(A, DISABLED", "_B) {}"),
                     split("TEST(DISABLED", "_A, B) {}")):
            self.expect_finding("skips", "tests/unit/a_test.cpp", text + "\n", "skipped or disabled")
        for text in (split("@pytest.mark.", "skip"), split("@unittest.", "skip('x')"),
                     split("@pytest.mark.", "xfail")):
            self.expect_finding("skips", "tests/python/a_test.py", text + "\n", "skipped or disabled")

    def test_components(self):
        part = {"qml-client/theme/StTab.qml": "Item {}\n"}
        test = {"tests/qml/components/tst_StTabs.qml":
                    'ComponentTest {\n    name: "StTabs, StX"\n    StTabs {}\n    StX {}\n}\n'}
        self.expect_clean("components", {
            "qml-client/theme/StTabs.qml": "Item {}\n", "qml-client/theme/StX.qml": "Item {}\n",
            "qml-client/app/Main.qml": "Item {}\n", **part, **test})
        self.expect_finding("components", "qml-client/theme/StNew.qml", "Item {}\n", "no test names StNew")
        self.expect_finding("components", *list(part.items())[0], "a part of StTabs, which has no test")
        self.expect_finding("components", "tests/qml/components/tst_A.qml", "ComponentTest {}\n", "which components")
        self.expect_finding("components", "tests/qml/components/tst_A.qml",
                            'ComponentTest {\n    name: "StA"\n}\n', "shows none")
        code, output = self.run_lint("components", {
            **part, "tests/qml/components/tst_StTab.qml": 'ComponentTest {\n    name: "StTab"\n    StTab {}\n}\n'})
        self.assertEqual(code, 1)
        self.assertIn("needs no exception", output)


if __name__ == "__main__":
    unittest.main()
