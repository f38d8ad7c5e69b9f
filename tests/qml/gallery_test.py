"""Every picture of the gallery is looked through, at 100 and at 150 percent: nothing is cut off, too
faint, too small or without a glyph, no control lies on another or is out of Tab's reach, each has a
name for screen readers, and no picture is there twice."""

import os
import struct
import subprocess

from app import AppTest, main, program


class Gallery(AppTest):
    def take(self, *words, **environment):
        folder = os.path.join(self.dir, "pictures")
        address = self.addresses(*self.servers())[0]
        done = subprocess.run([program("app_gallery"), address, folder, *words], text=True, capture_output=True,
                              timeout=280, check=False,
                              env={**os.environ, "XDG_STATE_HOME": self.env["XDG_STATE_HOME"],
                                   "XDG_RUNTIME_DIR": self.dir, **environment})
        self.assertNotIn("qrc:", done.stderr)  # Where QML complains.
        self.assertEqual((done.returncode, done.stderr), (0, ""))
        return folder

    def test_every_picture(self):
        self.up(5)
        self.take(QT_SCALE_FACTOR="1.5")
        folder = self.take(self.name)
        names = sorted(os.listdir(folder))
        large = [name for name in names if name.endswith("-150.png")]
        failover = [name for name in names if name.startswith(("failover-", "read-only", "offline", "cluster-"))]
        self.assertGreaterEqual(len(large), 20)
        self.assertGreaterEqual(len(failover), 10)
        self.assertGreaterEqual(len(names), 40 + len(large))
        for name in names:
            with open(os.path.join(folder, name), "rb") as file:
                size = struct.unpack(">II", file.read(24)[16:24])
            wanted = (400, 640) if name.startswith("small") else (1040, 720)
            if name in large:
                wanted = tuple(side * 3 // 2 for side in wanted)
            self.assertEqual(size, wanted, name)


if __name__ == "__main__":
    main()
