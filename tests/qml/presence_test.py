"""Two windows on five servers see one another online, typing and gone, also after the primary was killed."""

from app import AppTest, main, poll

ISOLATES = dict.fromkeys((0x2068, 0x2069))


def header(told):
    return told["header"].translate(ISOLATES)


def row(told, title):
    """[online, away, typing] of that conversation in the list."""
    return next((states for name, *states in told["dots"] if name == title), None)


class Presence(AppTest):
    def types(self, writer, reader, words):
        """Writes on until the other one's header says so: one notice may go down with a server."""
        count = iter(range(10_000))

        def look():
            writer.do(f"fill composerField word {next(count)}")
            told = reader.ask("look")
            return told if header(told) == words else None

        return poll(look, words)

    def test_online_typing_and_gone(self):
        self.up(5)
        ada, bob = self.window("ada"), self.window("bob")
        ada.enter("sign-up", "ada")
        bob.enter("sign-up", "bob")
        ada.open("bob")
        bob.open("ada")
        for one, other in ((ada, "bob"), (bob, "ada")):
            told = one.until("the other one online", lambda told: header(told) == "online")
            self.assertEqual(row(told, other), [True, False, ""])
        told = self.types(bob, ada, "typing…")
        self.assertEqual(row(told, "bob"), [True, False, "typing…"])
        bob.do("fill composerField ")
        ada.until("no typing", lambda told: header(told) == "online" and row(told, "bob") == [True, False, ""])

        self.must("kill", "primary")
        self.wait_primary()
        self.types(bob, ada, "typing…")
        self.types(ada, bob, "typing…")
        bob.do("send there")
        told = ada.until("the message in place of the typing",
                         lambda told: header(told) == "online" and told["shown"] == 1)
        self.assertEqual(row(told, "bob"), [True, False, ""])

        ada.do("group Team bob")
        ada.until("the group", lambda told: header(told) == "2 members")
        bob.until("the group", lambda told: row(told, "Team"))
        bob.do("show Team")
        self.types(bob, ada, "bob is typing…")
        self.assertEqual(bob.quit(), 0)
        ada.until("nobody typing", lambda told: header(told) == "2 members")
        ada.do("show bob")
        told = ada.until("bob gone", lambda told: header(told) == "last seen just now")
        self.assertEqual(row(told, "bob"), [False, False, ""])
        self.assertEqual(ada.quit(), 0)


if __name__ == "__main__":
    main()
