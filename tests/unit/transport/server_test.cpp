// Listening, health, reflection, throttling, secrets.
#include <grpcpp/impl/codegen/proto_utils.h>
#include <sodium.h>

#include "server/transport/hash.h"
#include "tests/unit/transport/fixture.h"

namespace starling::transport {
namespace {

using Serving = TransportTest;

TEST_F(Serving, APortInUseIsAClearError) {
  FakeBackend other(12);
  ServerOptions options = test_options(12);
  options.listen = server_->bound_address();
  std::string error;
  EXPECT_FALSE(Server::start(options, other, error));
  EXPECT_NE(error.find(options.listen), std::string::npos);
  EXPECT_NE(error.find("in use"), std::string::npos) << error;
  options.listen = "nowhere";
  EXPECT_FALSE(Server::start(options, other, error));
  EXPECT_NE(error.find("HOST:PORT"), std::string::npos) << error;
}

// The answer of grpc.health.v1.Health/Check, field by field: status is field 1.
int health_of(const std::shared_ptr<grpc::Channel>& channel, const std::string& service) {
  std::string request;
  if (!service.empty()) {
    request = "\x0a" + std::string(1, static_cast<char>(service.size())) + service;
  }
  const Answer answer = RawCall::run(channel, "/grpc.health.v1.Health/Check", request, "", false);
  if (!answer.status.ok()) return -1;
  std::vector<grpc::Slice> slices;
  if (!answer.bytes.Dump(&slices).ok() || slices.empty() || slices[0].size() < 2) return 0;
  return slices[0].begin()[1];
}

TEST_F(Serving, HealthTellsReadsAndWritesApart) {
  constexpr int kServing = 1;
  constexpr int kNotServing = 2;
  EXPECT_EQ(health_of(channel_, ""), kServing);
  server_->beat(Beat());
  EXPECT_TRUE(eventually([&] { return health_of(channel_, "starling.v1.Chat") == kServing; }));
  backend_.set_status([](NodeStatus& status) { status.has_quorum = false; });
  server_->beat(Beat());
  EXPECT_TRUE(eventually([&] { return health_of(channel_, "starling.v1.Chat") == kNotServing; }));
  EXPECT_EQ(health_of(channel_, ""), kServing);
  backend_.set_status([](NodeStatus& status) { status.has_quorum = true; });
  server_->beat(Beat());
  EXPECT_TRUE(eventually([&] { return health_of(channel_, "starling.v1.Chat") == kServing; }));
  server_->set_draining();
  EXPECT_TRUE(eventually([&] { return health_of(channel_, "starling.v1.Chat") == kNotServing; }));
}

TEST_F(Serving, ReflectionNamesTheServices) {
  // ServerReflectionRequest{list_services: "*"} (field 7).
  const Answer answer =
      RawCall::run(channel_, "/grpc.reflection.v1alpha.ServerReflection/ServerReflectionInfo",
                   std::string("\x3a\x01*"), "", true);
  ASSERT_TRUE(answer.answered) << answer.status.error_message();
  std::vector<grpc::Slice> slices;
  ASSERT_TRUE(answer.bytes.Dump(&slices).ok());
  std::string all;
  for (const grpc::Slice& slice : slices) all.append(slice.begin(), slice.end());
  for (const char* service : {"starling.v1.Chat", "starling.v1.Cluster", "starling.v1.Peer"}) {
    EXPECT_NE(all.find(service), std::string::npos) << service;
  }
}

TEST_F(Serving, MembersThatAreNotThereCannotLeaveOrLead) {
  grpc::ClientContext leave_context;
  pb::LeaveNetworkRequest leave;
  leave.set_server_id(77);
  pb::LeaveNetworkResponse left;
  EXPECT_EQ(cluster_->LeaveNetwork(&leave_context, leave, &left).error_code(),
            grpc::StatusCode::NOT_FOUND);
  grpc::ClientContext transfer_context;
  pb::TransferPrimaryRequest transfer;
  transfer.set_server_id(77);
  pb::TransferPrimaryResponse transferred;
  EXPECT_EQ(cluster_->TransferPrimary(&transfer_context, transfer, &transferred).error_code(),
            grpc::StatusCode::NOT_FOUND);
  grpc::ClientContext self_context;
  transfer.set_server_id(11);
  expect_ok(cluster_->TransferPrimary(&self_context, transfer, &transferred));
  EXPECT_EQ(transferred.primary_id(), 11u);
}

class Throttled : public TransportTest {
 protected:
  Throttled()
      : TransportTest([] {
          ServerOptions options = test_options();
          options.login_burst = 3;
          options.login_per_second = 0.001;
          return options;
        }()) {}
};

TEST_F(Throttled, GuessingIsSlowedDownButGoodLogInsAreNot) {
  account("ada");
  for (int i = 0; i < 10; ++i) log_in("ada");
  pb::LogInRequest wrong;
  wrong.set_name("ada");
  wrong.set_password("wrong horse");
  pb::LogInResponse response;
  for (int i = 0; i < 3; ++i) {
    EXPECT_EQ(call(&pb::Chat::Stub::LogIn, wrong, response, "").error_code(),
              grpc::StatusCode::UNAUTHENTICATED);
  }
  const grpc::Status status = call(&pb::Chat::Stub::LogIn, wrong, response, "");
  EXPECT_EQ(status.error_code(), grpc::StatusCode::RESOURCE_EXHAUSTED);
  EXPECT_EQ(detail_of(status).reason(), pb::REASON_OVERLOADED);
}

TEST(Secrets, PasswordsAreArgon2idAndTokensAreHashed) {
  ASSERT_TRUE(init_secrets());
  const HashSettings cheap{1, 8192};
  const std::string hash = hash_password("correct horse", cheap);
  EXPECT_TRUE(hash.starts_with("$argon2id$"));
  EXPECT_NE(hash, hash_password("correct horse", cheap)) << "salted";
  EXPECT_TRUE(verify_password(hash, "correct horse"));
  EXPECT_FALSE(verify_password(hash, "wrong horse"));
  // It costs a log-in with an unknown name what a real one costs: well formed, with this cost.
  const std::string dummy = dummy_password_hash(cheap);
  EXPECT_EQ(crypto_pwhash_str_needs_rehash(dummy.c_str(), cheap.operations, cheap.memory_bytes), 0)
      << dummy;
  EXPECT_EQ(dummy.size(), hash.size());
  EXPECT_NE(dummy, dummy_password_hash(cheap));
  EXPECT_FALSE(verify_password(dummy, "correct horse"));
  const std::string token = make_token();
  EXPECT_EQ(token.size(), 43u);
  EXPECT_NE(token, make_token());
  chat::TokenHash a{};
  chat::TokenHash b{};
  ASSERT_TRUE(hash_token(token, a));
  ASSERT_TRUE(hash_token(token, b));
  EXPECT_EQ(a, b);
  EXPECT_FALSE(hash_token("short", a));
  EXPECT_FALSE(hash_token(std::string(43, '!'), a));
  EXPECT_EQ(fingerprint("the same on every server"), fingerprint("the same on every server"));
  EXPECT_NE(fingerprint("a"), fingerprint("b"));
}

TEST(Secrets, TheDefaultsAreTheInteractiveLimits) {
  EXPECT_EQ(HashSettings().operations, 2u);
  EXPECT_EQ(HashSettings().memory_bytes, 67'108'864u);
}

}  // namespace
}  // namespace starling::transport
