// A model client's reads: linearizable (P2), of a stated age (R5.3), and those of its session (P6).
#include <algorithm>
#include <string>
#include <vector>

#include "tests/lib/sim_client.h"
#include "tests/lib/sim_world.h"

namespace starling::sim {

// Of any level and anywhere, a paused server too: it finds the read when it wakes up, before it
// knows what it missed. Often where somebody believes to lead.
void SimClient::read() {
  Random& random = world_.random;
  std::vector<int> running;
  std::vector<int> leading;
  for (int i = 1; i <= world_.node_count(); ++i) {
    if (!world_.node(i).running()) continue;
    running.push_back(i);
    if (world_.node(i).state().role == core::Role::kLeader) leading.push_back(i);
  }
  if (running.empty()) return;
  const bool lead = !leading.empty() && random.per_mille(500);
  SimNode& node = world_.node(random.one_of(lead ? leading : running));
  // What it has seen by now has to be in what it will see.
  const Seen seen = seen_so_far();
  ReadDone done = [this, &node, seen, life = life_](bool ok, core::Index index) {
    if (!ok) return;
    check_revoked(node, index);
    if (life == life_) check_session(node, seen, index);
  };
  switch (random.below(3)) {
    case 0:
      node.read(std::move(done));
      return;
    case 1:
      // Only a linearizable answer, or one that waits for the token, has to show all of that.
      node.read_bounded(random.range(60'000, 600'000), [](bool, core::Index) {});
      return;
    default:
      node.read_in_session(seen.index, std::move(done));
  }
}

SimClient::Seen SimClient::seen_so_far() {
  Seen seen;
  seen.index = seen_index_;
  if (talks_.empty()) return seen;
  const Talk& talk = world_.random.one_of(talks_);
  seen.conversation = talk.id;
  seen.last_seq = talk.seen_seq;
  for (auto op = talk.sends.rbegin(); op != talk.sends.rend(); ++op) {
    if ((*op)->number < session_floor_) break;
    if (!(*op)->answered || (*op)->outcome.seq == 0) continue;
    seen.sent = (*op)->id;
    seen.sent_seq = (*op)->outcome.seq;
    break;
  }
  return seen;
}

// P6: its own writes are there, and nothing that it saw before is gone.
void SimClient::check_session(SimNode& node, const Seen& seen, core::Index index) {
  const std::string who = "client " + std::to_string(number_) + " at " + node.name();
  if (index < seen.index) violated("P6 session", who + " goes back in the log");
  seen_index_ = std::max(seen_index_, index);
  if (seen.conversation == 0) return;
  std::vector<chat::Message> page;
  bool more = false;
  auto status = node.reader().messages_before(seen.conversation, 0, 1, page, more);
  if (!status.ok()) violated("reader", status.message());
  const chat::Seq newest = page.empty() ? 0 : page.back().seq;
  if (newest < std::max(seen.last_seq, seen.sent_seq)) {
    violated("P6 session", who + " finds fewer messages than before");
  }
  for (Talk& talk : talks_) {
    if (talk.id == seen.conversation) talk.seen_seq = std::max(talk.seen_seq, newest);
  }
  if (seen.sent_seq == 0) return;
  page.clear();
  status = node.reader().messages_after(seen.conversation, seen.sent_seq - 1, 1, page, more);
  if (!status.ok()) violated("reader", status.message());
  if (page.size() != 1 || page[0].seq != seen.sent_seq || page[0].request_id != seen.sent) {
    violated("P6 session", who + " does not find its own message");
  }
}

}  // namespace starling::sim
