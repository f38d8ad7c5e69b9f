// The calls of the pretended servers that keep nothing of their own: what was asked is remembered,
// and the answer is what the test has laid out for it.
#pragma once

#include <grpcpp/grpcpp.h>

#include <map>
#include <mutex>
#include <set>
#include <string>
#include <vector>

#include "starling/v1/chat.grpc.pb.h"

namespace starling::fake {

// Shared by all servers of a cluster. Thread-safe.
class Answers {
 public:
  // The answer from now on to the call that answers so.
  template <typename Response>
  void set(const Response& response) {
    const std::lock_guard lock(mutex_);
    answers_[method<Response>("Response")] = response.SerializeAsString();
  }
  // False: none was laid out.
  template <typename Response>
  bool get(Response* response) const {
    const std::lock_guard lock(mutex_);
    const auto found = answers_.find(method<Response>("Response"));
    return found != answers_.end() && response->ParseFromString(found->second);
  }
  template <typename Request>
  void remember(const Request& request) {
    const std::lock_guard lock(mutex_);
    asked_[method<Request>("Request")].push_back(request.SerializeAsString());
  }
  // Every attempt, in order.
  template <typename Request>
  std::vector<Request> asked() const {
    const std::lock_guard lock(mutex_);
    std::vector<Request> all;
    const auto found = asked_.find(method<Request>("Request"));
    if (found == asked_.end()) return all;
    for (const std::string& bytes : found->second) all.emplace_back().ParseFromString(bytes);
    return all;
  }
  // The token that each attempt came with.
  void came_with(const std::string& token) {
    const std::lock_guard lock(mutex_);
    tokens_.insert(token);
  }
  std::set<std::string> tokens() const {
    const std::lock_guard lock(mutex_);
    return tokens_;
  }

 private:
  // "CreateGroup" of CreateGroupRequest and CreateGroupResponse.
  template <typename Message>
  static std::string method(const std::string& ending) {
    const std::string name = Message::descriptor()->name();
    return name.substr(0, name.size() - ending.size());
  }

  mutable std::mutex mutex_;
  std::map<std::string, std::string> answers_;
  std::map<std::string, std::vector<std::string>> asked_;
  std::set<std::string> tokens_;
};

class ScriptedChat : public v1::Chat::Service {
 public:
#define STARLING_SCRIPTED(Method)                                                       \
  grpc::Status Method(grpc::ServerContext* context, const v1::Method##Request* request, \
                      v1::Method##Response* response) override {                        \
    return answer(#Method, context, *request, response);                                \
  }
  STARLING_SCRIPTED(GetAccount)
  STARLING_SCRIPTED(SetProfile)
  STARLING_SCRIPTED(ChangePassword)
  STARLING_SCRIPTED(ListSessions)
  STARLING_SCRIPTED(EndSession)
  STARLING_SCRIPTED(SetBlock)
  STARLING_SCRIPTED(ListBlocks)
  STARLING_SCRIPTED(GetConversation)
  STARLING_SCRIPTED(CreateGroup)
  STARLING_SCRIPTED(AddMembers)
  STARLING_SCRIPTED(RemoveMember)
  STARLING_SCRIPTED(SetRole)
  STARLING_SCRIPTED(RenameGroup)
  STARLING_SCRIPTED(DissolveGroup)
  STARLING_SCRIPTED(ListMembers)
  STARLING_SCRIPTED(DeleteMessages)
  STARLING_SCRIPTED(HideMessages)
  STARLING_SCRIPTED(EditMessage)
  STARLING_SCRIPTED(ListEdits)
  STARLING_SCRIPTED(React)
  STARLING_SCRIPTED(MarkDelivered)
  STARLING_SCRIPTED(SetDraft)
#undef STARLING_SCRIPTED

 protected:
  virtual Answers& answers() = 0;
  virtual void header(v1::ResponseHeader* header) const = 0;
  // What the script, or the state of the cluster, says of a call.
  virtual grpc::Status gate(grpc::ServerContext* context, const std::string& method,
                            bool write) = 0;
  // What becomes of the answer of a write.
  virtual grpc::Status effect(const std::string& method) = 0;

 private:
  template <typename Request, typename Response>
  grpc::Status answer(const std::string& method, grpc::ServerContext* context,
                      const Request& request, Response* response) {
    constexpr bool kReads = requires(const Request& r) { r.read(); };
    answers().remember(request);
    const auto token = context->client_metadata().find("authorization");
    answers().came_with(token == context->client_metadata().end()
                            ? ""
                            : std::string(token->second.data(), token->second.size()));
    const grpc::Status status = gate(context, method, !kReads);
    if (!status.ok()) return status;
    answers().get(response);
    header(response->mutable_header());
    return kReads ? grpc::Status::OK : effect(method);
  }
};

}  // namespace starling::fake
