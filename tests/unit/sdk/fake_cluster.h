// A pretended cluster for the SDK's tests: real gRPC servers on loopback over one shared history,
// with scripts for how each call goes wrong.
#pragma once

#include <grpcpp/grpcpp.h>

#include <atomic>
#include <condition_variable>
#include <functional>
#include <map>
#include <memory>
#include <mutex>
#include <optional>
#include <set>
#include <string>
#include <vector>

#include "starling/v1/chat.grpc.pb.h"
#include "starling/v1/cluster.grpc.pb.h"
#include "tests/unit/sdk/fake_scripted.h"

namespace starling::fake {

constexpr std::uint64_t kEpoch = 1;
constexpr int kBeatMs = 40;
constexpr std::int64_t kStartMs = 1'700'000'000'000;

grpc::Status refusal(grpc::StatusCode code, v1::Reason reason, bool retryable,
                     const std::string& primary_address = "");

enum class SendScript {
  kApply,
  kApplySilently,  // Takes effect; no answer.
  kApplyAndBreak,  // Takes effect; the stream ends without an answer.
  kBreak,          // The stream ends; nothing happened.
  kSwallow,        // Nothing happens, no answer.
  kNoPrimary,
  kInvalid,
  kLoggedOut,
  kApplyAndStrange,  // Takes effect; the stream ends with a status that no Starling server makes.
  kOverloaded,       // Refused, retryable; nothing happened.
  kExpired,          // Refused for good, which tells nothing of earlier attempts.
};

struct Seen {
  std::uint64_t server = 0;
  std::string method;
  std::string request_id;
  std::string after;
  std::int64_t as_of_ms = 0;
};

class Server;

// The history that all servers share. Thread-safe.
class Cluster {
 public:
  explicit Cluster(int servers);
  ~Cluster();

  Server& operator[](std::size_t index) { return *servers_[index]; }
  std::vector<std::string> addresses() const;
  v1::ServerList list() const;
  // The server at `index` becomes the primary of a new term; none when out of range.
  void elect(std::size_t index);
  bool is_primary(std::uint64_t id) const;
  std::string primary_address() const;
  bool has_primary() const;

  v1::SendStreamResponse apply(const v1::SendRequest& request);
  bool void_request(const std::string& request_id);
  void saw(Seen seen);
  std::vector<Seen> seen(const std::string& method) const;
  std::vector<std::string> bodies(std::int64_t conversation) const;
  std::size_t voided() const;
  // The one reader's: what lies behind its mark, oldest first, and the mark, which never goes back.
  std::vector<v1::Message> unread(std::int64_t conversation) const;
  void mark_read(std::int64_t conversation, std::int64_t seq);
  std::atomic<bool> logged_out{false};  // Whoever asks with a session is refused.
  // Events after (index), at most `most`; and where the history stands.
  std::vector<v1::Event> events_after(std::uint64_t index, std::size_t most) const;
  std::uint64_t last_index() const;
  void add_event(const std::string& body);
  void add_event(v1::Event event);  // The next one; its cursor is made here.
  std::atomic<std::uint64_t> cluster_id{7};
  Answers answers;  // Of the calls in fake_scripted.h.
  // How an account is, from now on; every Presence stream that watches it tells it.
  void set_presence(std::int64_t account, v1::PresenceState state, std::int64_t last_seen_ms = 0);
  v1::PresenceInfo presence(std::int64_t account) const;

 private:
  void append(const v1::Message& message);
  void append(v1::Event event);

  mutable std::mutex mutex_;
  std::vector<std::unique_ptr<Server>> servers_;
  std::uint64_t term_ = 1;
  std::uint64_t version_ = 1;
  std::uint64_t primary_id_ = 1;
  std::vector<v1::Event> events_;
  std::map<std::int64_t, std::vector<v1::Message>> conversations_;
  std::map<std::string, v1::Message> outcomes_;
  std::set<std::string> voided_;
  std::map<std::int64_t, std::int64_t> read_marks_;
  std::map<std::int64_t, v1::PresenceInfo> presence_;
  std::vector<Seen> seen_;
};

class Server final : public ScriptedChat, public v1::Cluster::Service {
 public:
  Server(Cluster& cluster, std::uint64_t id);
  ~Server() override;

  void start();
  // As a SIGKILL looks from outside: connections end, the port refuses.
  void kill();
  std::uint64_t id() const { return id_; }
  std::string address() const { return "127.0.0.1:" + std::to_string(port_); }
  int streams() const { return send_streams_; }

  // Scripts. Each is asked once for each call; the default does what a good server does.
  void on_send(std::function<SendScript(const v1::SendRequest&)> script);
  void on_unary(std::function<grpc::Status(const std::string& method)> script);
  // Asked once a write has taken effect: anything but OK, and its answer is lost.
  void on_effect(std::function<grpc::Status(const std::string& method)> script);
  // Beats stop, and unary calls hang, as of a stopped process.
  std::atomic<bool> hung{false};
  // It hears no other server: it has no quorum, no events, no news, and takes no write.
  std::atomic<bool> cut_off{false};
  std::atomic<int> strange{0};         // The code of kApplyAndStrange.
  std::atomic<int> timeless_beats{0};  // So many beats name no replicated time.
  // The Subscribe stream ends after this many responses (0: never), and begins that many events
  // early.
  std::atomic<int> cut_events_after{0};
  std::atomic<int> repeat_events{0};
  std::atomic<bool> resync{false};
  std::atomic<int> subscriptions{0};
  std::atomic<int> presences{0};       // Presence streams now,
  std::atomic<int> goodbyes{0};        // and those that were half-closed.
  std::atomic<std::int64_t> types{0};  // Told once, as the typing of account 9 there.
  std::atomic<int> watchers{0};
  std::atomic<std::uint64_t> other_cluster{0};       // The one that it says it is of, when not 0.
  std::atomic<std::uint64_t> seen_by_subscriber{0};  // The token of the last Subscribe.

  grpc::Status CreateAccount(grpc::ServerContext* context, const v1::CreateAccountRequest* request,
                             v1::CreateAccountResponse* response) override;
  grpc::Status LogIn(grpc::ServerContext* context, const v1::LogInRequest* request,
                     v1::LogInResponse* response) override;
  grpc::Status Send(grpc::ServerContext* context, const v1::SendRequest* request,
                    v1::SendResponse* response) override;
  grpc::Status SendStream(
      grpc::ServerContext* context,
      grpc::ServerReaderWriter<v1::SendStreamResponse, v1::SendRequest>* stream) override;
  grpc::Status ListMessages(grpc::ServerContext* context, const v1::ListMessagesRequest* request,
                            v1::ListMessagesResponse* response) override;
  grpc::Status ReadUnread(grpc::ServerContext* context, const v1::ReadUnreadRequest* request,
                          v1::ReadUnreadResponse* response) override;
  grpc::Status MarkRead(grpc::ServerContext* context, const v1::MarkReadRequest* request,
                        v1::MarkReadResponse* response) override;
  grpc::Status LogOut(grpc::ServerContext* context, const v1::LogOutRequest* request,
                      v1::LogOutResponse* response) override;
  grpc::Status DeleteAccount(grpc::ServerContext* context, const v1::DeleteAccountRequest* request,
                             v1::DeleteAccountResponse* response) override;
  grpc::Status Void(grpc::ServerContext* context, const v1::VoidRequest* request,
                    v1::VoidResponse* response) override;
  grpc::Status Subscribe(grpc::ServerContext* context, const v1::SubscribeRequest* request,
                         grpc::ServerWriter<v1::SubscribeResponse>* writer) override;
  grpc::Status Presence(
      grpc::ServerContext* context,
      grpc::ServerReaderWriter<v1::PresenceResponse, v1::PresenceRequest>* stream) override;
  grpc::Status HealthCheck(grpc::ServerContext* context, const v1::HealthCheckRequest* request,
                           v1::HealthCheckResponse* response) override;
  grpc::Status WatchServers(grpc::ServerContext* context, const v1::WatchServersRequest* request,
                            grpc::ServerWriter<v1::WatchServersResponse>* writer) override;
  // A member leaves once; it stays in the list all the same.
  grpc::Status LeaveNetwork(grpc::ServerContext* context, const v1::LeaveNetworkRequest* request,
                            v1::LeaveNetworkResponse* response) override;
  grpc::Status TransferPrimary(grpc::ServerContext* context,
                               const v1::TransferPrimaryRequest* request,
                               v1::TransferPrimaryResponse* response) override;

 private:
  Answers& answers() override { return cluster_.answers; }
  void header(v1::ResponseHeader* header) const override;
  // The newest list, or the one that it had when it was cut off.
  v1::ServerList known_list();
  grpc::Status gate(grpc::ServerContext* context, const std::string& method, bool write) override;
  grpc::Status effect(const std::string& method) override;
  bool pause(grpc::ServerContext* context, int ms) const;

  Cluster& cluster_;
  const std::uint64_t id_;
  std::set<std::uint64_t> left_;
  int port_ = 0;
  std::atomic<bool> stopping_{false};
  std::atomic<int> send_streams_{0};
  std::unique_ptr<grpc::Server> server_;
  mutable std::mutex mutex_;
  v1::ServerList known_;
  std::function<SendScript(const v1::SendRequest&)> on_send_;
  std::function<grpc::Status(const std::string&)> on_unary_;
  std::function<grpc::Status(const std::string&)> on_effect_;
};

}  // namespace starling::fake
