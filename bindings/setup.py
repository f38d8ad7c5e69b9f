"""Builds the C++ half of the package with CMake; everything else stands in pyproject.toml."""

import os
import shutil
import subprocess
import sys

from setuptools import Extension, setup
from setuptools.command.build_ext import build_ext

SOURCE = os.path.dirname(os.path.dirname(os.path.abspath(__file__)))


class CMakeBuild(build_ext):
    """Configures the checkout in a folder of its own and builds the one target. A build tree that
    STARLING_BUILD_DIR names is used as it is instead."""

    def build_extension(self, ext):
        tree = os.environ.get("STARLING_BUILD_DIR")
        if not tree:
            tree = os.path.abspath(self.build_temp)
            os.makedirs(tree, exist_ok=True)
            generator = ["-G", "Ninja"] if shutil.which("ninja") else []
            self.run_cmake("-S", SOURCE, "-B", tree, *generator, "-DCMAKE_BUILD_TYPE=Release",
                           "-DSTARLING_TESTS=OFF", "-DSTARLING_BINDINGS=ON",
                           f"-DPython_EXECUTABLE={sys.executable}")
        jobs = [f"-j{self.parallel}"] if self.parallel else [f"-j{os.cpu_count() or 1}"]
        self.run_cmake("--build", tree, "--target", "starling_python", *jobs)
        target = self.get_ext_fullpath(ext.name)
        os.makedirs(os.path.dirname(target), exist_ok=True)
        shutil.copyfile(os.path.join(tree, "python", "starling", os.path.basename(target)), target)

    @staticmethod
    def run_cmake(*words):
        if shutil.which("cmake") is None:
            sys.exit("starling is built with CMake: docs/python.md names the packages it needs.")
        done = subprocess.run(["cmake", *words], check=False)
        if done.returncode != 0:
            sys.exit("CMake failed, as it says above; docs/python.md names the packages needed.")


setup(ext_modules=[Extension("starling._core", sources=[])], cmdclass={"build_ext": CMakeBuild})
