// The pretended cluster's inside. Named as a test so that the program of this folder links it.
#include <algorithm>

#include "tests/unit/sdk/fake_cluster.h"

namespace starling::fake {
grpc::Status refusal(grpc::StatusCode code, v1::Reason reason, bool retryable,
                     const std::string& primary_address) {
  v1::ErrorDetail detail;
  detail.set_reason(reason);
  detail.set_retryable(retryable);
  detail.set_primary_address(primary_address);
  return grpc::Status(code, v1::Reason_Name(reason), detail.SerializeAsString());
}

Cluster::Cluster(int servers) {
  for (int i = 0; i < servers; ++i) {
    servers_.push_back(std::make_unique<Server>(*this, static_cast<std::uint64_t>(i + 1)));
  }
  for (const auto& server : servers_) server->start();
}

Cluster::~Cluster() {
  for (const auto& server : servers_) server->kill();
}

std::vector<std::string> Cluster::addresses() const {
  std::vector<std::string> all;
  for (const auto& server : servers_) all.push_back(server->address());
  return all;
}

v1::ServerList Cluster::list() const {
  const std::lock_guard lock(mutex_);
  v1::ServerList list;
  list.set_cluster_id(cluster_id);
  list.set_epoch(kEpoch);
  list.set_term(term_);
  list.set_version(version_);
  list.set_primary_id(primary_id_);
  for (const auto& server : servers_) {
    v1::Server* one = list.add_servers();
    one->set_id(server->id());
    one->set_address(server->address());
    one->set_voter(true);
    one->set_role(server->id() == primary_id_ ? v1::ROLE_PRIMARY : v1::ROLE_BACKUP);
    one->set_state(v1::SERVER_STATE_UP);
  }
  return list;
}

void Cluster::elect(std::size_t index) {
  const std::lock_guard lock(mutex_);
  ++term_;
  ++version_;
  primary_id_ = index < servers_.size() ? servers_[index]->id() : 0;
}

bool Cluster::is_primary(std::uint64_t id) const {
  const std::lock_guard lock(mutex_);
  return primary_id_ == id;
}

bool Cluster::has_primary() const {
  const std::lock_guard lock(mutex_);
  return primary_id_ != 0;
}

std::string Cluster::primary_address() const {
  const std::lock_guard lock(mutex_);
  return primary_id_ == 0 ? "" : servers_[primary_id_ - 1]->address();
}

v1::SendStreamResponse Cluster::apply(const v1::SendRequest& request) {
  const std::lock_guard lock(mutex_);
  const std::string& id = request.write().request_id();
  v1::SendStreamResponse response;
  response.set_request_id(id);
  const auto refuse = [&](grpc::StatusCode code, v1::Reason reason, bool retryable) {
    response.set_code(code);
    response.set_error(v1::Reason_Name(reason));
    response.mutable_detail()->set_reason(reason);
    response.mutable_detail()->set_retryable(retryable);
    return response;
  };
  if (voided_.contains(id)) {
    return refuse(grpc::StatusCode::FAILED_PRECONDITION, v1::REASON_VOIDED, false);
  }
  if (!outcomes_.contains(id)) {
    const std::string& after = request.after_request_id();
    if (!after.empty() && !outcomes_.contains(after) && !voided_.contains(after)) {
      return refuse(grpc::StatusCode::ABORTED, v1::REASON_OUT_OF_ORDER, true);
    }
    auto& conversation = conversations_[request.conversation_id()];
    v1::Message message;
    message.set_id(static_cast<std::int64_t>(events_.size()) + 1);
    message.set_conversation_id(request.conversation_id());
    message.set_seq(static_cast<std::int64_t>(conversation.size()) + 1);
    message.set_body(request.body());
    message.set_request_id(id);
    message.set_reply_to(request.reply_to());
    conversation.push_back(message);
    outcomes_[id] = message;
    append(message);
  }
  *response.mutable_sent()->mutable_message() = outcomes_[id];
  response.mutable_sent()->mutable_message()->clear_body();
  auto* header = response.mutable_sent()->mutable_header();
  header->mutable_token()->set_epoch(kEpoch);
  header->mutable_token()->set_index(events_.size());
  header->set_time_ms(kStartMs + static_cast<std::int64_t>(events_.size()));
  return response;
}

void Cluster::append(const v1::Message& message) {
  v1::Event event;
  event.set_kind(v1::EVENT_KIND_MESSAGE);
  event.set_conversation_id(message.conversation_id());
  *event.mutable_message() = message;
  append(std::move(event));
}

void Cluster::append(v1::Event event) {
  event.mutable_cursor()->set_epoch(kEpoch);
  event.mutable_cursor()->set_index(events_.size() + 1);
  events_.push_back(std::move(event));
}

void Cluster::add_event(v1::Event event) {
  const std::lock_guard lock(mutex_);
  append(std::move(event));
}

void Cluster::add_event(const std::string& body) {
  const std::lock_guard lock(mutex_);
  v1::Message message;
  message.set_body(body);
  append(message);
}

bool Cluster::void_request(const std::string& request_id) {
  const std::lock_guard lock(mutex_);
  if (outcomes_.contains(request_id)) return true;
  voided_.insert(request_id);
  return false;
}

void Cluster::saw(Seen seen) {
  const std::lock_guard lock(mutex_);
  seen_.push_back(std::move(seen));
}

std::vector<Seen> Cluster::seen(const std::string& method) const {
  const std::lock_guard lock(mutex_);
  std::vector<Seen> some;
  for (const Seen& one : seen_) {
    if (one.method == method) some.push_back(one);
  }
  return some;
}

std::vector<std::string> Cluster::bodies(std::int64_t conversation) const {
  const std::lock_guard lock(mutex_);
  std::vector<std::string> all;
  const auto found = conversations_.find(conversation);
  if (found == conversations_.end()) return all;
  for (const v1::Message& message : found->second) all.push_back(message.body());
  return all;
}

std::vector<v1::Message> Cluster::unread(std::int64_t conversation) const {
  const std::lock_guard lock(mutex_);
  const auto mark = read_marks_.find(conversation);
  const auto all = conversations_.find(conversation);
  std::vector<v1::Message> out;
  if (all == conversations_.end()) return out;
  for (const v1::Message& message : all->second) {
    if (mark == read_marks_.end() || message.seq() > mark->second) out.push_back(message);
  }
  return out;
}

void Cluster::mark_read(std::int64_t conversation, std::int64_t seq) {
  const std::lock_guard lock(mutex_);
  std::int64_t& mark = read_marks_[conversation];
  mark = std::max(mark, seq);
}

std::size_t Cluster::voided() const {
  const std::lock_guard lock(mutex_);
  return voided_.size();
}

std::vector<v1::Event> Cluster::events_after(std::uint64_t index, std::size_t most) const {
  const std::lock_guard lock(mutex_);
  std::vector<v1::Event> some;
  for (std::uint64_t i = index; i < events_.size() && some.size() < most; ++i) {
    some.push_back(events_[i]);
  }
  return some;
}

std::uint64_t Cluster::last_index() const {
  const std::lock_guard lock(mutex_);
  return events_.size();
}

}  // namespace starling::fake
