// Three nodes in one process: real stores in temporary directories, a transport of plain calls.
#pragma once

#include <gtest/gtest.h>

#include <chrono>
#include <condition_variable>
#include <filesystem>
#include <functional>
#include <map>
#include <memory>
#include <mutex>
#include <random>
#include <string>
#include <thread>
#include <vector>

#include "server/node/clock.h"
#include "server/node/node.h"
#include "server/node/startup.h"

namespace starling::node::testing {

inline constexpr auto kPatience = std::chrono::seconds(20);

// Looks again and again until it holds; false when it never did.
inline bool eventually(const std::function<bool()>& holds,
                       std::chrono::milliseconds patience = kPatience) {
  const auto end = std::chrono::steady_clock::now() + patience;
  while (!holds()) {
    if (std::chrono::steady_clock::now() > end) return false;
    std::this_thread::sleep_for(std::chrono::milliseconds(2));
  }
  return true;
}

class TempDirectory {
 public:
  TempDirectory() {
    std::random_device random;
    path_ = std::filesystem::temp_directory_path() /
            ("starling-node-" + std::to_string(random()) + std::to_string(random()));
    std::filesystem::create_directories(path_);
  }
  ~TempDirectory() {
    std::error_code ignored;
    std::filesystem::remove_all(path_, ignored);
  }
  std::string file(const std::string& name) const { return (path_ / name).string(); }

 private:
  std::filesystem::path path_;
};

class Network;

// Hands messages straight to the other nodes' mailboxes; keeps what is published.
class DirectTransport final : public transport::Transport {
 public:
  DirectTransport(Network& network, core::NodeId self) : network_(network), self_(self) {}
  void send(const core::Message& message) override;
  void set_peers(const std::vector<core::Member>& peers) override {
    std::lock_guard lock(mutex_);
    peers_ = peers;
  }
  std::vector<core::NodeId> unreached() override;
  void publish_events(const std::vector<chat::Event>& events, std::uint64_t) override {
    std::lock_guard lock(mutex_);
    events_ += events.size();
  }
  void publish_list(const transport::ServerList& list, bool to_peers) override;
  void beat(const transport::Beat&) override {
    std::lock_guard lock(mutex_);
    ++beats_;
  }
  void set_draining() override {}

  std::size_t beats() const {
    std::lock_guard lock(mutex_);
    return beats_;
  }
  std::size_t peer_count() const {
    std::lock_guard lock(mutex_);
    return peers_.size();
  }

 private:
  Network& network_;
  const core::NodeId self_;
  mutable std::mutex mutex_;
  std::vector<core::Member> peers_;
  std::size_t events_ = 0;
  std::size_t beats_ = 0;
};

// Who is there, and who is cut off.
class Network {
 public:
  void add(core::NodeId id, Node* node) {
    std::lock_guard lock(mutex_);
    for (auto& [other_id, other] : nodes_) {
      other->peer_connected(id);
      node->peer_connected(other_id);
    }
    nodes_[id] = node;
  }
  void remove(core::NodeId id) {
    std::lock_guard lock(mutex_);
    nodes_.erase(id);
    for (auto& [other_id, other] : nodes_) other->peer_unreachable(id);
  }
  void cut(core::NodeId id, bool on) {
    std::lock_guard lock(mutex_);
    cut_[id] = on;
  }
  void deliver(core::NodeId from, core::NodeId to, const core::Message& message) {
    std::lock_guard lock(mutex_);
    const auto node = nodes_.find(to);
    if (node != nodes_.end() && !cut_[from] && !cut_[to]) node->second->deliver(message);
  }
  bool linked(core::NodeId a, core::NodeId b) {
    std::lock_guard lock(mutex_);
    return nodes_.contains(a) && nodes_.contains(b) && !cut_[a] && !cut_[b];
  }
  void deliver_list(core::NodeId from, const transport::ServerList& list) {
    std::lock_guard lock(mutex_);
    for (auto& [id, node] : nodes_) {
      if (id != from && !cut_[from] && !cut_[id]) node->list_received(list);
    }
  }

 private:
  std::mutex mutex_;
  std::map<core::NodeId, Node*> nodes_;
  std::map<core::NodeId, bool> cut_;
};

inline std::vector<core::NodeId> DirectTransport::unreached() {
  std::vector<core::NodeId> lost;
  std::lock_guard lock(mutex_);
  for (const core::Member& peer : peers_) {
    if (!network_.linked(self_, peer.id)) lost.push_back(peer.id);
  }
  return lost;
}
inline void DirectTransport::send(const core::Message& message) {
  network_.deliver(self_, message.to, message);
}
inline void DirectTransport::publish_list(const transport::ServerList& list, bool to_peers) {
  if (to_peers) network_.deliver_list(self_, list);
}

struct Server {
  std::string data;
  std::string address;
  core::NodeId id = core::kNoNode;
  std::unique_ptr<DirectTransport> wire;
  std::unique_ptr<Node> node;
};

// What a propose() answered, once it did.
struct Answer {
  std::mutex mutex;
  bool there = false;
  transport::ProposeResult result;
};

inline std::shared_ptr<Answer> propose(Node& node, std::string command) {
  auto answer = std::make_shared<Answer>();
  node.propose(std::move(command), [answer](const transport::ProposeResult& result) {
    std::lock_guard lock(answer->mutex);
    EXPECT_FALSE(answer->there) << "answered twice";
    answer->there = true;
    answer->result = result;
  });
  return answer;
}

inline bool answered(const std::shared_ptr<Answer>& answer) {
  std::lock_guard lock(answer->mutex);
  return answer->there;
}

inline std::string create_account(const std::string& name) {
  chat::CreateAccount command;
  std::random_device random;
  for (auto& byte : command.key.id) byte = static_cast<std::uint8_t>(random());
  command.key.as_of_ms =
      wall_ms() - 60'000;  // Heard some time ago: replicated time may lag the clock.
  command.name = name;
  command.display_name = name;
  command.password_hash = "hash";
  return chat::encode(chat::Command(command));
}

class Cluster {
 public:
  ~Cluster() {
    for (auto& [name, server] : servers_) kill(name);
  }

  Server& at(const std::string& name) { return servers_.at(name); }
  Node& node(const std::string& name) { return *servers_.at(name).node; }

  // Bootstraps a first server; the others are made from its log, as a join does it.
  void start(const std::string& name, int number) {
    Server& server = servers_[name];
    server.data = directory_.file(name);
    server.address = "127.0.0.1:" + std::to_string(5100 + number);
    run(server);
  }

  // Takes a new server in: learner entry, log, promotion (R3.3).
  void join(const std::string& name, int number,
            core::MembershipOp op = core::MembershipOp::kAddLearner) {
    Server& server = servers_[name];
    server.data = directory_.file(name);
    server.address = "127.0.0.1:" + std::to_string(5100 + number);
    Node& leader = node(wait_primary());
    const core::NodeId id = 1'000 + static_cast<core::NodeId>(number);
    std::mutex mutex;
    bool there = false;
    transport::MembershipResult result;
    leader.change_membership(op, id, server.address, std::chrono::steady_clock::now() + kPatience,
                             [&](const transport::MembershipResult& given) {
                               std::lock_guard lock(mutex);
                               result = given;
                               there = true;
                             });
    ASSERT_TRUE(eventually([&] {
      std::lock_guard lock(mutex);
      return there;
    }));
    ASSERT_EQ(result.error, transport::MembershipError::kNone) << result.message;
    copy_log(leader, server.data, id, result.index);
    run(server);
  }

  void kill(const std::string& name) {
    Server& server = servers_.at(name);
    if (!server.node) return;
    network_.remove(server.id);
    server.node.reset();
    server.wire.reset();
  }
  void restart(const std::string& name) { run(servers_.at(name)); }
  void cut(const std::string& name, bool on) { network_.cut(at(name).id, on); }

  // The name of the primary that leads with a quorum; fails the test when none comes.
  std::string wait_primary(const std::string& but = "") {
    std::string found;
    EXPECT_TRUE(eventually([&] {
      core::Term best = 0;
      for (auto& [name, server] : servers_) {
        if (!server.node || name == but) continue;
        const transport::NodeStatus status = server.node->status();
        if (status.role == transport::ServerRole::kPrimary && status.has_quorum &&
            status.term > best) {
          best = status.term;
          found = name;
        }
      }
      return best != 0;
    })) << "no primary";
    return found;
  }

  // Proposes until a primary has applied it.
  transport::ProposeResult write(const std::string& command) {
    transport::ProposeResult result;
    EXPECT_TRUE(eventually([&] {
      const std::string primary = wait_primary();
      if (primary.empty()) return false;
      auto answer = propose(node(primary), command);
      if (!eventually([&] { return answered(answer); })) return false;
      std::lock_guard lock(answer->mutex);
      result = answer->result;
      return result.error == transport::ProposeError::kNone;
    }));
    return result;
  }

  bool all_equal() {
    return eventually([&] {
      std::uint64_t hash = 0;
      core::Index index = 0;
      for (auto& [name, server] : servers_) {
        if (!server.node) continue;
        const transport::NodeStatus status = server.node->status();
        if (index == 0) {
          index = status.applied_index;
          hash = status.state_hash;
        }
        if (status.applied_index != index || status.state_hash != hash) return false;
      }
      return index != 0;
    });
  }

  NodeOptions options;

 private:
  void run(Server& server) {
    StartRequest request;
    request.data = server.data;
    request.address = server.address;
    request.chat_cache_kib = 2'048;
    Opened opened;
    std::string error;
    ASSERT_TRUE(open_data(request, opened, error)) << error;
    server.id = opened.identity.id;
    NodeOptions node_options = options;
    node_options.address = server.address;
    server.node = Node::make(node_options, std::move(opened), error);
    ASSERT_TRUE(server.node) << error;
    server.wire = std::make_unique<DirectTransport>(network_, server.id);
    server.node->start(*server.wire);
    network_.add(server.id, server.node.get());
  }

  void copy_log(Node& leader, const std::string& data, core::NodeId id, core::Index through) {
    std::unique_ptr<storage::DataDirectory> directory;
    ASSERT_TRUE(storage::DataDirectory::open(data, directory).ok());
    storage::Identity identity;
    identity.id = id;
    identity.cluster = leader.status().cluster;
    identity.epoch = leader.status().epoch;
    ASSERT_TRUE(directory->write_identity(identity).ok());
    std::unique_ptr<storage::LogStore> log;
    ASSERT_TRUE(storage::LogStore::open(directory->log_path(), 0, log).ok());
    core::Term term = 0;
    while (log->last_index() < through) {
      core::PersistEntries batch;
      ASSERT_TRUE(leader.read_log(log->last_index() + 1, through, 1 << 20, batch.entries));
      term = batch.entries.back()->term;
      batch.accepting_term = term;
      ASSERT_TRUE(log->append({batch}).ok());
    }
    std::unique_ptr<storage::VoteFile> vote;
    ASSERT_TRUE(storage::VoteFile::open(directory->vote_path(), vote).ok());
    ASSERT_TRUE(vote->write({term, core::kNoNode}).ok());
  }

  TempDirectory directory_;
  Network network_;
  std::map<std::string, Server> servers_;
};

}  // namespace starling::node::testing
