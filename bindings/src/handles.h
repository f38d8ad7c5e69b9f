// What the Python objects hold of the SDK.
#pragma once

#include <pybind11/pybind11.h>

#include <atomic>
#include <memory>
#include <mutex>
#include <utility>
#include <vector>

#include "bindings/src/runtime.h"
#include "starling/client.h"

namespace starling::python {

// Takes the cluster events to the callables that asked for them. Thread-safe.
class ClusterHub {
 public:
  void add(Callback callback);
  void clear();
  void operator()(const ClusterEvent& event);

 private:
  std::mutex mutex_;
  std::vector<Callback> callbacks_;
};

// A connected client. Sessions and streams share it.
struct ClientState {
  ClientState(Client client, std::shared_ptr<ClusterHub> cluster_hub)
      : sdk(std::move(client)), hub(std::move(cluster_hub)) {}
  // Without the GIL.
  void close() {
    closed = true;
    sdk.close();
    hub->clear();
  }

  Client sdk;
  const std::shared_ptr<ClusterHub> hub;
  const int made_in = generation();
  std::atomic<bool> closed{false};
};

// A logged-in session and whether its user is done with it.
struct SessionState {
  SessionState(std::shared_ptr<ClientState> owner, Session session)
      : client(std::move(owner)), sdk(std::move(session)) {}

  const std::shared_ptr<ClientState> client;
  Session sdk;
  std::atomic<bool> closed{false};
};

// Raise starling.Closed when it may not be used (closed, or of another process).
void require_usable(const ClientState& client);
void require_usable(const SessionState& session);

// One Python object's share in a state, let go as its place in the process demands.
template <typename State>
class Handle {
 public:
  Handle(std::shared_ptr<State> state, int made_in) : state_(std::move(state)), made_in_(made_in) {}
  ~Handle() { let_go(std::move(state_), made_in_); }
  Handle(const Handle&) = delete;
  Handle& operator=(const Handle&) = delete;
  Handle(Handle&&) noexcept = default;
  Handle& operator=(Handle&&) = delete;

  State& use() const {
    require_usable(*state_);
    return *state_;
  }
  const std::shared_ptr<State>& share() const {
    require_usable(*state_);
    return state_;
  }
  // Without the check.
  State& state() const { return *state_; }
  const std::shared_ptr<State>& alias() const { return state_; }
  bool forked() const { return made_in_ != generation(); }

 private:
  std::shared_ptr<State> state_;
  int made_in_;
};

using ClientHandle = Handle<ClientState>;
using SessionHandle = Handle<SessionState>;

void bind_client(pybind11::module_& module);
void bind_session(pybind11::module_& module);
// The operations of a session, by subject.
using SessionClass = pybind11::class_<SessionHandle>;
void bind_accounts(SessionClass& session);
void bind_groups(SessionClass& session);
void bind_messages(SessionClass& session);
void bind_events(pybind11::module_& module);
void bind_presence(pybind11::module_& module);

}  // namespace starling::python
