// What a server, or something that passes for one, may answer to the SDK: the answers' conversion,
// the meaning of its errors, and what the client believes of the cluster. The client goes on, its
// news never get older, and there is always an address to try.
#include <tuple>

#include "sdk/src/convert.h"
#include "sdk/src/errors.h"
#include "sdk/src/view.h"
#include "starling/v1/chat.pb.h"
#include "starling/v1/cluster.pb.h"
#include "tests/fuzz/fuzz.h"
#include "tests/fuzz/wire.h"

namespace starling::fuzz {
namespace {

template <typename Response>
bool parse(std::string_view bytes, Response& response) {
  return response.ParseFromArray(bytes.data(), static_cast<int>(bytes.size()));
}

void events(std::string_view bytes) {
  v1::SubscribeResponse response;
  if (!parse(bytes, response)) return;
  for (const v1::Event& wire : response.events()) {
    const Event event = sdk::from_wire(wire);
    FUZZ_HOLDS(event.kind >= EventKind::kMessage && event.kind <= EventKind::kOther);
    FUZZ_HOLDS(event.message.body == wire.message().body());
    v1::Cursor cursor;
    sdk::to_wire(event.cursor, &cursor);
    FUZZ_HOLDS(sdk::from_wire(cursor) == event.cursor);
  }
}

void lists(std::string_view bytes) {
  v1::ListMessagesResponse messages;
  if (parse(bytes, messages)) {
    for (const v1::Message& one : messages.messages()) {
      const Message message = sdk::from_wire(one);
      FUZZ_HOLDS(message.request_id == one.request_id());
      FUZZ_HOLDS(message.kind >= MessageKind::kText && message.kind <= MessageKind::kOther);
      FUZZ_HOLDS(message.reactions.size() == static_cast<std::size_t>(one.reactions_size()));
    }
  }
  v1::ListAccountsResponse accounts;
  if (parse(bytes, accounts)) {
    for (const v1::Account& one : accounts.accounts()) {
      FUZZ_HOLDS(sdk::from_wire(one).name == one.name());
    }
  }
  v1::ListConversationsResponse conversations;
  if (parse(bytes, conversations)) {
    for (const v1::Conversation& one : conversations.conversations()) {
      FUZZ_HOLDS(sdk::from_wire(one).title == one.title());
    }
  }
  v1::ListMembersResponse members;
  if (parse(bytes, members)) {
    for (const v1::Member& one : members.members()) {
      const Member member = sdk::from_wire(one);
      FUZZ_HOLDS(member.account.name == one.account().name());
      FUZZ_HOLDS(member.role >= MemberRole::kMember && member.role <= MemberRole::kOwner);
    }
  }
  v1::ListSessionsResponse sessions;
  if (parse(bytes, sessions)) {
    for (const v1::SessionInfo& one : sessions.sessions()) {
      FUZZ_HOLDS(sdk::from_wire(one).device == one.device());
    }
  }
  v1::ListEditsResponse edits;
  if (parse(bytes, edits)) {
    for (const v1::Edit& one : edits.edits()) FUZZ_HOLDS(sdk::from_wire(one).body == one.body());
  }
}

void failed(const sdk::Failure& failure) {
  const Error error = sdk::to_error(failure);
  FUZZ_HOLDS(!error.message.empty());
  FUZZ_HOLDS(std::string(to_string(error.code)) != "unknown error");
  FUZZ_HOLDS(!(sdk::unknown_call(failure) && error.retryable));
  FUZZ_HOLDS(!failure.typed || !sdk::broken_connection(failure));
  FUZZ_HOLDS(!sdk::strange_error("h:1", failure).message.empty());
}

// As a call's status with its details, and as an answer on a stream of sends.
void errors(Bytes& in) {
  const auto code = static_cast<int>(in.upto(16));  // gRPC gives no other.
  const bool reached = in.flag();
  const std::string text(in.text());
  const std::string details(in.text());
  if (code != 0)
    failed(sdk::classify({static_cast<grpc::StatusCode>(code), text, details}, reached));
  v1::SendStreamResponse answer;
  if (!parse(in.rest(), answer) || answer.code() == 0) return;
  const sdk::Failure failure = sdk::classify(answer.code(), answer.error(), answer.detail());
  FUZZ_HOLDS(failure.typed == (answer.detail().reason() != v1::REASON_UNSPECIFIED));
  failed(failure);
  sdk::is_outcome(answer.detail().reason());
}

auto age_of(const ServerList& list) { return std::tie(list.epoch, list.term, list.version); }

const char* some_address(Bytes& in) {
  static const char* const kAddresses[] = {"a:1", "b:1", "c:1", "d:1"};
  return kAddresses[in.upto(3)];
}

ServerList some_list(Bytes& in) {
  if (in.flag()) {
    v1::WatchServersResponse response;
    return parse(in.text(), response) ? sdk::from_wire(response.servers()) : ServerList();
  }
  ServerList list;
  list.cluster_id = in.upto(2);
  list.epoch = in.upto(3);
  list.term = in.upto(7);
  list.version = in.upto(7);
  list.primary_id = in.upto(3);
  for (std::uint64_t i = in.upto(3); i > 0; --i) {
    Server server;
    server.id = i;
    server.address = some_address(in);
    list.servers.push_back(server);
  }
  return list;
}

void heard_list(const ServerList& list, const std::string& address, sdk::View& view, bool& anew) {
  if (view.of_other_cluster(list)) {
    view.heard_other(address, list.cluster_id);
    anew = view.replaced_by(list.cluster_id);
    if (!anew) return;
    view.begin_anew();
  }
  const ServerList before = view.list();
  const bool taken = view.accept(list);
  if (taken) FUZZ_HOLDS(age_of(view.list()) == age_of(list));
  if (!anew) FUZZ_HOLDS(age_of(view.list()) >= age_of(before));
}

void one_piece_of_news(Bytes& in, sdk::View& view, bool& anew) {
  const std::uint64_t what = in.upto(8);
  const std::string address = some_address(in);
  switch (what) {
    case 0:
      return heard_list(some_list(in), address, view, anew);
    case 1:
      return view.primary_heard(address, in.upto(3), in.upto(7));
    case 2:
      return view.hint(address);
    case 3:
      return view.mark_lost(address);
    case 4:
      return view.mark_live(address);
    case 5:
      return view.avoid(address, sdk::milliseconds(in.u8()));
    case 6:
      return view.heard_own(address);
    case 7: {
      v1::ResponseHeader header;
      if (parse(in.text(), header)) view.heard(header);
      return;
    }
    default:
      return view.heard(Cursor{in.upto(3), in.u64(), 0, in.upto(2)});
  }
}

void news(Bytes& in) {
  sdk::View view({"a:1", "b:1"}, in.flag());
  while (!in.empty()) {
    const v1::ReadToken token = view.token();
    const std::int64_t as_of_ms = view.as_of_ms();
    bool anew = false;
    one_piece_of_news(in, view, anew);
    // Within a history, what was seen once is never forgotten. They are numbered from 1.
    if (!anew) {
      FUZZ_HOLDS(token.epoch() == 0 || view.token().epoch() != token.epoch() ||
                 view.token().index() >= token.index());
      FUZZ_HOLDS(view.as_of_ms() >= as_of_ms);
    }
    if (view.others().empty()) FUZZ_HOLDS(!view.pick("a:1").empty());
    for (const std::string& one : view.candidates()) FUZZ_HOLDS(!one.empty());
    FUZZ_HOLDS(!view.candidates().empty());
    view.pick_stream();
  }
}

}  // namespace
}  // namespace starling::fuzz

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  using namespace starling::fuzz;
  Bytes in(data, size);
  switch (in.upto(3)) {
    case 0:
      events(in.rest());
      break;
    case 1:
      lists(in.rest());
      break;
    case 2:
      errors(in);
      break;
    default:
      news(in);
  }
  return 0;
}
