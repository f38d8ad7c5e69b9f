// The SDK's parts that need no server: the view, the loop, ids and backoff, the meaning of errors.
#include <gtest/gtest.h>

#include <future>
#include <set>

#include "sdk/src/errors.h"
#include "sdk/src/loop.h"
#include "sdk/src/random.h"
#include "sdk/src/utf8.h"
#include "sdk/src/view.h"

namespace starling::sdk {
namespace {

using namespace std::chrono_literals;

ServerList list_of(std::uint64_t epoch, std::uint64_t term, std::uint64_t version,
                   std::uint64_t primary, int servers) {
  ServerList list;
  list.epoch = epoch;
  list.term = term;
  list.version = version;
  list.primary_id = primary;
  for (int i = 1; i <= servers; ++i) {
    Server server;
    server.id = static_cast<std::uint64_t>(i);
    server.address = "s" + std::to_string(i) + ":1";
    list.servers.push_back(server);
  }
  return list;
}

TEST(View, TheNewestListWins) {
  View view({"s1:1"}, true);
  EXPECT_TRUE(view.accept(list_of(1, 3, 5, 1, 3)));
  EXPECT_FALSE(view.accept(list_of(1, 3, 5, 1, 3)));
  EXPECT_FALSE(view.accept(list_of(1, 2, 9, 2, 3)));
  EXPECT_TRUE(view.accept(list_of(1, 3, 6, 1, 2)));
  EXPECT_TRUE(view.accept(list_of(1, 4, 1, 2, 3)));
  EXPECT_EQ(view.primary(), "s2:1");
  EXPECT_TRUE(view.accept(list_of(2, 1, 1, 3, 3))) << "a newer epoch counts before its term";
  EXPECT_EQ(view.primary(), "s3:1");
}

TEST(View, ALostPrimaryIsAvoidedUntilANewTermNamesIt) {
  View view({"s1:1"}, true);
  view.accept(list_of(1, 3, 1, 1, 3));
  EXPECT_EQ(view.pick(), "s1:1");
  view.mark_lost("s1:1");
  EXPECT_NE(view.pick(), "s1:1");
  view.accept(list_of(1, 3, 2, 1, 3));
  EXPECT_NE(view.pick(), "s1:1") << "an old reign's list does not bring it back";
  view.accept(list_of(1, 5, 1, 1, 3));
  EXPECT_EQ(view.pick(), "s1:1");
}

TEST(View, HintsCountOnlyWhileNoPrimaryIsKnown) {
  View view({"s1:1"}, true);
  view.accept(list_of(1, 3, 1, 1, 3));
  view.hint("s2:1");
  EXPECT_EQ(view.primary(), "s1:1");
  view.mark_lost("s1:1");
  view.hint("s2:1");
  EXPECT_EQ(view.primary(), "s2:1");
}

TEST(View, WithoutDiscoveryOnlyTheGivenAddressesAreDialled) {
  View view({"s2:1"}, false);
  view.accept(list_of(1, 3, 1, 1, 3));
  EXPECT_EQ(view.candidates(), std::vector<std::string>{"s2:1"});
  EXPECT_EQ(view.pick(), "s2:1");
}

TEST(View, AnAddressThatIsNoneIsNeverDialled) {
  const std::vector<std::string> wrong = {
      "",         "unix:/tmp/s", "dns:///s2:1", "ipv4:127.0.0.1:1", "s2",     "s2:",    "s2:0",
      "s2:65536", "s 2:1",       "::1:1",       "[s2]:1",           "s2?x:1", "s2#x:1", "a@s2:1",
      "s2/x:1",   "s%32:1"};
  for (const std::string& address : wrong) {
    View view({"s1:1"}, true);
    ServerList list = list_of(1, 3, 5, 2, 3);
    list.servers[1].address = address;
    EXPECT_TRUE(view.accept(list));
    EXPECT_EQ(view.candidates(), (std::vector<std::string>{"s1:1", "s3:1"})) << address;
    EXPECT_EQ(view.list().servers.size(), 2U) << address;
    EXPECT_EQ(view.primary(), "") << address;  // The list names one that cannot be reached.
    view.hint(address);
    EXPECT_EQ(view.primary(), "") << address;
    view.hint("s3:1");
    EXPECT_EQ(view.primary(), "s3:1") << address;
  }
}

TEST(View, HostsAreUnknownUntilAServerHasAnswered) {
  const Failure failure = classify(
      grpc::Status(grpc::StatusCode::UNAVAILABLE, "DNS resolution failed for s9:1: not found"),
      false);
  EXPECT_TRUE(unknown_host(failure));
  EXPECT_FALSE(
      unknown_host(classify(grpc::Status(grpc::StatusCode::UNAVAILABLE, "refused"), false)));
  View view({"s1:1", "s9:1"}, true);
  view.host_unknown("s9:1");
  view.host_unknown("s9:1");
  EXPECT_EQ(view.unknown_hosts(), std::vector<std::string>{"s9:1"});
  view.accept(list_of(1, 3, 1, 1, 3));
  view.host_unknown("s9:1");
  EXPECT_TRUE(view.unknown_hosts().empty());
}

TEST(View, TokensNeverGoBack) {
  View view({"s1:1"}, true);
  view.heard({1, 10, 0});
  view.heard({1, 4, 0});
  EXPECT_EQ(view.token().index(), 10U);
  view.heard({2, 1, 0});
  EXPECT_EQ(view.token().epoch(), 2U);
  EXPECT_EQ(view.token().index(), 1U);
}

TEST(View, ANewEpochEndsTheTokensOfTheOneBefore) {
  View view({"s1:1"}, true);
  view.accept(list_of(1, 3, 1, 1, 3));
  view.heard({1, 90, 0});
  v1::ResponseHeader late;
  late.mutable_token()->set_epoch(1);
  late.mutable_token()->set_index(95);
  late.set_time_ms(500);
  view.accept(list_of(2, 1, 1, 1, 3));
  EXPECT_EQ(view.token().index(), 0U) << "no server of the new epoch has that place";
  view.heard(late);
  EXPECT_EQ(view.token().epoch(), 0U);
  EXPECT_EQ(view.as_of_ms(), 0);
  view.heard({2, 4, 0});
  EXPECT_EQ(view.token().index(), 4U);
}

TEST(View, AServerOfAnotherClusterIsNotAskedAndMovesNoToken) {
  View view({"s1:1", "s2:1"}, true);
  ServerList own = list_of(1, 3, 1, 1, 3);
  own.cluster_id = 7;
  view.accept(own);
  view.heard({1, 10, 0, 7});
  view.heard({1, 90, 0, 8});
  EXPECT_EQ(view.token().index(), 10U);
  v1::ResponseHeader foreign;
  foreign.mutable_token()->set_cluster_id(8);
  foreign.mutable_token()->set_epoch(1);
  foreign.set_time_ms(500);
  view.heard(foreign);
  EXPECT_EQ(view.as_of_ms(), 0) << "replicated time is each cluster's own";
  EXPECT_EQ(view.token().cluster_id(), 7U);
  ServerList other = list_of(1, 1, 1, 1, 2);
  other.cluster_id = 8;
  EXPECT_FALSE(view.of_other_cluster(own));
  EXPECT_TRUE(view.of_other_cluster(other));
  view.heard_own("s2:1");
  view.heard_other("s1:1", 8);
  EXPECT_EQ(view.primary(), "");
  view.hint("s1:1");
  EXPECT_EQ(view.primary(), "");
  for (int i = 0; i < 20; ++i) EXPECT_NE(view.pick("s2:1"), "s1:1");
  EXPECT_NE(view.pick_stream("s2:1"), "s1:1");
  view.heard_other("s2:1", 8);
  view.heard_other("s3:1", 8);
  EXPECT_EQ(view.pick(), "");
  EXPECT_FALSE(view.replaced_by(8)) << "an own server was heard a moment ago";
  EXPECT_EQ(view.others(), (std::vector<std::string>{"s1:1", "s2:1", "s3:1"}));
  view.heard_own("s3:1");
  EXPECT_EQ(view.pick(), "s3:1");
}

TEST(Random, RequestIdsAreVersion7AndDistinct) {
  std::set<std::string> ids;
  for (int i = 0; i < 1'000; ++i) {
    const std::string id = new_request_id();
    ASSERT_EQ(id.size(), 16U);
    EXPECT_EQ(static_cast<unsigned char>(id[6]) >> 4, 7);
    EXPECT_EQ(static_cast<unsigned char>(id[8]) >> 6, 2);
    ids.insert(id);
  }
  EXPECT_EQ(ids.size(), 1'000U);
}

TEST(Random, BackoffStaysUnderItsCap) {
  for (int attempt = 0; attempt < 100; ++attempt) {
    const auto delay = backoff(attempt, 10ms, 250ms);
    EXPECT_GE(delay, 0ms);
    EXPECT_LE(delay, 250ms);
  }
}

TEST(Loop, RunsTasksAndTimersInOrder) {
  Loop loop;
  std::vector<int> order;
  std::promise<void> done;
  loop.post([&] {
    loop.after(20ms, [&] {
      order.push_back(3);
      done.set_value();
    });
    loop.after(5ms, [&] { order.push_back(2); });
    Loop::TimerId never = loop.after(10ms, [&] { order.push_back(99); });
    loop.cancel(never);
    EXPECT_EQ(never, 0U);
    order.push_back(1);
  });
  ASSERT_EQ(done.get_future().wait_for(10s), std::future_status::ready);
  loop.stop();
  EXPECT_EQ(order, (std::vector<int>{1, 2, 3}));
  EXPECT_FALSE(loop.post([] {}));
}

TEST(Utf8, StrictAboutWhatItTakes) {
  for (const std::string good : {"", "plain", "gr\xC3\xBC\xC3\x9F", "\xE4\xBD\xA0\xE5\xA5\xBD",
                                 "\xF0\x9F\x90\xA6", "\xF4\x8F\xBF\xBF"}) {
    EXPECT_TRUE(is_utf8(good)) << good;
  }
  for (const std::string bad : {"\xFF", "\x80", "\xC0\xAF", "\xC3", "\xE0\x80\xAF", "\xED\xA0\x80",
                                "\xF0\x80\x80\x80", "\xF4\x90\x80\x80", "ok\xE4\xBD"}) {
    EXPECT_FALSE(is_utf8(bad));
  }
}

TEST(Errors, TypedDetailsDecide) {
  v1::ErrorDetail detail;
  detail.set_reason(v1::REASON_ALREADY_EXISTS);
  const grpc::Status status(grpc::StatusCode::ALREADY_EXISTS, "The name is taken.",
                            detail.SerializeAsString());
  const Failure failure = classify(status, true);
  EXPECT_FALSE(failure.retryable);
  EXPECT_FALSE(failure.may_have_happened);
  EXPECT_EQ(to_error(failure).code, ErrorCode::kAlreadyExists);
}

// It comes as a plain number in the answers of a stream.
TEST(Errors, ACodeThatGrpcDoesNotHaveIsUnknown) {
  for (const int code : {-7, -1, 17, 268'437'519}) {
    const Failure failure = classify(code, "", v1::ErrorDetail());
    EXPECT_EQ(failure.code, grpc::StatusCode::UNKNOWN) << code;
    EXPECT_TRUE(failure.retryable) << code;
  }
  EXPECT_EQ(classify(16, "", v1::ErrorDetail()).code, grpc::StatusCode::UNAUTHENTICATED);
}

// What no Starling server has said decides nothing: not the outcome, and not that it is the last.
TEST(Errors, UntypedFailuresAreRetriedAndOpenWhenReached) {
  for (int code = 1; code <= 16; ++code) {
    const grpc::Status status(static_cast<grpc::StatusCode>(code), "Made on the way");
    EXPECT_TRUE(classify(status, true).retryable) << code;
    EXPECT_TRUE(classify(status, true).may_have_happened) << code;
    EXPECT_FALSE(classify(status, false).may_have_happened) << code;
    EXPECT_TRUE(classify(code, "", v1::ErrorDetail()).may_have_happened) << code;
  }
}

}  // namespace
}  // namespace starling::sdk
