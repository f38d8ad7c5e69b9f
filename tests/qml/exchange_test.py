"""The app end to end: two windows on five servers exchange 200 messages while the primary is killed
twice. None is lost, doubled or moved, both timelines are equal, and every message is read."""

from app import READ, AppTest, main

EACH = 100
KILL_AT = (33, 66)


class Exchange(AppTest):
    def test_two_hundred_messages_through_two_kills(self):
        self.up(5)
        ada, bob = self.window("ada"), self.window("bob")
        ada.enter("sign-up", "ada")
        bob.enter("sign-up", "bob")
        ada.open("bob")
        bob.open("ada")
        for n in range(EACH):
            ada.do(f"send ada {n}")
            bob.do(f"send bob {n}")
            if n in KILL_AT:
                self.wait_primary()  # The last kill's successor, which is the next to go.
                self.must("kill", "primary")
        looks = [one.until("200 messages, the own ones read", self.all_read) for one in (ada, bob)]
        shown = [[(seq, body) for seq, body, _, _ in told["rows"]] for told in looks]
        self.assertEqual(shown[0], shown[1])
        self.assertEqual([seq for seq, _ in shown[0]], list(range(1, 2 * EACH + 1)))
        for name, told in (("ada", looks[0]), ("bob", looks[1])):
            mine = [body for _, body, own, _ in told["rows"] if own]
            self.assertEqual(mine, [f"{name} {n}" for n in range(EACH)])
            self.assertEqual((told["shown"], told["waiting"], told["send_sentence"]), (2 * EACH, "", ""))
        for one in (ada, bob):
            told = one.until("the time of the failover", lambda told: told["failover_ms"] >= 0)
            self.assertIn("failover", told["pill"])
            self.assertGreaterEqual(told["switches"], len(KILL_AT))
            self.assertEqual(one.quit(), 0)

    @staticmethod
    def all_read(told):
        rows = told["rows"]
        return len(rows) >= 2 * EACH and all(seq > 0 and (not own or state == READ)
                                             for seq, _, own, state in rows)


if __name__ == "__main__":
    main()
