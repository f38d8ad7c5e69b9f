// Who waits for the store: the pool's threads, never gRPC's. And streams that end while they wait.
#include "server/transport/hash.h"
#include "tests/unit/transport/fixture.h"

namespace starling::transport {
namespace {

ServerOptions small_pool(std::size_t queue) {
  ServerOptions options = test_options();
  options.read_threads = 1;
  options.read_queue = queue;
  options.subscribers.server = 1;
  return options;
}

class Pool : public TransportTest {
 protected:
  explicit Pool(std::size_t queue = 1000) : TransportTest(small_pool(queue)) {
    ada_ = account("ada");
    account("bob");
    conversation_ = open_direct(ada_, "bob");
  }
  std::unique_ptr<grpc::ClientContext> context_of(const std::string& bearer) {
    auto context = std::make_unique<grpc::ClientContext>();
    context->AddMetadata("authorization", bearer);
    context->set_deadline(std::chrono::system_clock::now() + std::chrono::seconds(20));
    return context;
  }
  std::future<grpc::Status> list_later() {
    return std::async(std::launch::async, [this] {
      pb::ListMessagesRequest request;
      request.set_conversation_id(conversation_);
      pb::ListMessagesResponse response;
      return call(&pb::Chat::Stub::ListMessages, request, response, ada_.bearer);
    });
  }
  std::future<grpc::Status> send_later(const std::string& bearer) {
    auto request = write_request<pb::SendRequest>();
    request.set_conversation_id(conversation_);
    request.set_body("x");
    return std::async(std::launch::async, [this, request, bearer] {
      pb::SendResponse response;
      return call(&pb::Chat::Stub::Send, request, response, bearer);
    });
  }
  void expect_health() {
    grpc::ClientContext context;
    context.set_deadline(std::chrono::system_clock::now() + std::chrono::seconds(10));
    pb::HealthCheckResponse response;
    expect_ok(cluster_->HealthCheck(&context, pb::HealthCheckRequest(), &response));
  }
  void expect_health_for(std::chrono::milliseconds time) {
    const auto until = std::chrono::steady_clock::now() + time;
    while (std::chrono::steady_clock::now() < until) expect_health();
  }

  Session ada_;
  std::int64_t conversation_ = 0;
};

TEST_F(Pool, AStoreThatHangsDoesNotHoldUpWhatNeedsNoStore) {
  std::vector<std::future<grpc::Status>> calls;
  // A stream whose session is due to be looked up again.
  const auto context = context_of(ada_.bearer);
  const auto stream = chat_->SendStream(context.get());
  auto request = write_request<pb::SendRequest>();
  request.set_conversation_id(conversation_);
  request.set_body("x");
  pb::SendStreamResponse response;
  ASSERT_TRUE(stream->Write(request));
  ASSERT_TRUE(stream->Read(&response));
  const auto subscriber = context_of(ada_.bearer);
  const auto events = chat_->Subscribe(subscriber.get(), pb::SubscribeRequest());
  pb::SubscribeResponse first;
  ASSERT_TRUE(events->Read(&first));

  std::vector<Session> fresh;  // In no cache: they have to be looked up.
  for (int i = 0; i < 4; ++i) fresh.push_back(log_in("ada"));
  backend_.hold_readers(true);
  for (const Session& session : fresh) calls.push_back(send_later(session.bearer));
  for (int i = 0; i < 8; ++i) calls.push_back(list_later());
  ASSERT_TRUE(eventually([&] { return backend_.waiting_for_readers() != 0; }));
  expect_health_for(std::chrono::milliseconds(500));  // Until both streams are due.
  request.mutable_write()->set_request_id(request_id());
  ASSERT_TRUE(stream->Write(request));
  expect_health_for(std::chrono::milliseconds(300));
  // One reads, the others wait for their turn: no thread of gRPC's is among them.
  EXPECT_EQ(backend_.waiting_for_readers(), 1);
  backend_.hold_readers(false);
  for (auto& call : calls) expect_ok(call.get());
  ASSERT_TRUE(stream->Read(&response));
  EXPECT_EQ(response.code(), 0) << response.error();
  stream->WritesDone();
  EXPECT_FALSE(stream->Read(&response));
  expect_ok(stream->Finish());
  subscriber->TryCancel();
}

class FullPool : public Pool {
 protected:
  FullPool() : Pool(2) {}
};

TEST_F(FullPool, AFullQueueIsOverloaded) {
  backend_.hold_readers(true);
  // The one thread is busy before the others come: then it is the queue alone that has places.
  auto reading = list_later();
  ASSERT_TRUE(eventually([&] { return backend_.waiting_for_readers() == 1; }));
  constexpr int kCalls = 7;
  std::atomic<int> refused{0};
  std::vector<std::thread> threads;
  for (int i = 0; i < kCalls; ++i) {
    threads.emplace_back([&] {
      const grpc::Status status = list_later().get();
      if (status.ok()) return;
      EXPECT_EQ(status.error_code(), grpc::StatusCode::RESOURCE_EXHAUSTED);
      EXPECT_EQ(detail_of(status).reason(), pb::REASON_OVERLOADED);
      EXPECT_TRUE(detail_of(status).retryable());
      ++refused;
    });
  }
  // Two are queued; a Subscribe finds no place either.
  EXPECT_TRUE(eventually([&] { return refused.load() >= kCalls - 2; }));
  const auto context = context_of(ada_.bearer);
  const auto events = chat_->Subscribe(context.get(), pb::SubscribeRequest());
  pb::SubscribeResponse response;
  EXPECT_FALSE(events->Read(&response));
  EXPECT_EQ(detail_of(events->Finish()).reason(), pb::REASON_OVERLOADED);
  backend_.hold_readers(false);
  for (std::thread& thread : threads) thread.join();
  expect_ok(reading.get());
  EXPECT_EQ(refused.load(), kCalls - 2);
}

// The session is younger than what the server has applied: it catches up, and meanwhile the client
// goes. What begins then must begin nothing, and must leave the one place for a subscriber free.
TEST_F(Pool, AClientThatGoesDuringTheCatchUpLeavesNothingBehind) {
  chat::Credentials credentials;
  bool found = false;
  ASSERT_TRUE(backend_.acquire()->credentials("ada", found, credentials).ok());
  for (int round = 0; round < 10; ++round) {
    const std::string token = make_token();
    chat::LogIn log_in;
    log_in.account = credentials.account;
    log_in.credential_version = credentials.version;
    ASSERT_TRUE(hash_token(token, log_in.token_hash));
    backend_.hold_proposals(true);
    backend_.propose(chat::encode(chat::Command(log_in)), [](const ProposeResult&) {});
    const auto context = context_of("Bearer " + token);
    const auto events = chat_->Subscribe(context.get(), pb::SubscribeRequest());
    ASSERT_TRUE(eventually([&] { return backend_.waiting_work() == 2; }));
    context->TryCancel();
    pb::SubscribeResponse response;
    EXPECT_FALSE(events->Read(&response));
    for (int i = 0; i < 5; ++i) expect_health();  // On the same connection, behind the cancel.
    backend_.hold_proposals(false);
    EXPECT_TRUE(eventually([&] { return backend_.waiting_work() == 0; }));
    events->Finish();
  }
  EXPECT_TRUE(eventually([&] {
    const auto context = context_of(ada_.bearer);
    const auto events = chat_->Subscribe(context.get(), pb::SubscribeRequest());
    pb::SubscribeResponse response;
    const bool begun = events->Read(&response);
    context->TryCancel();
    events->Finish();
    return begun;
  }));
}

}  // namespace
}  // namespace starling::transport
