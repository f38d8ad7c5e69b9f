// Writes the first inputs of each target's corpus, made by the encoders of the product itself; what
// else is in the corpus was found from them (fuzz.py --merge).
// Usage: fuzz_seeds DIRECTORY
#include <filesystem>
#include <fstream>

#include "server/transport/convert.h"
#include "tests/fuzz/people.h"

namespace starling::fuzz {
namespace {

namespace pb = transport::pb;

class Corpus {
 public:
  explicit Corpus(std::string folder) : folder_(std::move(folder)) {}

  void target(const std::string& name) {
    target_ = folder_ + "/" + name;
    std::filesystem::create_directories(target_);
    count_ = 0;
  }
  void add(const Maker& input) { add(input.bytes()); }
  void add(const std::string& input) {
    std::ofstream out(target_ + "/seed-" + std::to_string(++count_), std::ios::binary);
    out << input;
    FUZZ_HOLDS(out.good());
  }

 private:
  std::string folder_;
  std::string target_;
  int count_ = 0;
};

// ---- peer_messages: settings, then one thing after the other (see its one_thing())

std::string wire(core::MessageBody body, core::Term term) {
  core::Message message{7, 1, 1, 3, term, std::move(body)};
  pb::PeerMessage out;
  transport::to_wire(message, out);
  return out.SerializeAsString();
}

void peer_messages(Corpus& corpus) {
  corpus.target("peer_messages");
  auto entry = std::make_shared<core::Entry>();
  *entry = {2, 5, core::EntryKind::kCommand, 1'700'000'000'000, "said"};
  const std::vector<std::pair<core::MessageBody, core::Term>> said = {
      {core::VoteRequest{true, false, 9, 9}, 3},
      {core::VoteRequest{false, true, 9, 9}, 3},
      {core::VoteResponse{true, true}, 2},
      {core::AppendRequest{4, 2, {entry}, 5, 0}, 2},
      {core::AppendRequest{9, 2, {}, 5, 0}, 2},
      {core::HeartbeatRequest{1, 4, 1, 4, 99}, 2},
      {core::InstallSnapshot{9, 2}, 2},
      {core::TimeoutNow{}, 2},
      {core::ReadIndexRequest{5}, 2},
  };
  Maker follower;
  follower.u8(0x30).u8(2).u8(0);
  for (const auto& [body, term] : said) {
    follower.u8(1).text(wire(body, term)).u8(4).u8(3).u8(6).u8(8);
  }
  corpus.add(follower);
  Maker leader;
  leader.u8(0x30).u8(4).u8(2).u8(4).u8(3);
  for (int from : {0, 1}) {
    leader.u8(1).text(wire(core::AppendResponse{true, 5, 0, 0, 0}, 3)).u8(9).u8(0).u8(2);
    leader.u8(4).u8(3).u8(12).u8(from + 1).u8(3).u8(1).u8(3).u8(0).u8(0).u8(0).u8(0);
    leader.u8(12).u8(from + 1).u8(5).u8(1).u64(1'700'000'000'000).u8(1).u8(0).u8(0);
    leader.u8(6).u8(8).u8(8).u8(20).u8(9).u8(3).u8(1).u16(0).u8(7).u8(3);
  }
  corpus.add(leader);
  // Members come and go under a leader that has committed its first entry.
  Maker members = leader;
  for (int op = 0; op < 4; ++op) members.u8(9).u8(2).u8(op).u8(4).u8(4).u8(3).u8(3);
  corpus.add(members);
  Maker candidate;
  candidate.u8(0x56).u8(3).u8(2).u8(1).u8(4).u8(1);
  for (int i = 0; i < 6; ++i)
    candidate.u8(3).u8(4).u8(1).u8(12).u8(1).u8(i).u8(1).u8(1).u8(0).u8(0);
  corpus.add(candidate);
}

// ---- presence_news: one thing after the other (see its one_thing())

void presence_news(Corpus& corpus) {
  corpus.target("presence_news");
  presence::News news;
  news.boot = 5;
  news.version = 3;
  news.whole = true;
  news.pages = 2;
  news.entries = {{3, {presence::State::kOnline, 0}}, {4, {presence::State::kAway, 0}}};
  Maker whole;
  for (news.page = 0; news.page < 2; ++news.page) {
    pb::PresenceNews wire;
    transport::to_wire(news, wire);
    whole.u8(9).u8(1).text(wire.SerializeAsString());
  }
  news.whole = false;
  news.base = 3;
  news.version = 4;
  news.entries = {{3, {presence::State::kOffline, 1'699'999'999'000}}};
  pb::PresenceNews change;
  transport::to_wire(news, change);
  whole.u8(9).u8(1).text(change.SerializeAsString()).u8(6).u8(2).u16(20'000).u8(6);
  corpus.add(whole);
  presence::SeenPage page{0, {{7, {presence::State::kOffline, 1'699'999'999'000}}}, true};
  pb::PresenceNews seen;
  transport::to_wire(page, seen);
  Maker own;
  own.u8(0).u8(1).u8(5).u8(1).u8(4).u8(2).u8(6).u8(1).u8(5).u8(0);
  own.u8(9).u8(2).text(seen.SerializeAsString()).u8(3).u8(2).u8(2).u16(20'000).u8(1).u8(1).u8(0);
  corpus.add(own);
}

// ---- client_requests: who, then requests: which, where the bytes are cut, the bytes

pb::WriteHeader write_header(std::uint64_t number) {
  pb::WriteHeader header;
  header.set_request_id(transport::to_bytes(request_id(number)));
  header.set_as_of_ms(kStartMs);
  return header;
}

Maker& request(Maker& maker, int which, const google::protobuf::Message& message) {
  return maker.u8(which).u8(9).text(message.SerializeAsString());
}

void client_requests(Corpus& corpus) {
  corpus.target("client_requests");
  const chat::ConversationId conversation = People::get().conversation;
  pb::CreateAccountRequest create;
  *create.mutable_write() = write_header(101);
  create.set_name("eve");
  create.set_password("correct horse");
  create.set_display_name("Eve \xc3\xa9");
  pb::LogInRequest log_in;
  log_in.set_name("ada");
  log_in.set_password("correct horse");
  log_in.set_device("phone");
  pb::ListAccountsRequest accounts;
  accounts.mutable_read()->set_level(pb::READ_LEVEL_STALE);
  accounts.mutable_read()->set_max_staleness_ms(5);
  accounts.set_pattern("*a?");
  accounts.set_after_name("a");
  pb::DeleteAccountRequest remove;
  *remove.mutable_write() = write_header(102);
  remove.set_password("correct horse");
  pb::OpenDirectRequest open;
  *open.mutable_write() = write_header(103);
  open.set_name("cyd");
  pb::SendRequest send;
  *send.mutable_write() = write_header(104);
  send.set_conversation_id(conversation);
  send.set_body("hello \xf0\x9f\x90\xa6");
  pb::SendRequest second = send;
  *second.mutable_write() = write_header(105);
  second.set_after_request_id(send.write().request_id());
  pb::ListMessagesRequest messages;
  messages.set_conversation_id(conversation);
  messages.set_forward(true);
  messages.set_after_seq(1);
  pb::ReadUnreadRequest unread;
  unread.set_conversation_id(conversation);
  unread.set_limit(10);
  pb::MarkReadRequest mark;
  mark.set_conversation_id(conversation);
  mark.set_seq(2);
  pb::DeleteMessagesRequest erase;
  *erase.mutable_write() = write_header(106);
  erase.set_conversation_id(conversation);
  erase.add_seqs(1);
  pb::SubscribeRequest subscribe;
  subscribe.mutable_after()->set_epoch(1);
  subscribe.mutable_after()->set_index(3);
  pb::PresenceRequest watch;
  watch.mutable_watch()->add_account_ids(1);
  watch.mutable_watch()->add_account_ids(2);
  pb::PresenceRequest types;
  types.set_typing(conversation);
  pb::VoidRequest never;
  never.set_request_id(transport::to_bytes(request_id(104)));
  pb::JoinNetworkRequest join;
  join.set_server_id(9);
  join.set_address("127.0.0.1:5104");
  pb::LeaveNetworkRequest leave;
  leave.set_server_id(9);
  pb::UpdateServerListRequest update;
  pb::Server& server = *update.mutable_servers()->add_servers();
  server.set_id(1);
  server.set_address("h:1");
  server.set_role(pb::ROLE_PRIMARY);
  Maker accounts_only;
  request(request(request(accounts_only.u8(0), 0, create), 1, log_in), 3, accounts);
  request(request(accounts_only, 5, open), 4, remove);
  corpus.add(accounts_only);
  Maker talk;
  request(request(request(talk.u8(0), 7, send), 7, second), 7, send);
  request(request(request(talk, 8, messages), 9, unread), 10, mark);
  request(request(request(talk, 11, erase), 12, subscribe), 13, never);
  request(request(talk, 42, watch), 42, types);
  corpus.add(talk);
  Maker servers;
  request(request(request(servers.u8(1), 16, join), 17, leave), 19, update);
  corpus.add(servers);
}

// ---- chat_commands: the batch, then entries: how they are made, and of what

void chat_commands(Corpus& corpus) {
  corpus.target("chat_commands");
  const People& people = People::get();
  const chat::RequestKey key{request_id(30), kStartMs, 1};
  const std::vector<chat::Command> commands = {
      chat::CreateAccount{key, "eve", "Eve", "hash"},
      chat::Send{key, people.actors[0], people.conversation, "hello", std::nullopt, 0},
      chat::Send{key, people.actors[1], people.conversation, "hello", request_id(1), 0},
      chat::MarkRead{people.actors[1], people.conversation, 2},
      chat::DeleteMessages{key, people.actors[0], people.conversation, {1, 3}},
      chat::Void{people.actors[0], request_id(31)},
      chat::OpenDirect{key, people.actors[2], people.actors[0].account},
      chat::LogOut{people.actors[1]},
      chat::DeleteAccount{key, people.actors[0], 1},
      chat::LogIn{people.actors[2].account, 1, {}, "phone"},
      chat::CreateGroup{key, people.actors[0], "title", {people.actors[1].account}},
      chat::AddMembers{key, people.actors[0], people.conversation, {people.actors[2].account}},
      chat::SetRole{key, people.actors[0], people.conversation, people.actors[1].account,
                    chat::MemberRole::kAdmin},
      chat::RemoveMember{key, people.actors[1], people.conversation, people.actors[1].account},
      chat::RenameGroup{key, people.actors[0], people.conversation, "other"},
      chat::DissolveGroup{key, people.actors[0], people.conversation},
      chat::EditMessage{key, people.actors[0], people.conversation, 1, "hi @bob"},
      chat::React{key, people.actors[1], people.conversation, 1, "+1", true},
      chat::HideMessages{people.actors[1], people.conversation, {1}},
      chat::MarkDelivered{people.actors[1], {people.conversation}, {2}},
      chat::SetDraft{key, people.actors[0], people.conversation, "half", 1},
      chat::SetProfile{key, people.actors[0], "Ada", "about"},
      chat::ChangePassword{key, people.actors[0], 1, "hash"},
      chat::EndSession{people.actors[0], 1},
      chat::SetBlock{key, people.actors[0], people.actors[2].account, true},
  };
  Maker whole;
  whole.u8(5);
  for (const chat::Command& command : commands) {
    const std::string bytes = chat::encode(command);
    corpus.add(bytes);
    whole.u8(0x30).text(bytes);
  }
  corpus.add(whole);
  chat::Outcome outcome;
  outcome.code = chat::Code::kNotFound;
  outcome.text = "no such account";
  corpus.add(chat::encode(outcome));
  Maker made;
  made.u8(3);
  for (int kind = 0; kind < 9; ++kind) {
    made.u8(0).u8(kind).u8(kind % 3).u8(1).u8(kind).u8(1).u8(1).u8(3).raw("eve").u8(1).u8(2);
  }
  corpus.add(made);
  Maker days;
  days.u8(1).u8(1).u16(2000).u8(5).u8(0).u8(1).u8(7).u8(0).u8(1).u8(2).raw("hi").u8(0);
  days.u8(2).u64(~std::uint64_t{0} >> 1).u8(2).u8(0).u8(3);
  corpus.add(days);
}

// ---- The rest: which of the target's checks, then its bytes

void small_formats(Corpus& corpus) {
  corpus.target("small_formats");
  const core::Configuration members{{{1, "127.0.0.1:5101", true}, {2, "h:5102", false}}};
  corpus.add(Maker().u8(0).raw(core::encode(members)));
  corpus.add(Maker().u8(1).u8(3).u8(4).raw("h:12").u8(1).u8(2).u8(0).u8(0));
  pb::Cursor cursor;
  transport::to_wire(transport::History{2, 1}, chat::Position{9, 3}, cursor);
  corpus.add(Maker().u8(2).u8(2).u8(1).raw(cursor.SerializeAsString()));
  transport::ServerList list;
  list.cluster = 7;
  list.primary = 1;
  list.servers.push_back(
      {1, "h:1", transport::ServerRole::kPrimary, transport::ServerHealth::kSuspect, true});
  pb::ServerList wire_list;
  transport::to_wire(list, wire_list);
  corpus.add(Maker().u8(3).raw(wire_list.SerializeAsString()));
  pb::LogEntry entry;
  transport::to_wire(core::Entry{3, 4, core::EntryKind::kConfiguration, 5, core::encode(members)},
                     entry);
  corpus.add(Maker().u8(4).raw(entry.SerializeAsString()));
}

void identity_and_vote(Corpus& corpus) {
  corpus.target("identity_and_vote");
  const std::string text =
      "starling identity v1\nid 000000000000002a\ncluster 0000000000000007\nepoch 1\njoining no\n"
      "address 127.0.0.1:5101";
  corpus.add(Maker().u8(0).raw(text + "\nchecksum 0000000000000000\n"));
  corpus.add(Maker().u8(1).raw(text));
  corpus.add(Maker()
                 .u8(2)
                 .u64(42)
                 .u8(1)
                 .u8(1)
                 .u8(0)
                 .u16(9)
                 .raw("127.0.0.1")
                 .u8(1)
                 .u8(0)
                 .number(30, 3)
                 .u8(1));
  corpus.add(Maker().u8(3).raw(std::string(64, '\0')));
  corpus.add(Maker().u8(4).u8(2).u8(1).u8(3).u8(1).u8(2).u8(1).u8(0).number(4100, 3).u8(1));
}

void log_file(Corpus& corpus) {
  corpus.target("log_file");
  for (const std::uint64_t at : {20ULL, 100ULL, 4100ULL, 9000ULL, 20000ULL}) {
    corpus.add(Maker().u8(0).u8(1).u8(1).u8(0).number(at, 3).u8(0x10));
    corpus.add(Maker().u8(1).u8(6).u8(1).u8(0).number(at, 3).u8(0x10));
  }
  corpus.add(Maker().u8(0).u8(2).u8(1).u8(0xF0).number(9000, 3));
  corpus.add(
      Maker().u8(0).u8(3).u8(1).u8(0xE0).number(4096, 3).u16(512).u8(1).u8(0xF0).number(8000, 3));
  const core::Configuration members{{{3, "127.0.0.1:5101", true}}};
  corpus.add(
      Maker().u8(2).u8(4).u8(2).text(core::encode(members)).u8(8).text("entry").u8(0x80).text(""));
  corpus.add(Maker().u8(2).u8(0).text("").u8(1).u64(9).text("").u8(4).u8(9).text(""));
}

void snapshot_chunks(Corpus& corpus) {
  corpus.target("snapshot_chunks");
  corpus.add(Maker().u8(0).u8(0).u8(1).u8(10).u8(64).u8(4).raw("four").u8(64).u8(6).raw("sixsix"));
  corpus.add(Maker().u8(0).u8(1).u8(1).u64(~std::uint64_t{0}).u8(65).u64(9).u8(4).raw("four"));
  corpus.add(
      Maker().u8(1).u8(20).u8(1).u8(5).u8(10).u8(64).u8(4).raw("four").u8(64).u8(6).raw("sixsix"));
  pb::FetchSnapshotResponse answer;
  answer.mutable_header()->set_snapshot_id(1);
  answer.mutable_header()->set_size(4);
  corpus.add(Maker().u8(1).u8(0).text(answer.SerializeAsString()).u8(64).u8(4).raw("four"));
  corpus.add(Maker().u8(2).u8(0));
  for (const std::uint64_t at : {30ULL, 9000ULL, 40000ULL, 70000ULL}) {
    corpus.add(Maker().u8(2).u8(1).u8(0).number(at, 3).u8(1));
  }
}

void server_answers(Corpus& corpus) {
  corpus.target("server_answers");
  pb::SubscribeResponse events;
  pb::Event& event = *events.add_events();
  event.set_kind(pb::EVENT_KIND_PEER_READ);
  event.mutable_message()->set_body("hello");
  event.mutable_cursor()->set_epoch(1);
  corpus.add(Maker().u8(0).raw(events.SerializeAsString()));
  pb::ListMessagesResponse messages;
  messages.add_messages()->set_request_id("0123456789abcdef");
  corpus.add(Maker().u8(1).raw(messages.SerializeAsString()));
  pb::ErrorDetail detail;
  detail.set_reason(pb::REASON_NOT_PRIMARY);
  detail.set_retryable(true);
  detail.set_primary_address("h:1");
  pb::SendStreamResponse failed;
  failed.set_code(14);
  *failed.mutable_detail() = detail;
  corpus.add(Maker()
                 .u8(2)
                 .u8(14)
                 .u8(1)
                 .text("no")
                 .text(detail.SerializeAsString())
                 .raw(failed.SerializeAsString()));
  Maker news;
  news.u8(3).u8(1).u8(0).u8(0).u8(0).u8(1).u8(1).u8(1).u8(1).u8(1).u8(2).u8(0).u8(1);
  news.u8(1).u8(1).u8(1).u8(3).u8(3).u8(0).u8(8).u8(0).u8(1).u64(9).u8(0);
  corpus.add(news);
}

void texts(Corpus& corpus) {
  corpus.target("texts");
  corpus.add(Maker().u8(0).u8(5).raw("*a?a*").u8(5).raw("adada"));
  corpus.add(Maker().u8(1).raw("plain \xc3\xa4 \xe2\x82\xac \xf0\x9f\x90\xa6 \xed\xa0\x80"));
  corpus.add(Maker()
                 .u8(2)
                 .text("\x1b[2J \xe2\x80\xae \xf0\x9f\x90\xa6")
                 .u8('a')
                 .u8(40)
                 .u8(0x83)
                 .u8(9)
                 .u8(0xF0)
                 .u8(0));
  corpus.add(Maker().u8(3).text("127.0.0.1:5101").text("localhost:5101").text("[::1]:80"));
}

void searches(Corpus& corpus) {
  corpus.target("searches");
  corpus.add(Maker().text("red fo").raw("the red fox"));
  corpus.add(Maker().text("\"red fox\" from:ada after:2026-11-26").raw("a red fox ran"));
  corpus.add(Maker().text("\xe5\x8c\x97\xe4\xba\xac").raw("\xe5\x8e\xbb\xe5\x8c\x97\xe4\xba\xac"));
  corpus.add(Maker().text("\xf0\x9f\x8e\x89*").raw("party \xf0\x9f\x8e\x89"));
  corpus.add(Maker().text("a\" OR words:\"b* {x} ^ NEAR(").raw("\x01 a b \x02"));
}

}  // namespace
}  // namespace starling::fuzz

int main(int count, char** words) {
  using namespace starling::fuzz;
  if (count != 2) {
    std::fprintf(stderr, "usage: fuzz_seeds DIRECTORY\n");
    return 2;
  }
  Corpus corpus(words[1]);
  peer_messages(corpus);
  client_requests(corpus);
  presence_news(corpus);
  chat_commands(corpus);
  small_formats(corpus);
  identity_and_vote(corpus);
  log_file(corpus);
  snapshot_chunks(corpus);
  server_answers(corpus);
  texts(corpus);
  searches(corpus);
  return 0;
}
