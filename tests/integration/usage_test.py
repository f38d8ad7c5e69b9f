"""Bad input to clusterctl: the right exit code, the right usage line, and nothing broken."""

import fcntl
import os
import pty
import signal
import socket
import struct
import subprocess
import termios
import time

from harness import IntegrationTest, main, program, run


class Usage(IntegrationTest):
    def refused(self, *words, code=2):
        outcome = run(program("clusterctl"), *words, env=self.env)
        self.assertEqual(outcome.code, code, f"{words}: {outcome}")
        self.assertTrue(outcome.err.startswith("clusterctl: "), outcome)
        return outcome.err

    def test_without_a_cluster(self):
        self.assertIn('unknown command "explode"', self.refused("explode"))
        self.assertIn("usage: clusterctl kill SERVER", self.refused("kill"))
        self.assertIn("usage: clusterctl kill SERVER", self.refused("kill", "n1", "--hard"))
        self.assertIn("usage: clusterctl up", self.refused("up", "-n", "none"))
        self.assertIn("usage: clusterctl join", self.refused("join", "--address", "nowhere"))
        self.assertIn("usage: clusterctl wait", self.refused("wait", "--timeout", "soon"))
        self.assertIn("clusterctl up", self.refused("status", code=1))
        self.assertIn("nothing to stop", self.refused("down", code=1))
        self.assertEqual(run(program("clusterctl"), "--help").code, 0)
        self.assertEqual(run(program("clusterctl"), "kill", "--help").code, 0)

    def test_a_port_in_use_is_named_and_nothing_is_left_behind(self):
        with socket.socket() as taken:
            taken.bind(("127.0.0.1", 0))
            taken.listen()
            port = taken.getsockname()[1]
            home = os.path.join(self.dir, "home")
            err = self.refused("up", "-n", "2", "--base-port", str(port - 1), "--dir", home,
                               "--name", self.name, code=1)
            self.assertIn(f"port {port} ", err)
            self.assertFalse(os.path.exists(home))
            self.assertNotIn(self.name, self.names())

    def test_directories_of_others_are_left_alone(self):
        home = os.path.join(self.dir, "home")
        os.mkdir(home)
        with open(os.path.join(home, "diary"), "w", encoding="utf-8") as diary:
            diary.write("dear diary")
        err = self.refused("up", "--dir", home, "--name", self.name, "--base-port", "0", code=1)
        self.assertIn("diary", err)
        self.assertEqual(os.listdir(home), ["diary"])

    def test_a_watch_keeps_to_a_narrow_terminal(self):
        self.must("up", "-n", "2", "--base-port", "0")
        master, slave = pty.openpty()
        fcntl.ioctl(slave, termios.TIOCSWINSZ, struct.pack("HHHH", 24, 40, 0, 0))
        watch = subprocess.Popen([program("clusterctl"), "status", "--watch", "--name", self.name],
                                 stdin=subprocess.DEVNULL, stdout=slave, env=self.env)
        try:
            shown = b""
            deadline = time.monotonic() + 30
            while shown.count(b"\x1b[H") < 2 and time.monotonic() < deadline:
                shown += os.read(master, 65536)
            watch.send_signal(signal.SIGINT)
            self.assertEqual(watch.wait(30), 0)
        finally:
            watch.kill()
            watch.wait()
            os.close(slave)
            os.close(master)
        lines = shown.decode().replace("\x1b[H\x1b[2J", "").split("\r\n")
        self.assertTrue(any("primary" in line for line in lines), lines)
        self.assertLessEqual(max(map(len, lines)), 40)

    def test_with_a_cluster(self):
        home = os.path.join(self.dir, "home")
        self.must("up", "-n", "2", "--dir", home, "--base-port", "0")
        self.status()
        for command in ("kill", "pause", "resume", "restart", "leave", "transfer", "logs"):
            err = self.refused(command, "n9", "--name", self.name)
            self.assertIn('"n9"', err)
            self.assertIn("n1, n2", err)
        # --dir is remembered; another one is not taken for the same cluster.
        self.assertEqual(os.path.realpath(self.names()[self.name]), os.path.realpath(home))
        err = self.refused("up", "--dir", home + "2", "--name", self.name, code=1)
        self.assertIn(home, err)
        err = self.refused("up", "--dir", home, "--name", "other", code=1)
        self.assertIn(f'"{self.name}"', err)
        # The name and the format go before and after the command's words.
        for words in (["--name", self.name, "-o", "json", "status"],
                      ["status", "-o", "json", "--name", self.name],
                      ["-o", "json", "status", "--name", self.name]):
            outcome = run(program("clusterctl"), *words, env=self.env)
            self.assertEqual(outcome.code, 0, outcome)
            self.assertEqual(outcome.json["cluster"], self.name)
        self.assertIn("quorum ok", self.must("status").out)
        self.assertIn("serves", self.must("logs", "n1").out)
        # --purge takes our files and no others.
        keepsake = os.path.join(home, "keepsake")
        open(keepsake, "w", encoding="utf-8").close()
        self.must("down", "--purge")
        self.assertEqual(os.listdir(home), ["keepsake"])
        self.assertNotIn(self.name, self.names())


class StatusShape(IntegrationTest):
    SERVER = {"name": str, "id": str, "address": str, "pid": int, "process": str, "role": str,
              "state": str, "term": int, "last_index": int, "commit_index": int,
              "applied_index": int, "lag": int, "clients": int, "state_hash": str,
              "data_bytes": int, "uptime_s": int, "member": bool, "voter": bool}

    def test_as_documented(self):
        self.up(3)
        self.wait_converged()
        status = self.status()
        self.assertEqual(list(status),
                         ["cluster", "cluster_id", "term", "primary", "quorum", "servers", "epoch"])
        self.assertEqual(status["quorum"], {"voters": 3, "up": 3, "needed": 2, "ok": True})
        for server in status["servers"]:
            self.assertEqual({k: type(v) for k, v in server.items()}, self.SERVER)
            self.assertEqual((server["process"], server["state"], server["lag"]),
                             ("running", "up", 0))
            self.assertGreater(server["data_bytes"], 0)
        self.assertEqual(len({s["state_hash"] for s in status["servers"]}), 1)
        roles = sorted(s["role"] for s in status["servers"])
        self.assertEqual(roles, ["backup", "backup", "primary"])


if __name__ == "__main__":
    main()
