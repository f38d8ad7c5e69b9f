"""What anybody may write or be called is shown as it is, in the real window: no markup, no pattern, nothing cut off."""

from app import AppTest, isolated, main

MARKUP = "<b>x</b><img/src=\"file:///etc/passwd\">&lt;"
TURNING = "\u202eevil\u2066"
BIRD = "\U0001F426"
BODIES = [
    f"zebra {MARKUP} %1 %2",
    f"zebra \x1b[31mred\x07\x1b]0;title\x07 {TURNING} \x9c\x00 after",
    f"zebra {BIRD * 40}",
    "zebra " + "w" * 16_000,
    "zebra\n\n  https://a.example/<script>",
]
TITLE = f"{MARKUP}{TURNING}%1{BIRD}"


class HostileText(AppTest):
    def test_it_is_only_text(self):
        self.up(3)
        bob = self.window("bob")
        bob.enter("sign-up", "bob")
        ada = self.window("ada")
        ada.enter("sign-up", "ada")
        probe = self.probe()
        probe.must("login", name="ada")
        chat = probe.must("open", session="ada", peer="bob")["conversation"]
        for body in BODIES:
            probe.must("send", session="ada", conversation=chat, body=body)
        # Stored, sent on and shown, to the last character.
        bob.until("the last words", lambda told: told["list"] and told["list"][0][1].startswith("zebra https"))
        bob.do("show ada")
        told = bob.until("the messages", lambda told: len(told["rows"]) == len(BODIES))
        self.assertEqual([row[1] for row in told["rows"]], BODIES)
        told = bob.until("the newest in sight", lambda told: BODIES[-1] in told["words"])
        self.assertEqual(told["markup"], [])
        for shown in told["words"]:
            self.assertIn(shown, BODIES)
        bob.do("scroll top")
        told = bob.until("the oldest in sight", lambda told: BODIES[0] in told["words"])
        self.assertEqual(told["markup"], [])
        # Found, and cut at whole characters.
        bob.do("key Ctrl+F")
        bob.until("the field", lambda told: told["focus"] == "searchField")
        bob.do("fill searchField zebra")
        told = bob.until("the hits", lambda told: len(told["hits"]) == len(BODIES))
        self.assertEqual(told["markup"], [])
        excerpts = {hit[1]: hit[2] for hit in told["hits"]}
        self.assertEqual(excerpts[1], BODIES[0])
        self.assertEqual(excerpts[2], BODIES[1].translate({sign: " " for sign in b"\x1b\x07\x9c\x00"}))
        for text in excerpts.values():
            self.assertNotRegex(text, "[\ud800-\udfff]")
        bob.do("key Escape")
        self.assertEqual((ada.quit(), bob.quit()), (0, 0))

    def test_titles_and_names_are_only_text(self):
        self.up(1)
        bob = self.window("bob")
        bob.enter("sign-up", "bob")
        ada = self.window("ada")
        ada.enter("sign-up", "ada")
        ada.do(f"group {TITLE} bob")
        told = bob.until("the group", lambda told: told["list"])
        sentence = f"{isolated('ada')} added {isolated('you')}"
        told = bob.until("who added whom", lambda told: told["list"] == [[TITLE, sentence]])
        bob.do(f"show {TITLE}")
        title = isolated(TITLE.replace("\u202e", "").replace("\u2066", ""))
        created = f"{isolated('ada')} created the group “{title}”"
        told = bob.until("the sentences", lambda told: len(told["messages"]) == 2)
        self.assertEqual([one["system"] for one in told["messages"]], [created, sentence])
        self.assertEqual(told["markup"], [])
        self.assertEqual((ada.quit(), bob.quit()), (0, 0))


if __name__ == "__main__":
    main()
