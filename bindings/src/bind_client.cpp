// starling._core.Client: connecting, accounts, logging in, what is known of the servers.
#include <pybind11/stl.h>

#include <string>
#include <vector>

#include "bindings/src/calls.h"
#include "bindings/src/handles.h"
#include "bindings/src/jobs.h"

namespace starling::python {

void ClusterHub::add(Callback callback) {
  std::lock_guard lock(mutex_);
  callbacks_.push_back(std::move(callback));
}

void ClusterHub::clear() {
  std::vector<Callback> dropped;  // Their ends take the GIL, so never under the lock.
  std::lock_guard lock(mutex_);
  dropped.swap(callbacks_);
}

void ClusterHub::operator()(const ClusterEvent& event) {
  std::vector<Callback> callbacks;
  {
    std::lock_guard lock(mutex_);
    callbacks = callbacks_;
  }
  for (const Callback& callback : callbacks) {
    callback.call([&event] { return py::make_tuple(to_python(event)); });
  }
}

void require_usable(const ClientState& client) {
  if (client.made_in != generation()) {
    raise_closed(
        "This client was made before a fork: a connection cannot be shared with a child process. "
        "Start child processes by the spawn method, or fork before the first client is made.");
  }
  if (client.closed) raise_closed("The client is closed.");
}

void require_usable(const SessionState& session) {
  require_usable(*session.client);
  if (session.closed) raise_closed("The session is closed.");
}

namespace {

using StatePtr = std::shared_ptr<ClientState>;

py::object wrap(const StatePtr& state) { return py::cast(ClientHandle(state, state->made_in)); }

// Waiting for a first server blocks, so it has a thread of its own, which the end of the
// interpreter wakes by closing the client. When its caller has gone, the client is closed again.
void start_connect(std::vector<std::string> addresses, ClientOptions options,
                   std::shared_ptr<ClusterHub> hub, Done<StatePtr> done) {
  options.on_cluster_event = [hub](const ClusterEvent& event) { (*hub)(event); };
  run_job(Job::kAlone, [addresses = std::move(addresses), options = std::move(options),
                        hub = std::move(hub), done = std::move(done)]() mutable {
    const bool wait = std::exchange(options.wait_for_server, false);
    const auto timeout = options.timeout;
    Result<Client> client = Client::connect(std::move(addresses), std::move(options));
    if (!client.ok()) {
      done(client.error());
      return;
    }
    auto state = std::make_shared<ClientState>(std::move(*client), hub);
    std::weak_ptr<ClientState> weak = state;
    close_at_exit(weak, [weak] {
      if (const auto alive = weak.lock()) alive->close();
    });
    if (shutting_down()) state->close();
    if (wait) {
      if (const Status met = state->sdk.wait_for_server(timeout); !met.ok()) {
        state = nullptr;  // Before the answer: its threads are gone by then.
        done(met.error());
        return;
      }
    }
    done(std::move(state));
  });
}

py::object connect(const std::vector<std::string>& addresses, double timeout,
                   std::size_t max_queued_writes, const std::string& client_name, bool discover,
                   bool wait_for_server, const py::object& on_cluster_event,
                   const py::object& done) {
  if (shutting_down()) raise_ending();
  if (cut_off_by_fork()) {
    raise_closed(
        "This process was forked from one that had a client: no client can be made here. Start "
        "child processes by the spawn method, or fork before the first client is made.");
  }
  note_client_made();
  ClientOptions options;
  options.timeout = *to_ms(timeout);
  options.max_queued_writes = max_queued_writes;
  options.client_name = client_name;
  options.discover = discover;
  options.wait_for_server = wait_for_server;
  auto hub = std::make_shared<ClusterHub>();
  if (!on_cluster_event.is_none()) hub->add(Callback(on_cluster_event));
  return answer<StatePtr>(
      done,
      [&](Done<StatePtr> answered) {
        start_connect(addresses, options, hub, std::move(answered));
        return Call();
      },
      [](const StatePtr& state) { return wrap(state); });
}

py::object create_account(const ClientHandle& self, const std::string& name,
                          const std::string& password, const std::string& display_name,
                          const Timeout& timeout, const py::object& done) {
  ClientState& client = self.use();
  return answer<Account>(done, [&](Done<Account> answered) {
    return client.sdk.create_account_async(name, password, display_name, std::move(answered),
                                           call_options(timeout));
  });
}

py::object login(const ClientHandle& self, const std::string& name, const std::string& password,
                 const std::string& device, const Timeout& timeout, const py::object& done) {
  const StatePtr client = self.share();
  return answer<Session>(
      done,
      [&](Done<Session> answered) {
        return client->sdk.log_in_async(name, password, device, std::move(answered),
                                        call_options(timeout));
      },
      [client](Session session) {
        return py::cast(SessionHandle(std::make_shared<SessionState>(client, std::move(session)),
                                      client->made_in));
      });
}

// `from`: a starling.Account.
SessionHandle resume(const ClientHandle& self, const std::string& token, const py::object& from) {
  const StatePtr client = self.share();
  Account account;
  account.id = from.attr("id").cast<std::int64_t>();
  account.name = from.attr("name").cast<std::string>();
  account.display_name = from.attr("display_name").cast<std::string>();
  account.created_at_ms = from_datetime(from.attr("created_at"));
  account.deleted = from.attr("deleted").cast<bool>();
  account.about = from.attr("about").cast<std::string>();
  Released released;
  return SessionHandle(std::make_shared<SessionState>(client, client->sdk.resume(token, account)),
                       client->made_in);
}

py::list servers(const ClientHandle& self) {
  ClientState& client = self.use();
  ServerList list;
  {
    Released released;
    list = client.sdk.servers();
  }
  py::list all;
  for (const Server& server : list.servers) all.append(to_python(server));
  return all;
}

py::object primary(const ClientHandle& self) {
  ClientState& client = self.use();
  std::string address;
  {
    Released released;
    address = client.sdk.primary();
  }
  return address.empty() ? py::object(py::none()) : py::object(py::str(address));
}

py::object close(const ClientHandle& self, const py::object& done) {
  if (self.forked() || leaving()) return py::none();  // shut_down closes it.
  ClientState& client = self.state();
  if (done.is_none()) {
    Released released;
    client.close();
    return py::none();
  }
  const auto state = self.alias();
  return answer<Unit>(done, [&](Done<Unit> answered) {
    // It is what ends the jobs that wait for a server.
    run_job(Job::kAlone, [state, answered = std::move(answered)] {
      state->close();
      answered(Unit{});
    });
    return Call();
  });
}

}  // namespace

void bind_client(py::module_& module) {
  py::class_<CallHandle>(module, "Call").def("cancel", &CallHandle::cancel);
  module.def("connect", &connect, py::arg("addresses"), py::arg("timeout"),
             py::arg("max_queued_writes"), py::arg("client_name"), py::arg("discover"),
             py::arg("wait_for_server"), py::arg("on_cluster_event"), py::arg("done"), Visiting());
  py::class_<ClientHandle>(module, "Client")
      .def("create_account", &create_account, Visiting())
      .def("login", &login, Visiting())
      .def("resume", &resume, Visiting())
      .def("servers", &servers, Visiting())
      .def("primary", &primary, Visiting())
      .def(
          "on_cluster_event",
          [](const ClientHandle& self, const py::object& callback) {
            self.use().hub->add(Callback(callback));
          },
          Visiting())
      .def("close", &close)
      .def_property_readonly("closed", [](const ClientHandle& self) {
        return self.forked() || self.state().closed.load();
      });
}

}  // namespace starling::python
