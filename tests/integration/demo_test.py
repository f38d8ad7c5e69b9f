"""clusterctl demo does what it says, and cleans up after itself whatever happens."""

import glob
import os
import signal
import subprocess
import tempfile

from harness import IntegrationTest, main, poll, program


class Demo(IntegrationTest):
    def setUp(self):
        super().setUp()
        self.env["TMPDIR"] = os.path.join(self.dir, "tmp")
        os.mkdir(self.env["TMPDIR"])

    def servers_of(self, pid):
        """Processes whose data lies in the demo's directory."""
        found = []
        for path in glob.glob("/proc/[0-9]*/cmdline"):
            try:
                with open(path, "rb") as file:
                    if f"/starling-demo-{pid}/".encode() in file.read():
                        found.append(int(path.split("/")[2]))
            except OSError:
                continue
        return found

    def test_nothing_is_lost_over_two_kills(self):
        outcome = self.ctl("demo", "-o", "json", timeout=90)
        self.assertEqual(outcome.code, 0, outcome)
        report = outcome.json
        self.assertTrue(report["ok"])
        self.assertGreaterEqual(report["acknowledged"], 5000)
        for count in ("lost", "doubled", "reordered", "invented", "failed"):
            self.assertEqual(report[count], 0, report)
        self.assertEqual(len(report["kills"]), 2)
        for kill in report["kills"]:
            self.assertGreaterEqual(kill["in_flight"], 64)
            for time in ("detect_ms", "elect_ms", "first_write_ms"):
                self.assertGreaterEqual(kill[time], 0, kill)
        self.assertEqual(len(report["compared"]), 5)  # Two streams, three surviving stores.
        self.assertLess(report["seconds"], 60)
        self.assertEqual(os.listdir(self.env["TMPDIR"]), [])

    def test_ctrl_c_leaves_nothing_behind(self):
        with tempfile.TemporaryFile() as out:
            demo = subprocess.Popen([program("clusterctl"), "demo", "--messages", "1000000"],
                                    stdin=subprocess.DEVNULL, stdout=out, stderr=out, env=self.env)
            try:
                poll(lambda: len(self.servers_of(demo.pid)) == 5, "five servers run")
                demo.send_signal(signal.SIGINT)
                self.assertEqual(demo.wait(40), 1)
            finally:
                if demo.poll() is None:
                    demo.kill()
                    demo.wait()
        self.assertEqual(self.servers_of(demo.pid), [])
        self.assertEqual(os.listdir(self.env["TMPDIR"]), [])


if __name__ == "__main__":
    main()
