// How many streams a server and an account may have.
#include <gmock/gmock.h>

#include "tests/unit/transport/presence_fixture.h"

namespace starling::transport {
namespace {

class FewPresences : public Presence {
 protected:
  FewPresences()
      : Presence([] {
          ServerOptions options = test_options();
          options.presence_streams.server = 1;
          return options;
        }()) {}
};

TEST_F(FewPresences, PastTheLimitAStreamMayBeTriedAgain) {
  Live ada(*chat_, ada_);
  Live bob(*chat_, bob_);
  EXPECT_EQ(bob.status().error_code(), grpc::StatusCode::RESOURCE_EXHAUSTED);
  EXPECT_TRUE(detail_of(bob.status()).retryable());
}

class FewForEach : public Presence {
 protected:
  FewForEach()
      : Presence([] {
          ServerOptions options = test_options();
          options.presence_streams = {10, 2};
          options.subscribers = {10, 2};
          return options;
        }()) {}
  void expect_refused(const grpc::Status& status, const std::string& streams) {
    EXPECT_EQ(status.error_code(), grpc::StatusCode::RESOURCE_EXHAUSTED);
    EXPECT_EQ(detail_of(status).reason(), pb::REASON_OVERLOADED);
    EXPECT_THAT(status.error_message(),
                testing::HasSubstr("this account has too many " + streams + " at this server"));
  }
};

TEST_F(FewForEach, AnAccountDoesNotTakeTheOthersPlaces) {
  auto first = std::make_unique<Live>(*chat_, ada_);
  Live second(*chat_, ada_);
  Live third(*chat_, ada_);
  expect_refused(third.status(), "presence streams");
  Live bob(*chat_, bob_);
  bob.watch({ada_.account});
  EXPECT_TRUE(bob.sees(ada_.account, kOnline));
  first.reset();
  EXPECT_TRUE(eventually([&] {  // Once the server knows that it went.
    Live again(*chat_, ada_);
    return !again.ended();
  }));
}

TEST_F(FewForEach, NorTheirSubscriptions) {
  struct Subscribed {
    Subscribed(pb::Chat::Stub& chat, const Session& who) {
      context.AddMetadata("authorization", who.bearer);
      stream = chat.Subscribe(&context, pb::SubscribeRequest());
      pb::SubscribeResponse response;
      begun = stream->Read(&response);
      if (!begun) status = stream->Finish();
    }
    ~Subscribed() {
      context.TryCancel();
      if (begun) stream->Finish();
    }
    grpc::ClientContext context;
    std::unique_ptr<grpc::ClientReader<pb::SubscribeResponse>> stream;
    bool begun = false;
    grpc::Status status;
  };
  auto first = std::make_unique<Subscribed>(*chat_, ada_);
  const Subscribed second(*chat_, ada_);
  EXPECT_TRUE(first->begun && second.begun);
  expect_refused(Subscribed(*chat_, ada_).status, "subscriptions");
  EXPECT_TRUE(Subscribed(*chat_, bob_).begun);
  first.reset();
  EXPECT_TRUE(eventually([&] { return Subscribed(*chat_, ada_).begun; }));
}

}  // namespace
}  // namespace starling::transport
