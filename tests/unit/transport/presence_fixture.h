// Clients' Presence streams, and three people who have them.
#pragma once

#include <map>
#include <thread>

#include "tests/unit/transport/fixture.h"

namespace starling::transport {

inline constexpr auto kOnline = pb::PRESENCE_STATE_ONLINE;
inline constexpr auto kAway = pb::PRESENCE_STATE_AWAY;
inline constexpr auto kOffline = pb::PRESENCE_STATE_OFFLINE;

// One client's stream, read all the time.
class Live {
 public:
  Live(pb::Chat::Stub& chat, const Session& who) {
    context_.AddMetadata("authorization", who.bearer);
    stream_ = chat.Presence(&context_);
    reader_ = std::thread([this] {
      pb::PresenceResponse response;
      while (stream_->Read(&response)) {
        const std::lock_guard lock(mutex_);
        ++messages_;
        for (const auto& info : response.presence()) {
          states_[info.account_id()] = info;
          history_[info.account_id()].push_back(info.state());
        }
        for (const auto& notice : response.typing()) {
          typing_.emplace_back(notice.conversation_id(), notice.account_id());
        }
      }
      status_ = stream_->Finish();
      ended_.store(true);
    });
    EXPECT_TRUE(eventually([&] { return messages() > 0 || ended_.load(); }));
  }
  ~Live() {
    context_.TryCancel();
    reader_.join();
  }
  void watch(const std::vector<std::int64_t>& ids) {
    pb::PresenceRequest request;
    request.mutable_watch()->mutable_account_ids()->Add(ids.begin(), ids.end());
    write(request);
  }
  void away(bool away) {
    pb::PresenceRequest request;
    request.set_away(away);
    write(request);
  }
  void typing(std::int64_t conversation) {
    pb::PresenceRequest request;
    request.set_typing(conversation);
    write(request);
  }
  void goodbye() { stream_->WritesDone(); }
  void break_off() { context_.TryCancel(); }
  bool ended() const { return ended_.load(); }
  grpc::Status status() {
    EXPECT_TRUE(eventually([&] { return ended_.load(); }));
    return status_;
  }
  bool sees(std::int64_t account, pb::PresenceState state) {
    return eventually([&] {
      const std::lock_guard lock(mutex_);
      const auto found = states_.find(account);
      return found != states_.end() && found->second.state() == state;
    });
  }
  std::int64_t last_seen(std::int64_t account) {
    const std::lock_guard lock(mutex_);
    return states_[account].last_seen_ms();
  }
  std::vector<int> history(std::int64_t account) {
    const std::lock_guard lock(mutex_);
    return history_[account];
  }
  int messages() {
    const std::lock_guard lock(mutex_);
    return messages_;
  }
  std::size_t typing_count() {
    const std::lock_guard lock(mutex_);
    return typing_.size();
  }
  bool typed(std::int64_t conversation, std::int64_t account) {
    return eventually([&] {
      const std::lock_guard lock(mutex_);
      return std::find(typing_.begin(), typing_.end(), std::pair(conversation, account)) !=
             typing_.end();
    });
  }

 private:
  void write(const pb::PresenceRequest& request) { EXPECT_TRUE(stream_->Write(request)); }

  grpc::ClientContext context_;
  std::unique_ptr<grpc::ClientReaderWriter<pb::PresenceRequest, pb::PresenceResponse>> stream_;
  std::mutex mutex_;
  std::map<std::int64_t, pb::PresenceInfo> states_;
  std::map<std::int64_t, std::vector<int>> history_;
  std::vector<std::pair<std::int64_t, std::int64_t>> typing_;
  int messages_ = 0;
  grpc::Status status_;
  std::atomic<bool> ended_{false};
  std::thread reader_;
};

class Presence : public TransportTest {
 protected:
  explicit Presence(const ServerOptions& options = test_options()) : TransportTest(options) {
    ada_ = account("ada");
    bob_ = account("bob");
    eve_ = account("eve");
    direct_ = open_direct(ada_, "bob");
  }
  void block(const Session& who, const std::string& whom, bool on) {
    auto request = write_request<pb::SetBlockRequest>();
    request.set_name(whom);
    request.set_blocked(on);
    pb::SetBlockResponse response;
    expect_ok(call(&pb::Chat::Stub::SetBlock, request, response, who.bearer));
  }
  std::int64_t group(const Session& owner, const std::vector<std::string>& names) {
    auto create = write_request<pb::CreateGroupRequest>();
    create.set_title("a group");
    create.mutable_names()->Add(names.begin(), names.end());
    pb::CreateGroupResponse made;
    expect_ok(call(&pb::Chat::Stub::CreateGroup, create, made, owner.bearer));
    return made.conversation().id();
  }
  // Whatever was to come by now has come: behind it comes what this changes.
  void settle(Live& watcher, Live& other, std::int64_t account) {
    other.away(true);
    EXPECT_TRUE(watcher.sees(account, kAway));
    other.away(false);
    EXPECT_TRUE(watcher.sees(account, kOnline));
  }
  Session ada_, bob_, eve_;
  std::int64_t direct_ = 0;
};

}  // namespace starling::transport
