// The comparison of a seen history with the book of sends; see ledger.h.
#include "clusterctl/ledger.h"

#include <algorithm>
#include <unordered_set>

namespace starling::ctl {
namespace {

constexpr std::size_t kMaxExamples = 8;

void note(Verdict& verdict, std::size_t& counter, const std::string& what) {
  ++counter;
  if (verdict.examples.size() < kMaxExamples) verdict.examples.push_back(what);
}

std::string quoted(const Observed& message) {
  return "\"" + message.body.substr(0, 40) + "\" (seq " + std::to_string(message.seq) + ")";
}

}  // namespace

// What is carried along one history.
struct Ledger::Checking {
  Verdict verdict;
  std::unordered_set<std::string> seen;  // Bodies.
  std::unordered_set<std::int64_t> seqs;
  std::unordered_map<std::string, std::size_t> last_number;  // Of each sender.
  std::int64_t last_seq = 0;
  std::int64_t highest_seq = 0;
};

void Ledger::sent(const std::string& sender, const std::string& body) {
  const std::lock_guard lock(mutex_);
  Send send;
  send.sender = sender;
  send.number = ++counts_[sender];
  if (sends_.emplace(body, send).second) order_.push_back(body);
}

void Ledger::acknowledged(const std::string& body, std::int64_t seq, std::int64_t id) {
  const std::lock_guard lock(mutex_);
  const auto found = sends_.find(body);
  if (found == sends_.end()) return;
  if (found->second.fate != Fate::kAcknowledged) ++acknowledged_;
  found->second.fate = Fate::kAcknowledged;
  found->second.seq = seq;
  found->second.id = id;
}

void Ledger::refused(const std::string& body) {
  const std::lock_guard lock(mutex_);
  const auto found = sends_.find(body);
  if (found != sends_.end()) found->second.fate = Fate::kRefused;
}

std::size_t Ledger::sent_count() const {
  const std::lock_guard lock(mutex_);
  return sends_.size();
}

std::size_t Ledger::acknowledged_count() const {
  const std::lock_guard lock(mutex_);
  return acknowledged_;
}

Verdict Ledger::check(const std::vector<Observed>& history) const {
  const std::lock_guard lock(mutex_);
  Checking checking;
  checking.verdict.messages = history.size();
  for (const auto& message : history) check_one(message, checking);
  check_missing(checking);
  return std::move(checking.verdict);
}

void Ledger::check_one(const Observed& message, Checking& checking) const {
  Verdict& verdict = checking.verdict;
  const auto found = sends_.find(message.body);
  if (found == sends_.end()) {
    note(verdict, verdict.invented, "never sent: " + quoted(message));
  } else if (found->second.sender != message.sender) {
    note(verdict, verdict.invented,
         "sent by " + found->second.sender + " and shown as " + message.sender +
             "'s: " + quoted(message));
  } else if (found->second.fate == Fate::kRefused) {
    note(verdict, verdict.invented, "refused for good, yet there: " + quoted(message));
  }
  checking.highest_seq = std::max(checking.highest_seq, message.seq);
  const bool new_seq = checking.seqs.insert(message.seq).second;
  const bool new_body = checking.seen.insert(message.body).second;
  if (!new_body || !new_seq) {
    note(verdict, verdict.doubled, "again: " + quoted(message));
    return;  // Its place has been looked at the first time.
  }
  std::string wrong;
  if (message.seq < checking.last_seq) wrong = "after a higher sequence number";
  checking.last_seq = std::max(checking.last_seq, message.seq);
  if (found != sends_.end()) {
    const Send& send = found->second;
    auto& last = checking.last_number[send.sender];
    if (send.number < last) wrong = "after a later call of " + send.sender;
    last = std::max(last, send.number);
    if (send.fate == Fate::kAcknowledged && (send.seq != message.seq || send.id != message.id)) {
      wrong = "acknowledged as seq " + std::to_string(send.seq) + ", id " + std::to_string(send.id);
    }
  }
  if (!wrong.empty()) note(verdict, verdict.reordered, wrong + ": " + quoted(message));
}

void Ledger::check_missing(Checking& checking) const {
  Verdict& verdict = checking.verdict;
  std::unordered_set<std::int64_t> missing_seqs;
  for (const auto& body : order_) {
    const Send& send = sends_.at(body);
    if (send.fate != Fate::kAcknowledged || checking.seen.contains(body)) continue;
    missing_seqs.insert(send.seq);
    note(verdict, verdict.lost, "acknowledged and not there: " + quoted({send.seq, 0, "", body}));
  }
  // A gap is a message that was given a number and is not shown (P4: sequences are gapless).
  // A number far beyond all sends is one finding, not a million.
  const auto plausible = static_cast<std::int64_t>(sends_.size() + checking.seqs.size());
  for (std::int64_t seq = 1; seq < std::min(checking.highest_seq, plausible + 1); ++seq) {
    if (checking.seqs.contains(seq) || missing_seqs.contains(seq)) continue;
    note(verdict, verdict.lost, "a gap at seq " + std::to_string(seq));
  }
}

}  // namespace starling::ctl
