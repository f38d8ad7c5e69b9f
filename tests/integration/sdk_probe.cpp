// A client that tests steer: one JSON command a line on stdin, one JSON answer a line on stdout. It
// is built on the SDK alone; its ledger is the demo's.
//
//   {"do":"connect","servers":["127.0.0.1:5101"]}      {"do":"login","name":"ada"}
//   {"do":"load_start","session":"ada","conversation":1,"window":16} {"do":"check","server":"..."}
#include <atomic>
#include <iostream>
#include <map>
#include <memory>
#include <mutex>
#include <nlohmann/json.hpp>
#include <thread>

#include "clusterctl/ledger.h"
#include "starling/client.h"

namespace {

using nlohmann::json;
using std::chrono::milliseconds;
using namespace starling;

constexpr const char* kPassword = "correct horse";

json failure(const Error& error) {
  return {{"ok", false},
          {"code", to_string(error.code)},
          {"message", error.message},
          {"may_have_happened", error.may_have_happened},
          {"retryable", error.retryable},
          {"field", error.field}};
}

json to_json(const Message& m) { return json::array({m.seq, m.id, m.sender, m.body}); }

const char* kind_name(ClusterEvent::Kind kind) {
  switch (kind) {
    case ClusterEvent::Kind::kConnected:
      return "connected";
    case ClusterEvent::Kind::kFailoverStarted:
      return "failover_started";
    case ClusterEvent::Kind::kFailedOver:
      return "failed_over";
    case ClusterEvent::Kind::kServersChanged:
      return "servers_changed";
    case ClusterEvent::Kind::kDegraded:
      return "degraded";
    case ClusterEvent::Kind::kDraining:
      break;
  }
  return "draining";
}

// Keeps `window` sends in flight until told to stop.
class Load {
 public:
  Load(Session session, std::int64_t conversation, std::string sender, int window,
       ctl::Ledger& ledger)
      : session_(std::move(session)),
        conversation_(conversation),
        sender_(std::move(sender)),
        ledger_(ledger) {
    for (int i = 0; i < window; ++i) send_next();
  }
  void stop() { stopping_ = true; }
  json state() const {
    const std::lock_guard lock(mutex_);
    return {{"ok", true},           {"acked", acked_.load()}, {"failed", failed_.load()},
            {"open", open_.load()}, {"last_seq", last_seq_},  {"errors", errors_}};
  }

 private:
  void send_next() {
    if (stopping_) return;
    const std::lock_guard lock(send_mutex_);
    const std::string body = sender_ + " load " + std::to_string(++number_);
    ledger_.sent(sender_, body);
    ++open_;
    SendOptions options;
    options.timeout = milliseconds(30'000);
    session_.send_async(
        conversation_, body, [this, body](const Result<Message>& answer) { done(body, answer); },
        options);
  }
  void done(const std::string& body, const Result<Message>& answer) {
    if (answer.ok()) {
      ledger_.acknowledged(body, answer.value().seq, answer.value().id);
      const std::lock_guard lock(mutex_);
      last_seq_ = std::max(last_seq_, answer.value().seq);
      ++acked_;
    } else {
      if (!answer.error().may_have_happened) ledger_.refused(body);
      const std::lock_guard lock(mutex_);
      if (errors_.size() < 5) errors_.push_back(answer.error().message);
      ++failed_;
    }
    --open_;
    if (answer.ok()) send_next();
  }

  Session session_;
  const std::int64_t conversation_;
  const std::string sender_;
  ctl::Ledger& ledger_;
  std::atomic<bool> stopping_{false};
  std::atomic<long> open_{0};
  std::atomic<long> acked_{0};
  std::atomic<long> failed_{0};
  std::mutex send_mutex_;
  std::uint64_t number_ = 0;
  mutable std::mutex mutex_;
  std::int64_t last_seq_ = 0;
  std::vector<std::string> errors_;
};

class Probe {
 public:
  ~Probe() {
    subscriptions_.clear();
    if (client_) client_->close();
    loads_.clear();
    sessions_.clear();
    client_.reset();
  }

  json answer(const json& command) {
    const std::string what = command.at("do");
    if (what == "connect") return connect(command);
    if (!client_) return {{"ok", false}, {"message", "connect first"}};
    if (what == "create") return create(command);
    if (what == "login") return login(command);
    if (what == "servers") return servers();
    if (what == "cluster_events") return cluster_events();
    if (what == "received") return received(command);
    Session& session = sessions_[command.at("session")];
    if (what == "open") {
      auto chat = session.open_direct(command.at("peer"));
      if (!chat.ok()) return failure(chat.error());
      return {{"ok", true}, {"conversation", chat->id}};
    }
    if (what == "send") return send(session, command);
    if (what == "history") return history(session, command);
    if (what == "marks") {  // Of the other side of a direct conversation.
      auto chat = session.conversation(command.at("conversation").get<std::int64_t>());
      if (!chat.ok()) return failure(chat.error());
      return {{"ok", true}, {"read", chat->peer_read_seq}, {"delivered", chat->peer_delivered_seq}};
    }
    if (what == "newest") return newest(session, command);
    if (what == "check") return check(session, command);
    if (what == "subscribe") return subscribe(session, command);
    if (what == "load_start") return load_start(session, command);
    const auto load = loads_.find(command.at("session"));
    if (load == loads_.end()) return {{"ok", false}, {"message", "no such command or load"}};
    if (what == "load_stop") load->second->stop();
    return load->second->state();
  }

 private:
  json connect(const json& command) {
    ClientOptions options;
    options.timeout = milliseconds(command.value("timeout_ms", 10'000));
    options.discover = command.value("discover", true);
    options.client_name = "sdk_probe";
    options.on_cluster_event = [this](const ClusterEvent& event) {
      const std::lock_guard lock(mutex_);
      cluster_events_.push_back({kind_name(event.kind), event.from, event.to, event.ms});
    };
    auto client = Client::connect(command.at("servers").get<std::vector<std::string>>(), options);
    if (!client.ok()) return failure(client.error());
    client_.emplace(std::move(*client));
    return {{"ok", true}};
  }

  json create(const json& command) {
    auto account =
        client_->create_account(command.at("name"), command.value("password", kPassword));
    if (!account.ok()) return failure(account.error());
    return {{"ok", true}, {"id", account->id}};
  }

  json login(const json& command) {
    const std::string name = command.at("name");
    auto session = client_->log_in(name, command.value("password", kPassword), "probe");
    if (!session.ok()) return failure(session.error());
    sessions_[name] = *session;
    return {{"ok", true}, {"account", session->account().id}};
  }

  json servers() {
    json list = json::array();
    const ServerList known = client_->servers();
    for (const auto& server : known.servers) {
      const char* state = server.state == ServerState::kUp        ? "up"
                          : server.state == ServerState::kSuspect ? "suspect"
                                                                  : "down";
      list.push_back({{"address", server.address}, {"state", state}, {"voter", server.voter}});
    }
    return {{"ok", true}, {"primary", client_->primary()}, {"servers", list}};
  }

  json cluster_events() {
    const std::lock_guard lock(mutex_);
    return {{"ok", true}, {"events", cluster_events_}};
  }

  json send(Session& session, const json& command) {
    SendOptions options;
    options.server = command.value("server", "");
    if (command.contains("timeout_ms")) options.timeout = milliseconds(command["timeout_ms"]);
    const std::string body = command.at("body");
    const std::string sender = command.at("session");
    ledger_.sent(sender, body);
    auto sent = session.send(command.at("conversation"), body, options);
    if (!sent.ok()) {
      if (!sent.error().may_have_happened) ledger_.refused(body);
      return failure(sent.error());
    }
    ledger_.acknowledged(body, sent->seq, sent->id);
    return {{"ok", true}, {"seq", sent->seq}, {"id", sent->id}};
  }

  static ReadOptions read_options(const json& command) {
    ReadOptions options;
    options.server = command.value("server", "");
    if (command.value("level", "session") == "linearizable") {
      options.level = ReadLevel::kLinearizable;
    }
    if (command.contains("stale_ms")) {
      options.level = ReadLevel::kStale;
      options.max_staleness = milliseconds(command["stale_ms"]);
    }
    if (command.contains("timeout_ms")) options.timeout = milliseconds(command["timeout_ms"]);
    return options;
  }

  Result<std::vector<Message>> whole_history(Session& session, const json& command) {
    std::vector<Message> all;
    while (true) {
      const std::int64_t after = all.empty() ? 0 : all.back().seq;
      auto page =
          session.messages_after(command.at("conversation"), after, 200, read_options(command));
      if (!page.ok()) return page.error();
      all.insert(all.end(), page->items.begin(), page->items.end());
      if (!page->more || page->items.empty()) return all;
    }
  }

  json history(Session& session, const json& command) {
    auto all = whole_history(session, command);
    if (!all.ok()) return failure(all.error());
    json messages = json::array();
    for (const auto& message : *all) messages.push_back(to_json(message));
    return {{"ok", true}, {"messages", messages}};
  }

  json newest(Session& session, const json& command) {
    auto page = session.messages(command.at("conversation"), 0, 1, read_options(command));
    if (!page.ok()) return failure(page.error());
    return {{"ok", true}, {"seq", page->items.empty() ? 0 : page->items.back().seq}};
  }

  // The ledger against a replica ("server"), or against what a subscription gave ("received":
  // true).
  json check(Session& session, const json& command) {
    std::vector<ctl::Observed> seen;
    if (command.value("received", false)) {
      const std::lock_guard lock(mutex_);
      for (const auto& m : received_[command.at("session")]) {
        seen.push_back({m.seq, m.id, m.sender, m.body});
      }
    } else {
      auto all = whole_history(session, command);
      if (!all.ok()) return failure(all.error());
      for (const auto& m : *all) seen.push_back({m.seq, m.id, m.sender, m.body});
    }
    const ctl::Verdict verdict = ledger_.check(seen);
    return {{"ok", true},
            {"clean", verdict.clean()},
            {"acknowledged", ledger_.acknowledged_count()},
            {"messages", verdict.messages},
            {"lost", verdict.lost},
            {"doubled", verdict.doubled},
            {"reordered", verdict.reordered},
            {"invented", verdict.invented},
            {"examples", verdict.examples}};
  }

  json subscribe(Session& session, const json& command) {
    const std::string who = command.at("session");
    auto subscription = session.subscribe(
        Cursor{},
        [this, who](const Event& event) {
          if (event.kind != EventKind::kMessage) return;
          const std::lock_guard lock(mutex_);
          received_[who].push_back(event.message);
        },
        command.value("server", ""));
    if (!subscription.ok()) return failure(subscription.error());
    subscriptions_[who] = std::move(*subscription);
    return {{"ok", true}};
  }

  json received(const json& command) {
    const std::lock_guard lock(mutex_);
    return {{"ok", true}, {"count", received_[command.at("session")].size()}};
  }

  json load_start(Session& session, const json& command) {
    const std::string who = command.at("session");
    if (loads_.contains(who)) return {{"ok", false}, {"message", "one load a session"}};
    loads_[who] = std::make_unique<Load>(session, command.at("conversation"), who,
                                         command.value("window", 16), ledger_);
    return {{"ok", true}};
  }

  ctl::Ledger ledger_;
  std::optional<Client> client_;
  std::map<std::string, Session> sessions_;
  std::map<std::string, Subscription> subscriptions_;
  std::map<std::string, std::unique_ptr<Load>> loads_;
  std::mutex mutex_;
  std::vector<json> cluster_events_;
  std::map<std::string, std::vector<Message>> received_;
};

}  // namespace

int main() {
  Probe probe;
  for (std::string line; std::getline(std::cin, line);) {
    json answer;
    try {
      answer = probe.answer(json::parse(line));
    } catch (const json::exception& error) {
      answer = {{"ok", false}, {"message", error.what()}};
    }
    std::cout << answer.dump(-1, ' ', false, json::error_handler_t::replace) << std::endl;
  }
  return 0;
}
