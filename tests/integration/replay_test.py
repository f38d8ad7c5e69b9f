"""Raw gRPC: an answered write that comes again, at another server, after a restart of all."""

from harness import IntegrationTest, main, request_id


class Replay(IntegrationTest):
    def api(self, address):
        import grpc
        from starling.v1 import chat_pb2_grpc

        channel = grpc.insecure_channel(address)
        self.addCleanup(channel.close)
        return chat_pb2_grpc.ChatStub(channel)

    def test_the_first_outcome_and_nothing_twice(self):
        import grpc
        from starling.v1 import chat_pb2 as pb

        self.up(3)
        first, second, third = (self.api(a) for a in self.addresses())
        wait = {"timeout": 15, "wait_for_ready": True}

        heard = self.health(self.addresses()[0]).time_ms  # Once, before the first attempt (R4.1).

        def header(rid):
            return pb.WriteHeader(request_id=rid, as_of_ms=heard)

        def create(api, rid, name):
            return api.CreateAccount(pb.CreateAccountRequest(
                write=header(rid), name=name,
                password="correct horse", display_name="A"), **wait)

        ada_id = request_id()
        ada = create(first, ada_id, "ada")
        create(first, request_id(), "bob")
        login = first.LogIn(pb.LogInRequest(name="ada", password="correct horse"), **wait)
        auth = {"metadata": [("authorization", f"Bearer {login.token}")], **wait}
        chat = first.OpenDirect(pb.OpenDirectRequest(
            write=header(request_id()), name="bob"), **auth).conversation

        send_id = request_id()

        def send(api, body="once"):
            return api.Send(pb.SendRequest(write=header(send_id), conversation_id=chat.id,
                                            body=body), **auth)

        sent = send(first)
        after = first.Send(pb.SendRequest(
            write=header(request_id()), conversation_id=chat.id, body="next"), **auth)
        self.assertEqual(after.message.seq, sent.message.seq + 1)

        self.must("down")
        self.up(3)
        self.wait_primary()
        for api in (second, third, first):
            again = send(api)
            self.assertEqual((again.message.id, again.message.seq),
                             (sent.message.id, sent.message.seq))
            self.assertEqual(again.message.sent_at_ms, sent.message.sent_at_ms)
            same = create(api, ada_id, "ada")
            self.assertEqual(same.account.id, ada.account.id)

        # The same id for something else is refused; so is the name for another request.
        with self.assertRaises(grpc.RpcError):
            send(second, "another body")
        with self.assertRaises(grpc.RpcError) as taken:
            create(second, request_id(), "ada")
        self.assertEqual(taken.exception.code(), grpc.StatusCode.ALREADY_EXISTS)

        for api in (first, second, third):
            read = pb.ReadHeader(level=pb.READ_LEVEL_LINEARIZABLE)
            history = api.ListMessages(pb.ListMessagesRequest(
                read=read, conversation_id=chat.id), **auth)
            self.assertEqual([m.body for m in history.messages], ["once", "next"])
            accounts = api.ListAccounts(pb.ListAccountsRequest(read=read, pattern="*"), **auth)
            self.assertEqual([a.name for a in accounts.accounts], ["ada", "bob"])


if __name__ == "__main__":
    main()
