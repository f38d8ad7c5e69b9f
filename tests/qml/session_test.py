"""Logging in and out when something is in the way: a call under way, a file that will not do."""

import contextlib
import glob
import os
import resource
import sqlite3

from app import LOGIN, PASSWORD, READY, AppTest, isolated, main


class Session(AppTest):
    def test_a_log_out_while_a_conversation_opens(self):
        self.up(3)
        bob = self.window("bob")
        bob.enter("sign-up", "bob")
        ada = self.window("ada")
        ada.until("the first field", lambda told: told["focus"] == "loginName")
        ada.enter("sign-up", "ada")
        names = list(self.servers())
        for name in names[1:]:
            self.must("kill", name)
        # Without a majority it cannot be opened.
        self.assertTrue(ada.do("open bob")["busy"])
        told = ada.do("log-out")
        self.assertEqual((told["state"], told["busy"]), (LOGIN, False))
        ada.until("the first field", lambda told: told["focus"] == "loginName")
        for name in names[1:]:
            self.must("restart", name)
        self.wait_primary()
        ada.enter("log-in", "ada")
        told = ada.open("bob")
        self.assertEqual(told["sentence"], "")
        ada.until("the composer", lambda told: told["focus"] == "composerField")
        self.assertEqual((ada.quit(), bob.quit()), (0, 0))

    def test_every_conversation_gets_its_last_words(self):
        self.up(1)
        probe = self.probe()
        probe.must("create", name="ada")
        probe.must("login", name="ada")
        wanted = []
        for n in range(12):  # More lookups than may be under way at a time.
            probe.must("create", name=f"peer{n}")
            chat = probe.must("open", session="ada", peer=f"peer{n}")["conversation"]
            probe.must("send", session="ada", conversation=chat, body=f"word {n}")
            wanted.insert(0, [f"peer{n}", f"You: {isolated(f'word {n}')}"])
        ada = self.window("ada")
        ada.enter("log-in", "ada")
        ada.until("all previews, the newest first", lambda told: told["list"] == wanted)
        self.assertEqual(ada.quit(), 0)

    def refused(self, window):
        window.do(f"log-in ada {PASSWORD}")
        told = window.until("a sentence", lambda told: told["sentence"])
        self.assertEqual((told["state"], told["busy"]), (LOGIN, False))
        return told["sentence"]

    def test_an_outbox_that_cannot_be_opened_is_said(self):
        self.up(1)
        data = os.path.join(self.dir, "ada")
        with open(data, "w", encoding="utf-8"):
            pass  # A file where the directory should be.
        ada = self.window("ada")
        ada.do(f"sign-up ada {PASSWORD}")
        told = ada.until("a sentence", lambda told: told["sentence"])
        self.assertEqual(told["sentence"], f"{data} cannot be made.")
        self.assertEqual(told["state"], LOGIN)
        os.remove(data)
        ada.enter("log-in", "ada")
        # One window holds the file, another one cannot.
        other = self.window("ada")
        self.assertIn("Another Starling has this account open", self.refused(other))
        self.assertEqual(ada.quit(), 0)
        other.enter("log-in", "ada")
        self.assertEqual(other.quit(), 0)
        [file] = glob.glob(os.path.join(data, "outbox-ada-*.db"))
        self.assert_a_newer_one_is_left_alone(file)
        with open(file, "wb") as damaged:
            damaged.write(b"no database " * 1_000)
        again = self.window("ada")
        self.assertIn(os.path.basename(file), self.refused(again))
        self.assertEqual(again.quit(), 0)

    def assert_a_newer_one_is_left_alone(self, file):
        with contextlib.closing(sqlite3.connect(file)) as database:
            [(format,)] = database.execute("PRAGMA user_version")
            database.execute("PRAGMA user_version = 99")
        with open(file, "rb") as kept:
            before = kept.read()
        window = self.window("ada")
        sentence = self.refused(window)
        self.assertIn("a newer version of Starling", sentence)
        self.assertIn(os.path.basename(file), sentence)
        with open(file, "rb") as kept:
            self.assertEqual(kept.read(), before)
        # As the sentence says: away with it.
        os.rename(file, file + ".newer")
        window.enter("log-in", "ada")
        self.assertEqual(window.quit(), 0)
        with contextlib.closing(sqlite3.connect(file)) as database:
            self.assertEqual(database.execute("PRAGMA user_version").fetchall(), [(format,)])

    def test_a_file_that_takes_no_more_is_said_and_nothing_waits_for_it(self):
        self.up(3)
        bob = self.window("bob")
        bob.enter("sign-up", "bob")
        ada = self.window("ada", full_files=True)
        ada.enter("sign-up", "ada")
        ada.open("bob")
        names = list(self.servers())
        for name in names[1:]:
            self.must("kill", name)
        ada.do("send one")
        ada.until("a message that waits", lambda told: len(told["rows"]) == 1)
        resource.prlimit(ada.child.pid, resource.RLIMIT_FSIZE, (0, resource.RLIM_INFINITY))
        for name in names[1:]:
            self.must("restart", name)
        told = ada.until("a sentence", lambda told: told["send_sentence"])
        self.assertTrue(told["send_sentence"].startswith("The file of waiting messages: "), told["send_sentence"])
        told = ada.until("nothing that waits", lambda told: told["waiting"] == "")
        self.assertEqual([row[:2] for row in told["rows"]], [[1, "one"]])
        self.assertEqual(told["state"], READY)
        resource.prlimit(ada.child.pid, resource.RLIMIT_FSIZE, (resource.RLIM_INFINITY, resource.RLIM_INFINITY))
        self.assertEqual((ada.quit(), bob.quit()), (0, 0))


if __name__ == "__main__":
    main()
