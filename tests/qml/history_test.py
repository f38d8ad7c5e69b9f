"""A long history, read in a window from its last message to its first and back."""

from app import AppTest, main, poll

MESSAGES = 1_400
HELD = 1_000  # TimelineModel::kMaxStored


class History(AppTest):
    def scroll(self, window, where, wanted):
        def look():
            told = window.do(f"scroll {where}")
            seqs = [row[0] for row in told["rows"]]
            self.assertLessEqual(len(seqs), HELD)
            self.assertEqual(seqs, list(range(seqs[0], seqs[0] + len(seqs))))
            self.assertEqual(told["sentence"], "")
            return seqs if wanted(seqs) else None
        return poll(look, f"the {where} of the history", 60.0)

    def test_to_the_first_message_and_back(self):
        self.up(1)
        probe, chat = self.chatting()
        probe.must("load_start", session="bob", conversation=chat, window=64)
        poll(lambda: probe.must("newest", session="bob", conversation=chat)["seq"] >= MESSAGES, "the history", 60.0)
        probe.must("load_stop", session="bob")
        poll(lambda: probe.must("load_state", session="bob")["open"] == 0, "the load's last answer")
        last = probe.must("newest", session="bob", conversation=chat)["seq"]
        ada = self.window("ada")
        ada.enter("log-in", "ada")
        ada.open("bob")
        ada.until("the newest page", lambda told: told["rows"] and told["rows"][-1][0] == last)
        seqs = self.scroll(ada, "top", lambda seqs: seqs[0] == 1)
        self.assertLess(seqs[-1], last)
        # What comes now is out of the window; it is there when one has gone back.
        last = probe.must("send", session="bob", conversation=chat, body="the last")["seq"]
        self.scroll(ada, "bottom", lambda seqs: seqs[-1] == last)
        last = probe.must("send", session="bob", conversation=chat, body="the very last")["seq"]
        ada.until("what comes then", lambda told: told["rows"][-1][0] == last)
        # Writing goes back to the newest from anywhere.
        seqs = self.scroll(ada, "top", lambda seqs: seqs[0] == 1)
        self.assertLess(seqs[-1], last)
        ada.do("send an answer")
        told = ada.until("the answer among the newest",
                         lambda told: [row[:2] for row in told["rows"][-1:]] == [[last + 1, "an answer"]])
        self.assertEqual(told["rows"][-2][:2], [last, "the very last"])
        self.assertEqual(ada.quit(), 0)


if __name__ == "__main__":
    main()
