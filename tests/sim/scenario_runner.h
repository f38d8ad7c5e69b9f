// The interpreter of scenario files (scenario.h describes the language).
#pragma once

#include <memory>
#include <stdexcept>
#include <string>
#include <vector>

#include "tests/lib/sim_world.h"

namespace starling::sim {

using Words = std::vector<std::string>;

struct Line {
  int number = 0;
  Words words;
};

// The file is wrong, or something did not come as it says.
class ScenarioError : public std::runtime_error {
 public:
  using std::runtime_error::runtime_error;
};

class ScenarioRunner {
 public:
  explicit ScenarioRunner(bool trace);
  void run(const std::vector<Line>& lines, std::size_t from, std::size_t to);
  const std::string& must_fail() const { return must_fail_; }
  // 0 when nothing was built yet.
  std::uint64_t hash() const { return world_ ? world_->trace.hash() : 0; }

 private:
  using Command = void (ScenarioRunner::*)(const Words&);
  static Command find(const std::string& name);
  void one(const Line& line);

  // ---- Setting up
  void nodes(const Words& words);
  void seed(const Words& words);
  void option(const Words& words);
  void expect_failure(const Words& words);
  void log(const Words& words);
  void term(const Words& words);
  // ---- Moving
  void start(const Words& words);
  void crash(const Words& words);
  void power_loss(const Words& words);
  void restart(const Words& words);
  void pause(const Words& words);
  void resume(const Words& words);
  void advance(const Words& words);
  void timers(const Words& words);
  void clock(const Words& words);
  void clocks(const Words& words);
  void elect(const Words& words);
  void partition(const Words& words);
  void cut(const Words& words);
  void mend(const Words& words);
  void heal(const Words& words);
  void sever(const Words& words);
  void repair(const Words& words);
  void hold(const Words& words);
  void release(const Words& words);
  void drop(const Words& words);
  void disk(const Words& words);
  void propose(const Words& words);
  void read(const Words& words);
  void clients(const Words& words);
  void client(const Words& words);
  void copy(const Words& words);
  void send(const Words& words);
  void change(const Words& words);
  void compact(const Words& words);
  void join(const Words& words);
  void leave(const Words& words);
  void remove(const Words& words);
  void rejoin(const Words& words);
  void wipe(const Words& words);
  void replace(const Words& words);
  void install(const Words& words);
  void transfer(const Words& words);
  // ---- Asking
  void expect(const Words& words);
  void within(const Words& words);
  void remember(const Words& words);
  void rest(const Words& words);
  void examine(const Words& words);
  bool holds(const Words& condition);
  bool node_holds(const Words& condition);
  bool cluster_holds(const Words& condition);
  bool members_hold(const Words& condition);
  bool clients_hold(const Words& condition);
  bool client_holds(const Words& condition);
  SimClient& client_of(const std::string& word);
  std::string picture();
  core::Term highest_term();

  World& world();
  SimNode& node(const std::string& word);
  std::pair<int, int> arrow(const Words& words);

  const bool trace_;
  Settings settings_;
  std::unique_ptr<World> world_;
  bool started_ = false;
  std::string must_fail_;
  core::Refusal refusal_ = core::Refusal::kNone;
  std::string read_ = "none";
  std::string copy_ = "none";
  core::Term remembered_term_ = 0;
  core::Index remembered_commit_ = 0;
};

std::uint64_t scenario_number(const std::string& word);
core::TimeUs scenario_duration_us(const std::string& word);  // 300ms, 5s, 2us

}  // namespace starling::sim
