// Searches that take long: those that nobody waits for end, no account has more than its share, and
// the end of the server does not wait for them.
#include <future>
#include <utility>

#include "tests/unit/transport/fixture.h"

namespace starling::transport {
namespace {

using std::chrono::seconds;
using std::chrono::steady_clock;

class SearchLoad : public TransportTest {
 protected:
  // One search on a thread of its own, which the caller can give up.
  struct Asked {
    grpc::ClientContext context;
    std::future<grpc::Status> status;
  };
  std::unique_ptr<Asked> ask(const Session& who, seconds patience = seconds(60)) {
    auto asked = std::make_unique<Asked>();
    asked->context.set_deadline(std::chrono::system_clock::now() + patience);
    asked->context.AddMetadata("authorization", who.bearer);
    asked->status = std::async(std::launch::async, [this, context = &asked->context] {
      pb::SearchRequest request;
      request.set_query("word");
      pb::SearchResponse response;
      return chat_->Search(context, request, &response);
    });
    return asked;
  }
  // While the backend holds them.
  std::unique_ptr<Asked> ask_and_see_it_begin(const Session& who) {
    const int before = backend_.held_searches.begun();
    auto asked = ask(who);
    EXPECT_TRUE(eventually([&] { return backend_.held_searches.begun() == before + 1; }));
    return asked;
  }
  using AskedPtr = std::unique_ptr<Asked>;
  std::pair<AskedPtr, AskedPtr> one_runs_and_one_waits(const Session& first, const Session& next) {
    backend_.held_searches.hold(true);
    AskedPtr running = ask_and_see_it_begin(first);
    AskedPtr waiting = ask(next);
    EXPECT_TRUE(eventually([&] { return backend_.waits_for_index() == 2; }));
    return {std::move(running), std::move(waiting)};
  }
  void expect_overloaded(const Session& who) {
    const grpc::Status status = ask(who)->status.get();
    EXPECT_EQ(status.error_code(), grpc::StatusCode::RESOURCE_EXHAUSTED);
    EXPECT_EQ(detail_of(status).reason(), pb::REASON_OVERLOADED);
    EXPECT_TRUE(detail_of(status).retryable());
  }
  // Until all of them wait for the pool, or have it.
  std::vector<std::unique_ptr<Asked>> fill(const Session& who, std::size_t places) {
    std::vector<std::unique_ptr<Asked>> waiting;
    for (std::size_t i = 0; i < places; ++i) waiting.push_back(ask(who));
    EXPECT_TRUE(eventually([&] { return backend_.waits_for_index() >= static_cast<int>(places); }));
    return waiting;
  }
};

TEST_F(SearchLoad, AnAccountHasTwoAtATime) {
  const Session ada = account("ada");
  const Session bob = account("bob");
  backend_.held_searches.hold(true);
  auto first = fill(ada, 2);
  expect_overloaded(ada);
  auto other = ask(bob);
  EXPECT_TRUE(eventually([&] { return backend_.waits_for_index() == 3; }));
  backend_.held_searches.hold(false);
  for (auto& one : first) expect_ok(one->status.get());
  expect_ok(other->status.get());
  // Answered ones count no more, however fast one goes on.
  for (int i = 0; i < 10; ++i) expect_ok(ask(ada)->status.get());
}

TEST_F(SearchLoad, OneThatIsGivenUpEnds) {
  const Session ada = account("ada");
  backend_.held_searches.hold(true);
  auto running = ask_and_see_it_begin(ada);
  running->context.TryCancel();
  EXPECT_EQ(running->status.get().error_code(), grpc::StatusCode::CANCELLED);
  EXPECT_TRUE(eventually([&] { return backend_.held_searches.stopped() == 1; }));
  auto late = ask(ada, seconds(1));
  // Whoever notices first, the client or the server.
  EXPECT_EQ(late->status.get().error_code(), grpc::StatusCode::DEADLINE_EXCEEDED);
  EXPECT_TRUE(eventually([&] { return backend_.held_searches.stopped() == 2; }));
}

TEST_F(SearchLoad, OneThatIsGivenUpWhileItWaitsIsNotBegun) {
  const Session bob = account("bob");
  const auto [running, waiting] = one_runs_and_one_waits(account("ada"), bob);
  waiting->context.TryCancel();
  EXPECT_EQ(waiting->status.get().error_code(), grpc::StatusCode::CANCELLED);
  backend_.held_searches.hold(false);
  expect_ok(running->status.get());
  expect_ok(ask(bob)->status.get());
  EXPECT_EQ(backend_.held_searches.begun(), 2);
}

TEST_F(SearchLoad, TheServerEndsWithoutWaitingForIt) {
  const Session bob = account("bob");
  const auto [running, waiting] = one_runs_and_one_waits(account("ada"), bob);
  const auto begun = steady_clock::now();
  server_->shutdown(begun + seconds(20));
  EXPECT_LT(steady_clock::now() - begun, seconds(10));
  EXPECT_EQ(detail_of(running->status.get()).reason(), pb::REASON_DRAINING);
  EXPECT_EQ(detail_of(waiting->status.get()).reason(), pb::REASON_DRAINING);
  EXPECT_EQ(backend_.held_searches.begun(), 1);
}

}  // namespace
}  // namespace starling::transport
