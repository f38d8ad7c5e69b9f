"""starlingd meets addresses and directories that are not what it needs: a clear error, nothing lost."""

import os
import shutil
import socket
import threading

from harness import IntegrationTest, main, poll, program, run


class Directories(IntegrationTest):
    def fails(self, *words, timeout=60):
        process = self.starlingd(*words, log=f"fails-{len(self._processes)}.log")
        code = process.wait_exit(timeout)
        self.assertIn(code, (1, 2), process.text())
        return process.text()

    def listen(self):
        return ["--listen", f"127.0.0.1:{self.free_port()}"]

    def data(self, server, name=None):
        return os.path.join(self.names()[name or self.name], server, "data")

    def test_locked_by_a_live_process(self):
        self.up(1)
        text = self.fails("--data", self.data("n1"), *self.listen())
        self.assertIn("in use", text)
        self.assertTrue(self.status()["quorum"]["ok"])

    def test_a_port_in_use(self):
        self.up(1)
        address = self.addresses()[0]
        text = self.fails("--data", os.path.join(self.dir, "new"), "--listen", address)
        self.assertIn(address.rsplit(":", 1)[1], text)

    def test_of_another_cluster(self):
        self.up(1)
        ours, home = self.addresses()[0], self.data("n1")
        self.must("down")
        self.name = "u"
        self.up(1)
        theirs = self.addresses()[0]
        text = self.fails("--data", home, "--listen", ours, "--join", theirs)
        self.assertIn("cluster", text)
        self.assertEqual(self.status()["quorum"]["voters"], 1)
        self.name = "t"  # And it is still what it was.
        self.up(1)
        self.must("down", "--purge")
        self.name = "u"

    def test_corrupt_and_come_back_as_a_new_server(self):
        self.up(3)
        probe, chat = self.chatting()
        for i in range(20):
            probe.must("send", session="ada", conversation=chat, body=f"before {i}")
        victim = self.must("kill", "backup", "-o", "json").json["server"]
        log = os.path.join(self.data(victim), "log.db")
        for extra in ("-wal", "-shm"):
            if os.path.exists(log + extra):
                os.remove(log + extra)
        with open(log, "r+b") as file:
            file.write(os.urandom(os.path.getsize(log)))
        outcome = self.ctl("restart", victim)
        self.assertEqual(outcome.code, 1, outcome)
        self.assertIn("log", outcome.err)
        self.assertTrue(self.status()["quorum"]["ok"])
        probe.must("send", session="ada", conversation=chat, body="after")
        # Out of the members, its data aside, and a new one in its place.
        self.must("leave", victim)
        self.must("join")
        self.wait_converged()
        self.assertEqual(len(self.running()), 3)
        self.check_replicas(probe, chat)

    def test_wiped_joins_again_and_founds_no_cluster(self):
        self.up(3)
        probe, chat = self.chatting()
        probe.must("send", session="ada", conversation=chat, body="before")
        victim = self.must("kill", "n1", "-o", "json").json["server"]
        self.wait_primary()
        old = self.servers()[victim]
        self.must("leave", victim)
        shutil.rmtree(os.path.join(self.names()[self.name], victim), ignore_errors=True)
        self.must("join", "--address", old["address"])
        self.wait_converged()
        self.assertEqual(self.status()["quorum"]["voters"], 3)
        self.assertNotEqual(self.servers()[victim]["id"], old["id"])
        self.check_replicas(probe, chat)

    def test_join_to_another_grpc_server(self):
        import grpc
        from concurrent import futures

        other = grpc.server(futures.ThreadPoolExecutor(2))
        address = "127.0.0.1:%d" % other.add_insecure_port("127.0.0.1:0")
        other.start()
        try:
            text = self.fails("--data", os.path.join(self.dir, "new"), *self.listen(), "--join",
                              address)
        finally:
            other.stop(0).wait()
        self.assertIn(address, text)
        self.assertIn("not a Starling server", text)

    def test_join_to_something_else(self):
        with socket.socket() as other:  # Accepts, reads, and speaks no gRPC.
            other.bind(("127.0.0.1", 0))
            other.listen()
            ended = threading.Event()

            def talk():
                while not ended.is_set():
                    try:
                        caller, _ = other.accept()
                        with caller:
                            caller.sendall(b"HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\nhi")
                    except OSError:
                        return

            talker = threading.Thread(target=talk)
            talker.start()
            address = "127.0.0.1:%d" % other.getsockname()[1]
            try:
                text = self.fails("--data", os.path.join(self.dir, "new"), *self.listen(), "--join",
                                  address)
            finally:
                ended.set()
                other.shutdown(socket.SHUT_RDWR)
                talker.join()
        self.assertIn(address, text)
        self.assertRegex(text, "not a Starling server|nothing that speaks gRPC")

    def test_beyond_loopback_only_when_told(self):
        text = self.fails("--data", os.path.join(self.dir, "new"), "--listen", "0.0.0.0:5999",
                          "--advertise", "10.0.0.1:5999")
        self.assertIn("--insecure", text)


class NoArguments(IntegrationTest):
    def test_a_first_server_in_the_current_directory(self):
        with socket.socket() as probe:  # The default port may be somebody's: then say so and stop.
            probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
            try:
                probe.bind(("127.0.0.1", 5101))
                free = True
            except OSError:
                free = False
        process = self.starlingd(preexec=lambda: os.chdir(self.dir))
        if not free:
            self.assertNotEqual(process.wait_exit(), 0)
            self.assertIn("5101", process.text())
            return
        health = poll(lambda: self.health("127.0.0.1:5101"), "it serves on 127.0.0.1:5101")
        self.assertEqual(len(health.servers.servers), 1)
        self.assertTrue(os.path.isdir(os.path.join(self.dir, "starling-data")))

    def test_unknown_words(self):
        for words in (["--nonsense"], ["--listen", "nowhere"], ["--join", "a:b"], ["surplus"]):
            outcome = run(program("starlingd"), *words, env=self.env)
            self.assertEqual(outcome.code, 2, outcome)
            self.assertIn("usage: starlingd", outcome.err)


if __name__ == "__main__":
    main()
