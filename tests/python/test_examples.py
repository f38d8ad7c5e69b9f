"""Each program in bindings/examples does what it says, with a primary killed under it."""

import os
import signal
import subprocess
import sys

import pytest

import starling
from conftest import PASSWORD, PATIENCE, SOURCE, account, poll


@pytest.fixture
def example():
    """Starts an example; none outlives the test."""
    running = []

    def start(name, *words):
        path = os.path.join(SOURCE, "bindings/examples", name)
        one = subprocess.Popen([sys.executable, "-u", path, *words], stdin=subprocess.DEVNULL,
                               stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True)
        running.append(one)
        return one

    yield start
    for one in running:
        if one.poll() is None:
            one.kill()
        one.communicate()


def finished(one):
    out, err = one.communicate(timeout=PATIENCE)
    assert one.returncode == 0, f"{out}\n{err}"
    return out, err


def test_echo_bot(cluster, example, client, ada, tmp_path):
    words = ("echo_bot.py", cluster.addresses[0], "echo", PASSWORD, str(tmp_path / "cursor"))
    chat = None
    for turn in range(3):
        bot = example(*words)
        assert bot.stdout.readline() == "echo answers\n"
        chat = chat or poll(lambda: opened(ada), "the bot's account")
        sent = ada.send(chat.id, f"turn {turn}")
        poll(lambda: ada.messages(chat.id)[-1].sender == "echo", "an answer")
        if turn == 0:
            bot.kill()  # It may not have kept its place.
            bot.wait()
        else:
            bot.send_signal(signal.SIGINT)
            finished(bot)
    bodies = [(m.sender, m.body) for m in ada.messages(chat.id)]
    assert bodies == [pair for turn in range(3)
                      for pair in (("ada", f"turn {turn}"), ("echo", f"turn {turn}"))]
    assert sent.seq == 5


def opened(session):
    try:
        return session.open_direct("echo")
    except starling.NotFound:
        return None


def test_bulk_import(cluster, example, ada, bob, chat, tmp_path):
    lines = [f"line {n}" for n in range(3000)]
    path = tmp_path / "lines.txt"
    path.write_text("\n".join(lines) + "\n", encoding="utf-8")
    words = ("bulk_import.py", cluster.addresses[1], "ada", PASSWORD, "bob", str(path))
    first = example(*words)
    poll(lambda: ada.messages(chat.id, limit=1), "a first line")
    first.kill()
    first.wait()
    killed = cluster.kill_primary()
    out, err = finished(example(*words))
    assert "3000 messages are stored" in out
    assert "3000/3000" in err and "#" * 40 in err
    cluster.restart(killed)
    stored, last = [], 0
    while page := bob.messages(chat.id, after=last, limit=200):
        stored += [message.body for message in page]
        last = page[-1].seq
    assert stored == lines


def test_an_interrupted_import_says_so_in_one_line(cluster, example, ada, bob, chat, tmp_path):
    path = tmp_path / "many.txt"
    path.write_text("".join(f"many {n}\n" for n in range(100_000)), encoding="utf-8")
    one = example("bulk_import.py", cluster.addresses[0], "ada", PASSWORD, "bob", str(path))
    poll(lambda: any(m.body.startswith("many") for m in ada.messages(chat.id)), "a first line")
    one.send_signal(signal.SIGINT)
    _, err = one.communicate(timeout=PATIENCE)
    assert one.returncode == 1 and "Traceback" not in err and "run it again" in err
    path.write_bytes(b"\xff\xfe\n")
    broken = example("bulk_import.py", cluster.addresses[0], "ada", PASSWORD, "bob", str(path))
    assert broken.wait(PATIENCE) == 1 and "Traceback" not in broken.stderr.read()


def test_failover_probe(cluster, example, ada, bob):
    probe = example("failover_probe.py", cluster.addresses[2], "ada", PASSWORD, "bob", "4")
    assert probe.stdout.readline() == "probing\n"
    name = cluster.kill_primary()
    out, _ = finished(probe)
    assert "is primary after" in out and "none failed" in out
    cluster.restart(name)


def test_dashboard(cluster, example, ada, bob, chat):
    board = example("dashboard.py", cluster.addresses[0], "ada", PASSWORD, "3")
    seen = ""
    while "connected" not in seen:
        seen += board.stdout.readline()
    name = cluster.kill_primary()
    ada.send(chat.id, "seen by the dashboard")
    out, _ = finished(board)
    assert "primary" in out and "failed over" in out and "1 message" in out
    cluster.restart(name)


@pytest.mark.parametrize("name", ["echo_bot.py", "bulk_import.py", "failover_probe.py",
                                  "dashboard.py"])
def test_mistakes_are_told(name, example, cluster, client):
    account(client, "ada")
    told = example(name)
    assert told.wait(PATIENCE) == 2 and name in told.stderr.read()
    rest = {"echo_bot.py": ("/nowhere/cursor",), "bulk_import.py": ("bob", "/dev/null"),
            "failover_probe.py": ("bob", "1"), "dashboard.py": ()}[name]
    told = example(name, cluster.addresses[0], "ada", "wrong password", *rest)
    assert told.wait(PATIENCE) == 1
    err = told.stderr.read()
    assert err.startswith(name.removesuffix(".py") + ": ") and "Traceback" not in err


@pytest.mark.parametrize("name", ["bulk_import.py", "dashboard.py", "echo_bot.py",
                                  "failover_probe.py"])
def test_usage(example, name):
    helped = example(name, "--help")
    assert name in finished(helped)[0]
    wrong = example(name, "alone")
    out, err = wrong.communicate(timeout=PATIENCE)
    assert wrong.returncode == 2 and name in err and not out


def test_ctrl_c_keeps_what_the_probe_has_seen(cluster, example, ada, bob):
    probe = example("failover_probe.py", cluster.addresses[0], "ada", PASSWORD, "bob", "60")
    before = ada.open_direct("bob").last_seq
    assert probe.stdout.readline() == "probing\n"
    poll(lambda: ada.open_direct("bob").last_seq > before + 2, "it sends one after another")
    probe.send_signal(signal.SIGINT)
    assert "none failed" in finished(probe)[0]


def test_the_bar_keeps_to_a_narrow_terminal(cluster, example, ada, bob, tmp_path, monkeypatch):
    path = tmp_path / "lines.txt"
    path.write_text("one\ntwo\nthree\n", encoding="utf-8")
    monkeypatch.setenv("COLUMNS", "30")
    err = finished(example("bulk_import.py", cluster.addresses[0], "ada", PASSWORD, "bob",
                           str(path)))[1]
    drawn = [one for one in err.replace("\n", "\r").split("\r") if one]
    assert "3/3" in drawn[-1] and max(map(len, drawn)) < 30
