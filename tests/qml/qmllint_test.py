"""qmllint has nothing to say of any module. Every QML file of the app is in one."""

import glob
import os
import subprocess
import unittest

BUILD = os.environ["STARLING_BUILD_DIR"]
APP = os.path.join(os.environ["STARLING_SOURCE_DIR"], "qml-client")


class QmlLint(unittest.TestCase):
    def lint(self, *words):
        done = subprocess.run([os.environ["STARLING_QMLLINT"], "--bare",
                               "-I", os.path.join(BUILD, "qml"), "-I", os.environ["STARLING_QT_QML"], *words],
                              text=True, capture_output=True, timeout=120, check=False)
        return done.returncode, done.stdout + done.stderr

    def test_modules(self):
        files = sorted(glob.glob(os.path.join(APP, "*", "*.qml")))
        self.assertGreater(len(files), 0)
        for folder in sorted({os.path.dirname(file) for file in files}):
            name = os.path.basename(folder)
            # Where the files are in the program: singletons are found by it.
            resources = sorted(glob.glob(os.path.join(BUILD, "qml-client", name, ".rcc", "*.qrc")))
            self.assertGreater(len(resources), 0, f"{name} is no module")
            mine = [file for file in files if os.path.dirname(file) == folder]
            listed = ""
            for one in resources:
                with open(one, encoding="utf-8") as text:
                    listed += text.read()
            for file in mine:
                self.assertIn(os.path.basename(file), listed, f"{file} is in no module")
            words = [word for one in resources for word in ("--resource", one)]
            self.assertEqual(self.lint(*words, *mine), (0, ""), name)

    def test_it_can_fail(self):
        wrong = os.path.join(APP, "theme", "StBadge.qml")
        # Without the module's resources the theme is not found.
        self.assertNotEqual(self.lint(wrong)[0], 0)


if __name__ == "__main__":
    unittest.main()
