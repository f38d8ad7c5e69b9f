"""A window that is killed with messages waiting shows and sends them when it is opened again."""

from app import LOGIN, SENT, AppTest, isolated, main


class Outbox(AppTest):
    def test_what_waits_survives_the_app(self):
        self.up(3)
        ada = self.window("ada")
        bob = self.window("bob")
        bob.enter("sign-up", "bob")
        ada.enter("sign-up", "ada")
        ada.open("bob")
        ada.do("send first")
        ada.until("the first message", lambda told: [row[0] for row in told["rows"]] == [1])
        # No majority: what is written waits.
        names = list(self.servers())
        for name in names[1:]:
            self.must("kill", name)
        for n in range(20):
            ada.do(f"send waiting {n}")
        told = ada.until("twenty that wait", lambda told: len(told["rows"]) == 21)
        self.assertTrue(all(seq == 0 and state <= SENT for seq, _, _, state in told["rows"][1:]))
        ada.until("the newest of them in the list", lambda told: told["list"] == [["bob", f"You: {isolated('waiting 19')}"]])
        ada.kill()
        for name in names[1:]:
            self.must("restart", name)
        self.wait_primary()
        again = self.window("ada")
        again.enter("log-in", "ada")
        again.open("bob")
        wanted = ["first"] + [f"waiting {n}" for n in range(20)]
        told = again.until("all stored", lambda told: [row[0] for row in told["rows"]] == list(range(1, 22)))
        self.assertEqual([row[1] for row in told["rows"]], wanted)
        bob.open("ada")
        told = bob.until("all there", lambda told: len(told["rows"]) >= 21)
        self.assertEqual([row[1] for row in told["rows"]], wanted)
        self.assertEqual((again.quit(), bob.quit()), (0, 0))

    def test_a_log_out_with_a_full_queue_loses_nothing(self):
        self.up(1)
        ada = self.window("ada")
        bob = self.window("bob")
        bob.enter("sign-up", "bob")
        ada.enter("sign-up", "ada")
        ada.open("bob")
        told = ada.do("flood message ")
        self.assertEqual(told["state"], LOGIN)
        self.assertLess(told["taken"], 20_000)  # More than the queue holds was refused.
        ada.enter("log-in", "ada")
        ada.open("bob")
        # What was taken is stored, what was refused is not.
        last = told["taken"]
        told = ada.until("all that was taken", lambda told: told["waiting"] == "" and told["rows"]
                         and told["rows"][-1][0] >= last)
        self.assertEqual(told["rows"][-1][:2], [last, f"message {last - 1}"])
        self.assertEqual((ada.quit(), bob.quit()), (0, 0))


if __name__ == "__main__":
    main()
