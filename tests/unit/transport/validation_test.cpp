// Every field of every client call: what is refused, with INVALID_ARGUMENT that names the field.
#include "tests/unit/transport/fixture.h"

namespace starling::transport {
namespace {

const std::string kId(16, 'i');
const std::string kBadText = "a\xff\xfe";

struct Bad {
  std::string path;
  std::string bytes;
  std::string field;
};

template <typename Request>
Bad bad(const std::string& method, const std::string& field,
        const std::function<void(Request&)>& spoil) {
  Request request;
  spoil(request);
  return {"/starling.v1." + method, request.SerializePartialAsString(), field};
}

template <typename Request>
void good_write(Request& request) {
  request.mutable_write()->set_request_id(kId);
}

// protobuf refuses to build invalid text in debug builds only by a log line: the bytes are made by
// hand. Field numbers are below 16.
std::string text_field(int number, const std::string& text) {
  std::string out;
  out.push_back(static_cast<char>(number << 3 | 2));
  out.push_back(static_cast<char>(text.size()));
  return out + text;
}

std::vector<Bad> table() {
  std::vector<Bad> rows;
  const auto create = [](const std::function<void(pb::CreateAccountRequest&)>& spoil,
                         const std::string& field) {
    return bad<pb::CreateAccountRequest>("Chat/CreateAccount", field, [&](auto& r) {
      good_write(r);
      r.set_name("ada");
      r.set_password("correct horse");
      spoil(r);
    });
  };
  rows.push_back(create([](auto& r) { r.clear_write(); }, "write"));
  rows.push_back(
      create([](auto& r) { r.mutable_write()->set_request_id("short"); }, "write.request_id"));
  rows.push_back(create([](auto& r) { r.mutable_write()->set_as_of_ms(-1); }, "write.as_of_ms"));
  for (const char* name : {"", "Ada", "a b", "a/b"}) {
    rows.push_back(create([&](auto& r) { r.set_name(name); }, "name"));
  }
  rows.push_back(create([](auto& r) { r.set_name(std::string(33, 'a')); }, "name"));
  rows.push_back(create([](auto& r) { r.set_password("short"); }, "password"));
  rows.push_back(create([](auto& r) { r.set_password(std::string(1025, 'p')); }, "password"));
  rows.push_back(create([](auto& r) { r.set_display_name(std::string(65, 'd')); }, "display_name"));

  const auto log_in = [](const std::function<void(pb::LogInRequest&)>& spoil,
                         const std::string& field) {
    return bad<pb::LogInRequest>("Chat/LogIn", field, [&](auto& r) {
      r.set_name("ada");
      r.set_password("correct horse");
      spoil(r);
    });
  };
  rows.push_back(log_in([](auto& r) { r.set_name(""); }, "name"));
  rows.push_back(log_in([](auto& r) { r.set_password(""); }, "password"));
  rows.push_back(log_in([](auto& r) { r.set_password(std::string(1025, 'p')); }, "password"));
  rows.push_back(log_in([](auto& r) { r.set_device(std::string(65, 'd')); }, "device"));

  rows.push_back(bad<pb::ListAccountsRequest>(
      "Chat/ListAccounts", "pattern", [](auto& r) { r.set_pattern(std::string(65, '*')); }));
  rows.push_back(bad<pb::ListAccountsRequest>(
      "Chat/ListAccounts", "after_name", [](auto& r) { r.set_after_name(std::string(33, 'a')); }));
  for (const int limit : {-1, 201}) {
    rows.push_back(bad<pb::ListAccountsRequest>("Chat/ListAccounts", "limit",
                                                [&](auto& r) { r.set_limit(limit); }));
    rows.push_back(bad<pb::ListConversationsRequest>("Chat/ListConversations", "limit",
                                                     [&](auto& r) { r.set_limit(limit); }));
    rows.push_back(bad<pb::ListMessagesRequest>("Chat/ListMessages", "limit", [&](auto& r) {
      r.set_conversation_id(1);
      r.set_limit(limit);
    }));
    rows.push_back(bad<pb::ReadUnreadRequest>("Chat/ReadUnread", "limit", [&](auto& r) {
      r.set_conversation_id(1);
      r.set_limit(limit);
    }));
  }
  rows.push_back(bad<pb::ListAccountsRequest>("Chat/ListAccounts", "read.level", [](auto& r) {
    r.mutable_read()->set_level(static_cast<pb::ReadLevel>(77));
  }));
  rows.push_back(bad<pb::ListConversationsRequest>("Chat/ListConversations", "after_id",
                                                   [](auto& r) { r.set_after_id(-1); }));
  rows.push_back(bad<pb::DeleteAccountRequest>("Chat/DeleteAccount", "password",
                                               [](auto& r) { good_write(r); }));
  rows.push_back(
      bad<pb::OpenDirectRequest>("Chat/OpenDirect", "name", [](auto& r) { good_write(r); }));
  rows.push_back(
      bad<pb::OpenDirectRequest>("Chat/OpenDirect", "write", [](auto& r) { r.set_name("bob"); }));

  const auto send = [](const std::function<void(pb::SendRequest&)>& spoil,
                       const std::string& field) {
    return bad<pb::SendRequest>("Chat/Send", field, [&](auto& r) {
      good_write(r);
      r.set_conversation_id(1);
      r.set_body("x");
      spoil(r);
    });
  };
  rows.push_back(send([](auto& r) { r.clear_write(); }, "write"));
  rows.push_back(send([](auto& r) { r.set_conversation_id(0); }, "conversation_id"));
  rows.push_back(send([](auto& r) { r.set_body(""); }, "body"));
  rows.push_back(send([](auto& r) { r.set_body(std::string(16'385, 'b')); }, "body"));
  rows.push_back(send([](auto& r) { r.set_after_request_id("x"); }, "after_request_id"));
  rows.push_back(send([](auto& r) { r.set_after_request_id(kId); }, "after_request_id"));

  const auto history = [](const std::function<void(pb::ListMessagesRequest&)>& spoil,
                          const std::string& field) {
    return bad<pb::ListMessagesRequest>("Chat/ListMessages", field, [&](auto& r) {
      r.set_conversation_id(1);
      spoil(r);
    });
  };
  rows.push_back(history([](auto& r) { r.set_conversation_id(-5); }, "conversation_id"));
  rows.push_back(history([](auto& r) { r.set_before_seq(-1); }, "before_seq"));
  rows.push_back(history([](auto& r) { r.set_after_seq(-1); }, "after_seq"));
  rows.push_back(bad<pb::ReadUnreadRequest>("Chat/ReadUnread", "conversation_id", [](auto&) {}));
  rows.push_back(bad<pb::MarkReadRequest>("Chat/MarkRead", "conversation_id", [](auto&) {}));
  rows.push_back(bad<pb::MarkReadRequest>("Chat/MarkRead", "seq", [](auto& r) {
    r.set_conversation_id(1);
    r.set_seq(-1);
  }));
  const auto remove = [](const std::function<void(pb::DeleteMessagesRequest&)>& spoil,
                         const std::string& field) {
    return bad<pb::DeleteMessagesRequest>("Chat/DeleteMessages", field, [&](auto& r) {
      good_write(r);
      r.set_conversation_id(1);
      spoil(r);
    });
  };
  rows.push_back(remove([](auto&) {}, "seqs"));
  rows.push_back(remove([](auto& r) { r.add_seqs(0); }, "seqs"));
  rows.push_back(remove(
      [](auto& r) {
        for (int i = 1; i <= 201; ++i) r.add_seqs(i);
      },
      "seqs"));
  rows.push_back(bad<pb::VoidRequest>("Chat/Void", "request_id",
                                      [](auto& r) { r.set_request_id("17 bytes, is it?!"); }));
  rows.push_back(bad<pb::SubscribeRequest>("Chat/Subscribe", "after.epoch",
                                           [](auto& r) { r.mutable_after()->set_index(4); }));
  rows.push_back(bad<pb::WatchServersRequest>(
      "Cluster/WatchServers", "client", [](auto& r) { r.set_client(std::string(129, 'c')); }));
  rows.push_back(bad<pb::JoinNetworkRequest>("Cluster/JoinNetwork", "server_id",
                                             [](auto& r) { r.set_address("127.0.0.1:5101"); }));
  for (const char* address : {"", "host", "host:", ":5101", "host:0", "host:70000", "a b:1"}) {
    rows.push_back(bad<pb::JoinNetworkRequest>("Cluster/JoinNetwork", "address", [&](auto& r) {
      r.set_server_id(5);
      r.set_address(address);
    }));
  }
  rows.push_back(bad<pb::LeaveNetworkRequest>("Cluster/LeaveNetwork", "server_id", [](auto&) {}));

  // Text that is no UTF-8.
  const std::vector<std::tuple<std::string, int, std::string>> texts = {
      {"Chat/CreateAccount", 2, "name"},
      {"Chat/CreateAccount", 3, "password"},
      {"Chat/CreateAccount", 4, "display_name"},
      {"Chat/LogIn", 1, "name"},
      {"Chat/LogIn", 2, "password"},
      {"Chat/LogIn", 3, "device"},
      {"Chat/ListAccounts", 2, "pattern"},
      {"Chat/ListAccounts", 3, "after_name"},
      {"Chat/DeleteAccount", 2, "password"},
      {"Chat/OpenDirect", 2, "name"},
      {"Chat/Send", 3, "body"},
      {"Cluster/WatchServers", 1, "client"},
      {"Cluster/JoinNetwork", 2, "address"}};
  for (const auto& [method, number, field] : texts) {
    rows.push_back({"/starling.v1." + method, text_field(number, kBadText), field});
  }
  return rows;
}

using Validation = TransportTest;

TEST_F(Validation, EveryBadFieldIsNamed) {
  const Session ada = account("ada");
  for (const Bad& row : table()) {
    const bool streams = row.path.ends_with("Subscribe") || row.path.ends_with("WatchServers") ||
                         row.path.ends_with("JoinNetwork");
    const Answer answer = RawCall::run(channel_, row.path, row.bytes, ada.bearer, streams);
    const std::string what = row.path + " " + row.field;
    EXPECT_EQ(answer.status.error_code(), grpc::StatusCode::INVALID_ARGUMENT) << what;
    EXPECT_EQ(answer.detail().reason(), pb::REASON_INVALID_FIELD) << what;
    EXPECT_EQ(answer.detail().field(), row.field) << what;
    EXPECT_NE(answer.status.error_message().find(row.field), std::string::npos) << what;
    EXPECT_FALSE(answer.detail().retryable()) << what;
  }
}

TEST_F(Validation, BytesThatAreNoMessageAreRefused) {
  const std::string garbage = "\xff\xff\xff\xff garbage";
  for (const char* method :
       {"Chat/Send", "Chat/LogIn", "Chat/Subscribe", "Cluster/HealthCheck", "Cluster/JoinNetwork",
        "Peer/RequestVote", "Peer/UpdateServerList", "Peer/FetchSnapshot"}) {
    const Answer answer = RawCall::run(channel_, std::string("/starling.v1.") + method, garbage, "",
                                       std::string(method).ends_with("Subscribe"));
    EXPECT_EQ(answer.status.error_code(), grpc::StatusCode::INVALID_ARGUMENT) << method;
  }
}

TEST_F(Validation, UnknownFieldsAreIgnored) {
  const Session ada = account("ada");
  const Answer answer = RawCall::run(channel_, "/starling.v1.Chat/ListConversations",
                                     text_field(15, "from the future"), ada.bearer, false);
  EXPECT_TRUE(answer.status.ok()) << answer.status.error_message();
}

TEST_F(Validation, AnOversizedMessageEndsTheCallNotTheServer) {
  const Session ada = account("ada");
  const Answer answer = RawCall::run(channel_, "/starling.v1.Chat/Send", std::string(5u << 20, 'x'),
                                     ada.bearer, false);
  EXPECT_EQ(answer.status.error_code(), grpc::StatusCode::RESOURCE_EXHAUSTED);
  pb::ListConversationsResponse response;
  expect_ok(call(&pb::Chat::Stub::ListConversations, pb::ListConversationsRequest(), response,
                 ada.bearer));
}

TEST_F(Validation, ABadSendOnAStreamIsAnsweredAndTheStreamGoesOn) {
  const Session ada = account("ada");
  account("bob");
  const std::int64_t conversation = open_direct(ada, "bob");
  grpc::ClientContext context;
  context.AddMetadata("authorization", ada.bearer);
  const auto stream = chat_->SendStream(&context);
  auto request = write_request<pb::SendRequest>();
  request.set_conversation_id(conversation);
  ASSERT_TRUE(stream->Write(request));
  pb::SendStreamResponse response;
  ASSERT_TRUE(stream->Read(&response));
  EXPECT_EQ(response.request_id(), request.write().request_id());
  EXPECT_EQ(response.code(), grpc::StatusCode::INVALID_ARGUMENT);
  EXPECT_EQ(response.detail().field(), "body");
  request.set_body("good");
  ASSERT_TRUE(stream->Write(request));
  ASSERT_TRUE(stream->Read(&response));
  EXPECT_EQ(response.code(), 0);
  stream->WritesDone();
  EXPECT_FALSE(stream->Read(&response));
  expect_ok(stream->Finish());
}

}  // namespace
}  // namespace starling::transport
