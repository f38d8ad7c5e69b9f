// One server of the pretended cluster. Named as a test so that the program of this folder links it.
#include <chrono>

#include "tests/unit/sdk/fake_cluster.h"

namespace starling::fake {
namespace {

constexpr int kStepMs = 2;

}  // namespace

Server::Server(Cluster& cluster, std::uint64_t id) : cluster_(cluster), id_(id) {}

Server::~Server() { kill(); }

void Server::start() {
  stopping_ = false;
  grpc::ServerBuilder builder;
  builder.AddListeningPort("127.0.0.1:" + std::to_string(port_), grpc::InsecureServerCredentials(),
                           &port_);
  builder.AddChannelArgument(GRPC_ARG_ALLOW_REUSEPORT, 0);
  builder.AddChannelArgument(GRPC_ARG_HTTP2_MIN_RECV_PING_INTERVAL_WITHOUT_DATA_MS, 500);
  builder.AddChannelArgument(GRPC_ARG_KEEPALIVE_PERMIT_WITHOUT_CALLS, 1);
  builder.RegisterService(static_cast<v1::Chat::Service*>(this));
  builder.RegisterService(static_cast<v1::Cluster::Service*>(this));
  server_ = builder.BuildAndStart();
}

void Server::kill() {
  if (server_ == nullptr) return;
  stopping_ = true;
  server_->Shutdown(std::chrono::system_clock::now());
  server_->Wait();
  server_.reset();
}

void Server::on_send(std::function<SendScript(const v1::SendRequest&)> script) {
  const std::lock_guard lock(mutex_);
  on_send_ = std::move(script);
}

void Server::on_unary(std::function<grpc::Status(const std::string&)> script) {
  const std::lock_guard lock(mutex_);
  on_unary_ = std::move(script);
}

void Server::on_effect(std::function<grpc::Status(const std::string&)> script) {
  const std::lock_guard lock(mutex_);
  on_effect_ = std::move(script);
}

void Server::header(v1::ResponseHeader* header) const {
  header->mutable_token()->set_epoch(kEpoch);
  header->mutable_token()->set_index(cluster_.last_index());
  header->set_time_ms(kStartMs + static_cast<std::int64_t>(cluster_.last_index()));
  header->set_server_id(id_);
}

bool Server::pause(grpc::ServerContext* context, int ms) const {
  const auto until = std::chrono::steady_clock::now() + std::chrono::milliseconds(ms);
  std::mutex mutex;
  std::condition_variable never;
  std::unique_lock lock(mutex);
  while (std::chrono::steady_clock::now() < until) {
    if (stopping_ || context->IsCancelled()) return false;
    never.wait_for(lock, std::chrono::milliseconds(kStepMs));
  }
  return !stopping_ && !context->IsCancelled();
}

grpc::Status Server::gate(grpc::ServerContext* context, const std::string& method, bool write) {
  while (hung && pause(context, kStepMs)) {
  }
  std::function<grpc::Status(const std::string&)> script;
  {
    const std::lock_guard lock(mutex_);
    script = on_unary_;
  }
  if (script) {
    const grpc::Status status = script(method);
    if (!status.ok()) return status;
  }
  if (write && (cut_off || !cluster_.has_primary())) {
    return refusal(grpc::StatusCode::UNAVAILABLE, v1::REASON_NO_PRIMARY, true);
  }
  return grpc::Status::OK;
}

grpc::Status Server::effect(const std::string& method) {
  std::function<grpc::Status(const std::string&)> script;
  {
    const std::lock_guard lock(mutex_);
    script = on_effect_;
  }
  return script ? script(method) : grpc::Status::OK;
}

grpc::Status Server::CreateAccount(grpc::ServerContext* context,
                                   const v1::CreateAccountRequest* request,
                                   v1::CreateAccountResponse* response) {
  cluster_.saw(
      {id_, "CreateAccount", request->write().request_id(), "", request->write().as_of_ms()});
  const grpc::Status status = gate(context, "CreateAccount", true);
  if (!status.ok()) return status;
  header(response->mutable_header());
  response->mutable_account()->set_id(1);
  response->mutable_account()->set_name(request->name());
  return grpc::Status::OK;
}

grpc::Status Server::LogIn(grpc::ServerContext* context, const v1::LogInRequest* request,
                           v1::LogInResponse* response) {
  const grpc::Status status = gate(context, "LogIn", true);
  if (!status.ok()) return status;
  header(response->mutable_header());
  response->set_token("token");
  response->mutable_account()->set_id(1);
  response->mutable_account()->set_name(request->name());
  return effect("LogIn");
}

grpc::Status Server::LogOut(grpc::ServerContext* context, const v1::LogOutRequest*,
                            v1::LogOutResponse* response) {
  const grpc::Status status = gate(context, "LogOut", true);
  if (!status.ok()) return status;
  if (cluster_.logged_out.exchange(true)) {
    return refusal(grpc::StatusCode::UNAUTHENTICATED, v1::REASON_UNAUTHENTICATED, false);
  }
  header(response->mutable_header());
  return effect("LogOut");
}

grpc::Status Server::DeleteAccount(grpc::ServerContext* context,
                                   const v1::DeleteAccountRequest* request,
                                   v1::DeleteAccountResponse* response) {
  cluster_.saw(
      {id_, "DeleteAccount", request->write().request_id(), "", request->write().as_of_ms()});
  const grpc::Status status = gate(context, "DeleteAccount", true);
  if (!status.ok()) return status;
  if (cluster_.logged_out.exchange(true)) {
    return refusal(grpc::StatusCode::UNAUTHENTICATED, v1::REASON_UNAUTHENTICATED, false);
  }
  header(response->mutable_header());
  return effect("DeleteAccount");
}

grpc::Status Server::ReadUnread(grpc::ServerContext* context, const v1::ReadUnreadRequest* request,
                                v1::ReadUnreadResponse* response) {
  cluster_.saw(
      {id_, "ReadUnread", "", "", static_cast<std::int64_t>(request->read().after().index())});
  const grpc::Status status = gate(context, "ReadUnread", request->mark_read());
  if (!status.ok()) return status;
  const std::vector<v1::Message> unread = cluster_.unread(request->conversation_id());
  for (const v1::Message& message : unread) {
    if (request->limit() != 0 && response->messages_size() == request->limit()) break;
    *response->add_messages() = message;
  }
  response->set_still_unread(static_cast<std::int64_t>(unread.size()) - response->messages_size());
  if (request->mark_read() && response->messages_size() > 0) {
    cluster_.mark_read(request->conversation_id(), response->messages().rbegin()->seq());
  }
  header(response->mutable_header());
  return request->mark_read() ? effect("ReadUnread") : grpc::Status::OK;
}

grpc::Status Server::MarkRead(grpc::ServerContext* context, const v1::MarkReadRequest* request,
                              v1::MarkReadResponse* response) {
  cluster_.saw({id_, "MarkRead", "", "", request->seq()});
  const grpc::Status status = gate(context, "MarkRead", true);
  if (!status.ok()) return status;
  cluster_.mark_read(request->conversation_id(), request->seq());
  header(response->mutable_header());
  return effect("MarkRead");
}

grpc::Status Server::Send(grpc::ServerContext* context, const v1::SendRequest* request,
                          v1::SendResponse* response) {
  cluster_.saw({id_, "Send", request->write().request_id(), "", 0});
  const grpc::Status status = gate(context, "Send", true);
  if (!status.ok()) return status;
  *response = cluster_.apply(*request).sent();
  return grpc::Status::OK;
}

grpc::Status Server::SendStream(
    grpc::ServerContext* context,
    grpc::ServerReaderWriter<v1::SendStreamResponse, v1::SendRequest>* stream) {
  ++send_streams_;
  v1::SendRequest request;
  while (stream->Read(&request)) {
    while (hung && pause(context, kStepMs)) {
    }
    cluster_.saw({id_, "SendStream", request.write().request_id(), request.after_request_id(),
                  request.write().as_of_ms()});
    std::function<SendScript(const v1::SendRequest&)> script;
    {
      const std::lock_guard lock(mutex_);
      script = on_send_;
    }
    SendScript what = script ? script(request) : SendScript::kApply;
    const bool lost = cut_off || !cluster_.has_primary();
    if (what == SendScript::kApply && lost) what = SendScript::kNoPrimary;
    v1::SendStreamResponse response;
    response.set_request_id(request.write().request_id());
    switch (what) {
      case SendScript::kApply:
        stream->Write(cluster_.apply(request));
        break;
      case SendScript::kApplySilently:
        cluster_.apply(request);
        break;
      case SendScript::kApplyAndBreak:
        cluster_.apply(request);
        return grpc::Status(grpc::StatusCode::UNAVAILABLE, "cut");
      case SendScript::kBreak:
        return grpc::Status(grpc::StatusCode::UNAVAILABLE, "cut");
      case SendScript::kSwallow:
        break;
      case SendScript::kNoPrimary:
        response.set_code(grpc::StatusCode::UNAVAILABLE);
        response.set_error("No primary.");
        response.mutable_detail()->set_reason(v1::REASON_NO_PRIMARY);
        response.mutable_detail()->set_retryable(true);
        stream->Write(response);
        break;
      case SendScript::kOverloaded:
        response.set_code(grpc::StatusCode::RESOURCE_EXHAUSTED);
        response.mutable_detail()->set_reason(v1::REASON_OVERLOADED);
        response.mutable_detail()->set_retryable(true);
        stream->Write(response);
        break;
      case SendScript::kLoggedOut:
        response.set_code(grpc::StatusCode::UNAUTHENTICATED);
        response.set_error("The session has ended.");
        response.mutable_detail()->set_reason(v1::REASON_UNAUTHENTICATED);
        stream->Write(response);
        break;
      case SendScript::kApplyAndStrange:
        cluster_.apply(request);
        return grpc::Status(static_cast<grpc::StatusCode>(strange.load()), "made on the way");
      case SendScript::kExpired:
        response.set_code(grpc::StatusCode::FAILED_PRECONDITION);
        response.set_error("The request is too old.");
        response.mutable_detail()->set_reason(v1::REASON_REQUEST_EXPIRED);
        stream->Write(response);
        break;
      case SendScript::kInvalid:
        response.set_code(grpc::StatusCode::INVALID_ARGUMENT);
        response.set_error("The body is bad.");
        response.mutable_detail()->set_reason(v1::REASON_INVALID_FIELD);
        response.mutable_detail()->set_field("body");
        stream->Write(response);
        break;
    }
  }
  return grpc::Status::OK;
}

grpc::Status Server::ListMessages(grpc::ServerContext* context,
                                  const v1::ListMessagesRequest* request,
                                  v1::ListMessagesResponse* response) {
  cluster_.saw(
      {id_, "ListMessages", "", "", static_cast<std::int64_t>(request->read().after().index())});
  const grpc::Status status = gate(context, "ListMessages", false);
  if (!status.ok()) return status;
  cluster_.answers.remember(*request);
  const bool laid_out = cluster_.answers.get(response);
  header(response->mutable_header());
  if (laid_out) return grpc::Status::OK;
  for (const std::string& body : cluster_.bodies(request->conversation_id())) {
    response->add_messages()->set_body(body);
  }
  return grpc::Status::OK;
}

grpc::Status Server::Void(grpc::ServerContext* context, const v1::VoidRequest* request,
                          v1::VoidResponse* response) {
  const grpc::Status status = gate(context, "Void", true);
  if (!status.ok()) return status;
  cluster_.saw({id_, "Void", request->request_id(), "", 0});
  header(response->mutable_header());
  response->set_happened(cluster_.void_request(request->request_id()));
  return grpc::Status::OK;
}

grpc::Status Server::Subscribe(grpc::ServerContext* context, const v1::SubscribeRequest* request,
                               grpc::ServerWriter<v1::SubscribeResponse>* writer) {
  ++subscriptions;
  seen_by_subscriber = request->seen().index();
  if (resync) return refusal(grpc::StatusCode::OUT_OF_RANGE, v1::REASON_RESYNC, false);
  std::uint64_t at = request->has_after() ? request->after().index() : cluster_.last_index();
  const auto early = static_cast<std::uint64_t>(repeat_events.load());
  at = at > early ? at - early : 0;
  v1::SubscribeResponse position;
  position.mutable_position()->set_epoch(kEpoch);
  position.mutable_position()->set_index(at);
  if (!request->has_after() && !writer->Write(position)) return grpc::Status::OK;
  int written = 0;
  while (pause(context, kStepMs)) {
    const std::vector<v1::Event> some = cluster_.events_after(at, 3);
    if (some.empty() || cut_off) continue;
    v1::SubscribeResponse response;
    for (const v1::Event& event : some) *response.add_events() = event;
    at += some.size();
    response.mutable_position()->set_epoch(kEpoch);
    response.mutable_position()->set_index(at);
    if (!writer->Write(response)) break;
    if (cut_events_after > 0 && ++written >= cut_events_after) {
      return grpc::Status(grpc::StatusCode::UNAVAILABLE, "cut");
    }
  }
  return grpc::Status::OK;
}

grpc::Status Server::HealthCheck(grpc::ServerContext* context, const v1::HealthCheckRequest*,
                                 v1::HealthCheckResponse* response) {
  const grpc::Status status = gate(context, "HealthCheck", false);
  if (!status.ok()) return status;
  response->set_server_id(id_);
  response->set_address(address());
  *response->mutable_servers() = cluster_.list();
  return grpc::Status::OK;
}

grpc::Status Server::LeaveNetwork(grpc::ServerContext* context,
                                  const v1::LeaveNetworkRequest* request,
                                  v1::LeaveNetworkResponse* response) {
  cluster_.saw({id_, "LeaveNetwork", "", "", 0});
  const grpc::Status status = gate(context, "LeaveNetwork", true);
  if (!status.ok()) return status;
  *response->mutable_servers() = cluster_.list();
  const std::uint64_t member = request->server_id();
  {
    const std::lock_guard lock(mutex_);
    const auto size = static_cast<std::uint64_t>(response->servers().servers_size());
    if (member == 0 || member > size || !left_.insert(member).second) {
      return refusal(grpc::StatusCode::NOT_FOUND, v1::REASON_NOT_FOUND, false);
    }
  }
  return effect("LeaveNetwork");
}

grpc::Status Server::TransferPrimary(grpc::ServerContext* context,
                                     const v1::TransferPrimaryRequest* request,
                                     v1::TransferPrimaryResponse* response) {
  cluster_.saw({id_, "TransferPrimary", "", "", 0});
  const grpc::Status status = gate(context, "TransferPrimary", true);
  if (!status.ok()) return status;
  response->set_primary_id(request->server_id());
  return effect("TransferPrimary");
}

v1::ServerList Server::known_list() {
  const std::lock_guard lock(mutex_);
  if (!cut_off || known_.servers().empty()) known_ = cluster_.list();
  return known_;
}

grpc::Status Server::WatchServers(grpc::ServerContext* context, const v1::WatchServersRequest*,
                                  grpc::ServerWriter<v1::WatchServersResponse>* writer) {
  std::uint64_t told = 0;
  int since_beat_ms = kBeatMs;
  ++watchers;
  do {
    if (hung) continue;
    v1::WatchServersResponse response;
    v1::ServerList list = known_list();
    if (other_cluster != 0) list.set_cluster_id(other_cluster);
    since_beat_ms += kStepMs;
    if (list.version() == told && since_beat_ms < kBeatMs) continue;
    if (list.version() != told) *response.mutable_servers() = list;
    told = list.version();
    since_beat_ms = 0;
    response.set_server_id(id_);
    response.set_term(list.term());
    const bool leads = cluster_.is_primary(id_) && !cut_off;
    response.set_role(leads ? v1::ROLE_PRIMARY : v1::ROLE_BACKUP);
    response.set_has_quorum(cluster_.has_primary() && !cut_off);
    response.set_beat_interval_ms(kBeatMs);
    // A cluster that has just begun knows no time before its first entry is applied.
    if (timeless_beats.fetch_sub(1) <= 0) response.set_time_ms(kStartMs);
    if (!writer->Write(response)) break;
  } while (pause(context, kStepMs));
  --watchers;
  return grpc::Status::OK;
}

}  // namespace starling::fake
