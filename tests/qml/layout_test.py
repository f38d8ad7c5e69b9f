"""How the real window lays itself out: bubbles as wide as their words, a pill in every layout."""

from app import AppTest, main

CAP = 560  # Theme.bubbleWidth


class Layout(AppTest):
    def test_bubbles_and_pills(self):
        self.up(1)
        bob = self.window("bob")
        bob.enter("sign-up", "bob")
        ada = self.window("ada")
        ada.enter("sign-up", "ada")
        ada.open("bob")
        line = "a line of words"
        three = "|".join([line, "b", "c"])
        long = "a text without end " * 12
        for text in (line, three, long):
            ada.do(f"send {text}")
        told = ada.until("three bubbles", lambda told: len(told["bubbles"]) == 3)
        widths = told["bubbles"]
        # The time stands below a text of more than one line, so it needs no room beside it.
        self.assertLess(widths[three.replace("|", "\n")], widths[line])
        self.assertLessEqual(widths[long.strip()], CAP)
        self.assertGreater(widths[long.strip()], CAP * 0.8)

        address = self.addresses()[0]
        self.assertEqual(told["pills"], [f"Primary {address}"])
        ada.do("resize 400 640")
        told = ada.until("the narrow layout", lambda told: told["pills"] == ["Connected"])
        self.assertLess(told["bubbles"][long.strip()], 400)
        ada.do("press backButton")
        ada.until("the list's own", lambda told: told["pills"] == [f"Primary {address}"])
        self.assertEqual((ada.quit(), bob.quit()), (0, 0))


if __name__ == "__main__":
    main()
