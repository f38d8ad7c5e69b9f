"""The account and its end in the real window; what a block does to a message, and what helps then; the keys."""

from app import LOGIN, PASSWORD, READY, REPLICATED, AppTest, main

FAILED = 6  # TimelineModel::MessageState


class Account(AppTest):
    def test_a_message_that_a_block_refuses_can_be_sent_again_or_taken_away(self):
        self.up(1)
        bob = self.window("bob")
        bob.enter("sign-up", "bob")
        ada = self.window("ada")
        ada.enter("sign-up", "ada")
        ada.open("bob")
        ada.do("send before")
        bob.do("person ada")
        bob.until("the profile", lambda told: told["person"] == "ada")
        bob.do("block")
        bob.until("the block", lambda told: told["blocked"])
        for text in ("one", "two"):
            ada.do(f"send {text}")
        ada.until("two that failed", lambda told: [row[3] for row in told["rows"]][1:] == [FAILED, FAILED])
        ada.do("remove")  # The newest.
        ada.until("one of them", lambda told: [row[1] for row in told["rows"]] == ["before", "one"])
        bob.do("unblock")
        bob.until("no block", lambda told: not told["blocked"])
        ada.do("resend")
        ada.until("both stored", lambda told: [(row[1], row[3] >= REPLICATED) for row in told["rows"]]
                  == [("before", True), ("one", True)] and told["rows"][1][3] != FAILED)
        self.assertEqual((ada.quit(), bob.quit()), (0, 0))

    def test_panels_by_keys_and_the_end_of_an_account(self):
        self.up(1)
        ada = self.window("ada")
        ada.enter("sign-up", "ada")
        for keys, panel in (("Ctrl+K", "palettePanel"), ("Ctrl+N", "peoplePanel"), ("Ctrl+,", "settingsPanel"),
                            ("F1", "keysPanel"), ("Ctrl+/", "keysPanel")):
            ada.do(f"key {keys}")
            ada.until(panel, lambda told, panel=panel: told["panels"] == [panel])
            ada.do("key Esc")
            ada.until("none", lambda told: told["panels"] == [])
        ada.do("key Ctrl+K")
        ada.until("the field", lambda told: told["focus"] == "paletteField")
        ada.do("fill paletteField your acc")
        ada.do("key Return")
        ada.until("the account", lambda told: told["panels"] == ["accountPanel"])
        ada.do("press profileEnd")
        ada.until("its field", lambda told: told["focus"] == "deletePassword")
        ada.do(f"fill deletePassword {PASSWORD}")
        ada.do("press deleteAccount")
        ada.until("the login page", lambda told: told["state"] == LOGIN)
        ada.do(f"log-in ada {PASSWORD}")
        told = ada.until("a refusal", lambda told: told["sentence"])
        self.assertEqual(told["state"], LOGIN)
        ada.enter("sign-up", "ada")
        told = ada.until("a new one", lambda told: told["state"] == READY)
        self.assertEqual(told["list"], [])
        self.assertEqual(ada.quit(), 0)

    def test_the_keys_lead_from_the_list_into_a_conversation_and_back(self):
        self.up(1)
        probe = self.probe()
        probe.must("create", name="ada")
        probe.must("login", name="ada")
        chats = {}
        for n in (1, 2):
            probe.must("create", name=f"peer{n}")
            chats[n] = probe.must("open", session="ada", peer=f"peer{n}")["conversation"]
            probe.must("send", session="ada", conversation=chats[n], body=f"word {n}")
        ada = self.window("ada")
        ada.enter("log-in", "ada")
        ada.until("both", lambda told: [name for name, _ in told["list"]] == ["peer2", "peer1"])
        ada.do("key Alt+Down")
        ada.until("the first", lambda told: told["conversation"] == chats[2] and told["focus"] == "composerField")
        ada.do("key Alt+Down")
        ada.until("the second", lambda told: told["conversation"] == chats[1])
        ada.do("key Alt+Up")
        ada.until("the first again", lambda told: told["conversation"] == chats[2])
        ada.do("key Esc")
        ada.until("none", lambda told: told["conversation"] == 0 and told["focus"] == "conversationRow")
        ada.do("key End")
        ada.do("key Return")
        ada.until("the second", lambda told: told["conversation"] == chats[1])
        self.assertEqual(ada.quit(), 0)


if __name__ == "__main__":
    main()
