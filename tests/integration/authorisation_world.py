"""Who is who in the authorisation tests: accounts with sessions that live and that have ended, two
conversations of theirs, and every call that somebody might try, with what it is to be answered."""

import collections
import concurrent.futures

from authorisation_rows import (METHODS, OPEN, PASSWORD, PEER, REASONS, ROWS, SECRET, SESSION, Code, Server,
                                pb)
from harness import PATIENCE, poll, request_id

# What a server says that cannot know now.
UNSURE = (pb.REASON_NO_PRIMARY, pb.REASON_NOT_PRIMARY, pb.REASON_PRIMARY_LOST, pb.REASON_LAGGING,
          pb.REASON_DRAINING)

Case = collections.namedtuple("Case", "row who authorization conversation want")


class World:
    """ada, bob and fay have a group, of which ada is the owner and bob an admin; ada and bob also talk
    alone. dan was in the group. eve is a stranger, and was in a group that ended. hal is deleted."""

    def __init__(self, test):
        self.test = test
        self.servers = [Server(name, server["address"]) for name, server in sorted(test.servers().items())]
        for server in self.servers:
            test.addCleanup(server.channel.close)
            health = poll(lambda: test.health(server.address), "it answers")
            server.id, self.cluster = health.server_id, health.cluster_id
        self.hear()
        self.served = set()  # The RPCs that were called well.
        self.accounts, self.sessions, self.ended = {}, {}, {}
        self.expired = {}  # Sessions, with a conversation that their account was in: see log_in_anew().
        self.texts, self.gone = {}, {}
        self.make_accounts()
        self.make_conversations()
        self.end_sessions()
        self.forge()

    def forge(self):
        self.forged = {"nobody": None, "garbage": "Bearer garbage",
                       "another scheme": "Basic " + self.sessions["ada"].token}

    def hear(self):
        """Replicated time, as a client learns it before a write."""
        self.heard = self.test.health(self.servers[0].address).time_ms

    def header(self):
        return pb.WriteHeader(request_id=request_id(), as_of_ms=self.heard)

    def must(self, who, rpc, server=None, **fields):
        """The answer to a call that has to succeed. `who`: an account's name, a token, or None."""
        method = METHODS["Chat/" + rpc]
        if "write" in method.request.DESCRIPTOR.fields_by_name:
            fields["write"] = self.header()
        request = method.request(**fields)

        def answered():
            answer = (server or self.servers[0]).call("Chat/" + rpc, request, self.bearer(who))
            if answer.code != Code.OK and not answer.retryable:
                raise AssertionError(f"{rpc} by {who}: {answer}")
            return answer if answer.code == Code.OK else None

        reply = poll(answered, f"{rpc} by {who}").reply
        self.served.add("Chat/" + rpc)
        return reply

    def bearer(self, who):
        return who if who is None or who.startswith("Bearer ") else f"Bearer {self.sessions[who].token}"

    def log_in(self, name, password=PASSWORD):
        return self.must(None, "LogIn", name=name, password=password)

    def another(self, name, password=PASSWORD):
        """One more session of the account, as a header."""
        return "Bearer " + self.log_in(name, password).token

    def make_accounts(self):
        for name in ("ada", "bob", "dan", "eve", "fay", "gus", "hal"):
            made = self.must(None, "CreateAccount", name=name, password=PASSWORD)
            self.accounts[name] = made.account.id
            if name != "gus":
                self.sessions[name] = self.log_in(name)

    def say(self, conversation, body=SECRET):
        return self.must("ada", "Send", conversation_id=conversation, body=body).message.seq

    def group(self, title, *names):
        return self.must("ada", "CreateGroup", title=title, names=names).conversation.id

    def make_conversations(self):
        self.direct = self.must("ada", "OpenDirect", name="bob").conversation.id
        self.group_id = self.group("the group", "bob", "dan", "fay")
        self.say(self.group_id, "before dan went")
        self.must("ada", "SetRole", conversation_id=self.group_id, account_id=self.accounts["bob"],
                  role=pb.MEMBER_ROLE_ADMIN)
        self.must("ada", "RemoveMember", conversation_id=self.group_id, account_id=self.accounts["dan"])
        for conversation in (self.direct, self.group_id):
            self.texts[conversation] = self.say(conversation)
            self.gone[conversation] = self.say(conversation)
        self.dissolved = self.group("it ended", "eve")
        self.texts[self.dissolved] = self.gone[self.dissolved] = self.say(self.dissolved, "the end")
        self.must("ada", "DissolveGroup", conversation_id=self.dissolved)

    def end_sessions(self):
        """In each way that there is."""
        self.ended["logged out"] = self.another("eve")
        self.must(self.ended["logged out"], "LogOut")
        self.ended["ended by another one"] = self.another("eve")
        for session in self.must("eve", "ListSessions").sessions:
            if not session.current:
                self.must("eve", "EndSession", session_id=session.id)
        self.ended["of a former password"] = self.another("fay")
        self.must("fay", "ChangePassword", password=PASSWORD, new_password="battery staple")
        self.ended["of a deleted account"] = self.bearer("hal")
        self.must("hal", "DeleteAccount", password=PASSWORD)
        self.spare = self.log_in("ada").session_id

    def log_in_anew(self):
        """Long after, when every session has expired. The first writes clear those away."""
        places = {"ada": self.group_id, "eve": self.direct, "dan": self.group_id}
        self.expired = {name: (self.bearer(name), place) for name, place in places.items()}
        self.hear()
        for name in self.sessions:
            if name != "hal":
                self.sessions[name] = self.log_in(name, "battery staple" if name == "fay" else PASSWORD)
        self.spare = self.log_in("ada").session_id
        self.forge()

    def cases(self):
        """Every call without the right to it."""
        unknown = {"an unknown token": "Bearer " + "A" * 43, **self.ended}
        outsiders = (("a stranger", "eve", self.direct), ("who was removed", "dan", self.group_id),
                     ("of an ended group", "eve", self.dissolved))
        for row in ROWS:
            if row.who == SESSION:
                for who, token in {**self.forged, **unknown}.items():
                    yield Case(row, who, token, self.direct, Code.UNAUTHENTICATED)
                for name, (token, place) in self.expired.items():
                    yield Case(row, f"{name}, whose session has expired", token, place, Code.UNAUTHENTICATED)
            elif row.who == PEER:
                yield Case(row, "no server", None, None, row.answer)
            if row.outsider is not None:
                for who, name, conversation in outsiders[:None if row.about else 1]:
                    yield Case(row, who, self.bearer(name), conversation, row.outsider)
            if row.power is not None:
                yield from self.powerless(row)

    def powerless(self, row):
        if row.denies("member"):
            yield Case(row, "a plain member", self.bearer("fay"), self.group_id, Code.PERMISSION_DENIED)
        if row.denies("admin"):
            yield Case(row, "an admin", self.bearer("bob"), self.group_id, Code.PERMISSION_DENIED)
        if row.rpc in ("Chat/EditMessage", "Chat/DeleteMessages"):
            yield Case(row, "the other side", self.bearer("bob"), self.direct, Code.PERMISSION_DENIED)

    def rightful(self):
        """Every call by somebody who may make it, but for those that end what they are called for."""
        for row in ROWS:
            if row.who == SESSION and not row.once:
                yield Case(row, "its owner", self.bearer("ada"), self.group_id, row.answer)
            elif row.who == OPEN:
                for who, token in (("nobody", None), ("logged out", self.ended["logged out"])):
                    yield Case(row, who, token, None, row.answer)

    def ask(self, server, case):
        return server.call(case.row.rpc, case.row.build(self, case.conversation), case.authorization)

    def within_limits(self, server, case):
        """Past the limits on how often may be asked, which say that they are such."""
        def answered():
            answer = self.ask(server, case)
            return None if answer.retryable and answer.reason == pb.REASON_OVERLOADED else answer

        return poll(answered, f"{case.row.rpc} within the limits", PATIENCE, 0.1)

    def settled(self, server, case):
        """Past an election as well, where a crowded machine may hold one at any time."""
        def answered():
            answer = self.within_limits(server, case)
            return None if unsure(answer) else answer

        return poll(answered, f"{case.row.rpc} by {case.who} answered for good at {server.name}")

    @staticmethod
    def exact(case, answer):
        if answer.code != case.want or answer.reason not in REASONS[case.want]:
            return False
        own = case.who == "its owner"
        return own or answer.code != Code.OK or SECRET.encode() not in answer.reply.SerializeToString()

    def each(self, servers, cases, judge=None, threads=2):
        """Asks every case of every server. What was answered otherwise than `judge` has it; without one,
        than exactly so in the end."""
        cases = list(cases)

        def wrong(work):
            server, case = work
            answer = (self.within_limits if judge else self.settled)(server, case)
            return None if (judge or self.exact)(case, answer) else self.describe(server, case, answer)

        with concurrent.futures.ThreadPoolExecutor(threads * len(servers)) as pool:
            return [line for line in pool.map(wrong, [(s, c) for c in cases for s in servers]) if line]

    @staticmethod
    def describe(server, case, answer):
        return (f"{case.row.rpc} by {case.who} at {server.name}: {answer.code.name} "
                f"{pb.Reason.Name(answer.reason)} {str(answer.reply)[:200]!r} instead of {case.want.name}")


def unsure(answer):
    """Nobody can tell now, and the caller may try again."""
    return answer.code == Code.UNAVAILABLE and answer.retryable and answer.reason in UNSURE
