// Every request of chat.proto and cluster.proto, and those of peer.proto beside its messages, as a
// service takes them: bytes are parsed, validated, and what is let through becomes a command on a
// store or a read of it. Nothing ends the process, the store stays whole, apply agrees with
// validation about what is well formed, and what readers are shown is text.
#include <grpcpp/impl/grpc_library.h>

#include "server/chat/utf8.h"
#include "server/transport/convert.h"
#include "server/transport/errors.h"
#include "server/transport/validate.h"
#include "tests/fuzz/people.h"
#include "tests/fuzz/wire.h"

namespace starling::fuzz {
namespace {

namespace pb = transport::pb;

// gRPC's buffers need it to be there.
const grpc::internal::GrpcLibraryInitializer kGrpc;

grpc::ByteBuffer buffer_of(std::string_view bytes, std::size_t cut) {
  // In two pieces, as the network may bring it.
  cut = std::min(cut, bytes.size());
  const grpc::Slice slices[] = {grpc::Slice(bytes.data(), cut),
                                grpc::Slice(bytes.data() + cut, bytes.size() - cut)};
  return grpc::ByteBuffer(slices, 2);
}

void show(const transport::Failure& failure) {
  FUZZ_HOLDS(!transport::to_status(failure).ok());
  FUZZ_HOLDS(chat::is_valid_utf8(failure.message) && chat::is_valid_utf8(failure.field));
  pb::ErrorDetail detail;
  transport::fill_detail(failure, detail);
  FUZZ_HOLDS(detail.ParseFromString(detail.SerializeAsString()));
}

// A message that is shown has to be one that a client can parse.
void show(const google::protobuf::Message& response) {
  const std::unique_ptr<google::protobuf::Message> back(response.New());
  FUZZ_HOLDS(back->ParseFromString(response.SerializeAsString()));
}

class Server {
 public:
  explicit Server(chat::Actor actor) : store_(People::get().store()), actor_(actor) {
    FUZZ_HOLDS(chat::Reader::open_on(*store_, reader_).ok());
  }

  void check() {
    std::uint64_t hash = 0;
    FUZZ_HOLDS(store_->recompute_hash(hash).ok());
    FUZZ_HOLDS(hash == store_->state_hash());
  }

  void run(const pb::CreateAccountRequest& r) {
    write(chat::CreateAccount{key(r.write()), r.name(), r.display_name(), "hash"});
  }
  void run(const pb::LogInRequest& r) {
    bool found = false;
    chat::Credentials known;
    FUZZ_HOLDS(reader_->credentials(r.name(), found, known).ok());
    if (!found) return;
    chat::TokenHash token{};
    token[31] = static_cast<std::uint8_t>(++tokens_);
    write(chat::LogIn{known.account, known.version, token, r.device()});
  }
  void run(const pb::LogOutRequest&) { write(chat::LogOut{actor_}); }
  void run(const pb::ListAccountsRequest& r) {
    std::vector<chat::Account> out;
    bool more = false;
    const std::string pattern = r.pattern().empty() ? "*" : r.pattern();
    const int limit = transport::page_limit(r.limit());
    FUZZ_HOLDS(reader_->list_accounts(pattern, r.after_name(), limit, out, more).ok());
    pb::ListAccountsResponse response;
    for (const chat::Account& one : out) transport::to_wire(one, *response.add_accounts());
    show(response);
    FUZZ_HOLDS(out.size() <= static_cast<std::size_t>(limit));
  }
  void run(const pb::DeleteAccountRequest& r) {
    write(chat::DeleteAccount{key(r.write()), actor_, 1});
  }
  void run(const pb::OpenDirectRequest& r) {
    bool found = false;
    chat::Account peer;
    FUZZ_HOLDS(reader_->account_by_name(r.name(), found, peer).ok());
    if (found && peer.id != actor_.account) {
      write(chat::OpenDirect{key(r.write()), actor_, peer.id});
    }
  }
  void run(const pb::ListConversationsRequest& r) {
    std::vector<chat::Conversation> out;
    bool more = false;
    const int limit = transport::page_limit(r.limit());
    FUZZ_HOLDS(reader_->list_conversations(actor_.account, r.after_id(), limit, out, more).ok());
    pb::ListConversationsResponse response;
    for (const chat::Conversation& one : out)
      transport::to_wire(one, *response.add_conversations());
    show(response);
  }
  void run(const pb::SendRequest& r) {
    chat::Send send{key(r.write()), actor_,       r.conversation_id(),
                    r.body(),       std::nullopt, r.reply_to()};
    chat::RequestId after;
    if (transport::from_wire(r.after_request_id(), after)) send.after = after;
    write(send, r.reply_to() != 0);
  }
  void run(const pb::ListMessagesRequest& r) {
    using From = chat::HistoryPage::From;
    chat::HistoryPage page{From::kBefore, r.before_seq(), transport::page_limit(r.limit())};
    if (r.forward()) page = {From::kAfter, r.after_seq(), page.limit};
    if (r.around_seq() != 0) page = {From::kAround, r.around_seq(), page.limit};
    bool member = false;
    chat::History out;
    FUZZ_HOLDS(reader_->history(r.conversation_id(), actor_.account, page, member, out).ok());
    FUZZ_HOLDS(out.messages.size() <= static_cast<std::size_t>(page.limit));
    shown(out.messages);
  }
  void run(const pb::ReadUnreadRequest& r) {
    std::vector<chat::Message> out;
    std::int64_t left = 0;
    FUZZ_HOLDS(reader_
                   ->unread(r.conversation_id(), actor_.account, transport::page_limit(r.limit()),
                            out, left)
                   .ok());
    FUZZ_HOLDS(left >= 0);
    shown(out);
  }
  void run(const pb::MarkReadRequest& r) {
    if (r.seq() > 0) write(chat::MarkRead{actor_, r.conversation_id(), r.seq()});
  }
  void run(const pb::DeleteMessagesRequest& r) {
    write(chat::DeleteMessages{
        key(r.write()), actor_, r.conversation_id(), {r.seqs().begin(), r.seqs().end()}});
  }
  void run(const pb::SubscribeRequest& r) {
    const transport::History history{7, 1};
    if (!history.has(r.after()) || (r.has_seen() && !history.has(r.seen()))) return;
    std::vector<chat::Event> out;
    chat::Position reached;
    const chat::Position after{r.after().index(), r.after().ordinal()};
    FUZZ_HOLDS(reader_->events_after(actor_.account, after, 100, out, reached).ok());
    FUZZ_HOLDS(reached >= after);
    pb::SubscribeResponse response;
    chat::Position last = after;
    for (const chat::Event& event : out) {
      FUZZ_HOLDS(event.position > last);
      last = event.position;
      transport::to_wire(event, history, actor_.account, *response.add_events());
    }
    show(response);
  }
  void run(const pb::PresenceRequest& r) {
    std::vector<chat::AccountId> out;
    const std::vector<chat::AccountId> watched(r.watch().account_ids().begin(),
                                               r.watch().account_ids().end());
    FUZZ_HOLDS(watched.size() <= 500);
    FUZZ_HOLDS(reader_->visible_to(actor_.account, watched, out).ok());
    FUZZ_HOLDS(out.size() <= watched.size());
    FUZZ_HOLDS(reader_->typing_audience(r.typing(), actor_.account, out).ok());
    for (const chat::AccountId account : out) FUZZ_HOLDS(account != actor_.account);
  }
  void run(const pb::GetAccountRequest& r) { id_of(r.name()); }
  void run(const pb::SetProfileRequest& r) {
    write(chat::SetProfile{key(r.write()), actor_, r.display_name(), r.about()});
  }
  void run(const pb::ChangePasswordRequest& r) {
    write(chat::ChangePassword{key(r.write()), actor_, 1, "another hash"});
  }
  void run(const pb::ListSessionsRequest&) {
    std::vector<chat::SessionInfo> out;
    FUZZ_HOLDS(reader_->sessions_of(actor_.account, out).ok());
  }
  void run(const pb::EndSessionRequest& r) { write(chat::EndSession{actor_, r.session_id()}); }
  void run(const pb::SetBlockRequest& r) {
    write(chat::SetBlock{key(r.write()), actor_, id_of(r.name()), r.blocked()}, true);
  }
  void run(const pb::ListBlocksRequest& r) {
    std::vector<chat::Account> out;
    bool more = false;
    const int limit = transport::page_limit(r.limit());
    FUZZ_HOLDS(reader_->blocks_of(actor_.account, r.after_id(), limit, out, more).ok());
  }
  void run(const pb::GetConversationRequest& r) {
    bool found = false;
    chat::Conversation out;
    FUZZ_HOLDS(reader_->conversation(r.conversation_id(), actor_.account, found, out).ok());
    pb::GetConversationResponse response;
    transport::to_wire(out, *response.mutable_conversation());
    show(response);
  }
  void run(const pb::CreateGroupRequest& r) {
    write(chat::CreateGroup{key(r.write()), actor_, r.title(), ids_of(r.names())});
  }
  void run(const pb::AddMembersRequest& r) {
    const chat::ConversationId id = r.conversation_id();
    write(chat::AddMembers{key(r.write()), actor_, id, ids_of(r.names())}, true);
  }
  void run(const pb::RemoveMemberRequest& r) {
    const chat::ConversationId id = r.conversation_id();
    write(chat::RemoveMember{key(r.write()), actor_, id, r.account_id()}, true);
  }
  void run(const pb::SetRoleRequest& r) {
    const auto role = static_cast<chat::MemberRole>(r.role());
    const chat::ConversationId id = r.conversation_id();
    write(chat::SetRole{key(r.write()), actor_, id, r.account_id(), role}, true);
  }
  void run(const pb::RenameGroupRequest& r) {
    write(chat::RenameGroup{key(r.write()), actor_, r.conversation_id(), r.title()}, true);
  }
  void run(const pb::DissolveGroupRequest& r) {
    write(chat::DissolveGroup{key(r.write()), actor_, r.conversation_id()}, true);
  }
  void run(const pb::ListMembersRequest& r) {
    std::vector<chat::Member> out;
    bool more = false;
    const int limit = transport::page_limit(r.limit());
    FUZZ_HOLDS(reader_->members(r.conversation_id(), r.after_id(), limit, out, more).ok());
    pb::ListMembersResponse response;
    for (const chat::Member& one : out) transport::to_wire(one, *response.add_members());
    show(response);
  }
  void run(const pb::HideMessagesRequest& r) {
    write(chat::HideMessages{actor_, r.conversation_id(), {r.seqs().begin(), r.seqs().end()}});
  }
  void run(const pb::EditMessageRequest& r) {
    write(chat::EditMessage{key(r.write()), actor_, r.conversation_id(), r.seq(), r.body()});
  }
  void run(const pb::ListEditsRequest& r) {
    bool found = false;
    std::vector<chat::Edit> out;
    FUZZ_HOLDS(reader_->edits(r.conversation_id(), actor_.account, r.seq(), found, out).ok());
  }
  void run(const pb::ReactRequest& r) {
    write(
        chat::React{key(r.write()), actor_, r.conversation_id(), r.seq(), r.emoji(), !r.remove()});
  }
  void run(const pb::MarkDeliveredRequest& r) {
    chat::MarkDelivered command{actor_, {}, {}};
    for (const pb::DeliveredMark& mark : r.marks()) {
      command.conversations.push_back(mark.conversation_id());
      command.seqs.push_back(mark.seq());
    }
    write(command);
  }
  void run(const pb::SetDraftRequest& r) {
    write(chat::SetDraft{key(r.write()), actor_, r.conversation_id(), r.body(), r.reply_to()});
  }
  void run(const pb::VoidRequest& r) {
    chat::Void command{actor_, {}};
    FUZZ_HOLDS(transport::from_wire(r.request_id(), command.target));
    write(command);
  }
  void run(const pb::HealthCheckRequest&) {}
  void run(const pb::WatchServersRequest& r) { FUZZ_HOLDS(r.client().size() <= 128); }
  // Its address goes into a configuration, and that into the log: it has to come back from there.
  void run(const pb::JoinNetworkRequest& r) {
    core::Configuration members{{{r.server_id(), r.address(), false}}};
    FUZZ_HOLDS(core::decode_configuration(core::encode(members)) == members);
  }
  void run(const pb::LeaveNetworkRequest& r) { FUZZ_HOLDS(r.server_id() != core::kNoNode); }
  void run(const pb::TransferPrimaryRequest&) {}

 private:
  static chat::RequestKey key(const pb::WriteHeader& header) {
    chat::RequestKey key;
    FUZZ_HOLDS(transport::from_wire(header.request_id(), key.id));
    // A client names a time that it was told.
    key.as_of_ms = std::min(header.as_of_ms(), kStartMs);
    return key;
  }
  // `sense`: it may be well formed and yet make no sense here, such as a role for oneself.
  void write(const chat::Command& command, bool sense = false) {
    const std::string data = chat::encode(command);
    FUZZ_HOLDS(chat::decode_command(data).has_value());
    const chat::Committed entry{store_->applied_index() + 1, kStartMs + 1, true, data};
    chat::ApplyResult result;
    FUZZ_HOLDS(store_->apply({&entry, 1}, result).ok());
    FUZZ_HOLDS(result.outcomes.size() == 1);
    const chat::Outcome& outcome = result.outcomes[0].outcome;
    // What is malformed was to be refused before it got into the log.
    FUZZ_HOLDS(outcome.code != chat::Code::kInvalid || sense);
    transport::ProposeResult proposed;
    proposed.outcome = outcome;
    transport::Failure failure;
    if (transport::failure_of(proposed, {}, failure)) show(failure);
  }
  chat::AccountId id_of(const std::string& name) {
    bool found = false;
    chat::Account account;
    FUZZ_HOLDS(reader_->account_by_name(name, found, account).ok());
    return found ? account.id : 0;
  }
  template <typename Names>
  std::vector<chat::AccountId> ids_of(const Names& names) {
    std::vector<chat::AccountId> ids;
    for (const std::string& name : names) ids.push_back(id_of(name));
    return ids;
  }
  void shown(const std::vector<chat::Message>& messages) {
    pb::ListMessagesResponse response;
    for (const chat::Message& one : messages) {
      transport::to_wire(one, actor_.account, *response.add_messages());
    }
    show(response);
  }

  std::unique_ptr<chat::Store> store_;
  std::unique_ptr<chat::Reader> reader_;
  const chat::Actor actor_;
  int tokens_ = 0;
};

template <typename Request>
void call(const grpc::ByteBuffer& bytes, Server& server) {
  Request request;
  std::string field;
  if (!transport::parse(bytes, request, field)) {
    show(transport::malformed(field));
  } else if (const transport::Invalid invalid = transport::validate(request)) {
    show(*invalid);
  } else {
    server.run(request);
  }
}

// Of servers: no validation but whether it is meant for this one.
template <typename Request>
void peer_call(const grpc::ByteBuffer& bytes) {
  Request request;
  std::string field;
  if (!transport::parse(bytes, request, field)) show(transport::malformed(field));
  if constexpr (std::is_same_v<Request, pb::UpdateServerListRequest>) {
    pb::ServerList out;
    transport::to_wire(transport::from_wire(request.servers()), out);
  }
}

template <typename... Requests>
void dispatch(std::size_t which, const grpc::ByteBuffer& bytes, Server& server) {
  std::size_t at = 0;
  ((at++ == which ? call<Requests>(bytes, server) : void()), ...);
}

}  // namespace
}  // namespace starling::fuzz

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  using namespace starling::fuzz;
  Bytes in(data, size);
  const People& people = People::get();
  Server server(people.actors[in.upto(people.actors.size() - 1)]);
  for (int i = 0; i < 24 && !in.empty(); ++i) {
    const std::uint64_t which = in.upto(42);
    const std::size_t cut = in.u8();
    const grpc::ByteBuffer bytes = buffer_of(in.text(), cut);
    if (which == 19) {
      peer_call<pb::UpdateServerListRequest>(bytes);
    } else if (which == 20) {
      peer_call<pb::FetchSnapshotRequest>(bytes);
    } else if (which > 20) {
      dispatch<pb::GetAccountRequest, pb::SetProfileRequest, pb::ChangePasswordRequest,
               pb::ListSessionsRequest, pb::EndSessionRequest, pb::SetBlockRequest,
               pb::ListBlocksRequest, pb::GetConversationRequest, pb::CreateGroupRequest,
               pb::AddMembersRequest, pb::RemoveMemberRequest, pb::SetRoleRequest,
               pb::RenameGroupRequest, pb::DissolveGroupRequest, pb::ListMembersRequest,
               pb::HideMessagesRequest, pb::EditMessageRequest, pb::ListEditsRequest,
               pb::ReactRequest, pb::MarkDeliveredRequest, pb::SetDraftRequest,
               pb::PresenceRequest>(which - 21, bytes, server);
    } else {
      dispatch<pb::CreateAccountRequest, pb::LogInRequest, pb::LogOutRequest,
               pb::ListAccountsRequest, pb::DeleteAccountRequest, pb::OpenDirectRequest,
               pb::ListConversationsRequest, pb::SendRequest, pb::ListMessagesRequest,
               pb::ReadUnreadRequest, pb::MarkReadRequest, pb::DeleteMessagesRequest,
               pb::SubscribeRequest, pb::VoidRequest, pb::HealthCheckRequest,
               pb::WatchServersRequest, pb::JoinNetworkRequest, pb::LeaveNetworkRequest,
               pb::TransferPrimaryRequest>(which, bytes, server);
    }
  }
  server.check();
  return 0;
}
