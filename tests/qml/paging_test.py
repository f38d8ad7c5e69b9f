"""Reading on in a long history: what is in sight stays where it is, whatever comes or goes beside it."""

from app import AppTest, main

MESSAGES = 1_150  # More than are held (TimelineModel::kMaxStored).
STEP = 500
ENOUGH = 200_000  # Pixels: to the end of what is held.


class Paging(AppTest):
    def fill(self):
        """Of two people in turn, as short and as long as people write."""
        probe, chat = self.chatting()
        for n in range(1, MESSAGES + 1):
            body = " ".join([f"{n}"] + ["word"] * (n * n % 97 if n % 5 == 0 else n % 7))
            probe.must("send", session="bob" if n % 9 < 5 else "ada", conversation=chat, body=body)
        return chat

    @staticmethod
    def middle(told):
        """The message nearest to the middle of the list."""
        half = told["list_height"] / 2
        return min(told["places"], key=lambda seq: abs(told["places"][seq][0] - half))

    def step(self, window, pixels):
        """Scrolls, then waits for all that this asks for. The first seq and the last, before and after."""
        told = window.do(f"scroll {pixels}")
        before = told["rows"][0][0], told["rows"][-1][0]
        held = self.middle(told)
        top = told["places"][held][0]
        quiet = 0
        while quiet < 3:
            told = window.ask("look")
            self.assertIn(held, told["places"], f"{held} went out of sight after {pixels}")
            self.assertAlmostEqual(told["places"][held][0], top, delta=0.5,
                                   msg=f"{held} moved after {pixels}: {before} became "
                                       f"{told['rows'][0][0], told['rows'][-1][0]}")
            quiet = 0 if told["loading"] else quiet + 1
        return before, (told["rows"][0][0], told["rows"][-1][0])

    def test_what_is_in_sight_stays_where_it_is(self):
        self.up(1)
        self.fill()
        ada = self.window("ada")
        ada.enter("log-in", "ada")
        ada.open("bob")
        ada.until("the newest page", lambda told: told["rows"] and told["rows"][-1][0] == MESSAGES
                  and str(MESSAGES) in told["places"])
        ada.do("mark 0")  # With the keyboard at a message that will be let go.
        older = newer = let_go_newer = let_go_older = 0
        # To the first: in steps, and now and then as far as the list goes, where the page is waited for.
        for n in range(MESSAGES):
            (first, last), now = self.step(ada, -ENOUGH if n % 8 == 7 else -STEP)
            older += now[0] < first
            let_go_newer += now[1] < last
            if now[0] == 1 and first == 1 and n % 8 == 7:
                break
        self.assertEqual(now[0], 1)
        self.assertGreater(older, 15)
        self.assertGreater(let_go_newer, 1)
        # And back to the last.
        for n in range(MESSAGES):
            (first, last), now = self.step(ada, ENOUGH if n % 8 == 7 else STEP)
            newer += now[1] > last
            let_go_older += now[0] > first
            if now[1] == MESSAGES and last == MESSAGES and n % 8 == 7:
                break
        self.assertEqual(now[1], MESSAGES)
        self.assertGreater(newer, 0)
        self.assertGreater(let_go_older, 0)
        self.assertEqual(ada.quit(), 0)


if __name__ == "__main__":
    main()
