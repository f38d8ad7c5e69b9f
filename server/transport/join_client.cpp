// Implements server/transport/join_client.h.
#include "server/transport/join_client.h"

#include <grpcpp/client_context.h>

#include <condition_variable>
#include <deque>
#include <mutex>

#include "server/transport/convert.h"
#include "server/transport/forwarder.h"
#include "server/transport/link_faults.h"
#include "server/transport/server.h"
#include "starling/v1/cluster.grpc.pb.h"

namespace starling::transport {

namespace {

using Clock = std::chrono::steady_clock;

constexpr std::size_t kMaxChunkBytes = 32u << 20;
constexpr std::chrono::milliseconds kPause{100};
constexpr std::chrono::milliseconds kLook{50};
constexpr std::chrono::seconds kOneAnswer{5};  // For a target to say anything at all.

// One attempt at one target.
class Attempt {
 public:
  Attempt(const JoinRequest& request, const JoinCallbacks& callbacks, std::string target)
      : request_(request), callbacks_(callbacks), target_(std::move(target)) {}

  JoinError run(std::string& error) {
    const auto channel = make_server_channel(target_, kMaxChunkBytes, ChannelUse::kBulk);
    const Deadline first = std::min(request_.deadline, Clock::now() + kOneAnswer);
    const bool connected = channel->WaitForConnected(
        std::chrono::system_clock::now() +
        std::chrono::duration_cast<std::chrono::microseconds>(first - Clock::now()));
    if (!connected) {
      error = "nothing that speaks gRPC answers at " + target_;
      return JoinError::kUnreachable;
    }
    grpc::ClientContext context;
    const RenewHook renew([&context] { context.TryCancel(); });
    context.set_deadline(
        std::chrono::system_clock::now() +
        std::chrono::duration_cast<std::chrono::microseconds>(request_.deadline - Clock::now()));
    pb::JoinNetworkRequest ask;
    ask.set_server_id(request_.id);
    ask.set_address(request_.address);
    ask.set_returning(request_.returning);
    ask.set_cluster_id(request_.cluster);
    ask.set_epoch(request_.epoch);
    ask.set_protocol_version(kProtocolVersion);
    ask.set_from_index(request_.from);
    const auto stub = pb::Cluster::NewStub(channel);
    const auto reader = stub->JoinNetwork(&context, ask);
    pb::JoinNetworkResponse response;
    bool stopped = false;
    bool wrong = false;
    while (!stopped && !wrong && !done_ && reader->Read(&response)) {
      stopped = (request_.stop != nullptr && request_.stop->load()) || !take(response, wrong);
      response.Clear();
    }
    if (stopped || wrong) context.TryCancel();
    const grpc::Status status = reader->Finish();
    if (wrong) {
      error = target_ + " gave an answer that no Starling server gives";
      return JoinError::kNotStarling;
    }
    if (snapshot_first_) return JoinError::kSnapshot;
    if (stopped) {
      error = "the joining was stopped";
      return JoinError::kStopped;
    }
    return judge(status, error);
  }

  const std::string& hint() const { return hint_; }

 private:
  bool take(const pb::JoinNetworkResponse& response, bool& wrong) {
    if (!started_) {
      if (!response.has_servers() || response.servers().cluster_id() == 0) {
        wrong = true;
        return true;
      }
      started_ = true;
      through_ = response.through_index();
      snapshot_first_ = done_ = response.snapshot_first();
      return callbacks_.on_header(from_wire(response.servers()), through_);
    }
    std::vector<core::EntryPtr> entries;
    entries.reserve(static_cast<std::size_t>(response.entries_size()));
    for (const pb::LogEntry& wire : response.entries()) {
      auto entry = std::make_shared<core::Entry>();
      if (!from_wire(wire, *entry) || entry->index != next_) {
        wrong = true;
        return true;
      }
      ++next_;
      entries.push_back(std::move(entry));
    }
    done_ = response.done() || next_ > through_;
    return entries.empty() || callbacks_.on_entries(entries);
  }

  JoinError judge(const grpc::Status& status, std::string& error) {
    if (started_ && next_ > through_) return JoinError::kNone;
    pb::ErrorDetail detail;
    const bool told =
        !status.error_details().empty() && detail.ParseFromString(status.error_details());
    error = target_ + ": " + status.error_message();
    if (status.error_code() == grpc::StatusCode::UNIMPLEMENTED) {
      error = "the server at " + target_ + " is not a Starling server";
      return JoinError::kNotStarling;
    }
    if (told && detail.field() == "protocol_version") return JoinError::kWrongVersion;
    if (told && detail.retryable()) {
      hint_ = detail.primary_address();
      return JoinError::kNoPrimary;
    }
    if (told) return JoinError::kRefused;
    if (started_) return JoinError::kBroken;
    if (status.error_code() == grpc::StatusCode::UNAVAILABLE ||
        status.error_code() == grpc::StatusCode::DEADLINE_EXCEEDED) {
      return JoinError::kUnreachable;
    }
    error = "the server at " + target_ + " is not a Starling server: " + status.error_message();
    return JoinError::kNotStarling;
  }

  const JoinRequest& request_;
  const JoinCallbacks& callbacks_;
  const std::string target_;
  std::string hint_;
  bool started_ = false;
  bool done_ = false;
  bool snapshot_first_ = false;
  core::Index next_ = request_.from;
  core::Index through_ = 0;
};

// False when it was told to stop meanwhile, or the deadline came.
bool rest(const JoinRequest& request) {
  const auto until = std::min(request.deadline, Clock::now() + kPause);
  std::mutex mutex;
  std::condition_variable never;
  std::unique_lock lock(mutex);
  while (Clock::now() < until) {
    if (request.stop != nullptr && request.stop->load()) return false;
    never.wait_until(lock, std::min(until, Clock::now() + kLook));
  }
  return Clock::now() < request.deadline;
}

}  // namespace

JoinError join_network(const JoinRequest& request, const JoinCallbacks& callbacks,
                       std::string& error) {
  if (request.targets.empty()) {
    error = "there is no server to join";
    return JoinError::kUnreachable;
  }
  std::deque<std::string> hints;
  std::size_t next = 0;
  std::size_t unreachable = 0;  // In a row, of the listed targets.
  for (;;) {
    const bool hinted = !hints.empty();
    const std::string target = hinted ? hints.front() : request.targets[next];
    if (hinted) {
      hints.pop_front();
    } else {
      next = (next + 1) % request.targets.size();
    }
    Attempt attempt(request, callbacks, target);
    const JoinError result = attempt.run(error);
    switch (result) {
      case JoinError::kNone:
      case JoinError::kNotStarling:
      case JoinError::kWrongVersion:
      case JoinError::kRefused:
      case JoinError::kStopped:
      case JoinError::kSnapshot:
        return result;
      case JoinError::kUnreachable:
        // A hint may be stale; a listed target that does not answer ends it when none does.
        if (!hinted && ++unreachable >= request.targets.size()) return result;
        break;
      case JoinError::kNoPrimary:
      case JoinError::kBroken:
        unreachable = 0;
        if (!attempt.hint().empty() && !hinted) {
          hints.push_back(attempt.hint());
          continue;
        }
        break;
    }
    if (!rest(request)) {
      const bool stopped = request.stop != nullptr && request.stop->load();
      return stopped ? JoinError::kStopped : result;
    }
  }
}

}  // namespace starling::transport
