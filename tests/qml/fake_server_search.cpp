// Searches, which may be kept waiting. See fake_server.h.
#include <chrono>

#include "tests/qml/fake_server.h"

namespace starling_app {

namespace v1 = starling::v1;

void FakeServer::hold_searches(const std::string& words) {
  const std::lock_guard lock(mutex_);
  held_search_ = words;
}

void FakeServer::set_hits(const std::vector<v1::SearchHit>& hits) {
  const std::lock_guard lock(mutex_);
  hits_ = hits;
}

std::vector<std::string> FakeServer::searches() {
  const std::lock_guard lock(mutex_);
  return searches_;
}

grpc::Status FakeServer::Search(Context* context, const v1::SearchRequest* request,
                                v1::SearchResponse* response) {
  std::unique_lock lock(mutex_);
  const std::string& words = request->query();
  searches_.push_back("search " + words);
  if (!wait(context, lock, 20'000, [&] { return words != held_search_; })) {
    constexpr std::chrono::milliseconds kSpare{200};
    const bool early = std::chrono::system_clock::now() + kSpare < context->deadline();
    searches_.push_back((early ? "gone " : "late ") + words);
    return grpc::Status::CANCELLED;
  }
  header(response->mutable_header());
  for (const v1::SearchHit& hit : hits_) *response->add_hits() = hit;
  return grpc::Status::OK;
}

}  // namespace starling_app
