// SendStream and Subscribe.
#include <set>

#include "tests/unit/transport/fixture.h"

namespace starling::transport {
namespace {

class Streams : public TransportTest {
 protected:
  explicit Streams(ServerOptions options = test_options()) : TransportTest(options) {
    ada_ = account("ada");
    bob_ = account("bob");
    conversation_ = open_direct(ada_, "bob");
  }
  std::unique_ptr<grpc::ClientContext> context_of(const Session& who) {
    auto context = std::make_unique<grpc::ClientContext>();
    context->AddMetadata("authorization", who.bearer);
    context->set_deadline(std::chrono::system_clock::now() + std::chrono::seconds(60));
    return context;
  }
  pb::SendRequest message(const std::string& body) {
    auto request = write_request<pb::SendRequest>();
    request.set_conversation_id(conversation_);
    request.set_body(body);
    return request;
  }
  // Reads until `count` messages have come.
  static void read_messages(grpc::ClientReader<pb::SubscribeResponse>& reader, std::size_t count,
                            std::vector<pb::Event>& out) {
    pb::SubscribeResponse response;
    while (out.size() < count && reader.Read(&response)) {
      for (const pb::Event& event : response.events()) {
        if (event.kind() == pb::EVENT_KIND_MESSAGE) out.push_back(event);
      }
    }
  }
  // Pipelines `count` sends and takes all answers.
  void send_many(pb::Chat::Stub& stub, int count, const std::string& prefix) {
    const auto context = context_of(ada_);
    const auto stream = stub.SendStream(context.get());
    std::vector<std::string> ids;
    std::thread writer([&] {
      for (int i = 0; i < count; ++i) {
        const pb::SendRequest request = message(prefix + std::to_string(i));
        ids.push_back(request.write().request_id());
        if (!stream->Write(request)) break;
      }
      stream->WritesDone();
    });
    std::map<std::string, std::int64_t> answered;
    pb::SendStreamResponse response;
    while (stream->Read(&response)) {
      EXPECT_EQ(response.code(), 0) << response.error();
      EXPECT_TRUE(answered.emplace(response.request_id(), response.sent().message().seq()).second);
    }
    writer.join();
    expect_ok(stream->Finish());
    ASSERT_EQ(answered.size(), static_cast<std::size_t>(count));
    for (std::size_t i = 1; i < ids.size(); ++i) {
      EXPECT_EQ(answered[ids[i]], answered[ids[i - 1]] + 1) << "in the order received";
    }
  }
  Session ada_, bob_;
  std::int64_t conversation_ = 0;
};

TEST_F(Streams, SendsAreProposedInOrderAndEachAnsweredOnce) { send_many(*chat_, 3000, "m"); }

class SmallWindow : public Streams {
 protected:
  SmallWindow()
      : Streams([] {
          ServerOptions options = test_options();
          options.send_window = 8;
          options.subscriber_queue = 16;
          return options;
        }()) {}
};

TEST_F(SmallWindow, AFullWindowOnlySlowsTheStream) { send_many(*chat_, 500, "m"); }

TEST_F(Streams, LosingThePrimacyAnswersAndEndsTheStream) {
  const auto context = context_of(ada_);
  const auto stream = chat_->SendStream(context.get());
  backend_.set_propose_error(ProposeError::kPrimaryLost);
  ASSERT_TRUE(stream->Write(message("lost")));
  pb::SendStreamResponse response;
  ASSERT_TRUE(stream->Read(&response));
  EXPECT_EQ(response.code(), grpc::StatusCode::UNAVAILABLE);
  EXPECT_EQ(response.detail().reason(), pb::REASON_PRIMARY_LOST);
  EXPECT_TRUE(response.detail().may_have_happened());
  EXPECT_FALSE(stream->Read(&response));
  EXPECT_EQ(stream->Finish().error_code(), grpc::StatusCode::UNAVAILABLE);
}

TEST_F(Streams, ABackupRelaysAndTellsOfALostPrimary) {
  FakeBackend backup(12);
  const auto follow = [&](core::NodeId primary, const std::string& address) {
    backup.set_status([&](NodeStatus& status) {
      status.role = ServerRole::kBackup;
      status.primary = primary;
      status.primary_address = address;
    });
  };
  follow(11, server_->bound_address());
  std::string error;
  const auto relay = Server::start(test_options(12), backup, error);
  ASSERT_TRUE(relay) << error;
  relay->beat(Beat());
  const auto stub = pb::Chat::NewStub(
      grpc::CreateChannel(relay->bound_address(), grpc::InsecureChannelCredentials()));
  send_many(*stub, 500, "r");

  // Sends that the primary has not answered when another one is known.
  const auto context = context_of(ada_);
  const auto stream = stub->SendStream(context.get());
  backend_.hold_proposals(true);
  for (int i = 0; i < 3; ++i) ASSERT_TRUE(stream->Write(message("held")));
  std::atomic<bool> ended{false};
  std::thread change([&] {
    core::NodeId other = 13;
    eventually([&] {
      follow(other, "127.0.0.1:1");
      other = other == 13 ? 14 : 13;
      relay->beat(Beat());
      return ended.load();
    });
  });
  pb::SendStreamResponse response;
  while (stream->Read(&response)) {
    EXPECT_EQ(response.code(), grpc::StatusCode::UNAVAILABLE);
    EXPECT_EQ(response.detail().reason(), pb::REASON_PRIMARY_LOST);
    EXPECT_TRUE(response.detail().may_have_happened());
    EXPECT_TRUE(response.detail().retryable());
  }
  EXPECT_EQ(stream->Finish().error_code(), grpc::StatusCode::UNAVAILABLE);
  ended.store(true);
  change.join();
  backend_.hold_proposals(false);
}

// Whether the send was answered before the stream ended, or came too late to be taken: neither says
// that it may have happened.
TEST_F(Streams, ABackupRelaysThatThePrimaryDoesNotKnowTheSession) {
  FakeBackend backup(12);
  backup.set_status([&](NodeStatus& status) {
    status.role = ServerRole::kBackup;
    status.primary = 11;
    status.primary_address = server_->bound_address();
  });
  std::string error;
  const auto relay = Server::start(test_options(12), backup, error);
  ASSERT_TRUE(relay) << error;
  const auto stub = pb::Chat::NewStub(
      grpc::CreateChannel(relay->bound_address(), grpc::InsecureChannelCredentials()));
  int answered = 0;
  for (int round = 0; round < 200 && answered == 0; ++round) {
    grpc::ClientContext context;
    context.AddMetadata("authorization", "Bearer " + std::string(43, 'A'));
    const auto stream = stub->SendStream(&context);
    (void)stream->Write(message("never taken"));  // False: the stream has ended already.
    pb::SendStreamResponse response;
    while (stream->Read(&response)) {
      ++answered;
      EXPECT_EQ(response.code(), grpc::StatusCode::UNAUTHENTICATED);
      EXPECT_EQ(response.detail().reason(), pb::REASON_UNAUTHENTICATED);
      EXPECT_FALSE(response.detail().may_have_happened());
    }
    EXPECT_EQ(stream->Finish().error_code(), grpc::StatusCode::UNAUTHENTICATED);
  }
  EXPECT_EQ(answered, 1);
}

// A send that is being taken while the relay ends is answered too, or the stream would never end.
// The window is narrow: many streams, each cut in the middle of a flood (of quick refusals).
TEST_F(Streams, ARelayThatEndsInAFloodLeavesNoSendUnanswered) {
  FakeBackend backup(12);
  std::string error;
  const auto relay = Server::start(test_options(12), backup, error);
  ASSERT_TRUE(relay) << error;
  const auto stub = pb::Chat::NewStub(
      grpc::CreateChannel(relay->bound_address(), grpc::InsecureChannelCredentials()));
  backend_.set_propose_error(ProposeError::kOverloaded);
  for (core::NodeId round = 0; round < 150; ++round) {
    backup.set_status([&](NodeStatus& status) {
      status.role = ServerRole::kBackup;
      status.primary = 11;
      status.primary_address = server_->bound_address();
    });
    const auto context = context_of(ada_);
    const auto stream = stub->SendStream(context.get());
    std::thread writer([&] {
      while (stream->Write(message("flood"))) {
      }
    });
    pb::SendStreamResponse response;
    ASSERT_TRUE(stream->Read(&response));
    backup.set_status([&](NodeStatus& status) { status.primary = 100 + round; });
    relay->beat(Beat());
    while (stream->Read(&response)) {
    }
    writer.join();
    ASSERT_EQ(stream->Finish().error_code(), grpc::StatusCode::UNAVAILABLE) << round;
  }
}

TEST_F(Streams, CatchUpAndLiveJoinWithoutAGapOrADouble) {
  constexpr int kBefore = 450;
  constexpr int kAfter = 800;
  send_many(*chat_, kBefore, "before");
  const auto context = context_of(bob_);
  pb::SubscribeRequest request;
  request.mutable_after()->set_epoch(1);
  const auto reader = chat_->Subscribe(context.get(), request);
  std::thread sender([&] { send_many(*chat_, kAfter, "after"); });
  std::vector<pb::Event> events;
  read_messages(*reader, kBefore + kAfter, events);
  sender.join();
  ASSERT_EQ(events.size(), static_cast<std::size_t>(kBefore + kAfter));
  for (std::size_t i = 0; i < events.size(); ++i) {
    ASSERT_EQ(events[i].message().seq(), static_cast<std::int64_t>(i + 1));
  }
  context->TryCancel();

  // And again from a cursor in the middle.
  const auto later = context_of(bob_);
  *request.mutable_after() = events[600].cursor();
  const auto resumed = chat_->Subscribe(later.get(), request);
  std::vector<pb::Event> rest;
  read_messages(*resumed, kBefore + kAfter - 601, rest);
  ASSERT_EQ(rest.size(), static_cast<std::size_t>(kBefore + kAfter - 601));
  EXPECT_EQ(rest.front().message().seq(), 602);
  later->TryCancel();
}

TEST_F(SmallWindow, ASlowSubscriberFallsBackToTheStoreAndMissesNothing) {
  const auto context = context_of(bob_);
  const auto reader = chat_->Subscribe(context.get(), pb::SubscribeRequest());
  pb::SubscribeResponse first;
  ASSERT_TRUE(reader->Read(&first));  // Where it stands; from here on it does not read.
  constexpr int kMany = 600;
  const std::string body(8000, 'b');  // More than the transport's own buffers take.
  send_many(*chat_, kMany, body);
  std::vector<pb::Event> events;
  read_messages(*reader, kMany, events);
  ASSERT_EQ(events.size(), static_cast<std::size_t>(kMany));
  for (std::size_t i = 0; i < events.size(); ++i) {
    ASSERT_EQ(events[i].message().seq(), static_cast<std::int64_t>(i + 1));
  }
  context->TryCancel();
}

TEST_F(Streams, WithoutACursorTheStreamSaysWhereItStands) {
  send(ada_, conversation_, "old");
  const auto context = context_of(bob_);
  const auto reader = chat_->Subscribe(context.get(), pb::SubscribeRequest());
  pb::SubscribeResponse response;
  ASSERT_TRUE(reader->Read(&response));
  EXPECT_EQ(response.events_size(), 0);
  EXPECT_EQ(response.position().epoch(), 1u);
  EXPECT_EQ(response.position().index(), backend_.applied_index());
  send(ada_, conversation_, "new");
  std::vector<pb::Event> events;
  read_messages(*reader, 1, events);
  ASSERT_EQ(events.size(), 1u);
  EXPECT_EQ(events[0].message().body(), "new");
  // An idle stream goes on telling its position.
  ASSERT_TRUE(reader->Read(&response));
  EXPECT_EQ(response.events_size(), 0);
  EXPECT_EQ(response.position().index(), backend_.applied_index());
  context->TryCancel();
}

TEST_F(Streams, APlaceInNoHistoryOfThisClusterIsResync) {
  pb::Cursor next;
  next.set_epoch(1);
  next.set_index(backend_.applied_index() + 1);
  pb::SubscribeRequest other_epoch;
  other_epoch.mutable_after()->set_epoch(2);
  other_epoch.mutable_after()->set_index(1);
  pb::SubscribeRequest other_cluster;
  other_cluster.mutable_after()->set_epoch(1);
  other_cluster.mutable_after()->set_index(1);
  other_cluster.mutable_after()->set_cluster_id(8);
  pb::SubscribeRequest ahead;
  *ahead.mutable_after() = next;
  pb::SubscribeRequest saw_other;
  saw_other.mutable_seen()->set_epoch(1);
  saw_other.mutable_seen()->set_index(1);
  saw_other.mutable_seen()->set_cluster_id(8);
  pb::SubscribeRequest saw_more;
  saw_more.mutable_seen()->set_epoch(1);
  saw_more.mutable_seen()->set_index(next.index());
  for (const pb::SubscribeRequest& request :
       {other_epoch, other_cluster, ahead, saw_other, saw_more}) {
    const auto context = context_of(bob_);
    const auto reader = chat_->Subscribe(context.get(), request);
    pb::SubscribeResponse response;
    EXPECT_FALSE(reader->Read(&response)) << request.DebugString();
    const grpc::Status status = reader->Finish();
    EXPECT_EQ(status.error_code(), grpc::StatusCode::FAILED_PRECONDITION);
    EXPECT_EQ(detail_of(status).reason(), pb::REASON_RESYNC) << request.DebugString();
  }
}

class BehindTheClient : public Streams {
 protected:
  // A stream that waits, since this server does not know yet that the cluster has come so far.
  std::unique_ptr<grpc::ClientReader<pb::SubscribeResponse>> waiting(
      const pb::SubscribeRequest& request) {
    backend_.set_barrier(WaitError::kNoPrimary);
    context_ = context_of(bob_);
    auto reader = chat_->Subscribe(context_.get(), request);
    EXPECT_TRUE(eventually([&] { return backend_.barriers() >= 2; }));
    return reader;
  }
  std::unique_ptr<grpc::ClientContext> context_;
};

TEST_F(BehindTheClient, TheStreamWaitsForTheCursor) {
  pb::SubscribeRequest request;
  request.mutable_after()->set_epoch(1);
  request.mutable_after()->set_index(backend_.applied_index() + 1);
  const auto reader = waiting(request);
  send(ada_, conversation_, "up to the cursor");
  send(ada_, conversation_, "beyond it");
  backend_.set_barrier(WaitError::kNone);
  std::vector<pb::Event> events;
  read_messages(*reader, 1, events);
  ASSERT_EQ(events.size(), 1u);
  EXPECT_EQ(events[0].message().body(), "beyond it");
  EXPECT_EQ(events[0].cursor().cluster_id(), 7u);
  context_->TryCancel();
}

TEST_F(BehindTheClient, ACursorAmidAnIndexThatIsYetToComeSkipsNothingOfIt) {
  auto request = write_request<pb::DeleteMessagesRequest>();
  request.set_conversation_id(conversation_);
  for (int i = 0; i < 3; ++i) {
    request.add_seqs(i + 1);
    send(ada_, conversation_, "to be deleted");
  }
  pb::SubscribeRequest from;
  from.mutable_after()->set_epoch(1);
  from.mutable_after()->set_index(backend_.applied_index() + 1);
  const auto reader = waiting(from);
  pb::DeleteMessagesResponse deleted;
  const auto deletion = context_of(ada_);
  expect_ok(chat_->DeleteMessages(deletion.get(), request, &deleted));
  backend_.set_barrier(WaitError::kNone);
  pb::SubscribeResponse response;
  std::vector<std::uint32_t> ordinals;
  while (ordinals.size() < 2 && reader->Read(&response)) {
    for (const pb::Event& event : response.events()) ordinals.push_back(event.cursor().ordinal());
  }
  EXPECT_EQ(ordinals, (std::vector<std::uint32_t>{1, 2}));
  context_->TryCancel();
}

// P6: what the session has read elsewhere does not come again as news.
TEST_F(BehindTheClient, FromNowIsNotBeforeWhatTheSessionHasSeen) {
  pb::SubscribeRequest request;
  request.mutable_seen()->set_epoch(1);
  request.mutable_seen()->set_index(backend_.applied_index() + 1);
  const auto reader = waiting(request);
  send(ada_, conversation_, "seen elsewhere");
  backend_.set_barrier(WaitError::kNone);
  pb::SubscribeResponse response;
  ASSERT_TRUE(reader->Read(&response));
  EXPECT_EQ(response.events_size(), 0);
  EXPECT_EQ(response.position().index(), request.seen().index());
  send(ada_, conversation_, "news");
  std::vector<pb::Event> events;
  read_messages(*reader, 1, events);
  ASSERT_EQ(events.size(), 1u);
  EXPECT_EQ(events[0].message().body(), "news");
  context_->TryCancel();
}

}  // namespace
}  // namespace starling::transport
