// A pretended cluster of one server, which answers an app as a test's script says.
#pragma once

#include <grpcpp/grpcpp.h>

#include <atomic>
#include <condition_variable>
#include <functional>
#include <map>
#include <memory>
#include <mutex>
#include <set>
#include <string>
#include <vector>

#include "starling/v1/chat.grpc.pb.h"
#include "starling/v1/cluster.grpc.pb.h"

namespace starling_app {

inline constexpr std::int64_t kFakeAccount = 1;
inline constexpr const char* kFakePassword = "correct horse";

// An account, a session of one, made in November 2023.
starling::v1::Account fake_account(std::int64_t id, const std::string& name,
                                   const std::string& shown, const std::string& about);
starling::v1::SessionInfo fake_session(std::int64_t id, const std::string& device, bool current);

class FakeServer final : public starling::v1::Chat::Service, public starling::v1::Cluster::Service {
 public:
  FakeServer();
  ~FakeServer() override;

  std::string address() const { return "127.0.0.1:" + std::to_string(port_); }
  // As a SIGKILL looks from outside.
  void kill();

  // One message of a conversation, which is made with its first one. No event tells of it.
  void store(std::int64_t conversation, std::int64_t seq, const std::string& body,
             bool deleted = false);
  void forget_messages(std::int64_t conversation);
  // To the streams, after the events that were told; several come at once.
  void tell(starling::v1::Event event) { tell(std::vector{std::move(event)}); }
  void tell(std::vector<starling::v1::Event> events);
  // Streams end; who comes back with a cursor is told to begin anew.
  void forget_events();
  // Lists of conversations are not answered until they are let go.
  void hold_lists(bool held);
  // Searches find nothing, but of those with such words none is answered.
  void hold_searches(const std::string& words);
  // "search boat" when one comes, "gone boat" when nobody waits for its answer any more, "late
  // boat" when its time was over.
  std::vector<std::string> searches();
  int lists() const { return lists_; }    // How many were asked for.
  int probes() const { return probes_; }  // Lists that somebody without a session asked for.
  std::atomic<bool> quorum{true};
  // Whether what is sent is taken, noted ("send 10 hello") and stored, or refused as refuse("send")
  // says. Until then nobody answers.
  std::atomic<bool> sends{false};

  // What the list, GetConversation and CreateGroup say of a conversation.
  void set_conversation(const starling::v1::Conversation& conversation);
  void remove_conversation(std::int64_t id);  // Its messages are not to be seen from here on.
  void set_members(std::int64_t conversation, const std::vector<starling::v1::Member>& members);
  void set_edits(const std::vector<starling::v1::Edit>& edits);
  // Of somebody, whom ada blocks or does not. Others are of kFakeAccount, with nothing but a name.
  void set_account(const starling::v1::Account& account, bool blocked = false);
  void set_sessions(const std::vector<starling::v1::SessionInfo>& sessions);
  // Whom a look into the directory finds, by name, and what a search finds, whatever is asked for.
  void set_directory(const std::vector<starling::v1::Account>& people);
  void set_hits(const std::vector<starling::v1::SearchHit>& hits);
  void put(const starling::v1::Message& message);  // As store(), of any kind.
  // The next writes of that name ("react", "rename", …) are refused in these words, or taken when
  // there are none; so are "look", GetConversation, and "messages", as if the session were over.
  void refuse(const std::string& name, const std::string& words);
  // How somebody is, now told to who watches it; that somebody types.
  void set_presence(std::int64_t account, starling::v1::PresenceState state,
                    std::int64_t last_seen_ms = 0);
  void tell_typing(std::int64_t conversation, std::int64_t account);
  int present() const { return present_; }   // How many presence streams stand.
  std::vector<std::string> presence_told();  // "watch 11 12", "away on", "typing 10".
  // The writes that came, each a line: "react 10 3 👍 on".
  std::vector<std::string> writes();

 private:
  using Context = grpc::ServerContext;

  grpc::Status LogIn(Context* context, const starling::v1::LogInRequest* request,
                     starling::v1::LogInResponse* response) override;
  grpc::Status ListConversations(Context* context,
                                 const starling::v1::ListConversationsRequest* request,
                                 starling::v1::ListConversationsResponse* response) override;
  grpc::Status ListMessages(Context* context, const starling::v1::ListMessagesRequest* request,
                            starling::v1::ListMessagesResponse* response) override;
  grpc::Status SendStream(Context* context,
                          grpc::ServerReaderWriter<starling::v1::SendStreamResponse,
                                                   starling::v1::SendRequest>* stream) override;
  grpc::Status Subscribe(Context* context, const starling::v1::SubscribeRequest* request,
                         grpc::ServerWriter<starling::v1::SubscribeResponse>* writer) override;
  grpc::Status HealthCheck(Context* context, const starling::v1::HealthCheckRequest* request,
                           starling::v1::HealthCheckResponse* response) override;
  grpc::Status WatchServers(
      Context* context, const starling::v1::WatchServersRequest* request,
      grpc::ServerWriter<starling::v1::WatchServersResponse>* writer) override;

  // Those of groups and of what is done to messages: fake_server_groups.cpp.
  grpc::Status GetConversation(Context* context,
                               const starling::v1::GetConversationRequest* request,
                               starling::v1::GetConversationResponse* response) override;
  grpc::Status ListMembers(Context* context, const starling::v1::ListMembersRequest* request,
                           starling::v1::ListMembersResponse* response) override;
  grpc::Status ListEdits(Context* context, const starling::v1::ListEditsRequest* request,
                         starling::v1::ListEditsResponse* response) override;
  grpc::Status CreateGroup(Context* context, const starling::v1::CreateGroupRequest* request,
                           starling::v1::CreateGroupResponse* response) override;
  grpc::Status AddMembers(Context* context, const starling::v1::AddMembersRequest* request,
                          starling::v1::AddMembersResponse* response) override;
  grpc::Status RemoveMember(Context* context, const starling::v1::RemoveMemberRequest* request,
                            starling::v1::RemoveMemberResponse* response) override;
  grpc::Status SetRole(Context* context, const starling::v1::SetRoleRequest* request,
                       starling::v1::SetRoleResponse* response) override;
  grpc::Status RenameGroup(Context* context, const starling::v1::RenameGroupRequest* request,
                           starling::v1::RenameGroupResponse* response) override;
  grpc::Status DissolveGroup(Context* context, const starling::v1::DissolveGroupRequest* request,
                             starling::v1::DissolveGroupResponse* response) override;
  grpc::Status DeleteMessages(Context* context, const starling::v1::DeleteMessagesRequest* request,
                              starling::v1::DeleteMessagesResponse* response) override;
  grpc::Status HideMessages(Context* context, const starling::v1::HideMessagesRequest* request,
                            starling::v1::HideMessagesResponse* response) override;
  grpc::Status EditMessage(Context* context, const starling::v1::EditMessageRequest* request,
                           starling::v1::EditMessageResponse* response) override;
  grpc::Status React(Context* context, const starling::v1::ReactRequest* request,
                     starling::v1::ReactResponse* response) override;
  grpc::Status MarkDelivered(Context* context, const starling::v1::MarkDeliveredRequest* request,
                             starling::v1::MarkDeliveredResponse* response) override;
  grpc::Status SetDraft(Context* context, const starling::v1::SetDraftRequest* request,
                        starling::v1::SetDraftResponse* response) override;

  // fake_server_presence.cpp.
  grpc::Status Presence(Context* context,
                        grpc::ServerReaderWriter<starling::v1::PresenceResponse,
                                                 starling::v1::PresenceRequest>* stream) override;

  // fake_server_search.cpp.
  grpc::Status Search(Context* context, const starling::v1::SearchRequest* request,
                      starling::v1::SearchResponse* response) override;

  // Those of accounts: fake_server_account.cpp.
  grpc::Status GetAccount(Context* context, const starling::v1::GetAccountRequest* request,
                          starling::v1::GetAccountResponse* response) override;
  grpc::Status SetProfile(Context* context, const starling::v1::SetProfileRequest* request,
                          starling::v1::SetProfileResponse* response) override;
  grpc::Status ChangePassword(Context* context, const starling::v1::ChangePasswordRequest* request,
                              starling::v1::ChangePasswordResponse* response) override;
  grpc::Status DeleteAccount(Context* context, const starling::v1::DeleteAccountRequest* request,
                             starling::v1::DeleteAccountResponse* response) override;
  grpc::Status ListSessions(Context* context, const starling::v1::ListSessionsRequest* request,
                            starling::v1::ListSessionsResponse* response) override;
  grpc::Status EndSession(Context* context, const starling::v1::EndSessionRequest* request,
                          starling::v1::EndSessionResponse* response) override;
  grpc::Status SetBlock(Context* context, const starling::v1::SetBlockRequest* request,
                        starling::v1::SetBlockResponse* response) override;
  grpc::Status ListBlocks(Context* context, const starling::v1::ListBlocksRequest* request,
                          starling::v1::ListBlocksResponse* response) override;
  grpc::Status CreateAccount(Context* context, const starling::v1::CreateAccountRequest* request,
                             starling::v1::CreateAccountResponse* response) override;
  grpc::Status ListAccounts(Context* context, const starling::v1::ListAccountsRequest* request,
                            starling::v1::ListAccountsResponse* response) override;

  static grpc::Status refused(grpc::StatusCode code, starling::v1::Reason reason,
                              const std::string& words);
  starling::v1::Account account_of(const std::string& name) const;
  // Notes "name details", and answers with a header or the refusal of that name.
  grpc::Status write(const std::string& name, const std::string& details,
                     starling::v1::ResponseHeader* header_out);

  starling::v1::SendStreamResponse send(const starling::v1::SendRequest& request);
  starling::v1::ServerList list() const;
  void header(starling::v1::ResponseHeader* header) const;
  // Until `there`, at most so long; false when the call or the server ends.
  bool wait(Context* context, std::unique_lock<std::mutex>& lock, int ms,
            const std::function<bool()>& there);

  std::mutex mutex_;
  std::condition_variable changed_;
  std::map<std::int64_t, std::map<std::int64_t, starling::v1::Message>> messages_;
  std::map<std::int64_t, starling::v1::Conversation> conversations_;  // That were told of.
  std::set<std::int64_t> removed_;
  std::map<std::int64_t, std::vector<starling::v1::Member>> members_;
  std::vector<starling::v1::Edit> edits_;
  std::map<std::string, starling::v1::Account> accounts_;
  std::set<std::string> blocked_;  // Names.
  std::vector<starling::v1::SessionInfo> sessions_;
  std::map<std::string, starling::v1::Account> directory_;
  std::vector<starling::v1::SearchHit> hits_;
  std::map<std::int64_t, starling::v1::PresenceInfo> presence_;
  std::vector<starling::v1::TypingNotice> typing_;
  std::vector<std::string> presence_told_;
  std::uint64_t presence_version_ = 0;  // One more at each change of how somebody is.
  std::atomic<int> present_{0};
  std::map<std::string, std::string> refusals_;
  std::vector<std::string> writes_;
  std::vector<starling::v1::Event> events_;
  std::uint64_t history_ = 0;  // One more at each forget_events().
  bool held_ = false;
  std::string held_search_;
  std::vector<std::string> searches_;
  bool stopping_ = false;
  std::atomic<int> lists_{0};
  std::atomic<int> probes_{0};
  int port_ = 0;
  std::unique_ptr<grpc::Server> server_;
};

}  // namespace starling_app
