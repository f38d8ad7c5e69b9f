// What the commands of a scenario do that are about clients and members.
#include "tests/lib/sim_client.h"
#include "tests/lib/sim_members.h"
#include "tests/sim/scenario_runner.h"

namespace starling::sim {

namespace {
void need(const Words& words, std::size_t least) {
  if (words.size() < least) throw ScenarioError("'" + words[0] + "' needs more words");
}
}  // namespace

void ScenarioRunner::read(const Words& words) {
  need(words, 2);
  read_ = "pending";
  const core::TimeUs max_age_us = words.size() > 2 ? scenario_duration_us(words[2]) : 0;
  node(words[1]).read_bounded(max_age_us,
                              [this](bool ok, core::Index) { read_ = ok ? "ok" : "failed"; });
}

void ScenarioRunner::clients(const Words&) {
  world().start_clients();
  for (auto& client : world().clients()) client->be_quiet();
}

SimClient& ScenarioRunner::client_of(const std::string& word) {
  const std::uint64_t number = scenario_number(word);
  if (number == 0 || number > world().clients().size()) {
    throw ScenarioError("there is no client " + word);
  }
  return *world().clients()[number - 1];
}

void ScenarioRunner::client(const Words& words) {
  need(words, 3);
  SimClient& one = client_of(words[1]);
  if (words[2] == "crash") {
    one.crash();
  } else if (words[2] == "account") {
    one.create_extra();
  } else if (words[2] == "login" || words[2] == "logout" || words[2] == "delete") {
    if (!one.step_extra(words[2])) throw ScenarioError("client " + words[1] + " cannot now");
  } else {
    throw ScenarioError("client 1 crash|account|login|logout|delete");
  }
}

void ScenarioRunner::copy(const Words& words) {
  need(words, 4);
  const bool of_send = words[2] == "send";
  if (!of_send && words[2] != "open") throw ScenarioError("copy 1 open|send n2");
  copy_ = "pending";
  const bool there =
      client_of(words[1]).send_copy(of_send, node(words[3]).number(), [this](const WriteReply& r) {
        copy_ = !r.answered                                     ? "unanswered"
                : r.outcome.code == chat::Code::kRequestExpired ? "expired"
                : r.outcome.code != chat::Code::kOk             ? "refused"
                : r.outcome.replayed                            ? "replayed"
                                                                : "run";
      });
  if (!there) throw ScenarioError("client " + words[1] + " has no such answer yet");
}

void ScenarioRunner::send(const Words& words) {
  need(words, 3);
  if (!client_of(words[1]).send_burst(static_cast<int>(scenario_number(words[2])))) {
    throw ScenarioError("client " + words[1] + " has no conversation");
  }
}

void ScenarioRunner::change(const Words& words) {
  need(words, 4);
  SimNode& leader = node(words[1]);
  const SimNode& subject = node(words[3]);
  core::ChangeMembership input{1ULL << 50, core::MembershipOp::kAddLearner, subject.id(), ""};
  if (words[2] == "add") {
    input.address = subject.address();
  } else if (words[2] == "promote") {
    input.op = core::MembershipOp::kPromote;
  } else if (words[2] == "remove") {
    input.op = core::MembershipOp::kRemove;
  } else {
    throw ScenarioError("change n1 add|promote|remove n4");
  }
  leader.on_change_outcome = [this](const core::ProposalOutcome& outcome) {
    refusal_ = outcome.refusal;
  };
  leader.input(input);
}

void ScenarioRunner::compact(const Words& words) {
  need(words, 2);
  node(words[1]).compact_now(words.size() > 2 ? scenario_number(words[2]) : 0);
}
void ScenarioRunner::join(const Words& words) {
  need(words, 2);
  world().membership().join(node(words[1]).number());
}
void ScenarioRunner::leave(const Words& words) {
  need(words, 2);
  world().membership().leave(node(words[1]).number());
}
void ScenarioRunner::remove(const Words& words) {
  need(words, 2);
  world().membership().remove(node(words[1]).number());
}
void ScenarioRunner::rejoin(const Words& words) {
  need(words, 3);
  world().membership().cycle(node(words[1]).number(), static_cast<int>(scenario_number(words[2])));
}
void ScenarioRunner::wipe(const Words& words) {
  need(words, 2);
  world().wipe(node(words[1]).number());
}
void ScenarioRunner::replace(const Words& words) {
  need(words, 2);
  const int number = node(words[1]).number();
  const core::NodeId former = world().former_id(number);
  if (former == core::kNoNode) throw ScenarioError(words[1] + " was not wiped");
  world().membership().replace(number, former);
}
void ScenarioRunner::install(const Words& words) {
  need(words, 3);
  world().membership().install(node(words[1]), node(words[2]));
}
void ScenarioRunner::transfer(const Words& words) {
  need(words, 2);
  node(words[1]).input(core::Transfer{words.size() > 2 ? node(words[2]).id() : core::kNoNode});
}

}  // namespace starling::sim
