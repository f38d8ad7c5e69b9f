"""What goes wrong in a user's hands: nothing is left behind, nothing stalls, and the advice that is
given is right for this very cluster."""

import json
import os
import re
import shutil
import signal
import subprocess
import time

from harness import IntegrationTest, main, poll, program, run


class Mistakes(IntegrationTest):
    def fails(self, *words, code=1):
        outcome = self.ctl(*words)
        self.assertEqual(outcome.code, code, f"{words}: {outcome}")
        # Advice that is copied must act on this cluster.
        for advice in re.findall(r"clusterctl [a-z]+[^;,\n]*", outcome.err):
            if "usage:" not in outcome.err:
                self.assertIn(f"--name {self.name}", advice, outcome)
        return outcome.err

    def manifest(self):
        path = os.path.join(self.names()[self.name], "cluster.json")
        with open(path, encoding="utf-8") as file:
            return file.read()


class Membership(Mistakes):
    def test_a_failed_join_leaves_no_trace(self):
        self.up(2)
        before = self.manifest()
        self.assertIn("10.254.1.1", self.fails("join", "--address", "10.254.1.1:5690"))
        self.assertIn("others cannot reach",
                      self.fails("join", "--address", "0.0.0.0:5690", code=2))
        self.assertIn("others cannot reach", self.fails("join", "--address", "[::]:5690", code=2))
        self.assertEqual(self.manifest(), before)
        # One whose process ends before it has asked anybody.
        broken = os.path.join(self.dir, "broken")
        with open(broken, "w", encoding="utf-8") as script:
            script.write("#!/bin/sh\necho no luck today\nexit 1\n")
        os.chmod(broken, 0o700)
        self.must("up", "--starlingd", broken)
        err = self.fails("join")
        self.assertIn("no luck today", err)
        self.assertIn("nothing is left", err)
        home = self.names()[self.name]
        self.assertEqual(sorted(self.servers()), ["n1", "n2"])
        self.assertFalse(os.path.exists(os.path.join(home, "n3")))

    def test_leave_without_data_and_up_for_those_it_can(self):
        self.up(4)  # With two of them dead there is a majority, whether the fifth votes yet or not.
        joined = self.must("join", "-o", "json").json
        self._pids.add(joined["pid"])
        self.must("kill", "n5")
        home = self.names()[self.name]
        # Its address is taken: the others come up all the same.
        self.must("kill", "n3")
        shutil.rmtree(os.path.join(home, "n3", "data"))
        open(os.path.join(home, "n3", "data"), "w", encoding="utf-8").close()
        outcome = self.ctl("up", "-o", "json")
        self.assertEqual(outcome.code, 1, outcome)
        self.assertEqual(outcome.json["started"], ["n5"], outcome)
        self.assertEqual(list(outcome.json["failed"]), ["n3"], outcome)
        self.assertIn("n3 could not be started", outcome.err)
        self.status()
        self.must("kill", "n5")
        shutil.rmtree(os.path.join(home, "n5"))
        self.assertEqual(self.must("leave", "n5", "-o", "json").json["data"], "")
        self.assertEqual(sorted(self.servers()), ["n1", "n2", "n3", "n4"])

    def test_a_transfer_to_one_that_cannot_take_it_stalls_nobody(self):
        self.up(3)
        primary = self.wait_primary()
        probe, _ = self.chatting()
        probe.must("load_start", session="ada", conversation=probe.must(
            "open", session="ada", peer="bob")["conversation"], window=8)
        self.wait_acked(probe, 50)
        target = self.must("pause", "backup", "-o", "json").json["server"]
        begun = time.monotonic()
        err = self.fails("transfer", target)
        self.assertLess(time.monotonic() - begun, 3)
        self.assertIn(f"{target} is paused; resume it first: clusterctl resume {target}", err)
        # Past clusterctl, the primary itself tries it once at the most and names no one else.
        import grpc
        from starling.v1 import cluster_pb2, cluster_pb2_grpc
        servers = self.servers()
        with grpc.insecure_channel(servers[primary]["address"]) as channel:
            begun = time.monotonic()
            with self.assertRaises(grpc.RpcError) as refused:
                cluster_pb2_grpc.ClusterStub(channel).TransferPrimary(
                    cluster_pb2.TransferPrimaryRequest(server_id=int(servers[target]["id"], 16)),
                    timeout=20)
            self.assertLess(time.monotonic() - begun, 3)
            self.assertEqual(refused.exception.code(), grpc.StatusCode.FAILED_PRECONDITION)
        self.wait_acked(probe, 50)
        self.must("kill", target)
        self.assertIn("start it first", self.fails("transfer", target))
        self.must("restart", target)
        self.must("transfer", target)
        self.assertEqual(self.status()["primary"], target)
        self.stop_load(probe)


class Up(Mistakes):
    def test_a_failed_first_up_is_forgotten(self):
        home = os.path.join(self.dir, "home")
        for flags in (["--log-level", "loud"], ["--starlingd", "/nonexistent"],
                      ["--heartbeat-ms", "300", "--election-ms", "200"], ["--heartbeat-ms", "300"]):
            err = self.fails("up", "-n", "1", "--dir", home, "--base-port", "0", *flags, code=2)
            self.assertIn("usage: clusterctl up", err)
            self.assertFalse(os.path.exists(home))
        err = self.fails("up", "-n", "1", "--dir", home, "--base-port", "0", "--starlingd",
                         "/bin/true")
        self.assertNotIn("stopped again", err)
        self.assertFalse(os.path.exists(home))
        self.assertEqual(self.names(), {})
        self.must("up", "-n", "1", "--dir", home, "--base-port", "0")
        self.status()

    def test_ports_are_kept_and_said_so(self):
        port = self.free_port()
        self.must("up", "-n", "1", "--base-port", str(port))
        self.status()
        self.assertIn(str(port), self.fails("up", "--base-port", str(port + 1)))
        self.must("up", "--base-port", str(port))

    def test_a_cluster_that_was_moved(self):
        home = os.path.join(self.dir, "home")
        moved = os.path.join(self.dir, "moved")
        self.must("up", "-n", "1", "--dir", home, "--base-port", "0")
        self.status()
        os.rename(home, moved)
        for words in (["status"], ["up"], ["kill", "n1"], ["down"], ["logs", "n1"],
                      ["up", "--dir", os.path.join(self.dir, "typo")]):
            err = self.fails(*words)
            self.assertIn(f"was in {home}, which is gone", err)
            self.assertIn(f"clusterctl down --purge --name {self.name}", err)
        self.assertFalse(os.path.exists(home))
        self.must("up", "--dir", moved)
        self.must("down")
        shutil.rmtree(moved)
        self.must("down", "--purge")
        self.assertEqual(self.names(), {})

    def test_down_counts_what_it_stops_and_nothing_waits_for_nobody(self):
        self.up(3)
        self.must("kill", "n2")
        self.assertEqual(self.must("down", "-o", "json").json["stopped"], 2)
        outcome = self.must("down")
        self.assertIn("nothing was running", outcome.out)
        begun = time.monotonic()
        for words in (["kill", "primary"], ["logs", "primary"], ["join"], ["transfer", "backup"]):
            err = self.fails(*words, code=3)
            self.assertIn(f"clusterctl up --name {self.name}", err)
        self.assertLess(time.monotonic() - begun, 5)
        self.assertIn("start them", self.fails("wait", "--timeout", "100ms", code=3))
        status = self.ctl("status")
        self.assertIn(f"no server runs; start them: clusterctl up --name {self.name}", status.out)
        self.assertEqual({s["pid"] for s in self.status()["servers"]}, {0})
        self.name = "none"
        self.assertIn("there is no cluster none", self.ctl("down").err)
        self.name = "t"


class Output(Mistakes):
    PROGRAMS = ("clusterctl", "starling-bench")

    def test_errors_are_json_when_json_is_asked_for(self):
        for words in (["clusterctl", "kill", "-o", "json"], ["clusterctl", "-o", "json", "explode"],
                      ["clusterctl", "up", "-n", "none", "--output=json"],
                      ["clusterctl", "--output", "json"],
                      ["starling-bench", "send", "-o", "json"],
                      ["starling-bench", "explode", "-o", "json"],
                      ["starling-bench", "send", "--servers", "nowhere", "-o", "json"]):
            outcome = run(program(words[0]), *words[1:], env=self.env)
            self.assertEqual(outcome.code, 2, outcome)
            self.assertIs(outcome.json["ok"], False)
            self.assertTrue(outcome.json["error"])
            self.assertIn("usage: " + words[0], outcome.err)

    def test_the_bench_names_all_that_it_can_do(self):
        told = run(program("starling-bench"), env=self.env)
        self.assertEqual(told.code, 2)
        for command in ("send", "failover", "group", "store"):
            self.assertRegex(told.err.splitlines()[0], rf"which command:.* {command}\b")
        told = run(program("starling-bench"), "store", "--servers", "nowhere", env=self.env)
        self.assertEqual(told.code, 2)
        self.assertIn("is no HOST:PORT", told.err)

    def test_the_bench_holds_figures_to_limits(self):
        self.up(1)
        few = {"store": ["--messages", "1000", "--conversations", "2", "--pages", "5", "--searches", "1"],
               "group": ["--members", "3", "--connected", "2", "--seconds", "1"]}
        for command, option, figure in (("store", "--max-page-ms", "page_p95_ms"),
                                        ("group", "--max-ratio", "ratio")):
            words = [command, "--servers", self.addresses()[0], *few[command]]
            kept = run(program("starling-bench"), *words, option, "1000000", env=self.env)
            self.assertEqual(kept.code, 0, kept)
            above = run(program("starling-bench"), *words, option, "0.001", env=self.env)
            self.assertEqual(above.code, 1, above)
            self.assertIn(f"Above the limit: {figure} is ", above.err)

    def test_output_that_cannot_be_written_is_a_failure(self):
        for name in self.PROGRAMS:
            with open("/dev/full", "w", encoding="utf-8") as full:
                done = subprocess.run([program(name), "--help"], stdout=full, text=True, check=False,
                                      stderr=subprocess.PIPE, env=self.env)
            self.assertEqual(done.returncode, 1, name)
            self.assertIn(f"{name}: the output could not be written", done.stderr)
            closed = subprocess.run(["/bin/sh", "-c", f"exec {program(name)} --help >&-"], text=True,
                                    stderr=subprocess.PIPE, env=self.env, check=False)
            self.assertEqual(closed.returncode, 1, name)
            # A reader that has seen enough is nobody's failure.
            reading, writing = os.pipe()
            os.close(reading)
            gone = subprocess.run([program(name), "--help"], stdout=writing, text=True, check=False,
                                  stderr=subprocess.PIPE, env=self.env)
            os.close(writing)
            self.assertIn(gone.returncode, (0, -signal.SIGPIPE), name)
            self.assertEqual(gone.stderr, "")

    def test_a_bench_that_is_interrupted_says_so(self):
        self.up(1)
        address = self.addresses()[0]
        poll(lambda: self.health(address).time_ms, "the cluster has a time")
        time.sleep(0.3)  # And its next beat tells it.
        bench = subprocess.Popen([program("starling-bench"), "send", "--servers", address, "--seconds",
                                  "60", "--warm-up", "0", "-o", "json"], text=True,
                                 stdout=subprocess.PIPE, stderr=subprocess.PIPE, env=self.env)
        try:
            poll(lambda: self.status()["servers"][0]["last_index"] > 20, "sends arrive")
            bench.send_signal(signal.SIGINT)
            out, err = bench.communicate(timeout=20)
        finally:
            bench.kill()
            bench.wait()
        figures = json.loads(out)
        self.assertIs(figures["interrupted"], True)
        self.assertLess(figures["seconds"], 30)
        self.assertGreater(figures["acked"], 0)
        self.assertIn("interrupted after", err)
        self.assertEqual(bench.returncode, 1)


if __name__ == "__main__":
    main()
