// Implements server/transport/convert.h: the messages of the consensus core.
#include <type_traits>
#include <utility>

#include "server/transport/convert.h"

namespace starling::transport {

void to_wire(const core::Entry& entry, pb::LogEntry& out) {
  out.set_term(entry.term);
  out.set_index(entry.index);
  out.set_kind(static_cast<std::uint32_t>(entry.kind));
  out.set_stamp_ms(entry.stamp_ms);
  out.set_data(entry.data);
}

bool from_wire(const pb::LogEntry& entry, core::Entry& out) {
  if (entry.kind() > static_cast<std::uint32_t>(core::EntryKind::kConfiguration)) return false;
  out.term = entry.term();
  out.index = entry.index();
  out.kind = static_cast<core::EntryKind>(entry.kind());
  out.stamp_ms = entry.stamp_ms();
  out.data = entry.data();
  return true;
}

namespace {

void fill(const core::VoteRequest& body, pb::PeerMessage& out) {
  pb::VoteRequest& to = *out.mutable_vote_request();
  to.set_pre_vote(body.pre_vote);
  to.set_transfer(body.transfer);
  to.set_last_index(body.last_index);
  to.set_last_term(body.last_term);
}
void fill(const core::VoteResponse& body, pb::PeerMessage& out) {
  pb::VoteResponse& to = *out.mutable_vote_response();
  to.set_pre_vote(body.pre_vote);
  to.set_granted(body.granted);
}
void fill(const core::AppendRequest& body, pb::PeerMessage& out) {
  pb::AppendRequest& to = *out.mutable_append_request();
  to.set_prev_index(body.prev_index);
  to.set_prev_term(body.prev_term);
  to.set_commit(body.commit);
  to.set_known_durable(body.known_durable);
  for (const core::EntryPtr& entry : body.entries) to_wire(*entry, *to.add_entries());
}
void fill(const core::AppendResponse& body, pb::PeerMessage& out) {
  pb::AppendResponse& to = *out.mutable_append_response();
  to.set_success(body.success);
  to.set_match(body.match);
  to.set_rejected_prev(body.rejected_prev);
  to.set_hint_index(body.hint_index);
  to.set_hint_term(body.hint_term);
}
void fill(const core::HeartbeatRequest& body, pb::PeerMessage& out) {
  pb::HeartbeatRequest& to = *out.mutable_heartbeat_request();
  to.set_round(body.round);
  to.set_commit(body.commit);
  to.set_fresh_round(body.fresh_round);
  to.set_fresh_index(body.fresh_index);
  to.set_fresh_boot(body.fresh_boot);
}
void fill(const core::HeartbeatResponse& body, pb::PeerMessage& out) {
  pb::HeartbeatResponse& to = *out.mutable_heartbeat_response();
  to.set_round(body.round);
  to.set_clock_ms(body.clock_ms);
  to.set_boot(body.boot);
  to.mutable_unreached()->Add(body.unreached.begin(), body.unreached.end());
}
void fill(const core::TimeoutNow&, pb::PeerMessage& out) { out.mutable_timeout_now(); }
void fill(const core::ReadIndexRequest& body, pb::PeerMessage& out) {
  out.mutable_read_index_request()->set_read_id(body.read_id);
}
void fill(const core::ReadIndexResponse& body, pb::PeerMessage& out) {
  pb::ReadIndexResponse& to = *out.mutable_read_index_response();
  to.set_read_id(body.read_id);
  to.set_ok(body.ok);
  to.set_index(body.index);
}
void fill(const core::InstallSnapshot& body, pb::PeerMessage& out) {
  pb::InstallSnapshot& to = *out.mutable_install_snapshot();
  to.set_index(body.index);
  to.set_term(body.term);
}

bool append_request(const pb::AppendRequest& from, core::AppendRequest& out) {
  out.prev_index = from.prev_index();
  out.prev_term = from.prev_term();
  out.commit = from.commit();
  out.known_durable = from.known_durable();
  out.entries.reserve(static_cast<std::size_t>(from.entries_size()));
  for (const pb::LogEntry& entry : from.entries()) {
    auto made = std::make_shared<core::Entry>();
    if (!from_wire(entry, *made)) return false;
    out.entries.push_back(std::move(made));
  }
  return true;
}

}  // namespace

void to_wire(const core::Message& message, pb::PeerMessage& out) {
  out.set_cluster_id(message.cluster);
  out.set_epoch(message.epoch);
  out.set_from_id(message.from);
  out.set_to_id(message.to);
  out.set_term(message.term);
  std::visit([&out](const auto& body) { fill(body, out); }, message.body);
}

bool from_wire(const pb::PeerMessage& message, core::Message& out) {
  out.cluster = message.cluster_id();
  out.epoch = message.epoch();
  out.from = message.from_id();
  out.to = message.to_id();
  out.term = message.term();
  switch (message.body_case()) {
    case pb::PeerMessage::kVoteRequest: {
      const pb::VoteRequest& from = message.vote_request();
      out.body =
          core::VoteRequest{from.pre_vote(), from.transfer(), from.last_index(), from.last_term()};
      return true;
    }
    case pb::PeerMessage::kVoteResponse:
      out.body =
          core::VoteResponse{message.vote_response().pre_vote(), message.vote_response().granted()};
      return true;
    case pb::PeerMessage::kAppendRequest: {
      core::AppendRequest body;
      if (!append_request(message.append_request(), body)) return false;
      out.body = std::move(body);
      return true;
    }
    case pb::PeerMessage::kAppendResponse: {
      const pb::AppendResponse& from = message.append_response();
      out.body = core::AppendResponse{from.success(), from.match(), from.rejected_prev(),
                                      from.hint_index(), from.hint_term()};
      return true;
    }
    case pb::PeerMessage::kHeartbeatRequest: {
      const pb::HeartbeatRequest& from = message.heartbeat_request();
      out.body = core::HeartbeatRequest{from.round(), from.commit(), from.fresh_round(),
                                        from.fresh_index(), from.fresh_boot()};
      return true;
    }
    case pb::PeerMessage::kHeartbeatResponse:
      out.body = core::HeartbeatResponse{message.heartbeat_response().round(),
                                         message.heartbeat_response().clock_ms(),
                                         message.heartbeat_response().boot(),
                                         {message.heartbeat_response().unreached().begin(),
                                          message.heartbeat_response().unreached().end()}};
      return true;
    case pb::PeerMessage::kTimeoutNow:
      out.body = core::TimeoutNow{};
      return true;
    case pb::PeerMessage::kReadIndexRequest:
      out.body = core::ReadIndexRequest{message.read_index_request().read_id()};
      return true;
    case pb::PeerMessage::kReadIndexResponse: {
      const pb::ReadIndexResponse& from = message.read_index_response();
      out.body = core::ReadIndexResponse{from.read_id(), from.ok(), from.index()};
      return true;
    }
    case pb::PeerMessage::kInstallSnapshot:
      out.body = core::InstallSnapshot{message.install_snapshot().index(),
                                       message.install_snapshot().term()};
      return true;
    case pb::PeerMessage::kPresence:  // None of the core's.
    case pb::PeerMessage::BODY_NOT_SET:
      break;
  }
  return false;
}

}  // namespace starling::transport
