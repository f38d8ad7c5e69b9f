"""Who may call what: a row for every RPC of every service, as the generated descriptors name them, with a
good request and what each kind of caller is to be answered. See authorisation_test.py."""

import collections
import threading

import harness  # Finds the stubs.
import grpc
import grpc_services
from google.protobuf import descriptor_pb2, symbol_database
from starling.v1 import chat_pb2 as pb
from starling.v1 import cluster_pb2, peer_pb2

PASSWORD = "correct horse"
SECRET = "only for those who are in it"  # In everything that outsiders must not be shown.

Code = grpc.StatusCode
CODES = {code.value[0]: code for code in Code}

OPEN, SESSION, PEER = "anybody", "a live session", "a server of this cluster"
# What it takes in a group, for the rows that need more than to be in it.
ADMIN, OWNER, AUTHOR = "admin", "owner", "author"

Answer = collections.namedtuple("Answer", "code reason retryable reply")
Method = collections.namedtuple("Method", "path request reply asks tells")


def methods():
    """Every RPC of every service, gRPC's own too: whether the client streams (asks), and the server (tells)."""
    found = {}
    symbols = symbol_database.Default()
    files = [module.DESCRIPTOR for module in (pb, cluster_pb2, peer_pb2)]
    for file in files + grpc_services.FILES:
        proto = descriptor_pb2.FileDescriptorProto()
        file.CopyToProto(proto)
        for service in proto.service:
            for method in service.method:
                found[f"{service.name}/{method.name}"] = Method(
                    f"/{proto.package}.{service.name}/{method.name}",
                    symbols.GetSymbol(method.input_type[1:]), symbols.GetSymbol(method.output_type[1:]),
                    method.client_streaming, method.server_streaming)
    return found


METHODS = methods()


class Row:
    """`fields` make a good request; a callable among them gets the world and the conversation. A write
    header and the conversation are put in wherever the request has them."""

    def __init__(self, rpc, who=SESSION, answer=Code.OK, outsider=None, power=None, once=False,
                 write=None, **fields):
        self.rpc, self.who, self.fields = rpc, who, fields
        self.answer = answer  # To those who may call it.
        request = METHODS[rpc].request.DESCRIPTOR.fields_by_name
        self.about = "conversation_id" in request and "conversation_id" not in fields
        self.write = "write" in request
        # A write goes to the primary, with or without a header; who cannot reach one gets no answer.
        self.at_primary = self.write if write is None else write
        # To a session that is not in the conversation. OK: of its own things alone; None: the same.
        self.outsider = Code.NOT_FOUND if self.about and outsider is None else outsider
        self.power = power
        self.once = once  # It ends what it is called for: called well where the world is made.

    def build(self, world, conversation):
        fields = {name: value(world, conversation) if callable(value) else value
                  for name, value in self.fields.items()}
        if self.write:
            fields["write"] = world.header()
        if self.about:
            fields["conversation_id"] = conversation
        return METHODS[self.rpc].request(**fields)

    def denies(self, role):
        return self.power in {"member": (ADMIN, OWNER, AUTHOR), "admin": (OWNER, AUTHOR)}[role]


def text(world, conversation):
    return world.texts[conversation]


def gone(world, conversation):
    return [world.gone[conversation]]


def mark(world, conversation):
    return [pb.DeliveredMark(conversation_id=conversation, seq=world.texts[conversation])]


def envelope(**body):
    """Of another server of this cluster, for a third one that there is not."""
    return {"cluster_id": lambda w, c: w.cluster, "epoch": 1, "from_id": lambda w, c: w.servers[0].id,
            "to_id": 99, **body}


CHAT_ROWS = [
    Row("Chat/CreateAccount", OPEN, Code.ALREADY_EXISTS, name="ada", password=PASSWORD),
    Row("Chat/LogIn", OPEN, write=True, name="gus", password=PASSWORD),
    Row("Chat/LogOut", once=True),
    Row("Chat/ListAccounts", outsider=Code.OK),
    Row("Chat/DeleteAccount", once=True, password=PASSWORD),
    Row("Chat/GetAccount", name="ada"),
    Row("Chat/SetProfile", display_name="somebody"),
    Row("Chat/ChangePassword", once=True, password=PASSWORD, new_password="battery staple"),
    Row("Chat/ListSessions", outsider=Code.OK),
    Row("Chat/EndSession", write=True, once=True, outsider=Code.NOT_FOUND,
        session_id=lambda w, c: w.spare),
    Row("Chat/SetBlock", name="gus", blocked=True),
    Row("Chat/ListBlocks", outsider=Code.OK),
    Row("Chat/OpenDirect", name="bob"),
    Row("Chat/ListConversations", outsider=Code.OK),
    Row("Chat/GetConversation"),
    Row("Chat/CreateGroup", title="another", names=["bob"]),
    Row("Chat/AddMembers", power=ADMIN, names=["fay"]),
    Row("Chat/RemoveMember", once=True, power=OWNER, account_id=lambda w, c: w.accounts["ada"]),
    Row("Chat/SetRole", power=OWNER, account_id=lambda w, c: w.accounts["fay"],
        role=pb.MEMBER_ROLE_MEMBER),
    Row("Chat/RenameGroup", power=ADMIN, title="the group"),
    Row("Chat/DissolveGroup", once=True, power=OWNER),
    Row("Chat/ListMembers"),
    Row("Chat/Send", body=SECRET),
    Row("Chat/SendStream", body=SECRET),
    Row("Chat/ListMessages"),
    Row("Chat/ReadUnread", write=False),
    Row("Chat/ReadUnread", mark_read=True),
    Row("Chat/MarkRead", write=True, seq=text),
    Row("Chat/DeleteMessages", power=ADMIN, seqs=gone),
    Row("Chat/HideMessages", write=True, seqs=gone),
    Row("Chat/EditMessage", power=AUTHOR, seq=text, body=SECRET),
    Row("Chat/ListEdits", seq=text),
    Row("Chat/React", seq=text, emoji="+1"),
    # Marks of conversations that the caller is not in count for nothing.
    Row("Chat/MarkDelivered", write=True, outsider=Code.OK, marks=mark),
    Row("Chat/Search", query="those"),
    Row("Chat/Search", conversation_id=0, outsider=Code.OK, query="those"),
    Row("Chat/SetDraft", body=SECRET),
    Row("Chat/Subscribe", outsider=Code.OK, after=pb.Cursor()),
    # It stands for everybody; what is typed where the caller is not in gets to nobody.
    Row("Chat/Presence", outsider=Code.OK, typing=lambda w, c: c),
    Row("Chat/Void", write=True, request_id=lambda w, c: harness.request_id()),
]

OTHER_ROWS = [
    Row("Cluster/HealthCheck", OPEN),
    Row("Cluster/WatchServers", OPEN),
    # Of what is no server of this cluster, so that nothing comes of it.
    Row("Cluster/JoinNetwork", OPEN, Code.FAILED_PRECONDITION, server_id=99, address="127.0.0.1:5199"),
    Row("Cluster/LeaveNetwork", OPEN, Code.NOT_FOUND, write=True, server_id=99),
    Row("Cluster/TransferPrimary", OPEN, Code.NOT_FOUND, write=True, server_id=99),
    Row("Peer/Replicate", PEER, Code.PERMISSION_DENIED, **envelope(timeout_now=peer_pb2.TimeoutNow())),
    Row("Peer/RequestVote", PEER, Code.PERMISSION_DENIED, **envelope(vote_request=peer_pb2.VoteRequest())),
    Row("Peer/UpdateServerList", PEER, Code.PERMISSION_DENIED, **envelope()),
    Row("Peer/FetchSnapshot", PEER, Code.PERMISSION_DENIED, **envelope()),
    # gRPC's own, for ordinary tools and load balancers, which have no session. They tell whether this server
    # takes reads and writes, and what the proto files of this tree say: nothing of anybody.
    Row("Health/Check", OPEN),
    Row("Health/Watch", OPEN),
    Row("ServerReflection/ServerReflectionInfo", OPEN, list_services="*"),
]
ROWS = CHAT_ROWS + OTHER_ROWS

REASONS = {
    Code.OK: (0,),
    Code.UNAUTHENTICATED: (pb.REASON_UNAUTHENTICATED,),
    Code.NOT_FOUND: (pb.REASON_NOT_FOUND,),
    Code.PERMISSION_DENIED: (pb.REASON_PERMISSION_DENIED, pb.REASON_WRONG_CLUSTER),
    Code.ALREADY_EXISTS: (pb.REASON_ALREADY_EXISTS,),
    Code.FAILED_PRECONDITION: (pb.REASON_INVALID_FIELD,),
}


class Server:
    """Raw calls to one server."""

    def __init__(self, name, address):
        self.name, self.address = name, address
        self.channel = grpc.insecure_channel(address, [("grpc.initial_reconnect_backoff_ms", 50),
                                                       ("grpc.max_reconnect_backoff_ms", 100)])
        self.id = 0

    def call(self, rpc, request, authorization, timeout=20.0):
        """What the call is told first: a response, or the failure."""
        method = METHODS[rpc]
        how = {"metadata": [("authorization", authorization)] if authorization is not None else [],
               "timeout": timeout, "wait_for_ready": True}
        done = threading.Event()

        def requests():  # Whoever closes its side at once ends the call.
            yield request
            done.wait(timeout)

        shape = f"{'stream' if method.asks else 'unary'}_{'stream' if method.tells else 'unary'}"
        start = getattr(self.channel, shape)(method.path, method.request.SerializeToString,
                                             method.reply.FromString)
        asked = requests() if method.asks else request
        try:
            if not method.tells:
                return Answer(Code.OK, 0, False, start(asked, **how))
            stream = start(asked, **how)
            try:
                reply = next(stream)
                if isinstance(reply, peer_pb2.PeerHello):
                    reply = next(stream)  # Told to everybody, before the first message.
            finally:
                done.set()
                stream.cancel()
            return self.told(reply)
        except grpc.RpcError as error:
            detail = pb.ErrorDetail()
            for key, value in error.trailing_metadata() or ():
                if key == "grpc-status-details-bin":
                    detail.ParseFromString(value)
            return Answer(error.code(), detail.reason, detail.retryable, error.details())

    @staticmethod
    def told(reply):
        """A SendStream says in its responses what becomes of each send."""
        if isinstance(reply, pb.SendStreamResponse) and reply.code != 0:
            return Answer(CODES[reply.code], reply.detail.reason, reply.detail.retryable, reply.error)
        return Answer(Code.OK, 0, False, reply)
