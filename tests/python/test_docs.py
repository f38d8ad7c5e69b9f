"""The examples in the documentation run, and help(starling) reads as documentation."""

import collections.abc
import doctest
import os
import re
import subprocess
import sys

import pytest

import starling
from conftest import SOURCE, account, settle
from starling import aio

SEED = "127.0.0.1:5101"


@pytest.fixture
def two_messages(ada, bob, chat):
    """What the docstrings take for granted."""
    ada.send(chat.id, "first")
    ada.send(chat.id, "second")
    with ada.events() as stream:
        settle(stream, ada, chat)


def docstrings():
    finder = doctest.DocTestFinder()
    return [test for test in finder.find(starling, "starling", module=False) if test.examples]


def test_docstrings(cluster, client, ada, chat, two_messages):
    tests = docstrings()
    assert len(tests) >= 8
    runner = doctest.DocTestRunner(optionflags=doctest.ELLIPSIS)
    told = []
    for test in tests:
        for example in test.examples:
            example.source = example.source.replace(SEED, cluster.addresses[0])
        test.globs = {"starling": starling, "client": client, "me": ada, "chat": chat}
        runner.run(test, out=told.append)
    assert runner.summarize(verbose=False).failed == 0, "".join(told)


def blocks(path):
    with open(os.path.join(SOURCE, path), encoding="utf-8") as file:
        return re.findall(r"^```python\n(.*?)^```", file.read(), re.MULTILINE | re.DOTALL)


def indented(docstring):
    """The first block of code of a docstring, from its first import on."""
    lines = re.search(r"((?:^    .+\n\n*)+)", docstring, re.MULTILINE).group(1)
    return "".join(line[4:] if line.strip() else "\n" for line in lines.splitlines(True))


def run(code, cluster):
    done = subprocess.run([sys.executable, "-c", code.replace(SEED, cluster.addresses[0])],
                          capture_output=True, text=True, timeout=60, check=False)
    assert done.returncode == 0, f"{code}\n{done.stderr}"
    return done.stdout


def test_python_md_runs_as_pasted(cluster):
    found = blocks("docs/python.md")
    assert len(found) >= 3
    with open(os.path.join(SOURCE, "docs/python.md"), encoding="utf-8") as file:
        assert file.read().split("```")[0].strip() == "# Python"  # Code comes first.
    for _ in range(2):  # The accounts are there the second time.
        told = [run(code, cluster) for code in found]
    assert "number 1" in told[0] or "number 102" in told[0]
    assert "100 sent" in told[-1]


def test_the_package_docstring_runs(cluster):
    code = indented(starling.__doc__).replace('"ada"', '"doc1"').replace('"bob"', '"doc2"')
    for times in (1, 2):  # The accounts are there the second time.
        assert run(code, cluster) == "doc1 hello\n" * times


def test_the_aio_docstring_runs(cluster, client, ada, bob, chat):
    code = indented(aio.__doc__).replace("print(event)", "return print('an event')")
    code = code.replace("me.events()", "me.events(after=0)")
    assert "an event" in run(code, cluster)


def test_help_reads_as_documentation():
    done = subprocess.run([sys.executable, "-c", "import starling; help(starling)"],
                          capture_output=True, text=True, timeout=60, check=True)
    text = done.stdout
    for wanted in ("Chat that keeps talking when servers die", "class Client", "class Session",
                   "open_direct(self, name: str", "class InvalidArgument", "class EventKind",
                   "class MemberRole", "create_group(self, title: str", "around: Optional[int] = None",
                   "exactly once and in the order of the calls"):
        assert wanted in text, wanted
    for unwanted in ("pybind11", "_core.", " at 0x", "with_traceback", "__setstate__", "Enum members",
                     "inherited from builtins", "__dataclass_fields__", "Return key in self"):
        assert unwanted not in text, unwanted
    # Of a class that adds nothing: its name, what it is for, and what it has of starling.Error.
    about = re.search(r"\n    class NotFound.*?(?=\n    class )", text, re.DOTALL).group()
    assert "No such account" in about and len(about.splitlines()) < 25, about
    assert len(text.splitlines()) < 1400
    assert len(starling.__doc__.splitlines()) < 40


def test_quiet_classes_are_classes_all_the_same():
    error = starling.NotFound("nobody")
    assert isinstance(error, Exception) and "with_traceback" in dir(error)
    assert dir(starling.Role) == ["BACKUP", "LEARNER", "NONE", "PRIMARY"]
    assert list(starling.Role)[1] is starling.Role("primary") is starling.Role["PRIMARY"]
    page = starling.Page([2, 1], more=True)
    assert sorted(page) == [1, 2] and page.more and starling.Page[int]
    assert issubclass(starling.EventStream, collections.abc.Iterator)


def test_everything_public_is_documented():
    for module in (starling, aio):
        for name in module.__all__:
            thing = getattr(module, name)
            assert thing.__doc__, name
            if isinstance(thing, type) and name in aio.__all__:
                for member, value in vars(thing).items():
                    if not member.startswith("_"):
                        assert value.__doc__, f"{name}.{member}"
