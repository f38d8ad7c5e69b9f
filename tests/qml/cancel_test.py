"""Taking back what is not stored yet, with the menu and with the keys of the real window."""

from app import REPLICATED, SENT, AppTest, main, poll

QUEUED, FAILED, CANCELLING = 1, 6, 7  # TimelineModel::MessageState
GONE = "This message was deleted."
WINDOW = 256  # Outbox: so many are given to the servers at a time.


class Cancel(AppTest):
    @staticmethod
    def bodies(told):
        return [row[1] for row in told["rows"]]

    def chat(self):
        """Two windows that have written one word, and servers of which none runs any more."""
        self.up(3)
        bob = self.window("bob")
        bob.enter("sign-up", "bob")
        ada = self.window("ada")
        ada.enter("sign-up", "ada")
        ada.open("bob")
        ada.do("send first")
        ada.until("the first message", lambda told: [row[0] for row in told["rows"]] == [1])
        bob.open("ada")
        self.killed = list(self.servers())
        for name in self.killed:
            self.must("kill", name)
        return ada, bob

    def back(self):
        for name in self.killed:
            self.must("restart", name)
        self.wait_primary()

    def test_what_no_server_has_been_given_is_gone_at_once(self):
        ada, bob = self.chat()
        for n in range(WINDOW):
            ada.do(f"send sent {n}")
        for text in ("by key", "by menu", "stays"):
            ada.do(f"send {text}")
        told = ada.until("three that no server was given", lambda told: [row[3] for row in told["rows"]][-4:]
                         == [SENT, QUEUED, QUEUED, QUEUED])
        self.assertEqual(self.bodies(told)[-3:], ["by key", "by menu", "stays"])
        ada.do("mark 2")
        ada.do("key Del")
        ada.until("two of them", lambda told: self.bodies(told)[-3:] == [f"sent {WINDOW - 1}", "by menu", "stays"])
        ada.do("mark 1")
        ada.do("key Return")
        told = ada.until("the menu", lambda told: told["panels"] == ["messageMenu"])
        self.assertEqual(told["cancel_text"], "Cancel sending")
        ada.do("press menuCancel")
        ada.until("one of them", lambda told: self.bodies(told)[-2:] == [f"sent {WINDOW - 1}", "stays"]
                  and told["panels"] == [])
        self.back()
        wanted = ["first"] + [f"sent {n}" for n in range(WINDOW)] + ["stays"]
        for window in (ada, bob):
            told = window.until("all the others", lambda told: self.bodies(told)[-1:] == ["stays"]
                                and told["rows"][-1][0] > 0 and self.bodies(told)[:1] == ["first"])
            self.assertEqual(self.bodies(told), wanted)
            self.assertEqual(told["send_sentence"], "")
        self.assertEqual((ada.quit(), bob.quit()), (0, 0))

    def test_of_what_is_under_way_the_servers_say_which_came_first(self):
        ada, bob = self.chat()
        for text in ("one", "two", "three"):
            ada.do(f"send {text}")
        ada.until("three on their way", lambda told: [row[3] for row in told["rows"]][1:] == [SENT] * 3)
        ada.do("mark 1")
        ada.do("key Return")
        told = ada.until("the menu", lambda told: told["panels"] == ["messageMenu"])
        self.assertEqual(told["cancel_text"], "Cancel sending, unless it is sent already")
        ada.do("press menuCancel")

        def taken_back(told):
            if told["rows"][2][1] != "two" or told["rows"][2][3] not in (SENT, CANCELLING):
                return True  # It has come to its end already.
            return told["rows"][2][3] == CANCELLING and "may have been sent" in told["cancelling"]
        ada.until("it taken back with a line that says so, or its end", taken_back)
        self.back()

        def settled(told):
            return [row[3] >= REPLICATED and row[3] not in (FAILED, CANCELLING) for row in told["rows"]]
        told = ada.until("no message on its way", lambda told: all(settled(told)) and told["waiting"] == "")
        there = "two" in self.bodies(told)
        self.assertEqual(self.bodies(told), ["first", "one", "two", "three"] if there else ["first", "one", "three"])
        self.assertEqual("had been sent already" in told["send_sentence"], there, told["send_sentence"])
        if there:
            for words in ("two", "bob"):
                self.assertIn(f"\u2068{words}\u2069", told["send_sentence"])
        poll(lambda: self.bodies(bob.ask("look")) == self.bodies(told), "the same for the other side")
        self.assertEqual((ada.quit(), bob.quit()), (0, 0))

    def test_a_key_is_for_the_message_that_one_is_at_also_once_it_is_stored(self):
        ada, bob = self.chat()
        for text in ("one", "two"):
            ada.do(f"send {text}")
        ada.until("two on their way", lambda told: [row[3] for row in told["rows"]][1:] == [SENT] * 2)
        told = ada.do("mark 1")
        self.assertEqual(told["marked"], "one")
        self.back()
        told = ada.until("both stored", lambda told: [row[0] for row in told["rows"]] == [1, 2, 3])
        self.assertEqual(told["marked"], "one")
        ada.do("key Del")
        for window in (ada, bob):
            told = window.until("it deleted", lambda told: self.bodies(told) == ["first", GONE, "two"])
            self.assertEqual([row[0] for row in told["rows"]], [1, 2, 3])
        self.assertEqual((ada.quit(), bob.quit()), (0, 0))


if __name__ == "__main__":
    main()
