"""Every picture of the gallery is looked through, at 100 and at 150 percent, each of a cluster of its own
that is killed for it: nothing is cut off, covered, too faint, too small or without a glyph, no control lies
on another or is out of Tab's reach, each has a name for screen readers, and no picture is there twice."""

import os
import struct
import subprocess

from app import AppTest, main, program

SIZES = {"plain": "1", "large": "1.5"}  # The clusters, and how large the display draws.
# What Qt itself says in passing, which harms nobody: of a row that it was making when the list changed, and of
# the clock of animations, stopped by a window that is shut when none runs.
OF_QT = ("DelegateModel::cancel: index out range", "QUnifiedTimer::stopAnimationDriver: driver is not running")
KILLED = ("failover-", "read-only", "offline", "cluster-panel", "action-error", "page-error")


class Gallery(AppTest):
    def tearDown(self):
        for self.name in SIZES:
            if self.name in self.names() and self.name != list(SIZES)[-1]:
                self.ctl("down", "--purge")
        super().tearDown()

    def begin(self, folder):
        """The gallery of the present cluster."""
        words = [program("app_gallery"), self.addresses(*self.servers())[0], folder, self.name]
        child = subprocess.Popen(words, text=True, stdout=subprocess.PIPE, stderr=subprocess.PIPE,
                                 env={**os.environ, "XDG_STATE_HOME": self.env["XDG_STATE_HOME"],
                                      "XDG_RUNTIME_DIR": self.dir, "QT_SCALE_FACTOR": SIZES[self.name]})
        self.addCleanup(child.communicate)
        self.addCleanup(child.kill)
        return child

    def test_every_picture(self):
        folder = os.path.join(self.dir, "pictures")
        children = []
        for self.name in SIZES:
            self.up(5)
            children.append(self.begin(folder))
        said = "".join(child.communicate(timeout=500)[1] for child in children)
        # Findings, and what QML complains of.
        said = [line for line in said.splitlines() if not line.startswith(OF_QT)]
        self.assertEqual(said, [])
        self.assertEqual([child.returncode for child in children], [0] * len(children))
        names = sorted(os.listdir(folder))
        large = [name for name in names if name.endswith("-150.png")]
        plain = [name for name in names if name not in large]
        self.assertEqual(sorted(name.replace("-150.png", ".png") for name in large), plain)
        self.assertGreaterEqual(len(plain), 190)
        self.assertGreaterEqual(sum(name.startswith(KILLED) for name in plain), 20)
        with_twin = [name for name in plain if name.replace(".png", "-dark.png") in plain]
        alone = [name for name in plain if name not in with_twin and not name.endswith("-dark.png")]
        # With large text one size is in light, the other in dark.
        self.assertEqual([name for name in alone if not name.endswith(("-large.png", "-largest.png"))], [])
        for name in names:
            with open(os.path.join(folder, name), "rb") as file:
                size = struct.unpack(">II", file.read(24)[16:24])
            wanted = (400, 640) if name.startswith("small") else (1040, 720)
            if name in large:
                wanted = tuple(side * 3 // 2 for side in wanted)
            self.assertEqual(size, wanted, name)


if __name__ == "__main__":
    main()
