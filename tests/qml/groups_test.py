"""Two windows in a group: system messages, answers, edits, reactions, marks, drafts, and its end."""

from app import READ, AppTest, isolated, main

PLAIN, REPLY, EDIT = 0, 1, 2  # ComposeModel::Mode


def message(told, body):
    found = [one for one in told["messages"] if one["body"] == body and not one["system"]]
    return found[-1] if found else {}


class Groups(AppTest):
    def two(self):
        self.up(3)
        bob = self.window("bob")
        bob.enter("sign-up", "bob")
        ada = self.window("ada")
        ada.enter("sign-up", "ada")
        ada.do("group Lunch bob")
        ada.until("the group", lambda told: told["header"] == "2 members")
        bob.until("the group", lambda told: any(title == "Lunch" for title, _ in told["list"]))
        bob.do("show Lunch")
        bob.until("what happened", lambda told: f"{isolated('ada')} added {isolated('you')}" in [one["system"] for one in told["messages"]])
        return ada, bob

    def test_what_is_said_and_done(self):
        ada, bob = self.two()
        ada.until("who is in it", lambda told: [row[1:] for row in told["members"]] == [["ada", "Owner"], ["bob", ""]])
        ada.do("send where are you, @bob?")
        told = bob.until("the mention", lambda told: message(told, "where are you, @bob?").get("mentions_me"))
        seq = message(told, "where are you, @bob?")["seq"]
        bob.do(f"react {seq} 👍")
        ada.until("the reaction", lambda told: message(told, "where are you, @bob?").get("reactions") == {"👍": 1})
        ada.until("that it was read", lambda told: message(told, "where are you, @bob?")["state"] == READ)

        bob.do(f"reply {seq}")
        self.assertEqual(bob.ask("look")["mode"], REPLY)
        bob.do("send here")
        told = bob.until("no answer any more", lambda told: told["mode"] == PLAIN)
        ada.until("the answer", lambda told: message(told, "here").get("reply") == "where are you, @bob?")

        # By keyboard: the last message of one's own, then away again, then changed.
        bob.until("its acknowledgement", lambda told: message(told, "here").get("seq", 0) > 0)
        bob.until("the composer", lambda told: told["focus"] == "composerField")
        bob.do("key Up")
        bob.until("the edit", lambda told: told["mode"] == EDIT and told["field"] == "here")
        bob.do("key Escape")
        bob.until("the way back", lambda told: told["mode"] == PLAIN and told["field"] == "")
        bob.do("key Up")
        bob.until("the edit", lambda told: told["mode"] == EDIT)
        bob.do("fill composerField here, at the door")
        bob.do("key Return")
        ada.until("the edit", lambda told: message(told, "here, at the door").get("edited"))

        ada.do("fill composerField hello @")
        ada.until("whom one may mean", lambda told: told["suggestions"] == ["bob"])
        ada.do("key Return")
        ada.until("the name", lambda told: told["field"] == "hello @bob ")
        self.assertEqual((ada.quit(), bob.quit()), (0, 0))

    def test_a_draft_comes_to_the_other_device(self):
        ada, _ = self.two()
        other = self.window("other")
        other.enter("log-in", "ada")
        other.until("the group", lambda told: any(title == "Lunch" for title, _ in told["list"]))
        other.do("show Lunch")
        ada.do("fill composerField half a sentence")
        other.until("the draft", lambda told: told["field"] == "half a sentence")
        ada.do("press sendButton")
        other.until("no draft any more", lambda told: told["field"] == "")
        self.assertEqual((ada.quit(), other.quit()), (0, 0))

    def test_its_members_and_its_end(self):
        ada, bob = self.two()
        ada.do("press membersButton")
        told = ada.until("the panel", lambda told: "membersPanel" in told["panels"])
        ada.do(f"admin {told['members'][1][0]}")
        bob.until("the role", lambda told: ["bob", "Admin"] in [row[1:] for row in told["members"]])
        bob.until("a sentence", lambda told: f"{isolated('ada')} made {isolated('you')} an admin" in [one["system"] for one in told["messages"]])
        bob.do("press membersButton")
        bob.do("press renameButton")
        bob.do("fill renameField Tea")
        bob.do("press renameSave")
        ada.until("the new name", lambda told: any(title == "Tea" for title, _ in told["list"]))
        ada.do("press dissolveButton")
        self.assertIn("membersPanel", ada.ask("look")["panels"])  # It asks once more.
        ada.do("press dissolveButton")
        ada.until("no group", lambda told: told["conversation"] == 0 and told["list"] == [])
        told = bob.until("no group", lambda told: told["conversation"] == 0 and told["list"] == [])
        self.assertEqual(told["sentence"], f"You are no longer in “{isolated('Tea')}”.")
        self.assertEqual((ada.quit(), bob.quit()), (0, 0))


if __name__ == "__main__":
    main()
