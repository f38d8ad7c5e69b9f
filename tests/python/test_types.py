"""The annotations are right, and those of the C++ half are those of the built module."""

import os
import subprocess
import sys

from conftest import PACKAGE_PATH, SOURCE

USER = """
import starling
from starling import aio
def blocking(client: starling.Client) -> None:
    me = client.login("ada", "correct horse")
    reveal_type(me.send(1, "x").sent_at)
    reveal_type([event.message for event in me.events(after=0)])
    reveal_type(me.messages(1)[0].body)
    reveal_type(client.servers()[0].role)
    reveal_type(me.members(1)[0].joined_at)
    reveal_type(me.messages(1, around=5)[0].reactions)
    reveal_type(me.edit_message(1, 1, "x").edits)
    me.set_role(1, 2, starling.MemberRole.ADMIN)
    me.mark_delivered({1: 2})
async def waiting(client: aio.Client) -> None:
    me = await client.login("ada", "correct horse")
    reveal_type(await me.open_direct("bob"))
    reveal_type([event.cursor async for event in me.events()])
    reveal_type(starling.aio.Client)
"""
WRONG = """
import starling
def wrong(me: starling.Session) -> None:
    me.send("1", "x")
    me.send(1, b"x")
    me.events(after="1:2:3")
    me.messages(1, 2)
    me.search(7)
    me.set_role(1, 2, "ADMIN")
    me.create_group("birds", [1])
"""


def tool(words, **options):
    return subprocess.run([sys.executable, "-m", *words], capture_output=True, text=True,
                          timeout=170, check=False, **options)


def mypy(tmp_path, *words):
    return tool(["mypy", "--strict", "--cache-dir", str(tmp_path / "cache"), *words],
                env={**os.environ, "MYPYPATH": os.path.join(SOURCE, "bindings")})


def test_package_examples_and_users(tmp_path):
    (tmp_path / "user.py").write_text(USER, encoding="utf-8")
    (tmp_path / "wrong.py").write_text(WRONG, encoding="utf-8")
    done = mypy(tmp_path, "-p", "starling")
    assert done.returncode == 0, done.stdout
    folder = os.path.join(SOURCE, "bindings/examples")
    for name in sorted(os.listdir(folder)):
        done = mypy(tmp_path, os.path.join(folder, name))
        assert done.returncode == 0, done.stdout
    told = mypy(tmp_path, str(tmp_path / "user.py")).stdout
    for revealed in ('"datetime.datetime"', "starling._types.Message", '"builtins.str"',
                     "starling._types.Role", "tuple[starling._types.Reaction, ...]", '"builtins.int"', "starling._types.Conversation",
                     "starling._types.Cursor", "starling.aio.Client"):
        assert revealed in told, told
    assert "Any" not in told and "error" not in told, told
    assert "Found 7 errors" in mypy(tmp_path, str(tmp_path / "wrong.py")).stdout


def test_the_core_module_is_what_its_stubs_say(tmp_path):
    # pybind11's classes have a metaclass and an __init__ that stubs do not tell of.
    allowed = tmp_path / "allowed"
    allowed.write_text(r"starling\._core\.(Call|Client|Session|Subscription|Feed|PresenceWatch)"
                       r"(\.__init__)?"
                       "\n", encoding="utf-8")
    done = tool(["mypy.stubtest", "starling._core", "--allowlist", str(allowed)], cwd=tmp_path,
                env={**os.environ, "MYPYPATH": PACKAGE_PATH})
    assert done.returncode == 0, done.stdout
