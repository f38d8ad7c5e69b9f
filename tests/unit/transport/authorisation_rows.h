// One row for every RPC of the three services and of gRPC's own: who may call it, and a good
// request for it. One without a row fails the build (tests/integration/every_rpc_has_a_row.py).
#pragma once

#include <atomic>
#include <functional>
#include <map>
#include <string>

#include "tests/unit/transport/fixture.h"

namespace starling::transport {

enum class Access {
  kOpen,     // Anybody.
  kSession,  // A live session.
  kPeer,     // A server of this cluster that means this server.
};

struct Ids {
  std::int64_t own = 0;      // A conversation of the caller's,
  std::int64_t foreign = 0;  // and one of two others.
};
using Build = std::function<std::string(const Ids&, std::int64_t conversation)>;

struct Row {
  Access access;
  Build build;                // A good request, about this conversation where there is one.
  bool conversation = false;  // The request names one.
  // What a plain member of a group is told that asks for what is its admins' or its owner's.
  bool needs_power = false;
};

inline std::string id16() {
  static std::atomic<int> next{1};
  std::string id(16, 'r');
  const int number = next.fetch_add(1);
  for (std::size_t i = 0; i < 4; ++i) id[i] = static_cast<char>(number >> (8 * i));
  return id;
}

template <typename Request>
Build made(std::function<void(Request&, std::int64_t)> fill) {
  return [fill](const Ids&, std::int64_t conversation) {
    Request request;
    fill(request, conversation);
    return request.SerializeAsString();
  };
}

template <typename Request>
void header(Request& request) {
  request.mutable_write()->set_request_id(id16());
  request.mutable_write()->set_as_of_ms(now_ms());
}

// The requests of groups and of what is done to messages.
inline std::map<std::string, Row> conversation_rows() {
  using Id = std::int64_t;
  const auto with = [](auto request, auto fill) {
    using Request = decltype(request);
    return made<Request>([fill](Request& r, Id c) {
      if constexpr (requires { r.mutable_write(); }) header(r);
      r.set_conversation_id(c);
      fill(r);
    });
  };
  const auto nothing = [](auto&) {};
  const auto one = [](auto& r) { r.set_seq(1); };
  return {
      {"Chat/GetConversation",
       {Access::kSession, with(pb::GetConversationRequest(), nothing), true}},
      {"Chat/AddMembers",
       {Access::kSession, with(pb::AddMembersRequest(), [](auto& r) { r.add_names("dan"); }), true,
        true}},
      {"Chat/RemoveMember",
       {Access::kSession, with(pb::RemoveMemberRequest(), [](auto& r) { r.set_account_id(1); }),
        true}},
      {"Chat/SetRole",
       {Access::kSession,
        with(pb::SetRoleRequest(),
             [](auto& r) {
               r.set_account_id(1);
               r.set_role(pb::MEMBER_ROLE_ADMIN);
             }),
        true, true}},
      {"Chat/RenameGroup",
       {Access::kSession, with(pb::RenameGroupRequest(), [](auto& r) { r.set_title("mine"); }),
        true, true}},
      {"Chat/DissolveGroup",
       {Access::kSession, with(pb::DissolveGroupRequest(), nothing), true, true}},
      {"Chat/ListMembers", {Access::kSession, with(pb::ListMembersRequest(), nothing), true}},
      {"Chat/HideMessages",
       {Access::kSession, with(pb::HideMessagesRequest(), [](auto& r) { r.add_seqs(1); }), true}},
      {"Chat/EditMessage",
       {Access::kSession,
        with(pb::EditMessageRequest(),
             [](auto& r) {
               r.set_seq(1);
               r.set_body("mine");
             }),
        true, true}},
      {"Chat/ListEdits", {Access::kSession, with(pb::ListEditsRequest(), one), true}},
      {"Chat/React",
       {Access::kSession,
        with(pb::ReactRequest(),
             [](auto& r) {
               r.set_seq(3);
               r.set_emoji("+1");
             }),
        true}},
      {"Chat/Search",
       {Access::kSession, with(pb::SearchRequest(), [](auto& r) { r.set_query("word"); }), true}},
      {"Chat/SetDraft",
       {Access::kSession, with(pb::SetDraftRequest(), [](auto& r) { r.set_body("x"); }), true}},
  };
}

inline std::map<std::string, Row> account_rows() {
  using Id = std::int64_t;
  return {
      {"Chat/GetAccount",
       {Access::kSession, made<pb::GetAccountRequest>([](auto& r, Id) { r.set_name("ada"); })}},
      {"Chat/SetProfile", {Access::kSession, made<pb::SetProfileRequest>([](auto& r, Id) {
                             header(r);
                             r.set_display_name("Eve");
                           })}},
      {"Chat/ChangePassword", {Access::kSession, made<pb::ChangePasswordRequest>([](auto& r, Id) {
                                 header(r);
                                 r.set_password("correct horse");
                                 r.set_new_password("battery staple");
                               })}},
      {"Chat/ListSessions", {Access::kSession, made<pb::ListSessionsRequest>([](auto&, Id) {})}},
      {"Chat/EndSession",
       {Access::kSession, made<pb::EndSessionRequest>([](auto& r, Id) { r.set_session_id(1); })}},
      {"Chat/SetBlock", {Access::kSession, made<pb::SetBlockRequest>([](auto& r, Id) {
                           header(r);
                           r.set_name("bob");
                           r.set_blocked(true);
                         })}},
      {"Chat/ListBlocks", {Access::kSession, made<pb::ListBlocksRequest>([](auto&, Id) {})}},
      {"Chat/CreateGroup", {Access::kSession, made<pb::CreateGroupRequest>([](auto& r, Id) {
                              header(r);
                              r.set_title("table");
                              r.add_names("bob");
                            })}},
      // Marks of conversations that the caller is not in count for nothing.
      {"Chat/MarkDelivered", {Access::kSession, made<pb::MarkDeliveredRequest>([](auto& r, Id c) {
                                r.add_marks()->set_conversation_id(c);
                                r.mutable_marks(0)->set_seq(1);
                              })}},
  };
}

// gRPC's own services, for ordinary tools and load balancers, which have no session: they tell
// whether this server takes reads and writes, and what the proto files say. Their messages are not
// ours.
inline std::map<std::string, Row> grpc_rows() {
  const auto bytes = [](std::string request) {
    return [request](const Ids&, std::int64_t) { return request; };
  };
  return {
      {"Health/Check", {Access::kOpen, bytes("")}},
      {"Health/Watch", {Access::kOpen, bytes("")}},
      // list_services = "*"
      {"ServerReflection/ServerReflectionInfo", {Access::kOpen, bytes("\x3a\x01*")}},
  };
}

inline const std::map<std::string, Row>& rows() {
  using Id = std::int64_t;
  static const std::map<std::string, Row> table = [] {
    std::map<std::string, Row> all = {
        {"Chat/CreateAccount", {Access::kOpen, made<pb::CreateAccountRequest>([](auto& r, Id) {
                                  header(r);
                                  r.set_name("table");
                                  r.set_password("correct horse");
                                })}},
        {"Chat/LogIn", {Access::kOpen, made<pb::LogInRequest>([](auto& r, Id) {
                          r.set_name("ada");
                          r.set_password("correct horse");
                        })}},
        {"Chat/LogOut",
         {Access::kSession, made<pb::LogOutRequest>([](auto& r, Id) { header(r); })}},
        {"Chat/ListAccounts", {Access::kSession, made<pb::ListAccountsRequest>([](auto&, Id) {})}},
        {"Chat/DeleteAccount", {Access::kSession, made<pb::DeleteAccountRequest>([](auto& r, Id) {
                                  header(r);
                                  r.set_password("correct horse");
                                })}},
        {"Chat/OpenDirect", {Access::kSession, made<pb::OpenDirectRequest>([](auto& r, Id) {
                               header(r);
                               r.set_name("bob");
                             })}},
        {"Chat/ListConversations",
         {Access::kSession, made<pb::ListConversationsRequest>([](auto&, Id) {})}},
        {"Chat/Send",
         {Access::kSession, made<pb::SendRequest>([](auto& r, Id c) {
            header(r);
            r.set_conversation_id(c);
            r.set_body("x");
          }),
          true}},
        {"Chat/SendStream",
         {Access::kSession, made<pb::SendRequest>([](auto& r, Id c) {
            header(r);
            r.set_conversation_id(c);
            r.set_body("x");
          }),
          true}},
        {"Chat/ListMessages",
         {Access::kSession,
          made<pb::ListMessagesRequest>([](auto& r, Id c) { r.set_conversation_id(c); }), true}},
        {"Chat/ReadUnread",
         {Access::kSession,
          made<pb::ReadUnreadRequest>([](auto& r, Id c) { r.set_conversation_id(c); }), true}},
        {"Chat/MarkRead",
         {Access::kSession, made<pb::MarkReadRequest>([](auto& r, Id c) {
            r.set_conversation_id(c);
            r.set_seq(1);
          }),
          true}},
        {"Chat/DeleteMessages",
         {Access::kSession, made<pb::DeleteMessagesRequest>([](auto& r, Id c) {
            header(r);
            r.set_conversation_id(c);
            r.add_seqs(1);
          }),
          true}},
        {"Chat/Subscribe", {Access::kSession, made<pb::SubscribeRequest>([](auto&, Id) {})}},
        {"Chat/Presence",
         {Access::kSession, made<pb::PresenceRequest>([](auto& r, Id c) { r.set_typing(c); })}},
        {"Chat/Void",
         {Access::kSession, made<pb::VoidRequest>([](auto& r, Id) { r.set_request_id(id16()); })}},
        {"Cluster/HealthCheck", {Access::kOpen, made<pb::HealthCheckRequest>([](auto&, Id) {})}},
        {"Cluster/WatchServers", {Access::kOpen, made<pb::WatchServersRequest>([](auto&, Id) {})}},
        {"Cluster/JoinNetwork", {Access::kOpen, made<pb::JoinNetworkRequest>([](auto& r, Id) {
                                   r.set_server_id(99);
                                   r.set_address("127.0.0.1:5199");
                                   r.set_protocol_version(kProtocolVersion);
                                 })}},
        {"Cluster/LeaveNetwork",
         {Access::kOpen, made<pb::LeaveNetworkRequest>([](auto& r, Id) { r.set_server_id(99); })}},
        {"Cluster/TransferPrimary",
         {Access::kOpen, made<pb::TransferPrimaryRequest>([](auto&, Id) {})}},
        {"Peer/Replicate",
         {Access::kPeer, made<pb::PeerMessage>([](auto& r, Id) { r.mutable_timeout_now(); })}},
        {"Peer/RequestVote",
         {Access::kPeer, made<pb::PeerMessage>([](auto& r, Id) { r.mutable_vote_request(); })}},
        {"Peer/UpdateServerList",
         {Access::kPeer, made<pb::UpdateServerListRequest>([](auto&, Id) {})}},
        {"Peer/FetchSnapshot", {Access::kPeer, made<pb::FetchSnapshotRequest>([](auto&, Id) {})}},
    };
    all.merge(conversation_rows());
    all.merge(account_rows());
    all.merge(grpc_rows());
    return all;
  }();
  return table;
}

}  // namespace starling::transport
