"""The first start, when nobody has said where the servers are, and every sentence on the way into the chat."""

import os
import shutil

import grpc
from app import LOGIN, READY, PASSWORD, AppTest, main, program
from starling.v1 import chat_pb2, chat_pb2_grpc


class FirstRun(AppTest):
    def sentence(self, window, place, wanted):
        told = window.until(f"{place}: {wanted}", lambda told: told["notices"].get(place) == wanted)
        self.assertEqual((told["state"], told["notices"]), (LOGIN, {place: wanted}))

    def test_a_wrong_address_is_said_in_place_and_a_right_one_leads_on(self):
        self.up(1)
        ada = self.window("ada", servers="")
        told = ada.until("the field", lambda told: told["focus"] == "serverAddress")
        self.assertEqual((told["state"], told["notices"]), (LOGIN, {}))
        ada.do("keys nowhere")
        ada.do("press serverUse")
        self.sentence(ada, "serverError", "\"nowhere\" is not an address of the form HOST:PORT.")
        # One where nobody answers is known by the log-in, and changed there.
        ada.do(f"fill serverAddress 127.0.0.1:{self.free_port()}")
        ada.do("press serverUse")
        told = ada.until("the log-in form", lambda told: told["focus"] == "loginName")
        self.assertEqual(told["notices"], {})
        ada.do(f"log-in ada {PASSWORD}")
        self.sentence(ada, "loginError", "The servers cannot be reached. Try again in a moment.")
        ada.until("the pill", lambda told: told["pills"] == ["Offline · still trying"])
        ada.do("press serversLink")
        ada.until("the field", lambda told: told["focus"] == "serverAddress")
        [address] = self.addresses(*self.servers())
        ada.do(f"fill serverAddress {address}")
        ada.do("press serverUse")
        ada.until("the log-in form", lambda told: told["focus"] == "loginName" and told["notices"] == {})
        ada.until("the primary", lambda told: told["pills"] == [f"Primary {address}"])
        ada.enter("sign-up", "ada")
        self.assertEqual(ada.quit(), 0)

    def test_servers_on_this_computer_are_started_by_a_button(self):
        # The program looks for clusterctl beside itself: here one that knows the name and the ports of this test.
        beside = os.path.join(self.dir, "bin")
        os.mkdir(beside)
        driver = os.path.join(beside, "app_driver")
        shutil.copy2(program("app_driver"), driver)
        clusterctl = os.path.join(beside, "clusterctl")
        with open(clusterctl, "w", encoding="utf-8") as script:
            script.write(f"#!/bin/sh\nexec {os.path.abspath(program('clusterctl'))} \"$@\" -n 3 --name {self.name} "
                         f"--dir {self.dir}/cluster --base-port 0\n")
        os.chmod(clusterctl, 0o700)
        ada = self.window("ada", servers="", driver=driver, env=self.env)
        ada.until("the field", lambda told: told["focus"] == "serverAddress")
        told = ada.do("press serverLocal")
        self.assertEqual(told["notices"], {"serverProgress": "Starting servers on this computer…"})
        self.assertIn("cannot press", ada.ask("press serverLocal")["error"])  # Once is enough.
        ada.until("the log-in form", lambda told: told["focus"] == "loginName" and told["notices"] == {})
        self.assertEqual([server["process"] for server in self.servers().values()], 3 * ["running"])
        ada.until("the primary", lambda told: told["pills"] and told["pills"][0].startswith("Primary 127.0.0.1:"))
        ada.enter("sign-up", "ada")
        # They go on without the app.
        self.assertEqual(ada.quit(), 0)
        self.assertEqual(len(self.running()), 3)

    def test_a_wrong_password_and_a_taken_name_are_said_in_place(self):
        self.up(1)
        ada = self.window("ada")
        ada.enter("sign-up", "ada")
        other = self.window("other")
        other.until("the log-in form", lambda told: told["focus"] == "loginName")
        other.do("log-in ada wrong")
        self.sentence(other, "loginError", "Name or password is wrong.")
        other.do("log-in nobody wrong")  # Who has no account is told the same.
        self.sentence(other, "loginError", "Name or password is wrong.")
        other.do(f"sign-up ada {PASSWORD}")
        self.sentence(other, "loginError", "That name is taken. Choose another one.")
        other.do("sign-up bob short")
        told = other.until("the length", lambda told: "8" in told["notices"].get("loginError", ""))
        self.assertEqual(told["state"], LOGIN)
        other.enter("sign-up", "bob")
        self.assertEqual((ada.quit(), other.quit()), (0, 0))

    def test_a_session_that_is_ended_elsewhere_leads_to_the_log_in(self):
        self.up(1)
        [address] = self.addresses(*self.servers())
        ada = self.window("ada")
        ada.enter("sign-up", "ada")
        with grpc.insecure_channel(address) as channel:
            chat = chat_pb2_grpc.ChatStub(channel)
            token = chat.LogIn(chat_pb2.LogInRequest(name="ada", password=PASSWORD), timeout=10).token
            who = (("authorization", f"Bearer {token}"),)
            sessions = chat.ListSessions(chat_pb2.ListSessionsRequest(), timeout=10, metadata=who).sessions
            [window] = [session for session in sessions if not session.current]
            chat.EndSession(chat_pb2.EndSessionRequest(session_id=window.id), timeout=10, metadata=who)
        self.sentence(ada, "loginError", "Your session has ended. Log in again.")
        told = ada.until("the first field", lambda told: told["focus"] == "loginName")
        self.assertEqual((told["list"], told["rows"], told["conversation"]), ([], [], 0))
        ada.enter("log-in", "ada")
        told = ada.until("no sentence", lambda told: told["notices"] == {})
        self.assertEqual(told["state"], READY)
        self.assertEqual(ada.quit(), 0)


if __name__ == "__main__":
    main()
