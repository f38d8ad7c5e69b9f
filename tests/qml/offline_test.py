"""A window that begins without a server: nothing in it waits for one."""

import socket

from app import LOGIN, PASSWORD, READY, AppTest, main

# A quit that waits for an operation's deadline takes five seconds.
AT_ONCE = 3.0


def silent():
    """A port that takes connections and never says a word."""
    listener = socket.socket()
    listener.bind(("127.0.0.1", 0))
    listener.listen(64)
    return listener


def free_port():
    with silent() as listener:
        return listener.getsockname()[1]


class Offline(AppTest):
    def test_quitting_waits_for_no_server(self):
        with silent() as listener:
            for port in (free_port(), listener.getsockname()[1]):
                window = self.window(f"data-{port}", f"127.0.0.1:{port}")
                told = window.ask("look")
                self.assertEqual((told["state"], told["sentence"]), (LOGIN, ""))
                self.assertIn("Connecting", told["pill"])
                self.assertEqual(window.quit(AT_ONCE), 0)
                window = self.window(f"data-{port}", f"127.0.0.1:{port}")
                window.do(f"log-in ada {PASSWORD}")
                self.assertEqual(window.quit(AT_ONCE), 0)

    def test_a_log_in_without_a_server_is_answered(self):
        window = self.window("ada", f"127.0.0.1:{free_port()}")
        for _ in range(2):
            window.do(f"log-in ada {PASSWORD}")
            told = window.until("a sentence", lambda told: told["sentence"])
            self.assertEqual(told["sentence"], "The servers cannot be reached. Try again in a moment.")
            self.assertEqual(told["state"], LOGIN)
            self.assertIn("Offline", told["pill"])
            self.assertEqual(told["password"], PASSWORD)
        # Signing up begins without that password and its sentence.
        told = window.do("press loginSwitch")
        self.assertEqual((told["password"], told["sentence"]), ("", ""))
        self.assertEqual(window.quit(AT_ONCE), 0)

    def test_a_server_that_comes_later_is_found(self):
        self.up(1)
        address = self.addresses(*self.servers())[0]
        self.must("kill", "n1")
        window = self.window("ada", address)
        window.until("the pill says so", lambda told: "Offline" in told["pill"])
        self.must("restart", "n1")
        window.do(f"sign-up ada {PASSWORD}")
        window.until("the chat", lambda told: told["state"] == READY)
        window.until("the pill says so", lambda told: address in told["pill"])
        self.assertEqual(window.quit(), 0)


if __name__ == "__main__":
    main()
