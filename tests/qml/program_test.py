"""starling-app itself: wrong words, no display, and its pictures."""

import glob
import json
import os
import signal
import struct
import subprocess
import time
import xml.dom.minidom

import grpc
from app import PASSWORD, AppTest, main, poll, program
from starling.v1 import chat_pb2, chat_pb2_grpc


def without_display(**environment):
    env = {key: value for key, value in os.environ.items()
           if key not in ("DISPLAY", "WAYLAND_DISPLAY", "QT_QPA_PLATFORM")}
    return {**env, **environment}


def run(*words, **environment):
    return subprocess.run([program("starling-app"), *words], env=without_display(**environment), text=True,
                          capture_output=True, timeout=60, check=False)


def start(*words, folder, **environment):
    environment = without_display(XDG_RUNTIME_DIR=folder, TMPDIR=folder, **environment)
    return subprocess.Popen([program("starling-app"), *words], env=environment, text=True,
                            stdout=subprocess.PIPE, stderr=subprocess.PIPE)


class Program(AppTest):
    def test_words(self):
        done = run("--help")
        self.assertEqual((done.returncode, done.stderr), (0, ""))
        self.assertIn("--screenshots", done.stdout)
        self.assertIn("starling-app", run("--version").stdout)
        for words in (("--server",), ("--servers",), ("--servers", "nowhere"), ("extra",), ("--cluster", "x")):
            done = run(*words)
            self.assertEqual(done.returncode, 2, words)
            self.assertEqual(len(done.stderr.splitlines()), 1, done.stderr)
        done = run()
        self.assertEqual(done.returncode, 1)
        self.assertIn("no display", done.stderr)

    def test_a_display_that_cannot_be_used(self):
        for environment in ({"DISPLAY": ":9999"}, {"QT_QPA_PLATFORM": "nothing"}):
            done = run(**environment)
            self.assertEqual(done.returncode, 1, done)
            line = done.stderr.splitlines()[-1]
            self.assertNotIn("plugin", done.stderr)
            [(name, value)] = environment.items()
            self.assertIn(f"The display cannot be used ({name}={value})", line)
            self.assertIn("--screenshots", line)

    def test_pictures_without_a_cluster(self):
        address = f"127.0.0.1:{self.free_port()}"
        began = time.monotonic()
        done = run("--servers", address, "--screenshots", os.path.join(self.dir, "none"))
        self.assertLess(time.monotonic() - began, 5)
        self.assertEqual(done.returncode, 1)
        line = done.stderr.splitlines()[-1]
        self.assertIn(f"No server answers at {address}", line)
        self.assertIn("clusterctl up", line)

    def test_installed(self):
        prefix = os.path.join(self.dir, "prefix")
        subprocess.run(["cmake", "--install", os.environ["STARLING_BUILD_DIR"], "--component", "app",
                        "--prefix", prefix], check=True, capture_output=True, timeout=60)
        found = sorted(os.path.relpath(os.path.join(folder, file), prefix)
                       for folder, _, files in os.walk(prefix) for file in files)
        self.assertEqual(found, ["bin/starling-app", "share/applications/starling-app.desktop",
                                 "share/icons/hicolor/scalable/apps/starling-app.svg"])
        done = subprocess.run([os.path.join(prefix, found[0]), "--version"], text=True, capture_output=True,
                              timeout=20, check=False)
        self.assertEqual((done.returncode, done.stdout), (0, run("--version").stdout))

    def test_the_entry_of_the_desktops_menu(self):
        folder = os.path.join(os.environ["STARLING_SOURCE_DIR"], "qml-client")
        done = subprocess.run(["desktop-file-validate", os.path.join(folder, "starling-app.desktop")],
                              text=True, capture_output=True, timeout=20, check=False)
        self.assertEqual((done.returncode, done.stdout + done.stderr), (0, ""))
        with open(os.path.join(folder, "starling-app.desktop"), encoding="utf-8") as entry:
            self.assertIn("Icon=starling-app\n", entry.read())
        icon = xml.dom.minidom.parse(os.path.join(folder, "starling-app.svg"))
        self.assertEqual(icon.documentElement.tagName, "svg")

    def keep_session(self, data, name):
        """As if `name` had stayed logged in."""
        [address] = self.addresses(*self.servers())
        with grpc.insecure_channel(address) as channel:
            chat = chat_pb2_grpc.ChatStub(channel)
            told = chat.LogIn(chat_pb2.LogInRequest(name=name, password=PASSWORD), timeout=10)
        account = {"id": str(told.account.id), "name": name, "display_name": "",
                   "created_at_ms": str(told.account.created_at_ms)}
        os.mkdir(data)
        with open(os.path.join(data, "session.json"), "w", encoding="utf-8") as file:
            json.dump({"version": 1, "token": told.token, "account": account, "servers": [address]}, file)
        return address

    # As with its menu: what it keeps is kept, and the outbox is closed.
    def test_a_signal_quits(self):
        self.up(1)
        ada = self.window("first")
        ada.enter("sign-up", "ada")
        self.assertEqual(ada.quit(), 0)
        for number in (signal.SIGTERM, signal.SIGINT, signal.SIGHUP):
            data = os.path.join(self.dir, f"data-{number}")
            address = self.keep_session(data, "ada")
            words = ("--servers", address, "--data", data)
            with start(*words, folder=self.dir, QT_QPA_PLATFORM="offscreen") as running:
                try:
                    poll(lambda data=data: glob.glob(os.path.join(data, "outbox-ada-*.db-wal")), "the outbox")
                    running.send_signal(number)
                    _, errors = running.communicate(timeout=20)
                finally:
                    running.kill()
            self.assertEqual((running.returncode, errors), (0, ""), number)
            with open(os.path.join(data, "settings.ini"), encoding="utf-8") as settings:
                self.assertIn("window=@Rect(", settings.read())
            kept = sorted(os.listdir(data))
            self.assertEqual(len(kept), 3, kept)  # No -wal beside the outbox.
            self.assertTrue(kept[0].startswith("outbox-ada-") and kept[0].endswith(".db"), kept)
            self.assertEqual(kept[1:], ["session.json", "settings.ini"])

    # All of them: gallery_test.py. This is the program, and Ctrl-C in the middle of its work.
    def test_pictures(self):
        self.up(1)
        folder = os.path.join(self.dir, "pictures")
        address = self.addresses(*self.servers())[0]
        with start("--servers", address, "--screenshots", folder, folder=self.dir) as taking:
            try:
                told = [taking.stdout.readline().strip() for _ in range(4)]
                taking.send_signal(signal.SIGINT)
                _, errors = taking.communicate(timeout=20)
            finally:
                taking.kill()
        self.assertEqual((taking.returncode, errors), (-signal.SIGINT, ""))
        self.assertEqual({os.path.dirname(path) for path in told}, {folder})
        for path in told:
            with open(path, "rb") as file:
                data = file.read()
            self.assertEqual(struct.unpack(">II", data[16:24]), (1040, 720), path)
            self.assertGreater(len(data), 4_000, f"{path} is empty")


if __name__ == "__main__":
    main()
