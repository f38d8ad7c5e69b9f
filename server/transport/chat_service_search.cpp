// Implements server/transport/chat_service.h: search.
#include "server/transport/chat_service.h"

namespace starling::transport {
namespace {

constexpr std::chrono::seconds kLongestCatchUp{3};

Failure failure_of(search::Answer answer, const std::string& error) {
  switch (answer) {
    case search::Answer::kNoConversation:
      return not_found(error);
    case search::Answer::kBehind:
      return lagging();
    case search::Answer::kTooLong:  // Trying again would take as long.
    case search::Answer::kInvalid:
    case search::Answer::kStopped:
    case search::Answer::kOk:
      break;
  }
  return invalid_field("query", error);
}

}  // namespace

// The index follows behind: it has to have what the read covers. Linearizable: all that is applied
// now that the barrier has been passed; else what this session has seen, or if it does not say, all
// that was applied when the call came: an index that is half made would find too little.
void ChatService::search(const CallPtr<pb::SearchRequest>& call) {
  const core::Index at_arrival = services_.backend.applied_index();
  read(call, call->request.read(), [this, call, at_arrival] {
    const std::shared_ptr<InFlight::Turn> turn =
        services_.searching.enter(call->identity.actor.account);
    if (turn == nullptr) {
      call->fail(overloaded("too many searches of this account are under way"));
      return;
    }
    const pb::ReadHeader& header = call->request.read();
    const bool all =
        header.level() == pb::READ_LEVEL_LINEARIZABLE || header.level() == pb::READ_LEVEL_STALE;
    const core::Index seen = header.after().index() != 0 ? header.after().index() : at_arrival;
    const core::Index wanted = all ? services_.backend.applied_index() : seen;
    const Deadline until = deadline_of(call->context(), kLongestCatchUp);
    services_.backend.text_search().wait_indexed(
        wanted, until, [this, call, wanted, turn](WaitError error) {
          if (error != WaitError::kNone) {
            call->fail(transport::failure_of(error));
          } else if (!services_.searchers.submit(
                         [this, call, wanted, turn] { answer_search(call, wanted, *turn); })) {
            call->fail(overloaded("too many searches are under way"));
          }
        });
  });
}

// A search that nobody waits for is not made, and one under way ends: others wait behind it, and so
// does the end of the server.
void ChatService::answer_search(const CallPtr<pb::SearchRequest>& call, core::Index covered,
                                InFlight::Turn& turn) {
  const pb::SearchRequest& asked = call->request;
  const chat::AccountId account = call->identity.actor.account;
  const auto unwanted = [this, &call] {
    return services_.ending.load() || is_given_up(call->context());
  };
  const search::Request request{
      account, asked.query(), asked.conversation_id(), asked.page(), page_limit(asked.limit()),
      unwanted};
  search::Found found;
  search::Answer answer = search::Answer::kStopped;
  std::string error;
  pb::SearchResponse response;
  sqlite::Status status;
  if (!unwanted()) {
    status = services_.backend.text_search().find(covered, request, found, answer, error);
  }
  turn.end();  // Before the answer, upon which the caller may search on.
  if (status.ok() && answer == search::Answer::kStopped) {
    call->fail(services_.ending.load()    ? draining()
               : is_late(call->context()) ? too_late()
                                          : client_gone());
    return;
  }
  ReaderPool::Lease reader = services_.backend.readers().acquire();
  if (!status.ok() || !fill_read_header(services_, *reader, *response.mutable_header())) {
    call->fail(store_failed(status.message()));
    return;
  }
  if (answer != search::Answer::kOk) {
    call->fail(failure_of(answer, error));
    return;
  }
  for (const search::Hit& hit : found.hits) {
    pb::SearchHit& out = *response.add_hits();
    to_wire(hit.message, account, *out.mutable_message());
    for (const search::Range& range : hit.ranges) {
      pb::TextRange& part = *out.add_ranges();
      part.set_begin(static_cast<std::int32_t>(range.begin));
      part.set_end(static_cast<std::int32_t>(range.end));
    }
  }
  response.set_next_page(found.next);
  call->answer(response);
}

}  // namespace starling::transport
