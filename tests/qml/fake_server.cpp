// See fake_server.h.
#include "tests/qml/fake_server.h"

#include <algorithm>
#include <chrono>

namespace starling_app {

namespace v1 = starling::v1;

namespace {

constexpr std::uint64_t kServer = 1;
constexpr std::int64_t kStartMs = 1'700'000'000'000;
constexpr int kBeatMs = 40;
constexpr int kStepMs = 5;  // How soon a call notices that it was cancelled.

}  // namespace

grpc::Status FakeServer::refused(grpc::StatusCode code, v1::Reason reason,
                                 const std::string& words) {
  v1::ErrorDetail detail;
  detail.set_reason(reason);
  return grpc::Status(code, words, detail.SerializeAsString());
}

FakeServer::FakeServer() {
  grpc::ServerBuilder builder;
  builder.AddListeningPort("127.0.0.1:0", grpc::InsecureServerCredentials(), &port_);
  builder.AddChannelArgument(GRPC_ARG_HTTP2_MIN_RECV_PING_INTERVAL_WITHOUT_DATA_MS, 500);
  builder.AddChannelArgument(GRPC_ARG_KEEPALIVE_PERMIT_WITHOUT_CALLS, 1);
  builder.RegisterService(static_cast<v1::Chat::Service*>(this));
  builder.RegisterService(static_cast<v1::Cluster::Service*>(this));
  server_ = builder.BuildAndStart();
}

FakeServer::~FakeServer() { kill(); }

void FakeServer::kill() {
  if (server_ == nullptr) return;
  {
    const std::lock_guard lock(mutex_);
    stopping_ = true;
  }
  changed_.notify_all();
  server_->Shutdown(std::chrono::system_clock::now());
  server_->Wait();
  server_.reset();
}

void FakeServer::store(std::int64_t conversation, std::int64_t seq, const std::string& body,
                       bool deleted) {
  const std::lock_guard lock(mutex_);
  v1::Message& message = messages_[conversation][seq];
  message.set_id(conversation * 1'000 + seq);
  message.set_conversation_id(conversation);
  message.set_seq(seq);
  message.set_sender_id(kFakeAccount + conversation);
  message.set_sender("peer" + std::to_string(conversation));
  message.set_body(body);
  message.set_sent_at_ms(kStartMs + seq);
  message.set_deleted(deleted);
}

void FakeServer::forget_messages(std::int64_t conversation) {
  const std::lock_guard lock(mutex_);
  messages_.erase(conversation);
}

void FakeServer::tell(std::vector<v1::Event> events) {
  {
    const std::lock_guard lock(mutex_);
    for (v1::Event& event : events) {
      event.mutable_cursor()->set_epoch(1);
      event.mutable_cursor()->set_index(events_.size() + 1);
      events_.push_back(std::move(event));
    }
  }
  changed_.notify_all();
}

void FakeServer::forget_events() {
  {
    const std::lock_guard lock(mutex_);
    ++history_;
  }
  changed_.notify_all();
}

void FakeServer::hold_lists(bool held) {
  {
    const std::lock_guard lock(mutex_);
    held_ = held;
  }
  changed_.notify_all();
}

bool FakeServer::wait(Context* context, std::unique_lock<std::mutex>& lock, int ms,
                      const std::function<bool()>& there) {
  const auto until = std::chrono::steady_clock::now() + std::chrono::milliseconds(ms);
  while (!there() && std::chrono::steady_clock::now() < until) {
    if (stopping_ || context->IsCancelled()) return false;
    changed_.wait_for(lock, std::chrono::milliseconds(kStepMs));
  }
  return !stopping_ && !context->IsCancelled();
}

v1::ServerList FakeServer::list() const {
  v1::ServerList list;
  list.set_cluster_id(7);
  list.set_epoch(1);
  list.set_term(1);
  list.set_version(quorum ? 1 : 2);
  if (quorum) list.set_primary_id(kServer);
  v1::Server* one = list.add_servers();
  one->set_id(kServer);
  one->set_address(address());
  one->set_voter(true);
  one->set_role(quorum ? v1::ROLE_PRIMARY : v1::ROLE_BACKUP);
  one->set_state(v1::SERVER_STATE_UP);
  return list;
}

void FakeServer::header(v1::ResponseHeader* header) const {
  header->mutable_token()->set_epoch(1);
  header->mutable_token()->set_index(1);
  header->set_time_ms(kStartMs);
  header->set_server_id(kServer);
}

grpc::Status FakeServer::LogIn(Context*, const v1::LogInRequest* request,
                               v1::LogInResponse* response) {
  if (request->password() != kFakePassword) {
    return refused(grpc::StatusCode::UNAUTHENTICATED, v1::REASON_BAD_CREDENTIALS, "wrong password");
  }
  header(response->mutable_header());
  response->set_token("token");
  response->mutable_account()->set_id(kFakeAccount);
  response->mutable_account()->set_name(request->name());
  return grpc::Status::OK;
}

grpc::Status FakeServer::ListConversations(Context* context, const v1::ListConversationsRequest*,
                                           v1::ListConversationsResponse* response) {
  // A probe of who has not logged in.
  const auto metadata = context->client_metadata();
  const bool known = std::any_of(metadata.begin(), metadata.end(), [](const auto& one) {
    return std::string(one.second.data(), one.second.size()).find("token") != std::string::npos;
  });
  if (!known) {
    ++probes_;
    return refused(grpc::StatusCode::UNAUTHENTICATED, v1::REASON_UNAUTHENTICATED, "no session");
  }
  ++lists_;
  std::unique_lock lock(mutex_);
  if (!wait(context, lock, 20'000, [this] { return !held_; })) return grpc::Status::CANCELLED;
  header(response->mutable_header());
  for (const auto& [id, conversation] : conversations_) {
    *response->add_conversations() = conversation;
  }
  for (const auto& [id, messages] : messages_) {
    if (messages.empty() || conversations_.contains(id)) continue;
    v1::Conversation* one = response->add_conversations();
    one->set_id(id);
    one->set_title("peer" + std::to_string(id));
    one->set_last_seq(messages.rbegin()->first);
    one->set_peer_id(kFakeAccount + id);
  }
  return grpc::Status::OK;
}

grpc::Status FakeServer::ListMessages(Context*, const v1::ListMessagesRequest* request,
                                      v1::ListMessagesResponse* response) {
  const std::lock_guard lock(mutex_);
  if (removed_.contains(request->conversation_id())) {
    return refused(grpc::StatusCode::NOT_FOUND, v1::REASON_NOT_FOUND, "no such conversation");
  }
  if (refusals_.contains("messages")) {
    return refused(grpc::StatusCode::UNAUTHENTICATED, v1::REASON_UNAUTHENTICATED, "no session");
  }
  header(response->mutable_header());
  std::vector<v1::Message> all;
  if (request->around_seq() > 0) {  // Just that one: nobody asks for more here.
    const auto& known = messages_[request->conversation_id()];
    const auto at = known.find(request->around_seq());
    if (at != known.end()) *response->add_messages() = at->second;
    return grpc::Status::OK;
  }
  for (const auto& [seq, message] : messages_[request->conversation_id()]) {
    if (request->forward() ? seq > request->after_seq()
                           : request->before_seq() == 0 || seq < request->before_seq()) {
      all.push_back(message);
    }
  }
  const auto limit = static_cast<std::size_t>(request->limit());
  response->set_more(all.size() > limit);
  const std::size_t skip = request->forward() || all.size() <= limit ? 0 : all.size() - limit;
  for (std::size_t at = skip; at < std::min(all.size(), skip + limit); ++at) {
    *response->add_messages() = all[at];
  }
  return grpc::Status::OK;
}

v1::SendStreamResponse FakeServer::send(const v1::SendRequest& request) {
  const std::int64_t conversation = request.conversation_id();
  const std::lock_guard lock(mutex_);
  writes_.push_back("send " + std::to_string(conversation) + " " + request.body());
  v1::SendStreamResponse response;
  response.set_request_id(request.write().request_id());
  if (const auto told = refusals_.find("send"); told != refusals_.end()) {
    response.set_code(grpc::StatusCode::PERMISSION_DENIED);
    response.set_error(told->second);
    response.mutable_detail()->set_reason(v1::REASON_PERMISSION_DENIED);
    return response;
  }
  auto& known = messages_[conversation];
  v1::Message message;
  message.set_conversation_id(conversation);
  message.set_seq(known.empty() ? 1 : known.rbegin()->first + 1);
  message.set_sender_id(kFakeAccount);
  message.set_request_id(request.write().request_id());
  message.set_sent_at_ms(kStartMs);
  header(response.mutable_sent()->mutable_header());
  *response.mutable_sent()->mutable_message() = message;
  message.set_body(request.body());
  known[message.seq()] = message;
  return response;
}

grpc::Status FakeServer::SendStream(
    Context*, grpc::ServerReaderWriter<v1::SendStreamResponse, v1::SendRequest>* stream) {
  v1::SendRequest request;
  while (sends && stream->Read(&request)) {
    if (!stream->Write(send(request))) break;
  }
  return grpc::Status(grpc::StatusCode::UNAVAILABLE, "not now");
}

grpc::Status FakeServer::Subscribe(Context* context, const v1::SubscribeRequest* request,
                                   grpc::ServerWriter<v1::SubscribeResponse>* writer) {
  std::unique_lock lock(mutex_);
  if (request->has_after() && history_ > 0) {
    return refused(grpc::StatusCode::FAILED_PRECONDITION, v1::REASON_RESYNC, "begin anew");
  }
  const std::uint64_t history = history_;
  std::size_t at = request->has_after() ? request->after().index() : events_.size();
  v1::SubscribeResponse response;
  do {
    response.Clear();
    for (; at < events_.size(); ++at) *response.add_events() = events_[at];
    response.mutable_position()->set_epoch(1);
    response.mutable_position()->set_index(at);
    if (!writer->Write(response)) break;
    const auto news = [&] { return at < events_.size() || history != history_; };
    if (!wait(context, lock, 3'600'000, news)) break;
  } while (history == history_);
  return grpc::Status(grpc::StatusCode::UNAVAILABLE, "cut");
}

grpc::Status FakeServer::HealthCheck(Context*, const v1::HealthCheckRequest*,
                                     v1::HealthCheckResponse* response) {
  response->set_server_id(kServer);
  response->set_address(address());
  *response->mutable_servers() = list();
  return grpc::Status::OK;
}

grpc::Status FakeServer::WatchServers(Context* context, const v1::WatchServersRequest*,
                                      grpc::ServerWriter<v1::WatchServersResponse>* writer) {
  std::unique_lock lock(mutex_);
  v1::WatchServersResponse response;
  do {
    response.Clear();
    *response.mutable_servers() = list();
    response.set_server_id(kServer);
    response.set_term(1);
    response.set_role(quorum ? v1::ROLE_PRIMARY : v1::ROLE_BACKUP);
    response.set_has_quorum(quorum);
    response.set_beat_interval_ms(kBeatMs);
    response.set_time_ms(kStartMs);
    if (!writer->Write(response)) break;
  } while (wait(context, lock, kBeatMs, [] { return false; }));
  return grpc::Status::OK;
}

}  // namespace starling_app
