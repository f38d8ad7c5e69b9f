// Search over the wire: what is found, what is waited for, what is refused.
#include "tests/unit/transport/fixture.h"

namespace starling::transport {
namespace {

class SearchCalls : public TransportTest {
 protected:
  grpc::Status search(const Session& who, pb::SearchRequest request) {
    return call(&pb::Chat::Stub::Search, request, answer_, who.bearer);
  }
  grpc::Status search(const Session& who, const std::string& query) {
    pb::SearchRequest request;
    request.set_query(query);
    return search(who, request);
  }

  pb::SearchResponse answer_;
};

TEST_F(SearchCalls, FindsTextsAndSaysWhere) {
  const Session ada = account("ada");
  const Session bob = account("bob");
  const std::int64_t conversation = open_direct(ada, "bob");
  send(ada, conversation, "née to meet at noon");
  send(ada, conversation, "something else");
  expect_ok(search(bob, "\"meet at\" from:ada"));
  ASSERT_EQ(answer_.hits_size(), 1);
  EXPECT_EQ(answer_.hits(0).message().body(), "née to meet at noon");
  EXPECT_EQ(answer_.hits(0).message().sender(), "ada");
  EXPECT_TRUE(answer_.hits(0).message().request_id().empty()) << "only the sender sees it";
  ASSERT_EQ(answer_.hits(0).ranges_size(), 1);
  EXPECT_EQ(answer_.hits(0).ranges(0).begin(), 8);
  EXPECT_EQ(answer_.hits(0).ranges(0).end(), 15);
  EXPECT_TRUE(answer_.next_page().empty());
  EXPECT_EQ(answer_.header().token().index(), backend_.applied_index());
}

TEST_F(SearchCalls, GoesOnPageByPage) {
  const Session ada = account("ada");
  account("bob");
  const std::int64_t conversation = open_direct(ada, "bob");
  for (int i = 0; i < 5; ++i) send(ada, conversation, "word " + std::to_string(i));
  pb::SearchRequest request;
  request.set_query("word ");
  request.set_limit(2);
  std::set<std::string> seen;
  for (int page = 0; page < 3; ++page) {
    expect_ok(search(ada, request));
    for (const pb::SearchHit& hit : answer_.hits()) seen.insert(hit.message().body());
    EXPECT_EQ(answer_.next_page().empty(), page == 2);
    request.set_page(answer_.next_page());
  }
  EXPECT_EQ(seen.size(), 5U);
}

// Texts of the longest kind, with many hits: more than one message of gRPC's holds.
TEST_F(SearchCalls, APageIsBoundedInBytes) {
  const Session ada = account("ada");
  account("bob");
  const std::int64_t conversation = open_direct(ada, "bob");
  std::string body;
  while (body.size() < 400) body += "a ";
  body.resize(16'384, 'x');
  constexpr int kMessages = 140;
  for (int i = 0; i < kMessages; ++i) send(ada, conversation, body);
  pb::SearchRequest request;
  request.set_query("a ");
  request.set_limit(200);
  int seen = 0;
  for (int page = 0; page < 2; ++page) {
    expect_ok(search(ada, request));
    EXPECT_LT(answer_.ByteSizeLong(), 3U << 20);
    seen += answer_.hits_size();
    EXPECT_EQ(answer_.next_page().empty(), page == 1);
    request.set_page(answer_.next_page());
  }
  EXPECT_EQ(seen, kMessages);
}

TEST_F(SearchCalls, WaitsForWhatTheReadCovers) {
  const Session ada = account("ada");
  account("bob");
  send(ada, open_direct(ada, "bob"), "word");
  pb::SearchRequest request;
  request.set_query("word");
  // Without a token nothing is known of the session, and a half-made index is no answer.
  expect_ok(search(ada, request));
  EXPECT_EQ(backend_.last_wanted_index(), backend_.applied_index());
  const core::Index index = backend_.applied_index() - 1;
  request.mutable_read()->mutable_after()->set_cluster_id(7);
  request.mutable_read()->mutable_after()->set_epoch(1);
  request.mutable_read()->mutable_after()->set_index(index);
  expect_ok(search(ada, request));
  EXPECT_EQ(backend_.last_wanted_index(), index);
  request.mutable_read()->set_level(pb::READ_LEVEL_LINEARIZABLE);
  expect_ok(search(ada, request));
  EXPECT_EQ(backend_.last_wanted_index(), backend_.applied_index());
}

TEST_F(SearchCalls, AnIndexThatLagsIsSaidAndMayBeTriedElsewhere) {
  const Session ada = account("ada");
  backend_.set_index_wait(WaitError::kTimeout);
  const grpc::Status status = search(ada, "word");
  EXPECT_FALSE(status.ok());
  EXPECT_TRUE(detail_of(status).retryable());
}

TEST_F(SearchCalls, BadSearchesNameTheirField) {
  const Session ada = account("ada");
  const auto field_of = [&](pb::SearchRequest request) {
    const grpc::Status status = search(ada, request);
    EXPECT_EQ(status.error_code(), grpc::StatusCode::INVALID_ARGUMENT);
    return detail_of(status).field();
  };
  pb::SearchRequest request;
  EXPECT_EQ(field_of(request), "query");
  request.set_query(std::string(513, 'a'));
  EXPECT_EQ(field_of(request), "query");
  request.set_query("before:yesterday");
  EXPECT_EQ(field_of(request), "query");
  request.set_query("word");
  request.set_limit(201);
  EXPECT_EQ(field_of(request), "limit");
  request.set_limit(0);
  request.set_page("w1.1.1");
  EXPECT_EQ(field_of(request), "query");
  request.set_page(std::string(65, 'w'));
  EXPECT_EQ(field_of(request), "page");
}

}  // namespace
}  // namespace starling::transport
