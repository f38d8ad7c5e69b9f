"""Ctrl+F in the real window: what was found is shown at its place, also in a conversation that is not open."""

from app import AppTest, main

MESSAGES = 400
WORDS = {40: "the blue boat", 330: "a blue door"}  # Outside the newest page, and far from one another.


class Search(AppTest):
    def fill(self):
        """ada's long conversation with bob, and a short one with carl; the id of the first."""
        probe, chat = self.chatting()
        for seq in range(1, MESSAGES + 1):
            body = WORDS.get(seq, f"line {seq}")
            self.assertEqual(probe.must("send", session="bob", conversation=chat, body=body)["seq"], seq)
        probe.must("create", name="carl")
        other = probe.must("open", session="ada", peer="carl")["conversation"]
        probe.must("send", session="ada", conversation=other, body="hello")
        return probe, chat

    def find(self, window, words, seq):
        """From Ctrl+F to the hit."""
        window.until("the field", lambda told: told["panels"] == ["searchPanel"] and told["focus"] == "searchField")
        window.do(f"fill searchField {words}")
        window.until("the hit", lambda told: told["hits"] == [["bob", seq, WORDS[seq]]])
        window.do("key Return")

    def shown(self, window, chat, seq):
        def there(told):
            top, height = told["places"].get(str(seq), (-1, 0))
            return told["conversation"] == chat and 0 <= top <= told["list_height"] - height
        told = window.until("the message in sight", there)
        self.assertEqual(told["panels"], [])
        seqs = [row[0] for row in told["rows"]]
        self.assertEqual(seqs, list(range(seqs[0], seqs[0] + len(seqs))))
        self.assertLess(seqs[0], seq)
        self.assertLess(seq, seqs[-1])
        # In the middle, where one looks.
        top, height = told["places"][str(seq)]
        self.assertAlmostEqual(top + height / 2, told["list_height"] / 2, delta=60)
        return top

    def test_a_hit_leads_to_its_message(self):
        self.up(1)
        probe, chat = self.fill()
        ada = self.window("ada")
        ada.enter("log-in", "ada")
        ada.until("both", lambda told: [name for name, _ in told["list"]] == ["carl", "bob"])
        # With no conversation open, then from another one.
        ada.do("key Ctrl+F")
        self.find(ada, "boat", 40)
        top = self.shown(ada, chat, 40)
        # What comes then moves nothing: it is far below.
        last = probe.must("send", session="bob", conversation=chat, body="news")["seq"]
        told = ada.until("the news in the list", lambda told: told["list"][0] == ["bob", "news"])
        self.assertEqual(told["places"]["40"][0], top)
        ada.do("show carl")
        ada.until("the other one", lambda told: [row[1] for row in told["rows"]] == ["hello"])
        ada.do("key Ctrl+F")
        ada.until("the panel", lambda told: told["panels"] == ["searchPanel"])
        ada.do("press searchHereButton")
        self.find(ada, "door", 330)
        self.shown(ada, chat, 330)
        # From there to the other end, within the same conversation.
        ada.do("key Ctrl+F")
        self.find(ada, "boat", 40)
        self.shown(ada, chat, 40)
        # End is the newest, from anywhere.
        ada.do("mark 0")
        ada.do("key End")
        told = ada.until("the newest", lambda told: told["rows"] and told["rows"][-1][0] == last)
        ada.until("in sight", lambda told: str(last) in told["places"] and told["places"][str(last)][0] > 0)
        self.assertEqual(ada.quit(), 0)


if __name__ == "__main__":
    main()
