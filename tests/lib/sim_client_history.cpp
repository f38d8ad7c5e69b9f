// The subscriber of a model client, and its ledger against what a server holds at the end.
#include <map>

#include "tests/lib/random.h"
#include "tests/lib/sim_client.h"
#include "tests/lib/sim_world.h"

namespace starling::sim {

namespace {
constexpr int kPage = 20;

// What must be the same for whoever sees this event, whenever and wherever. The body is left out: a
// message deleted since arrives as a tombstone (R5.4).
SeenEvent seen(const chat::Event& event) {
  std::uint64_t identity =
      mix(static_cast<std::uint64_t>(event.kind), static_cast<std::uint64_t>(event.conversation));
  identity = mix(identity, static_cast<std::uint64_t>(event.message.id));
  identity = mix(identity, static_cast<std::uint64_t>(event.message.seq));
  identity =
      mix(identity,
          digest(std::string_view(reinterpret_cast<const char*>(event.message.request_id.data()),
                                  event.message.request_id.size())));
  identity = mix(identity, static_cast<std::uint64_t>(event.seq));
  identity = mix(identity, static_cast<std::uint64_t>(event.subject));
  return {event.position.index, event.position.ordinal, identity};
}
}  // namespace

void SimClient::poll_events() {
  world_.scheduler.after(world_.random.range(30'000, 400'000), [this] {
    // Another server each time, with the cursor alone: what a reconnect does.
    const int number = world_.some_up_node();
    if (account_ != 0 && number != 0 && !down_) {
      take_events(world_.node(number));
      if (world_.random.per_mille(400)) {
        saved_cursor_ = cursor_;
        saved_seen_ = seen_.size();
      }
    }
    poll_events();
  });
}

void SimClient::take_events(SimNode& node) {
  // A server behind the cursor waits (R5.4).
  if (node.applied_index() < cursor_.index) return;
  std::vector<chat::Event> events;
  chat::Position reached;
  const auto status = node.reader().events_after(account_, cursor_, kPage, events, reached);
  if (!status.ok()) violated("reader", status.message());
  for (const chat::Event& event : events) {
    if (event.position <= cursor_) {
      violated("P5 order", "client " + std::to_string(number_) + " gets event " +
                               std::to_string(event.position.index) + " again or out of order");
    }
    cursor_ = event.position;
    seen_.push_back(seen(event));
    ++world_.stats.events;
  }
  if (reached > cursor_) cursor_ = reached;
}

void SimClient::check_history(SimNode& node) {
  const std::string who = "client " + std::to_string(number_);
  while (true) {
    const std::size_t before = seen_.size();
    take_events(node);
    if (seen_.size() == before) break;
  }
  // P5: every event once, in order, whichever servers they came from.
  std::vector<SeenEvent> all;
  std::vector<chat::Event> told;
  chat::Position position;
  while (true) {
    std::vector<chat::Event> page;
    chat::Position reached;
    const auto status =
        node.reader().events_after(account_, position, chat::kMaxPage, page, reached);
    if (!status.ok()) violated("reader", status.message());
    for (const auto& event : page) all.push_back(seen(event));
    if (page.empty()) break;
    position = page.back().position;
    told.insert(told.end(), page.begin(), page.end());
  }
  world_.invariants.model().compare_told(node, account_, told);
  if (all != seen_) {
    violated("P5 subscriber", who + " saw " + std::to_string(seen_.size()) + " events of " +
                                  std::to_string(all.size()) + ", or others");
  }
  for (const Talk& talk : talks_) {
    std::map<chat::RequestId, chat::Seq> stored;
    chat::Seq expected = 1;
    bool more = true;
    while (more) {
      std::vector<chat::Message> page;
      const auto status =
          node.reader().messages_after(talk.id, expected - 1, chat::kMaxPage, page, more);
      if (!status.ok()) violated("reader", status.message());
      for (const auto& message : page) {
        if (message.seq != expected) violated("P4 gapless", who + " finds a gap at the end");
        ++expected;
        if (!stored.emplace(message.request_id, message.seq).second) {
          violated("P3 exactly once", who + " finds a message twice");
        }
      }
      if (page.empty()) more = false;
    }
    chat::Seq last = 0;
    for (const Op* op : talk.sends) {
      const auto found = stored.find(op->id);
      if (op->voided) {
        if (found != stored.end()) violated("R4.3 void", who + " finds a voided message");
        continue;
      }
      if (op->outcome.code != chat::Code::kOk) {
        if (found != stored.end()) violated("P3 answer", who + " finds a message that was refused");
        continue;
      }
      if (found == stored.end()) violated("P1 lost", who + " misses an acknowledged message");
      if (found->second != op->outcome.seq) violated("P4 order", who + " finds another seq");
      if (found->second <= last) violated("P4 FIFO", who + " finds its messages reordered");
      last = found->second;
    }
  }
}

}  // namespace starling::sim
