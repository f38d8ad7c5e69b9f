"""Each example program does what its first lines say, on a real cluster. (hello: install_test.py;
outbox: outbox_test.py; chat: chat_test.py.)"""

import os
import signal

from harness import IntegrationTest, Process, main, poll, run

EXAMPLES = os.path.join(os.environ["STARLING_BUILD_DIR"], "examples")


class Examples(IntegrationTest):
    def start(self, name, *words):
        process = Process([os.path.join(EXAMPLES, name), *words],
                          os.path.join(self.dir, f"{name}-{len(self._processes)}.log"))
        self._processes.append(process)
        return process

    def test_usage(self):
        for name in ("bot", "chat", "failover_probe", "outbox"):
            outcome = run(os.path.join(EXAMPLES, name))
            self.assertEqual(outcome.code, 2)
            self.assertIn("usage: " + name, outcome.err)
            outcome = run(os.path.join(EXAMPLES, name), "--help")
            self.assertEqual(outcome.code, 0)
            self.assertIn("usage: " + name, outcome.out)

    def test_hello_tells_its_usage(self):
        for words, code in ((["--help"], 0), (["-h"], 0), (["--verbose"], 2), (["a:1", "b:2"], 2)):
            outcome = run(os.path.join(EXAMPLES, "hello"), *words)
            self.assertEqual(outcome.code, code, words)
            self.assertIn("usage: hello", outcome.err if code else outcome.out)

    def test_bot_answers_each_message_once(self):
        self.up(3)
        probe = self.probe()
        probe.must("create", name="ada")
        probe.must("login", name="ada")
        cursor = os.path.join(self.dir, "cursor")
        words = (self.addresses()[0], "echo", "echo echo", cursor)
        bot = self.start("bot", *words)
        chat = poll(lambda: probe.ask("open", session="ada", peer="echo").get("conversation"),
                    "the bot has an account")
        probe.must("send", session="ada", conversation=chat, body="one")
        poll(lambda: "ada: one" in bot.text(), "an answer")
        bot.end(signal.SIGKILL)
        probe.must("send", session="ada", conversation=chat, body="two")
        bot = self.start("bot", *words)
        poll(lambda: "ada: two" in bot.text(), "an answer after its return")
        self.must("kill", "primary")
        probe.must("send", session="ada", conversation=chat, body="three")
        poll(lambda: "ada: three" in bot.text(), "an answer after a failover")
        bot.end(signal.SIGINT)
        self.assertEqual(bot.wait_exit(), 0)
        bodies = [body for _, _, sender, body in
                  probe.must("history", session="ada", conversation=chat)["messages"]
                  if sender == "echo"]
        self.assertEqual(bodies, ["ONE", "TWO", "THREE"])

    def test_failover_probe_names_the_new_primary(self):
        self.up(3)
        process = self.start("failover_probe", self.addresses()[0], "6")
        poll(lambda: "sending to" in process.text(), "it sends")
        victim = self.must("kill", "primary", "-o", "json").json["server"]
        self.assertEqual(process.wait_exit(), 0, process.text())
        self.assertIn("none lost", process.text())
        self.assertIn("now on", process.text())
        self.assertNotEqual(self.status()["primary"], victim)


if __name__ == "__main__":
    main()
