"""What a failover looks like in the window: the panel of the cluster, the quiet line, and a field
that takes every key meanwhile."""

from app import REPLICATED, AppTest, main, poll

WORDS = "every one of these letters arrives in the field while nobody is the primary"


class Failover(AppTest):
    def chatting_windows(self):
        self.up(5)
        bob = self.window("bob")
        bob.enter("sign-up", "bob")
        ada = self.window("ada")
        ada.enter("sign-up", "ada")
        ada.open("bob")
        return ada, bob

    def test_every_key_arrives_during_a_failover(self):
        ada, bob = self.chatting_windows()
        old = self.wait_primary()
        ada.until("the composer", lambda told: told["focus"] == "composerField")
        # A primary that is stopped answers nobody: the app is in the middle of it for a while.
        self.must("pause", "primary")
        typed = ""
        for word in WORDS.split(" "):
            typed += word + " "
            told = ada.do(f"keys {word} ")
            self.assertEqual(told["field"], typed)
        ada.do("key Return")
        told = ada.until("the message", lambda told: told["rows"] and told["rows"][-1][3] >= REPLICATED)
        self.assertEqual([row[1] for row in told["rows"]], [WORDS])
        self.assertEqual(told["field"], "")
        told = ada.until("the time of the failover", lambda told: told["failover_ms"] >= 0)
        self.assertGreater(told["failover_line"], 0)
        events = told["events"].splitlines()
        self.assertIn("Connected", events[0])
        lost = [n for n, line in enumerate(events) if "Lost the primary" in line]
        found = [n for n, line in enumerate(events) if "The primary is" in line]
        self.assertTrue(lost and found and lost[0] < found[-1], events)
        self.assertNotEqual(self.wait_primary(), old)
        ada.until("the line has faded", lambda told: told["failover_line"] == 0)
        self.assertEqual((ada.quit(), bob.quit()), (0, 0))

    def test_the_panel_knows_every_server(self):
        ada, bob = self.chatting_windows()
        ada.do("press statusPill")
        addresses = self.addresses()

        def known(told):
            rows = told["servers"]
            return (sorted(row[0] for row in rows) == sorted(addresses)
                    and sorted(row[1] for row in rows) == ["backup"] * 4 + ["primary"]
                    and all(row[2] == "up" and row[3].startswith("term ") and row[4] for row in rows))

        ada.until("five servers, each with its role, term and lag", known)
        self.assertEqual(ada.ask("look")["panels"], ["clusterPanel"])
        gone = {server["address"]: name for name, server in self.servers().items()}
        [primary] = [row[0] for row in ada.ask("look")["servers"] if row[1] == "primary"]
        self.must("kill", gone[primary])

        def changed(told):
            rows = {row[0]: row for row in told["servers"]}
            return (rows[primary][2] == "no answer" and rows[primary][1] != "primary"
                    and [row[1] for row in rows.values()].count("primary") == 1)

        ada.until("another primary, and the old one silent", changed)
        ada.do("key Escape")
        poll(lambda: not ada.ask("look")["panels"], "the panel is closed")
        ada.until("nobody is asked any more", lambda told: all(row[3] == "" for row in told["servers"]))
        ada.until("one goes on writing", lambda told: told["focus"] == "composerField")
        self.assertEqual((ada.quit(), bob.quit()), (0, 0))


if __name__ == "__main__":
    main()
