"""What `cmake --install` leaves is all that a user of the SDK needs: the examples build against it, by
find_package and by pkg-config, and libstarling.so shows nothing of what it is made of."""

import os
import re

from harness import IntegrationTest, main, run

BUILD = os.environ["STARLING_BUILD_DIR"]
SOURCE = os.environ["STARLING_SOURCE_DIR"]


class Install(IntegrationTest):
    def setUp(self):
        super().setUp()
        self.prefix = os.path.join(self.dir, "prefix")
        self.done("cmake", "--install", BUILD, "--prefix", self.prefix)

    def done(self, *words, env=None):
        outcome = run(*words, timeout=170, env={**os.environ, **(env or {})})
        self.assertEqual(outcome.code, 0, f"{words}: {outcome}")
        return outcome.out

    def library(self):
        for folder, _, files in os.walk(self.prefix):
            if "libstarling.so" in files:
                return os.path.join(folder, "libstarling.so")
        raise AssertionError("no libstarling.so was installed")

    def test_an_outside_project_builds_and_talks(self):
        outside = os.path.join(self.dir, "outside")
        self.done("cmake", "-S", os.path.join(SOURCE, "examples"), "-B", outside, "-G", "Ninja",
                  f"-DCMAKE_PREFIX_PATH={self.prefix}")
        self.done("cmake", "--build", outside)
        self.up(3)
        hello = os.path.join(outside, "examples", "hello")
        for number in (1, 2):
            self.assertIn(f"number {number} ", self.done(hello, self.addresses()[0]))
        linked = self.done("ldd", hello)
        self.assertIn(self.prefix, linked)

    def test_pkg_config_and_an_older_standard(self):
        folder = os.path.dirname(self.library())
        flags = self.done("pkg-config", "--cflags", "--libs", "starling",
                          env={"PKG_CONFIG_PATH": os.path.join(folder, "pkgconfig")}).split()
        hello = os.path.join(self.dir, "hello")
        self.done("g++", "-std=c++17", "-Wall", "-Wextra", "-Werror",
                  os.path.join(SOURCE, "examples", "hello.cpp"), *flags, "-o", hello)
        missing = run(hello, f"127.0.0.1:{self.free_port()}",
                      env={**os.environ, "LD_LIBRARY_PATH": folder})
        self.assertEqual(missing.code, 1)
        self.assertIn("No Starling server answered", missing.err)

    def test_it_shows_only_its_own_interface(self):
        shown = self.done("nm", "-DC", "--defined-only", self.library())
        for inner in ("grpc", "google::protobuf", "starling::sdk::", "starling::v1::", "absl"):
            found = [line for line in shown.splitlines()
                     if re.search(rf"[TBDR] .*\b{inner}", line)]
            self.assertEqual(found, [], inner)
        self.assertIn("starling::Client::connect", shown)

    def test_the_headers_lean_on_nothing(self):
        include = os.path.join(self.prefix, "include")
        for name in os.listdir(os.path.join(include, "starling")):
            self.done("g++", "-std=c++17", "-fsyntax-only", "-Wall", "-Wextra", "-Werror", "-x", "c++",
                      "-I", include, "-include", f"starling/{name}", "/dev/null")
            with open(os.path.join(include, "starling", name), encoding="utf-8") as header:
                self.assertIsNone(re.search(r"grpc|protobuf|sqlite", header.read(), re.I), name)


if __name__ == "__main__":
    main()
