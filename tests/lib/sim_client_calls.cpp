// What a model client does with its time.
#include <utility>

#include "tests/lib/sim_client.h"
#include "tests/lib/sim_world.h"

namespace starling::sim {

chat::RequestKey SimClient::new_key() {
  chat::RequestKey key;
  for (auto& byte : key.id) byte = static_cast<std::uint8_t>(world_.random.next());
  key.as_of_ms = heard_ms_;
  key.fingerprint = world_.random.next();
  return key;
}

void SimClient::create_account() {
  account_name_ = "c" + std::to_string(number_) + "." + std::to_string(ops_.size());
  chat::CreateAccount body{new_key(), account_name_, "Client", "hash"};
  const chat::RequestId id = body.key.id;
  Op& op = call(Op::Kind::kCreate, std::move(body));
  op.id = id;
  attempt(op);
}

void SimClient::log_in() {
  chat::LogIn body;
  body.account = account_;
  body.device = "simulated";
  attempt(call(Op::Kind::kLogIn, std::move(body)));
}

void SimClient::open_next() {
  const auto& clients = world_.clients();
  if (next_peer_ > static_cast<int>(clients.size())) return;
  if (next_peer_ == number_) ++next_peer_;
  if (next_peer_ > static_cast<int>(clients.size())) return;
  const chat::AccountId peer = clients[static_cast<std::size_t>(next_peer_ - 1)]->account();
  if (peer == 0) return;
  ++next_peer_;
  chat::OpenDirect body{new_key(), {account_, session_}, peer};
  const chat::RequestId id = body.key.id;
  Op& op = call(Op::Kind::kOpen, std::move(body));
  op.id = id;
  attempt(op);
}

void SimClient::send(Talk& talk) {
  chat::Send body;
  body.key = new_key();
  body.actor = {account_, session_};
  body.conversation = talk.id;
  body.body = "c" + std::to_string(number_) + " #" + std::to_string(talk.calls + 1) + " " +
              kSearchWords[talk.calls % kSearchWords.size()];
  if (world_.random.per_mille(50)) body.body.append(world_.random.below(3'000), 'x');
  if (!talk.sends.empty() && talk.sends.front()->outcome.seq != 0 && world_.random.per_mille(100)) {
    body.reply_to = talk.sends.front()->outcome.seq;
    body.body += " @" + world_.random.one_of(world_.clients())->account_name();
  }
  // R4.3: the latest predecessor that is still unanswered.
  for (auto earlier = talk.sends.rbegin(); earlier != talk.sends.rend(); ++earlier) {
    if ((*earlier)->answered) continue;
    body.after = (*earlier)->id;
    break;
  }
  world_.invariants.called(body.key.id, {number_, ++talk.calls});
  const chat::RequestId id = body.key.id;
  Op& op = call(Op::Kind::kSend, std::move(body));
  op.id = id;
  op.conversation = talk.id;
  talk.sends.push_back(&op);
  attempt(op);
}

bool SimClient::send_burst(int count) {
  if (talks_.empty()) return false;
  for (int i = 0; i < count; ++i) send(talks_.front());
  return true;
}

void SimClient::delete_some(Talk& talk) {
  if (talk.sends.empty()) return;
  const Op* victim = world_.random.one_of(talk.sends);
  if (!victim->answered || victim->outcome.seq == 0) return;
  chat::DeleteMessages body{new_key(), {account_, session_}, talk.id, {victim->outcome.seq}};
  const chat::RequestId id = body.key.id;
  Op& op = call(Op::Kind::kDelete, std::move(body));
  op.id = id;
  attempt(op);
}

// The oldest unanswered send of its conversation. Only that one may be cancelled: voiding a later
// one would cut the chain between what went before and what comes after it.
bool SimClient::is_next(const Op& op) const {
  for (const Talk& talk : talks_) {
    if (talk.id != op.conversation) continue;
    for (const Op* earlier : talk.sends) {
      if (!earlier->answered) return earlier == &op;
    }
  }
  return false;
}

// Settles the ambiguity of a send that nobody answers.
void SimClient::cancel(Op& target) {
  chat::Void body;
  body.actor = {account_, session_};
  body.target = target.id;
  Op& op = call(Op::Kind::kVoid, std::move(body));
  op.target = &target;
  target.voiding = &op;
  target.void_asked = true;
  attempt(op);
}

// A copy of some earlier request turns up late at some server.
void SimClient::stray_copy() {
  if (ops_.empty()) return;
  const Op& op = *world_.random.one_of(ops_);
  if (std::get_if<chat::LogIn>(&op.command) != nullptr) return;
  transmit(op, 1 + static_cast<int>(world_.random.below(world_.node_count())), true);
}

bool SimClient::send_copy(bool of_send, int server, std::function<void(const WriteReply&)> told) {
  const Op::Kind kind = of_send ? Op::Kind::kSend : Op::Kind::kOpen;
  for (const auto& op : ops_) {
    if (op->kind != kind || !op->answered) continue;
    world_.node(server).write(chat::encode(op->command),
                              [this, &copied = *op, told](const WriteReply& reply) {
                                if (reply.answered) settle(copied, reply);
                                told(reply);
                              });
    return true;
  }
  return false;
}

void SimClient::bother(SimNode& node) {
  if (down_ || ops_.empty()) return;
  const Op& op = *world_.random.one_of(ops_);
  if (std::get_if<chat::LogIn>(&op.command) == nullptr) transmit(op, node.number(), true);
  const Seen seen = seen_so_far();
  node.read([this, &node, seen, life = life_](bool ok, core::Index index) {
    if (ok && life == life_) check_session(node, seen, index);
  });
}

void SimClient::call_last() {
  calling_ = false;
  if (session_ == 0) return;
  chat::CreateAccount body{new_key(), "last" + std::to_string(number_), "Last", "hash"};
  const chat::RequestId id = body.key.id;
  Op& op = call(Op::Kind::kExtra, std::move(body));
  op.id = id;
  attempt(op);
}

void SimClient::think() {
  world_.scheduler.after(world_.random.range(1'000, 2 * world_.settings.think_us), [this] {
    if (!calling_) return;
    if (!down_) act();
    think();
  });
}

void SimClient::act() {
  Random& random = world_.random;
  if (quiet_) {
    if (session_ != 0) open_next();
    return;
  }
  if (random.per_mille(80)) stray_copy();
  if (random.per_mille(300)) read();
  if (world_.settings.searching && random.per_mille(60)) search();
  if (session_ == 0 || unanswered_ >= world_.settings.pipeline) return;
  if (next_peer_ <= static_cast<int>(world_.clients().size()) && random.per_mille(400)) {
    return open_next();
  }
  if (random.per_mille(60)) return create_extra();
  if (random.per_mille(200)) return chat_some();
  if (random.per_mille(80)) return use_extra();
  if (talks_.empty()) return;
  Talk& talk = talks_[random.below(talks_.size())];
  // Where it is not in any more it tries again now and then.
  const bool out = !talk.sends.empty() && talk.sends.back()->answered &&
                   talk.sends.back()->outcome.code == chat::Code::kNotFound;
  if (out && !random.per_mille(250)) return;
  if (random.per_mille(70)) return delete_some(talk);
  if (talk.calls > 0 && random.per_mille(70)) {
    chat::MarkRead body{
        {account_, session_}, talk.id, static_cast<chat::Seq>(1 + random.below(talk.calls))};
    return attempt(call(Op::Kind::kMark, std::move(body)));
  }
  const std::uint64_t burst = 1 + random.below(4);
  for (std::uint64_t i = 0; i < burst && unanswered_ < world_.settings.pipeline; ++i) send(talk);
}

}  // namespace starling::sim
