"""Two windows exchange 200 messages while the primary is killed: none is lost, doubled or moved."""

from app import READ, REPLICATED, AppTest, main


class Exchange(AppTest):
    def test_two_hundred_messages_through_a_kill(self):
        self.up(3)
        ada, bob = self.window("ada"), self.window("bob")
        ada.enter("sign-up", "ada")
        bob.enter("sign-up", "bob")
        ada.open("bob")
        bob.open("ada")
        for n in range(100):
            ada.do(f"send ada {n}")
            bob.do(f"send bob {n}")
            if n == 50:
                self.must("kill", "primary")
        looks = [one.until("200 stored messages", self.all_stored) for one in (ada, bob)]
        shown = [[(seq, body) for seq, body, _, _ in told["rows"]] for told in looks]
        self.assertEqual(shown[0], shown[1])
        self.assertEqual([seq for seq, _ in shown[0]], list(range(1, 201)))
        for name in ("ada", "bob"):
            mine = [body for _, body in shown[0] if body.startswith(name)]
            self.assertEqual(mine, [f"{name} {n}" for n in range(100)])
        for told in looks:
            self.assertEqual(told["shown"], 200)
            own = {body.split()[0] for _, body, own, _ in told["rows"] if own}
            self.assertEqual(len(own), 1)
        for one in (ada, bob):
            told = one.until("the time of the failover", lambda told: told["failover_ms"] >= 0)
            self.assertIn("last failover", told["pill"])
            self.assertGreaterEqual(told["switches"], 1)
            self.assertEqual(one.quit(), 0)

    @staticmethod
    def all_stored(told):
        rows = told["rows"]
        return len(rows) >= 200 and all(seq > 0 and (not own or state in (REPLICATED, READ))
                                        for seq, _, own, state in rows)


if __name__ == "__main__":
    main()
