// The process of a model client: what its crash takes, what its outbox and its other files keep,
// and what the next process makes of it.
#include "tests/lib/sim_client.h"
#include "tests/lib/sim_world.h"

namespace starling::sim {

namespace {
// What the servers said so shortly before a crash may not be in the outbox yet.
constexpr core::TimeUs kUnwrittenUs = 150'000;
}  // namespace

void SimClient::crash() {
  if (down_) return;
  Random& random = world_.random;
  world_.note("client crash", {static_cast<std::uint64_t>(number_), life_});
  down_ = true;
  ++life_;
  for (auto& op : ops_) forget(*op);
  extras_.clear();
  leader_ = core::kNoNode;
  // Some keep their token and what their session had seen, some begin anew.
  session_floor_ = ops_.size();
  if (random.per_mille(500)) session_ = 0;
  if (random.per_mille(500)) {
    seen_index_ = 0;
    for (Talk& talk : talks_) talk.seen_seq = 0;
  }
  // An application keeps its cursor together with what it did about the events before it.
  cursor_ = saved_cursor_;
  seen_.resize(saved_seen_);
  world_.scheduler.after(random.range(1'000, 1'500'000), [this] { come_back(); });
}

// What of it is lost: sends are in the outbox before they are offered, the rest was in memory only.
void SimClient::forget(Op& op) {
  ++op.attempts;  // Its timers are void.
  op.out_of_order = false;
  if (op.kind != Op::Kind::kSend) {
    if (op.answered) return;
    op.answered = true;
    op.abandoned = true;
    --unanswered_;
    if (op.kind == Op::Kind::kOpen) next_peer_ = 1;  // It will ask for all of them again.
    if (op.kind == Op::Kind::kVoid) op.target->voiding = nullptr;
    return;
  }
  const bool unwritten = op.answered && !op.voided && op.outcome.code == chat::Code::kOk &&
                         world_.now_us() - op.answered_us < kUnwrittenUs;
  if (!unwritten || !world_.random.per_mille(500)) return;
  op.answered = false;
  ++unanswered_;
}

void SimClient::come_back() {
  down_ = false;
  world_.note("client back", {static_cast<std::uint64_t>(number_), life_});
  // `ops_` grows meanwhile.
  const std::size_t before = ops_.size();
  if (account_ == 0) {
    create_account();
  } else if (session_ == 0) {
    log_in();
  }
  // In the order of the file.
  for (std::size_t i = 0; i < before; ++i) {
    if (!ops_[i]->answered) offer_again(*ops_[i]);
  }
}

void SimClient::offer_again(Op& op) {
  const bool cancelling = op.void_asked && op.voiding == nullptr && session_ != 0;
  if (cancelling && is_next(op) && world_.random.per_mille(500)) cancel(op);
  attempt(op);
}

}  // namespace starling::sim
