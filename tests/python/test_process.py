"""The edges of a process: its end, forks, exceptions in callbacks, memory."""

import ctypes
import gc
import os
import subprocess
import sys
import threading
import time

import pytest

import starling
from conftest import account, settle

HEAD = """
import os, sys, threading, time
import starling
"""

ENDINGS = {
    "nothing closed": """
client = starling.Client(SERVERS, on_cluster_event=lambda event: None)
me = client.login("ada", "correct horse")
stream = me.events()
""",
    "a thread in a stream": """
client = starling.Client(SERVERS)
me = client.login("ada", "correct horse")
def loop():
    while True:
        try:
            for event in me.events(): pass
        except starling.Error: pass
for _ in range(8): threading.Thread(target=loop, daemon=True).start()
time.sleep(0.2)
""",
    "a thread that sends": """
client = starling.Client(SERVERS)
me = client.login("ada", "correct horse")
chat = me.open_direct("bob")
def loop():
    while True:
        try: me.send(chat.id, "x")
        except starling.Error: pass
for _ in range(8): threading.Thread(target=loop, daemon=True).start()
time.sleep(0.2)
""",
    "calls under way": """
import asyncio
from starling import aio
async def main():
    client = await aio.Client(SERVERS)
    me = await client.login("ada", "correct horse")
    chat = await me.open_direct("bob")
    for n in range(200): asyncio.ensure_future(me.send(chat.id, str(n)))
    stream = await me.events(after=0)
    await stream.next()
asyncio.run(main())
""",
    "a session in a cycle": """
class Keep: pass
keep = Keep()
keep.me = starling.Client(SERVERS).login("ada", "correct horse")
keep.keep = keep
""",
    "sys.exit in the main thread": """
client = starling.Client(SERVERS)
client.on_cluster_event(lambda event: time.sleep(0.01))
sys.exit(0)
""",
    "connecting in vain": """
def connect():
    try: starling.Client(["127.0.0.1:1"], timeout=3.0)
    except starling.Error: pass
for _ in range(4): threading.Thread(target=connect, daemon=True).start()
time.sleep(0.2)
""",
    "a client made at the end": """
import atexit
def late():
    try: starling.Client(SERVERS)
    except starling.Closed as error: print("refused", error)
atexit._run_exitfuncs()
late()
""",
}


@pytest.mark.parametrize("name", ENDINGS)
def test_the_interpreter_ends_quietly(name, script, client):
    account(client, "ada"), account(client, "bob")
    for _ in range(3):
        code, out, err = script(HEAD + ENDINGS[name]).end(timeout=20.0)
        err = "\n".join(line for line in err.splitlines()
                        if "Task was destroyed but it is pending" not in line
                        and not line.startswith("task: "))
        assert code == 0 and err.strip() == "", (code, err)
        assert name != "a client made at the end" or "refused" in out


CONNECTING = """
import atexit, os, socket, sys, threading, time
def ours():
    # What gRPC keeps for itself has names of its own.
    names = [open(f"/proc/self/task/{one}/comm").read() for one in os.listdir("/proc/self/task")]
    return names.count(open("/proc/self/comm").read())
def look():  # Behind the package's own, which was registered later.
    deadline = time.monotonic() + 5.0
    while ours() > 1 and time.monotonic() < deadline: time.sleep(0.01)
    print("left", ours() - 1, flush=True)
atexit.register(look)
import starling
silent = socket.socket()
silent.bind(("127.0.0.1", 0))
silent.listen()
def connect():
    try: starling.Client(["127.0.0.1:%d" % silent.getsockname()[1]], timeout=60.0)
    except starling.Error: pass
for _ in range(3): threading.Thread(target=connect, daemon=True).start()
deadline = time.monotonic() + 20.0
while ours() < 8 and time.monotonic() < deadline: time.sleep(0.01)
print("begun", ours() >= 8, flush=True)
"""


def test_no_thread_that_connects_outlives_the_interpreter(script):
    begun = time.monotonic()
    code, out, err = script(CONNECTING).end()
    assert (code, err) == (0, "")
    assert out == "begun True\nleft 0\n"
    assert time.monotonic() - begun < 20.0  # Not as long as the connecting would have taken.


BEHIND_AN_ANSWER = """
import asyncio
from starling import aio
async def main():
    async with aio.Client(SERVERS) as client:
        me = await client.login("ada", "correct horse")
        async for event in me.events(after=0): break
asyncio.run(main())
"""


def test_a_process_may_end_right_behind_an_answer(script, client, chat):
    """The thread that gave the answer is still on its way out of the interpreter then."""
    account(client, "ada").send(chat.id, "something to read")
    for _ in range(15):
        for one in [script(HEAD + BEHIND_AN_ANSWER) for _ in range(4)]:
            code, _, err = one.end(timeout=30.0)
            assert code == 0 and err == "", (code, err)


def test_exceptions_in_callbacks_are_unraisable(cluster):
    told = []
    old, sys.unraisablehook = sys.unraisablehook, told.append
    try:
        def fail(event):
            raise ZeroDivisionError("in a callback")

        with starling.Client(cluster.addresses, on_cluster_event=fail) as client:
            account(client, "ada")
    finally:
        sys.unraisablehook = old
    assert told and told[0].exc_type is ZeroDivisionError and told[0].object is fail


FORK = HEAD + """
client = starling.Client(SERVERS)
me = client.login("ada", "correct horse")
chat = me.open_direct("bob")
stream = me.events()
child = os.fork()
if child == 0:
    refused = 0
    for call in (client.servers, lambda: me.send(chat.id, "x"), lambda: next(stream),
                 lambda: me.events(), lambda: client.login("ada", "x"), me.conversations,
                 lambda: starling.Client(SERVERS)):
        try:
            call()
        except starling.Error as error:
            assert type(error) is starling.Closed and "fork" in str(error), error
            refused += 1
    client.close(); stream.close(); me.close()
    print("child", refused, client.closed, repr(me), flush=True)
    del client, me, stream
    sys.exit(0)
status = os.waitpid(child, 0)[1]
print("status", status)
print("parent", me.send(chat.id, "still here").body)
"""


def test_a_fork_is_refused_clearly(script, client):
    account(client, "ada"), account(client, "bob")
    code, out, err = script(FORK).end()
    assert code == 0 and err == "", err
    assert "child 7 True" in out
    assert "status 0" in out and "parent still here" in out


FORK_IN_A_CALLBACK = HEAD + """
told = threading.Event()
def fork(event):
    if told.is_set(): return
    child = os.fork()
    if child == 0:
        refused = []
        for call in (client.servers, lambda: me.send(chat.id, "x"), lambda: next(stream),
                     lambda: stream.cursor, lambda: me.events(),
                     lambda: client.login("ada", "correct horse"),
                     lambda: starling.Client(SERVERS)):
            try:
                call()
            except Exception as error:
                refused.append(type(error) is starling.Closed and "fork" in str(error))
        client.close(); stream.close(); me.close()
        print("child", refused == [True] * 7, client.closed, flush=True)
        os._exit(7)
    print("status", os.waitstatus_to_exitcode(os.waitpid(child, 0)[1]), flush=True)
    told.set()
client = starling.Client(SERVERS)
me = client.login("ada", "correct horse")
chat = me.open_direct("bob")
stream = me.events()
client.on_cluster_event(fork)
print("ready", flush=True)
print("told", told.wait(40.0), me.send(chat.id, "still here").body, flush=True)
"""


def test_a_fork_in_a_callback_is_refused_clearly(cluster, script, client):
    account(client, "ada"), account(client, "bob")
    one = script(FORK_IN_A_CALLBACK)
    assert one.line() == "ready"
    cluster.restart(cluster.kill_primary())
    code, out, err = one.end(timeout=60.0)
    assert (code, err) == (0, "")
    assert out == "child True True\nstatus 7\ntold True still here\n"


def test_a_child_may_connect_if_nobody_did_before_the_fork(script):
    code, out, err = script(HEAD + """
child = os.fork()
if child == 0:
    with starling.Client(SERVERS) as client: print("child", client.primary())
    sys.exit(0)
assert os.waitpid(child, 0)[1] == 0
with starling.Client(SERVERS) as client: print("parent", client.primary())
""").end()
    assert code == 0, err
    assert "child 127.0.0.1" in out and "parent 127.0.0.1" in out


def test_spawned_children_connect(tmp_path, cluster, client):
    account(client, "ada")
    path = tmp_path / "spawn.py"
    path.write_text(f"""
import multiprocessing, starling
def work(n):
    with starling.Client({cluster.addresses!r}) as client:
        return client.login("ada", "correct horse").account.name
if __name__ == "__main__":
    keep = starling.Client({cluster.addresses!r})
    with multiprocessing.get_context("spawn").Pool(2) as pool:
        print(pool.map(work, range(4)))
""", encoding="utf-8")
    done = subprocess.run([sys.executable, str(path)], capture_output=True, text=True, timeout=60,
                          check=False)
    assert done.returncode == 0, done.stderr
    assert done.stdout.strip() == str(["ada"] * 4)


def held_kib():
    """What this process has taken for itself. Under AddressSanitizer that is what it has not given
    back: there, what was given back stays resident for a while."""
    try:
        allocated = ctypes.CDLL(None).__sanitizer_get_current_allocated_bytes
    except AttributeError:
        pass
    else:
        allocated.restype = ctypes.c_size_t
        return allocated() // 1024
    with open("/proc/self/status", encoding="utf-8") as status:
        return next(int(line.split()[1]) for line in status if line.startswith("VmRSS"))


def test_a_hundred_thousand_events_leak_nothing(ada, bob, chat):
    """The same 2,000 events, 50 times over."""
    def send(numbers):
        for n in numbers:
            ada.send(chat.id, f"{n} " + "x" * 200)

    threads = [threading.Thread(target=send, args=(range(250),)) for _ in range(8)]
    with bob.events() as now:
        settle(now, ada, chat)
        start = now.cursor
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()

    def read_all():
        with bob.events(after=start) as events:
            for _ in range(2000):
                assert events.next(timeout=10.0).message.sender == "ada"

    for _ in range(10):
        read_all()
    gc.collect()
    before, objects = held_kib(), len(gc.get_objects())
    for _ in range(50):
        read_all()
    gc.collect()
    grown = held_kib() - before
    # A leak of one event in ten would be 5 MiB and more.
    assert grown < 4096, f"{grown} KiB more after 100,000 events"
    assert len(gc.get_objects()) - objects < 1000
    assert len(os.listdir("/proc/self/task")) < 32
